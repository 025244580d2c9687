"""False: every signed selection is said to be solvable."""

from dataclasses import replace

from emtheory.judges.exact import exactly
from emtheory.theorems.files import bundled, load

TRUE = load(bundled() / "lti-impossibility.py").record


def products_vanish(task, network, network_of_two, selection):
    """C_j C_k = 0 for all k ≥ 2, for the selection too."""
    blocks = selection.blocks
    return exactly(all((b @ c).is_zero() for b in blocks for c in blocks[1:]), True)  # wrong


THEOREM = replace(TRUE, conclusions=(products_vanish, *TRUE.conclusions))
