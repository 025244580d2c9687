"""False: all s kappa numbers are said to be needed."""

from dataclasses import replace

from emtheory.judges.exact import exactly
from emtheory.theorems.files import bundled, load
from emtheory.theory.circuits import companion

TRUE = load(bundled() / "minimal-memory.py").record


def power_is_the_future(task):
    """rank Phi_C^s = s kappa."""
    return exactly((companion(task) ** task.s).rank(), task.s * task.kappa)  # wrong


THEOREM = replace(TRUE, conclusions=(power_is_the_future,))
