"""False: the part of the state that is orthogonal to the memories is left out of ‖v‖²."""

from dataclasses import replace

from emtheory.judges.symbolic import identical
from emtheory.theorems.files import bundled, load

TRUE = load(bundled() / "spectral-stability.py").record


def derivation():
    for sentence, claim in TRUE.derivation():
        if not sentence.startswith("the Gram matrix"):
            yield sentence, claim
            continue
        square = claim.equation.rhs.terms[0]
        yield sentence, identical(claim.equation.lhs, square, claim.given)  # wrong


THEOREM = replace(TRUE, derivation=derivation)
