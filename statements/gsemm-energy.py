"""The energy of the episodic memory model never rises while its delayed state is frozen.

States V_f (n), V_h (m), V_d (n) with velocities f, g, v; activations s_f = ∇L_f, s_h = ∇L_h with Jacobians J_f, J_h;
T_f f = r Xi s_h - V_f and T_h g = r Xiᵀ s_f + α_c Phiᵀ Xiᵀ V_d - V_h with r = √α_s, which define V_f and V_h here.
E = [V_fᵀ s_f - L_f] + [V_hᵀ s_h - L_h] - r s_fᵀ Xi s_h - α_c V_dᵀ Xi Phi s_h. By the chain rule s_f moves with J_f f,
and L_f with s_fᵀ f; to first order in the time x, E then changes by x times its derivative, for *any* path of V_d.
Idea: the two equations of motion eliminate V_f and V_h; what is left are two quadratic forms and the motion of V_d.
"""

from hypothesis import strategies as st

from emtheory.formulas import Theorem, Variable, at_most, case, define, equal, implies, less, letter, scalar
from emtheory.letters import Phi, Xi, identity, m, n, s
from emtheory.theorems.cases import interactions, invertible_matrices, matrices, rationals, tasks

LETTERS = (
    letter("f", n, 1, "is the velocity of the feature state V_f"),
    letter("g", m, 1, "is the velocity of the hidden state V_h"),
    letter("V_d", n, 1, "is the delayed state"),
    letter("v", n, 1, "is the velocity of V_d"),
    letter("s_f", n, 1, "is the activation of V_f"),
    letter("s_h", m, 1, "is the activation of V_h"),
    letter("J_f", n, n, "is the Jacobian of s_f"),
    letter("J_h", m, m, "is the Jacobian of s_h"),
)
f, g, V_d, v, s_f, s_h, J_f, J_h = (given.symbol for given in LETTERS)
CONSTANTS = (
    scalar("L_f", "is the potential of V_f"),
    scalar("L_h", "is the potential of V_h"),
    scalar("T_f", "is the time constant of V_f"),
    scalar("T_h", "is the time constant of V_h"),
    scalar("r", "is the root of the strength α_s"),
    scalar("alpha_c", "is the strength of the interactions"),
)
L_f, L_h, T_f, T_h, r, alpha_c = (given.symbol for given in CONSTANTS)
x = Variable("x")
V_f, V_h = letter("V_f", n, 1, "").symbol, letter("V_h", m, 1, "").symbol

first = define(V_f, r * (Xi @ s_h) - T_f * f)
second = define(V_h, r * (Xi.T @ s_f) + alpha_c * (Phi.T @ Xi.T @ V_d) - T_h * g)


def energy(a, b, c, of_a, of_b, potentials):
    """E at the states a, b, c with their activations, potentials = L_f + L_h."""
    return a.T @ of_a + b.T @ of_b - potentials - r * (of_a.T @ Xi @ of_b) - alpha_c * (c.T @ Xi @ Phi @ of_b)


potentials = (L_f + L_h) * identity(1)
now = energy(V_f, V_h, V_d, s_f, s_h, potentials)
d_f, d_h, rise = J_f @ f, J_h @ g, s_f.T @ f + s_h.T @ g
moved = energy(V_f + x * f, V_h + x * g, V_d + x * v, s_f + x * d_f, s_h + x * d_h, potentials + x * rise)
bend = f.T @ d_f + g.T @ d_h - r * (d_f.T @ Xi @ d_h) - alpha_c * (v.T @ Xi @ Phi @ d_h)
by_delay = -alpha_c * (v.T @ Xi @ Phi @ s_h)
rate = -T_f * (f.T @ J_f @ f) - T_h * (g.T @ J_h @ g) + by_delay

derivative = equal(moved, now + x * rate + x**2 * bend).called(
    "to first order in the time x the energy changes by two quadratic forms and by the motion of V_d"
)
forward_f, forward_h = less(0, T_f), less(0, T_h)
curved_f = at_most(0, f.T @ J_f @ f).called("J_f is positive semidefinite along the motion")
curved_h = at_most(0, g.T @ J_h @ g).called("J_h is positive semidefinite along the motion")
never_rises = at_most(rate, by_delay).called("the energy rises by what V_d adds at most: by 0 if it is frozen, v = 0")


def proof(prove):
    prove(derivative).by_rewriting(first, second)
    with prove.assuming(curved_f, curved_h):
        prove(never_rises).by_parts((1, [forward_f, curved_f]), (1, [forward_h, curved_h]))


@st.composite
def models(draw):
    task = draw(tasks(max_s=2, max_kappa=2))
    size, memories = draw(st.integers(1, 3)), task.s * task.kappa
    columns, rows = draw(matrices(size, 4)), draw(matrices(memories, 2))
    definite, J = draw(st.booleans()), draw(invertible_matrices(size))
    K, still = draw(invertible_matrices(memories)), draw(st.booleans())
    slow, strong, number = st.sampled_from((1, 3, "1/2")), rationals(), draw(matrices(1, 2))
    return case(
        Xi=draw(matrices(size, memories)), Phi=draw(interactions(memories)), s=task.s,
        f=columns[:, :1], V_d=columns[:, 1:2], s_f=columns[:, 2:3], v=0 * columns[:, 3:] if still else columns[:, 3:],
        g=rows[:, :1], s_h=rows[:, 1:], J_f=J @ J.T if definite else J, J_h=K @ K.T if definite else K,
        L_f=number[0, 0], L_h=number[0, 1],
        T_f=draw(slow), T_h=draw(slow), r=draw(strong), alpha_c=draw(strong),
    )  # fmt: skip


ONE = {
    "Xi": [[1]], "Phi": [[-1]], "s": 1, "f": [[1]], "g": [[-1]], "V_d": [[0]], "v": [[0]], "s_f": [[1]], "s_h": [[2]],
    "J_f": [[1]], "J_h": [[1]], "L_f": "1/2", "L_h": 2, "T_f": 1, "T_h": 1, "r": 1, "alpha_c": 1,
}  # fmt: skip
THEOREM = Theorem(
    given=(Xi, Phi, s, *LETTERS, *CONSTANTS),
    hypotheses={forward_f: case(**ONE | {"T_f": -3}), forward_h: case(**ONE | {"T_h": -3})},
    definitions=(first, second),
    conclusions=(derivative, implies(curved_f, curved_h, never_rises)),
    proof=proof,
    examples={
        "one unit in each layer, both potentials squares": case(**ONE),
        "V_d moves, and the energy rises by 1": case(
            **ONE | {"f": [[0]], "g": [[0]], "v": [[1]], "s_f": [[1]], "s_h": [[1]]}
        ),
        "J_h = -1, and it rises by 4": case(
            **ONE | {"Phi": [[0]], "f": [[0]], "g": [[-2]], "s_f": [[-1]], "s_h": [[-1]], "J_h": [[-1]]}
        ),
        "J_f = -1, and it rises by 4": case(
            **ONE | {"Phi": [[0]], "f": [[-2]], "g": [[0]], "s_f": [[-1]], "s_h": [[-1]], "J_f": [[-1]]}
        ),
        "two memories, only V_d moves": case(
            **ONE
            | {"s": 2, "Xi": [[1, 0]], "Phi": [[0, 1], [0, 0]], "f": [[0]], "g": [[0], [0]], "v": [[1]]}
            | {"s_h": [[0], [1]], "J_h": [[1, 0], [0, 1]]}
        ),
    },
    cases=models(),
    source="Karuvally, Sejnowski, Siegelmann, General Sequential Episodic Memory Model, ICML 2023, PMLR 202",
)
