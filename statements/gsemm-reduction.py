"""With fast hidden and delayed states the episodic memory model is a leaky network, and its Euler step a discrete one.

T_h, T_d → 0 and σ_h = id put V_h = r Xiᵀ y + α_c Phiᵀ Xiᵀ V_d and V_d = y, where y = σ_f(V), r = √α_s. Then
T_f V̇ = S y - V with S = Xi (α_s I + r α_c Phiᵀ) Xiᵀ. The Euler step, a = Δt/T_f, is f_a(V) = (1-a) V + a S y; at a = 1
it is the potential form, and the rate form g_a(h) = (1-a) h + a σ(S h) satisfies S∘g_a = f_a∘S. All a ≠ 0 share their
fixed points. There S D, D the slopes of σ_f, has the eigenvalue μ iff the step has z_a = 1 - a + a μ. With μ = p + i q,
1 - |z_a|² = a (2 (1-p) - a |1-μ|²): a smaller step is stable where a larger one is, down to all of p < 1.
Idea: eliminate V_h and V_d; (1-a) I + a M is a shift and a multiple of M.
"""

from hypothesis import strategies as st

from emtheory.formulas import (
    Theorem,
    Variable,
    at_most,
    case,
    define,
    det,
    equal,
    iff,
    implies,
    letter,
    scalar,
    times,
    unequal,
)  # fmt: skip
from emtheory.letters import Phi, Xi, identity, m, n, s
from emtheory.theorems.cases import interactions, matrices, rationals, tasks

LETTERS = (
    letter("V", n, 1, "is the feature state"),
    letter("y", n, 1, "is the activation of V"),
    letter("D", n, n, "is the Jacobian of that activation"),
    letter("h", n, 1, "is the state of the rate form"),
    letter("w", n, 1, "is the activation of S h"),
)
V, y, D, h, w = (given.symbol for given in LETTERS)
NUMBERS = (
    scalar("r", "is the root of the strength α_s"),
    scalar("alpha_c", "is the strength of the interactions"),
    scalar("a", "is the step Δt/T_f"),
    scalar("b", "is a smaller step"),
    scalar("p", "is the real part of an eigenvalue μ"),
    scalar("q", "is its imaginary part"),
)
r, alpha_c, a, b, p, q = (given.symbol for given in NUMBERS)
x = Variable("x")
S, V_h, V_d = letter("S", n, n, "").symbol, letter("V_h", m, 1, "").symbol, letter("V_d", n, 1, "").symbol

delayed = define(V_d, y)
hidden = define(V_h, r * (Xi.T @ y) + alpha_c * (Phi.T @ Xi.T @ V_d))
weights = define(S, Xi @ (r**2 * identity(m) + r * alpha_c * Phi.T) @ Xi.T)
moves = unequal(a, 0).called("the step is not 0")

motion = r * (Xi @ V_h) - V
reduced = equal(motion, S @ y - V).called("with V_h and V_d eliminated, T_f V̇ = S y - V")
step = (1 - a) * V + a * (S @ y)
euler = equal(V + a * motion, step).called("the Euler step is f_a")
rests, balanced = equal(step, V), equal(S @ y, V)
forms = equal(S @ ((1 - a) * h + a * w), (1 - a) * (S @ h) + a * (S @ w)).called("S carries the rate form to f_a")
linear = (1 - a) * identity(n) + a * (S @ D)
spectrum = equal(det((1 - a + a * x) * identity(n) - linear), a**n * det(x * identity(n) - S @ D)).called(
    "x is an eigenvalue of S D iff 1 - a + a x is one of the step"
)


def margin(step):
    """1 - |1 - step + step (p + i q)|²."""
    return 1 - (1 - step + step * p) ** 2 - (step * q) ** 2


stable = equal(margin(a), a * (2 * (1 - p) - a * ((1 - p) ** 2 + q**2))).called(
    "for a > 0 an eigenvalue is stable iff a |1 - μ|² < 2 (1 - Re μ)"
)
forward, smaller = at_most(0, b), at_most(b, a)
grows = at_most(b * margin(a), a * margin(b)).called("then a smaller step has no smaller margin, in proportion")


def proof(prove):
    prove(reduced).by_rewriting(delayed, hidden, weights)
    prove(euler).by_rewriting(delayed, hidden, weights)
    with prove.assuming(rests):
        prove(balanced).by_combining(
            times(rests, left=(1 / a) * identity(n)), times(moves, left=V), times(moves, left=S @ y)
        )
    with prove.assuming(balanced):
        prove(rests).by_rewriting(balanced)
    prove(forms).by_rewriting()
    scaled = prove(
        equal(a**n * det(x * identity(n) - S @ D), det((a * identity(n)) @ (x * identity(n) - S @ D))),
        "a common factor leaves the determinant as aⁿ",
    ).by_determinants()
    prove(spectrum).by_determinants(scaled)
    prove(stable).by_rewriting()
    one = identity(1)
    with prove.assuming(forward, smaller):
        positive = prove(at_most(0, a), "a ≥ b ≥ 0").by_parts((1, [forward]), (1, [smaller]))
        prove(grows).by_parts(
            (1, [positive, forward, smaller, (1 - p) * one]), (1, [positive, forward, smaller, q * one])
        )


@st.composite
def models(draw):
    task = draw(tasks(max_s=2, max_kappa=2))
    size, memories, number = draw(st.integers(1, 3)), task.s * task.kappa, rationals()
    columns, Xi, Phi = draw(matrices(size, 4)), draw(matrices(size, memories)), draw(interactions(memories))
    root, coupling, y = draw(number), draw(number), columns[:, 1:2]
    stored = Xi @ (root * root * (Phi**0) + root * coupling * Phi.T) @ Xi.T
    return case(
        s=task.s, Xi=Xi, Phi=Phi, V=stored @ y if draw(st.booleans()) else columns[:, :1], y=y,
        D=draw(matrices(size, size)), h=columns[:, 2:3], w=columns[:, 3:], r=root, alpha_c=coupling,
        a=draw(number.filter(bool)), b=draw(number), p=draw(number), q=draw(number),
    )  # fmt: skip


ONE = {
    "s": 1, "Xi": [[1]], "Phi": [[-3]], "V": [[1]], "y": [[1]], "D": [[1]], "h": [[1]], "w": [[2]],
    "r": 1, "alpha_c": 1, "a": "1/2", "b": "1/3", "p": -2, "q": 0,
}  # fmt: skip
THEOREM = Theorem(
    given=(s, Xi, Phi, *LETTERS, *NUMBERS),
    hypotheses={moves: case(**ONE | {"a": 0})},
    definitions=(delayed, hidden, weights),
    conclusions=(reduced, euler, iff(rests, balanced), forms, spectrum, stable, implies(forward, smaller, grows)),
    proof=proof,
    examples={"μ = -2 is stable for a < 2/3 only: a = 1/2": case(**ONE)},
    cases=models(),
    source="Karuvally, Sejnowski, Siegelmann, General Sequential Episodic Memory Model, ICML 2023, PMLR 202",
)
