"""False: every state is said to be a fixed point at a = 1."""

from dataclasses import replace

from emtheory.judges.exact import exactly
from emtheory.theorems.files import bundled, load
from emtheory.theory.gsemm import POTENTIALS

TRUE = load(bundled() / "discrete-energy.py").record


def energy_falls(xi, s, bias, state, potential, rate):
    """S σ(x) + c = x."""
    return exactly(s @ state.map(POTENTIALS[potential][1]) + bias, state)  # wrong


THEOREM = replace(TRUE, conclusions=(energy_falls,))
