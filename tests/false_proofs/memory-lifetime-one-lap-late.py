"""False: repeat copy with γ during writing is said to be scaled by γ^t."""

from dataclasses import replace

from emtheory.judges.exact import exactly, matrix
from emtheory.networks.elman import linear_run
from emtheory.theorems.files import bundled, load
from emtheory.theory.circuits import companion, selector
from emtheory.theory.tasks import Task

TRUE = load(bundled() / "memory-lifetime.py").record


def scaled_while_writing(phi, blocks, basis, scale):
    """y(s+1) = γ u(1)."""
    count = len(phi) + 1
    last = selector(count, 1, count)
    inputs = matrix([[1] * count])
    heard = linear_run(scale * companion(Task.repeat_copy(count, 1)), last, last.T, inputs, count + 1).outputs
    return exactly(heard[0, count], scale)  # wrong


THEOREM = replace(TRUE, conclusions=(scaled_while_writing,))
