"""Compose copy looks back s + 1 - i steps for component i, not s + 2 - i.

The printed task x(t) = Σ_i ⟨e^i, x(t-s-2+i)⟩ e_i reaches back s + 1 steps for i = 1, to a value that no variable
memory holds any more: with s = 1 the first output would be x(0). With t-s-1+i each component is a stored one.
"""

from emtheory.judges.exact import exactly, hstack, matrix, vstack
from emtheory.theorems.cases import input_sequences, selections
from emtheory.theorems.theorem import Erratum
from emtheory.theory.circuits import companion
from emtheory.theory.tasks import Task


def _recursion(inputs, offset):
    """x(1 … 3s) with x_i(t) = x_i(t - s - offset + i) for t > s, and nothing before the first input."""
    size = inputs.shape[1]
    columns = [inputs[:, i : i + 1] for i in range(size)]
    for time in range(size + 1, 3 * size + 1):
        looked_up = [time - size - offset + i for i in range(1, size + 1)]
        columns.append(matrix([[columns[at - 1][i, 0] if at >= 1 else 0] for i, at in enumerate(looked_up)]))
    return hstack(columns)


def _circuit_outputs(inputs):
    """What the circuit of compose copy puts out when it holds the inputs, t = s + 1 … 3s."""
    size = inputs.shape[1]
    state = vstack(inputs[:, i : i + 1] for i in range(size))
    outputs = []
    for _ in range(2 * size):
        state = companion(Task.compose_copy(size)) @ state
        outputs.append(state[-size:, :])
    return hstack(outputs)


def printed(inputs):
    """x(t) = Σ_i ⟨e^i, x(t-s-2+i)⟩ e_i is what the circuit computes from its s variables."""
    return exactly(_recursion(inputs, 2)[:, inputs.shape[1] :], _circuit_outputs(inputs))


def corrected(inputs):
    """x(t) = Σ_i ⟨e^i, x(t-s-1+i)⟩ e_i is what the circuit computes from its s variables."""
    return exactly(_recursion(inputs, 1)[:, inputs.shape[1] :], _circuit_outputs(inputs))


def square_inputs(task):
    """Inputs of compose copy with the number of variables of a task."""
    return input_sequences(Task.compose_copy(task.s)).map(lambda inputs: (inputs,))


ERRATUM = Erratum(
    number=1,
    printed="compose copy is x(t) = Σ_i ⟨e^i, x(t-s-2+i)⟩ e_i",
    why="for i = 1 it reaches back s + 1 steps, and only s variables are stored; s = 1 asks for x(0)",
    corrected="x(t) = Σ_i ⟨e^i, x(t-s-1+i)⟩ e_i",
    claim=printed,
    counterexample=(matrix([[1]]),),
    correction=corrected,
    examples={"two variables": (matrix([[1, 2], [3, 4]]),), "one input": (matrix([[5]]),)},
    cases=selections(max_s=6, max_kappa=1).flatmap(square_inputs),
    theorem="loaded-composition",
    source="Karuvally, DelMastro, Siegelmann, arXiv:2310.02430, the definition of compose copy",
)
