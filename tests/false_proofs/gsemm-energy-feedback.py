"""False: the motion of the delayed state is left out of the balance."""

from dataclasses import replace

from emtheory.judges.symbolic import identical
from emtheory.theorems.files import bundled, load

TRUE = load(bundled() / "gsemm-energy.py").record


def derivation():
    for sentence, claim in TRUE.derivation():
        first = claim.equation.rhs.terms
        chain_rule = claim.given[:1]
        yield sentence, identical(claim.equation.lhs, first[0] + first[1], chain_rule)  # wrong
        return


THEOREM = replace(TRUE, derivation=derivation)
