"""Protects `build`: the network does the task for all inputs, its file loads as it was, its guarantee is printed."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings

from emtheory.networks.build import BASES, build
from emtheory.networks.weights import load, save
from emtheory.theorems.cases import interference_free_tasks, selections
from emtheory.theory.tasks import Task


def every_input(task):
    """All 2^(sκ) inputs, (2^(sκ), s, κ)."""
    return np.array(list(product((1.0, -1.0), repeat=task.s * task.kappa))).reshape(-1, task.s, task.kappa)


@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize("hidden", [None, 9])
def test_a_linear_circuit_puts_out_the_task_exactly_in_every_basis(basis, hidden):
    task = Task.repeat_copy(3, 2)
    built = build(task, basis=basis, hidden=hidden, seed=3)
    inputs = every_input(task)
    assert built.exact
    assert built.network.activation == "identity"
    assert np.array_equal(built.network.run(inputs, 60).outputs[:, 3:], task.outputs(inputs, 60)[:, 3:])


@pytest.mark.parametrize("basis", ["neurons", "signed"])
def test_the_saturating_circuit_keeps_sign_and_margin_for_all_inputs(basis):
    task = Task.compose_copy(3)
    network = build(task, basis=basis, hidden=11, seed=5).network
    inputs = every_input(task)
    margins = (network.run(inputs, 80).outputs * task.outputs(inputs, 80))[:, 3:]
    assert margins.min() >= 0.957


def test_it_bears_noise_in_its_weights_below_the_printed_limit():
    task = Task.compose_copy(3)
    network = build(task).network
    rng = np.random.default_rng(0)
    for _ in range(20):
        moved = rng.choice((-1.0, 1.0), size=network.W_hh.shape) * 0.53 / 9  # rows of sum 0.53 < 0.532
        noisy = type(network)(network.W_hh + moved, network.W_uh, network.W_r)
        inputs = every_input(task)
        assert (noisy.run(inputs, 60).outputs * task.outputs(inputs, 60))[:, 3:].min() > 0


@settings(max_examples=25, deadline=None)
@given(interference_free_tasks(max_m=6))
def test_every_task_that_a_linear_network_can_do_gets_one(task):
    built = build(task)
    assert built.network.activation == "identity"
    assert len(list(built.sentences())) == 3


@settings(max_examples=25, deadline=None)
@given(selections(max_m=6))
def test_what_float64_is_said_to_compute_exactly_it_does(task):
    try:
        built = build(task, basis="neurons")
    except ValueError as error:
        assert "emtheory.theory.gated_circuit" in str(error)  # noqa: PT017  # a selection with an empty row that interferes
        return
    inputs = every_input(task)
    outputs, wanted = built.network.run(inputs, 30).outputs[:, task.s :], task.outputs(inputs, 30)[:, task.s :]
    assert np.array_equal(outputs, wanted) if built.exact else (outputs * wanted).min() > 0


def test_the_file_loads_as_it_was_written_with_its_activation_and_the_names_of_torch(tmp_path):
    from safetensors.numpy import load_file

    for task in (Task.repeat_copy(2, 2), Task.compose_copy(2)):
        built, path = build(task, basis="signed", seed=1), tmp_path / "w.safetensors"
        save(built.network, path, built.about())
        again = load(path)
        assert again.activation == built.network.activation
        assert all(np.array_equal(getattr(again, k), getattr(built.network, k)) for k in ("W_hh", "W_uh", "W_r"))
        shapes = {key: value.shape for key, value in load_file(path).items()}
        assert shapes == {"rnn.weight_hh_l0": (4, 4), "rnn.weight_ih_l0": (4, 2), "readout.weight": (2, 4)}


@pytest.mark.parametrize(
    ("kwargs", "message"),
    [
        ({"basis": "fourier"}, "neurons, signed, mixed"),
        ({"hidden": 8}, "needs as many units, but hidden is 8"),
        ({"basis": "mixed"}, "choose the basis neurons or signed"),
    ],
)
def test_what_cannot_be_built_is_refused_with_the_reason(kwargs, message):
    with pytest.raises(ValueError, match=message):
        build(Task.compose_copy(3), **kwargs)


def test_a_dense_task_that_interferes_is_sent_to_the_gated_circuit():
    with pytest.raises(ValueError, match="gated"):
        build(Task.from_blocks(np.ones((2, 2, 2))))
