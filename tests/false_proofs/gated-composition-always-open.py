"""False: the gate may be open."""

from dataclasses import replace

from emtheory.theorems.files import bundled, load

TRUE = load(bundled() / "gated-composition.py").record

reads_back, _ = TRUE.hypotheses


THEOREM = replace(TRUE, hypotheses={reads_back: TRUE.hypotheses[reads_back]})  # wrong
