"""False: T⁻¹ need not be the inverse of T."""

from dataclasses import replace

from emtheory.theorems.files import bundled, load

TRUE = load(bundled() / "spectrum-is-not-enough.py").record

THEOREM = replace(TRUE, hypotheses={})  # wrong
