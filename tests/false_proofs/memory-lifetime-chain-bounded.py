"""False: on a chain of length two the powers are said to be λ^t, as on an eigenvector."""

from dataclasses import replace

from emtheory.judges.symbolic import induction
from emtheory.theorems.files import bundled, load

TRUE = load(bundled() / "memory-lifetime.py").record


def derivation():
    for sentence, claim in TRUE.derivation():
        if not sentence.startswith("on a chain"):
            yield sentence, claim
            continue
        lhs, (first, _) = claim.equation.lhs, claim.equation.rhs.terms
        yield sentence, induction(claim.k, 0, lhs, first, claim.given)  # wrong


THEOREM = replace(TRUE, derivation=derivation)
