"""False: the conditioning of the basis is left out of the bound."""

from dataclasses import replace

from flint import acb

from emtheory.judges.balls import at_most, precision
from emtheory.judges.exact import charpoly, eye, matrix
from emtheory.theorems.files import bundled, load
from emtheory.theory.memories import norm_bound

TRUE = load(bundled() / "spectral-stability.py").record


def eigenvalue_near(xi, dual, phi, basis, diagonal, error, mu, at):
    """μ lies within ‖E‖₂ of an eigenvalue of W."""
    with precision(128):
        gaps = [abs(root - acb(*mu)) for root, _ in charpoly(xi @ phi @ dual).complex_roots()]
        nearest = min((gap * gap for gap in gaps), key=float)
    return at_most(nearest, norm_bound(error), bits=128)  # wrong


F, HALF = matrix([[1, 8], [0, 1]]), matrix([["1/2"]])[0, 0]
PHI, LAM = matrix([[0, 1], [0, "1/8"]]), matrix([[0, 0], [0, "1/8"]])
STATE = matrix([[2, 0], [1, 0]])
ERROR = matrix([[0, 0], ["3/20", "3/40"]])  # (Phi + E) (2, 1) = (1, 1/2)
SKEW = (eye(2), eye(2), PHI, F, LAM, ERROR, (HALF, 0 * HALF), STATE)
THEOREM = replace(TRUE, conclusions=(eigenvalue_near,), examples={"skew eigenvectors": SKEW})
