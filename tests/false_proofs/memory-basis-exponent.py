"""False: the network is one step of the memories ahead."""

from dataclasses import replace

from emtheory.judges.symbolic import hypothesis, identity, induction
from emtheory.theorems.files import bundled, load
from emtheory.theory.algebra import STORED, Dual, Phi, W, Xi, k, m

TRUE = load(bundled() / "memory-basis.py").record

(reads_back,) = TRUE.hypotheses


def derivation():
    duality = hypothesis(reads_back, Dual @ Xi, identity(m))
    yield "one step ahead", induction(k, 1, W**k, Xi @ Phi ** (k + 1) @ Dual, [duality, STORED])  # wrong


THEOREM = replace(TRUE, derivation=derivation)
