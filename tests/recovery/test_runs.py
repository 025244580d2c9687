"""Protects recovery from runs: saturating networks give their composition, told nothing, and others give none."""

import numpy as np
import pytest

from emtheory.networks import zoo
from emtheory.networks.build import build
from emtheory.networks.elman import Network
from emtheory.recovery.nearest import nearest
from emtheory.recovery.runs import recover_from_runs
from emtheory.theory.tasks import Task

SATURATING = ["t2-n64", "t3-n64", "t4-n64", "t3-n128"]


@pytest.mark.parametrize("name", SATURATING)
def test_networks_trained_on_compose_copy_give_their_number_of_variables_and_composition(name):
    estimate = recover_from_runs(zoo.load(name))
    near = nearest(estimate.recovery)
    assert (estimate.inputs, estimate.recovery.s, estimate.recovery.split.count) == (8, 8, 36)
    assert estimate.consistent
    assert near.justified
    assert near.task == Task.parse(zoo.card(name)["task"])
    assert near.error < 0.04  # what an earlier study reached


def test_the_circuit_that_is_built_for_a_task_gives_it_back():
    network = build(Task.compose_copy(3)).network
    near = nearest(recover_from_runs(network).recovery)
    assert near.task == Task.compose_copy(3)
    assert near.justified


def test_a_known_length_of_the_input_phase_is_used():
    estimate = recover_from_runs(zoo.load("t3-n64"), s=8)
    assert estimate.inputs == 8


def test_the_result_depends_on_the_seed_alone():
    network = zoo.load("t2-n64")
    one, two = (recover_from_runs(network, s=8, seed=5) for _ in range(2))
    assert np.array_equal(one.recovery.composition, two.recovery.composition)


def test_a_network_that_forgets_and_one_that_explodes_give_no_circuit():
    rng = np.random.default_rng(3)
    W, U, R = rng.normal(size=(32, 32)) / 8, rng.normal(size=(32, 4)), rng.normal(size=(4, 32))
    forgets = recover_from_runs(Network(W, U, R), s=4)
    assert forgets is None or not nearest(forgets.recovery).justified
    assert recover_from_runs(Network(1e3 * W, U, R, activation="relu"), s=4) is None


def test_a_bias_moves_the_attractor_and_not_the_composition():
    network = build(Task.compose_copy(3)).network
    moved = Network(network.W_hh, network.W_uh, network.W_r, bias=np.full(network.n, 0.05))
    near = nearest(recover_from_runs(moved, s=3).recovery)
    assert near.task == Task.compose_copy(3)
