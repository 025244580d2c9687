"""False: at a = 1 the energy is said to stay only if y' = y; a selection of subgradients may change all the same."""

from dataclasses import replace

from emtheory.judges.exact import exactly
from emtheory.theorems.files import bundled, load
from emtheory.theory.gsemm import POTENTIALS

TRUE = load(bundled() / "discrete-energy.py").record


def equality_at_full_step(xi, s, bias, state, potential, rate):
    """At a = 1, E(x') = E(x) only if σ(x') = σ(x)."""
    value, slope = POTENTIALS[potential]

    def energy(x):
        y, total = x.map(slope), sum(value(row[0]) for row in x)
        return (x.T @ y - (y.T @ s @ y) / 2 - bias.T @ y)[0, 0] - total

    later = s @ state.map(slope) + bias
    return exactly(energy(later) != energy(state) or later.map(slope) == state.map(slope), True)  # wrong


THEOREM = replace(TRUE, conclusions=(equality_at_full_step,))
