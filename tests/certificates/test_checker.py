"""The independent checker accepts honest certificates, rejects planted changes, and shares no code with the prover."""

import ast
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from emtheory.certificates import checker as certificate_checker
from emtheory.certificates.certificate import Certificate, fingerprint
from emtheory.certificates.checker import check
from emtheory.certificates.orbit import forever
from emtheory.certificates.target import target
from emtheory.networks.elman import Network
from emtheory.theory.circuits import companion
from emtheory.theory.tasks import Task
from emtheory.verdict import Outcome

TASK = Task.repeat_copy(2, 2)
WRITE = np.vstack([np.zeros((2, 2)), np.eye(2)])
NETWORK = Network(1.5 * companion(TASK).numpy(), 3 * WRITE, WRITE.T)
U = np.array([[1.0, -1.0], [1.0, 1.0]])


@pytest.fixture(scope="module")
def honest():
    states = NETWORK.run(U[np.newaxis], 60).states[0]
    return forever(NETWORK, TASK.name, U, target(TASK, U, 60), states, 2).certificate


def rejected(certificate, network=NETWORK, task=TASK):
    verdict = check(network, task, certificate)
    return verdict.outcome is Outcome.REFUTED and verdict.evidence["reason"]


def test_an_honest_certificate_is_accepted_also_from_a_file(honest, tmp_path):
    honest.save(tmp_path / "c.npz")
    again = Certificate.load(tmp_path / "c.npz")
    verdict = check(NETWORK, TASK, again)
    assert verdict.outcome is Outcome.PROVED
    assert verdict.evidence["margin"] > 0.8


def test_the_margin_is_that_of_the_weakest_output():
    network = Network(NETWORK.W_hh, NETWORK.W_uh, WRITE.T * [[0.25], [1.0]])
    states = network.run(U[np.newaxis], 60).states[0]
    certificate = forever(network, TASK.name, U, target(TASK, U, 60), states, 2).certificate
    assert 0.8 / 4 < check(network, TASK, certificate).evidence["margin"] < 0.25


def changed(array, index, value):
    copy = array.copy()
    copy[index] = value
    return copy


PLANTED = {
    "a radius of the loop": lambda c: replace(c, radii=changed(c.radii, c.steps, c.radii[c.steps] / 9)),
    "the last radius": lambda c: replace(c, radii=changed(c.radii, -1, c.radii[c.steps - 1] * (1 + 1e-9))),
    "a radius of the way": lambda c: replace(c, radii=changed(c.radii, 3, 0.0)),
    "all radii": lambda c: replace(c, radii=c.radii * 1e9),
    "a negative radius": lambda c: replace(c, radii=changed(c.radii, 5, -1e-9)),
    "no number": lambda c: replace(c, radii=changed(c.radii, 5, np.nan)),
    "a center that is no number": lambda c: replace(c, centers=changed(c.centers, (2, 1), np.nan)),
    "an infinite metric": lambda c: replace(c, metrics=changed(c.metrics, (2, 1), np.inf)),
    "an infinite contraction": lambda c: replace(c, rho=np.inf),
    "an infinite input": lambda c: replace(c, input=changed(c.input, (0, 0), -np.inf)),
    "an infinite radius": lambda c: replace(c, radii=changed(c.radii, 0, np.inf)),
    "a metric": lambda c: replace(c, metrics=changed(c.metrics, (1, 0), c.metrics[1, 0] * 2)),
    "a metric off the diagonal": lambda c: replace(c, metrics=changed(c.metrics, (-1, 1), 1.0)),
    "a center": lambda c: replace(c, centers=changed(c.centers, (-1, 0), c.centers[-1, 0] + 0.1)),
    "the period": lambda c: replace(c, steps=c.steps + 1, period=1),
    "no period": lambda c: replace(c, steps=c.steps + 2, period=0),
    "an unlikely period": lambda c: replace(c, period=10**18),
    "the entry": lambda c: replace(c, steps=c.steps - 1),
    "an entry in the input phase": lambda c: replace(c, steps=2),
    "the contraction": lambda c: replace(c, rho=c.rho / 2),
    "a sign of the contraction": lambda c: replace(c, rho=-c.rho),
    "a sign of the input": lambda c: replace(c, input=changed(c.input, (0, 1), 1.0)),
    "what it claims": lambda c: replace(c, holds="until"),
    "an unknown claim": lambda c: replace(c, holds="sometimes"),
    "its weights": lambda c: replace(c, network="0" * 64),
}


@pytest.mark.parametrize("plant", PLANTED.values(), ids=PLANTED.keys())
def test_every_planted_change_is_rejected(honest, plant):
    assert rejected(plant(honest))


def test_a_certificate_for_other_weights_is_rejected_even_if_it_names_them(honest):
    weights = NETWORK.W_hh.copy()
    weights[0, 2] *= 1 + 1e-6
    other = Network(weights, NETWORK.W_uh, NETWORK.W_r)
    assert "other weights" in rejected(honest, network=other)
    assert "radius" in rejected(replace(honest, network=fingerprint(other)), network=other)


def test_a_certificate_for_another_task_is_rejected(honest):
    assert rejected(honest, task=Task.compose_copy(2))
    assert rejected(honest, task=Task.repeat_copy(2, 3))


ONE_BIT, ONE = Task.repeat_copy(1, 1), np.array([[1.0]])


def outcome_of_step(network, step):
    verdict = check(network, ONE_BIT, Certificate.lost(network, ONE_BIT.name, ONE, step))
    return "proved" if verdict.outcome is Outcome.PROVED else verdict.evidence["reason"]


def test_a_step_of_loss_is_run_again_in_balls():
    turns = Network([[-2.0]], [[1.0]], [[-1.0]])  # wrong in the input phase, right at step 2, wrong at step 3
    told = [outcome_of_step(turns, step) for step in (1, 2, 3, 4, 5)]
    assert told == [
        "its step lies in the input phase",
        "no sign of step 2 is wrong",
        "proved",
        "a sign is wrong at step 3 already",
        "a sign is wrong at step 3 already",
    ]


def test_the_first_step_after_the_inputs_counts():
    turned = Network([[2.0]], [[1.0]], [[-1.0]])  # every sign is wrong
    assert [outcome_of_step(turned, step) for step in (2, 3)] == ["proved", "a sign is wrong at step 2 already"]


def test_a_sign_that_balls_cannot_tell_is_no_proof():
    nothing = Network([[2.0]], [[0.0]], [[1.0]])  # every output is exactly 0
    assert "bits do not tell" in outcome_of_step(nothing, 2)
    assert "bits do not tell" in outcome_of_step(nothing, 3)


def test_an_output_that_may_be_0_before_the_step_is_no_proof():
    shift = np.diag([1.0, 1.0], -1)  # what is written into the first unit is read from the third, two steps later
    for hold, told in ((0.0, "bits do not tell"), (-1.0, "already"), (1.0, "bits do not tell")):
        W = np.block([[shift, np.zeros((3, 1))], [np.zeros((1, 3)), 2 * np.eye(1)]])
        network = Network(W, [[1.0, 0.0], [0.0, 0.0], [0.0, 0.0], [0.0, 1.0]], [[0, 0, -1.0, 0], [0, 0, 0, hold]])
        task, u = Task.repeat_copy(1, 2), np.array([[1.0, 1.0]])
        assert told in reason(network, task, Certificate.lost(network, task.name, u, 3))


def test_the_readout_bias_counts():
    for offset, found in ((0.0, "proved"), (1.0, "no sign of step 3 is wrong")):  # |y| < 1 without it
        turns = Network([[-2.0]], [[1.0]], [[-1.0]], readout_bias=np.array([offset]))
        assert outcome_of_step(turns, 3) == found
    network, task, certificate = neurons(0.05)
    for offset, found in ((-0.5, ""), (-0.93, "an output of step 2 may be wrong")):
        moved = Network(network.W_hh, network.W_uh, network.W_r, readout_bias=np.array([offset]))
        assert reason(moved, task, replace(certificate, network=fingerprint(moved))) == found


def test_the_bias_counts():
    bias = np.array([0.3])
    network = Network([[2.0]], [[1.0]], [[1.0]], bias)
    states = network.run(ONE[np.newaxis], 60).states[0]
    certificate = forever(network, ONE_BIT.name, ONE, target(ONE_BIT, ONE, 60), states, 1).certificate
    assert reason(network, ONE_BIT, certificate) == ""
    falls = Network([[0.5]], [[1.0]], [[1.0]], np.array([-0.2]))  # 0.66, 0.13, −0.13
    assert outcome_of_step(falls, 3) == "proved"


def test_a_step_that_cannot_be_run_to_is_refused_before_anything_runs():
    for step in (2**18 + 1, 10**15, 2**62):
        with pytest.raises(ValueError, match=r"with 1 units at most 262144 steps are run in balls"):
            outcome_of_step(Network([[2.0]], [[1.0]], [[1.0]]), step)
    assert outcome_of_step(Network([[2.0]], [[1.0]], [[1.0]]), -(2**62)) == "its step lies in the input phase"


def test_what_the_task_sets_to_0_asks_nothing():
    network, task, u = (
        Network(np.diag([2.0, 0.5]), np.eye(2), np.eye(2)),
        Task.repeat_copy(1, 2),
        np.array([[1.0, 0.0]]),
    )
    states = network.run(u[np.newaxis], 200).states[0]
    certificate = forever(network, task.name, u, target(task, u, 200), states, 1).certificate
    assert reason(network, task, certificate) == ""
    turns = Network(np.diag([-2.0, 0.5]), np.eye(2), np.diag([-1.0, 1.0]))
    assert check(turns, task, Certificate.lost(turns, task.name, u, 3)).outcome is Outcome.PROVED


def test_it_imports_nothing_of_the_prover():
    tree = ast.parse(Path(certificate_checker.__file__).read_text())
    outside = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
    names = {node.module if isinstance(node, ast.ImportFrom) else node.names[0].name for node in outside}
    assert names == {"__future__", "hashlib", "typing", "numpy", "flint", "emtheory.verdict"}
    assert not any(isinstance(node, (ast.Import, ast.ImportFrom)) for f in tree.body
                   if isinstance(f, (ast.FunctionDef, ast.ClassDef)) for node in ast.walk(f))  # fmt: skip


# --- one neuron, where every condition can be met by a hair, and missed by one ---------------------------------------


def reason(network, task, certificate):
    """Why it is rejected; "" if it is accepted."""
    verdict = check(network, task, certificate)
    return "" if verdict.outcome is Outcome.PROVED else verdict.evidence["reason"]


STAR = 0.9575040240772688  # tanh(2·STAR)


def neurons(radius, *, first=2.0**-40, loop=None, readout=(1.0,)):
    """h_i' = tanh(2h_i + 4u), u = 1, as many equal neurons as are read, and a tube of this radius around h_i = STAR.

    ρ = 1/2; `loop` is r_{K+p}, the least that the condition of radii allows if it is None; nothing is searched.
    """
    n, rho = len(readout), 0.5
    network, task = Network(2 * np.eye(n), 4 * np.ones((n, 1)), [readout]), Task.repeat_copy(1, 1)
    begin, slope = np.tanh(4.0), 2 * (1 - STAR**2)
    last = 1 / np.sqrt(1 - (slope / rho) ** 2)  # T = last·I: T² = I + ρ⁻²(T slope)²
    way = np.sqrt(1 + (last * 2 * (1 - np.tanh(2 * begin) ** 2)) ** 2)
    certificate = Certificate(
        holds="forever",
        network=fingerprint(network),
        task=task.name,
        input=np.ones((1, 1)),
        steps=2,
        period=1,
        rho=rho,
        centers=np.array([n * [begin], n * [STAR]]),
        metrics=np.array([scale * np.eye(n)[np.triu_indices(n)] for scale in (way, last)]),
        # n is √n of ‖T‖_F, and √n of (Σ‖W_i‖⁴)^{1/2}
        radii=np.array([first, radius, rho * radius + 0.77 * 4 * n * last * radius**2 / 2 + 2.0**-44]),
    )
    if loop is not None:
        certificate = replace(certificate, radii=np.array([first, radius, loop]))
    return network, task, certificate


@pytest.mark.parametrize("readout", [(1.0,), (1.0, -0.5)])
def test_a_step_of_the_tube_needs_the_radius_that_its_curvature_asks_for(readout):
    *about, certificate = neurons(0.05, readout=readout)
    assert reason(*about, certificate) == ""
    assert reason(*neurons(0.05, loop=certificate.radii[-1] - 1e-9, readout=readout)) == (
        "the radius of step 3 is too small"
    )


def test_the_curvature_counts_squared_on_the_way_to_the_orbit_too():
    *about, certificate = neurons(0.05, first=0.03)
    assert reason(*about, certificate) == ""  # the way contracts by far more than ρ = 1 grants
    assert (
        reason(*neurons(0.0325, first=0.03)) == "the radius of step 2 is too small"
    )  # 0.03 + 1.54·1.05·0.03² = 0.0315


def test_a_step_of_the_way_is_measured_in_the_metric_that_it_goes_to():
    first, (way, last) = 0.03, neurons(0.05)[-1].metrics[:, 0]
    least = first + 0.77 * 4 * last * first**2 / 2 + last * (np.tanh(2 * np.tanh(4.0)) - STAR)
    assert last > 1.04 * way
    assert reason(*neurons(least * (1 + 1e-6), first=first)) == ""
    assert reason(*neurons(least * (1 - 1e-6), first=first)) == "the radius of step 2 is too small"


def test_the_metric_of_the_way_is_checked_too():
    *about, certificate = neurons(0.05)
    assert reason(*about, replace(certificate, metrics=certificate.metrics * [[1.3], [1.0]])) == ""
    wide = replace(certificate, metrics=certificate.metrics * [[1.5], [1.0]])  # E = 1.25 T²
    assert reason(*about, wide) == "the metric of step 1 does not fit"


def test_the_first_radius_must_hold_the_rounding_of_the_first_center():
    assert reason(*neurons(0.1, first=2.0**-50)) == ""
    assert reason(*neurons(0.1, first=0.0)) == "the radius of step 1 is too small"


def test_a_tube_that_does_not_close_is_rejected():
    assert reason(*neurons(0.1, loop=0.1)) == ""
    assert reason(*neurons(0.1, loop=np.nextafter(0.1, 1))) == "the tube does not close"


def test_a_tube_that_closes_without_contracting_is_rejected():
    *about, certificate = neurons(0.2)
    assert certificate.radii[-1] < 0.2  # it closes
    assert reason(*about, certificate) == "a round does not contract"


def test_an_output_is_right_if_the_whole_tube_is_on_its_side():
    radius = 0.05
    for second in (-0.9, 0.0):
        *about, certificate = neurons(radius, readout=(1.0, second))
        margin = STAR * (1 + second) - radius * np.hypot(1, second)  # w = 1 but for rounding
        assert check(*about, certificate).evidence["margin"] == pytest.approx(margin, rel=1e-9)
    assert reason(*neurons(radius, readout=(1.0, -0.93))) == "an output of step 2 may be wrong"  # 0.067 − 0.068
    assert reason(*neurons(radius, readout=(-1.0, 0.0))) == "an output of step 2 may be wrong"


def test_a_metric_is_accepted_as_far_as_its_error_is_below_1_and_the_tube_pays_for_it():
    *about, certificate = neurons(0.05, loop=0.031)
    told = {0.999: "", 1.2: "the radius of step 3 is too small", 1.42: "the metric of step 2 does not fit"}
    for factor, found in told.items():  # E = factor² − 1
        assert reason(*about, replace(certificate, metrics=certificate.metrics * [[1.0], [factor]])) == found


def test_a_tube_pays_for_the_error_of_its_metric():
    *about, certificate = neurons(0.05)
    skew = replace(certificate, metrics=certificate.metrics * [[1.0], [1.2]])
    w = (1 - (1.2**2 - 1)) ** -0.5
    least = 0.5 * 0.05 + 0.77 * 4 * w**2 * 1.2 * certificate.metrics[1, 0] * 0.05**2 / 2
    accepted, short = (replace(skew, radii=np.array([2.0**-40, 0.05, least + slack])) for slack in (1e-9, -1e-9))
    assert check(*about, accepted).evidence["margin"] == pytest.approx(STAR - w * 0.05, rel=1e-9)
    assert reason(*about, short) == "the radius of step 3 is too small"


def test_steps_and_periods_out_of_range_are_told():
    *about, certificate = neurons(0.05)
    for change in ({"steps": 1, "period": 2}, {"steps": 3, "period": 0}, {"rho": 0.0}, {"rho": -0.5}):
        assert reason(*about, replace(certificate, **change)) == "its step, period or ρ is too small"
    assert reason(*about, replace(certificate, steps=1, period=1)) == "its step, period or ρ is too small"
    assert reason(*about, replace(certificate, period=2)) == "its arrays have other shapes"


def test_signs_that_are_right_for_a_round_and_turn_later_are_rejected():
    network, _, certificate = neurons(0.05, readout=(-1.0,))
    turning = Task.from_selection(1, 1, [0], [-1])  # 1, −1, 1, −1, …; the orbit stands still
    assert reason(network, turning, certificate) == "the task has not the period 1"


def test_a_center_that_misses_the_orbit_costs_as_much_as_the_metric_says():
    *about, certificate = neurons(0.05)
    moved, last, slope = 1e-6, certificate.metrics[1, 0], 2 * (1 - STAR**2)
    centers = changed(certificate.centers, (1, 0), STAR + moved)
    for share, found in ((1.02, ""), (0.98, "the radius of step 3 is too small")):
        loop = certificate.radii[-1] + share * last * (1 - slope) * moved
        assert reason(*about, replace(certificate, centers=centers, radii=np.array([2.0**-40, 0.05, loop]))) == found


def test_what_does_not_fit_together_is_told(honest):
    for other in ({"leak": 0.5}, {"activation": "relu"}):
        network = Network(NETWORK.W_hh, NETWORK.W_uh, NETWORK.W_r, **other)
        certificate = replace(honest, network=fingerprint(network))
        assert reason(network, TASK, certificate) == "the network is no tanh network without leak"
    assert reason(NETWORK, Task.repeat_copy(2, 3), honest) == "the network has other sizes than the task"
    assert reason(NETWORK, Task.repeat_copy(3, 2), honest) == "its input has another shape"
    assert reason(NETWORK, TASK, replace(honest, input=np.ones((3, 2)))) == "its input has another shape"
