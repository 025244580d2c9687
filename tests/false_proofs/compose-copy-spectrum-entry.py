"""False: the exponent of an entry is off by one."""

from dataclasses import replace

from sympy import Symbol

from emtheory.judges.symbolic import identical, indices
from emtheory.theorems.files import bundled, load
from emtheory.theory.algebra import s

TRUE = load(bundled() / "compose-copy-spectrum.py").record

x, i = Symbol("x"), indices("i")


def derivation():
    yield "factored", identical(x**s - x ** (i - 1), x**i * (x ** (s + 1 - i) - 1), where=[i >= 1, i <= s])  # wrong


THEOREM = replace(TRUE, derivation=derivation)
