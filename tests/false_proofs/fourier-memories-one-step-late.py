"""False: what the rows read turns twice as far in a step."""

from dataclasses import replace

from emtheory.judges.exact import exactly
from emtheory.theorems.files import bundled, load
from emtheory.theory.circuits import companion

TRUE = load(bundled() / "fourier-memories.py").record


def rows_are_eigenvectors(task, basis, inputs):
    """One step of Phi multiplies by ω^(2q), as two steps do."""
    phi = companion(task)
    return exactly(phi, phi @ phi)  # wrong


THEOREM = replace(TRUE, conclusions=(rows_are_eigenvectors,))
