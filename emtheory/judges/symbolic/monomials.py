"""Monomials: scalar · Σ over bound indices · word of letters, what every term expands into.

A word is a product of factors letter(index)^power, transposed or not. Expansion distributes products over sums,
moves sums outwards with fresh bound indices and merges neighbouring powers; nothing is rewritten or decided here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import sympy

from emtheory.judges.symbolic.linear import Context
from emtheory.judges.symbolic.printing import scalar_text
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
    same,
)

__all__ = ["Binder", "Factor", "Monomial", "Word", "commuted", "expand"]


@dataclass(frozen=True)
class Factor:
    """letter(index)^power, transposed if so marked."""

    name: str
    index: tuple[Any, ...]
    transposed: bool
    power: Any
    scalar: bool = False  # 1 x 1, so that it commutes and is its own transpose

    def with_power(self, power: Any) -> Factor:
        """The same letter to another power."""
        return replace(self, power=sympy.expand(power))

    def substituted(self, values: Mapping[Any, Any]) -> Factor:
        """Index symbols replaced."""
        index = tuple(sympy.expand(i.xreplace(values)) for i in self.index)
        return replace(self, index=index, power=sympy.expand(self.power.xreplace(values)))

    def __str__(self) -> str:
        index = f"({', '.join(map(scalar_text, self.index))})" if self.index else ""
        power = (
            ""
            if self.power == 1
            else f"^({scalar_text(self.power)})"
            if self.power.is_Add
            else f"^{scalar_text(self.power)}"
        )
        return self.name + index + ("ᵀ" if self.transposed else "") + power


Word = tuple[Factor, ...]


@dataclass(frozen=True)
class Binder:
    """A bound index with its range lower … upper, empty when upper < lower."""

    symbol: Any
    lower: Any
    upper: Any

    def substituted(self, values: Mapping[Any, Any]) -> Binder:
        """Symbols replaced in the range (and the bound index, when it is renamed)."""
        lower, upper = (sympy.expand(e.xreplace(values)) for e in (self.lower, self.upper))
        return Binder(values.get(self.symbol, self.symbol), lower, upper)


@dataclass(frozen=True)
class Monomial:
    """coefficient · Σ binders · word."""

    coefficient: Any
    binders: tuple[Binder, ...]
    word: Word

    def times(self, other: Monomial) -> Monomial:
        """The product of two monomials whose bound indices differ."""
        return Monomial(
            self.coefficient * other.coefficient, self.binders + other.binders, joined(self.word + other.word)
        )

    def transposed(self) -> Monomial:
        """The transpose: the word reversed, each letter transposed."""
        word = tuple(replace(f, transposed=not f.transposed) for f in reversed(self.word))
        return replace(self, word=word)

    def substituted(self, values: Mapping[Any, Any]) -> Monomial:
        """Symbols replaced everywhere."""
        return Monomial(
            self.coefficient.xreplace(values),
            tuple(b.substituted(values) for b in self.binders),
            joined(tuple(f.substituted(values) for f in self.word)),
        )

    def fresh(self) -> Monomial:
        """The same monomial with new names for its bound indices."""
        if not self.binders:
            return self
        return self.substituted({b.symbol: sympy.Dummy(b.symbol.name, integer=True) for b in self.binders})

    def ranges(self) -> Context:
        """What the bound indices satisfy inside of the sums: lower ≤ index ≤ upper."""
        return tuple(e for b in self.binders for e in (b.symbol - b.lower, b.upper - b.symbol))

    def __str__(self) -> str:
        sums = "".join(f"Σ[{b.symbol}={scalar_text(b.lower)}..{scalar_text(b.upper)}] " for b in self.binders)
        word = " ".join(map(str, self.word)) or "I"
        if self.coefficient == 1:
            return sums + word
        if self.coefficient == -1:
            return f"-{sums}{word}"
        text = scalar_text(self.coefficient)
        scalar = f"({text})" if self.coefficient.is_Add else text
        return f"{scalar} {sums}{word}"


def joined(word: Word) -> Word:
    """Neighbouring powers of one letter merged, zeroth powers dropped."""
    result: list[Factor] = []
    for factor in word:
        if factor.power == 0:
            continue
        last = result[-1] if result else None
        if last and last.name == factor.name and last.transposed == factor.transposed and last.index == factor.index:
            merged = last.with_power(last.power + factor.power)
            result[-1:] = [merged] if merged.power != 0 else []
        else:
            result.append(factor)
    return tuple(result)


def commuted(word: Word) -> Word:
    """Neighbouring 1 x 1 letters in one order and without transposes: they are numbers."""
    result: list[Factor] = []
    for scalar, group in groupby(word, key=lambda factor: factor.scalar):
        factors = list(group)
        result += sorted((replace(f, transposed=False) for f in factors), key=str) if scalar else factors
    return joined(tuple(result))


def expand(term: Term) -> list[Monomial]:
    """The monomials whose sum is this term.

    Raises:
        ValueError: a symbolic power of anything but a letter, or a block matrix inside of a plain product.
    """
    match term:
        case Atom():
            index = tuple(sympy.expand(i) for i in term.index)
            scalar = same(term.rows, 1) and same(term.cols, 1)
            return [Monomial(sympy.S.One, (), (Factor(term.name, index, False, sympy.S.One, scalar),))]
        case Identity():
            return [Monomial(sympy.S.One, (), ())]
        case Zero():
            return []
        case Plus():
            return [monomial for part in term.terms for monomial in expand(part)]
        case Scaled():
            return [replace(m, coefficient=term.scalar * m.coefficient) for m in expand(term.term)]
        case Product():
            return [a.fresh().times(b.fresh()) for a in expand(term.left) for b in expand(term.right)]
        case Power():
            return _power(term)
        case Transposed():
            return [monomial.transposed() for monomial in expand(term.term)]
        case Total():
            return _total(term)
        case Block():
            raise ValueError(f"{term} is a block matrix and stands beside plain ones; write its neighbours as blocks")
    raise TypeError(f"{type(term).__name__} is not a term")


def _power(term: Power) -> list[Monomial]:
    if term.exponent.is_Integer:
        result = [Monomial(sympy.S.One, (), ())]
        for _ in range(int(term.exponent)):
            result = [a.fresh().times(b.fresh()) for a in result for b in expand(term.base)]
        return result
    base = expand(term.base)
    if len(base) != 1 or len(base[0].word) != 1 or base[0].binders or not same(base[0].coefficient, 1):
        raise ValueError(f"{term} is a symbolic power of a compound; name the base with a letter and define it")
    factor = base[0].word[0]
    return [Monomial(sympy.S.One, (), joined((factor.with_power(factor.power * term.exponent),)))]


def _total(term: Total) -> list[Monomial]:
    bound = sympy.Dummy(term.symbol.name, integer=True)
    binder = Binder(bound, sympy.expand(term.lower), sympy.expand(term.upper))
    inner = [m.substituted({term.symbol: bound}) for m in expand(term.body)]
    return [replace(m, binders=(binder, *m.binders)) for m in inner]
