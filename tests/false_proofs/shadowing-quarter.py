"""False: z - tanh z ≤ z³/4."""

from dataclasses import replace

from emtheory.judges.symbolic import INCREASING, integrated
from emtheory.theorems.files import bundled, load

TRUE = load(bundled() / "shadowing.py").record


def derivation():
    for sentence, claim in TRUE.derivation():
        if not sentence.startswith("and z - tanh z"):
            yield sentence, claim
            continue
        yield sentence, integrated(claim.slope, claim.z, claim.function - claim.z**3 / 12, INCREASING)  # wrong


THEOREM = replace(TRUE, derivation=derivation)
