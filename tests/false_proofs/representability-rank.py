"""False: rank W memories are said to suffice."""

from dataclasses import replace

from emtheory.judges.exact import exactly
from emtheory.theorems.files import bundled, load

TRUE = load(bundled() / "representability.py").record


def so_many_suffice(xi, dual, phi, change):
    """W has as many memories as its rank: rank W² = rank W."""
    w = xi @ phi @ dual
    return exactly((w @ w).rank(), w.rank())  # wrong


THEOREM = replace(TRUE, conclusions=(so_many_suffice,))
