"""The engine's values: a case assigns the given letters, definitions give all others; no other code stands between.

`Values(case, given, definitions, how)` has every letter in one arithmetic; an element of a family that is defined by
recursion is computed from those before it, once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import sympy
from flint import fmpq

from emtheory.formulas import compiling
from emtheory.formulas.arithmetic import Arithmetic
from emtheory.formulas.compiling import Indices
from emtheory.formulas.formula import Definition
from emtheory.formulas.letters import Letter, Selectors
from emtheory.judges.exact import Matrix
from emtheory.judges.symbolic.linear import inequalities
from emtheory.judges.symbolic.terms import Term

__all__ = ["Values", "sizes_of"]


class Values:
    """All letters on one case, in one arithmetic.

    Arguments:
        case: the values of the given letters.
        given, constants, definitions: of the theorem.
        how: the arithmetic.
        sizes: what `sizes_of` finds, if it is known already.

    Raises:
        ValueError: the case assigns other letters than those given, or shapes that do not fit each other.
    """

    def __init__(
        self,
        case: Mapping[str, Any],
        *,
        given: Sequence[Letter],
        constants: Sequence[Selectors],
        definitions: Sequence[Definition],
        how: Arithmetic,
        sizes: Mapping[Any, int] | None = None,
    ) -> None:
        self.case, self.how = case, how
        self.given = {letter.name: letter for letter in given}
        self.constants = {constant.name: constant for constant in constants}
        self.definitions = definitions
        self.sizes = sizes_of(case, given) if sizes is None else sizes
        self._numbers: dict[Any, Any] = dict(self.sizes)
        for letter in given:
            if letter.is_number and not letter.symbol.is_integer:
                self._numbers[letter.symbol] = how.number(case[letter.name])
        self._letters: dict[tuple[str, tuple[int, ...]], Any] = {}
        self._powers: dict[tuple[Term, int], Any] = {}
        self._busy: set[tuple[str, tuple[int, ...]]] = set()

    def number_of(self, symbol: Any) -> Any:
        """The value of a size or a given number."""
        try:
            return self._numbers[symbol]
        except KeyError:
            raise ValueError(f"the case gives no value to {symbol}") from None

    def integer(self, e: Any) -> int:
        """An expression of sizes."""
        return compiling.integer(sympy.sympify(e))(self, {})

    def side(self, side: Any, at: Indices) -> list[Any]:
        """The entries of a term, or a scalar alone."""
        if isinstance(side, Term):
            return self.how.entries(compiling.matrix(side)(self, at))
        return [compiling.number(side)(self, at)]

    def matrix(self, term: Term, at: Indices) -> Any:
        """A term."""
        return compiling.matrix(term)(self, at)

    def power(self, base: Term, exponent: int, value: Callable[..., Any], one: Callable[..., Any]) -> Any:
        """base^exponent of a base without indices, each from the power before it."""
        if exponent == 0:
            return one(self, {})
        if (base, exponent) not in self._powers:
            last = value(self, {})
            before = self.power(base, exponent - 1, value, one) if exponent > 1 else None
            self._powers[base, exponent] = last if before is None else self.how.product(before, last)
        return self._powers[base, exponent]

    def letter(self, name: str, index: tuple[int, ...]) -> Any:
        """A given letter, a constant, or what a definition says."""
        key = (name, index)
        if key in self._letters:
            return self._letters[key]
        if key in self._busy:
            raise ValueError(f"{name}{index} is defined by itself")
        self._busy.add(key)
        try:
            self._letters[key] = self._computed(name, index)
        finally:
            self._busy.discard(key)
        return self._letters[key]

    def _computed(self, name: str, index: tuple[int, ...]) -> Any:
        if name in self.given:
            return self.how.lift(self._element(self.given[name], index))
        if name in self.constants:
            return self._selector(self.constants[name], index)
        fitting = []
        for clause in (d for d in self.definitions if d.lhs.name == name):
            at = _matched(clause, index, self)
            if at is not None and all(condition(self, at) >= 0 for condition in _conditions(clause.where)):
                fitting.append((clause, at))
        if len(fitting) != 1:
            shown = f"{name}({', '.join(map(str, index))})" if index else name
            raise ValueError(f"{len(fitting)} definitions give {shown} a value, but exactly one has to")
        ((clause, at),) = fitting
        return compiling.matrix(clause.rhs)(self, at)

    def _element(self, letter: Letter, index: tuple[int, ...]) -> Any:
        value = self.case[letter.name]
        if not letter.is_family:
            return value
        assert isinstance(value, tuple)
        place = index[0] - self.integer(letter.first)
        if letter.padded and place >= len(value):
            return value[0] - value[0]
        if not 0 <= place < len(value):
            raise ValueError(f"{letter.name}({index[0]}) does not exist; there are {len(value)} from {letter.first} on")
        return value[place]

    def _selector(self, constant: Selectors, index: tuple[int, ...]) -> Any:
        count, width = self.integer(constant.count), self.integer(constant.width)
        if not 1 <= index[0] <= count:
            raise ValueError(f"{constant.name}({index[0]}) does not exist; the indices are 1 to {count}")
        return self.how.filled(count * width, width, lambda i, j: int(i == (index[0] - 1) * width + j))


@lru_cache(maxsize=10_000)
def _conditions(where: tuple[Any, ...]) -> tuple[Callable[[Values, Indices], int], ...]:
    return tuple(compiling.integer(e) for e in inequalities(where))


def _matched(clause: Definition, index: tuple[int, ...], values: Values) -> dict[Any, int] | None:
    """The index symbols of a clause for which its left side has this index, or None."""
    at: dict[Any, int] = {}
    for pattern, actual in zip(clause.lhs.index, index, strict=True):
        symbols = [x for x in pattern.free_symbols if x not in values.sizes]
        if not symbols:
            if compiling.integer(pattern)(values, at) != actual:
                return None
            continue
        (symbol,) = symbols  # the pattern is ±symbol + rest, which the theorem checked
        slope = int(sympy.diff(pattern, symbol))
        at[symbol] = slope * (actual - compiling.integer(pattern.subs(symbol, 0))(values, at))
    return at


def sizes_of(case: Mapping[str, Any], given: Sequence[Letter]) -> dict[Any, int]:
    """The sizes: those that the case gives, and those that the shapes of its matrices say.

    Raises:
        ValueError: letters that are missing, or not given; a shape that does not fit the others; a size below 1.
    """
    names = {letter.name for letter in given}
    if set(case) != names:
        missing, extra = sorted(names - set(case)), sorted(set(case) - names)
        said = [f"{' and '.join(missing)} missing"] * bool(missing) + [f"{' and '.join(extra)} not given"] * bool(extra)
        raise ValueError(f"a case assigns the given letters and nothing else: {', '.join(said)}")
    found = {letter.symbol: _size(letter, case[letter.name]) for letter in given
             if letter.is_number and letter.symbol.is_integer}  # fmt: skip
    shapes = [row for letter in given if not letter.is_number for row in _shapes(letter, case[letter.name])]
    for _ in shapes:  # one more size is known after each pass, or none will be
        for expression, actual, name in shapes:
            unknown = [x for x in expression.free_symbols if x not in found]
            if len(unknown) == 1:
                value = _solved(expression, unknown[0], actual, found)
                if value is not None:
                    found[unknown[0]] = value
            elif not unknown and (due := _evaluated(expression, found)) != actual:
                raise ValueError(f"{name} has {actual} rows, columns or elements where {expression} = {due} are due")
    return found


def _evaluated(expression: Any, sizes: Mapping[Any, int]) -> int:
    return compiling.integer(expression)(None, sizes)  # type: ignore[arg-type] # sizes are all that it speaks of


def _solved(expression: Any, size: Any, actual: int, sizes: Mapping[Any, int]) -> int | None:
    """The size for which an expression that is linear in it has the actual value, if there is one."""
    zero, one, two = (_evaluated(expression, {**sizes, size: v}) for v in (0, 1, 2))
    slope = one - zero
    if slope == 0 or two - one != slope or (actual - zero) % slope or (actual - zero) // slope < 1:
        return None
    return (actual - zero) // slope


def _size(letter: Letter, value: Any) -> int:
    if not isinstance(value, fmpq) or value.q != 1 or value < 1:
        raise ValueError(f"{letter.name} is a size, an integer from 1 on, but the case says {value}")
    return int(value.p)


def _shapes(letter: Letter, value: Any) -> list[tuple[Any, int, str]]:
    """(expression, actual, name) of each extent that a value shows."""
    rows, cols = letter.shape
    members = value if letter.is_family else (value,)
    if not isinstance(members, tuple) or not all(isinstance(member, Matrix) for member in members):
        raise ValueError(f"{letter.name} needs {'matrices' if letter.is_family else 'a matrix'}, not {value!r}")
    found = [row for a in members for row in ((rows, a.shape[0], letter.name), (cols, a.shape[1], letter.name))]
    if letter.is_family and letter.last is not sympy.oo:
        found.append((sympy.expand(letter.last - letter.first + 1), len(members), letter.name))
    return found
