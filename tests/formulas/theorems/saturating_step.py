"""A saturating memory keeps its level: where level ≤ tanh(gamma level), a content of that level stays above it."""

from hypothesis import strategies as st

from emtheory.formulas.case import case
from emtheory.formulas.formula import at_most, define, less
from emtheory.formulas.letters import letters, scalar
from emtheory.formulas.terms import tanh
from emtheory.formulas.theorem import Theorem
from emtheory.letters import gamma, identity, t

LEVEL = scalar("level", "is the modulus that the memory keeps")
FIRST = scalar("first", "is what the memory holds at first")
A = letters("a", 1, 1, first=0, last=0, phrase="is what the memory holds")
level, first, a = LEVEL.symbol, FIRST.symbol, A.symbol

THEOREM = Theorem(
    given=(gamma, LEVEL, FIRST),
    hypotheses={
        less(0, level): case(gamma=0, level=0, first=0),
        at_most(level, tanh(gamma * level)): case(gamma="1/2", level="1/2", first="1/2"),
        at_most(level, first): case(gamma=2, level="1/2", first="-1/2"),
    },
    definitions=(
        define(a(0), first * identity(1)),
        define(a(t + 1), tanh(gamma * a(t)), t >= 0),
    ),
    conclusions=(at_most(level, a(t), t >= 0),),
    examples={"gain two": case(gamma=2, level="1/2", first="3/4")},
    cases=st.tuples(st.integers(5, 12), st.integers(1, 4), st.integers(0, 4)).map(
        lambda c: case(gamma=f"{c[0]}/2", level=f"{c[1]}/8", first=f"{c[1] + c[2]}/8")
    ),
)
