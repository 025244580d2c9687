"""False: the bound is said to grow linearly, j ε, instead of with the power."""

from dataclasses import replace

from emtheory.judges.exact import exactly
from emtheory.theorems.files import bundled, load

TRUE = load(bundled() / "recovery-stability.py").record


def memories_within(a, a_hat, u, u_hat, r, r_hat, errors):
    """After 2 steps the memory is off by at most 2 ε ‖U‖ + δ."""
    gap = (a_hat**2 @ u_hat - a**2 @ u).norm_inf()
    return exactly(gap <= 2 * errors[0] * u.norm_inf() + errors[1], True)  # wrong


THEOREM = replace(TRUE, conclusions=(memories_within,))
