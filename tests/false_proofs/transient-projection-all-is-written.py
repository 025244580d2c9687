"""False: the projected weights are deflated with the whole U instead of P U."""

from dataclasses import replace

from emtheory.judges.symbolic import definition, identical, identity, letter, sizes
from emtheory.theorems.files import bundled, load

TRUE = load(bundled() / "transient-projection.py").record
n, kappa = sizes("n kappa")
P, U = letter("P", n, n), letter("U", n, kappa)
R, R1 = letter("R", kappa, n), letter("R'", kappa, n)


def derivation():
    yield "R' U = I", identical(R1 @ U, identity(kappa), [definition(R1, R @ P)])  # wrong


THEOREM = replace(TRUE, derivation=derivation)
