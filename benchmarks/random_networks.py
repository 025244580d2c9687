"""Random networks of ten kinds, networks with a circuit hidden in them, and a judge of what is claimed of either.

A claim is wrong if fewer than nine tenths of the output signs of fresh runs are those of the claimed task. The judge
has its own runs, and counts every sign of them.
"""

from __future__ import annotations

import numpy as np

from emtheory.networks.elman import Network
from emtheory.recovery.agreement import MOST, recoded
from emtheory.theory.circuits import companion
from emtheory.theory.tasks import Task

RUNS, STEPS = 300, 100


def _gaussian(n, rng):
    return rng.normal(size=(n, n)) / np.sqrt(n)


def _orthogonal(n, rng):
    return np.linalg.qr(rng.normal(size=(n, n)))[0]


def _permutation(n, rng):
    return np.eye(n)[rng.permutation(n)]


def _signed_permutation(n, rng):
    return _permutation(n, rng) * rng.choice((-1.0, 1.0), size=n)


def _circulant(n, rng):
    row = rng.normal(size=n) / np.sqrt(n)
    return np.array([np.roll(row, shift) for shift in range(n)])


def _low_rank(n, rng):
    rank = int(rng.integers(1, max(2, n // 4) + 1))
    return rng.normal(size=(n, rank)) @ rng.normal(size=(rank, n)) / np.sqrt(n * rank)


def _sparse(n, rng):
    reservoir = _gaussian(n, rng) * (rng.random((n, n)) < 0.1)
    return reservoir / max(np.abs(np.linalg.eigvals(reservoir)).max(), 1e-3)


def _symmetric(n, rng):
    half = _gaussian(n, rng)
    return (half + half.T) / 2


# name, recurrent weights, whether there is a bias
KINDS = (
    ("gaussian", _gaussian, False),
    ("gaussian with bias", _gaussian, True),
    ("orthogonal", _orthogonal, False),
    ("orthogonal with bias", _orthogonal, True),
    ("permutation", _permutation, False),
    ("signed permutation", _signed_permutation, False),
    ("circulant", _circulant, False),
    ("low rank", _low_rank, False),
    ("sparse reservoir with bias", _sparse, True),
    ("symmetric", _symmetric, False),
)


def random_network(number):
    """Network `number` and its kind: n = 4 … 128, κ = 1 … 8, most are tanh, some have a leak or units as outputs."""
    rng = np.random.default_rng([number, 13])
    name, weights, biased = KINDS[number % len(KINDS)]
    n = round(2 ** rng.uniform(2, 7))
    kappa = int(rng.integers(1, min(8, n // 2) + 1))
    gain = 1.0 if rng.random() < 0.25 else rng.uniform(0.5, 2.5)
    activation = str(rng.choice(["tanh", "identity", "relu", "sigmoid"], p=[0.7, 0.1, 0.1, 0.1]))
    if rng.random() < 0.3:  # an input drives one unit, an output is one
        U, R = np.eye(n)[:, rng.permutation(n)[:kappa]], np.eye(n)[rng.permutation(n)[:kappa]]
    else:
        U, R = rng.normal(size=(n, kappa)), rng.normal(size=(kappa, n))
    bias = 0.5 * rng.normal(size=n) if biased else None
    leak = 1.0 if rng.random() < 0.8 else rng.uniform(0.2, 1.0)
    return name, Network(gain * weights(n, rng), U, R, bias=bias, activation=activation, leak=leak)


def hidden_circuit(number):
    """A linear circuit beside transients in a random basis, with errors in the weights, and the task that it does."""
    rng = np.random.default_rng([number, 14])
    s = int(rng.integers(2, 9))
    kappa = int(rng.integers(1, 5))
    task = Task.repeat_copy(s, kappa) if number % 2 else _signed_copy(s, kappa, rng)
    m, rest = s * kappa, int(rng.integers(0, 33))
    n = m + rest
    whole = np.zeros((n, n))
    whole[:m, :m] = companion(task).numpy()
    whole[m:, m:] = 0.4 * _gaussian(rest, rng) if rest else 0.0
    basis = _orthogonal(n, rng) @ np.diag(rng.uniform(0.5, 2.0, n)) @ _orthogonal(n, rng)
    last, inverse = np.eye(n)[:, m - kappa : m], np.linalg.inv(basis)
    W = basis @ whole @ inverse + float(rng.choice([0.0, 1e-6, 1e-3])) * _gaussian(n, rng)
    return task, Network(W, basis @ last, last.T @ inverse, activation="identity")


def _signed_copy(s, kappa, rng):
    """x(t) = ± x(t − s) in another order: C_1 is a signed permutation, which nothing interferes with."""
    return Task.from_selection(s, kappa, rng.permutation(kappa), rng.choice((-1, 1), size=kappa))


def share_right(network, task, seed):
    """The share of all output signs that are the task's, on fresh inputs, written as the theory says."""
    rng = np.random.default_rng([seed, 15])
    u = rng.choice((-1.0, 1.0), size=(RUNS, task.s, task.kappa))
    x = np.asarray(task.outputs(u, task.s + STEPS), dtype=np.float64)[:, task.s :]
    with np.errstate(over="ignore", invalid="ignore"):
        given = recoded(task, u) if network.activation == "identity" else u
        y = network.run(given, task.s + STEPS).outputs[:, task.s :]
    return float((np.sign(y) == np.sign(x))[x != 0].mean()) if x.any() else 0.0


def claim(network):
    """The task of the circuit that is claimed, or None, and whether from weights."""
    from emtheory.recovery.reader import read

    reading = read(network)
    return (reading.near.task, reading.from_weights) if reading.claimed else (None, False)


def judged(network, seed):
    """None without a claim, else the share of right signs, the claimed task and whether it is from weights."""
    task, from_weights = claim(network)
    return None if task is None else (share_right(network, task, seed), task, from_weights)


def is_wrong(found):
    """Whether a claim was made and is wrong."""
    return found is not None and found[0] < MOST
