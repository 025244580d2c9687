"""False: the hypothesis that the dual reads what the basis writes is gone."""

from dataclasses import replace

from emtheory.theorems.files import bundled, load

TRUE = load(bundled() / "memory-basis.py").record

THEOREM = replace(TRUE, hypotheses={})  # wrong
