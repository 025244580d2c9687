"""False: the powers of x are exchanged."""

from dataclasses import replace

from emtheory.judges.exact import charpoly, exactly, monomial
from emtheory.theorems.files import bundled, load

TRUE = load(bundled() / "spectrum-transfer.py").record


def spectrum_kept(xi, dual, phi, task):
    """x^n det(x - W) = x^m det(x - Phi)."""
    w = xi @ phi @ dual
    return exactly(charpoly(w) * monomial(len(w)), charpoly(phi) * monomial(len(phi)))  # wrong


THEOREM = replace(TRUE, conclusions=(spectrum_kept,))
