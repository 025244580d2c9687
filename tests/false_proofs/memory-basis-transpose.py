"""False: the transpose stands in for the dual."""

from dataclasses import replace

from emtheory.judges.exact import exactly
from emtheory.theorems.files import bundled, load

TRUE = load(bundled() / "memory-basis.py").record


def powers_kept(xi, dual, phi, variables):
    """W^2 = Xi Phi^2 Xiᵀ."""
    return exactly((xi @ phi @ xi.T) ** 2, xi @ phi**2 @ xi.T)  # wrong


THEOREM = replace(TRUE, conclusions=(powers_kept,))
