"""False: W is said to act on Xi by the transpose."""

from dataclasses import replace

from emtheory.judges.exact import exactly
from emtheory.theorems.files import bundled, load

TRUE = load(bundled() / "privileged-basis-unique.py").record


def is_the_circuit(w, write, read, variables):
    """(R W U)ᵀ = R W U."""
    block = read @ w @ write
    return exactly(block.T, block)  # wrong


THEOREM = replace(TRUE, conclusions=(is_the_circuit,))
