"""In repeat copy, u_i(μ) is in memory ((μ-t-1) mod s) κ + i at time s + t, not κ places further on.

The printed state h(s+t) = Σ_μ u^i(μ) ψ_(((μ-t-1 mod s)+1) κ + i) contradicts its own t = 0, where input μ was written
into memory (μ-1) κ + i, and it names memories beyond the last one.
"""

from emtheory.judges.exact import exactly, eye, matrix
from emtheory.networks.elman import linear_run
from emtheory.theorems.cases import horizons, input_sequences, selections
from emtheory.theorems.theorem import Erratum
from emtheory.theory.circuits import Circuit
from emtheory.theory.memories import MemoryBasis
from emtheory.theory.tasks import Task


def _places(inputs, time, shift):
    """The state that puts u_i(μ) into memory (((μ-t-1) mod s) + shift) κ + i, as many memories as are named."""
    width, size = inputs.shape
    named = {}
    for mu in range(1, size + 1):
        for i in range(1, width + 1):
            named[((mu - time - 1) % size + shift) * width + i] = inputs[i - 1, mu - 1]
    return [named.get(place, 0) for place in range(1, max(width * size, *named) + 1)]


def _state(inputs, time):
    """h(s+t) of repeat copy in the standard basis, written one input a step."""
    width, size = inputs.shape
    m = width * size
    circuit = Circuit(Task.repeat_copy(size, width), MemoryBasis(eye(m), eye(m)))
    run = linear_run(circuit.W, circuit.U, circuit.R, inputs, size + time)
    return [row[-1] for row in run.states]


def printed(inputs, time):
    """h(s+t) = Σ_μ u^i(μ) ψ_(((μ-t-1 mod s)+1) κ + i)."""
    return exactly(_places(inputs, time, 1), _state(inputs, time))


def corrected(inputs, time):
    """h(s+t) = Σ_μ u^i(μ) ψ_(((μ-t-1) mod s) κ + i)."""
    return exactly(_places(inputs, time, 0), _state(inputs, time))


def later(task):
    """Inputs of repeat copy of the sizes of a task, and a time after they were written."""
    copy = Task.repeat_copy(task.s, task.kappa)
    return input_sequences(copy).flatmap(lambda inputs: horizons(copy).map(lambda time: (inputs, time - 1)))


ERRATUM = Erratum(
    number=2,
    printed="h(s+t) = Σ_μ u^i(μ) ψ_(((μ-t-1 mod s)+1) κ + i)",
    why="at t = 0 it is off by κ: input μ was written into memory (μ-1) κ + i",
    corrected="h(s+t) = Σ_μ u^i(μ) ψ_(((μ-t-1) mod s) κ + i)",
    claim=printed,
    counterexample=(matrix([[1]]), 0),
    correction=corrected,
    examples={"just written": (matrix([[1, 2]]), 0), "two steps later": (matrix([[1, 2, 3], [4, 5, 6]]), 2)},
    cases=selections(max_m=16).flatmap(later),
    theorem="repeat-copy-retrieval",
    source="Karuvally, DelMastro, Siegelmann, arXiv:2310.02430, the hidden state of repeat copy",
)
