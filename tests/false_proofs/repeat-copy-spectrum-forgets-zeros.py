"""False: the zeros of unused neurons are forgotten."""

from dataclasses import replace

from emtheory.judges.exact import exactly, minpoly, monomial, polynomial
from emtheory.theorems.files import bundled, load
from emtheory.theory.circuits import Circuit

TRUE = load(bundled() / "repeat-copy-spectrum.py").record


def semisimple(task, basis):
    """The minimal polynomial of W is x^s - 1, also if n > s kappa."""
    return exactly(minpoly(Circuit(task, basis).W), monomial(task.s) - polynomial([1]))  # wrong


THEOREM = replace(TRUE, conclusions=(semisimple,))
