"""Running a composition step by step: the history of outputs is its own ring buffer.

x(t) = Σ_k C_k x(t−s−1+k) reads the last s outputs only. A signed selection picks one of their entries for each
output: O(κ) a step, whatever s is, and exact on integers and rationals. `composed` is that recursion, on exact
matrices (κ × s) and on batches of arrays (batch, s, κ).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from emtheory.judges.exact import Matrix, hstack, matrix

if TYPE_CHECKING:
    from emtheory.theory.tasks import Task

__all__ = ["composed"]

Array = np.ndarray[Any, np.dtype[Any]]


@overload
def composed(task: Task, u: Matrix, T: int, *, serial: bool) -> Matrix: ...
@overload
def composed(task: Task, u: Array, T: int, *, serial: bool) -> Array: ...
def composed(task: Task, u: Matrix | Array, T: int, *, serial: bool) -> Matrix | Array:
    """x(1..T), x(t) = Σ_k C_k x(t−s−1+k) for t > s.

    In the input phase x(t) = u(t) or, if `serial`, x(t) = u(t) + Σ_k C_k x(t−s−1+k) with x(t) = 0 for t ≤ 0: what a
    network that reads one input a step from h(0) = 0 stores.

    Raises:
        ValueError: shapes that do not fit, non-finite inputs, T < 1.
    """
    if T < 1:
        raise ValueError(f"the number of time steps T must be at least 1, but is {T}")
    if isinstance(u, Matrix):
        if u.shape != (task.kappa, task.s):
            raise ValueError(
                f"exact inputs of this task must be k x s = {task.kappa} x {task.s}, but have shape {u.shape}; "
                "column t is u(t)"
            )
        return matrix(_recursion(task, _objects(u.T)[np.newaxis], T, serial)[0].T.tolist())
    return _recursion(task, checked_inputs(u, task.s, task.kappa), T, serial)


def checked_inputs(u: Array, s: int, kappa: int) -> Array:
    """u as int64 or float64 of shape (batch, s, κ).

    Raises:
        ValueError: another shape, not real, not finite.
    """
    array = np.asarray(u)
    if array.ndim != 3 or array.shape[1:] != (s, kappa) or array.dtype.kind not in "fiu":
        raise ValueError(
            f"inputs must be a real array of shape (batch, s, k) = (batch, {s}, {kappa}), "
            f"but have shape {array.shape} and type {array.dtype}"
        )
    if not np.isfinite(array).all():
        raise ValueError("inputs must be finite, but have NaN or infinite entries; check their source")
    return array.astype(np.float64 if array.dtype.kind == "f" else np.int64)


def _objects(a: Matrix) -> Array:
    """The exact entries as an object array."""
    result = np.empty(a.shape, dtype=object)
    for i, row in enumerate(a):
        result[i, :] = row
    return result


def _recursion(task: Task, u: Array, T: int, serial: bool) -> Array:
    s, kappa = task.s, task.kappa
    if task.selection is None and u.dtype != object:
        u = u.astype(np.float64)
    # s steps of zero history in front, so that step t reads positions tκ .. (t+s)κ of one flat buffer
    history = np.zeros((len(u), (s + T) * kappa), dtype=u.dtype)
    step = _step(task, exact=u.dtype == object)
    for t in range(T):
        now = slice((s + t) * kappa, (s + t + 1) * kappa)
        if t >= s:
            history[:, now] = step(history, t)
        elif serial:
            history[:, now] = step(history, t) + u[:, t]
        else:
            history[:, now] = u[:, t]
    return history[:, s * kappa :].reshape(len(u), T, kappa)


def _step(task: Task, *, exact: bool) -> Callable[[Array, int], Array]:
    """The map (history, t) ↦ Σ_k C_k x(t−s−1+k)."""
    m, kappa = task.s * task.kappa, task.kappa
    if task.selection is not None:
        source = task.selection.source
        sign: Array = task.selection.sign.astype(object) if exact else task.selection.sign
        return lambda history, t: sign * history[:, source + t * kappa]
    row = _objects(hstack(task.blocks)) if exact else np.concatenate(list(task.array()), axis=1)
    return lambda history, t: history[:, t * kappa : t * kappa + m] @ row.T
