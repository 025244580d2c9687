"""False: the delayed state may move."""

from dataclasses import replace

from emtheory.theorems.files import bundled, load

TRUE = load(bundled() / "gsemm-energy.py").record
OTHERS = {h: case for h, case in TRUE.hypotheses.items() if h.__name__ != "frozen"}

THEOREM = replace(TRUE, hypotheses=OTHERS)  # wrong
