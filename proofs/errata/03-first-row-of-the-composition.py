"""The composition of the circuit starts in row (N-1) κ + 1 of Φ, not in row (N-1) κ.

Φ has N κ rows: the first (N-1) κ shift, the last κ compose. A composition sum that starts at μ = (N-1) κ has κ + 1
rows and overlaps the shift.
"""

from emtheory.judges.exact import exactly, matrix, zeros
from emtheory.theorems.cases import tasks
from emtheory.theorems.theorem import Erratum
from emtheory.theory.circuits import companion
from emtheory.theory.tasks import Task


def _rows_once(task, first):
    """Shift rows 1 … (N-1) κ and composition rows first … N κ cover every row of Φ once, and are those of Φ_C."""
    shift = list(range(1, (task.s - 1) * task.kappa + 1))
    composition = list(range(first, task.s * task.kappa + 1))
    built = [[int(column == row + task.kappa) for column in range(1, task.s * task.kappa + 1)] for row in shift]
    built += [[x for block in task.blocks for x in list(block)[row - first]] for row in composition[: task.kappa]]
    everything = list(range(1, task.s * task.kappa + 1))
    return exactly([shift + composition, matrix(built)], [everything, companion(task)])


def printed(task):
    """The composition of Φ takes the rows μ = (N-1) κ … N κ."""
    return _rows_once(task, (task.s - 1) * task.kappa)


def corrected(task):
    """The composition of Φ takes the rows μ = (N-1) κ + 1 … N κ."""
    return _rows_once(task, (task.s - 1) * task.kappa + 1)


def alone(task):
    """The task as a case."""
    return (task,)


ERRATUM = Erratum(
    number=3,
    printed="the composition sum of Φ starts at μ = (N-1) κ",
    why="it has κ + 1 rows, one more than there are outputs, and overlaps the shift (for N = 1 it starts in row 0)",
    corrected="it starts at μ = (N-1) κ + 1",
    claim=printed,
    counterexample=(Task.repeat_copy(1, 1),),
    correction=corrected,
    examples={"compose copy of two": (Task.compose_copy(2),), "three numbers": (Task.from_blocks([zeros(1, 1)] * 3),)},
    cases=tasks(max_m=16).map(alone),
    theorem="companion-spectrum",
    source="Karuvally, DelMastro, Siegelmann, arXiv:2310.02430, the definition of the circuit",
)
