"""Terms and scalars as functions of (values, indices): compiled once, called on every case and every index.

`matrix(term)` and `number(scalar)` return a function of a `Values` and of the indices' integers; both are cached, so
that a formula costs sympy's time once and not once a case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Protocol

import sympy
from flint import fmpq

from emtheory.formulas.arithmetic import Arithmetic
from emtheory.formulas.terms import CARRIERS, Mapped
from emtheory.formulas.walk import symbols_of
from emtheory.judges.symbolic.terms import (
    Atom,
    Block,
    Identity,
    Plus,
    Power,
    Product,
    Scaled,
    Term,
    Total,
    Transposed,
    Zero,
)

__all__ = ["Indices", "integer", "matrix", "number"]

Indices = Mapping[Any, int]


class Values(Protocol):
    """What a compiled function asks of the letters on a case; `values.Values` has it."""

    how: Arithmetic

    def number_of(self, symbol: Any) -> Any:
        """The value of a size or a given number."""

    def letter(self, name: str, index: tuple[int, ...]) -> Any:
        """The value of a letter, or of an element of a family."""

    def power(self, base: Term, exponent: int, value: Callable[..., Any], one: Callable[..., Any]) -> Any:
        """A power of a base without indices."""


Function = Callable[[Values, Indices], Any]


@lru_cache(maxsize=50_000)
def number(e: Any) -> Function:
    """A scalar expression: rational where it can be, else of the values' arithmetic.

    Raises (when called):
        ValueError: a symbol without a value, a division by 0, a power that is no integer.
    """
    match e:
        case sympy.Integer():
            whole = int(e)
            return lambda values, at: whole
        case sympy.Rational():
            fraction = fmpq(int(e.p), int(e.q))
            return lambda values, at: fraction
        case _ if isinstance(e, CARRIERS):
            inner, kind = matrix(e.matrix), type(e).__name__
            return lambda values, at: values.how.of_matrix(kind, inner(values, at))
        case sympy.Symbol():
            return lambda values, at: at[e] if e in at else values.number_of(e)
        case sympy.Add():
            return _sum([number(a) for a in e.args])
        case sympy.Mul():
            return _product([number(a) for a in e.args])
        case sympy.Pow() if not isinstance(e, sympy.exp) and e.exp.is_integer:
            base, exponent = number(e.base), integer(e.exp)
            return lambda values, at: _power(base(values, at), exponent(values, at), e)
        case sympy.Pow() if e.exp == sympy.S.Half:
            inner = number(e.base)
            return lambda values, at: values.how.function("sqrt", inner(values, at))
        case sympy.KroneckerDelta():
            a, b = (integer(x) for x in e.args)
            return lambda values, at: int(a(values, at) == b(values, at))
        case sympy.Mod():
            a, b = (integer(x) for x in e.args)
            return lambda values, at: a(values, at) % b(values, at)
        case sympy.floor():
            inner = number(e.args[0])
            return lambda values, at: int(fmpq(inner(values, at)).floor())
        case _ if len(e.args) == 1:
            inner, name = number(e.args[0]), type(e).__name__
            return lambda values, at: values.how.function(name, inner(values, at))
    raise TypeError(f"{e} is no scalar that formulas know")


def _sum(parts: list[Function]) -> Function:
    def total(values: Values, at: Indices) -> Any:
        result = parts[0](values, at)
        for part in parts[1:]:
            result = result + part(values, at)
        return result

    return total


def _product(parts: list[Function]) -> Function:
    def product(values: Values, at: Indices) -> Any:
        result = parts[0](values, at)
        for part in parts[1:]:
            result = result * part(values, at)
        return result

    return product


def _power(base: Any, exponent: int, e: Any) -> Any:
    if exponent >= 0 and not isinstance(base, int):
        result = 1  # by products: Arb's own power of a ball around 0 may be NaN
        for _ in range(exponent):
            result = base * result
        return result
    if exponent >= 0:
        return base**exponent
    if base == 0:
        raise ValueError(f"{e} divides by 0")
    inverse = fmpq(1) / base if isinstance(base, (int, fmpq)) else 1 / base
    return _power(inverse, -exponent, e)


@lru_cache(maxsize=50_000)
def integer(e: Any) -> Callable[[Values, Indices], int]:
    """An index, a size or an exponent.

    Raises (when called):
        ValueError: its value is no integer.
    """
    value = number(e)

    def whole(values: Values, at: Indices) -> int:
        found = value(values, at)
        if isinstance(found, int):
            return found
        if isinstance(found, fmpq) and found.q == 1:
            return int(found.p)
        raise ValueError(f"{e} = {found} is not an integer")

    return whole


@lru_cache(maxsize=50_000)
def matrix(term: Term) -> Function:
    """A term.

    Raises (when called):
        ValueError: an element of a family that does not exist, a negative exponent, a letter without a value.
    """
    match term:
        case Atom():
            name, index = term.name, [integer(i) for i in term.index]
            return lambda values, at: values.letter(name, tuple(i(values, at) for i in index))
        case Identity() | Zero():
            rows, cols, one = integer(term.rows), integer(term.cols), int(isinstance(term, Identity))
            return lambda values, at: values.how.filled(
                rows(values, at), cols(values, at), lambda i, j: one * int(i == j)
            )
        case Product():
            left, right = matrix(term.left), matrix(term.right)
            return lambda values, at: values.how.product(left(values, at), right(values, at))
        case Plus():
            return _added([matrix(part) for part in term.terms])
        case Scaled():
            factor, inner = number(term.scalar), matrix(term.term)
            return lambda values, at: values.how.scaled(factor(values, at), inner(values, at))
        case Transposed():
            inner = matrix(term.term)
            return lambda values, at: values.how.transposed(inner(values, at))
        case Mapped():
            inner, function = matrix(term.term), term.function
            return lambda values, at: values.how.mapped(function, inner(values, at))
        case Block():
            grid = [[matrix(cell) for cell in row] for row in term.grid]
            return lambda values, at: values.how.joined([[cell(values, at) for cell in row] for row in grid])
        case Power():
            return _raised(term)
        case Total():
            return _total(term)
    raise TypeError(f"{type(term).__name__} is no term that formulas know")


def _added(parts: list[Function]) -> Function:
    def added(values: Values, at: Indices) -> Any:
        result = parts[0](values, at)
        for part in parts[1:]:
            result = values.how.plus(result, part(values, at))
        return result

    return added


def _raised(term: Power) -> Function:
    exponent, base, one = integer(term.exponent), matrix(term.base), matrix(Identity(term.rows))
    moving = frozenset(symbols_of(term.base))

    def raised(values: Values, at: Indices) -> Any:
        times = exponent(values, at)
        if times < 0:
            raise ValueError(f"the exponent {term.exponent} = {times} of {term.base} is negative")
        if moving.isdisjoint(at):  # the base is the same for all indices
            return values.power(term.base, times, base, one)
        result = one(values, at)
        for _ in range(times):
            result = values.how.product(result, base(values, at))
        return result

    return raised


def _total(term: Total) -> Function:
    lower, upper, body = integer(term.lower), integer(term.upper), matrix(term.body)
    nothing = matrix(Zero(term.rows, term.cols))

    def total(values: Values, at: Indices) -> Any:
        result = nothing(values, at)
        for i in range(lower(values, at), upper(values, at) + 1):
            result = values.how.plus(result, body(values, {**at, term.symbol: i}))
        return result

    return total
