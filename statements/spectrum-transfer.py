"""Storing memories in a hidden basis keeps the spectrum of their interactions.

W = Xi Phi Dual with Dual Xi = I. Then x^m det(x - W) = x^n det(x - Phi): W has the eigenvalues of Phi, and n - m zeros.
More is true: W [Xi N] = [Xi N] (Phi ⊕ 0) for every N that Dual does not read, so all Jordan blocks transfer; the
minimal polynomial of W is that of Phi, or its least common multiple with x if n > m.
Idea: A B and B A below are block triangular with W in the one and Phi in the other, and det AB = det BA.
"""

from hypothesis import strategies as st

from emtheory.formulas import Theorem, Variable, case, define, det, equal, implies, letter, opaque, size
from emtheory.judges.exact import minpoly, monomial
from emtheory.letters import Dual, Phi, W, Xi, block, identity, m, n, s, zero
from emtheory.theorems.cases import interactions, memory_bases, selections

x = Variable("x")
WIDTH = size("r", "is the number of directions in N")
r = WIDTH.symbol
UNREAD = letter("N", n, r, "has columns that may be read or not")
N = UNREAD.symbol

duality = equal(Dual @ Xi, identity(m)).called("the dual reads back what the basis writes")
stored = define(W, Xi @ Phi @ Dual)
kept = equal(x**m * det(x * identity(n) - W), x**n * det(x * identity(m) - Phi)).called(
    "W has the eigenvalues of Phi with their multiplicities, and zeros"
)
unread = equal(Dual @ N, zero(m, r)).called("the dual reads nothing of N")
basis = block([[Xi, N]])
acts = equal(W @ basis, basis @ block([[Phi, zero(m, r)], [zero(r, m), zero(r, r)]])).called(
    "W acts on [Xi N] as Phi on the memories and as 0 on the rest"
)


@opaque
def minimal_polynomial_kept(Xi, Dual, Phi, **_):
    """The minimal polynomial of W is that of Phi, made divisible by x if n > m."""
    expected = minpoly(Phi)
    if len(Xi) > len(Phi) and expected(0) != 0:
        expected = expected * monomial(1)
    return minpoly(Xi @ Phi @ Dual) == expected


def proof(prove):
    a = block([[x * identity(n), Xi @ Phi], [Dual, identity(m)]])
    b = block([[identity(n), zero(n, m)], [-Dual, x * identity(m)]])
    with_w = prove(
        equal(det(a @ b), x**m * det(x * identity(n) - W)), "A B is block triangular, with x - W and x on its diagonal"
    ).by_determinants(stored)
    with_phi = prove(
        equal(det(b @ a), x**n * det(x * identity(m) - Phi)), "B A is block triangular, with x and x - Phi"
    ).by_determinants(duality)
    swapped = prove(equal(det(a @ b), det(b @ a)), "both have one determinant").by_determinants()
    prove(kept).by_determinants(with_w, with_phi, swapped)
    with prove.assuming(unread):
        prove(acts).by_rewriting(stored, duality, unread)


def circuit(basis, phi, task, read):
    unread = basis.dual.kernel()
    directions = basis.xi[:, :1] if read or unread.shape[1] == 0 else unread
    return case(Xi=basis.xi, Dual=basis.dual, Phi=phi, s=task.s, N=directions)


def stored_interactions(task):
    size = task.s * task.kappa
    return st.builds(circuit, memory_bases(m=size), interactions(size), st.just(task), st.booleans())


THEOREM = Theorem(
    given=(s, Xi, Dual, Phi, UNREAD),
    hypotheses={duality: case(s=1, Xi=[[1]], Dual=[[2]], Phi=[[1]], N=[[0]])},
    definitions=(stored,),
    conclusions=(kept, implies(unread, acts), minimal_polynomial_kept),
    proof=proof,
    examples={
        "two memories, three neurons": case(
            s=2, Xi=[[1, 1], [0, 1], [1, 0]], Dual=[[0, 0, 1], [0, 1, 0]], Phi=[[1, 1], [0, 1]], N=[[1], [0], [0]]
        ),
    },
    cases=selections(max_m=6).flatmap(stored_interactions),
    source="Horn, Johnson, Matrix Analysis, 2nd ed., theorem 1.3.22; for memories: Karuvally et al., PMLR 221 (2023)",
)
