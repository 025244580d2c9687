"""Running a composition step by step: the history of outputs is its own ring buffer.

x(t) = Σ_k C_k x(t−s−1+k) reads the last s outputs only. A signed selection picks one of their entries for each
output: O(κ) a step, whatever s is, and exact on integers and rationals. `composed` is that recursion, on exact
matrices (κ × s) and on batches of arrays (batch, s, κ).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias, overload

import numpy as np

from emtheory.judges.exact import Matrix, hstack, matrix
from emtheory.system.array_types import Array
from emtheory.theory.selections import Selection

__all__ = ["Composition", "checked_inputs", "composed"]

Composition: TypeAlias = Selection | tuple[Matrix, ...]
"""A signed selection, or the blocks C_1 … C_s."""


@overload
def composed(composition: Composition, u: Matrix, T: int, *, s: int, serial: bool) -> Matrix: ...
@overload
def composed(composition: Composition, u: Array, T: int, *, s: int, serial: bool) -> Array: ...
def composed(composition: Composition, u: Matrix | Array, T: int, *, s: int, serial: bool) -> Matrix | Array:
    """x(1..T), x(t) = Σ_k C_k x(t−s−1+k) for t > s.

    In the input phase x(t) = u(t) or, if `serial`, x(t) = u(t) + Σ_k C_k x(t−s−1+k) with x(t) = 0 for t ≤ 0: what a
    network that reads one input a step from h(0) = 0 stores.

    Arguments:
        composition: what composes, on s variables.
        u: exact κ × s inputs, or an array (batch, s, κ).
        T: number of time steps.

    Returns:
        κ × T, or (batch, T, κ).

    Raises:
        ValueError: shapes that do not fit, non-finite inputs, T < 1.

    >>> composed((matrix([[1]]), matrix([[1]])), matrix([[1, 1]]), 6, s=2, serial=False)
    matrix([[1, 1, 2, 3, 5, 8]])
    """
    if T < 1:
        raise ValueError(f"the number of time steps T must be at least 1, but is {T}")
    kappa = len(composition.source) if isinstance(composition, Selection) else len(composition[0])
    if isinstance(u, Matrix):
        if u.shape != (kappa, s):
            raise ValueError(
                f"exact inputs of this task must be k x s = {kappa} x {s}, but have shape {u.shape}; column t is u(t)"
            )
        return matrix(_recursion(composition, _objects(u.T)[np.newaxis], T, serial)[0].T.tolist())
    return _recursion(composition, checked_inputs(u, s, kappa), T, serial)


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


def _recursion(composition: Composition, u: Array, T: int, serial: bool) -> Array:
    _, s, kappa = u.shape
    if not isinstance(composition, Selection) and u.dtype != object:
        u = u.astype(np.float64)
    # s steps of zero history in front, so that step t reads positions tκ .. (t+s)κ of one flat buffer
    history = np.zeros((len(u), (s + T) * kappa), dtype=u.dtype)
    step = _step(composition, exact=u.dtype == object)
    for t in range(T):
        now = slice((s + t) * kappa, (s + t + 1) * kappa)
        if t >= s:
            history[:, now] = step(history, t)
        elif serial:
            history[:, now] = step(history, t) + u[:, t]
        else:
            history[:, now] = u[:, t]
    return history[:, s * kappa :].reshape(len(u), T, kappa)


def _step(composition: Composition, *, exact: bool) -> Callable[[Array, int], Array]:
    """The map (history, t) ↦ Σ_k C_k x(t−s−1+k)."""
    if isinstance(composition, Selection):
        source, kappa = composition.source, len(composition.source)
        sign: Array = composition.sign.astype(object) if exact else composition.sign
        return lambda history, t: sign * history[:, source + t * kappa]
    last = hstack(composition)
    row = _objects(last) if exact else last.numpy()
    kappa, m = row.shape
    return lambda history, t: history[:, t * kappa : t * kappa + m] @ row.T
