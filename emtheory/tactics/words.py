"""Monomials with named indices, and the rules by which a search rewrites their words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from emtheory.kernel.monomials import Key, expand
from emtheory.kernel.substitution import Context, free, image, put, total
from emtheory.kernel.terms import (
    Fact,
    Identity,
    Letter,
    Level,
    Monomial,
    Poly,
    Power,
    Product,
    Scaled,
    Term,
    Transposed,
    Var,
    poly,
)

__all__ = ["ONE", "Binder", "Item", "Monom", "Rule", "UnsettledError", "from_key", "rules_from", "solved", "word_term"]

ONE, NIL = poly(1), poly(0)
Item = tuple[Letter, bool, Poly]  # a letter, whether it is transposed, its power
Word = tuple[Item, ...]


class UnsettledError(Exception):
    """No proof was found."""


@dataclass(frozen=True)
class Binder:
    """A sum over var = lower … upper."""

    var: Var
    lower: Poly
    upper: Poly
    oriented: bool = False

    def put(self, values: Mapping[Var, Poly]) -> Binder:
        """With numbers replaced in its ends."""
        return replace(self, lower=put(self.lower, values), upper=put(self.upper, values))


@dataclass(frozen=True)
class Monom:
    """Σ binders of coefficient · word; the coefficient is one monomial."""

    coefficient: Poly
    binders: tuple[Binder, ...]
    word: Word

    def put(self, values: Mapping[Var, Poly]) -> Monom:
        """With numbers replaced."""
        word = tuple((put(letter, values), t, put(e, values)) for letter, t, e in self.word)
        return Monom(put(self.coefficient, values), tuple(b.put(values) for b in self.binders), word)

    @property
    def scalars(self) -> tuple[Monomial, Fraction]:
        """The product of numbers in front, and its coefficient."""
        ((scalars, c),) = self.coefficient.parts
        return scalars, c

    def scaled(self, coefficient: Poly) -> Iterator[Monom]:
        """The monomials of another coefficient on the same word."""
        return (replace(self, coefficient=Poly({m: c})) for m, c in coefficient.parts)

    def body(self, i: int, rows: Poly) -> Term:
        """What stands inside of the first i sums."""
        return summed(self.binders[i:], Scaled(self.coefficient, word_term(self.word, rows)))


def base_term(item: Item) -> Term:
    """The letter of an item, without its power."""
    return Transposed(item[0]) if item[1] else item[0]


def word_term(word: Word, rows: Poly) -> Term:
    """A word as a term, the identity if it is empty."""
    factors = tuple(base_term(item) if item[2] == ONE else Power(base_term(item), item[2]) for item in word)
    return Product(factors) if len(factors) > 1 else factors[0] if factors else Identity(rows)


def summed(binders: tuple[Binder, ...], term: Term) -> Term:
    """The term under these sums."""
    for b in reversed(binders):
        term = total(b.var, b.lower, b.upper, term, b.oriented)
    return term


def ranges(binders: tuple[Binder, ...]) -> Context:
    """What plain sums say of their indices."""
    return tuple(e for b in binders if not b.oriented for e in (poly(b.var) - b.lower, b.upper - poly(b.var)))


def from_key(key: Key, c: Fraction | Poly, names: Iterator[int]) -> Monom:
    """The monomial of a key times a number, its indices named b.1, b.2, …"""
    variables = [Var(f"b.{next(names)}", "int") for _ in key.binders]

    def named(thing: Any) -> Any:
        return image(thing, lambda x, _: poly(variables[x.depth]) if isinstance(x, Level) else x)

    binders = tuple(Binder(v, named(a), named(b), o) for v, (o, a, b) in zip(variables, key.binders, strict=True))
    word = tuple((named(f.letter), f.transposed, ONE if f.power is None else named(f.power)) for f in key.word)
    return Monom(named(Poly({key.scalars: Fraction(1)}) * c), binders, word)


@dataclass(frozen=True)
class Rule:
    """pattern → the right side of the fact, or of its transpose; `wild` are the variables that take any value."""

    name: str
    fact: Fact
    transposed: bool
    pattern: Word
    wild: dict[Var, Var]  # the name in the pattern → the variable of the fact
    at: dict[Var, Poly] = field(default_factory=dict)  # variables of the fact that have a value

    def values(self, found: Mapping[Var, Poly]) -> dict[Var, Poly]:
        """The values of the fact's variables."""
        return {**{v: put(p, found) for v, p in self.at.items()}, **{v: found[w] for w, v in self.wild.items()}}


def rules_from(name: str, fact: Fact, at: Mapping[Var, Poly] | None = None) -> list[Rule]:
    """A fact as rewriting rules: from left to right, and transposed.

    Raises:
        UnsettledError: the left side is not one word of letters.
    """
    fixed = dict(at or {})
    names = {v: Var(f"w.{i}", v.sort) for i, v in enumerate(fact.variables) if v not in fixed}
    values = {**fixed, **{v: poly(w) for v, w in names.items()}}
    lhs, rhs = put(fact.lhs, values), put(fact.rhs, values)
    if expand(lhs) == expand(rhs):
        return []
    wild = {w: v for v, w in names.items()}
    out = [Rule(name, fact, False, _pattern(lhs, name), wild, fixed)]
    if expand(Transposed(lhs)) != expand(rhs):
        out.append(Rule(name, fact, True, _pattern(Transposed(lhs), name), wild, fixed))
    return out


def _pattern(side: Term, name: str) -> Word:
    parts = list(expand(side).items())
    key, c = parts[0] if len(parts) == 1 else (Key(), Fraction(0))
    if c != 1 or key.binders or key.scalars or not key.word:
        raise UnsettledError(f"the left side of {name} is not one word")
    return merged(from_key(key, c, iter(())).word)


def merged(word: Word) -> Word:
    """A word with neighbouring powers of one letter merged."""
    out: list[Item] = []
    for item in word:
        if out and out[-1][:2] == item[:2]:
            item = (item[0], item[1], out.pop()[2] + item[2])
        if item[2] != NIL:
            out.append(item)
    return tuple(out)


def one_by_one(item: Item) -> bool:
    """Whether a letter is a number."""
    return item[0].rows == item[0].cols == ONE


def solved(difference: Poly, v: Var) -> Poly | None:
    """The value of v at which the difference is 0, if v stands in it once, with the coefficient ±1."""
    slope = dict(difference.parts).get((v,), Fraction(0))
    rest = difference - poly(v) * slope
    return None if slope not in (1, -1) or v in free(rest) else rest * (-1 / slope)
