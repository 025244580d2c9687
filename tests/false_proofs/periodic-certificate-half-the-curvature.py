"""False: the second-order term of a step is left out of the radii."""

from dataclasses import replace

from emtheory.judges.symbolic import never_negative
from emtheory.theorems.files import bundled, load

TRUE = load(bundled() / "periodic-certificate.py").record


def derivation():
    for sentence, claim in TRUE.derivation():
        if not sentence.startswith("so the radii dominate"):
            yield sentence, claim
            continue
        grows, slack, linear, _ = claim.parts
        parts = [grows, slack, linear]
        yield sentence, never_negative(claim.k, 0, claim.term, claim.base, parts, claim.given)  # wrong


THEOREM = replace(TRUE, derivation=derivation)
