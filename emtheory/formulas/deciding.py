"""A formula on one case: for which indices it is read there, and whether it holds.

`Reader(theorem, case)` reads formulas exactly, and in balls where exp, tanh or a root enters. A reading says whether
all indices were covered ("for all t" is decided where `horizon` knows how far is enough) or only those within reach.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any, Protocol

import sympy
from flint import fmpq

from emtheory.formulas import compiling, horizon
from emtheory.formulas.arithmetic import BALLS, EXACT, FLOATS, Arithmetic, InexpressibleError
from emtheory.formulas.case import Case
from emtheory.formulas.formula import Compound, Definition, Formula, Opaque, Statement
from emtheory.formulas.letters import Letter, Selectors
from emtheory.formulas.terms import Variable
from emtheory.formulas.values import Values
from emtheory.judges.balls import precision
from emtheory.judges.exact import Matrix
from emtheory.judges.floats import close
from emtheory.judges.symbolic.linear import inequalities
from emtheory.judges.symbolic.terms import Term
from emtheory.verdict import Outcome

__all__ = ["Reader", "Reading", "Stated"]

BITS = 256
REACH = 4  # how far beyond the sizes an unbounded index is read, where no recurrence says how far is enough
MOST = 400  # assignments of the indices of one formula on one case, where a reading within reach has more


class Stated(Protocol):
    """What a reader needs of a theorem."""

    @property
    def letters(self) -> tuple[Letter, ...]:
        """Those given."""

    @property
    def constants(self) -> tuple[Selectors, ...]:
        """Block columns of the identity."""

    @property
    def definitions(self) -> tuple[Definition, ...]:
        """Of all other letters."""


@dataclass(frozen=True)
class Reading:
    """What was seen of a statement on a case.

    Attributes:
        holds: True, False, or None where balls overlap, or not all of a statement's indices were read.
        tried: for how many assignments of indices it was read.
        whole: whether these decide it for all indices.
        missing: whether it speaks of an element that does not exist on this case.
        at: the assignment where it fails.
    """

    holds: bool | None
    tried: int
    whole: bool
    missing: bool = False
    at: Mapping[Any, int] | None = None


class Reader:
    """One case of a theorem.

    Raises:
        ValueError: the case does not assign the letters that the theorem is given.
    """

    def __init__(self, theorem: Stated, case: Case) -> None:
        self.theorem, self.case = theorem, case
        self.exact = self._values(EXACT)
        self._others: dict[str, Values] = {}

    def _values(self, how: Arithmetic) -> Values:
        t, sizes = self.theorem, None if how is EXACT else self.exact.sizes
        return Values(
            self.case, given=t.letters, constants=t.constants, definitions=t.definitions, how=how, sizes=sizes
        )

    def values(self, how: Arithmetic) -> Values:
        """All letters in an arithmetic."""
        if how is EXACT:
            return self.exact
        if how.name not in self._others:
            with precision(BITS):
                self._others[how.name] = self._values(how)
        return self._others[how.name]

    def read(self, statement: Statement, *, partly: bool = False) -> Reading:
        """The statement on this case; a refuting assignment ends the reading.

        Arguments:
            partly: leave out assignments for which something does not exist, instead of raising.

        Raises:
            ValueError: an element that does not exist, a negative exponent, a division by 0.
        """
        if isinstance(statement, Opaque):
            return Reading(bool(statement.holds(**self.case)), 1, whole=True)
        if isinstance(statement, Compound):
            return self._compound(statement, partly=partly)
        return self._formula(statement, partly=partly)

    def _formula(self, formula: Formula, *, partly: bool) -> Reading:
        span = _span(formula, self.exact)
        tried, open_, missing = 0, False, False
        for at in span.assignments:
            try:
                verdict = self._at(formula, at)
            except ValueError:
                if not partly:
                    raise
                missing = True
                continue
            tried += 1
            if verdict is False:
                return Reading(False, tried, span.whole, missing, at)
            open_ = open_ or verdict is None
        return Reading(None if open_ else True, tried, span.whole, missing)

    def _at(self, formula: Formula, at: Mapping[Any, int]) -> bool | None:
        try:
            return _holds(formula, self.exact, at)
        except InexpressibleError:
            with precision(BITS):
                return _holds(formula, self.values(BALLS), at)

    def _all(self, side: tuple[Formula, ...], *, partly: bool) -> Reading:
        """Whether all formulas of a side hold."""
        found = [self.read(formula, partly=partly) for formula in side]
        failing = next((reading for reading in found if reading.holds is False), None)
        holds = False if failing else None if any(reading.holds is None for reading in found) else True
        return Reading(
            holds,
            sum(reading.tried for reading in found),
            all(reading.whole for reading in found),
            any(reading.missing for reading in found),
            failing.at if failing else None,
        )

    def holds_left(self, statement: Compound) -> bool:
        """Whether the left side holds."""
        return self._all(statement.left, partly=False).holds is True

    def _compound(self, statement: Compound, *, partly: bool) -> Reading:
        left, right = (self._all(side, partly=partly) for side in (statement.left, statement.right))
        # a side that was read in part alone may fail further on, so that it is not known to hold
        a, b = (side.holds if side.holds is not True or side.whole else None for side in (left, right))
        holds: bool | None
        if statement.arrow == "⟹" and (a is False or b is True):
            holds = True
        elif a is None or b is None:
            holds = None
        else:
            holds = a == b if statement.arrow == "⟺" else b
        return Reading(holds, left.tried + right.tried, left.whole and right.whole, left.missing or right.missing)

    def agrees_in_floats(self, formula: Formula, *, most: int = 4) -> bool | None:
        """Whether the left side in floats lies within its error bound of the exact right side; None: no such reading.

        Arguments:
            most: assignments that are tried, spread over all of them.
        """
        if formula.relation != "=" or not isinstance(formula.lhs, Term):
            return None
        seen = False
        assignments = _span(formula, self.exact).assignments
        for at in assignments[:: max(1, len(assignments) // most)]:
            try:
                computed = self.values(FLOATS).matrix(formula.lhs, at)
                exact = Matrix(self.exact.matrix(formula.rhs, at))
            except InexpressibleError:
                return None
            if 0 in exact.shape:
                continue
            seen = True
            if close(computed.value, exact, computed.bound).outcome is not Outcome.PROVED:
                return False
        return True if seen else None


@dataclass(frozen=True)
class _Span:
    """The assignments of a formula's indices that are read on a case, and whether they decide it."""

    assignments: list[dict[Any, int]]
    whole: bool


def _span(formula: Formula, values: Values) -> _Span:
    plan = _plan(formula, frozenset(values.sizes))
    largest = max((values.sizes[x] for x in plan.sizes), default=1)
    enough = _enough(formula, plan, values)
    reach = REACH + 2 * largest if enough is None else max(REACH, largest + enough)
    kept = list(_assigned(plan, values, reach))
    whole = enough is not None
    if len(kept) > MOST and not whole:
        kept = [*kept[:: -(-len(kept) // MOST)], kept[-1]]
    points = _points(formula, plan, values)
    if points is None:
        return _Span(kept, whole=False)
    return _Span([{**point, **x} for point in kept for x in points], whole)


def _assigned(plan: _Plan, values: Values, reach: int) -> Iterator[dict[Any, int]]:
    """The values of the indices, -1 … reach each, that pass all tests; a test is made as soon as it can be."""

    def extended(at: dict[Any, int], place: int) -> Iterator[dict[Any, int]]:
        if not all(test(values, at) >= 0 for test in plan.tests[place]):
            return
        if place == len(plan.indices):
            yield at
            return
        for value in range(-1, reach + 1):
            yield from extended({**at, plan.indices[place]: value}, place + 1)

    return extended({}, 0)


@dataclass(frozen=True)
class _Plan:
    """What is known of a formula's indices before a case is seen."""

    indices: tuple[Any, ...]
    unbounded: tuple[Any, ...]
    variables: tuple[Any, ...]  # real numbers that it speaks of all of
    sizes: tuple[Any, ...]
    tests: tuple[tuple[Callable[..., int], ...], ...]  # by the number of indices that have to be known


@lru_cache(maxsize=20_000)
def _plan(formula: Formula, sizes: frozenset[Any]) -> _Plan:
    rows = inequalities(formula.where)
    indices = tuple(x for x in formula.indices() if x not in sizes)
    bounded = {x for row in rows for x in indices if sympy.diff(row, x).is_negative}
    return _Plan(
        indices=indices,
        unbounded=tuple(x for x in indices if x not in bounded),
        variables=tuple(sorted((x for x in formula.symbols() if isinstance(x, Variable)), key=str)),
        sizes=tuple(sorted({x for row in rows for x in row.free_symbols} & sizes, key=str)),
        tests=tuple(
            tuple(compiling.integer(row) for row in rows if _known_after(row, indices) == place)
            for place in range(len(indices) + 1)
        ),
    )


def _known_after(row: Any, indices: tuple[Any, ...]) -> int:
    return max((indices.index(x) + 1 for x in row.free_symbols if x in indices), default=0)


def _enough(formula: Formula, plan: _Plan, values: Values) -> int | None:
    """How many values of its one unbounded index decide it for all; 0 without one, None if not known."""
    if not plan.unbounded:
        return 0
    if len(plan.unbounded) > 1 or formula.relation != "=":
        return None
    orders = [horizon.order(side, plan.unbounded[0], values) for side in (formula.lhs, formula.rhs)]
    return None if orders[0] is None or orders[1] is None else orders[0] + orders[1]


def _points(formula: Formula, plan: _Plan, values: Values) -> list[dict[Any, Any]] | None:
    """Values of the variables that decide an equation of polynomials in them; None if that is not known."""
    grids = []
    for x in plan.variables:
        degrees = [horizon.degree(side, x, values) for side in (formula.lhs, formula.rhs)]
        if formula.relation != "=" or degrees[0] is None or degrees[1] is None:
            return None
        grids.append(range(max(degrees[0], degrees[1]) + 1))
    return [{x: fmpq(v) for x, v in zip(plan.variables, point, strict=True)} for point in product(*grids)]


def _holds(formula: Formula, values: Values, at: Mapping[Any, int]) -> bool | None:
    """Whether the formula holds there: True, False, or None where balls overlap."""
    if formula.relation == "=" and values.how is EXACT and isinstance(formula.lhs, Term):
        return bool(values.matrix(formula.lhs, at) == values.matrix(formula.rhs, at))
    left, right = values.side(formula.lhs, at), values.side(formula.rhs, at)
    if formula.relation == "!=":
        verdicts = [_compared("=", a, b) for a, b in zip(left, right, strict=True)]
        return True if False in verdicts else None if None in verdicts else False
    verdicts = [_compared(formula.relation, a, b) for a, b in zip(left, right, strict=True)]
    return False if False in verdicts else None if None in verdicts else True


def _compared(relation: str, a: Any, b: Any) -> bool | None:
    if relation == "=":
        gap = a - b
        return bool(gap == 0) if isinstance(gap, (int, fmpq)) else (None if gap.contains(0) else False)
    true, false = (a <= b, a > b) if relation == "<=" else (a < b, a >= b)
    return True if true else False if false else None
