"""Rational matrices from rows, from other matrices, and from floats.

Floats enter through one door with a name: `dyadic(array)`, because every finite float64 *is* a dyadic rational.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat

from emtheory.judges.exact.matrices import Matrix, from_entries, rational

__all__ = [
    "blocks",
    "cycle",
    "direct_sum",
    "dyadic",
    "eye",
    "hstack",
    "left_inverse",
    "matrix",
    "unit",
    "vstack",
    "zeros",
]


def matrix(rows: Iterable[Iterable[Any]]) -> Matrix:
    """The matrix with these rows; entries are integers, fractions, or strings such as "1/3".

    >>> matrix([[1, "1/2"]]) @ matrix([[2], [2]])
    matrix([[3]])

    Raises:
        ValueError: rows of unequal length. TypeError: a float entry.
    """
    table = [[rational(Fraction(x)) if isinstance(x, str) else rational(x) for x in row] for row in rows]
    widths = {len(row) for row in table}
    if len(widths) > 1:
        raise ValueError(f"the rows have lengths {sorted(widths)}; a matrix needs rows of one length")
    return from_entries(table, widths.pop() if widths else 0)


def eye(n: int) -> Matrix:
    """The n x n identity."""
    return matrix([[int(i == j) for j in range(n)] for i in range(n)]) if n else zeros(0, 0)


def zeros(rows: int, cols: int) -> Matrix:
    """The rows x cols zero matrix."""
    return Matrix(fmpq_mat(rows, cols))


def unit(n: int, i: int) -> Matrix:
    """The i-th unit vector (from 0) as an n x 1 matrix."""
    return matrix([[int(j == i)] for j in range(n)])


def cycle(n: int) -> Matrix:
    """The cyclic shift: entry 1 at (i, i+1) and (n-1, 0); its eigenvalues are the n-th roots of unity."""
    return matrix([[int(j == (i + 1) % n) for j in range(n)] for i in range(n)])


def hstack(parts: Iterable[Matrix]) -> Matrix:
    """The parts side by side."""
    return vstack(part.T for part in parts).T


def vstack(parts: Iterable[Matrix]) -> Matrix:
    """The parts one below the other."""
    parts = list(parts)
    widths = {part.shape[1] for part in parts}
    if len(widths) != 1:
        raise ValueError(f"parts with widths {sorted(widths)} do not stack; they need one common width")
    return from_entries([row for part in parts for row in part], widths.pop())


def blocks(grid: Sequence[Sequence[Matrix]]) -> Matrix:
    """The block matrix with these blocks."""
    return vstack(hstack(row) for row in grid)


def direct_sum(*parts: Matrix) -> Matrix:
    """The block-diagonal matrix of the parts."""
    table = [[zeros(len(part), other.shape[1]) for other in parts] for part in parts]
    return blocks([[*row[:i], parts[i], *row[i + 1 :]] for i, row in enumerate(table)])


def left_inverse(xi: Matrix) -> Matrix:
    """The Moore-Penrose left inverse (XᵀX)⁻¹Xᵀ of an n x m matrix of rank m.

    Raises:
        ValueError: the columns are dependent.
    """
    rank, cols = xi.rank(), xi.shape[1]
    if rank < cols:
        raise ValueError(f"the {cols} columns have rank {rank}; a left inverse needs independent columns")
    return (xi.T @ xi).inv() @ xi.T


def dyadic(array: Any) -> Matrix:
    """The exact value of a finite real float or integer array (2-D), entry by entry a dyadic rational.

    >>> dyadic([[0.5, 0.1]])[0, 1] == rational(Fraction(0.1))
    True

    Raises:
        ValueError: not 2-D, NaN or infinite, wider than 64 bits.
    """
    values = np.asarray(array)
    if values.ndim != 2 or values.dtype.kind not in "fiu" or values.dtype.itemsize > 8:
        raise ValueError(
            f"dyadic needs a 2-D real array of at most 64 bits, got dtype {values.dtype} with shape {values.shape}"
        )
    if not np.isfinite(values).all():
        raise ValueError("the array has NaN or infinite entries, which have no exact value")
    return from_entries([[fmpq(*x.as_integer_ratio()) for x in row] for row in values.tolist()], values.shape[1])
