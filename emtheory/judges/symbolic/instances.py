"""Equations evaluated on concrete matrices: the guard against wrong relations and wrong algebra.

An `Instance` gives values to the letters, families, sizes and scalars of a derivation. Indices are enumerated within
their conditions, free scalars are random rationals. Rationals are compared exactly; where exp, tanh, π or i enter, Arb
balls of 256 bits are: balls apart refute, and overlapping balls are no more than consistent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from random import Random
from typing import Any

import sympy
from flint import acb, acb_mat, arb, arb_mat, fmpq, fmpq_mat

from emtheory.judges.balls import precision
from emtheory.judges.exact import Matrix, rational
from emtheory.judges.symbolic.claims import Equation, quantified
from emtheory.judges.symbolic.linear import inequalities
from emtheory.judges.symbolic.terms import (
    Atom,
    Block,
    Det,
    Family,
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
from emtheory.judges.symbolic.traversal import symbols_of

__all__ = ["Counterexample", "Instance", "check_equation", "find_negative"]

BITS = 256
MOST_TUPLES = 4_000
SAMPLES = 2  # assignments of indices that are tried on one instance, beside the first and the last


class NotRationalError(Exception):
    """A scalar is not rational."""


@dataclass(frozen=True)
class Counterexample:
    """An assignment on which an equation fails."""

    assignment: str
    lhs: str
    rhs: str


class Instance:
    """Values for the symbols of a derivation: matrices for letters, functions of integers for families, integers for
    sizes, rationals for scalars. What is not rational is an `arb_mat`, for a scalar a function that returns an `arb`,
    at the precision in force. Sizes that are not given are read off the shapes."""

    def __init__(self, meaning: Mapping[Any, Any]) -> None:
        self.letters = {key.name: value for key, value in meaning.items() if isinstance(key, (Atom, Family))}
        self.scalars = {key: value for key, value in meaning.items() if isinstance(key, sympy.Symbol)}
        for key, value in meaning.items():
            if isinstance(key, Atom):
                self._read_sizes(key, value)

    def _read_sizes(self, letter: Atom, value: Matrix) -> None:
        for size, actual in zip((letter.rows, letter.cols), _shape(value), strict=True):
            if size.is_Symbol:
                known = self.scalars.setdefault(size, actual)
                if int(known) != actual:
                    raise ValueError(
                        f"{letter.name} is {_shape(value)}, but {size} = {known} elsewhere in the instance"
                    )


def _shape(value: Matrix | arb_mat) -> tuple[int, int]:
    return value.shape if isinstance(value, Matrix) else (int(value.nrows()), int(value.ncols()))


@dataclass
class _Evaluator:
    instance: Instance
    values: dict[Any, Any]
    balls: bool

    def number(self, e: Any) -> Any:
        """A scalar expression as a flint number."""
        match e:
            case Det():
                return self.matrix(e.matrix).det()
            case sympy.Rational():
                return self._real(fmpq(int(e.p), int(e.q)))
            case sympy.Symbol():
                return self._symbol(e)
            case sympy.Add():
                return sum((self.number(a) for a in e.args), self._real(fmpq(0)))
            case sympy.Mul():
                result = self._real(fmpq(1))
                for a in e.args:
                    result *= self.number(a)
                return result
            case sympy.Pow() if e.exp.is_Rational and e.exp.q == 2:
                if not self.balls:
                    raise NotRationalError(str(e))
                return self._raised(self.number(e.base).sqrt(), int(e.exp.p))
            case sympy.Pow() if not isinstance(e, sympy.exp):
                return self._raised(self.number(e.base), self.integer(e.exp))
            case sympy.KroneckerDelta():
                return self._real(fmpq(int(self.integer(e.args[0]) == self.integer(e.args[1]))))
        if not self.balls:
            raise NotRationalError(str(e))
        return self._transcendental(e)

    def _transcendental(self, e: Any) -> Any:
        """The same, for what has a value in balls alone."""
        if isinstance(e, sympy.exp):
            return self.number(e.args[0]).exp()
        if isinstance(e, (sympy.tanh, sympy.sinh, sympy.cosh)):
            return getattr(self.number(e.args[0]), type(e).__name__)()
        if e is sympy.pi:
            return acb.pi()
        if e is sympy.I:
            return acb(0, 1)
        raise ValueError(f"{e} has no value here: {type(e).__name__} is not evaluated")

    def _symbol(self, symbol: Any) -> Any:
        value = self._value(symbol)
        value = value() if callable(value) else value
        if not isinstance(value, arb):
            return self._real(rational(value))
        if not self.balls:
            raise NotRationalError(str(symbol))
        return acb(value)

    def _raised(self, base: Any, exponent: int) -> Any:
        """A power by products, as Arb's power of a ball around 0 may be NaN."""
        result = self._real(fmpq(1))
        for _ in range(abs(exponent)):
            result *= base
        return result if exponent >= 0 else 1 / result

    def _value(self, symbol: Any) -> Any:
        if symbol in self.values:
            return self.values[symbol]
        if symbol in self.instance.scalars:
            return self.instance.scalars[symbol]
        raise ValueError(f"the instance gives no value to {symbol}")

    def _real(self, q: fmpq) -> Any:
        return acb(q) if self.balls else q

    def integer(self, e: Any) -> int:
        """An index or exponent."""
        exact = _Evaluator(self.instance, self.values, False).number(e)
        if exact.q != 1:
            raise ValueError(f"{e} = {exact} is not an integer")
        return int(exact.p)

    def matrix(self, term: Term) -> Any:
        """A term as a flint matrix."""
        match term:
            case Atom():
                return self._letter(term)
            case Identity() | Zero():
                one = int(isinstance(term, Identity))
                rows, cols = self.integer(term.rows), self.integer(term.cols)
                return self._lift(fmpq_mat(rows, cols, [one * int(i == j) for i in range(rows) for j in range(cols)]))
            case Product():
                return self.matrix(term.left) * self.matrix(term.right)
            case Plus():
                result = self.matrix(term.terms[0])
                for part in term.terms[1:]:
                    result = result + self.matrix(part)
                return result
            case Scaled():
                return self.matrix(term.term) * self.number(term.scalar)
            case Transposed():
                return self.matrix(term.term).transpose()
            case Power():
                return self._power(term)
            case Total():
                return self._total(term)
            case Block():
                return self._block(term)
        raise TypeError(f"{type(term).__name__} is not a term")

    def _lift(self, m: fmpq_mat) -> Any:
        return acb_mat(m.nrows(), m.ncols(), [acb(x) for x in m.entries()]) if self.balls else m

    def _letter(self, atom: Atom) -> Any:
        value = self.instance.letters.get(atom.name)
        if value is None:
            raise ValueError(f"the instance gives no value to {atom.name}")
        if atom.index:
            value = value(*(self.integer(i) for i in atom.index))
        shape, found = (self.integer(atom.rows), self.integer(atom.cols)), _shape(value)
        if found != shape:
            raise ValueError(f"{atom} is {shape[0]} x {shape[1]}, but its value has shape {found}")
        if isinstance(value, Matrix):
            return self._lift(value.flint)
        if not self.balls:
            raise NotRationalError(str(atom))
        return acb_mat(value)

    def _power(self, term: Power) -> Any:
        exponent = self.integer(term.exponent)
        if exponent < 0:
            raise ValueError(f"the power {term.exponent} = {exponent} of {term.base} is negative")
        result, base = self.matrix(Identity(term.rows)), self.matrix(term.base)
        for _ in range(exponent):
            result = result * base
        return result

    def _total(self, term: Total) -> Any:
        result = self.matrix(Zero(term.rows, term.cols))
        for index in range(self.integer(term.lower), self.integer(term.upper) + 1):
            inner = _Evaluator(self.instance, {**self.values, term.symbol: index}, self.balls)
            result = result + inner.matrix(term.body)
        return result

    def _block(self, term: Block) -> Any:
        rows = [[self.matrix(cell) for cell in row] for row in term.grid]
        entries = [
            cell[i, j] for row in rows for i in range(row[0].nrows()) for cell in row for j in range(cell.ncols())
        ]
        height, width = sum(row[0].nrows() for row in rows), sum(cell.ncols() for cell in rows[0])
        return (acb_mat if self.balls else fmpq_mat)(height, width, entries)


def find_negative(term: Term, where: tuple[Any, ...], instance: Instance, random: Random) -> str | None:
    """An assignment at which a 1 x 1 term is provably below zero on the instance, or None."""
    for values in _assignments(Equation(term, term, where), instance, random):
        try:
            below = _Evaluator(instance, values, False).matrix(term)[0, 0] < 0
        except NotRationalError:
            with precision(BITS):
                below = _Evaluator(instance, values, True).matrix(term)[0, 0].real < 0
        if below:
            return _text(values)
    return None


def _text(values: Mapping[Any, Any]) -> str:
    return ", ".join(f"{symbol} = {value}" for symbol, value in values.items())


def check_equation(equation: Equation, instance: Instance, random: Random) -> tuple[int, Counterexample | None]:
    """How many assignments were tried on the instance, and the first on which the equation fails.

    Raises:
        ValueError: a symbol without a value, or shapes that do not fit.
    """
    tried = 0
    for assignment in _assignments(equation, instance, random):
        tried += 1
        failure = _compared(equation, instance, assignment)
        if failure is not None:
            return tried, failure
    return tried, None


def _assignments(equation: Equation, instance: Instance, random: Random) -> list[dict[Any, Any]]:
    """A few random choices of the free indices within their conditions, with random values of the free scalars."""
    free = [symbol for symbol in quantified(equation) if symbol not in instance.scalars]
    conditions = inequalities(equation.where)
    sizes = {s: int(v) for s, v in instance.scalars.items() if s.is_integer}
    relevant = set().union(*(c.free_symbols for c in conditions)) if conditions else set()
    reach = 2 * max((v for s, v in sizes.items() if s in relevant), default=2) + 2
    while free and (reach + 2) ** len(free) > MOST_TUPLES:
        reach -= 1
    holds = sympy.lambdify([*free, *sizes], conditions, modules="math") if conditions else lambda *_: ()
    fitting = [
        values
        for values in product(range(-1, reach + 1), repeat=len(free))
        if all(value >= 0 for value in holds(*values, *sizes.values()))
    ]
    ends = list(dict.fromkeys([*fitting[:1], *fitting[-1:]]))  # mistakes live at the ends of ranges
    inner = fitting[1:-1]
    chosen = ends + random.sample(inner, min(SAMPLES, len(inner)))
    unknown = [s for s in symbols_of(equation.lhs) | symbols_of(equation.rhs) if not s.is_integer]
    scalars = sorted((s for s in unknown if s not in instance.scalars), key=str)
    return [
        dict(zip(free, values, strict=True)) | {s: fmpq(random.randint(1, 9), random.randint(1, 5)) for s in scalars}
        for values in chosen
    ]


def _compared(equation: Equation, instance: Instance, values: dict[Any, Any]) -> Counterexample | None:
    try:
        lhs, rhs, differs = _sides(equation, instance, values, balls=False)
    except NotRationalError:
        with precision(BITS):
            lhs, rhs, differs = _sides(equation, instance, values, balls=True)
    if not differs:
        return None
    return Counterexample(_text(values), str(lhs), str(rhs))


def _sides(equation: Equation, instance: Instance, values: dict[Any, Any], *, balls: bool) -> tuple[Any, Any, bool]:
    evaluator = _Evaluator(instance, values, balls)
    if isinstance(equation.lhs, Term):
        lhs, rhs = evaluator.matrix(equation.lhs), evaluator.matrix(equation.rhs)
        entries = (lhs - rhs).entries()
    else:
        lhs, rhs = (evaluator.number(sympy.sympify(side)) for side in (equation.lhs, equation.rhs))
        entries = [lhs - rhs]
    differs = any(not x.contains(0) for x in entries) if balls else any(x != 0 for x in entries)
    return lhs, rhs, differs
