"""False: the eigenvalues are said to be multiplied by a."""

from dataclasses import replace

from sympy import Symbol

from emtheory.judges.symbolic import det, identical, identity, letter, sizes
from emtheory.theorems.files import bundled, load

TRUE = load(bundled() / "gsemm-reduction.py").record

n = sizes("n")
M, a, mu = letter("M", n, n), Symbol("a"), Symbol("μ")


def derivation():
    step = (1 - a) * identity(n) + a * M
    scaled = det((a * identity(n)) @ (mu * identity(n) - M))
    yield "scaled", identical(scaled, det(a * mu * identity(n) - step))  # wrong


THEOREM = replace(TRUE, derivation=derivation)
