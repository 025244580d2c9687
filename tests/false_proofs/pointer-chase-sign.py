"""False: a round of the cycle is said to change no sign."""

from dataclasses import replace

from sympy import Symbol

from emtheory.judges.symbolic import at, definition, family, indices, induction, sizes
from emtheory.theorems.files import bundled, load
from emtheory.theory.algebra import s, t

TRUE = load(bundled() / "pointer-chase.py").record
q, length, epsilon = indices("q"), sizes("l"), Symbol("ε")
x = family("x", 1, 1)


def derivation():
    given = [at(definition(x(t), epsilon * x(t - length), where=[t >= s + 1]), {t: t + length})]
    yield "q rounds", induction(q, 0, x(t + q * length), x(t), given, where=[t >= s + 1])  # wrong


THEOREM = replace(TRUE, derivation=derivation)
