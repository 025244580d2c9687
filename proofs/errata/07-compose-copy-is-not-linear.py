"""The circuit with U = Ψ_s does not solve compose copy: inputs interfere while they are written.

A variable that C_2 … C_s act on is composed before all inputs are in. With s = 2 and all inputs (1, 1) the circuit
puts out (1, 2) where the task has (1, 1); for s variables the last component ends s - 1 too high. The circuit solves
a task for all inputs iff C_j C_k = 0 for all j and k ≥ 2; repeat copy is one, compose copy is none for s ≥ 2.
"""

from emtheory.judges.exact import exactly, matrix
from emtheory.theorems.cases import tasks
from emtheory.theorems.theorem import Erratum
from emtheory.theory.circuits import ring_buffer
from emtheory.theory.tasks import Task
from emtheory.verdict import all_of, equivalent


def _same_outputs(task, inputs):
    """The serially written circuit puts out x(t) for s < t ≤ 3s."""
    horizon = 3 * task.s
    return exactly(ring_buffer(task, inputs, horizon)[:, task.s :], task.outputs(inputs, horizon)[:, task.s :])


def printed(task):
    """Written one input a step with U = Ψ_s, the circuit solves its task for all inputs, here u(t) = (1, …, 1)."""
    return _same_outputs(task, matrix([[1] * task.s] * task.kappa))


def corrected(task):
    """It solves the task for all inputs iff C_j C_k = 0 for j = 1 … s and k = 2 … s."""
    width, size = task.kappa, task.s
    units = [
        matrix([[int((row, column) == (i, time)) for column in range(size)] for row in range(width)])
        for i in range(width)
        for time in range(size)
    ]
    vanishing = all((b @ c).is_zero() for b in task.blocks for c in task.blocks[1:])
    return equivalent(all_of(_same_outputs(task, inputs) for inputs in units), exactly(vanishing, True))


def alone(task):
    """The task as a case."""
    return (task,)


ERRATUM = Erratum(
    number=7,
    printed="the circuit with U = Ψ_s solves compose copy",
    why="C_2 already acts while inputs are being written: s = 2, all inputs (1, 1), puts out (1, 2)",
    corrected="it solves a task iff C_j C_k = 0 for all j and k ≥ 2; no linear network solves compose copy, s ≥ 2",
    claim=printed,
    counterexample=(Task.compose_copy(2),),
    correction=corrected,
    examples={"compose copy fails": (Task.compose_copy(3),), "repeat copy succeeds": (Task.repeat_copy(2, 2),)},
    cases=tasks(max_m=12).map(alone),
    theorem="lti-impossibility",
    source="Karuvally, DelMastro, Siegelmann, arXiv:2310.02430, the circuit of compose copy",
)
