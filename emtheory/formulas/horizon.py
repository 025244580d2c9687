"""How far "for all t ≥ a" and "for all real x" have to be read until they are decided.

By Cayley-Hamilton Aᵗ obeys a linear recurrence of order rows(A); a product of two such sequences obeys one of the
product of their orders, a sum one of their sum. A sequence of order d that vanishes d times in a row vanishes for ever.
Likewise a polynomial of degree d in x that vanishes at d + 1 points is 0.

References: R. A. Horn, C. R. Johnson, Matrix Analysis, 2nd ed., Cambridge 2013, section 2.4.3; the closure of linear
recurrences under sums and products: R. P. Stanley, Enumerative Combinatorics I, 2nd ed., Cambridge 2012, section 4.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import sympy

from emtheory.formulas import compiling
from emtheory.formulas.terms import CARRIERS
from emtheory.formulas.values import Values
from emtheory.formulas.walk import symbols_of
from emtheory.judges.symbolic.terms import Block, Det, Plus, Power, Product, Scaled, Term, Total, Transposed

__all__ = ["degree", "order"]

NOWHERE: Mapping[Any, int] = MappingProxyType({})


def order(side: Any, t: Any, values: Values) -> int | None:
    """The order of a linear recurrence in t that the side obeys, whatever its other indices are; None: not known."""
    if t not in symbols_of(side):
        return 1
    match side:
        case Power() if t not in symbols_of(side.base) and sympy.diff(side.exponent, t).is_Integer:
            return values.integer(side.base.rows)
        case Product():
            left, right = order(side.left, t, values), order(side.right, t, values)
            return None if left is None or right is None else left * right
        case Plus():
            parts = [order(part, t, values) for part in side.terms]
            return None if None in parts else sum(part for part in parts if part is not None)
        case Transposed():
            return order(side.term, t, values)
        case Scaled() if t not in symbols_of(side.scalar):
            return order(side.term, t, values)
        case Total() if t not in symbols_of(side.lower) | symbols_of(side.upper) | {side.symbol}:
            if side.symbol not in symbols_of(side.body):
                return order(side.body, t, values)
    return None  # a family that is defined by recursion may be anything


def degree(side: Any, x: Any, values: Values, at: Mapping[Any, int] = NOWHERE) -> int | None:
    """A bound of the degree in x of the side's entries, whatever its indices are; None: no polynomial is known.

    Arguments:
        at: values of the indices of the sums around it.
    """
    if x not in symbols_of(side):
        return 0
    if not isinstance(side, Term):
        return _degree_of_number(side, x, values, at)
    match side:
        case Product():
            return _sum([degree(side.left, x, values, at), degree(side.right, x, values, at)])
        case Plus():
            return _largest([degree(part, x, values, at) for part in side.terms])
        case Scaled():
            return _sum([_degree_of_number(side.scalar, x, values, at), degree(side.term, x, values, at)])
        case Transposed():
            return degree(side.term, x, values, at)
        case Block():
            return _largest([degree(cell, x, values, at) for row in side.grid for cell in row])
        case Power() if (times := _known(side.exponent, values, at)) is not None:
            inner = degree(side.base, x, values, at)
            return None if inner is None else inner * times
        case Total():
            first, last = (_known(end, values, at) for end in (side.lower, side.upper))
            if first is None or last is None:
                return None
            places = range(first, last + 1)
            return _largest([degree(side.body, x, values, {**at, side.symbol: place}) for place in places])
    return None


def _degree_of_number(e: Any, x: Any, values: Values, at: Mapping[Any, int]) -> int | None:
    if x not in symbols_of(e):
        return 0
    match e:
        case Det():
            inner, rows = degree(e.matrix, x, values, at), _known(e.matrix.rows, values, at)
            return None if inner is None or rows is None else inner * rows
        case _ if isinstance(e, CARRIERS):
            return None
        case sympy.Symbol():
            return 1
        case sympy.Add():
            return _largest([_degree_of_number(a, x, values, at) for a in e.args])
        case sympy.Mul():
            return _sum([_degree_of_number(a, x, values, at) for a in e.args])
        case sympy.Pow() if e.exp.is_integer and (times := _known(e.exp, values, at)) is not None:
            inner = _degree_of_number(e.base, x, values, at)
            return None if inner is None or times < 0 else inner * times
    return None


def _known(e: Any, values: Values, at: Mapping[Any, int]) -> int | None:
    """An expression of sizes and of indices with a value; None if it has others."""
    return None if set(e.free_symbols) - set(values.sizes) - set(at) else compiling.integer(e)(values, at)


def _sum(parts: list[int | None]) -> int | None:
    return None if None in parts else sum(part for part in parts if part is not None)


def _largest(parts: list[int | None]) -> int | None:
    return None if None in parts else max((part for part in parts if part is not None), default=0)
