"""False: the correction is the printed form."""

from dataclasses import replace

from emtheory.theorems.files import bundled, load

TRUE = load(bundled() / "errata" / "02-hidden-state-of-repeat-copy.py").record

ERRATUM = replace(TRUE, correction=TRUE.claim)  # wrong
