"""The explicit Euler step of T_f V̇ = F(V) is V' = V + (Δt/T_f) F(V).

The notes print T_f (V(t+1) - V(t)) = F, with T_f = Δt in one place and T_f = 1 in another. The factor 1/Δt is missing:
the two agree only for Δt = 1. With a = Δt/T_f, the potential form V' = S σ(V) is the step a = 1 (gsemm-reduction).
"""

from hypothesis import strategies as st

from emtheory.formulas import Erratum, case, define, equal, letter, scalar
from emtheory.letters import n
from emtheory.theorems.cases import matrices, rationals

LETTERS = (
    letter("V", n, 1, "is the state"),
    letter("v", n, 1, "is its velocity"),
    scalar("T_f", "is the time constant"),
    scalar("dt", "is the time Δt of a step"),
)
V, v, T_f, dt = (given.symbol for given in LETTERS)
F, later = letter("F", n, 1, "").symbol, letter("V_next", n, 1, "").symbol

law = define(F, T_f * v)
euler = define(later, V + dt * v)
right = equal(T_f * (later - V), dt * F).called("the step is T_f (V' - V)/Δt = F")


def proof(prove):
    prove(right).by_rewriting(law, euler)


@st.composite
def motions(draw):
    columns = draw(matrices(draw(st.integers(1, 3)), 2))
    return case(V=columns[:, :1], v=columns[:, 1:], T_f=draw(rationals()), dt=draw(rationals()))


HALF = case(V=[[1]], v=[[1]], T_f=1, dt="1/2")
ERRATUM = Erratum(
    number=15,
    printed="T_f (V(t+1) - V(t)) = F(V(t)) is the Euler step",
    why="the factor 1/Δt is missing: with T_f = 1 and Δt = 1/2 it goes twice as far",
    corrected="T_f (V(t+1) - V(t)) / Δt = F, that is a = Δt/T_f",
    given=LETTERS,
    definitions=(law, euler),
    claim=equal(T_f * (later - V), F),
    counterexample=HALF,
    correction=right,
    examples={"half a step": HALF, "a slow unit": case(V=[[0]], v=[[2]], T_f=3, dt=1)},
    cases=motions(),
    proof=proof,
    source="the notes to Karuvally, Sejnowski, Siegelmann, ICML 2023",
)
