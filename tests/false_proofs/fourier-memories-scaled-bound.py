"""False: the error bound is a thousand times the derived one."""

from dataclasses import replace

from emtheory.judges.floats import chain, close
from emtheory.theorems.files import bundled, load
from emtheory.theory.circuits import Circuit

TRUE = load(bundled() / "fourier-memories.py").record


def floats_read_the_transform(task, basis, inputs):
    """W times the basis agrees with its exact value, within a generous bound."""
    w = Circuit(task, basis).W
    computed = chain(w, basis.xi)
    return close(computed.value, w @ basis.xi, 1000 * computed.bound)  # wrong


THEOREM = replace(TRUE, numeric=(floats_read_the_transform,))
