"""A step of training against one of the plain loop, torch.nn.RNN and autograd, on one core; needs emtheory[train].

The goal is at least as fast. Run with `python -m pytest benchmarks/test_training.py -s`.
"""

from __future__ import annotations

import time

import numpy as np
import pytest

from emtheory.networks.train import gradients_of, linear_response
from emtheory.theory.tasks import Task

torch = pytest.importorskip("torch", reason="training needs emtheory[train]")


@pytest.mark.parametrize("horizon", [10, 100])
@pytest.mark.parametrize("hidden", [64, 128])
def test_a_step_against_the_plain_loop(benchmark, hidden, horizon):
    task, rng, batch = Task.compose_copy(8), np.random.default_rng(0), 64
    shapes = ((hidden, hidden), (hidden, 8), (8, hidden))
    weights = [torch.tensor(rng.normal(size=shape) / np.sqrt(hidden), dtype=torch.float32) for shape in shapes]
    inputs = torch.tensor(rng.choice((-1.0, 1.0), size=(batch, 8, 8)), dtype=torch.float32)
    response = torch.tensor(linear_response(task, horizon), dtype=torch.float32)
    targets = torch.einsum("bi,tik->tbk", inputs.flatten(1), response)
    rnn, readout = torch.nn.RNN(8, hidden, bias=False), torch.nn.Linear(hidden, 8, bias=False)
    for parameter, value in zip((rnn.weight_hh_l0, rnn.weight_ih_l0, readout.weight), weights, strict=True):
        parameter.data = value.clone()
    padded = torch.cat([inputs.transpose(0, 1), torch.zeros(horizon, batch, 8)])

    def plain():
        rnn.zero_grad()
        readout.zero_grad()
        ((readout(rnn(padded)[0][8:]) - targets) ** 2).mean().backward()

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with torch.no_grad():
            benchmark.pedantic(gradients_of, args=(torch, weights, inputs, targets, {}), rounds=20, warmup_rounds=3)
        seconds = []
        for _ in range(20):
            start = time.perf_counter()
            plain()
            seconds.append(time.perf_counter() - start)
    finally:
        torch.set_num_threads(threads)
    ratio = min(seconds) / benchmark.stats.stats.min
    benchmark.extra_info.update(plain_seconds=min(seconds), ratio=ratio)
    print(f"\nn = {hidden}, horizon {horizon}: {ratio:.2f} times as fast as the plain loop (goal at least 1)")
