"""Protects the continuous model against scipy's integrator: the energy's rate, its fall, and the reduction."""

from dataclasses import replace

import numpy as np
import pytest

from emtheory.judges.exact import matrix
from emtheory.theory.gsemm import following_energy
from emtheory.theory.memory_model import ACTIVATIONS, MemoryModel, State

NAMES = sorted(ACTIVATIONS)


def random_model(seed, **options):
    rng = np.random.default_rng(seed)
    model = MemoryModel(rng.normal(size=(4, 3)) / 2, rng.normal(size=(3, 3)) / 2, **options)
    return model, State(*(rng.normal(size=size) for size in (4, 3, 4)))


@pytest.mark.parametrize("name", NAMES)
def test_sigma_is_the_slope_of_its_potential_and_slope_that_of_sigma(name):
    """Central differences of step h are off by h²/6 times a third derivative, and by rounding over h."""
    activation, x, h = ACTIVATIONS[name], np.linspace(-20, 20, 401) + 0.05, 2.0**-13
    for function, slope in ((activation.potential, activation.value), (activation.value, activation.slope)):
        difference = (function(x + h) - function(x - h)) / (2 * h)
        bound = h**2 + 2.0**-50 * (1 + np.abs(function(x))) / h
        assert (np.abs(difference - slope(x)) <= bound).all()


@pytest.mark.parametrize("sigma_h", NAMES)
@pytest.mark.parametrize("sigma_f", NAMES)
def test_the_rate_of_the_energy_is_its_change_along_the_integrated_path(sigma_f, sigma_h):
    model, state = random_model(7, sigma_f=sigma_f, sigma_h=sigma_h, T_f=1.5, T_h=0.7, alpha_s=0.8, alpha_c=0.6)
    h = 2.0**-9
    errors = []
    for step in (h, h / 2):
        path = model.run(state, [0.0, step])
        end = State(*(values[-1] for values in path))
        middle = State(*(values[1] for values in model.run(state, [0.0, step / 2, step])))
        rate = model.energy_rate(middle, model.field(middle).V_d)
        errors.append(abs((model.energy(end) - model.energy(state)) / step - rate))
    assert errors[0] <= 50 * h**2  # the midpoint rule is of second order
    assert errors[1] <= errors[0] / 3 + 2.0**-30


@pytest.mark.parametrize("name", NAMES)
def test_the_energy_never_increases_while_the_delayed_layer_is_frozen(name):
    model, state = random_model(3, sigma_f=name, sigma_h="tanh")
    path = model.run(state, np.linspace(0, 20, 200), freeze=True)
    energies = np.array([model.energy(State(*parts)) for parts in zip(*path, strict=True)])
    assert (np.diff(energies) <= 2.0**-26 * np.abs(energies).max()).all()
    assert energies[-1] < energies[0]


def test_fast_layers_follow_within_a_multiple_of_their_time_constant():
    """The distance from the reduced solution on a fixed interval is O(ε): its slope over ε in log-log is 1."""
    model, start = random_model(11, sigma_f="tanh")
    times = np.linspace(0, 3, 31)
    reduced = model.run_reduced(start.V_f, times)
    scales = 2.0 ** -np.arange(4, 9)
    gaps = []
    for eps in scales:
        fast = replace(model, T_h=eps, T_d=eps)
        settled = np.tanh(start.V_f)
        hidden = fast.xi.T @ settled + fast.phi.T @ fast.xi.T @ settled
        path = fast.run(State(start.V_f, hidden, settled), times)
        gaps.append(np.abs(path.V_f - reduced).max())
    slope = np.polyfit(np.log(scales), np.log(gaps), 1)[0]
    assert 0.9 < slope < 1.1


def test_the_energy_of_a_delayed_layer_that_follows_rises_where_the_weights_swap():
    xi, phi = np.diag([1.0, 2.0]), np.array([[-1, 0.5], [0.5, -1]])
    model = MemoryModel(xi, phi, sigma_f="identity")
    assert np.array_equal(model.S, [[0, 1], [1, 0]])
    for x, expected in (([0.0, 1.0], 0.0), ([1.0, 0.0], 3 / 8)):
        state = np.array(x)
        assert model.energy(State(state, xi.T @ state + phi.T @ xi.T @ state, state)) == expected
        column = matrix([[int(value)] for value in x])
        exact = following_energy(matrix([[1, 0], [0, 2]]), matrix([[-1, "1/2"], ["1/2", -1]]), column)
        assert float(exact.p) / float(exact.q) == expected


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"phi": np.eye(2)}, "n x m"),
        ({"xi": np.full((4, 3), np.nan)}, "finite"),
        ({"T_h": 0.0}, "must be > 0"),
        ({"alpha_s": -1.0}, "α_s"),
        ({"sigma_f": "sine"}, "must be one of identity, tanh, relu, softplus"),
    ],
)
def test_a_model_that_makes_no_sense_is_refused(options, message):
    model, _ = random_model(0)
    with pytest.raises(ValueError, match=message):
        replace(model, **options)
