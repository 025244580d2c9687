"""Rewriting words by declared relations, to a fixed point.

A rule `pattern → replacement` holds for all values of its wild indices that satisfy its conditions. It applies to a
word only where the conditions are *shown* to follow from what is known about the indices there. Each rule is used in
its transposed form as well. A pattern letter of power k fits a letter of power e if e - k ≥ 0 is shown; the rest
stays beside the replacement.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sympy

from emtheory.judges.symbolic.linear import Context, equal, follows, never_equal
from emtheory.judges.symbolic.monomials import Factor, Monomial, Word, expand
from emtheory.judges.symbolic.terms import Term

__all__ = ["Rule", "UnsettledError", "rewritten", "rules_from"]

MOST_NESTED = 3  # sums inside of sums: a recursion that unfolds itself for ever is stopped early
MOST_STEPS = 3_000  # a rule system that has not come to rest by then is reported, not trusted


class UnsettledError(Exception):
    """The normal form was not reached; the claim is undecided."""


@dataclass(frozen=True)
class Rule:
    """pattern → Σ replacement, for all values of `wild` with every condition ≥ 0."""

    pattern: Word
    replacement: tuple[Monomial, ...]
    wild: frozenset[Any]
    conditions: Context


def rules_from(lhs: Term, rhs: Term, wild: Iterable[Any], conditions: Context) -> list[Rule]:
    """The rule lhs → rhs for all values of `wild`, and its transpose.

    Raises:
        ValueError: the left side is not a single word.
    """
    words = expand(lhs)
    if len(words) != 1 or words[0].binders or words[0].coefficient != 1 or not words[0].word:
        raise ValueError(f"the left side {lhs} of a relation must be a single product of letters")
    names = {symbol: sympy.Dummy(symbol.name, integer=True) for symbol in wild}  # apart from the indices of any word
    left, right = words[0].substituted(names), [m.substituted(names) for m in expand(rhs)]
    if right == [left]:
        return []  # it would rewrite a word into itself for ever
    renamed = tuple(condition.xreplace(names) for condition in conditions)
    pairs = [(left, right)]
    if right != [left.transposed()]:  # a symmetry, whose transpose would undo it
        pairs.append((left.transposed(), [m.transposed() for m in right]))
    return [Rule(word.word, tuple(image), frozenset(names.values()), renamed) for word, image in pairs]


def rewritten(monomials: Iterable[Monomial], rules: Sequence[Rule], where: Context) -> list[Monomial]:
    """The monomials after all rules and Kronecker deltas have been used up.

    Raises:
        UnsettledError: no fixed point within `MOST_STEPS` steps.
    """
    pending = list(monomials)
    settled: list[Monomial] = []
    for _ in range(MOST_STEPS):
        if not pending:
            return settled
        monomial = pending.pop()
        if monomial.binders and follows(-1, where + monomial.ranges()):
            continue  # no index satisfies the ranges: an empty sum
        if len(monomial.binders) > MOST_NESTED:
            raise UnsettledError(f"{monomial} nests too many sums; unfold the recursion at one index, with at(…)")
        pieces = _contracted(monomial, where)
        if pieces is None:
            pieces = _applied(monomial, rules, where)
        if pieces is None:
            settled.append(monomial)
        else:
            pending.extend(pieces)
    raise UnsettledError(f"the relations do not come to rest within {MOST_STEPS} steps")


# --- Kronecker deltas -------------------------------------------------------------------------------------------------


def _contracted(monomial: Monomial, where: Context) -> list[Monomial] | None:
    """One delta resolved, or a sum of coefficients taken apart; None if there is nothing to do."""
    coefficient = sympy.expand(monomial.coefficient)
    if coefficient == 0:
        return []
    if coefficient.has(sympy.KroneckerDelta) and coefficient.is_Add:
        return [replace(monomial, coefficient=part) for part in coefficient.args]
    for factor in sympy.Mul.make_args(coefficient):
        if isinstance(factor, sympy.KroneckerDelta):
            resolved = _resolved(replace(monomial, coefficient=coefficient / factor), factor.args, where)
            if resolved is not None:
                return resolved
    return None


def _resolved(monomial: Monomial, sides: tuple[Any, Any], where: Context) -> list[Monomial] | None:
    left, right = sides
    known = where + monomial.ranges()
    if equal(left, right, known):
        return [monomial]
    if never_equal(left, right, known):
        return []
    for binder in monomial.binders:
        value = _solved(left - right, binder.symbol)
        if value is None:
            continue
        others = [b for b in monomial.binders if b is not binder]
        if any(b.symbol in value.free_symbols and binder.symbol in (b.lower - b.upper).free_symbols for b in others):
            continue
        image = replace(monomial, binders=tuple(others)).substituted({binder.symbol: value})
        known = where + image.ranges()
        if follows(value - binder.lower, known) and follows(binder.upper - value, known):
            return [image]
        if follows(binder.lower - 1 - value, known) or follows(value - binder.upper - 1, known):
            return []
    return None


def _solved(difference: Any, symbol: Any) -> Any | None:
    """The value of `symbol` that makes the difference zero, if it enters with coefficient ±1."""
    difference = sympy.expand(difference)
    slope = difference.coeff(symbol)
    rest = sympy.expand(difference - slope * symbol)
    if slope not in (1, -1) or symbol in rest.free_symbols:
        return None
    return sympy.expand(-rest / slope)


# --- rules ------------------------------------------------------------------------------------------------------------


def _applied(monomial: Monomial, rules: Sequence[Rule], where: Context) -> list[Monomial] | None:
    """The monomial after the first rule that fits, at its leftmost place; None if none fits."""
    known = where + monomial.ranges()
    for rule, start in _places(monomial, rules):
        width = len(rule.pattern)
        fit = _fit(rule, monomial.word[start : start + width], known)
        if fit is None:
            continue
        values, before, after = fit
        head = replace(monomial, word=monomial.word[:start] + before)
        tail = Monomial(sympy.S.One, (), after + monomial.word[start + width :])
        return [head.times(m.substituted(values).fresh()).times(tail) for m in rule.replacement]
    return _split(monomial, rules, where)


def _places(monomial: Monomial, rules: Sequence[Rule]) -> Iterator[tuple[Rule, int]]:
    """The rules with the places where their letters stand."""
    letters = [(f.name, f.transposed) for f in monomial.word]
    for rule in rules:
        wanted = [(f.name, f.transposed) for f in rule.pattern]
        for start in range(len(letters) - len(wanted) + 1):
            if letters[start : start + len(wanted)] == wanted:
                yield rule, start


def _split(monomial: Monomial, rules: Sequence[Rule], where: Context) -> list[Monomial] | None:
    """A sum without its first or last term, and that term, if a rule then applies inside; None if none does."""
    for position, binder in enumerate(monomial.binders):
        others = monomial.binders[:position] + monomial.binders[position + 1 :]
        known = where + replace(monomial, binders=others).ranges()
        if binder.symbol in {s for e in known for s in e.free_symbols} or not follows(
            binder.upper - binder.lower, known
        ):
            continue
        for end, rest in (
            (binder.lower, replace(binder, lower=binder.lower + 1)),
            (binder.upper, replace(binder, upper=binder.upper - 1)),
        ):
            inner = (*known, binder.symbol - rest.lower, rest.upper - binder.symbol)
            if any(
                _fit(rule, monomial.word[start : start + len(rule.pattern)], inner)
                for rule, start in _places(monomial, rules)
            ):
                term = replace(monomial, binders=others).substituted({binder.symbol: end})
                return [term, replace(monomial, binders=(*others, rest))]
    return None


def _fit(rule: Rule, word: Word, known: Context) -> tuple[dict[Any, Any], Word, Word] | None:
    """Values of the wild indices, and what of the word is left before and after the pattern."""
    values: dict[Any, Any] = {}
    for pattern, factor in zip(rule.pattern, word, strict=True):
        for expected, found in zip(pattern.index, factor.index, strict=True):
            if not _unified(expected, found, rule.wild, values, known):
                return None
    before: Word = ()
    after: Word = ()
    last = len(word) - 1
    for place, (pattern, factor) in enumerate(zip(rule.pattern, word, strict=True)):
        rest = _left_over(pattern, factor, rule.wild, values, known)
        if rest is None or (rest.power != 0 and 0 < place < last):
            return None
        if rest.power != 0 and place == last:
            after = (rest,)
        elif rest.power != 0:
            before = (rest,)
    if rule.wild - values.keys() or not all(follows(c.xreplace(values), known) for c in rule.conditions):
        return None
    return values, before, after


def _unified(expected: Any, found: Any, wild: frozenset[Any], values: dict[Any, Any], known: Context) -> bool:
    """Whether expected = found, after giving its one unknown wild index (if any) the value that makes it so."""
    expected = expected.xreplace(values)
    unknown = expected.free_symbols & (wild - values.keys())
    if not unknown:
        return equal(expected, found, known)
    if len(unknown) > 1:
        return False
    symbol = next(iter(unknown))
    value = _solved(expected - found, symbol)
    if value is None:
        return False
    values[symbol] = value
    return True


def _left_over(
    pattern: Factor, factor: Factor, wild: frozenset[Any], values: dict[Any, Any], known: Context
) -> Factor | None:
    """The power of the letter that the pattern does not use."""
    wanted = pattern.power.xreplace(values)
    if wanted.free_symbols & (wild - values.keys()):
        return factor.with_power(sympy.S.Zero) if _unified(wanted, factor.power, wild, values, known) else None
    if wanted == 0:
        return None  # the pattern would fit beside anything, again and again
    rest = sympy.expand(factor.power - wanted)
    return factor.with_power(rest) if rest == 0 or follows(rest, known) else None
