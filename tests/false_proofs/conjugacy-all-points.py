"""False: σ is said to map all points of X one to one, not only the periodic ones."""

from dataclasses import replace

from emtheory.judges.exact import exactly
from emtheory.theorems.files import bundled, load

TRUE = load(bundled() / "conjugacy.py").record


def periodic_points_correspond(outer, inner, f_values, weights, slopes):
    """σ is one to one."""
    return exactly(len(set(inner)), len(inner))  # wrong


THEOREM = replace(TRUE, conclusions=(periodic_points_correspond,))
