"""False: the second divergence counts with the wrong coefficient."""

from dataclasses import replace

from emtheory.judges.symbolic import nonnegative
from emtheory.theorems.files import bundled, load

TRUE = load(bundled() / "discrete-energy.py").record


def derivation():
    for sentence, claim in list(TRUE.derivation())[:1]:
        (c1, ahead), (c2, back), square = claim.parts
        yield sentence, nonnegative(claim.equation.lhs, [(c2, ahead), (c1, back), square], claim.given)  # wrong


THEOREM = replace(TRUE, derivation=derivation)
