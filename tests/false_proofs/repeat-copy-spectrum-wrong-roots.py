"""False: roots of -1 are expected for those of 1."""

from dataclasses import replace

from emtheory.judges.floats import roots_of_unity, spectrum_is
from emtheory.loader import bundled, load
from emtheory.theory.circuits import companion

TRUE = load(bundled() / "repeat-copy-spectrum.py").record


def lapack_agrees(task, basis):
    """LAPACK's discs hold the solutions of x^s = -1."""
    return spectrum_is(companion(task), roots_of_unity(task.s, sign=-1, count=task.kappa))  # wrong


THEOREM = replace(TRUE, numeric=(lapack_agrees,))
