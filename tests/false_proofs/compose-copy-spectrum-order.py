"""False: the cycles are one longer."""

from dataclasses import replace

from emtheory.judges.exact import charpoly, exactly, monomial, polynomial
from emtheory.theorems.files import bundled, load
from emtheory.theory.circuits import companion

TRUE = load(bundled() / "compose-copy-spectrum.py").record


def product_of_cycles(task):
    """det(x - Phi_C) = Π_i x^(i-1) (x^(s+2-i) - 1)."""
    expected = monomial(0)
    for place in range(1, task.s + 1):
        expected = expected * monomial(place - 1) * (monomial(task.s + 2 - place) - polynomial([1]))  # wrong
    return exactly(charpoly(companion(task)), expected)


THEOREM = replace(TRUE, conclusions=(product_of_cycles,))
