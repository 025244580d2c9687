"""False: the multiplier is said to be y / sinh y."""

from dataclasses import replace

from sympy import Symbol, sinh, tanh

from emtheory.judges.symbolic import identical
from emtheory.theorems.files import bundled, load

TRUE = load(bundled() / "limit-cycles.py").record
y = Symbol("y", nonnegative=True)


def derivation():
    yield "the multiplier", identical(y / tanh(y) * (1 - tanh(y) ** 2), y / sinh(y))  # wrong


THEOREM = replace(TRUE, derivation=derivation)
