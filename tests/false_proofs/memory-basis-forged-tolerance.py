"""False: a tolerance takes the place of the error bound."""

from dataclasses import replace

from emtheory.judges.floats import chain, close
from emtheory.theorems.files import bundled, load

TRUE = load(bundled() / "memory-basis.py").record


def floats_agree(xi, dual, phi, variables):
    """Two float steps agree with Xi Phi^2 Dual, to six digits."""
    w = xi @ phi @ dual
    return close(chain(w, w).value, xi @ phi**2 @ dual, 1e-6)  # wrong


THEOREM = replace(TRUE, numeric=(floats_agree,))
