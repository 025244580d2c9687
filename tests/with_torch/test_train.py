"""Protects training: the gradient is torch's own, runs resume to the same weights, and the protocol learns."""

import json
import os

import numpy as np
import pytest
import torch

from emtheory.networks.accuracy import measured
from emtheory.networks.train import Protocol, facts, gradients_of, linear_response, train
from emtheory.theory.tasks import Task

TASK = Task.compose_copy(3)
SHORT = Protocol(steps=40, horizons=(3, 5), batch=8)


def test_the_gradient_is_that_of_torch_and_so_is_the_loss():
    rng = np.random.default_rng(0)
    n, horizon = 10, 6
    weights = [torch.tensor(rng.normal(size=shape) / 3, dtype=torch.float64) for shape in ((n, n), (n, 3), (3, n))]
    inputs = torch.tensor(rng.choice((-1.0, 1.0), size=(4, 3, 3)))
    targets = torch.einsum("bi,tik->tbk", inputs.flatten(1), torch.tensor(linear_response(TASK, horizon)))
    torch.set_default_dtype(torch.float64)
    try:
        loss, _, gradients = gradients_of(torch, weights, inputs, targets, {})
    finally:
        torch.set_default_dtype(torch.float32)
    rnn = torch.nn.RNN(3, n, bias=False, dtype=torch.float64)
    readout = torch.nn.Linear(n, 3, bias=False, dtype=torch.float64)
    for parameter, value in zip((rnn.weight_hh_l0, rnn.weight_ih_l0, readout.weight), weights, strict=True):
        parameter.data = value.clone()
    padded = torch.cat([inputs.transpose(0, 1), torch.zeros(horizon, 4, 3, dtype=torch.float64)])
    error = ((readout(rnn(padded)[0][3:]) - targets) ** 2).mean()
    error.backward()
    assert abs(float(error.detach()) - loss) < 2.0**-45
    for parameter, gradient in zip((rnn.weight_hh_l0, rnn.weight_ih_l0, readout.weight), gradients, strict=True):
        assert float((parameter.grad - gradient).abs().max()) < 2.0**-45


def test_the_targets_are_what_the_task_puts_out():
    inputs = np.random.default_rng(1).choice((-1.0, 1.0), size=(5, 3, 3))
    wanted = np.einsum("bi,tik->btk", inputs.reshape(5, -1), linear_response(TASK, 7))
    assert np.array_equal(wanted, TASK.outputs(inputs, 10)[:, 3:])


def test_a_seed_determines_the_weights():
    one, two, other = (train(TASK, hidden=8, seed=seed, protocol=SHORT) for seed in (1, 1, 2))
    assert np.array_equal(one.W_hh, two.W_hh)
    assert not np.array_equal(one.W_hh, other.W_hh)


def test_an_interrupted_training_goes_on_to_the_same_weights(tmp_path):
    protocol = Protocol(steps=600, horizons=(3, 5), batch=4)
    whole = train(TASK, hidden=6, seed=3, protocol=protocol)

    def interrupt(progress):
        if progress.step == 555:
            raise KeyboardInterrupt

    path = tmp_path / "net.checkpoint"
    with pytest.raises(KeyboardInterrupt):
        train(TASK, hidden=6, seed=3, protocol=protocol, checkpoint=path, watch=interrupt)
    steps = []
    resumed = train(TASK, hidden=6, seed=3, protocol=protocol, checkpoint=path, watch=lambda p: steps.append(p.step))
    assert steps[0] == 556
    assert np.array_equal(whole.W_hh, resumed.W_hh)
    with pytest.raises(ValueError, match="its seed is 3, not 4"):
        train(TASK, hidden=6, seed=4, protocol=protocol, checkpoint=path)


FOREIGN = [b"", b"my notes", bytes(99), b"PK\x03\x04 weights", b'{"a": 1}']


@pytest.mark.parametrize("content", FOREIGN)
def test_a_file_that_is_no_checkpoint_is_refused_and_left_as_it_is(tmp_path, content):
    path = tmp_path / "net.checkpoint"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"is no checkpoint \(.*\); move it away, or name another output"):
        train(TASK, hidden=4, seed=0, protocol=SHORT, checkpoint=path)
    assert path.read_bytes() == content


def test_a_checkpoint_that_holds_other_arrays_or_steps_is_refused(tmp_path):
    from safetensors.numpy import load, save

    path, protocol = tmp_path / "net.checkpoint", Protocol(steps=500, horizons=(3, 5), batch=4)
    train(TASK, hidden=4, seed=0, protocol=protocol, checkpoint=path)
    data = path.read_bytes()
    arrays = load(data)
    about = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])["__metadata__"]
    for changed in (
        {**arrays, "W_hh": np.zeros((5, 5), np.float32)},
        {key: value for key, value in arrays.items() if key != "W_r.exp_avg"},
    ):
        path.write_bytes(save(changed, about))
        with pytest.raises(ValueError, match="damaged checkpoint"):
            train(TASK, hidden=4, seed=0, protocol=protocol, checkpoint=path)
    for counts, told in (
        ({"step": "x"}, "damaged"),
        ({"step": "-1"}, "damaged"),
        ({"step": "9" * 999}, "beyond the training"),
        ({"stage": "2"}, "beyond the training"),
    ):
        path.write_bytes(save(arrays, {**about, **counts}))
        with pytest.raises(ValueError, match=told) as refused:
            train(TASK, hidden=4, seed=0, protocol=protocol, checkpoint=path)
        assert len(str(refused.value)) < 600


def test_a_checkpoint_that_cannot_be_written_leaves_the_old_one(tmp_path, monkeypatch):
    path, protocol = tmp_path / "net.checkpoint", Protocol(steps=1000, horizons=(3, 5), batch=4)

    def stop(progress):
        if progress.step == 501:
            monkeypatch.setattr(os, "fsync", full)

    def full(_):
        raise OSError(28, "No space left on device")

    with pytest.raises(ValueError, match="No space left"):
        train(TASK, hidden=4, seed=0, protocol=protocol, checkpoint=path, watch=stop)
    monkeypatch.undo()
    steps = []
    train(TASK, hidden=4, seed=0, protocol=protocol, checkpoint=path, watch=lambda p: steps.append(p.step))
    assert steps[0] == 501
    assert [file.name for file in tmp_path.iterdir()] == ["net.checkpoint"]


def test_the_protocol_learns_a_small_task():
    network = train(Task.repeat_copy(2, 1), hidden=8, seed=0, protocol=Protocol(steps=800))
    assert measured(network, Task.repeat_copy(2, 1), seed=0).share > 0.99
    about = facts(network, Task.repeat_copy(2, 1), hidden=8, seed=0, protocol=Protocol(steps=800))
    assert about["command"] == "emtheory train repeat-copy:s=2,k=1 --hidden 8 --seed 0 -o FILE --steps 800"


@pytest.mark.parametrize("field", ["steps", "batch", "rate", "clip", "passing"])
def test_a_protocol_needs_positive_numbers(field):
    with pytest.raises(ValueError, match=f"{field} must be positive"):
        Protocol(**{field: 0})
    with pytest.raises(ValueError, match="at least 1"):
        train(TASK, hidden=0, seed=0)


def test_all_networks_of_the_table_are_trained_and_those_that_are_there_are_read(tmp_path):
    from emtheory.analysis.reproduce import HIDDEN, SEEDS, TASKS, train_all

    steps = []
    short = Protocol(steps=2, horizons=(2,), batch=2)
    networks = train_all(tmp_path, protocol=short, watch=lambda done, total: steps.append((done, total)))
    assert sorted(networks) == sorted((task, hidden, seed) for task in TASKS for hidden in HIDDEN for seed in SEEDS)
    assert steps[-1] == (48, 48)
    assert not list(tmp_path.glob("*.checkpoint"))
    steps.clear()
    again = train_all(tmp_path, protocol=short, watch=lambda done, total: steps.append((done, total)))
    assert steps == []
    assert all(np.array_equal(networks[key].W_hh, again[key].W_hh) for key in networks)
