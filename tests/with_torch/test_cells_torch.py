"""Steps, runs and Jacobians are those of torch, in float64."""

import numpy as np
import pytest
import torch

from emtheory.networks.elman import Network
from emtheory.networks.gated import GRUCell, LSTMCell
from emtheory.networks.weights import from_torch

N, K, OUT = 7, 3, 2
KINDS = ["RNN-tanh", "RNN-relu", "LSTM", "GRU"]


def bound(cell, *arrays) -> float:
    """How far two ways to round one step or its Jacobian may be apart.

    Both evaluate the same formula of sums of at most n + k + 2 products, so each pre-activation is off by less than
    (n + k + 2)·2⁻⁵³ times s, the largest row sum of |weights| times the largest |entry| of state or input. Activations
    and slopes are 1-Lipschitz within a few units of 2⁻⁵³, and a Jacobian multiplies at most two of them with weights
    and with entries of the state: a factor of s² and a small constant, for which 2⁻⁵³ becomes 2⁻⁴⁵.
    """
    entries = max([1.0, *(float(np.abs(array).max()) for array in arrays)])
    inputs = cell.W_uh if isinstance(cell, Network) else cell.W_ih
    rows = np.abs(cell.W_hh).sum(axis=1).max() + np.abs(inputs).sum(axis=1).max() + 2
    return (cell.n + K + 2) * 2.0**-45 * (rows * entries) ** 2


def single(kind: str, *, bias: bool = True) -> torch.nn.Module:
    if kind.startswith("RNN"):
        return torch.nn.RNNCell(K, N, bias, kind[4:]).double()
    return getattr(torch.nn, f"{kind}Cell")(K, N, bias).double()


def layer(kind: str) -> torch.nn.Module:
    if kind.startswith("RNN"):
        return torch.nn.RNN(K, N, nonlinearity=kind[4:], batch_first=True).double()
    return getattr(torch.nn, kind)(K, N, batch_first=True).double()


def step(module: torch.nn.Module, state: torch.Tensor) -> torch.Tensor:
    """One step of torch without input, on states (batch, size)."""
    nothing = torch.zeros(len(state), K, dtype=torch.float64)
    if isinstance(module, torch.nn.LSTMCell):
        return torch.cat(module(nothing, (state[:, :N], state[:, N:])), dim=1)
    return module(nothing, state)


@pytest.fixture(params=range(3))
def rng(request) -> np.random.Generator:
    torch.manual_seed(request.param)
    return np.random.default_rng(request.param)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_steps_and_jacobians_are_those_of_a_torch_cell(kind, bias, rng):
    module = single(kind, bias=bias)
    cell = from_torch(module, np.zeros((OUT, N)))
    states = rng.standard_normal((5, cell.size))
    expected = step(module, torch.tensor(states)).detach().numpy()
    assert np.abs(cell.step(states) - expected).max() <= bound(cell, states)
    for state in states:
        derivative = torch.autograd.functional.jacobian(
            lambda h: step(module, h[None])[0], torch.tensor(state), strict=True
        ).numpy()
        assert derivative.shape == (cell.size, cell.size)
        assert np.abs(cell.jacobian(state) - derivative).max() <= bound(cell, state)


@pytest.mark.parametrize("kind", KINDS)
def test_runs_are_those_of_a_torch_layer(kind, rng):
    module, readout = layer(kind), torch.nn.Linear(N, OUT, bias=False).double()
    cell = from_torch(module, readout)
    s, T = 4, 9
    u = rng.standard_normal((3, s, K))
    padded = torch.tensor(np.concatenate([u, np.zeros((3, T - s, K))], axis=1))
    hidden, last = module(padded)
    run = cell.run(u, T)
    # an error grows by at most the largest Jacobian a step
    growth = max(1.0, *(np.abs(cell.jacobian(x)).sum(axis=1).max() for x in run.states.reshape(-1, cell.size))) ** T
    limit = T * growth * bound(cell, u, run.states)
    assert np.abs(run.states[..., :N] - hidden.detach().numpy()).max() <= limit
    assert np.abs(run.outputs - readout(hidden).detach().numpy()).max() <= N * limit
    if kind == "LSTM":
        assert np.abs(run.states[:, -1, N:] - last[1][0].detach().numpy()).max() <= limit


def test_the_bound_would_notice_another_gate_order(rng):
    for kind, twin in ((torch.nn.LSTMCell, LSTMCell), (torch.nn.GRUCell, GRUCell)):
        module = kind(K, N).double()
        right = from_torch(module)
        swap = np.r_[N : 2 * N, :N, 2 * N : len(right.W_hh)]
        wrong = twin(right.W_ih[swap], right.W_hh[swap], right.b_ih[swap], right.b_hh[swap])
        states = rng.standard_normal((5, right.size))
        expected = step(module, torch.tensor(states)).detach().numpy()
        assert np.abs(wrong.step(states) - expected).max() > 1000 * bound(wrong, states)
