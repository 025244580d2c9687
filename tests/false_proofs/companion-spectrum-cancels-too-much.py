"""False: more is cancelled than is there."""

from dataclasses import replace

from emtheory.judges.symbolic import CANCELLATION, cancelled
from emtheory.theorems.files import bundled, load

TRUE = load(bundled() / "companion-spectrum.py").record


def derivation():
    *steps, (sentence, last) = TRUE.derivation()
    yield from steps
    equation, twice = last.equation, last.factor**2
    yield sentence, cancelled(last.product, twice, equation.lhs, equation.rhs, CANCELLATION)  # wrong


THEOREM = replace(TRUE, derivation=derivation)
