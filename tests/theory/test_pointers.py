"""Protects the pointer chase: every answer is checked against simulation, far ones against powers of the circuit."""

import numpy as np
import pytest

from emtheory.judges.exact import matrix
from emtheory.theory.circuits import companion
from emtheory.theory.pointers import PointerChase
from emtheory.theory.tasks import Task


def random_selection(rng, most=5):
    s, kappa = int(rng.integers(1, most + 1)), int(rng.integers(1, most + 1))
    source, sign = rng.integers(0, s * kappa, kappa), rng.choice([-1, 0, 1], kappa)
    return Task.from_selection(s, kappa, source.tolist(), sign.tolist())


def test_every_early_output_is_the_one_that_simulation_gives():
    for seed in range(60):
        task = random_selection(np.random.default_rng(seed))
        horizon = 6 * task.s * task.kappa + 5
        u = np.arange(1, task.s * task.kappa + 1).reshape(1, task.s, task.kappa)
        component, time = np.meshgrid(np.arange(task.kappa), np.arange(1, horizon + 1))
        read = PointerChase(task).read(component, time)
        found = read.sign * u[0][np.maximum(read.time, 1) - 1, read.component]
        assert np.array_equal(found, task.outputs(u, horizon)[0])


def test_far_outputs_are_those_of_a_power_of_the_circuit_beyond_64_bits_too():
    for seed in range(20):
        time = 10 ** (6 * seed % 31) + 50 + seed
        task = random_selection(np.random.default_rng(1000 + seed), most=4)
        stacked = matrix([[i + 1] for i in range(task.s * task.kappa)])
        power, base, exponent = stacked, companion(task), time - task.s
        while exponent:
            if exponent & 1:
                power = base @ power
            base, exponent = base @ base, exponent >> 1
        read = PointerChase(task).read(range(task.kappa), time)
        places = (np.maximum(read.time, 1) - 1) * task.kappa + read.component
        found = [int(e) * (int(p) + 1) for e, p in zip(read.sign, places, strict=True)]
        assert found == [int(x.p) for (x,) in power[-task.kappa :, :]]


def test_a_shifted_time_is_another_answer():
    read = PointerChase(Task.repeat_copy(7, 1))
    assert [int(read.read(0, t).time) for t in range(8, 15)] == [1, 2, 3, 4, 5, 6, 7]
    assert int(read.read(0, 7 * 10**17 + 3).time) == 3


@pytest.mark.parametrize(("component", "time"), [(2, 5), (-1, 5), (0, 0)])
def test_components_and_times_out_of_range_are_refused(component, time):
    with pytest.raises(ValueError, match=r"components are 0\.\.1 and times start at 1"):
        PointerChase(Task.compose_copy(2)).read(component, time)


def test_a_task_that_adds_values_has_no_pointers():
    with pytest.raises(ValueError, match="no signed selection"):
        PointerChase(Task.from_blocks([matrix([[1]]), matrix([[1]])]))


@pytest.mark.parametrize("time", [2**63 - 1, 2**63, 10**19, 2**64 - 1, 2**64])
def test_times_around_63_bits_neither_wrap_nor_round(time):
    read = PointerChase(Task.repeat_copy(7, 1))
    assert int(read.read(0, time).time) == (time - 1) % 7 + 1
    assert read.read(0, [10, time]).time.tolist() == [3, (time - 1) % 7 + 1]


def test_a_time_that_is_no_whole_number_is_refused():
    with pytest.raises(ValueError, match="whole numbers"):
        PointerChase(Task.repeat_copy(7, 1)).read(0, 1e19)
