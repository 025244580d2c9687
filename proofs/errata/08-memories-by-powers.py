"""Variable memories are deflated powers of the weights, not plain ones.

The printed algorithm takes Psi_k = W^(s-k) U. That holds only where C_2 = … = C_s = 0: in the smallest other circuit,
x(t) = x(t-1), W U is Psi_1 + Psi_2. With A = (I - U R) W the powers A^(s-k) U are the memories of every circuit.
"""

from emtheory.judges.exact import exactly, eye, left_inverse, matrix
from emtheory.theorems.cases import circuits
from emtheory.theorems.theorem import Erratum
from emtheory.theory.circuits import Circuit
from emtheory.theory.memories import MemoryBasis
from emtheory.theory.tasks import Task


def _memories(operator, write, number):
    found = [write]
    for _ in range(number - 1):
        found.append(operator @ found[-1])
    return found


def _compared(task, basis, operator):
    circuit = Circuit(task, basis)
    expected = [circuit.Psi(i) for i in range(task.s, 0, -1)]
    return exactly(_memories(operator(circuit), circuit.U, task.s), expected)


def printed(task, basis):
    """Psi_k = W^(s-k) U for k = 1 … s."""
    return _compared(task, basis, lambda circuit: circuit.W)


def corrected(task, basis):
    """Psi_k = ((I - U R) W)^(s-k) U for k = 1 … s."""
    return _compared(task, basis, lambda circuit: (eye(basis.n) - circuit.U @ circuit.R) @ circuit.W)


def parts(circuit):
    """The task and the basis of a circuit."""
    return circuit.task, circuit.basis


LATE, STANDARD = Task.from_blocks([matrix([[0]]), matrix([[1]])]), MemoryBasis(eye(2), eye(2))
XI = matrix([[1, 1], [0, 1], [1, 0]])
ERRATUM = Erratum(
    number=8,
    printed="the variable memories are Psi_k = W^(s-k) U",
    why="each step of W also adds Psi_s C_k: for x(t) = x(t-1), W U = Psi_1 + Psi_2",
    corrected="Psi_k = ((I - U R) W)^(s-k) U",
    claim=printed,
    counterexample=(LATE, STANDARD),
    correction=corrected,
    examples={
        "the same circuit": (LATE, STANDARD),
        "in three neurons": (LATE, MemoryBasis(XI, left_inverse(XI))),
        "compose copy": (Task.compose_copy(2), MemoryBasis(eye(4), eye(4))),
    },
    cases=circuits(max_n=20).map(parts),
    theorem="deflated-krylov",
    source="Karuvally, DelMastro, Siegelmann, arXiv:2310.02430, the algorithm that finds variable memories",
)
