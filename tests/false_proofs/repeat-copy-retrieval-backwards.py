"""False: variables are said to move to the next memory."""

from dataclasses import replace

from emtheory.judges.symbolic import hypothesis, identical, zero
from emtheory.theorems.files import bundled, load
from emtheory.theory.algebra import ACTION, C, E, Phi, k, kappa, s

TRUE = load(bundled() / "repeat-copy-retrieval.py").record

_, copies = TRUE.hypotheses


def derivation():
    rest = hypothesis(copies, C(k), zero(kappa, kappa), where=[k >= 2, k <= s])
    yield "Phi moves variables", ACTION
    yield "to the next memory", identical(Phi @ E(k), E(k + 1), [ACTION, rest], where=[k >= 2, k <= s - 1])  # wrong


THEOREM = replace(TRUE, derivation=derivation)
