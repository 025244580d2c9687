"""False: the induction leaves a time out."""

from dataclasses import replace

from emtheory.judges.symbolic.claims import Induction
from emtheory.theorems.files import bundled, load
from emtheory.theory.algebra import s, t

TRUE = load(bundled() / "write-interference.py").record


def derivation():
    for sentence, claim in TRUE.derivation():
        if isinstance(claim, Induction) and claim.cases:
            claim = replace(claim, cases=((t <= s,), (t >= s + 2,)))
        yield sentence, claim  # wrong


THEOREM = replace(TRUE, derivation=derivation)
