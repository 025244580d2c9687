"""False: the correction is the printed form."""

from dataclasses import replace

from emtheory.theorems.files import bundled, load

TRUE = load(bundled() / "errata" / "03-first-row-of-the-composition.py").record

ERRATUM = replace(TRUE, correction=TRUE.claim)  # wrong
