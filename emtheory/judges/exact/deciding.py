"""`exactly(lhs, rhs)`: equality without tolerance."""

from __future__ import annotations

from typing import Any

from flint import fmpq_poly

from emtheory.judges.exact.matrices import Matrix, rational
from emtheory.verdict import Kind, Verdict, all_of, proved, refuted

__all__ = ["exactly"]


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
