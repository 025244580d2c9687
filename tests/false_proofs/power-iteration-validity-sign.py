"""False: C_k is subtracted where it is added."""

from dataclasses import replace

from emtheory.judges.symbolic import hypothesis, identical, identity
from emtheory.theorems.files import bundled, load
from emtheory.theory.algebra import ACTION, STORED, C, Dual, E, W, Xi, k, m, s

TRUE = load(bundled() / "power-iteration-validity.py").record

reads_back, _ = TRUE.hypotheses


def derivation():
    duality = hypothesis(reads_back, Dual @ Xi, identity(m))
    yield "Phi moves variables", ACTION
    moved = Xi @ E(k - 1) - Xi @ E(s) @ C(k)
    yield "a step of W", identical(W @ Xi @ E(k), moved, [STORED, duality, ACTION], where=[k >= 2, k <= s])  # wrong


THEOREM = replace(TRUE, derivation=derivation)
