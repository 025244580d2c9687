"""False: T⁻¹ stands on the wrong side."""

from dataclasses import replace

from emtheory.judges.symbolic import hypothesis, identical, identity, letter
from emtheory.theorems.files import bundled, load
from emtheory.theory.algebra import STORED, Dual, Phi, W, Xi, m

TRUE = load(bundled() / "representability.py").record

_, inverse_given = TRUE.hypotheses
T, back = letter("T", m, m), letter("T⁻¹", m, m)


def derivation():
    undone = hypothesis(inverse_given, T @ back, identity(m))
    changed = (Xi @ T) @ (T @ Phi @ back) @ (back @ Dual)
    yield "a change of memories leaves the weights as they are", identical(changed, W, [STORED, undone])  # wrong


THEOREM = replace(TRUE, derivation=derivation)
