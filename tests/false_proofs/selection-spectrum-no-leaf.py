"""False: a node that is read is split off as if it were not."""

from dataclasses import replace

from sympy import Symbol

from emtheory.judges.symbolic import DET_OF_SCALAR, DET_OF_TRIANGULAR, block, det, identical, identity, letter, sizes
from emtheory.theorems.files import bundled, load

TRUE = load(bundled() / "selection-spectrum.py").record

x, r = Symbol("x"), sizes("r")
A, reads = letter("A", r, r), letter("a", 1, r)


def derivation():
    node = block([[x * identity(1), -reads], [-reads.T, x * identity(r) - A]])
    given = [DET_OF_TRIANGULAR, DET_OF_SCALAR]
    yield "any node splits off a factor x", identical(det(node), x * det(x * identity(r) - A), given)  # wrong


THEOREM = replace(TRUE, derivation=derivation)
