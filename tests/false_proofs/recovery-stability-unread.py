"""False: the error of the readout is dropped from the bound of the composition."""

from dataclasses import replace

from emtheory.judges.symbolic import nonnegative
from emtheory.theorems.files import bundled, load

TRUE = load(bundled() / "recovery-stability.py").record


def derivation():
    for sentence, claim in TRUE.derivation():
        if not sentence.startswith("reading"):
            yield sentence, claim
            continue
        carried, _, slack = claim.parts
        lhs = carried[0] * carried[1] + slack[1]
        yield sentence, nonnegative(lhs, [carried], claim.given, where=claim.equation.where)  # wrong


THEOREM = replace(TRUE, derivation=derivation)
