"""Polynomials over the rationals: of a matrix, and from their coefficients."""

from __future__ import annotations

from collections.abc import Iterable

from flint import fmpq_poly

from emtheory.judges.exact.matrices import Matrix, Rational, rational

__all__ = ["charpoly", "minpoly", "monomial", "polynomial"]


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
