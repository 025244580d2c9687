"""Persistent and transient: the spectral projector of a float matrix at a gap of its eigenvalue moduli.

Main function: `split(W) -> Split`. A real Schur form is reordered so that the persistent eigenvalues come first, and a
Sylvester equation decouples the two blocks: P = Z₁[I −X]Zᵀ with T₁₁X − XT₂₂ = −T₁₂. P is oblique unless W is normal.

References: Bai, Demmel, "On swapping diagonal blocks in real Schur form", LAA 186 (1993); `transient-projection`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from emtheory.system.array_types import Floats

__all__ = ["Split", "largest_gap", "split", "unsplit"]


@dataclass(frozen=True, eq=False)
class Split:
    """The persistent part of W (n × n).

    Attributes:
        projector: P (n × n), P² = P and PW = WP up to rounding.
        count: r, the rank of P.
        gap: the largest modulus that is discarded (0 if none is) and the smallest that is kept.
        moduli: all n eigenvalue moduli, falling.
        basis: orthonormal columns that span the range of P (n × r).
        coordinates: their dual (r × n), P = basis @ coordinates.
    """

    projector: Floats
    count: int
    gap: tuple[float, float]
    moduli: Floats
    basis: Floats
    coordinates: Floats


def largest_gap(moduli: Floats) -> int:
    """How many eigenvalues lie above the largest gap of the moduli, 0 counted as one more; moduli falling.

    >>> largest_gap(np.array([1.01, 1.0, 0.99, 0.4, 0.3]))
    3
    """
    return int((moduli - np.append(moduli[1:], 0.0)).argmax()) + 1


def split(W: Floats, *, count: int | None = None) -> Split:
    """Split W at the largest gap of its eigenvalue moduli, or after `count` of them.

    Arguments:
        W: n × n, finite.
        count: how many eigenvalues to keep; the largest gap decides, if left out.

    Raises:
        ValueError: not square and finite; a count that is not in 1..n, or that separates a conjugate pair.

    >>> split(np.array([[1.0, 1.0], [0.0, 0.5]]), count=1).projector.tolist()
    [[1.0, 2.0], [0.0, 0.0]]
    """
    from scipy.linalg import lapack, schur

    matrix = np.asarray(W, dtype=np.float64)
    n = len(matrix)
    if matrix.shape != (n, n) or not np.isfinite(matrix).all():
        raise ValueError(f"only a finite square matrix can be split, but the shape is {matrix.shape}")
    T, Z = schur(matrix, output="real")
    if not np.isfinite(T).all():
        raise ValueError("the entries are so large that the Schur form overflows; scale the weights down")
    sizes = _moduli(T)
    moduli = np.sort(sizes)[::-1]
    r = largest_gap(moduli) if count is None else count
    if not 1 <= r <= n:
        raise ValueError(f"between 1 and n={n} eigenvalues can be kept, but the count is {r}")
    if r == n:
        return unsplit(moduli)
    low = float(moduli[r])
    chosen = sizes > low
    if chosen.sum() != r:
        raise ValueError(f"{r} eigenvalues cannot be kept: number {r} and {r + 1} by modulus are both {low:.6g}")
    gap = low, float(moduli[r - 1])
    T, Z, *_, info = lapack.dtrsen(chosen.astype(np.int32), T, Z, job="N", lwork=max(1, n), liwork=1)
    X, scale, more = lapack.dtrsyl(T[:r, :r], T[r:, r:], -T[:r, r:], isgn=-1)
    if info or more:
        raise ValueError(
            f"the spectrum cannot be split after {r} eigenvalues: moduli {gap} are too close to each other"
        )
    basis = Z[:, :r]
    coordinates = basis.T - (X / scale) @ Z[:, r:].T
    return Split(basis @ coordinates, r, gap, moduli, basis, coordinates)


def unsplit(moduli: Floats) -> Split:
    """The split that keeps everything: P = I; of a matrix with these eigenvalue moduli, falling.

    >>> unsplit(np.array([1.0, 0.5])).gap
    (0.0, 0.5)
    """
    one = np.eye(len(moduli))
    return Split(one, len(moduli), (0.0, float(moduli[-1])), moduli, one, one)


def _moduli(T: Floats) -> Floats:
    """The eigenvalue moduli of a real Schur form in order: LAPACK's 2 x 2 blocks are [[a, b], [c, a]] with bc < 0."""
    turns, below = np.zeros(len(T)), np.flatnonzero(np.diag(T, -1))
    turns[below] = np.sqrt(np.abs(np.diag(T, -1)[below])) * np.sqrt(np.abs(np.diag(T, 1)[below]))
    turns[below + 1] = turns[below]
    return np.hypot(np.diag(T), turns)
