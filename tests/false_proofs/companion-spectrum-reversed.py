"""False: the blocks are read from the last to the first."""

from dataclasses import replace

from emtheory.judges.exact import charpoly, exactly, eye
from emtheory.theorems.files import bundled, load
from emtheory.theory.circuits import companion

TRUE = load(bundled() / "companion-spectrum.py").record


def one_characteristic_polynomial(task):
    """det(x - Phi_C) = det(x^s - Σ_k x^(s-k) C_k), at x = 2."""
    value = 2**task.s * eye(task.kappa)
    for place, block in enumerate(task.blocks, start=1):
        value = value - 2 ** (task.s - place) * block  # wrong
    return exactly(charpoly(companion(task))(2), value.det())


THEOREM = replace(TRUE, conclusions=(one_characteristic_polynomial,))
