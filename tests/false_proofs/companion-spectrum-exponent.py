"""False: the powers of x start at x instead of 1."""

from dataclasses import replace

from sympy import Symbol

from emtheory.judges.symbolic import identical, identity, total
from emtheory.theorems.files import bundled, load
from emtheory.theory.algebra import COMPANION, SELECT, C, E, Phi, k, kappa, m, s

TRUE = load(bundled() / "companion-spectrum.py").record

x = Symbol("x")


def derivation():
    V = total(x**k * E(k), (k, 1, s))
    A = x**s * identity(kappa) - total(x ** (k - 1) * C(k), (k, 1, s))
    yield "Phi_C linearises A", identical((x * identity(m) - Phi) @ V, E(s) @ A, [COMPANION, SELECT])  # wrong


THEOREM = replace(TRUE, derivation=derivation)
