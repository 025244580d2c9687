"""What trained weights store is read by the spectral projector, not by the pseudoinverse of the memories alone.

The published code reads a state h with the pseudoinverse of the estimated memories. A trained network also has
transient directions, which are not orthogonal to the memories: with a memory e_1 and a transient direction (1, 1),
the pseudoinverse reads h = (1, 1) as 1 where nothing is stored. With the oblique projector P on the memories along the
transients, Ψ†P reads exactly what is stored.
"""

from emtheory.judges.exact import exactly, eye, hstack, left_inverse, matrix, vstack, zeros
from emtheory.theorems.cases import invertible_matrices, matrices, tasks
from emtheory.theorems.theorem import Erratum


def _state(memories, transients, stored, rest):
    return memories @ stored + transients @ rest


def printed(memories, transients, stored, rest):
    """Ψ⁺ h is what is stored, Ψ⁺ the pseudoinverse of the memories."""
    return exactly(left_inverse(memories) @ _state(memories, transients, stored, rest), stored)


def corrected(memories, transients, stored, rest):
    """Ψ†P h is what is stored, P the projector on the memories along the transient directions."""
    whole = hstack([memories, transients])
    size = memories.shape[1]
    keep = vstack([hstack([eye(size), zeros(size, transients.shape[1])]), zeros(transients.shape[1], whole.shape[1])])
    projector = whole @ keep @ whole.inv()
    return exactly(left_inverse(memories) @ projector @ _state(memories, transients, stored, rest), stored)


def networks(task):
    """An invertible matrix split into memories and transient directions, and a state."""
    size, kept = task.s + task.kappa, task.s
    return invertible_matrices(size).flatmap(
        lambda whole: matrices(size, 1).map(lambda x: (whole[:, :kept], whole[:, kept:], x[:kept, :], x[kept:, :]))
    )


E1, DIAGONAL, ONE, NONE = matrix([[1], [0]]), matrix([[1], [1]]), matrix([[1]]), matrix([[0]])
ERRATUM = Erratum(
    number=12,
    printed="(code) the dual is the pseudoinverse of the estimated basis of trained weights",
    why="it picks up transient directions: memory e_1, transient (1, 1), nothing stored, and it reads 1",
    corrected="Ψ†P, P the spectral projector on the persistent subspace",
    claim=printed,
    counterexample=(E1, DIAGONAL, NONE, ONE),
    correction=corrected,
    examples={
        "nothing stored, a transient under way": (E1, DIAGONAL, NONE, ONE),
        "a stored number beside it": (E1, DIAGONAL, matrix([[3]]), matrix([[5]])),
    },
    cases=tasks(max_s=5, max_kappa=5).flatmap(networks),
    source="the code published with Karuvally, DelMastro, Siegelmann, arXiv:2310.02430",
)
