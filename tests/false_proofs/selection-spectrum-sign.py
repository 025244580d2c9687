"""False: a cycle contributes x^l + ε."""

from dataclasses import replace

from emtheory.judges.exact import charpoly, exactly, monomial, polynomial
from emtheory.theorems.files import bundled, load
from emtheory.theory.circuits import companion
from emtheory.theory.spectra import cycle_type, predicted_spectrum

TRUE = load(bundled() / "selection-spectrum.py").record


def cycles_give_the_polynomial(task):
    """det(x - Phi_C) = Π (x^l + ε) x^zeros."""
    product = monomial(predicted_spectrum(task).zeros)
    for cycle in cycle_type(task):
        for _ in range(cycle.count):
            product = product * (monomial(cycle.order) + polynomial([cycle.sign]))  # wrong
    return exactly(charpoly(companion(task)), product)


THEOREM = replace(TRUE, conclusions=(cycles_give_the_polynomial,))
