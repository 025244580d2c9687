"""False: the projector need not be symmetric."""

from dataclasses import replace

from emtheory.theorems.files import bundled, load

TRUE = load(bundled() / "hebbian-dual.py").record

OTHERS = {h: case for h, case in TRUE.hypotheses.items() if h.__name__ != "symmetric_projector"}
THEOREM = replace(TRUE, hypotheses=OTHERS)  # wrong
