"""False: the case that should have a bias has none."""

from dataclasses import replace

from emtheory.judges.exact import matrix
from emtheory.theorems.files import bundled, load
from emtheory.theory.memories import MemoryBasis
from emtheory.theory.tasks import Task

TRUE = load(bundled() / "loaded-composition.py").record

no_bias = next(h for h in TRUE.hypotheses if h.__name__ == "no_bias")
ONE, NONE = matrix([[1]]), matrix([[0]])
CASE = (Task.repeat_copy(1, 1), MemoryBasis(ONE, ONE), ONE, ONE, NONE, NONE)  # wrong


THEOREM = replace(TRUE, hypotheses={**TRUE.hypotheses, no_bias: CASE})
