"""The least number of memories that can hold weights W is 2 rank W - rank W², whatever dual they are read with.

If W = Ψ Φ Ψ* with Ψ*Ψ = I_m, then m ≥ 2 rank W - rank W², and this many memories suffice; with them, Φ = Ψ* W Ψ is
determined, and a change of memories Ψ T, T⁻¹Ψ*, T⁻¹ΦT leaves W as it is. With the Moore-Penrose dual the least number
is rank [W, Wᵀ]; [[1, 1], [0, 0]] is the smallest W for which the two differ (1 and 2).
Idea: ker Ψ* lies in ker W and is a complement of a space that holds the range of W; the largest such kernel has
dimension dim ker W - dim(ker W ∩ range W), and rank W - rank W² = dim(ker W ∩ range W).
"""

from emtheory.judges.exact import exactly, eye, hstack, left_inverse, matrix, unit, zeros
from emtheory.judges.floats import chain, close
from emtheory.judges.symbolic import hypothesis, identical, identity, letter
from emtheory.theorems.cases import interactions, invertible_matrices, memory_bases, selections
from emtheory.theorems.theorem import Theorem
from emtheory.theory.algebra import STORED, Dual, Phi, W, Xi, kappa, m, s
from emtheory.verdict import all_of

T, back = letter("T", m, m), letter("T⁻¹", m, m)


def reads_back(xi, dual, phi, change):
    """The dual reads back what the basis writes: Ψ*Ψ = I."""
    return exactly(dual @ xi, eye(len(phi)))


def inverse_given(xi, dual, phi, change):
    """The change of memories comes with its inverse: T T⁻¹ = I."""
    forth, undo = change
    return exactly(forth @ undo, eye(len(phi)))


def derivation():
    duality = hypothesis(reads_back, Dual @ Xi, identity(m))
    undone = hypothesis(inverse_given, T @ back, identity(m))
    yield "the interactions are read off the weights: Ψ* W Ψ = Φ", identical(Dual @ W @ Xi, Phi, [STORED, duality])
    yield (
        "a change of memories leaves the weights as they are",
        identical((Xi @ T) @ (back @ Phi @ T) @ (back @ Dual), W, [STORED, undone]),
    )


def meaning(xi, dual, phi, change):
    return {Xi: xi, Dual: dual, Phi: phi, W: xi @ phi @ dual, s: 1, kappa: len(phi), T: change[0], back: change[1]}


def _least(w):
    return 2 * w.rank() - (w @ w).rank()


def _extended(columns, candidates):
    """The columns, and those candidates that are independent of all before."""
    kept = columns
    for candidate in candidates:
        wider = candidate if kept is None else hstack([kept, candidate])
        if wider.rank() == wider.shape[1]:
            kept = wider
    return kept


def _columns(a):
    return [a[:, i : i + 1] for i in range(a.shape[1])]


def never_fewer(xi, dual, phi, change):
    """m ≥ 2 rank W - rank W² for W = Ψ Φ Ψ*, also after a change of memories, which leaves W as it is."""
    w, (forth, undo) = xi @ phi @ dual, change
    same = exactly((xi @ forth) @ (undo @ phi @ forth) @ (undo @ dual), w)
    return all_of([exactly(len(phi) >= _least(w), True), same])


def so_many_suffice(xi, dual, phi, change):
    """2 rank W - rank W² memories hold W: Ψ spans a complement of part of ker W, Φ = Ψ* W Ψ."""
    w = xi @ phi @ dual
    size, least = len(w), _least(w)
    image = _extended(None, _columns(w))
    both = _extended(image, _columns(w.kernel()))  # range W, and the part of ker W outside of it
    rank = w.rank()
    unused = both[:, rank:] if both is not None else zeros(size, 0)
    ordered = _extended(hstack([unused, image]) if image is not None else unused, [unit(size, i) for i in range(size)])
    psi, kernel = ordered[:, unused.shape[1] :], unused
    star = hstack([psi, kernel]).inv()[: psi.shape[1], :]
    return exactly([psi.shape[1], star @ psi, psi @ (star @ w @ psi) @ star], [least, eye(psi.shape[1]), w])


def moore_penrose_needs(xi, dual, phi, change):
    """rank [W, Wᵀ] memories hold W with the Moore-Penrose dual: Ψ spans both ranges."""
    w = xi @ phi @ dual
    psi = _extended(None, _columns(hstack([w, w.T])))
    if psi is None:
        return exactly(w.is_zero(), True)
    star = left_inverse(psi)
    return exactly([psi.shape[1], psi @ (star @ w @ psi) @ star], [hstack([w, w.T]).rank(), w])


def floats_agree(xi, dual, phi, change):
    """In floats Ψ* W Ψ is Φ, within the error bound of the product."""
    computed = chain(dual, xi @ phi @ dual, xi)
    return close(computed.value, phi, computed.bound)


def stored(task):
    """Random interactions in a random basis, and a change of its memories."""
    size = task.s * task.kappa
    return memory_bases(m=size, max_n=16).flatmap(
        lambda basis: interactions(size).flatmap(
            lambda phi: invertible_matrices(size).map(lambda t: (basis.xi, basis.dual, phi, (t, t.inv())))
        )
    )


ONE, NO_CHANGE = matrix([[1]]), (eye(1), eye(1))
E1, E2 = matrix([[1], [0]]), matrix([[0], [1]])
NILPOTENT = matrix([[0, 1], [0, 0]])
THEOREM = Theorem(
    hypotheses={
        reads_back: (E1, E2.T, ONE, NO_CHANGE),
        inverse_given: (ONE, ONE, ONE, (matrix([[2]]), ONE)),
    },
    derivation=derivation,
    meaning=meaning,
    conclusions=(never_fewer, so_many_suffice, moore_penrose_needs),
    numeric=(floats_agree,),
    examples={
        "a nilpotent W needs two memories": (eye(2), eye(2), NILPOTENT, (eye(2), eye(2))),
        "one oblique memory, two with the Moore-Penrose dual": (E1, matrix([[1, 1]]), ONE, NO_CHANGE),
    },
    cases=selections(max_m=8).flatmap(stored),
    source="ranks of idempotent factorisations, by the argument of the docstring; Horn, Johnson, section 0.4",
)
