"""False: T C T is taken for T⁻¹ C T."""

from dataclasses import replace

from emtheory.judges.exact import charpoly, exactly
from emtheory.theorems.files import bundled, load
from emtheory.theory.circuits import companion
from emtheory.theory.tasks import Task

TRUE = load(bundled() / "spectrum-is-not-enough.py").record


def one_spectrum(task, change, inverse):
    """det(x - Phi) is the same for C and T C T."""
    changed = Task.from_blocks([change @ block @ change for block in task.blocks])
    return exactly(charpoly(companion(task)), charpoly(companion(changed)))  # wrong


THEOREM = replace(TRUE, conclusions=(one_spectrum,))
