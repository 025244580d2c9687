"""The energy of the model with V_h eliminated has minus signs: it is what the attraction of the memories lowers.

Inserting V_h = r Ξᵀσ + α_c ΦᵀΞᵀV_d, r = √α_s, and L_h = ½ V_hᵀV_h into the energy leaves V_fᵀσ - L_f - ½ V_hᵀV_h, that
is -½ α_s σᵀΞΞᵀσ - r α_c σᵀΞΦᵀΞᵀV_d - ½ α_c² V_dᵀΞΦΦᵀΞᵀV_d. One note copies these three terms with plus signs.
"""

from hypothesis import strategies as st
from sympy import Rational

from emtheory.formulas import Erratum, case, define, equal, letter, scalar
from emtheory.letters import Phi, Xi, m, n, s
from emtheory.theorems.cases import interactions, matrices, rationals, tasks

LETTERS = (
    letter("y", n, 1, "is the activation σ of V_f"),
    letter("V_d", n, 1, "is the delayed state"),
    scalar("r", "is the root of the strength α_s"),
    scalar("alpha_c", "is the strength of the interactions"),
)
y, V_d, r, alpha_c = (given.symbol for given in LETTERS)
V_h = letter("V_h", m, 1, "").symbol
half = Rational(1, 2)

hidden = define(V_h, r * (Xi.T @ y) + alpha_c * (Phi.T @ Xi.T @ V_d))
inserted = half * (V_h.T @ V_h) - r * (y.T @ Xi @ V_h) - alpha_c * (V_d.T @ Xi @ Phi @ V_h)
own, later = y.T @ Xi @ Xi.T @ y, V_d.T @ Xi @ Phi @ Phi.T @ Xi.T @ V_d
reduced = half * r**2 * own + r * alpha_c * (y.T @ Xi @ Phi.T @ Xi.T @ V_d) + half * alpha_c**2 * later
right = equal(inserted, -reduced).called("the three terms are subtracted")


def proof(prove):
    prove(right).by_rewriting(hidden)


@st.composite
def models(draw):
    task, size = draw(tasks(max_s=2, max_kappa=2)), draw(st.integers(1, 3))
    width, columns = task.s * task.kappa, draw(matrices(size, 2))
    return case(
        Xi=draw(matrices(size, width)), Phi=draw(interactions(width)), s=task.s, y=columns[:, :1], V_d=columns[:, 1:],
        r=draw(rationals()), alpha_c=draw(rationals()),
    )  # fmt: skip


UNIT = {"Xi": [[1]], "Phi": [[0]], "s": 1, "y": [[1]], "V_d": [[0]], "r": 1, "alpha_c": 1}
ERRATUM = Erratum(
    number=10,
    printed="the reduced energy has +½ α_s, +√α_s α_c and +½ α_c²",
    why="inserting V_h leaves -½ V_hᵀV_h: with one unit of everything and V_d = 0 it is -½, not +½",
    corrected="-½ α_s, -√α_s α_c and -½ α_c²",
    given=(Xi, Phi, s, *LETTERS),
    definitions=(hidden,),
    claim=equal(inserted, reduced),
    counterexample=case(**UNIT),
    correction=right,
    examples={"one unit": case(**UNIT), "a delayed state": case(**UNIT | {"Phi": [[1]], "V_d": [[2]]})},
    cases=models(),
    proof=proof,
    theorem="gsemm-energy",
    source="the notes to Karuvally, Sejnowski, Siegelmann, ICML 2023",
)
