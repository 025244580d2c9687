"""`Matrix`, an immutable matrix over the rationals; python-flint does the arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
from flint import fmpq, fmpq_mat, fmpz

from emtheory.system.array_types import Floats

__all__ = ["Matrix", "Rational", "from_entries", "rational"]

Rational: TypeAlias = int | Fraction | fmpz | fmpq
Index: TypeAlias = int | slice


def rational(value: Any) -> fmpq:
    """`value` as an exact rational.

    Raises:
        TypeError: for a float; use `dyadic` where a float's exact value is meant.
    """
    if isinstance(value, fmpq):
        return value
    if isinstance(value, Fraction):
        return fmpq(value.numerator, value.denominator)
    if isinstance(value, (int, np.integer, fmpz)):
        return fmpq(int(value))
    numerator, denominator = getattr(value, "p", None), getattr(value, "q", None)
    if isinstance(numerator, int) and isinstance(denominator, int):  # sympy.Rational, without importing sympy
        return fmpq(numerator, denominator)
    raise TypeError(f"an exact rational is needed, got {type(value).__name__} {value!r}; for floats call dyadic(array)")


class Matrix:
    """An immutable rows x cols matrix over the rationals.

    `A @ B`, `A + B`, `A - B`, `-A`, `c * A` (c rational), `A**k` (k >= 0), `A.T`, `A == B` (same shape and entries),
    `A[i, j]` (a rational), `A[i, :]`, `A[1:, :2]` (matrices), `len(A)` (rows), iteration over rows as tuples.
    Build one with `matrix(rows)`; `A.numpy()` rounds to float64.
    """

    __slots__ = ("_data",)
    __array_ufunc__ = None  # numpy must not take A @ array apart entry by entry
    _data: fmpq_mat

    def __init__(self, data: fmpq_mat) -> None:
        object.__setattr__(self, "_data", data)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a Matrix is immutable")

    def __reduce__(self) -> tuple[Any, ...]:
        numerators = [(int(q.p), int(q.q)) for q in self._data.entries()]
        return _unpickle, (*self.shape, numerators)

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, cols)."""
        return int(self._data.nrows()), int(self._data.ncols())

    @property
    def T(self) -> Matrix:
        """The transpose."""
        return Matrix(self._data.transpose())

    @property
    def flint(self) -> fmpq_mat:
        """A copy of the python-flint matrix behind this one."""
        return fmpq_mat(self._data)

    def __matmul__(self, other: Matrix) -> Matrix:
        if not isinstance(other, Matrix):
            return NotImplemented
        if self.shape[1] != other.shape[0]:
            raise ValueError(f"shapes {self.shape} and {other.shape} do not fit; the inner sizes must agree")
        return Matrix(self._data * other._data)

    def __add__(self, other: Matrix) -> Matrix:
        if not isinstance(other, Matrix):
            return NotImplemented
        self._must_match(other)
        return Matrix(self._data + other._data)

    def __sub__(self, other: Matrix) -> Matrix:
        if not isinstance(other, Matrix):
            return NotImplemented
        self._must_match(other)
        return Matrix(self._data - other._data)

    def _must_match(self, other: Matrix) -> None:
        if self.shape != other.shape:
            raise ValueError(f"shapes {self.shape} and {other.shape} differ; a sum needs equal shapes")

    def __neg__(self) -> Matrix:
        return Matrix(-self._data)

    def __mul__(self, scalar: Rational) -> Matrix:
        return Matrix(self._data * rational(scalar))

    __rmul__ = __mul__

    def __truediv__(self, scalar: Rational) -> Matrix:
        return Matrix(self._data * (1 / rational(scalar)))

    def __pow__(self, exponent: int) -> Matrix:
        rows, cols = self.shape
        if exponent < 0 or rows != cols:
            raise ValueError(f"power {exponent} of a {rows} x {cols} matrix needs exponent >= 0 and a square matrix")
        result, base = Matrix(fmpq_mat(rows, rows, [int(i == j) for i in range(rows) for j in range(rows)])), self
        while exponent:
            if exponent & 1:
                result = result @ base
            exponent >>= 1
            if exponent:
                base = base @ base
        return result

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Matrix) and self.shape == other.shape and bool(self._data == other._data)

    def __hash__(self) -> int:
        return hash((self.shape, tuple(self._data.entries())))

    def __len__(self) -> int:
        return self.shape[0]

    def __iter__(self) -> Iterator[tuple[fmpq, ...]]:
        return (tuple(row) for row in self._data.tolist())

    def __getitem__(self, key: tuple[Index, Index]) -> Any:
        i, j = key
        rows, cols = self.shape
        if not isinstance(i, slice) and not isinstance(j, slice):
            if not (-rows <= i < rows and -cols <= j < cols):
                raise IndexError(f"index {key} is outside of a {rows} x {cols} matrix")
            return self._data[i % rows, j % cols]
        kept = _positions(j, cols)
        return from_entries([[self._data[p, q] for q in kept] for p in _positions(i, rows)], len(kept))

    def det(self) -> fmpq:
        """The determinant."""
        return self._data.det()

    def rank(self) -> int:
        """The rank over the rationals."""
        return int(self._data.rank())

    def inv(self) -> Matrix:
        """The inverse.

        Raises:
            ValueError: the matrix is singular or not square.
        """
        rows, cols = self.shape
        if rows != cols or self.rank() < rows:
            raise ValueError(
                f"a {rows} x {cols} matrix of rank {self.rank()} has no inverse; only square ones of full rank have"
            )
        return Matrix(self._data.inv())

    def kernel(self) -> Matrix:
        """A basis of {v : A v = 0}, one vector a column (cols x nullity)."""
        echelon, rank = self._data.rref()
        cols = self.shape[1]
        pivots = [next(j for j in range(cols) if echelon[i, j] != 0) for i in range(rank)]
        free = [j for j in range(cols) if j not in set(pivots)]
        columns = []
        for j in free:
            column = [fmpq(0)] * cols
            column[j] = fmpq(1)
            for i, pivot in enumerate(pivots):
                column[pivot] = -echelon[i, j]
            columns.append(column)
        return from_entries(columns, cols).T

    def map(self, function: Callable[[fmpq], Any]) -> Matrix:
        """The matrix of function(entry), for instance `sign`."""
        return from_entries([[function(x) for x in row] for row in self], self.shape[1])

    def norm_inf(self) -> fmpq:
        """The largest absolute row sum, the operator norm on the maximum norm."""
        return max((sum((abs(x) for x in row), fmpq(0)) for row in self), default=fmpq(0))

    def is_zero(self) -> bool:
        """Whether every entry is zero."""
        return all(x == 0 for x in self._data.entries())

    def numpy(self) -> Floats:
        """The entries as float64, each correctly rounded."""
        values = [float(Fraction(int(q.p), int(q.q))) for q in self._data.entries()]
        return np.array(values, dtype=np.float64).reshape(self.shape)

    def __repr__(self) -> str:
        rows, cols = self.shape
        if 0 in (rows, cols):
            return f"zeros({rows}, {cols})"
        return "matrix([" + ", ".join("[" + ", ".join(_entry(x) for x in row) + "]" for row in self) + "])"


def _entry(x: fmpq) -> str:
    return str(x) if x.q == 1 else f'"{x}"'


def _positions(index: Index, size: int) -> list[int]:
    return list(range(size))[index] if isinstance(index, slice) else [range(size)[index]]


def from_entries(rows: Sequence[Sequence[Any]], cols: int) -> Matrix:
    """The matrix with these entries, `cols` a row, where there may be no rows."""
    return Matrix(fmpq_mat(len(rows), cols, [rational(x) for row in rows for x in row]))


def _unpickle(rows: int, cols: int, entries: list[tuple[int, int]]) -> Matrix:
    return Matrix(fmpq_mat(rows, cols, [fmpq(p, q) for p, q in entries]))
