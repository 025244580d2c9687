"""Protects the check on fresh runs: an exact bound, independent inputs, and inputs that are written as theory says."""

import numpy as np
import pytest
from scipy.stats import binomtest

from emtheory.networks.build import build
from emtheory.networks.elman import Network
from emtheory.recovery.agreement import MOST, RUNS, STEPS, agreement, recoded
from emtheory.theory.circuits import companion, ring_buffer, selector
from emtheory.theory.tasks import Task

LEVEL = 0.9999


def circuit(task):
    last = selector(task.s, task.kappa, task.s).numpy()
    return Network(companion(task).numpy(), last, last.T, activation="identity")


def test_the_lower_bound_is_that_of_clopper_and_pearson():
    found = agreement(circuit(Task.repeat_copy(3, 2)), Task.repeat_copy(3, 2), seed=1, confidence=LEVEL)
    exact = binomtest(found.right, found.runs, alternative="greater").proportion_ci(LEVEL, method="exact").low
    assert found.lower == pytest.approx(exact, rel=1e-9)
    wrong = agreement(circuit(Task.repeat_copy(3, 2)), Task.repeat_copy(4, 2), seed=1, confidence=LEVEL)
    exact = binomtest(wrong.right, wrong.runs, alternative="greater").proportion_ci(LEVEL, method="exact").low
    assert wrong.lower == pytest.approx(exact, rel=1e-9)


def test_a_network_that_is_right_half_of_the_time_is_not_confirmed():
    found = agreement(circuit(Task.repeat_copy(5, 1)), Task.repeat_copy(4, 1), seed=0, confidence=LEVEL)
    assert 0.3 * RUNS < found.right < 0.8 * RUNS
    assert not found.confirms


def test_a_network_that_is_right_nine_times_in_ten_is_not_confirmed():
    """Output 1 shows component 2, and is right by chance: of 5 components 9 signs in 10 are right, of 28 55 in 56."""
    for kappa, confirmed in ((28, True), (5, False)):
        plain = circuit(Task.repeat_copy(2, kappa))
        deaf = Network(plain.W_hh, plain.W_uh, plain.W_r[[1, *range(1, kappa)]], activation="identity")
        found = agreement(deaf, Task.repeat_copy(2, kappa), seed=0, confidence=LEVEL)
        assert found.confirms is confirmed
        assert found.lower < found.right / found.runs


def test_a_linear_network_is_written_so_that_it_holds_the_inputs():
    """Compose copy hears itself while it is written: plain inputs are lost, recoded ones are not."""
    task = Task.compose_copy(4)
    u = np.random.default_rng(0).choice((-1.0, 1.0), size=(50, 4, 4))
    wanted = task.outputs(u, 20)[:, 4:]
    assert np.array_equal(ring_buffer(task, recoded(task, u), 20)[:, 4:], wanted)
    assert not np.array_equal(ring_buffer(task, u, 20)[:, 4:], wanted)
    assert agreement(circuit(task), task, seed=0, confidence=LEVEL).right == RUNS


def test_a_saturating_network_is_written_plain_inputs():
    task = Task.compose_copy(3)
    assert agreement(build(task).network, task, seed=0, confidence=LEVEL).right == RUNS


def test_seeds_decide_and_runs_are_compared_at_one_place_each():
    noisy = Network(0.9 * np.eye(1), np.eye(1), np.eye(1), bias=[0.05], activation="identity")
    one, again, other = (agreement(noisy, Task.repeat_copy(1, 1), seed=s, confidence=LEVEL) for s in (0, 0, 1))
    assert one == again
    assert one != other
    assert (one.runs, one.steps) == (RUNS, STEPS)
    assert 0.5 <= MOST < 1


def test_a_task_without_signs_or_with_numbers_out_of_range_confirms_nothing():
    nothing = Task.from_blocks(np.zeros((2, 1, 1)))
    assert agreement(circuit(nothing), nothing, seed=0, confidence=LEVEL) is None
    huge = Task.from_blocks(np.full((1, 1, 1), 1e300))
    assert agreement(circuit(huge), huge, seed=0, confidence=LEVEL) is None
