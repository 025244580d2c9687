"""What every variable memory holds along a run, read from its states by the dual of the recovered memories.

Main function: `decode(recovery, states, task, inputs) -> Decoded`. The contents are z(t) = Ψ⁺P(h(t) − c), and by
`loaded-composition` memory k holds x(t−s+k). States do not keep contents that do not persist: the rank of Ψ is then
below sκ, and Ψ⁺Ψ z is read instead of z. A content counts as determined if no signs of the others can change its own.

References: theorems `loaded-composition`, `transient-projection`, `memory-lifetime`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from emtheory.networks.elman import Network
from emtheory.recovery.krylov import Recovery
from emtheory.system.array_types import Floats
from emtheory.system.threads import one_blas_thread
from emtheory.theory.tasks import Task

__all__ = ["Decoded", "attractor_center", "decode"]

Truths = np.ndarray[Any, np.dtype[np.bool_]]

RUNS = 100
"""Random inputs, and their negatives, whose runs are averaged for the center of an attractor."""

SETTLED, WINDOW = 32, 96
"""Steps after the last input that are left out of that mean, and steps that are in it."""


@dataclass(frozen=True, eq=False)
class Decoded:
    """Contents of the memories along runs; entry [b, t−1, k−1, i] is component i of memory k at step t of run b.

    Attributes:
        contents: what is read, Ψ⁺P(h(t) − c) (batch × T × s × κ).
        mixing: Σ_j |Ψ⁺Ψ − I|_ij of each row i (s × κ): the most by which contents ±1 change what is read of content i.
        task: what the contents are compared with, if anything.
        expected: x(t−s+k), and 0 where nothing is written yet (batch × T × s × κ); None without a task.
    """

    contents: Floats
    mixing: Floats
    task: Task | None
    expected: Floats | None

    @property
    def steps(self) -> int:
        """T, the number of steps."""
        return int(self.contents.shape[1])

    @property
    def s(self) -> int:
        """The number of variables."""
        return int(self.contents.shape[2])

    @property
    def kappa(self) -> int:
        """The dimension κ of one variable."""
        return int(self.contents.shape[3])

    @property
    def determined(self) -> Truths:
        """Which contents can be read (s × κ): Σ_{j≠i} |(Ψ⁺Ψ)_ij| < (Ψ⁺Ψ)_ii, so signs are read as signs."""
        return np.asarray(self.mixing < 1)

    @property
    def compared(self) -> Truths:
        """Which contents are determined and written, t − s + k ≥ 1 (T × s × κ)."""
        steps, memories = np.arange(1, self.steps + 1)[:, None], np.arange(1, self.s + 1)
        return np.asarray((steps - self.s + memories >= 1)[:, :, None] & self.determined)

    @cached_property
    def error(self) -> Floats:
        """contents − expected (batch × T × s × κ), 0 where nothing is compared.

        Raises:
            ValueError: there is no task.
        """
        return np.asarray(np.where(self.compared, self.contents - self._expectation(), 0.0))

    @cached_property
    def wrong(self) -> Truths:
        """Where a sign is wrong (batch × T × s × κ); an expected 0 has none.

        Raises:
            ValueError: there is no task.
        """
        expected = self._expectation()
        return np.asarray(self.compared & (expected != 0) & (np.sign(self.contents) != np.sign(expected)))

    @property
    def wrong_by_memory(self) -> Floats:
        """The share of wrong signs in each memory (s); 0 where nothing is compared."""
        return self._share((0, 1, 3))

    @property
    def wrong_by_step(self) -> Floats:
        """The share of wrong signs at each step (T); 0 where nothing is compared."""
        return self._share((0, 2, 3))

    @property
    def first_wrong(self) -> tuple[int, int, int] | None:
        """Step, memory and component of the first wrong sign, counted from 1; None if all are right."""
        places = np.argwhere(self.wrong.any(axis=0))
        if not len(places):
            return None
        step, memory, component = (int(place) + 1 for place in places[0])
        return step, memory, component

    def to_json(self) -> dict[str, Any]:
        """The first run as in the schema `emtheory.decoding/1`: contents at [t−1][k−1][i], null if not determined.

        Raises:
            ValueError: there is no task.
        """
        error, first = np.abs(self.error[0]), self.first_wrong
        assert self.task is not None
        contents = self.contents[0].astype(object)
        contents[:, ~self.determined] = None
        return {
            "schema": "emtheory.decoding/1",
            "task": self.task.name,
            "variables": self.s,
            "dimension": self.kappa,
            "steps": self.steps,
            "determined": self.determined.tolist(),
            "contents": contents.tolist(),
            "largest_error": error.max(axis=(1, 2)).tolist(),
            "wrong_by_step": self.wrong_by_step.tolist(),
            "wrong_by_memory": self.wrong_by_memory.tolist(),
            "first_wrong": None if first is None else dict(zip(("step", "memory", "component"), first, strict=True)),
        }

    def _expectation(self) -> Floats:
        if self.expected is None:
            raise ValueError("contents are right or wrong only for a task, but none was given; decode with a task")
        return self.expected

    def _share(self, axes: tuple[int, ...]) -> Floats:
        counted = self.compared & (self._expectation() != 0)
        return np.asarray(self.wrong.sum(axis=axes) / np.maximum(counted.sum(axis=axes), 1))


@one_blas_thread()
def decode(
    recovery: Recovery,
    states: Floats,
    task: Task | None = None,
    inputs: Floats | None = None,
    *,
    center: Floats | None = None,
    decay: float = 1.0,
) -> Decoded:
    """The contents of all memories at every step, Ψ⁺P(h(t) − c), and what a task expects there.

    Arguments:
        recovery: of the network that ran.
        states: h(1), …, h(T), shape (batch, T, n).
        task: s variables of dimension κ, as recovered.
        inputs: u(1), …, u(s) of the runs, shape (batch, s, κ); with a task, not without.
        center: c (n,), the middle of the attractor, if that is not 0.
        decay: γ, by which W fades a step: the factors γ^{s+1−k} of each composition are divided out of the contents.

    Raises:
        ValueError: shapes that do not fit, entries that are not finite and real, a task without inputs or inputs
            without a task, a decay that is not positive, or one other than 1 without a task.

    >>> from emtheory.networks.elman import Network
    >>> from emtheory.recovery.recover import recover
    >>> from emtheory.recovery.krylov import Operators
    >>> swap = Network([[0.0, 1.0], [1.0, 0.0]], [[0.0], [1.0]], [[0.0, 1.0]], activation="identity")
    >>> inputs = np.array([[[1.0], [-1.0]]])
    >>> recovery, task = recover(Operators(swap.W_hh, swap.W_uh, swap.W_r)), Task.repeat_copy(2, 1)
    >>> found = decode(recovery, swap.run(inputs, 3).states, task, inputs)
    >>> found.contents[0, :, :, 0].tolist()
    [[0.0, 1.0], [1.0, -1.0], [-1.0, 1.0]]
    >>> float(abs(found.error).max()), found.first_wrong
    (0.0, None)
    """
    n, (s, kappa) = len(recovery.psi), (recovery.s, recovery.kappa)
    seen = _finite(states, "states", ("batch", "T", n))
    middle = np.zeros(n) if center is None else _finite(center, "the center", (n,))
    if (task is None) != (inputs is None):
        raise ValueError("contents are compared for a task and its inputs, but one of them is missing; give both")
    if not 0 < decay < np.inf or (decay != 1 and task is None):
        raise ValueError(f"a decay is positive and divided out along a task, but is {decay} here; give both")
    contents = ((seen - middle) @ recovery.dual.T).reshape(*seen.shape[:2], s, kappa)
    mixing = np.abs(recovery.leakage).sum(axis=1).reshape(s, kappa)
    if task is None:
        return Decoded(contents, mixing, None, None)
    if (task.s, task.kappa) != (s, kappa):
        raise ValueError(
            f"{task.name} has {task.s} variables of dimension {task.kappa}, but the network has {s} of {kappa}; "
            "decode with the task that it was trained on"
        )
    given = _finite(inputs, "inputs", (len(seen), s, kappa))
    outputs = np.asarray(task.outputs(given, seen.shape[1]), dtype=np.float64)
    fading = _fading(task, decay, seen.shape[1])[np.newaxis]
    return Decoded(contents / _delayed(fading, s, 1.0), mixing, task, _delayed(outputs, s, 0.0))


@one_blas_thread()
def attractor_center(network: Network, s: int, *, seed: int = 0) -> Floats:
    """The mean state (n,) after s inputs, over runs of random signs and of the opposite ones, whose contents cancel.

    It is 0 for an odd network, one of tanh or identity units without bias.

    Arguments:
        network: any `Network`.
        s: the length of the input phase.
        seed: of the signs.

    >>> biased = Network([[0.0]], [[1.0]], [[1.0]], bias=[0.5], activation="identity")
    >>> attractor_center(biased, 1).tolist()
    [0.5]
    """
    signs = np.random.default_rng(seed).choice((-1.0, 1.0), size=(RUNS, s, network.W_uh.shape[1]))
    states = network.run(np.concatenate([signs, -signs]), s + SETTLED + WINDOW).states
    return np.asarray(states[:, s + SETTLED :].mean(axis=(0, 1)))


def _delayed(outputs: Floats, s: int, before: float) -> Floats:
    """x(t−s+k) at [:, t−1, k−1], from x(1), …, x(T) (batch × T × κ) and x(t) = before for t < 1."""
    padded = np.pad(outputs, ((0, 0), (s - 1, 0), (0, 0)), constant_values=before)
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, s, axis=1).swapaxes(2, 3))


def _fading(task: Task, decay: float, T: int) -> Floats:
    """By what x(1), …, x(T) have faded (T × κ): f(t) = Σ_k γ^{s+1−k}|C_k| f(t−s−1+k), 1 in the input phase."""
    factors = np.ones((T, task.kappa))
    if decay == 1:
        return factors
    weights = np.abs(task.array()) * (decay ** np.arange(task.s, 0, -1.0))[:, None, None]
    empty = ~weights.any(axis=(0, 2))  # outputs that are always 0 do not fade
    for t in range(task.s, T):
        factors[t] = np.einsum("kij,kj->i", weights, factors[t - task.s : t])
        factors[t, empty] = 1.0
    return factors


def _finite(values: Any, name: str, shape: tuple[int | str, ...]) -> Floats:
    """The array as float64; ValueError if it is not finite and real with this shape, whose words stand for any size."""
    array = np.asarray(values)
    fits = array.ndim == len(shape) and all(
        size >= 1 if isinstance(wanted, str) else size == wanted
        for size, wanted in zip(array.shape, shape, strict=True)
    )
    if not fits or array.dtype.kind not in "fiu":
        sizes = ", ".join(map(str, shape))
        raise ValueError(
            f"{name} must be real of shape ({sizes}), but have shape {array.shape} and type {array.dtype}; "
            "they may belong to another network"
        )
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite, but have NaN or infinite entries; the run may have overflowed")
    return array.astype(np.float64)
