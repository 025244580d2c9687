"""Recurrent networks: h(t) = (1 − a) h(t−1) + a σ(W h(t−1) + U u(t) + b), y(t) = R h(t) + c; u(t) = 0 after the inputs.

`Network` holds float weights, checked once, and runs batches; without input it is a map with a Jacobian, in floats and
in balls over boxes. `linear_run` runs the linear model, exactly on rational matrices or on float arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from numbers import Real
from typing import Any, NamedTuple, overload

import numpy as np

from emtheory.judges.balls import arb, arb_mat
from emtheory.judges.exact import Matrix, hstack, zeros
from emtheory.networks.activations import ACTIVATIONS, ENCLOSED, exact_balls
from emtheory.system.array_types import Floats

__all__ = ["Network", "Run", "linear_run"]


Balls = np.ndarray[Any, np.dtype[np.object_]]


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
    """h(t) = (1 − leak) h(t−1) + leak σ(W_hh h(t−1) + W_uh u(t) + b), y(t) = W_r h(t) + c.

    Arguments:
        W_hh: n × n.
        W_uh: n × (input dimension).
        W_r: (output dimension) × n.
        bias: n entries, or None for 0.
        activation: "tanh", "identity", "relu" or "sigmoid".
        leak: 0 < leak ≤ 1; 1 forgets the state but for W_hh.
        readout_bias: c, an entry for each output, or None for 0.

    Raises:
        ValueError: shapes that do not fit each other, entries that are not finite and real, an unknown activation, a
            leak outside (0, 1].

    >>> network = Network(W_hh=[[0.5]], W_uh=[[1.0]], W_r=[[2.0]], activation="identity")
    >>> network.run([[[1.0]]], 3).outputs.tolist()
    [[[2.0], [1.0], [0.5]]]
    """

    W_hh: Floats
    W_uh: Floats
    W_r: Floats
    bias: Floats | None = None
    activation: str = "tanh"
    leak: float = 1.0
    readout_bias: Floats | None = None

    def __post_init__(self) -> None:
        for name in ("W_hh", "W_uh", "W_r", "bias", "readout_bias"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, finite_weights(getattr(self, name), name))
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
        check_readout(self.W_r, n, self.readout_bias)
        if self.bias is not None and self.bias.shape != (n,):
            raise ValueError(f"the bias must have n={n} entries as W_hh has rows, but has shape {self.bias.shape}")
        if self.activation not in ACTIVATIONS:
            raise ValueError(f"the activation must be one of {', '.join(ACTIVATIONS)}, but is '{self.activation}'")
        if not isinstance(self.leak, Real) or not 0 < float(self.leak) <= 1:
            raise ValueError(f"the leak must be a number in (0, 1], but is {self.leak!r}; 1 is a network without leak")
        object.__setattr__(self, "leak", float(self.leak))

    @property
    def n(self) -> int:
        """The hidden dimension."""
        return len(self.W_hh)

    @property
    def size(self) -> int:
        """The dimension of the state, n."""
        return self.n

    def run(self, u: Floats, T: int, *, start: Floats | None = None) -> Run:
        """States and outputs at t = 1..T from h(0) = start, u(t) = 0 once the inputs are used up.

        Arguments:
            u: inputs (batch, s, input dimension).
            T: number of time steps, T ≥ 1.
            start: h(0), shape (n,) or (batch, n); 0 if not given.

        Raises:
            ValueError: shapes that do not fit, inputs or start not finite and real, T < 1.

        >>> leaky = Network([[0.0]], [[1.0]], [[1.0]], activation="relu", leak=0.5)
        >>> leaky.run([[[-1.0]]], 2, start=[8.0]).outputs.tolist()
        [[[4.0], [2.0]]]
        """
        drive = driven(self.W_uh, u, T)
        if self.bias is not None:
            drive = drive + self.bias
        states = iterated(self._advance, drive, fitting_start(start, len(drive), self.n, "start"))
        return Run(states, self.read(states))

    def read(self, states: Floats) -> Floats:
        """The outputs W_r h + c at states h (…, n): (…, output dimension).

        >>> Network([[0.0]], [[1.0]], [[2.0]], readout_bias=[0.5]).read(np.array([[1.0], [0.0]])).tolist()
        [[2.5], [0.5]]
        """
        outputs = states @ self.W_r.T
        return outputs if self.readout_bias is None else outputs + self.readout_bias

    def step(self, h: Floats) -> Floats:
        """One step without input: (1 − leak) h + leak σ(W_hh h + b); states (batch, n) to states (batch, n).

        Raises:
            ValueError: h is not finite and real with shape (batch, n).

        >>> Network([[2.0]], [[1.0]], [[1.0]], activation="relu").step([[3.0], [-3.0]]).tolist()
        [[6.0], [0.0]]
        """
        return self._advance(finite_states(h, 2, self.n), np.zeros(self.n) if self.bias is None else self.bias)

    def jacobian(self, h: Floats) -> Floats:
        """(1 − leak) I + leak diag(σ'(W_hh h + b)) W_hh at the state h (n,), n × n; relu has slope 0 at 0.

        Raises:
            ValueError: h is not finite and real with shape (n,).

        >>> Network([[2.0]], [[1.0]], [[1.0]], leak=0.5).jacobian([0.0]).tolist()
        [[1.5]]
        """
        z = self.W_hh @ finite_states(h, 1, self.n)
        slopes = ACTIVATIONS[self.activation].slope(z if self.bias is None else z + self.bias)
        jacobian: Floats = _leaked(np.eye(self.n), slopes[:, np.newaxis] * self.W_hh, self.leak)
        return jacobian

    def enclosed_step(self, h: Sequence[arb]) -> list[arb]:
        """Balls that contain the exact step of every state in the box h (n balls), at the precision in force.

        Raises:
            ValueError: h has not n entries.

        >>> Network([[2.0]], [[1.0]], [[1.0]], activation="relu").enclosed_step([arb(3)])
        [6.00000000000000]
        """
        box = box_of(h, self.n)
        fresh = ENCLOSED[self.activation].value(self._balls.W @ box + self._balls.bias)
        return list(_leaked(box, fresh, arb(self.leak)))

    def enclosed_jacobian(self, h: Sequence[arb]) -> arb_mat:
        """Balls that contain the Jacobian at every state in the box h (n balls), n × n, at the precision in force.

        relu has the slopes [0, 1] where the box reaches a pre-activation 0.

        Raises:
            ValueError: h has not n entries.

        >>> Network([[2.0]], [[1.0]], [[1.0]]).enclosed_jacobian([arb(0)])
        [2.00000000000000]
        """
        slopes = ENCLOSED[self.activation].slope(self._balls.W @ box_of(h, self.n) + self._balls.bias)
        inner = slopes[:, np.newaxis] * self._balls.W
        return arb_mat(self.n, self.n, list(_leaked(exact_balls(np.eye(self.n)), inner, arb(self.leak)).flat))

    def _advance(self, h: Floats, drive: Floats) -> Floats:
        states: Floats = _leaked(h, ACTIVATIONS[self.activation].value(h @ self.W_hh.T + drive), self.leak)
        return states

    @cached_property
    def _balls(self) -> _ExactWeights:
        bias = np.zeros(self.n) if self.bias is None else self.bias
        return _ExactWeights(exact_balls(self.W_hh), exact_balls(bias))


class _ExactWeights(NamedTuple):
    W: Balls
    bias: Balls


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
    drive = driven(network.W_uh, u, T)
    states = iterated(network._advance, drive, fitting_start(h0, len(drive), network.n, "h0"))
    return Run(states, states @ network.W_r.T)


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


def iterated(advance: Callable[[Floats, Floats], Floats], drive: Floats, start: Floats) -> Floats:
    """The states x(t) = advance(x(t−1), drive[:, t]), t = 1..T, from x(0) = start: (batch, T, size)."""
    states = np.empty((*drive.shape[:2], start.shape[-1]))
    state = start
    for t in range(drive.shape[1]):
        state = advance(state, drive[:, t])
        states[:, t] = state
    return states


def _leaked(old: Any, new: Any, leak: Any) -> Any:
    """(1 − leak) old + leak new; an infinite old state does not count when nothing of it is kept."""
    return new if leak == 1 else old * (1 - leak) + new * leak


def driven(U: Floats, u: Any, T: int) -> Floats:
    """U u(t) for t = 1..T as (batch, T, rows of U); ValueError for inputs or a T that do not fit."""
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


def finite_weights(values: Any, name: str) -> Floats:
    """The matrix (or the vector, if it is a bias) as float64; ValueError if it is not finite and real."""
    array, vector = np.asarray(values), name.startswith(("b", "readout_bias"))
    if array.dtype.kind not in "fiu":
        raise ValueError(f"{name} must have real entries, but has type {array.dtype}")
    if array.ndim != (1 if vector else 2):
        raise ValueError(f"{name} must be a {'vector' if vector else 'matrix'}, but has shape {array.shape}")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite, but has NaN or infinite entries; check how it was trained or saved")
    return array.astype(np.float64)


def check_readout(W_r: Floats, n: int, readout_bias: Floats | None) -> None:
    """ValueError unless W_r has n columns, and the readout bias, if there is one, an entry for each row."""
    if W_r.shape[1] != n:
        raise ValueError(
            f"W_r must have n={n} columns as W_hh has, but has shape {W_r.shape}; "
            "it is output x hidden, transpose it if it is stored the other way round"
        )
    if readout_bias is not None and readout_bias.shape != (len(W_r),):
        raise ValueError(
            f"the readout bias must have {len(W_r)} entries as W_r has rows, but has shape {readout_bias.shape}"
        )


def fitting_start(start: Any, batch: int, size: int, name: str) -> Floats:
    """The start state, (size,) or (batch, size), 0 for None; ValueError if it is not finite, real and of this shape."""
    array = np.zeros(size) if start is None else np.asarray(start)
    if array.shape not in ((size,), (batch, size)) or array.dtype.kind not in "fiu" or not np.isfinite(array).all():
        raise ValueError(
            f"{name} must be finite and real with shape ({size},) or ({batch}, {size}), "
            f"but has shape {array.shape} and type {array.dtype}"
        )
    return array.astype(np.float64)


def finite_states(h: Any, ndim: int, size: int) -> Floats:
    """One state (size,) or a batch (batch, size) as float64; ValueError if it is not finite, real and of this shape."""
    array = np.asarray(h)
    if array.ndim != ndim or array.shape[-1] != size or array.dtype.kind not in "fiu" or not np.isfinite(array).all():
        shape = f"({size},)" if ndim == 1 else f"(batch, {size})"
        raise ValueError(
            f"h must be finite and real with shape {shape}, but has shape {array.shape} and type {array.dtype}"
        )
    return array.astype(np.float64)


def box_of(h: Sequence[arb], size: int) -> Balls:
    """The balls as an array (size,); ValueError for another number of balls."""
    if len(h) != size:
        raise ValueError(f"the box must have {size} balls, one for each entry of the state, but has {len(h)}")
    box = np.empty(size, dtype=object)
    box[:] = [arb(x) for x in h]
    return box
