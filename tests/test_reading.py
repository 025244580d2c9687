"""Protects what is said of a network: a circuit where there is one, superposition, saturation, or no claim at all."""

from dataclasses import replace

import numpy as np
import pytest

from emtheory import Outcome, zoo
from emtheory.build import build
from emtheory.reading import read
from emtheory.theory.networks import Network
from emtheory.theory.tasks import Task
from emtheory.verdict import Kind

COMPOSE = Task.compose_copy(8)


def decided(reading):
    return [(verdict.outcome, verdict.kind) for _, verdict in reading.findings()]


def test_a_linear_memory_is_read_from_the_weights_and_proved():
    reading = read(zoo.load("t1-n128"))
    assert reading.from_weights
    assert reading.estimate is None
    assert decided(reading) == [(Outcome.PROVED, Kind.ENCLOSED)]
    text = "\n".join(reading.lines())
    assert "8 variables of dimension 8" in text
    assert "repeat-copy:s=8,k=8" in text


def test_the_true_task_is_confirmed_and_a_wrong_one_refuted():
    network = zoo.load("t1-n128")
    assert decided(read(network, Task.repeat_copy(8, 8))) == [(Outcome.PROVED, Kind.ENCLOSED)] * 2
    assert decided(read(network, Task.parse("selection:s=8,k=8,id=255/7/0")))[1] == (Outcome.REFUTED, Kind.ENCLOSED)


def test_a_saturating_network_is_read_from_runs_and_nothing_of_it_is_proved():
    reading = read(zoo.load("t3-n64"))
    assert not reading.from_weights
    assert reading.near.task == COMPOSE
    assert decided(reading) == []
    text = "\n".join(reading.lines())
    assert "No linear network does this task" in text
    assert "reach modulus 1.89" in text
    assert decided(read(zoo.load("t3-n64"), Task.repeat_copy(8, 8))) == [(Outcome.REFUTED, Kind.OBSERVED)]


def test_too_few_dimensions_are_a_superposition_and_no_circuit():
    reading = read(zoo.load("t1-n64"))
    counts = reading.superposed
    assert len(counts) == 8
    assert sum(counts) == reading.linear.split.count == 51
    assert [outcome for outcome, _ in decided(reading)] == [Outcome.UNDECIDED]
    text = "\n".join(reading.lines())
    assert "No circuit is claimed" in text
    assert "in superposition" in text
    assert 0 < reading.linear.decoding_error() < 0.5


@pytest.mark.parametrize("seed", range(3))
def test_random_weights_claim_no_memory_and_say_why(seed):
    rng = np.random.default_rng(seed)
    network = Network(rng.normal(size=(64, 64)) / 8, rng.normal(size=(64, 8)), rng.normal(size=(8, 64)) / 8)
    reading = read(network)
    assert not reading.near.justified
    ((_, verdict),) = reading.findings()
    assert verdict.outcome is Outcome.UNDECIDED
    assert "residual of the deflated recursion" in verdict.evidence["reason"]
    assert next(reading.lines()).startswith("No memory is claimed")


@pytest.mark.parametrize("seed", range(4))
def test_what_all_runs_have_in_common_is_no_memory(seed):
    """A network that forgets ends at one state, whatever was written: its mean moves as a persistent memory would."""
    rng = np.random.default_rng(seed)
    network = Network(0.6 * rng.normal(size=(20, 20)) / 20**0.5, rng.normal(size=(20, 1)), rng.normal(size=(1, 20)))
    reading = read(network)
    assert reading.estimate is not None
    assert [outcome for outcome, _ in decided(reading)] == [Outcome.UNDECIDED]


def test_runs_that_kept_another_number_of_variables_than_they_were_given_claim_nothing():
    reading = read(zoo.load("t3-n64"))
    given = replace(reading, estimate=replace(reading.estimate, inputs=9))
    assert [outcome for outcome, _ in decided(given)] == [Outcome.UNDECIDED]
    assert next(given.lines()).endswith("the number of variables that is read, 8, is not that of the inputs, 9.")


def test_a_task_of_another_length_does_not_hide_what_the_network_keeps():
    reading = read(zoo.load("t3-n64"), Task.compose_copy(8))
    misled = read(zoo.load("t3-n64"), Task.repeat_copy(5, 8))
    assert misled.near.task == reading.near.task == COMPOSE
    assert decided(misled) == [(Outcome.REFUTED, Kind.OBSERVED)]


def test_a_saturating_network_that_is_read_from_its_weights_is_said_to_saturate():
    network = build(Task.compose_copy(3)).network
    reading = read(network)
    assert reading.from_weights
    assert reading.near.task == Task.compose_copy(3)
    assert "No linear network does this task" in "\n".join(reading.lines())
    assert "This one saturates" in "\n".join(reading.lines())


def test_a_leak_is_part_of_the_linear_picture():
    """(1 - a) I + a W is the swap for W = I + (swap - I)/a."""
    swap, a = np.array([[0.0, 1.0], [1.0, 0.0]]), 0.5
    network = Network(np.eye(2) + (swap - np.eye(2)) / a, [[0.0], [1 / a]], [[0.0, 1.0]], activation="identity", leak=a)
    assert read(network).near.task == Task.repeat_copy(2, 1)


def test_a_network_that_writes_another_number_than_it_reads_has_no_circuit():
    with pytest.raises(ValueError, match="reads 2 numbers and writes 1"):
        read(Network(np.eye(2), np.eye(2), np.ones((1, 2))))
