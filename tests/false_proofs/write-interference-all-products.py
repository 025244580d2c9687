"""False: all products C_j C_k are asked to vanish, C_1 C_1 too."""

from dataclasses import replace

from emtheory.judges.exact import exactly
from emtheory.theorems.files import bundled, load
from emtheory.verdict import equivalent

TRUE = load(bundled() / "write-interference.py").record

responses_decide = TRUE.conclusions[1]


def products_decide(task, inputs, other):
    """C_j C_k = 0 for k ≥ 2 iff C_j C_k = 0 for all k."""
    later = all((b @ c).is_zero() for b in other.blocks for c in other.blocks[1:])
    everything = all((b @ c).is_zero() for b in other.blocks for c in other.blocks)
    return equivalent(exactly(later, True), exactly(everything, True))  # wrong


THEOREM = replace(TRUE, conclusions=(responses_decide, products_decide))
