"""The arithmetics in which a formula is read: exact rationals, Arb balls, floats with error bounds, sympy.

One fold over terms (`values`) serves them all; each says how its matrices are made and combined. An arithmetic that
cannot express something raises `InexpressibleError`: the formula has no reading there, which decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
import sympy
from flint import arb, arb_mat, fmpq, fmpq_mat

from emtheory.judges.exact import Matrix
from emtheory.judges.floats.derived import derived
from emtheory.judges.floats.products import Enclosed, chain, enclose
from emtheory.judges.floats.rounding import TINY, UNIT, up

__all__ = ["BALLS", "EXACT", "FLOATS", "SYMBOLIC", "Arithmetic", "InexpressibleError"]

Entry = Callable[[int, int], Any]


class InexpressibleError(Exception):
    """The arithmetic has no such value: tanh of a rational in rationals, a determinant in floats."""


class Arithmetic(Protocol):
    """What a reading needs to know of its matrices and numbers."""

    name: str

    def number(self, q: Any) -> Any:
        """A rational or integer as a number."""

    def lift(self, value: Matrix) -> Any:
        """A matrix of a case."""

    def filled(self, rows: int, cols: int, entry: Entry) -> Any:
        """The matrix with these integer entries."""

    def product(self, a: Any, b: Any) -> Any:
        """a b."""

    def plus(self, a: Any, b: Any) -> Any:
        """a + b."""

    def scaled(self, c: Any, a: Any) -> Any:
        """c a, c a number."""

    def transposed(self, a: Any) -> Any:
        """aᵀ."""

    def joined(self, grid: list[list[Any]]) -> Any:
        """The block matrix."""

    def mapped(self, function: str, a: Any) -> Any:
        """function(a), entry by entry."""

    def function(self, name: str, x: Any) -> Any:
        """function(x) of a number."""

    def of_matrix(self, kind: str, a: Any) -> Any:
        """det, rank or norm_inf of a matrix, a number."""

    def entries(self, a: Any) -> list[Any]:
        """All entries, row by row."""


class _Exact:
    """Rationals: `fmpq` and `fmpq_mat`."""

    name = "exact"

    def number(self, q: Any) -> Any:
        return fmpq(q) if isinstance(q, int) else q

    def lift(self, value: Matrix) -> Any:
        return value.flint

    def filled(self, rows: int, cols: int, entry: Entry) -> Any:
        return fmpq_mat(rows, cols, [entry(i, j) for i in range(rows) for j in range(cols)])

    def product(self, a: Any, b: Any) -> Any:
        return a * b

    def plus(self, a: Any, b: Any) -> Any:
        return a + b

    def scaled(self, c: Any, a: Any) -> Any:
        return a * c

    def transposed(self, a: Any) -> Any:
        return a.transpose()

    def joined(self, grid: list[list[Any]]) -> Any:
        rows = [
            [cell[i, j] for cell in band for j in range(cell.ncols())] for band in grid for i in range(band[0].nrows())
        ]
        width = sum(cell.ncols() for cell in grid[0])
        return type(grid[0][0])(len(rows), width, [entry for row in rows for entry in row])

    def mapped(self, function: str, a: Any) -> Any:
        if function != "abs":
            raise InexpressibleError(f"{function} of a rational")
        return fmpq_mat(a.nrows(), a.ncols(), [abs(x) for x in a.entries()])

    def function(self, name: str, x: Any) -> Any:
        if name == "Abs":
            return abs(x)
        raise InexpressibleError(f"{name} of a rational")

    def of_matrix(self, kind: str, a: Any) -> Any:
        match kind:
            case "Det":
                return a.det()
            case "Rank":
                return fmpq(a.rank())
            case "NormInf":
                return max(
                    (sum((abs(a[i, j]) for j in range(a.ncols())), fmpq(0)) for i in range(a.nrows())), default=fmpq(0)
                )
        raise InexpressibleError(f"{kind} of rationals")

    def entries(self, a: Any) -> list[Any]:
        return list(a.entries())


class _Balls(_Exact):
    """Balls: `arb` and `arb_mat`; every value encloses the true one."""

    name = "balls"

    def number(self, q: Any) -> Any:
        return q if isinstance(q, arb) else arb(q)

    def lift(self, value: Matrix) -> Any:
        return arb_mat(value.flint)

    def filled(self, rows: int, cols: int, entry: Entry) -> Any:
        return arb_mat(rows, cols, [arb(entry(i, j)) for i in range(rows) for j in range(cols)])

    def scaled(self, c: Any, a: Any) -> Any:
        return a * self.number(c)

    def mapped(self, function: str, a: Any) -> Any:
        return arb_mat(a.nrows(), a.ncols(), [_ball(function, x) for x in a.entries()])

    def function(self, name: str, x: Any) -> Any:
        return _ball(name.lower(), self.number(x))

    def of_matrix(self, kind: str, a: Any) -> Any:
        match kind:
            case "Det":
                return a.det()
            case "NormInf":
                rows = [sum((abs(a[i, j]) for j in range(a.ncols())), arb(0)) for i in range(a.nrows())]
                result = arb(0)
                for row in rows:
                    result = result.max(row)
                return result
        raise InexpressibleError(f"{kind} of balls")


def _ball(function: str, x: Any) -> Any:
    return abs(x) if function == "abs" else getattr(x, function)()


class _Floats:
    """Float matrices with bounds: `Enclosed`; numbers stay rational and enter as exact factors."""

    name = "floats"

    def number(self, q: Any) -> Any:
        return EXACT.number(q)

    def lift(self, value: Matrix) -> Any:
        return enclose(value)

    def filled(self, rows: int, cols: int, entry: Entry) -> Any:
        return enclose(np.array([float(entry(i, j)) for i in range(rows) for j in range(cols)]).reshape(rows, cols))

    def product(self, a: Any, b: Any) -> Any:
        return chain(a, b)

    def plus(self, a: Any, b: Any) -> Any:
        value = a.value + b.value
        return Enclosed(value, derived(up(up(a.bound + b.bound) + up(np.abs(value) * UNIT + TINY))))

    def scaled(self, c: Any, a: Any) -> Any:
        rows = a.value.shape[0]
        return chain(Matrix(fmpq_mat(rows, rows, [c * int(i == j) for i in range(rows) for j in range(rows)])), a)

    def transposed(self, a: Any) -> Any:
        return Enclosed(a.value.T.copy(), derived(np.asarray(a.bound).T.copy()))

    def joined(self, grid: list[list[Any]]) -> Any:
        value = np.block([[cell.value for cell in row] for row in grid])
        return Enclosed(value, derived(np.block([[np.asarray(cell.bound) for cell in row] for row in grid])))

    def mapped(self, function: str, a: Any) -> Any:
        raise InexpressibleError(f"{function} in floats")

    def function(self, name: str, x: Any) -> Any:
        raise InexpressibleError(f"{name} in floats")

    def of_matrix(self, kind: str, a: Any) -> Any:
        raise InexpressibleError(f"{kind} in floats")

    def entries(self, a: Any) -> list[Any]:
        raise InexpressibleError("single entries in floats")


class _Symbolic:
    """sympy matrices of explicit size: what a reader of sympy sees, and a second engine for small sizes."""

    name = "symbolic"

    def number(self, q: Any) -> Any:
        return sympy.Rational(int(q.p), int(q.q)) if isinstance(q, fmpq) else sympy.sympify(q)

    def lift(self, value: Any) -> Any:
        return value if isinstance(value, sympy.MatrixBase) else sympy.ImmutableMatrix(
            *value.shape, lambda i, j: self.number(value[i, j])
        )  # fmt: skip

    def filled(self, rows: int, cols: int, entry: Entry) -> Any:
        return sympy.ImmutableMatrix(rows, cols, lambda i, j: entry(int(i), int(j)))

    def product(self, a: Any, b: Any) -> Any:
        return (a * b).expand()

    def plus(self, a: Any, b: Any) -> Any:
        return a + b

    def scaled(self, c: Any, a: Any) -> Any:
        return (a * c).expand()

    def transposed(self, a: Any) -> Any:
        return a.T

    def joined(self, grid: list[list[Any]]) -> Any:
        return sympy.ImmutableMatrix.vstack(*(sympy.ImmutableMatrix.hstack(*row) for row in grid))

    def mapped(self, function: str, a: Any) -> Any:
        return a.applyfunc(getattr(sympy, "Abs" if function == "abs" else function))

    def function(self, name: str, x: Any) -> Any:
        return getattr(sympy, name)(x)

    def of_matrix(self, kind: str, a: Any) -> Any:
        match kind:
            case "Det":
                return a.det()
            case "Rank":
                return sympy.Integer(a.rank())
            case "NormInf":
                return a.norm(sympy.oo)
        raise InexpressibleError(f"{kind} in sympy")

    def entries(self, a: Any) -> list[Any]:
        return list(a)


EXACT, BALLS, FLOATS, SYMBOLIC = _Exact(), _Balls(), _Floats(), _Symbolic()
