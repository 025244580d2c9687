"""Equal eigenvalues do not show that a network has learned its task.

Replacing every C_k by T⁻¹ C_k T, T any change of the components, keeps the whole spectrum of the circuit: Phi of the
new task is similar to the old one by the block-diagonal matrix of T. But the outputs are other ones unless T commutes
with every C_k. And equal characteristic polynomials do not even make circuits similar: [[1, 1], [0, 1]] and I. What
does show the task are the weights W, U, R together.
Idea: E_kᵀ and C_k pass through the block diagonal one by one.
"""

from sympy import Symbol

from emtheory.judges.exact import charpoly, direct_sum, exactly, eye, matrix, minpoly
from emtheory.judges.floats import chain, close
from emtheory.judges.symbolic import (
    definition,
    hypothesis,
    identical,
    identity,
    letter,
    total,
)
from emtheory.theorems.cases import invertible_matrices, tasks
from emtheory.theorems.theorem import Theorem
from emtheory.theory.algebra import COMPANION, SELECT, C, E, Phi, j, k, kappa, m, s, task_meaning
from emtheory.theory.circuits import companion
from emtheory.theory.tasks import Task
from emtheory.verdict import equivalent

x = Symbol("x")
T, back = letter("T", kappa, kappa), letter("T⁻¹", kappa, kappa)
B, other = letter("B", m, m), letter("Phi'", m, m)


def inverse_given(task, change, inverse):
    """T⁻¹ is the inverse of T."""
    return exactly([change @ inverse, inverse @ change], [eye(task.kappa)] * 2)


def derivation():
    gauge = definition(B, total(E(k) @ T @ E(k).T, (k, 1, s)))
    shift = total(E(j) @ E(j + 1).T, (j, 1, s - 1))
    changed = definition(other, shift + total(E(s) @ (back @ C(k) @ T) @ E(k).T, (k, 1, s)))
    undone = hypothesis(inverse_given, T @ back, identity(kappa))
    similar = identical(B @ other, Phi @ B, [gauge, changed, COMPANION, SELECT, undone])
    yield "the circuits of C and T⁻¹ C T are similar: B Phi' = Phi B with B the block diagonal of T", similar


def meaning(task, change, inverse):
    return {
        **task_meaning(task),
        T: change,
        back: inverse,
        B: direct_sum(*[change] * task.s),
        other: companion(_changed(task, change, inverse)),
    }


def _changed(task, change, inverse):
    return Task.from_blocks([inverse @ block @ change for block in task.blocks])


def one_spectrum(task, change, inverse):
    """det(x - Phi) and the minimal polynomial are the same for C and T⁻¹ C T."""
    phi, changed = companion(task), companion(_changed(task, change, inverse))
    return exactly([charpoly(phi), minpoly(phi)], [charpoly(changed), minpoly(changed)])


def outputs_differ_unless_it_commutes(task, change, inverse):
    """The tasks agree on all unit inputs at s + 1 iff T C_k = C_k T for every k."""
    changed = _changed(task, change, inverse)
    width, size, same = task.kappa, task.s, True
    for place in range(width * size):
        u = matrix([[int(c * width + r == place) for c in range(size)] for r in range(width)])
        same = same and task.outputs(u, size + 1) == changed.outputs(u, size + 1)
    commutes = all(change @ block == block @ change for block in task.blocks)
    return equivalent(exactly(same, True), exactly(commutes, True))


def not_even_similar(task, change, inverse):
    """[[1, 1], [0, 1]] and I have one characteristic polynomial and two minimal ones."""
    shear, one = matrix([[1, 1], [0, 1]]), eye(2)
    return exactly([charpoly(shear) == charpoly(one), minpoly(shear) == minpoly(one)], [True, False])


def floats_agree(task, change, inverse):
    """In floats B Phi' = Phi B, within the error bounds of the products."""
    gauge, changed = direct_sum(*[change] * task.s), companion(_changed(task, change, inverse))
    left, right = chain(gauge, changed), chain(companion(task), gauge)
    return close(left.value, right.value, left.bound + right.bound)


def with_change(task):
    """A task and an invertible change of its components."""
    return invertible_matrices(task.kappa).map(lambda change: (task, change, change.inv()))


SWAP = matrix([[0, 1], [1, 0]])
FIRST = Task.from_blocks([matrix([[1, 0], [0, 0]])])
THEOREM = Theorem(
    hypotheses={inverse_given: (FIRST, SWAP, eye(2))},
    derivation=derivation,
    meaning=meaning,
    conclusions=(one_spectrum, outputs_differ_unless_it_commutes, not_even_similar),
    numeric=(floats_agree,),
    examples={
        "keeping the first component, or the second": (FIRST, SWAP, SWAP),
        "a change that commutes": (Task.repeat_copy(2, 2), SWAP, SWAP),
    },
    cases=tasks(max_m=16).flatmap(with_change),
    uses=("companion-spectrum",),
    source="similarity of companion matrices: Gohberg, Lancaster, Rodman, Matrix Polynomials, 1982, section 1.1",
)
