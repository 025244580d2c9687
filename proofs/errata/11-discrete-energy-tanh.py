"""The change of the discrete energy has the potential with the wrong sign, and is no longer open.

Printed, for tanh: the part of ΔE that comes from L is + Σ log(cosh x'/cosh x), "not complete". With E(x) = xᵀy - L(x) -
½ yᵀS y and L = Σ log cosh it is - Σ log(cosh x'/cosh x). For Xi = 1, Phi = 0, x = 1, x' = tanh 1: ΔE = -0.0206, printed
-0.3568. Right: E(x) - E(x') is a sum of Bregman divergences and a square, at least 0: `discrete-energy`.
"""

from emtheory.judges.balls import agree, arb, less, precision
from emtheory.judges.exact import exactly, matrix, rational, zeros
from emtheory.theorems.cases import matrices, tasks
from emtheory.theorems.theorem import Erratum
from emtheory.theory.gsemm import tanh_energy

BITS = 192


def _potential(state):
    """Σ log cosh, enclosed."""
    return sum((value.cosh().log() for value in state), arb(0))


def _states(weights, state):
    """x and x' = S tanh x, enclosed."""
    before = [arb(row[0]) for row in state]
    images = [value.tanh() for value in before]
    after = [sum((arb(s) * y for s, y in zip(row, images, strict=True)), arb(0)) for row in weights]
    return before, after


def _change(weights, state):
    """ΔE = E(x') - E(x) without field and leak, enclosed."""
    none, one = zeros(len(state), 1), rational(1)
    return tanh_energy(weights, none, state, one, steps=1) - tanh_energy(weights, none, state, one, steps=0)


def printed(weights, state):
    """ΔE has the part + Σ log(cosh x'/cosh x): then it differs from the true one by twice that."""
    with precision(BITS):
        before, after = _states(weights, state)
        flipped = _change(weights, state) + 2 * (_potential(after) - _potential(before))
        true = _change(weights, state)
    return agree(flipped, true, bits=BITS)


def corrected(weights, state):
    """ΔE < 0, unless x is 0 or S tanh x = 0 from x = 0."""
    if state.is_zero():
        return exactly(weights @ state, state)
    return less(lambda: _change(weights, state), 0, bits=BITS)


def networks(task):
    """S = Xi Xiᵀ and a state."""

    def case(parts):
        xi = parts[:, : task.kappa]
        return xi @ xi.T, parts[:, task.kappa :]

    return matrices(task.s, task.kappa + 1).map(case)


ONE = matrix([[1]])
ERRATUM = Erratum(
    number=11,
    printed='discrete energy, tanh: ΔE_2 = + Σ log(cosh x\'/cosh x), "not complete"',
    why="the sign: for Xi = 1, Phi = 0, x = 1 the energy changes by -0.0206, printed is -0.3568",
    corrected="ΔE_2 = - Σ log(cosh x'/cosh x), and E never increases",
    claim=printed,
    counterexample=(ONE, ONE),
    correction=corrected,
    examples={"one neuron": (ONE, ONE), "two neurons": (matrix([[2, 1], [1, 1]]), matrix([[1], [-2]]))},
    cases=tasks(max_s=4, max_kappa=3).flatmap(networks),
    theorem="discrete-energy",
    source="the notes to Karuvally, Sejnowski, Siegelmann, ICML 2023, the discrete energy",
)
