"""Dynamics: steps, Jacobians and their enclosures agree, at points and over boxes."""

from fractions import Fraction

import numpy as np
import pytest

from emtheory.judges.balls import arb, precision
from emtheory.networks.activations import ACTIVATIONS
from emtheory.networks.elman import Network
from emtheory.networks.gated import Dynamics, GRUCell, LSTMCell

N, K, OUT = 4, 3, 2


def gated(kind: type, seed: int, biased: bool = True):
    rng, rows = np.random.default_rng(seed), kind.gates * N
    biases = [rng.standard_normal(rows), rng.standard_normal(rows)] if biased else [None, None]
    return kind(rng.standard_normal((rows, K)), rng.standard_normal((rows, N)), *biases, rng.standard_normal((OUT, N)))


def elman(activation: str, leak: float, seed: int) -> Network:
    rng = np.random.default_rng(seed)
    W, U, R = rng.standard_normal((N, N)), rng.standard_normal((N, K)), rng.standard_normal((OUT, N))
    return Network(W, U, R, rng.standard_normal(N), activation, leak)


MAPS = {
    **{f"{kind.__name__}-{biased}": gated(kind, 1, biased) for kind in (LSTMCell, GRUCell) for biased in (True, False)},
    **{f"{name}-{leak}": elman(name, leak, 2) for name in ACTIVATIONS for leak in (1.0, 0.3)},
}


@pytest.fixture(params=sorted(MAPS))
def dynamics(request) -> Dynamics:
    return MAPS[request.param]


def points(dynamics: Dynamics, count: int = 6):
    return np.random.default_rng(3).standard_normal((count, dynamics.size))


def widened(ball: arb, value: float) -> arb:
    """2⁻⁴⁰ of what is at hand: far above the rounding of sums of a few dozen terms of size below 100, 2⁻⁵³·10⁴."""
    return ball + arb(0, 2.0**-40 * (1 + abs(value)))


def test_float_steps_and_jacobians_lie_in_their_enclosures_up_to_rounding(dynamics):
    for h in points(dynamics):
        with precision(120):
            step, jacobian = dynamics.enclosed_step(list(map(arb, h))), dynamics.enclosed_jacobian(list(map(arb, h)))
            assert all(float(ball.rad()) < 2.0**-90 for ball in step)
            assert all(float(ball.rad()) < 2.0**-90 for ball in jacobian.entries())
            for ball, value in zip(step, dynamics.step(h[np.newaxis])[0], strict=True):
                assert widened(ball, value).contains(arb(value))
            assert (jacobian.nrows(), jacobian.ncols()) == (dynamics.size, dynamics.size)
            for ball, value in zip(jacobian.entries(), dynamics.jacobian(h).flat, strict=True):
                assert widened(ball, value).contains(arb(value))


def test_jacobians_are_derivatives_of_the_exact_step(dynamics):
    """Central differences at 400 bits with δ = 2⁻⁶⁰: the error is below δ² times a third derivative, and 2⁻⁴⁰⁰/δ."""
    h, delta = points(dynamics)[0], 2.0**-60
    with precision(400):
        jacobian = dynamics.enclosed_jacobian(list(map(arb, h)))
        for column in range(dynamics.size):
            ahead, behind = ([arb(x) + (j == column) * sign * arb(delta) for j, x in enumerate(h)] for sign in (1, -1))
            pairs = zip(dynamics.enclosed_step(ahead), dynamics.enclosed_step(behind), strict=True)
            for row, (after, before) in enumerate(pairs):
                quotient = (after - before) / (2 * arb(delta)) + arb(0, 2.0**-100)
                assert quotient.overlaps(jacobian[row, column])


def test_over_a_box_the_enclosures_contain_steps_and_jacobians_of_points_in_it(dynamics):
    rng = np.random.default_rng(4)
    for radius in (2.0**-20, 0.25, 2.0):
        middle = points(dynamics)[1]
        box = [arb(x, radius) for x in middle]
        step, jacobian = dynamics.enclosed_step(box), dynamics.enclosed_jacobian(box)
        for _ in range(10):
            corner = rng.choice([-1.0, 0.0, 1.0, 0.37], dynamics.size)
            with precision(200):
                inside = [arb(x) + arb(radius) * arb(s) for x, s in zip(middle, corner, strict=True)]
                at, slopes = dynamics.enclosed_step(inside), dynamics.enclosed_jacobian(inside)
            assert all(wide.contains(narrow.mid()) for wide, narrow in zip(step, at, strict=True))
            pairs = zip(jacobian.entries(), slopes.entries(), strict=True)
            assert all(wide.overlaps(narrow) for wide, narrow in pairs)
        assert all(ball.is_finite() for ball in [*step, *jacobian.entries()])


def test_weights_enter_the_enclosures_exactly():
    network = Network([[0.1]], [[1.0]], [[1.0]], bias=[0.2], activation="identity")
    exact = Fraction(0.1) * 3 + Fraction(0.2)
    with precision(200):
        assert network.enclosed_step([arb(3)])[0] - arb(exact.numerator) / exact.denominator == 0


@pytest.mark.parametrize("kind", [LSTMCell, GRUCell])
def test_a_run_is_steps_with_inputs_from_a_start(kind):
    cell = gated(kind, 5)
    u, start = np.random.default_rng(6).standard_normal((2, 2, K)), points(cell, 2)
    run = cell.run(u, 4, start=start)
    assert run.states.shape == (2, 4, cell.size)
    assert np.array_equal(run.outputs, run.states[..., :N] @ cell.W_r.T)
    assert np.allclose(cell.step(run.states[:, 2]), run.states[:, 3], rtol=1e-13)
    # an input acts as a bias that lasts one step
    shifted = kind(cell.W_ih, cell.W_hh, cell.W_ih @ u[0, 0] + cell.b_ih, cell.b_hh)
    assert np.allclose(shifted.step(start[:1])[0], run.states[0, 0], rtol=1e-12, atol=1e-13)
    assert np.array_equal(cell.run(u[:1], 1).states, cell.run(u[:1], 1, start=np.zeros(cell.size)).states)
    assert shifted.run(u, 4).outputs.shape == (2, 4, 0)  # without a readout there is nothing to read


@pytest.mark.parametrize("kind", [LSTMCell, GRUCell])
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"W_hh": np.zeros((7, 4))}, r"W_hh must be \dn x n, n > 0, but has shape \(7, 4\)"),
        ({"W_hh": np.zeros((0, 0))}, "n > 0"),
        ({"W_ih": np.zeros((3, 5))}, r"W_ih must have \dn=\d+ rows"),
        ({"b_hh": np.zeros(3)}, r"b_hh must have \dn=\d+ entries"),
        ({"b_ih": np.full(3, np.nan)}, "b_ih must be finite"),
        ({"b_ih": np.zeros((3, 1))}, "b_ih must be a vector"),
        ({"W_r": np.zeros((4, 3))}, "W_r must have n=4 columns"),
    ],
)
def test_weights_that_do_not_make_a_cell_are_refused(kind, changes, message):
    good = gated(kind, 0)
    weights = {name: getattr(good, name) for name in ("W_ih", "W_hh", "b_ih", "b_hh", "W_r")}
    with pytest.raises(ValueError, match=message):
        kind(**{**weights, **changes})


@pytest.mark.parametrize("kind", [LSTMCell, GRUCell])
def test_states_and_boxes_that_do_not_fit_a_cell_are_refused(kind):
    cell = gated(kind, 0)
    with pytest.raises(ValueError, match=rf"\(batch, {cell.size}\)"):
        cell.step(np.zeros(cell.size))
    with pytest.raises(ValueError, match=rf"shape \({cell.size},\)"):
        cell.jacobian(np.full(cell.size, np.nan))
    with pytest.raises(ValueError, match=rf"{cell.size} balls"):
        cell.enclosed_jacobian([arb(0)])
    with pytest.raises(ValueError, match="start must be"):
        cell.run(np.zeros((1, 1, K)), 2, start=np.zeros(cell.size + 1))
