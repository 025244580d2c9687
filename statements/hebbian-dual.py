"""Hebbian weights are pseudoinverse weights of other interactions, those multiplied by the Gram matrix.

For the Moore-Penrose dual and G = XiᵀXi: Xiᵀ = G Dual, at any rank. So S = Xi (α_s I + √α_s α_c Phiᵀ) Xiᵀ of the memory
model is Xi F Dual with F = (α_s I + √α_s α_c Phiᵀ) G. For independent columns, G with the inverse H, and α_s, α_c ≠ 0
every K is such an F: take √α_s α_c Phiᵀ = K H - α_s I. Xiᵀ may replace Dual for all Phi iff Xi is a partial isometry
(for Phi = I already); at full rank that is G = I.
Idea: Xiᵀ = (Xi Dual Xi)ᵀ = Xiᵀ (Xi Dual)ᵀ = Xiᵀ Xi Dual; and for Xi Xiᵀ Xi = Xi the four equations give Dual = Xiᵀ.
"""

from hypothesis import strategies as st

from emtheory.formulas import Theorem, case, define, equal, iff, implies, letter, scalar, times
from emtheory.judges.exact import left_inverse, matrix, rational
from emtheory.letters import Dual, Phi, Xi, identity, m, n, s
from emtheory.theorems.cases import interactions, matrices, rationals, tasks

LETTERS = (
    letter("K", m, m, "is any interactions that are to be reached"),
    letter("H", m, m, "is the inverse of the Gram matrix, if it has one"),
    scalar("r", "is the root of the strength α_s"),
    scalar("alpha_c", "is the strength of the interactions"),
    scalar("iota", "is 1/(√α_s α_c)"),
)
K, H, r, alpha_c, iota = (given.symbol for given in LETTERS)
S, F, N = letter("S", n, n, "").symbol, letter("F", m, m, "").symbol, letter("N", m, m, "").symbol
G = Xi.T @ Xi

reproduces = equal(Xi @ Dual @ Xi, Xi).called("Xi Dual reproduces Xi")
reflexive = equal(Dual @ Xi @ Dual, Dual).called("Dual Xi reproduces Dual")
symmetric = equal(Dual.T @ Xi.T, Xi @ Dual).called("Xi Dual is symmetric")
symmetric_too = equal(Xi.T @ Dual.T, Dual @ Xi).called("Dual Xi is symmetric")
coupled = equal(r * alpha_c * iota, 1).called("α_s and α_c are not 0")
hebbian = define(S, Xi @ (r**2 * identity(m) + r * alpha_c * Phi.T) @ Xi.T)
effective = define(F, (r**2 * identity(m) + r * alpha_c * Phi.T) @ G)
chosen = define(N, iota * (K @ H - r**2 * identity(m)).T)

gram = equal(Xi.T, G @ Dual).called("Xiᵀ is the dual after the Gram matrix")
stored = equal(S, Xi @ F @ Dual).called("Hebbian weights are pseudoinverse weights")
independent = equal(H @ G, identity(m)).called("the columns of Xi are independent")
reached = equal((r**2 * identity(m) + r * alpha_c * N.T) @ G, K).called("then any K is reached, by Phi = N")
isometry = equal(Xi @ Xi.T @ Xi, Xi).called("Xi is a partial isometry")
replaces = equal(Xi @ Xi.T, Xi @ Dual).called("the transpose may replace the dual, for Phi = I")
for_all = equal(Xi @ Phi @ Xi.T, Xi @ Phi @ Dual).called("the transpose may replace the dual, for any Phi")
orthonormal = equal(H, identity(m)).called("the columns are orthonormal: the inverse of the Gram matrix is I")


def proof(prove):
    again = prove(equal(Xi.T @ Dual.T @ Xi.T, Xi.T), "Xi Dual reproduces Xi, transposed").by_rewriting(reproduces)
    prove(gram).by_combining(times(symmetric, left=Xi.T), again)
    back = prove(equal(G @ Dual, Xi.T), "G Dual = Xiᵀ").by_combining(gram)
    prove(stored).by_rewriting(hebbian, effective, back)
    opened = r**2 * G + (r * alpha_c * iota) * (K @ H @ G - r**2 * G)
    said = prove(equal((r**2 * identity(m) + r * alpha_c * N.T) @ G, opened), "by the choice of N").by_rewriting(chosen)
    with prove.assuming(independent):
        prove(reached).by_combining(
            said, times(coupled, left=K @ H @ G), times(coupled, left=r**2 * G), times(independent, left=K)
        )
    with prove.assuming(replaces):
        prove(isometry).by_rewriting(replaces, reproduces)
    with prove.assuming(isometry):
        wide = Dual @ Xi @ Xi.T @ Xi @ Dual
        narrow = prove(equal(wide, Dual), "the dual with the isometry inside").by_rewriting(isometry, reflexive)
        turned = prove(equal(wide, Xi.T @ Dual.T @ Xi.T @ Dual.T @ Xi.T), "transposed twice").by_combining(
            times(symmetric_too, right=Xi.T @ Xi @ Dual), times(symmetric, left=Xi.T @ Dual.T @ Xi.T)
        )
        same = prove(equal(Dual, Xi.T), "so the dual is the transpose").by_combining(
            narrow, turned, times(again, right=Dual.T @ Xi.T), again
        )
        prove(replaces).by_combining(times(same, left=Xi))
        prove(for_all).by_combining(times(same, left=Xi @ Phi))
    with prove.assuming(independent, isometry):
        unit = prove(equal(G, identity(m)), "G G = G, and G has an inverse").by_combining(
            times(isometry, left=H @ Xi.T), times(independent, right=G), independent
        )
        prove(orthonormal).by_combining(independent, times(unit, left=H))


@st.composite
def memories(draw):
    """Memories of any rank with their Moore-Penrose dual, from a full-rank factorisation; some are isometries."""
    task = draw(tasks(max_s=2, max_kappa=2))
    size, width = draw(st.integers(1, 3)), task.s * task.kappa
    if draw(st.booleans()):
        xi = matrix([[int(i == j and i < 2) for j in range(width)] for i in range(size)])
    else:
        xi = draw(matrices(size, width))
    if draw(st.booleans()):  # rank one
        xi = xi[:, :1] @ draw(matrices(1, width))
    root, strength, gram = draw(rationals().filter(bool)), draw(rationals().filter(bool)), xi.T @ xi
    H, K = gram.inv() if gram.rank() == width else draw(matrices(width, width)), draw(matrices(width, width))
    if draw(st.booleans()):
        H, K = K, H
    return case(
        Xi=xi, Dual=moore_penrose(xi), Phi=draw(interactions(width)), s=task.s, K=K, H=H,
        r=root, alpha_c=strength, iota=1 / rational(root * strength),
    )  # fmt: skip


def moore_penrose(a):
    """The Moore-Penrose inverse, by A = B C with independent columns of A in B and independent rows in C."""
    kept = [j for j in range(a.shape[1]) if a[:, : j + 1].rank() > (a[:, :j].rank() if j else 0)]
    if not kept:
        return 0 * a.T
    left = left_inverse(matrix([[row[j] for j in kept] for row in a]))
    return left_inverse((left @ a).T).T @ left


ONE = {"s": 1, "Phi": [[1]], "K": [[2]], "H": [[1]], "r": 1, "alpha_c": 1, "iota": 1}
TWO = {"s": 2, "K": [[1, 0], [0, 1]], "H": [[1, 0], [0, 0]], "Phi": [[0, 1], [0, 0]], "r": 1, "alpha_c": 1, "iota": 1}
THEOREM = Theorem(
    given=(Xi, Dual, Phi, s, *LETTERS),
    hypotheses={
        reproduces: case(Xi=[[1]], Dual=[[0]], **ONE),
        reflexive: case(Xi=[[1, 0], [0, 0]], Dual=[[1, 0], [0, 1]], **TWO),
        symmetric: case(Xi=[[1], [0]], Dual=[[1, 1]], **ONE),
        symmetric_too: case(Xi=[[1, 0]], Dual=[[1], [1]], **TWO),
        coupled: case(Xi=[[1]], Dual=[[1]], **ONE | {"alpha_c": 0}),
    },
    definitions=(hebbian, effective, chosen),
    conclusions=(
        gram, stored, implies(independent, reached), iff(replaces, isometry), implies(isometry, for_all),
        implies(independent, isometry, orthonormal),
    ),
    proof=proof,
    examples={
        "one memory of length 2": case(Xi=[[2]], Dual=[["1/2"]], **ONE | {"H": [["1/4"]]}),
        "orthonormal": case(
            Xi=[[1, 0], [0, 1]], Dual=[[1, 0], [0, 1]], **TWO | {"H": [[1, 0], [0, 1]], "K": [[1, 2], [3, 4]]}
        ),
        "orthonormal, but the inverse is K": case(
            Xi=[[1, 0], [0, 1]], Dual=[[1, 0], [0, 1]], **TWO | {"H": [[1, 1], [0, 1]]}
        ),
        "one memory stored twice": case(Xi=[[1, 1]], Dual=[["1/2"], ["1/2"]], **TWO),
    },
    cases=memories(),
    source="R. Penrose, A generalized inverse for matrices, Proc. Camb. Phil. Soc. 51 (1955), 406-413",
)  # fmt: skip
