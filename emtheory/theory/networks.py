"""Recurrent networks: h(t) = σ(W h(t−1) + U u(t) + b), y(t) = R h(t), u(t) = 0 after the input phase.

`Network` holds float weights, checked once, and runs batches; `linear_run` runs the linear model, exactly on rational
matrices or on float arrays.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, overload

import numpy as np

from emtheory.judges.exact import Matrix, hstack, zeros

__all__ = ["Floats", "Network", "Run", "linear_run"]

Floats = np.ndarray[Any, np.dtype[np.float64]]

ACTIVATIONS: dict[str, Callable[[Floats], Floats]] = {"tanh": np.tanh, "identity": lambda z: z}


class Run(NamedTuple):
    """States h(1..T) and outputs y(1..T): arrays (batch, T, n) and (batch, T, κ)."""

    states: Floats
    outputs: Floats


class ExactRun(NamedTuple):
    """States h(1..T) (n × T) and outputs y(1..T) (κ × T), exact."""

    states: Matrix
    outputs: Matrix


@dataclass(frozen=True, eq=False)
class Network:
    """h(t) = σ(W_hh h(t−1) + W_uh u(t) + b), y(t) = W_r h(t).

    Arguments:
        W_hh: n × n.
        W_uh: n × (input dimension).
        W_r: (output dimension) × n.
        bias: n entries, or None for 0.
        activation: "tanh" or "identity".

    Raises:
        ValueError: shapes that do not fit each other, entries that are not finite and real, an unknown activation.

    >>> network = Network(W_hh=[[0.5]], W_uh=[[1.0]], W_r=[[2.0]], activation="identity")
    >>> network.run([[[1.0]]], 3).outputs.tolist()
    [[[2.0], [1.0], [0.5]]]
    """

    W_hh: Floats
    W_uh: Floats
    W_r: Floats
    bias: Floats | None = None
    activation: str = "tanh"

    def __post_init__(self) -> None:
        for name in ("W_hh", "W_uh", "W_r", "bias"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, _weights(getattr(self, name), name))
        rows, n = self.W_hh.shape
        if rows != n or n == 0:
            raise ValueError(
                f"W_hh must be square (hidden x hidden) and not empty, but has shape {self.W_hh.shape}; check its name"
            )
        if self.W_uh.shape[0] != n:
            raise ValueError(
                f"W_uh must have n={n} rows as W_hh has, but has shape {self.W_uh.shape}; "
                "it is hidden x input, transpose it if it is stored the other way round"
            )
        if self.W_r.shape[1] != n:
            raise ValueError(
                f"W_r must have n={n} columns as W_hh has, but has shape {self.W_r.shape}; "
                "it is output x hidden, transpose it if it is stored the other way round"
            )
        if self.bias is not None and self.bias.shape != (n,):
            raise ValueError(f"the bias must have n={n} entries as W_hh has rows, but has shape {self.bias.shape}")
        if self.activation not in ACTIVATIONS:
            raise ValueError(f"the activation must be one of {', '.join(ACTIVATIONS)}, but is '{self.activation}'")

    @property
    def n(self) -> int:
        """The hidden dimension."""
        return len(self.W_hh)

    def run(self, u: Floats, T: int) -> Run:
        """States and outputs at t = 1..T from h(0) = 0, u(t) = 0 once the inputs are used up.

        Arguments:
            u: inputs (batch, s, input dimension).
            T: number of time steps, T ≥ 1.

        Raises:
            ValueError: shapes that do not fit, non-finite inputs, T < 1.
        """
        drive = _drive(self.W_uh, u, T)
        if self.bias is not None:
            drive = drive + self.bias
        return _iterate(self.W_hh, self.W_r, drive, np.zeros(self.n), ACTIVATIONS[self.activation])


@overload
def linear_run(W: Matrix, U: Matrix, R: Matrix, u: Matrix, T: int, h0: Matrix | None = None) -> ExactRun: ...
@overload
def linear_run(W: Floats, U: Floats, R: Floats, u: Floats, T: int, h0: Floats | None = None) -> Run: ...
def linear_run(W: Any, U: Any, R: Any, u: Any, T: int, h0: Any = None) -> ExactRun | Run:
    """h(t) = W h(t−1) + U u(t), y(t) = R h(t), t = 1..T, u(t) = 0 once the inputs are used up.

    Arguments:
        W, U, R: n × n, n × κ, κ × n; all exact matrices, or all float arrays.
        u: inputs; exact κ × s, or an array (batch, s, κ).
        T: number of time steps, T ≥ 1.
        h0: h(0), 0 if not given; exact n × 1, or an array (n,) or (batch, n).

    Returns:
        states and outputs; exact n × T and κ × T, or arrays (batch, T, n) and (batch, T, κ).

    Raises:
        TypeError: exact matrices mixed with arrays.
        ValueError: shapes that do not fit, non-finite entries, T < 1.

    >>> from emtheory.judges.exact import matrix
    >>> linear_run(matrix([[2]]), matrix([[1]]), matrix([[1]]), matrix([[1, 1]]), 4).outputs
    matrix([[1, 3, 6, 12]])
    """
    given = [W, U, R, u] + ([] if h0 is None else [h0])
    exact = [isinstance(x, Matrix) for x in given]
    if all(exact):
        return _exact_run(W, U, R, u, T, h0)
    if any(exact):
        raise TypeError(
            "a linear run needs exact matrices only, or arrays only; convert with .numpy() or dyadic(array)"
        )
    network = Network(W, U, R, activation="identity")
    drive = _drive(network.W_uh, u, T)
    start = np.zeros(network.n) if h0 is None else _fitting_start(h0, len(drive), network.n)
    return _iterate(network.W_hh, network.W_r, drive, start, ACTIVATIONS["identity"])


def _exact_run(W: Matrix, U: Matrix, R: Matrix, u: Matrix, T: int, h0: Matrix | None) -> ExactRun:
    _check_horizon(T)
    n, (kappa, s) = len(W), u.shape
    h = zeros(n, 1) if h0 is None else h0
    if W.shape != (n, n) or U.shape != (n, kappa) or R.shape[1] != n or h.shape != (n, 1):
        raise ValueError(
            f"a linear run needs W n x n, U n x k, R k x n, u k x s and h0 n x 1, "
            f"but got W {W.shape}, U {U.shape}, R {R.shape}, u {u.shape}, h0 {h.shape}"
        )
    drive = U @ u
    states = []
    for t in range(T):
        h = W @ h
        if t < s:
            h = h + drive[:, t : t + 1]
        states.append(h)
    together = hstack(states)
    return ExactRun(together, R @ together)


def _iterate(W: Floats, R: Floats, drive: Floats, h: Floats, sigma: Callable[[Floats], Floats]) -> Run:
    states = np.empty(drive.shape)
    for t in range(drive.shape[1]):
        h = sigma(h @ W.T + drive[:, t])
        states[:, t] = h
    return Run(states, states @ R.T)


def _drive(U: Floats, u: Any, T: int) -> Floats:
    """U u(t) for t = 1..T as (batch, T, n)."""
    _check_horizon(T)
    inputs = np.asarray(u)
    if inputs.ndim != 3 or inputs.shape[2] != U.shape[1] or inputs.dtype.kind not in "fiu":
        raise ValueError(
            f"inputs must be a real array of shape (batch, s, {U.shape[1]}), "
            f"but have shape {inputs.shape} and type {inputs.dtype}; the last axis is one input"
        )
    if not np.isfinite(inputs).all():
        raise ValueError("inputs must be finite, but have NaN or infinite entries; check their source")
    steps = min(T, inputs.shape[1])
    drive = np.zeros((len(inputs), T, len(U)))
    drive[:, :steps] = inputs[:, :steps].astype(np.float64) @ U.T
    return drive


def _check_horizon(T: int) -> None:
    if T < 1:
        raise ValueError(f"the number of time steps T must be at least 1, but is {T}")


def _weights(values: Any, name: str) -> Floats:
    array = np.asarray(values)
    if array.dtype.kind not in "fiu":
        raise ValueError(f"{name} must have real entries, but has type {array.dtype}")
    if array.ndim != (1 if name == "bias" else 2):
        raise ValueError(f"{name} must be a {'vector' if name == 'bias' else 'matrix'}, but has shape {array.shape}")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite, but has NaN or infinite entries; check how it was trained or saved")
    return array.astype(np.float64)


def _fitting_start(h0: Any, batch: int, n: int) -> Floats:
    array = np.asarray(h0)
    if array.shape not in ((n,), (batch, n)) or array.dtype.kind not in "fiu" or not np.isfinite(array).all():
        raise ValueError(
            f"h0 must be finite and real with shape ({n},) or ({batch}, {n}), "
            f"but has shape {array.shape} and type {array.dtype}"
        )
    return array.astype(np.float64)
