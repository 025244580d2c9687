"""False: every output is said to be an input of the last step."""

from dataclasses import replace

from emtheory.judges.exact import exactly
from emtheory.theorems.files import bundled, load
from emtheory.theory.pointers import PointerChase

TRUE = load(bundled() / "pointer-chase.py").record


def agrees_with_the_recursion(task, inputs):
    """x(s+1) reads u(s)."""
    read = PointerChase(task).read(range(task.kappa), task.s + 1)
    return exactly([int(time) for time in read.time], [task.s] * task.kappa)  # wrong


THEOREM = replace(TRUE, conclusions=(agrees_with_the_recursion,))
