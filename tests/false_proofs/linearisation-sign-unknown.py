"""False: the curvature bound is claimed for all t, also beyond 1."""

from dataclasses import replace

from sympy import Rational, Symbol

from emtheory.judges.symbolic import identity, nonnegative
from emtheory.theorems.files import bundled, load

TRUE = load(bundled() / "linearisation.py").record

v = Symbol("ρ", real=True)


def derivation():
    one = identity(1)
    square = (Rational(1, 3) - v) ** 2 * (Rational(4, 3) - v)
    yield "the curvature", nonnegative((Rational(4, 27) - v * (1 - v) ** 2) * one, [(square, one.T @ one)])  # wrong


def meaning(weights, write, z, move, drive, place):
    return {v: 1}


THEOREM = replace(TRUE, derivation=derivation, meaning=meaning)
