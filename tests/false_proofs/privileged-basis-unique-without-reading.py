"""False: R U = I is not asked for."""

from dataclasses import replace

from emtheory.theorems.files import bundled, load

TRUE = load(bundled() / "privileged-basis-unique.py").record

first, *others = TRUE.hypotheses


THEOREM = replace(TRUE, hypotheses={h: TRUE.hypotheses[h] for h in others})  # wrong
