"""Protects shadowing: every run within the stated amplitude stays as near to its linear model as is claimed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emtheory.judges.exact import dyadic
from emtheory.networks.elman import Network, linear_run
from emtheory.networks.shadowing import amplitudes, shadowing_bounds, shadowing_norm


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 8), st.integers(1, 4), st.floats(0.1, 1.5), st.integers(0, 2**32 - 1))
def test_runs_of_the_stated_amplitude_stay_within_the_stated_share(n, s, gain, seed):
    rng = np.random.default_rng(seed)
    network = Network(gain * rng.normal(size=(n, n)) / np.sqrt(n), rng.normal(size=(n, 2)), rng.normal(size=(2, n)))
    steps, within = 12, 0.2
    found = amplitudes(network, s, steps, within)
    assert (np.diff(found) <= 0).all()
    for T in (1, steps):
        u = found[T - 1] * rng.choice((-1.0, 1.0), size=(20, s, 2))
        states = network.run(u, T).states
        linear = linear_run(network.W_hh, network.W_uh, network.W_r, u, T).states
        rounding = 2.0**-40 * np.abs(linear).max()
        assert np.abs(states - linear).max() <= within * found[T - 1] + rounding


def test_the_bound_is_sharp_for_one_neuron_that_forgets():
    """l = a, h = tanh a: a - tanh a is a³/3 to third order."""
    a = amplitudes(Network([[0.0]], [[1.0]], [[1.0]]), 1, 1, within=1e-4)[0]
    assert 0.9 < (a - np.tanh(a)) / (1e-4 * a) <= 1


def test_the_norm_bound_is_above_the_componentwise_one():
    W, linear = dyadic(np.array([[0.5, -1.0], [0.25, 0.5]])), dyadic(np.array([[0.5, 0.25], [0.0, 1.0]]))
    last = list(shadowing_bounds(W, linear))[-1]
    assert last.norm_inf() <= shadowing_norm(W, linear)


@pytest.mark.parametrize(
    "network",
    [
        Network([[0.5]], [[1.0]], [[1.0]], activation="relu"),
        Network([[0.5]], [[1.0]], [[1.0]], bias=[0.1]),
        Network([[0.5]], [[1.0]], [[1.0]], leak=0.5),
    ],
)
def test_networks_whose_linear_model_starts_elsewhere_are_refused(network):
    with pytest.raises(ValueError, match="without bias and leak"):
        amplitudes(network, 1, 1, 0.1)
    with pytest.raises(ValueError, match="must be positive"):
        amplitudes(Network([[0.5]], [[1.0]], [[1.0]]), 0, 1, 0.1)
