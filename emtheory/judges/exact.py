"""The exact judge: rational matrices and polynomials, equality without tolerance.

Main objects: `Matrix`, an immutable matrix over the rationals (python-flint does the arithmetic), its builders
(`matrix`, `eye`, `zeros`, `cycle`, `direct_sum`, `hstack`, `vstack`, `blocks`), and the judge `exactly(lhs, rhs)`.
Floats enter through one door with a name: `dyadic(array)`, because every finite float64 *is* a dyadic rational.

>>> xi = matrix([[1, 1], [0, 1], [1, 0]])
>>> exactly(left_inverse(xi) @ xi, eye(2)).outcome
<Outcome.PROVED: 'proved'>
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
from flint import fmpq, fmpq_mat, fmpq_poly, fmpz

from emtheory.verdict import Kind, Verdict, all_of, proved, refuted

__all__ = [
    "Matrix",
    "Rational",
    "blocks",
    "charpoly",
    "cycle",
    "direct_sum",
    "dyadic",
    "exactly",
    "eye",
    "hstack",
    "left_inverse",
    "matrix",
    "minpoly",
    "monomial",
    "polynomial",
    "rational",
    "unit",
    "vstack",
    "zeros",
]

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
        result, base = eye(len(self)), self
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
        return _from_entries([[self._data[p, q] for q in kept] for p in _positions(i, rows)], len(kept))

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
        return _from_entries(columns, cols).T

    def map(self, function: Callable[[fmpq], Any]) -> Matrix:
        """The matrix of function(entry), for instance `sign`."""
        return _from_entries([[function(x) for x in row] for row in self], self.shape[1])

    def norm_inf(self) -> fmpq:
        """The largest absolute row sum, the operator norm on the maximum norm."""
        return max((sum((abs(x) for x in row), fmpq(0)) for row in self), default=fmpq(0))

    def is_zero(self) -> bool:
        """Whether every entry is zero."""
        return all(x == 0 for x in self._data.entries())

    def numpy(self) -> np.ndarray[Any, np.dtype[np.float64]]:
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


def _from_entries(rows: Sequence[Sequence[Any]], cols: int) -> Matrix:
    return Matrix(fmpq_mat(len(rows), cols, [rational(x) for row in rows for x in row]))


def _unpickle(rows: int, cols: int, entries: list[tuple[int, int]]) -> Matrix:
    return Matrix(fmpq_mat(rows, cols, [fmpq(p, q) for p, q in entries]))


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
    return _from_entries(table, widths.pop() if widths else 0)


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
    return _from_entries([row for part in parts for row in part], widths.pop())


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
    return _from_entries([[fmpq(*x.as_integer_ratio()) for x in row] for row in values.tolist()], values.shape[1])


def charpoly(a: Matrix) -> fmpq_poly:
    """det(x - A), a monic polynomial over the rationals."""
    return a.flint.charpoly() if len(a) else fmpq_poly([1])


def minpoly(a: Matrix) -> fmpq_poly:
    """The monic polynomial of least degree that annihilates A."""
    return a.flint.minpoly() if len(a) else fmpq_poly([1])


def polynomial(coefficients: Iterable[Rational]) -> fmpq_poly:
    """The polynomial with these coefficients, lowest power first."""
    return fmpq_poly([rational(c) for c in coefficients])


def monomial(power: int) -> fmpq_poly:
    """x**power."""
    return fmpq_poly([0] * power + [1])


def exactly(lhs: Any, rhs: Any) -> Verdict:
    """Decide lhs = rhs over the rationals: matrices, polynomials, rationals, booleans, strings, or sequences of them.

    Refuted evidence names the first difference; two empty sequences are undecided (nothing was compared).

    Raises:
        TypeError: a float, or two sides of different types.
    """
    if isinstance(lhs, (list, tuple)) and isinstance(rhs, (list, tuple)):
        if len(lhs) != len(rhs):
            return refuted(Kind.EXACT, "sequences", reason=f"{len(lhs)} entries against {len(rhs)}")
        return all_of(exactly(a, b) for a, b in zip(lhs, rhs, strict=True))
    scope = _scope(lhs, rhs)
    if isinstance(lhs, Matrix) and isinstance(rhs, Matrix):
        return _same_matrix(lhs, rhs, scope)
    if not isinstance(lhs, (Matrix, fmpq_poly, str, bool)):
        lhs, rhs = rational(lhs), rational(rhs)
    if type(lhs) is not type(rhs):
        raise TypeError(f"{type(lhs).__name__} and {type(rhs).__name__} cannot be compared exactly")
    return proved(Kind.EXACT, scope) if lhs == rhs else refuted(Kind.EXACT, scope, lhs=str(lhs), rhs=str(rhs))


def _same_matrix(lhs: Matrix, rhs: Matrix, scope: str) -> Verdict:
    if lhs == rhs:
        return proved(Kind.EXACT, scope)
    if lhs.shape != rhs.shape:
        return refuted(Kind.EXACT, scope, reason=f"shapes {lhs.shape} and {rhs.shape}")
    rows, cols = lhs.shape
    i, j = next((i, j) for i in range(rows) for j in range(cols) if lhs[i, j] != rhs[i, j])
    return refuted(Kind.EXACT, scope, entry=[i, j], lhs=str(lhs[i, j]), rhs=str(rhs[i, j]))


def _scope(lhs: Any, rhs: Any) -> str:
    if isinstance(lhs, Matrix):
        return f"{lhs.shape[0]} x {lhs.shape[1]} rational matrices"
    if isinstance(lhs, fmpq_poly):
        return f"rational polynomials of degree {max(lhs.degree(), rhs.degree() if isinstance(rhs, fmpq_poly) else 0)}"
    return "rational numbers" if not isinstance(lhs, (str, bool)) else "exact values"
