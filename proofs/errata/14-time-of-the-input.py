"""An input enters with the state that it changes: h(t) = W h(t-1) + U u(t), not h(t+1) = W h(t) + U u(t).

The notes print h(t+1) = … + W_uh u(t) beside h(1) = ψ u(1). From h(0) = 0 the first gives h(1) = U u(0) = 0, as there
is no input at t = 0, and the second gives h(1) = Psi_s u(1): they contradict each other.
"""

from emtheory.judges.exact import exactly, eye, matrix, zeros
from emtheory.theorems.cases import circuits, input_sequences
from emtheory.theorems.theorem import Erratum
from emtheory.theory.circuits import Circuit
from emtheory.theory.memories import MemoryBasis
from emtheory.theory.tasks import Task


def _first_state(task, basis, inputs, delay):
    """h(1) from h(0) = 0 when the input of time 1 - delay enters; there is none before time 1."""
    write = Circuit(task, basis).U
    entering = inputs[:, :1] if delay == 0 else zeros(task.kappa, 1)
    return write @ entering


def printed(task, basis, inputs):
    """h(t+1) = W h(t) + U u(t) from h(0) = 0 has h(1) = Psi_s u(1)."""
    return exactly(_first_state(task, basis, inputs, 1), Circuit(task, basis).Psi(task.s) @ inputs[:, :1])


def corrected(task, basis, inputs):
    """h(t) = W h(t-1) + U u(t) from h(0) = 0 has h(1) = Psi_s u(1)."""
    return exactly(_first_state(task, basis, inputs, 0), Circuit(task, basis).Psi(task.s) @ inputs[:, :1])


def with_inputs(circuit):
    """A circuit's task and basis, with inputs."""
    return input_sequences(circuit.task).map(lambda inputs: (circuit.task, circuit.basis, inputs))


TINY = (Task.repeat_copy(1, 1), MemoryBasis(eye(1), eye(1)), matrix([[1]]))
ERRATUM = Erratum(
    number=14,
    printed="h(t+1) = W h(t) + W_uh u(t), beside h(1) = ψ u(1)",
    why="from h(0) = 0 the first has h(1) = 0, as no input comes before t = 1",
    corrected="h(t) = W h(t-1) + U u(t)",
    claim=printed,
    counterexample=TINY,
    correction=corrected,
    examples={"one number": TINY, "two": (Task.repeat_copy(2, 1), MemoryBasis(eye(2), eye(2)), matrix([[3, 4]]))},
    cases=circuits(max_n=12).flatmap(with_inputs),
    source="the notes to Karuvally, DelMastro, Siegelmann, arXiv:2310.02430",
)
