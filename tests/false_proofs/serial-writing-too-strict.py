"""False: C_1 is asked to vanish too."""

from dataclasses import replace

from emtheory.judges.exact import exactly
from emtheory.theorems.files import bundled, load
from emtheory.verdict import equivalent

TRUE = load(bundled() / "serial-writing.py").record


def plain_writing_is_exact_iff(task, basis, inputs, start):
    """The inputs are loaded as they are iff C_1 = … = C_s = 0."""
    exact = exactly(all(block.is_zero() for block in task.blocks[1:]), True)
    return equivalent(exact, exactly(all(block.is_zero() for block in task.blocks), True))  # wrong


THEOREM = replace(TRUE, conclusions=(plain_writing_is_exact_iff,))
