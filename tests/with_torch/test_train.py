"""Protects training: the gradient is torch's own, runs resume to the same weights, and the protocol learns."""

import numpy as np
import pytest
import torch

from emtheory.accuracy import measured
from emtheory.theory.tasks import Task
from emtheory.train import Protocol, _gradients, _response, facts, train

TASK = Task.compose_copy(3)
SHORT = Protocol(steps=40, horizons=(3, 5), batch=8)


def test_the_gradient_is_that_of_torch_and_so_is_the_loss():
    rng = np.random.default_rng(0)
    n, horizon = 10, 6
    weights = [torch.tensor(rng.normal(size=shape) / 3, dtype=torch.float64) for shape in ((n, n), (n, 3), (3, n))]
    inputs = torch.tensor(rng.choice((-1.0, 1.0), size=(4, 3, 3)))
    targets = torch.einsum("bi,tik->tbk", inputs.flatten(1), torch.tensor(_response(TASK, horizon)))
    torch.set_default_dtype(torch.float64)
    try:
        loss, _, gradients = _gradients(torch, weights, inputs, targets, {})
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
    wanted = np.einsum("bi,tik->btk", inputs.reshape(5, -1), _response(TASK, 7))
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
    from emtheory.reproduce import HIDDEN, SEEDS, TASKS, train_all

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
