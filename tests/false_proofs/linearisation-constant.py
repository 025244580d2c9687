"""False: a smaller constant is claimed."""

from dataclasses import replace

from sympy import Rational, Symbol

from emtheory.judges.symbolic import identity, nonnegative
from emtheory.theorems.files import bundled, load

TRUE = load(bundled() / "linearisation.py").record

rest = Symbol("ρ", nonnegative=True)
v = 1 - rest


def derivation():
    one = identity(1)
    square = (Rational(1, 3) - v) ** 2 * (Rational(1, 3) + rest)
    yield "the curvature", nonnegative((Rational(3, 27) - v * (1 - v) ** 2) * one, [(square, one.T @ one)])  # wrong


THEOREM = replace(TRUE, derivation=derivation)
