"""False: a level is said to hold although the noise is not subtracted from what keeps it."""

from dataclasses import replace

from emtheory.judges.symbolic import never_negative
from emtheory.theorems.files import bundled, load

TRUE = load(bundled() / "saturating-write.py").record


def derivation():
    for sentence, claim in TRUE.derivation():
        if not sentence.startswith("from then on"):
            yield sentence, claim
            continue
        kept, copied, _ = claim.parts
        yield sentence, never_negative(claim.k, 0, claim.term, claim.base, [kept, copied], claim.given)  # wrong


THEOREM = replace(TRUE, derivation=derivation)
