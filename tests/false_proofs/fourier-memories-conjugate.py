"""False: the eigenvalue is the conjugate one."""

from dataclasses import replace

from sympy import I, exp, pi

from emtheory.judges.symbolic import hypothesis, identical, identity, indices, total, zero
from emtheory.theorems.files import bundled, load
from emtheory.theory.algebra import COMPANION, SELECT, STORED, C, Dual, E, Phi, W, Xi, k, kappa, m, s

TRUE = load(bundled() / "fourier-memories.py").record

reads_back, copies = TRUE.hypotheses
q = indices("q")


def omega(power):
    return exp(2 * pi * I * power / s)


def derivation():
    duality = hypothesis(reads_back, Dual @ Xi, identity(m))
    first = hypothesis(copies, C(1), identity(kappa))
    rest = hypothesis(copies, C(k), zero(kappa, kappa), where=[k >= 2, k <= s])
    row = identical(E(k).T @ Phi, E(k + 1).T, [COMPANION, SELECT], where=[k >= 1, k <= s - 1])
    yield "rows shift", row
    last = identical(E(s).T @ Phi, E(1).T, [COMPANION, SELECT, first, rest])
    yield "the last row reads the first variable", last
    rows = total(omega(-q * k) * (E(k).T @ Dual), (k, 1, s))
    yield "multiplied by ω^-q", identical(rows @ W, omega(-q) * rows, [STORED, duality, row, last])  # wrong


THEOREM = replace(TRUE, derivation=derivation)
