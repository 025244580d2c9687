"""False: roots of -1 are expected for those of 1."""

from dataclasses import replace

from emtheory.judges.floats import half_gaps, roots_of_unity, spectrum_within
from emtheory.theorems.files import bundled, load
from emtheory.theory.circuits import companion

TRUE = load(bundled() / "repeat-copy-spectrum.py").record


def lapack_agrees(task, basis):
    """In floats as many eigenvalues as predicted lie nearest to each solution of x^s = -1."""
    expected = roots_of_unity(task.s, sign=-1, count=task.kappa)  # wrong
    return spectrum_within(companion(task), expected, half_gaps(expected, 2 * task.s * task.kappa))


THEOREM = replace(TRUE, numeric=(lapack_agrees,))
