"""The spectrum of a circuit is that of its composition: det(x - Phi_C) = det(x^s - Σ_k x^(k-1) C_k).

For any number of variables s, any dimension kappa and any blocks C_1 … C_s the companion matrix Phi_C has the
characteristic polynomial of the matrix polynomial A(x) = x^s I - Σ_k x^(k-1) C_k. It linearises A: (x - Phi_C) F = H D
where F and H are polynomial in x and have the determinant 1, and D has A and -I for blocks, one in each block row and
column. So x - Phi_C and A have the same partial multiplicities at every x: the Jordan blocks are those of A too.
Idea: M = [[x - N, E_s], [C, I]], N the shift and C = [C_1 … C_s], is made block triangular from the left, where
x - Phi_C appears, and from the right, where A(x) does. No division: x may be 0, and entries need no inverse.
"""

from emtheory.formulas import Theorem, Variable, case, define, det, equal, letter, sibling, times, within
from emtheory.letters import C, E, Phi, block, delta, i, identity, j, k, kappa, m, s, t, total, zero
from emtheory.theorems.cases import tasks

companion_action = sibling(__file__, "companion-action")

x = Variable("x")
companion = companion_action.companion
N = letter("N", m, m, "").symbol
shift = define(N, total(E(j) @ E(j + 1).T, (j, 1, s - 1)))
ROW = total(C(k) @ E(k).T, (k, 1, s))
V = total(x ** (k - 1) * E(k), (k, 1, s))
A = x**s * identity(kappa) - total(x ** (k - 1) * C(k), (k, 1, s))
P = total(x ** (i - 1) * E(i), (i, 2, s)) @ E(1).T
Q = E(s) @ total(C(i) @ E(i - 1).T, (i, 2, s))
F, H = identity(m) + P, (identity(m) - x * N).T @ (identity(m) + Q)
D = E(s) @ A @ E(1).T - total(E(j) @ E(j + 1).T, (j, 1, s - 1))

spectrum = equal(det(x * identity(m) - Phi), det(A)).called("Phi_C has the characteristic polynomial of A")
linearises = equal((x * identity(m) - Phi) @ V, E(s) @ A).called("Phi_C linearises A")
equivalent = equal((x * identity(m) - Phi) @ F, H @ D).called(
    "up to F and H, x - Phi_C has A and -I for blocks: partial multiplicities agree"
)
f_unimodular = equal(det(F), 1).called("F has the determinant 1 at every x")
h_unimodular = equal(det(H), 1).called("H has the determinant 1 at every x")


def proof(prove):
    prove(linearises).by_rewriting(companion)
    complete = prove(equal(total(E(k) @ E(k).T, (k, 1, s)), identity(m)), "Σ E Eᵀ = I").by_lemma(
        "selectors-complete", s, kappa
    )

    def vanishes(nilpotent, rows):
        """A matrix is 0 if each of its block rows is."""
        parts = prove(
            equal(total(E(k) @ E(k).T @ nilpotent, (k, 1, s)), zero(m, m)), "so all block rows are 0"
        ).by_rewriting(rows)
        return prove(equal(nilpotent, zero(m, m)), "and the power itself").by_combining(
            times(complete, right=nilpotent), parts
        )

    row = prove(equal(E(k).T @ N, E(k + 1).T, *within(1, k, s - 1)), "N shifts rows").by_rewriting(shift)
    last = prove(equal(E(s).T @ N, zero(kappa, m)), "and drops the last one").by_rewriting(shift)
    rows = prove(equal(E(k).T @ N**t, E(k + t).T, k >= 1, k <= s - t, t >= 0), "t steps shift by t").by_induction(
        t, row
    )
    arrives = prove(equal(E(k).T @ N ** (s - k), E(s).T, *within(1, k, s)), "row k becomes the last").by_rewriting(rows)
    nothing = prove(equal(E(k).T @ N**s, zero(kappa, m), *within(1, k, s)), "after s steps all are out").by_rewriting(
        arrives, last
    )
    power = vanishes(N**s, nothing)
    nilpotent = prove(equal(det(x * identity(m) - N), x**m), "the shift is nilpotent").by_lemma(
        "det-of-nilpotent", m, N, x * identity(m) - N, x, -1, s, using=[power, None]
    )

    both = block([[x * identity(m) - N, E(s)], [ROW, identity(kappa)]])
    left = block([[identity(m), -E(s)], [zero(kappa, m), identity(kappa)]])
    right = block([[identity(m), -V], [zero(kappa, m), x**s * identity(kappa)]])
    with_phi = prove(equal(det(left @ both), det(x * identity(m) - Phi)), "from the left").by_determinants(
        companion, shift
    )
    plain = prove(equal(det(left @ both), det(both)), "which keeps det M").by_determinants()
    moved = prove(
        equal(N @ E(k), total(delta(j + 1, k) * E(j), (j, 1, s - 1)), *within(1, k, s)), "N moves block k to k - 1"
    ).by_rewriting(shift)
    with_a = prove(equal(det(both @ right), x**m * det(A)), "from the right, A beside the shift").by_determinants(
        moved, nilpotent
    )
    scaled = prove(equal(det(both @ right), x ** (s * kappa) * det(both)), "which scales det M").by_determinants()
    is_phi = prove(equal(det(both), det(x * identity(m) - Phi)), "so det M is that of Phi").by_determinants(
        with_phi, plain
    )
    product = prove(equal(x**m * det(x * identity(m) - Phi), x**m * det(A)), "together").by_determinants(
        is_phi, with_a, scaled
    )
    prove(spectrum).by_cancelling(x, m, product)

    apart = x * total(E(k) @ E(k).T, (k, 1, s))
    opened = prove(
        equal((x * identity(m) - Phi) @ F, H @ D + x * identity(m) - apart), "both sides multiplied out"
    ).by_rewriting(companion, shift)
    prove(equivalent).by_combining(opened, times(complete, left=x * identity(m)))
    square = prove(equal(P**2, zero(m, m)), "P has the square 0").by_rewriting()
    prove(f_unimodular).by_lemma("det-of-unipotent", m, P, F, 1, 2, using=[square, None])
    square_too = prove(equal(Q**2, zero(m, m)), "so has Q").by_rewriting()
    of_q = prove(equal(det(identity(m) + Q), 1), "so I + Q has the determinant 1").by_lemma(
        "det-of-unipotent", m, Q, identity(m) + Q, 1, 2, using=[square_too, None]
    )
    of_n = prove(equal(det(identity(m) - x * N), 1), "and so has I - x N").by_lemma(
        "det-of-unipotent", m, N, identity(m) - x * N, -x, s, using=[power, None]
    )
    turned = prove(equal(det((identity(m) - x * N).T), det(identity(m) - x * N)), "as its transpose").by_lemma(
        "det-of-transpose", m, identity(m) - x * N
    )
    prove(h_unimodular).by_determinants(turned, of_n, of_q)


THEOREM = Theorem(
    given=(C, s),
    definitions=(companion, shift),
    conclusions=(spectrum, linearises, equivalent, f_unimodular, h_unimodular),
    proof=proof,
    examples={
        "Fibonacci: x² - x - 1": case(C=[[[1]], [[1]]], s=2),
        "a double eigenvalue with one eigenvector: (x - 1)²": case(C=[[[-1]], [[2]]], s=2),
    },
    cases=tasks(max_s=4, max_kappa=2).map(lambda task: case(C=list(task.blocks), s=task.s)),
    source="Gohberg, Lancaster, Rodman, Matrix Polynomials, Academic Press 1982, section 1.1",
)
