"""Attacks the proofs about memories: the steps of a tube against Arb, periods against brute force, limits both ways."""

import itertools
from pathlib import Path

import numpy as np
import pytest

from emtheory.certificates.all_inputs import all_inputs
from emtheory.certificates.first_error import lost_at
from emtheory.certificates.orbit import forever, refuse
from emtheory.certificates.tanh import TANH_ERROR, tanh
from emtheory.certificates.target import target
from emtheory.certificates.tube import UnprovedError, finitely, triangle, tube
from emtheory.judges.balls import arb, precision
from emtheory.judges.exact import matrix
from emtheory.networks.build import build
from emtheory.networks.elman import Network
from emtheory.networks.weights import load
from emtheory.theory.circuits import companion
from emtheory.theory.tasks import Task


def saturating(task, gain, drive=3.0, bias=None, noise=0.0, seed=0):
    m = task.s * task.kappa
    Phi, write = companion(task).numpy(), np.zeros((m, task.kappa))
    write[m - task.kappa :] = np.eye(task.kappa)
    Phi = Phi + noise * np.random.default_rng(seed).normal(size=Phi.shape) / np.sqrt(m)
    return Network(gain * Phi, drive * write, write.T, bias=bias)


def signs(task, seed=0):
    return np.random.default_rng(seed).choice((-1.0, 1.0), size=(task.s, task.kappa))


def prove(network, task, u, steps, period, known=3000):
    states = network.run(u[np.newaxis], steps).states[0]
    return forever(network, task.name, u, target(task, u, known), states, period)


def path_of(network, u, steps):
    """c_0 = 0, c_1, … of a float run."""
    return np.vstack([np.zeros((1, network.n)), network.run(u[np.newaxis], steps).states[0]])


def ball_run(network, u, steps, bits=2000):
    """h(1) … h(steps) in balls of many bits."""
    states, h = [], [arb(0)] * network.n
    with precision(bits):
        for t in range(steps):
            z = [sum((arb(w) * x for w, x in zip(row.tolist(), h, strict=True)), arb(0)) for row in network.W_hh]
            if t < len(u):
                z = [a + sum(arb(v) * arb(x) for v, x in zip(row.tolist(), u[t].tolist(), strict=True))
                     for a, row in zip(z, network.W_uh, strict=True)]  # fmt: skip
            if network.bias is not None:
                z = [a + arb(float(b)) for a, b in zip(z, network.bias, strict=True)]
            h = [a.tanh() for a in z]
            states.append(h)
    return states


# --- what everything rests on -----------------------------------------------------------------------------------------


def test_tanh_is_off_by_at_most_its_stated_error():
    rng = np.random.default_rng(0)
    nodes = np.arange(0, 1300) / 64
    x = np.concatenate(
        [rng.normal(size=3000) * 2, rng.uniform(-0.02, 0.02, 500), nodes, nodes + 1 / 128, [1e300, 5e-324]]
    )
    with precision(120):
        errors = [abs(arb(float(a)).tanh() - arb(float(v))) for a, v in zip(x, tanh(x), strict=True)]
        assert all(error < arb(TANH_ERROR) for error in errors)
        assert any(error > arb(TANH_ERROR) / 4 for error in errors)  # the bound is no gift


@pytest.mark.parametrize(
    "task", [Task.compose_copy(3), Task.repeat_copy(4, 2), Task.from_selection(2, 2, [0, 3], [-1, 0])]
)
def test_the_period_of_a_target_is_exact_and_least(task):
    u = 1 + np.arange(task.s * task.kappa).reshape(task.s, task.kappa)
    found, x = target(task, u, 200), task.outputs(u[np.newaxis], 200)[0]
    repeats = [p for p in range(1, 60) if np.array_equal(x[found.start - 1 :][:100], x[found.start - 1 + p :][:100])]
    assert repeats[0] == found.period
    assert found.start == 1 or not np.array_equal(x[found.start - 2], x[found.start - 2 + found.period])
    assert np.array_equal(target(task, u, found.start + found.period + 9).upto(200), np.sign(x))


def test_compose_copy_of_eight_repeats_after_840_steps_and_has_seven_before():
    task = Task.compose_copy(8)
    found = target(task, 1 + np.arange(64).reshape(8, 8), 2000)
    assert (found.start, found.period) == (8, 840)
    Phi = companion(task)
    assert Phi**847 == Phi**7
    assert Phi**846 != Phi**6


def test_a_target_that_is_no_selection_is_computed_over_the_rationals():
    half = Task.from_blocks([matrix([["1/3"]]), matrix([["1/3"]])])
    assert target(half, np.array([[1.0], [-2.0]]), 40).period is None
    flip = Task.from_blocks([matrix([[-1]]), matrix([[-1]])])  # x, y, −x−y, x, y, …
    found = target(flip, np.array([[1.0], [-2.0]]), 40)
    assert (found.start, found.period, found.signs[:4, 0].tolist()) == (1, 3, [1, -1, 1, 1])


# --- the tube ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bias", [None, 0.05])
def test_a_step_of_the_tube_holds_for_random_states_in_it(bias):
    task = Task.repeat_copy(2, 2)
    network = saturating(task, 1.3, noise=0.1, bias=None if bias is None else np.full(4, bias))
    u, rng = signs(task), np.random.default_rng(1)
    path, radius = path_of(network, u, 30), 1e-2
    found = tube(network, u, path[:-1], path[-1], 0.9, np.eye(4))
    metrics = [triangle(row) for row in found.metrics] + [np.eye(4)]
    for t in range(5, 30):
        bound = found.alpha[t] * radius + found.beta[t] * radius**2 / 2 + found.defects[t]
        for _ in range(20):
            v = rng.normal(size=4)
            v = np.linalg.solve(metrics[t], v / np.linalg.norm(v) * radius)
            moved = network.step((path[t] + v)[np.newaxis])[0] - path[t + 1]
            assert np.linalg.norm(metrics[t + 1] @ moved) <= bound * (1 + 1e-12)
            assert np.linalg.norm(v) <= found.stretch[t] * radius * (1 + 1e-12)
        assert found.alpha[t] >= 0.9


def test_the_exact_run_lies_in_the_tube_and_the_tube_is_narrow():
    task = Task.compose_copy(3)
    network, u = saturating(task, 1.2, noise=0.05), signs(task)
    path = path_of(network, u, 40)
    found = tube(network, u, path[:-1], path[-1], 1.0, np.eye(network.n))
    reach = np.append(found.stretch, 1.0) * np.array(found.radii(0.0))
    for t, exact in enumerate(ball_run(network, u, 40), 1):
        with precision(200):
            away = sum(((x - arb(float(c))) ** 2 for x, c in zip(exact, path[t], strict=True)), arb(0)).sqrt()
            assert away < arb(float(reach[t]))
    assert reach.max() < 1e-11


def test_a_metric_that_lapack_got_wrong_is_noticed(monkeypatch):
    task = Task.repeat_copy(2, 2)
    network, u = saturating(task, 1.5), signs(task)
    honest = np.linalg.cholesky
    assert prove(network, task, u, 40, 2)
    monkeypatch.setattr(np.linalg, "cholesky", lambda a: honest(a) * 2)
    with pytest.raises(UnprovedError, match="too skew"):
        prove(network, task, u, 40, 2)


# --- for ever, and not ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("gain", "noise", "entry"), [(1.5, 0, 40), (1.5, 0.05, 40), (1.05, 0, 250)])
def test_a_saturating_repeat_copy_is_proved_for_ever(gain, noise, entry):
    task = Task.repeat_copy(8, 8)
    orbit = prove(saturating(task, gain, noise=noise), task, signs(task), entry, 8)
    assert orbit.margin > 0.3
    assert orbit.certificate.steps < entry


@pytest.mark.parametrize("gain", [0.9, 0.999])
def test_a_gain_below_one_is_refused(gain):
    task = Task.repeat_copy(8, 8)
    with pytest.raises(UnprovedError):
        prove(saturating(task, gain), task, signs(task), 1000, 8)


def test_a_trained_network_comes_to_an_orbit_of_period_840():
    task, network = Task.compose_copy(8), load("zoo:t3-n64")
    orbit = prove(network, task, signs(task), 1000, 840)
    assert (orbit.certificate.period, len(orbit.certificate.radii) - orbit.certificate.steps) == (840, 840)
    assert orbit.margin > 0.7


def test_a_wrong_output_on_the_orbit_is_not_proved_right():
    task = Task.repeat_copy(2, 2)
    network = saturating(task, 1.5)
    flipped = Network(network.W_hh, network.W_uh, -network.W_r)
    with pytest.raises(UnprovedError, match="margin"):
        prove(flipped, task, signs(task), 40, 2)


def test_the_very_first_output_counts():
    task = Task.repeat_copy(1, 1)
    network = Network([[-3.0]], [[2.0]], [[-1.0]])  # h flips, so that every second output is wrong, the first is right
    u = np.array([[1.0]])
    states = network.run(u[np.newaxis], 60).states[0]
    assert finitely(network, u, target(task, u, 60), states) == (2, 3)
    with pytest.raises(UnprovedError):
        forever(network, task.name, u, target(task, u, 60), states, 2)


def test_networks_of_another_kind_are_refused():
    for other in ({"activation": "relu"}, {"leak": 0.5}):
        with pytest.raises(ValueError, match="tanh networks without leak"):
            refuse(Network([[1.0]], [[1.0]], [[1.0]], **other))


def test_the_step_of_the_first_wrong_sign_is_the_one_that_balls_find():
    trained = Path(__file__).parent.parent / "trained" / "repeat-copy-s4-k2-n32.safetensors"
    task, network = Task.repeat_copy(4, 2), load(str(trained))
    u = np.array([[-1.0, 1.0], [1.0, 1.0], [1.0, 1.0], [1.0, 1.0]])
    wanted = target(task, u, 600)
    states = network.run(u[np.newaxis], 600).states[0]
    found = finitely(network, u, wanted, states)
    assert found.wrong == found.right + 1
    assert lost_at(network, u, wanted, found.wrong)
    assert not lost_at(network, u, wanted, found.wrong - 1)
    assert not lost_at(network, u, wanted, found.wrong + 1)


# --- all inputs -------------------------------------------------------------------------------------------------------


def test_all_inputs_of_a_built_circuit_are_proved_and_a_run_of_each_agrees():
    task = Task.compose_copy(2)
    network = build(task, basis="signed", seed=3).network
    assert all_inputs(network, task).bits == 4
    every = np.array(list(itertools.product((-1.0, 1.0), repeat=4))).reshape(-1, 2, 2)
    found, wanted = network.run(every, 60).outputs[:, 2:], task.outputs(every, 60)[:, 2:]
    assert (found * wanted >= all_inputs(network, task).margin).all()


def test_the_largest_perturbation_is_the_closed_form_and_is_borne():
    task = Task.compose_copy(4)
    network, rng = build(task).network, np.random.default_rng(0)
    room = all_inputs(network, task).perturbation
    assert room == pytest.approx(0.532840, abs=1e-6)
    change = rng.normal(size=network.W_hh.shape)
    change *= 0.99 * room / np.abs(change).sum(axis=1, keepdims=True)
    u = rng.choice((-1.0, 1.0), size=(200, 4, 4))
    outputs = Network(network.W_hh + change, network.W_uh, network.W_r).run(u, 200).outputs
    assert (outputs * task.outputs(u, 200) > 0)[:, 4:].all()


def test_all_inputs_are_not_proved_where_the_write_loses_the_gain_is_small_or_the_task_is_another():
    task = Task.compose_copy(2)
    assert all_inputs(saturating(task, 2.0, 4.0), task) is not None
    assert all_inputs(saturating(task, 2.0, 1.0), task) is None  # u_2 = (1, −1) breaks it
    assert all_inputs(saturating(task, 0.99, 4.0), task) is None
    assert all_inputs(saturating(task, 2.0, 4.0), Task.repeat_copy(2, 2)) is None
    assert all_inputs(load("zoo:t3-n64"), Task.compose_copy(8)) is None
