"""Linear inequalities between integers: which follow from which.

An expression e stands for the assertion e ≥ 0. `follows(goal, assumptions)` is sound and incomplete: it refutes
"assumptions and goal ≤ -1" over the rationals by Fourier-Motzkin elimination, after tightening each inequality to
integers. Products of symbols count as symbols of their own, ≥ 0 if their factors are; a symbol declared positive is
at least 1.

>>> import sympy
>>> j, k, s = sympy.symbols("j k s", integer=True)
>>> follows(s - j - 1, [k - j - 1, s - k])   # j < k and k ≤ s give j < s
True
>>> follows(s - j - 2, [k - j - 1, s - k])
False

Reference: A. Schrijver, Theory of Linear and Integer Programming, Wiley 1986, section 12.2.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from math import gcd
from typing import Any

import sympy

__all__ = ["Context", "equal", "follows", "inequalities", "never_equal"]

Row = tuple[tuple[tuple[Any, int], ...], int]  # Σ coefficient·symbol + constant ≥ 0
Context = tuple[Any, ...]
MOST_ROWS = 600  # elimination that grows beyond this gives up: the goal is then "not shown", never "false"


def inequalities(conditions: Iterable[Any]) -> Context:
    """Expressions e with e ≥ 0 that say the same as these sympy relations between integers.

    Raises:
        ValueError: a condition that is false or is not an (in)equality between integers.
    """
    found: list[Any] = []
    for condition in conditions:
        if condition is True or condition is sympy.true:
            continue
        if condition is False or condition is sympy.false:
            raise ValueError("a condition is false for all values of its symbols")
        left, right = getattr(condition, "lhs", None), getattr(condition, "rhs", None)
        if left is None or not (left - right).is_integer:
            raise ValueError(f"the condition {condition} is not an inequality between integer expressions")
        if isinstance(condition, sympy.Equality):
            found += [left - right, right - left]
        elif isinstance(condition, (sympy.GreaterThan, sympy.StrictGreaterThan)):
            found.append(left - right - (1 if isinstance(condition, sympy.StrictGreaterThan) else 0))
        elif isinstance(condition, (sympy.LessThan, sympy.StrictLessThan)):
            found.append(right - left - (1 if isinstance(condition, sympy.StrictLessThan) else 0))
        else:
            raise ValueError(f"the condition {condition} is not an inequality between integer expressions")
    return tuple(found)


def equal(a: Any, b: Any, assumptions: Context = ()) -> bool:
    """Whether a = b is shown."""
    if a == b or sympy.expand(a - b) == 0:
        return True
    return bool(assumptions) and follows(a - b, assumptions) and follows(b - a, assumptions)


def never_equal(a: Any, b: Any, assumptions: Context = ()) -> bool:
    """Whether a ≠ b is shown, by a < b or a > b."""
    return follows(a - b - 1, assumptions) or follows(b - a - 1, assumptions)


def follows(goal: Any, assumptions: Iterable[Any]) -> bool:
    """Whether goal ≥ 0 is shown to follow from the assumptions (each ≥ 0); goal -1 asks if they contradict."""
    return _follows(sympy.expand(goal), frozenset(assumptions))


@lru_cache(maxsize=20_000)
def _follows(goal: Any, assumptions: frozenset[Any]) -> bool:
    if goal.is_Integer and goal >= 0:
        return True
    if not goal.is_integer:
        return False
    rows = {_row(expression) for expression in assumptions} | {_row(-goal - 1)}
    symbols = {symbol for row, _ in rows for symbol, _ in row}
    rows |= {_row(symbol - 1 if symbol.is_positive else symbol) for symbol in symbols if symbol.is_nonnegative}
    rows |= {_row(product) for product in symbols if product.is_Mul and _has_sign(product, assumptions)}
    return _infeasible(rows)


def _has_sign(product: Any, assumptions: frozenset[Any]) -> bool:
    """Whether every factor of a product of symbols is shown to be ≥ 0, by what is assumed of single symbols."""
    plain = frozenset(e for e in assumptions if not any(part.is_Mul for part in sympy.expand(e).as_coefficients_dict()))
    return all(factor.is_nonnegative or _follows(factor, plain) for factor in product.args)


def _row(expression: Any) -> Row:
    """The inequality expression ≥ 0 with coprime integer coefficients and the constant rounded down."""
    parts = sympy.expand(expression).as_coefficients_dict()
    scale = sympy.ilcm(1, *(c.q for c in parts.values()))
    constant = int(parts.pop(sympy.S.One, sympy.S.Zero) * scale)
    coefficients = {symbol: int(c * scale) for symbol, c in parts.items() if c != 0}
    return _tightened(coefficients, constant)


def _tightened(coefficients: dict[Any, int], constant: int) -> Row:
    coefficients = {symbol: c for symbol, c in coefficients.items() if c}
    divisor = gcd(*coefficients.values()) if coefficients else 1
    ordered = sorted(((symbol, c // divisor) for symbol, c in coefficients.items()), key=lambda item: str(item[0]))
    return tuple(ordered), constant // divisor


def _infeasible(rows: set[Row]) -> bool:
    while True:
        if any(not row and constant < 0 for row, constant in rows):
            return True
        rows = {row for row in rows if row[0]}
        if not rows or len(rows) > MOST_ROWS:
            return False
        rows = _eliminate(rows, _cheapest(rows))


def _cheapest(rows: set[Row]) -> Any:
    """The symbol whose elimination creates the fewest rows."""
    counts: dict[Any, list[int]] = {}
    for row, _ in rows:
        for symbol, c in row:
            counts.setdefault(symbol, [0, 0])[c > 0] += 1
    return min(counts, key=lambda symbol: (counts[symbol][0] * counts[symbol][1], str(symbol)))


def _eliminate(rows: set[Row], symbol: Any) -> set[Row]:
    kept = {row for row in rows if symbol not in dict(row[0])}
    signed = [(dict(row), constant) for row, constant in rows if symbol in dict(row)]
    for low, low_constant in (item for item in signed if item[0][symbol] > 0):
        for high, high_constant in (item for item in signed if item[0][symbol] < 0):
            a, b = -high[symbol], low[symbol]
            mixed = {name: a * low.get(name, 0) + b * high.get(name, 0) for name in low.keys() | high.keys()}
            kept.add(_tightened(mixed, a * low_constant + b * high_constant))
    return kept
