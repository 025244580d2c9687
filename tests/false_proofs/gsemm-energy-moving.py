"""False: the delayed state may move."""

from dataclasses import replace

from emtheory.loader import bundled, load

TRUE = load(bundled() / "gsemm-energy.py").record
curved_f, curved_h, frozen = TRUE.hypotheses

THEOREM = replace(TRUE, hypotheses={h: TRUE.hypotheses[h] for h in (curved_f, curved_h)})  # wrong
