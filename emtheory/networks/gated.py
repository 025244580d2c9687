"""Autonomous maps with Jacobians, in floats and in balls over boxes: the protocol `Dynamics`, and the gated cells.

`LSTMCell` and `GRUCell` have the weight layout and the gate order of torch (LSTM i, f, g, o; GRU r, z, n). Their
formulas are written once and run on float arrays and on arrays of Arb balls, where the float weights enter exactly.
`Dynamics` leaves the input out (u = 0); `Network` in `emtheory.networks.elman` satisfies it too.

References: Hochreiter, Schmidhuber, Neural Computation 9 (1997); Cho et al., arXiv:1406.1078; the documentation of
torch.nn.LSTMCell and torch.nn.GRUCell.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, NamedTuple, Protocol

import numpy as np

from emtheory.judges.balls import arb, arb_mat
from emtheory.networks.activations import ACTIVATIONS, ENCLOSED, Activation, exact_balls
from emtheory.networks.elman import (
    Run,
    box_of,
    check_readout,
    driven,
    finite_states,
    finite_weights,
    fitting_start,
    iterated,
)
from emtheory.system.array_types import Floats

__all__ = ["Dynamics", "GRUCell", "LSTMCell"]


class Dynamics(Protocol):
    """An autonomous map x(t) = f(x(t−1)) on vectors of length `size`, with its Jacobian, in floats and in balls.

    The enclosures hold for every state in a box of balls, at the precision in force (see `judges.balls.precision`).

    >>> from emtheory.networks.elman import Network
    >>> flip: Dynamics = Network([[-1.0]], [[1.0]], [[1.0]], activation="identity")
    >>> flip.size, flip.step([[2.0]]).tolist(), flip.enclosed_step([arb(2)])
    (1, [[-2.0]], [-2.00000000000000])
    """

    @property
    def size(self) -> int:
        """The dimension of the state."""

    def step(self, h: Floats) -> Floats:
        """f at every row; (batch, size) to (batch, size). ValueError for states that do not fit."""

    def jacobian(self, h: Floats) -> Floats:
        """∂f_i/∂h_j at the state h (size,), size × size. ValueError for a state that does not fit."""

    def enclosed_step(self, h: Sequence[arb]) -> list[arb]:
        """Balls that contain f(x) for every x in the box h (size balls). ValueError for another number of balls."""

    def enclosed_jacobian(self, h: Sequence[arb]) -> arb_mat:
        """Balls that contain the Jacobian at every x in the box h, size × size. ValueError as `enclosed_step`."""


class _Numbers(NamedTuple):
    """The weights of a cell and its σ, as floats or as balls."""

    W: Any
    b_ih: Any
    b_hh: Any
    sigma: Mapping[str, Activation]


@dataclass(frozen=True, eq=False)
class _GatedCell(ABC):
    """What LSTM and GRU share: checked weights, runs, and the two kinds of numbers."""

    W_ih: Floats
    W_hh: Floats
    b_ih: Floats | None = None
    b_hh: Floats | None = None
    W_r: Floats | None = None
    readout_bias: Floats | None = None

    gates: ClassVar[int]
    vectors: ClassVar[int]  # of length n in one state

    def __post_init__(self) -> None:
        for name in ("W_ih", "W_hh", "b_ih", "b_hh", "W_r", "readout_bias"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, finite_weights(getattr(self, name), name))
        (rows, n), gates = self.W_hh.shape, self.gates
        if rows != gates * n or n == 0:
            raise ValueError(
                f"W_hh must be {gates}n x n, n > 0, but has shape {self.W_hh.shape}; stack the gates as torch does"
            )
        if self.W_ih.shape[0] != rows:
            raise ValueError(
                f"W_ih must have {gates}n={rows} rows as W_hh has, but has shape {self.W_ih.shape}; "
                "it is gates x input, transpose it if it is stored the other way round"
            )
        for name, bias in (("b_ih", self.b_ih), ("b_hh", self.b_hh)):
            if bias is not None and bias.shape != (rows,):
                raise ValueError(
                    f"{name} must have {gates}n={rows} entries, but has shape {bias.shape}; stack the gates"
                )
        if self.W_r is not None:
            check_readout(self.W_r, n, self.readout_bias)
        elif self.readout_bias is not None:
            raise ValueError("a readout bias belongs to a readout, but there is no W_r; give both or neither")

    @property
    def n(self) -> int:
        """The hidden dimension."""
        return int(self.W_hh.shape[1])

    @property
    def size(self) -> int:
        """The dimension of the state: 2n for an LSTM, n for a GRU."""
        return self.vectors * self.n

    def run(self, u: Floats, T: int, *, start: Floats | None = None) -> Run:
        """States and outputs W_r h(t) + c at t = 1..T, u(t) = 0 once the inputs are used up.

        Arguments:
            u: inputs (batch, s, input dimension).
            T: number of time steps, T ≥ 1.
            start: the state at t = 0, shape (size,) or (batch, size); 0 if not given.

        Returns:
            states (batch, T, size) and outputs (batch, T, rows of W_r); a cell without readout has no outputs, (batch,
            T, 0).

        Raises:
            ValueError: shapes that do not fit, inputs or start not finite and real, T < 1.
        """
        drive = driven(self.W_ih, u, T) + self._floats.b_ih
        states = iterated(self._advance, drive, fitting_start(start, len(drive), self.size, "start"))
        readout = np.zeros((0, self.n)) if self.W_r is None else self.W_r
        offset = np.zeros(len(readout)) if self.readout_bias is None else self.readout_bias
        return Run(states, states[..., : self.n] @ readout.T + offset)

    def step(self, h: Floats) -> Floats:
        """One step without input; states (batch, size) to states (batch, size).

        Raises:
            ValueError: h is not finite and real with shape (batch, size).
        """
        return self._advance(finite_states(h, 2, self.size), self._floats.b_ih)

    def jacobian(self, h: Floats) -> Floats:
        """The derivative of the step without input at the state h (size,), size × size.

        Raises:
            ValueError: h is not finite and real with shape (size,).
        """
        jacobian: Floats = self._slopes(finite_states(h, 1, self.size), self._floats)
        return jacobian

    def enclosed_step(self, h: Sequence[arb]) -> list[arb]:
        """Balls that contain the exact step of every state in the box h (size balls), at the precision in force.

        Raises:
            ValueError: h has not `size` entries.
        """
        return list(self._next(box_of(h, self.size), self._balls.b_ih, self._balls))

    def enclosed_jacobian(self, h: Sequence[arb]) -> arb_mat:
        """Balls that contain the Jacobian at every state in the box h (size balls), at the precision in force.

        Raises:
            ValueError: h has not `size` entries.
        """
        return arb_mat(self.size, self.size, list(self._slopes(box_of(h, self.size), self._balls).flat))

    def _advance(self, state: Floats, drive: Floats) -> Floats:
        states: Floats = self._next(state, drive, self._floats)
        return states

    @abstractmethod
    def _next(self, state: Any, drive: Any, numbers: _Numbers) -> Any:
        """The next state; `drive` is W_ih u + b_ih."""

    @abstractmethod
    def _slopes(self, state: Any, numbers: _Numbers) -> Any:
        """The Jacobian of `_next` at a state (size,) and u = 0."""

    @cached_property
    def _floats(self) -> _Numbers:
        rest = np.zeros(len(self.W_hh))
        b_ih, b_hh = (rest if bias is None else bias for bias in (self.b_ih, self.b_hh))
        return _Numbers(self.W_hh, b_ih, b_hh, ACTIVATIONS)

    @cached_property
    def _balls(self) -> _Numbers:
        W, b_ih, b_hh, _ = self._floats
        return _Numbers(exact_balls(W), exact_balls(b_ih), exact_balls(b_hh), ENCLOSED)


@dataclass(frozen=True, eq=False)
class LSTMCell(_GatedCell):
    """c(t) = σ(f) c(t−1) + σ(i) tanh(g), h(t) = σ(o) tanh(c(t)), y(t) = W_r h(t) + c; the state is (h, c), size 2n.

    (i, f, g, o) = W_ih u(t) + b_ih + W_hh h(t−1) + b_hh, stacked in this order, σ the sigmoid.

    Arguments:
        W_ih: 4n × (input dimension).
        W_hh: 4n × n.
        b_ih, b_hh: 4n entries, or None for 0.
        W_r: (output dimension) × n, or None for a cell without readout.
        readout_bias: c, an entry for each output, or None for 0.

    Raises:
        ValueError: shapes that do not fit each other, entries that are not finite and real.

    >>> cell = LSTMCell(W_ih=[[0.0]] * 4, W_hh=[[0.0]] * 4)
    >>> cell.size, cell.step([[0.0, 1.0]])[0, 1].tolist()
    (2, 0.5)
    >>> cell.jacobian([0.0, 0.0]).tolist()
    [[0.0, 0.25], [0.0, 0.5]]
    """

    gates: ClassVar[int] = 4
    vectors: ClassVar[int] = 2

    def _next(self, state: Any, drive: Any, numbers: _Numbers) -> Any:
        tanh, sigmoid = numbers.sigma["tanh"].value, numbers.sigma["sigmoid"].value
        h, c = np.split(state, 2, axis=-1)
        i, f, g, o = np.split(h @ numbers.W.T + numbers.b_hh + drive, 4, axis=-1)
        c = sigmoid(f) * c + sigmoid(i) * tanh(g)
        return np.concatenate([sigmoid(o) * tanh(c), c], axis=-1)

    def _slopes(self, state: Any, numbers: _Numbers) -> Any:
        tanh, sigmoid = numbers.sigma["tanh"], numbers.sigma["sigmoid"]
        h, c = np.split(state, 2)
        i, f, g, o = np.split(h @ numbers.W.T + numbers.b_hh + numbers.b_ih, 4)
        W_i, W_f, W_g, W_o = np.split(numbers.W, 4)
        forget, output = sigmoid.value(f), sigmoid.value(o)
        new = forget * c + sigmoid.value(i) * tanh.value(g)
        new_by_h = (
            _rows(c * sigmoid.slope(f), W_f)
            + _rows(tanh.value(g) * sigmoid.slope(i), W_i)
            + _rows(sigmoid.value(i) * tanh.slope(g), W_g)
        )
        through = output * tanh.slope(new)
        h_by_h = _rows(tanh.value(new) * sigmoid.slope(o), W_o) + _rows(through, new_by_h)
        return np.block([[h_by_h, np.diag(through * forget)], [new_by_h, np.diag(forget)]])


@dataclass(frozen=True, eq=False)
class GRUCell(_GatedCell):
    """h(t) = (1 − σ(z)) ν + σ(z) h(t−1), ν = tanh(n_ih + σ(r) n_hh), y(t) = W_r h(t) + c; the state is h, size n.

    (r, z, n) = W_ih u(t) + b_ih for the input and W_hh h(t−1) + b_hh for the state, stacked in this order and added for
    r and z, σ the sigmoid: as in torch, the reset gate σ(r) multiplies the bias of n_hh too.

    Arguments:
        W_ih: 3n × (input dimension).
        W_hh: 3n × n.
        b_ih, b_hh: 3n entries, or None for 0.
        W_r: (output dimension) × n, or None for a cell without readout.
        readout_bias: c, an entry for each output, or None for 0.

    Raises:
        ValueError: shapes that do not fit each other, entries that are not finite and real.

    >>> cell = GRUCell(W_ih=[[0.0]] * 3, W_hh=[[0.0], [0.0], [2.0]])
    >>> cell.step([[0.0]]).tolist(), cell.jacobian([0.0]).tolist()
    ([[0.0]], [[1.0]])
    """

    gates: ClassVar[int] = 3
    vectors: ClassVar[int] = 1

    def _next(self, state: Any, drive: Any, numbers: _Numbers) -> Any:
        tanh, sigmoid = numbers.sigma["tanh"].value, numbers.sigma["sigmoid"].value
        r, z, n = np.split(state @ numbers.W.T + numbers.b_hh, 3, axis=-1)
        r_in, z_in, n_in = np.split(drive, 3, axis=-1)
        keep = sigmoid(z + z_in)
        return (1 - keep) * tanh(n_in + sigmoid(r + r_in) * n) + keep * state

    def _slopes(self, state: Any, numbers: _Numbers) -> Any:
        tanh, sigmoid = numbers.sigma["tanh"], numbers.sigma["sigmoid"]
        r, z, n = np.split(state @ numbers.W.T + numbers.b_hh, 3)
        r_in, z_in, n_in = np.split(numbers.b_ih, 3)
        W_r, W_z, W_n = np.split(numbers.W, 3)
        keep, reset = sigmoid.value(z + z_in), sigmoid.value(r + r_in)
        inner = n_in + reset * n
        new_by_h = _rows(tanh.slope(inner), _rows(n * sigmoid.slope(r + r_in), W_r) + _rows(reset, W_n))
        moved = _rows((state - tanh.value(inner)) * sigmoid.slope(z + z_in), W_z)
        return moved + _rows(1 - keep, new_by_h) + np.diag(keep)


def _rows(factors: Any, matrix: Any) -> Any:
    """diag(factors) matrix."""
    return factors[:, np.newaxis] * matrix
