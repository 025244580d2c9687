"""False: the dual enters B with the wrong sign."""

from dataclasses import replace

from sympy import Symbol

from emtheory.judges.symbolic import DET_OF_SCALAR, DET_OF_TRIANGULAR, block, det, identical, identity, zero
from emtheory.theorems.files import bundled, load
from emtheory.theory.algebra import STORED, Dual, Phi, W, Xi, m, n

TRUE = load(bundled() / "spectrum-transfer.py").record

x = Symbol("x")


def derivation():
    A = block([[x * identity(n), Xi @ Phi], [Dual, identity(m)]])
    B = block([[identity(n), zero(n, m)], [Dual, x * identity(m)]])
    given = [DET_OF_TRIANGULAR, DET_OF_SCALAR, STORED]
    yield "A B is block triangular", identical(det(A @ B), x**m * det(x * identity(n) - W), given)  # wrong


THEOREM = replace(TRUE, derivation=derivation)
