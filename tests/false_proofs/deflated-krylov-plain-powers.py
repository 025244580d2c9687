"""False: plain powers of W take the place of the deflated ones."""

from dataclasses import replace

from emtheory.judges.exact import exactly
from emtheory.theorems.files import bundled, load
from emtheory.theory.circuits import companion

TRUE = load(bundled() / "deflated-krylov.py").record


def memories_recovered(task, xi, dual, write):
    """W^(s-1) U = Psi_1."""
    w = xi @ companion(task) @ dual
    return exactly(w ** (task.s - 1) @ write, xi[:, : task.kappa])  # wrong


THEOREM = replace(TRUE, conclusions=(memories_recovered,))
