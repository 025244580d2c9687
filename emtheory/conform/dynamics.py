"""Ground truth for nonlinear networks: networks as dicts, one step of them in high precision, derivatives of it.

The derivative is a central difference of the step in balls of `BITS` bits: it knows nothing of anybody's formula for
the Jacobian, and its error 4^−`SHIFT` is far below a rounding of float64.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import arb

from emtheory.conform.bounds import gamma
from emtheory.judges.balls import precision
from emtheory.system.array_types import Floats

__all__ = [
    "ACTIVATIONS",
    "FixedTruth",
    "derivative",
    "gated",
    "linear_fixed",
    "pitchfork",
    "prescribed",
    "rnn",
    "slack",
]

Network = dict[str, Any]
Seed = int | Sequence[int] | np.random.Generator

ACTIVATIONS = ("tanh", "sigmoid", "relu", "identity")
BITS, SHIFT = 512, 100
_GATES = {"lstm": 4, "gru": 3}


def _sigmoid(x: arb) -> arb:
    return 1 / (1 + (-x).exp())


_FUNCTIONS: dict[str, Callable[[arb], arb]] = {
    "tanh": lambda x: x.tanh(),
    "sigmoid": _sigmoid,
    "relu": lambda x: x if x > 0 else arb(0),
    "identity": lambda x: x,
}


def rnn(seed: Seed, n: int, *, activation: str = "tanh", leak: float = 1.0, bias: bool = True) -> Network:
    """A random network of kind 'rnn'; W in halves, b in odd eighths: relu is not at its kink where h is in halves.

    >>> sorted(rnn(0, 2))
    ['W', 'activation', 'b', 'kind', 'leak']
    """
    rng = np.random.default_rng(seed)
    b = (2 * rng.integers(-6, 6, n) + 1) / 8 if bias else np.zeros(n)
    W = rng.integers(-3, 4, (n, n)) / 2
    return {"kind": "rnn", "W": W, "b": b, "leak": leak, "activation": activation}


def gated(seed: Seed, kind: str, n: int) -> Network:
    """A random network of kind 'lstm' or 'gru' with weights and biases in quarters.

    >>> gated(0, "lstm", 2)["W"].shape
    (8, 2)
    """
    rng = np.random.default_rng(seed)
    rows = _GATES[kind] * n
    network = {"kind": kind, "W": rng.integers(-4, 5, (rows, n)) / 4, "b": rng.integers(-4, 5, rows) / 4}
    if kind == "gru":
        network["b_h"] = rng.integers(-4, 5, rows) / 4
    return network


def _step(network: Network, state: list[arb]) -> list[arb]:
    """One step without input."""
    if network["kind"] == "rnn":
        a, act = arb(float(network["leak"])), _FUNCTIONS[network["activation"]]
        return [
            (1 - a) * h + a * act(z) for h, z in zip(state, _affine(network["W"], state, network["b"]), strict=True)
        ]
    n = network["W"].shape[1]
    if network["kind"] == "lstm":
        h, c = state[:n], state[n:]
        z = _affine(network["W"], h, network["b"])
        i, f, g, o = (z[k * n : (k + 1) * n] for k in range(4))
        new = [_sigmoid(f[k]) * c[k] + _sigmoid(i[k]) * g[k].tanh() for k in range(n)]
        return [_sigmoid(o[k]) * new[k].tanh() for k in range(n)] + new
    z, outside = _affine(network["W"], state, network["b_h"]), [arb(float(x)) for x in network["b"]]
    reset = [_sigmoid(z[k] + outside[k]) for k in range(n)]
    keep = [_sigmoid(z[n + k] + outside[n + k]) for k in range(n)]
    new = [(outside[2 * n + k] + reset[k] * z[2 * n + k]).tanh() for k in range(n)]
    return [(1 - keep[k]) * new[k] + keep[k] * state[k] for k in range(n)]


def _affine(W: Floats, h: list[arb], b: Floats) -> list[arb]:
    rows = [sum((arb(float(w)) * x for w, x in zip(row, h, strict=True)), arb(0)) for row in W]
    return [row + arb(float(shift)) for row, shift in zip(rows, b, strict=True)]


def derivative(network: Network, h: Floats) -> Floats:
    """∂f_i/∂h_j of one step without input at the state h, correct to float64.

    >>> derivative({"kind": "rnn", "W": np.eye(1), "b": np.zeros(1), "leak": 1.0, "activation": "tanh"}, np.zeros(1))
    array([[1.]])
    """
    with precision(BITS):
        delta, state = arb(2) ** -SHIFT, [arb(float(x)) for x in h]
        columns = []
        for j in range(len(state)):
            above, below = (_step(network, [*state[:j], state[j] + sign * delta, *state[j + 1 :]]) for sign in (1, -1))
            columns.append([float((x - y) / (2 * delta)) for x, y in zip(above, below, strict=True)])
    return np.array(columns).T


def slack(network: Network, h: Floats, eps: float) -> float:
    """How far a computed Jacobian can be off, entry by entry.

    An entry is a sum of at most 4 products of at most 6 factors. Each factor is a gate, its slope, a tanh, a weight, or
    c; all but the last two are at most 1 and move by no more than their argument z does, which is off by γ_{n+2}|z|.
    """
    W, b = np.abs(network["W"]), np.abs(network["b"]) + np.abs(network.get("b_h", 0.0))
    n = W.shape[1]
    z = float((W @ np.abs(h[:n]) + b).max())
    size = 1 + float(np.abs(h).max()) + (z if network["kind"] == "gru" else 0.0)
    return 24 * (gamma(n + 2, eps) * z * size + gamma(8, eps)) * size**2 * (1 + float(W.max()))


@dataclass(frozen=True, eq=False)
class FixedTruth:
    """A network of kind 'rnn' and its fixed points (count × n), all of them.

    `inverse` bounds ‖(I − J)⁻¹‖ at the points, J the derivative of σ(W h + b).
    """

    network: Network
    points: Floats
    inverse: float


def linear_fixed(seed: Seed, n: int, *, leak: float = 1.0) -> FixedTruth:
    """A linear network with bias and one fixed point of integers, off the origin, stable or not.

    >>> linear_fixed(0, 2).points.shape
    (1, 2)
    """
    from emtheory.conform.truth import unimodular

    rng = np.random.default_rng(seed)
    P, back = unimodular(rng, n, shears=1)
    values = rng.choice([0.0, 0.5, -0.5, -1.0, 2.0], n)
    W, h = P * values @ back + 0.0, rng.choice([-3.0, -1.0, 1.0, 2.0], n)
    inverse = float(np.linalg.norm(P / (1 - values) @ back, np.inf))
    network = {"kind": "rnn", "W": W, "b": h - W @ h, "leak": leak, "activation": "identity"}
    return FixedTruth(network, h[None], inverse)


def prescribed(seed: Seed, n: int, *, leak: float = 1.0) -> FixedTruth:
    """A tanh network with ‖W‖_∞ ≤ 1/2 and the bias that makes a random h* its only fixed point.

    >>> truth = prescribed(0, 2)
    >>> bool(np.allclose(np.tanh(truth.network["W"] @ truth.points[0] + truth.network["b"]), truth.points[0]))
    True
    """
    rng = np.random.default_rng(seed)
    W = rng.integers(-4, 5, (n, n)) / (8 * n)
    h = rng.integers(-6, 7, n) / 8 + 1 / 16
    network = {"kind": "rnn", "W": W, "b": np.arctanh(h) - W @ h, "leak": leak, "activation": "tanh"}
    return FixedTruth(network, h[None], 2.0)


def pitchfork(seed: Seed, n: int, *, leak: float = 1.0) -> FixedTruth:
    """tanh(2h) unit by unit: 3^n fixed points, 0 and ± the root of tanh(2h) = h in each.

    >>> pitchfork(0, 1).points.ravel().round(4).tolist()
    [-0.9575, 0.0, 0.9575]
    """
    rng = np.random.default_rng(seed)
    root = 1.0
    for _ in range(64):  # contracts by 2(1 − h²) < 1/5 a step
        root = float(np.tanh(2 * root))
    points = np.array(np.meshgrid(*[[-root, 0.0, root]] * n, indexing="ij")).reshape(n, -1).T
    signs = rng.choice([-1.0, 1.0], n)  # of units flipped and flipped back; W is 2I all the same
    W = np.diag(2 * signs * signs)
    network = {"kind": "rnn", "W": W, "b": np.zeros(n), "leak": leak, "activation": "tanh"}
    return FixedTruth(network, points, 1 / (1 - 2 * (1 - root**2)))
