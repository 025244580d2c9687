"""The ring of matrix terms: shapes, and the expansion of a term into monomials.

A monomial is Σ over ranges of a product of numbers times a word of letters. Two terms of one shape are equal if they
have the same monomials; all that is not decided so (sums, powers, deltas) goes by axioms.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

from emtheory.kernel.substitution import image, opened
from emtheory.kernel.terms import (
    MOST_FACTORS,
    MOST_PARTS,
    Block,
    Identity,
    Letter,
    Level,
    Monomial,
    Plus,
    Poly,
    Power,
    Product,
    ProofError,
    Scaled,
    Sum,
    Term,
    Transposed,
    Zero,
    demand,
    natural,
    order,
    poly,
    product_of,
)

NUMBER = (poly(1), poly(1))  # the shape of a number


def shape(term: Term) -> tuple[Poly, Poly]:
    """Rows and columns, after comparing all shapes inside."""
    match term:
        case Letter(_, rows, cols) | Zero(rows, cols):
            return rows, cols
        case Identity(size):
            return size, size
        case Scaled(_, inner) | Sum(_, _, inner):
            return shape(inner)
        case Transposed(inner):
            rows, cols = shape(inner)
            return cols, rows
        case Power(base, _):
            rows, cols = shape(base)
            demand(rows == cols, f"a power of a {rows} x {cols} matrix")
            return rows, cols
        case Plus(terms):
            shapes = [shape(t) for t in terms]
            demand(len(set(shapes)) == 1, "a sum of two shapes")
            return shapes[0]
        case Product(factors):
            shapes = [shape(t) for t in factors]
            for (_, cols), (rows, _) in pairwise(shapes):
                demand(cols == rows, f"a matrix of {cols} columns times one of {rows} rows")
            return shapes[0][0], shapes[-1][1]
        case Block(cells):
            rows_of = [[shape(cell)[0] for cell in row] for row in cells]
            cols_of = [[shape(cell)[1] for cell in row] for row in cells]
            demand(all(len(set(row)) == 1 for row in rows_of), "a block row of different heights")
            demand(all(row == cols_of[0] for row in cols_of), "a block column of different widths")
            return sum((row[0] for row in rows_of), poly(0)), sum(cols_of[0], poly(0))
    raise ProofError(f"{type(term).__name__} has no shape")


@dataclass(frozen=True)
class Factor:
    """A letter, transposed if so marked, to a symbolic power or to the first."""

    letter: Letter
    transposed: bool = False
    power: Poly | None = None


@dataclass(frozen=True)
class Key:
    """Σ binders (oriented, lower, upper) of a product of numbers times a word; binders count from the outside."""

    binders: tuple[tuple[bool, Poly, Poly], ...] = ()
    scalars: Monomial = ()
    word: tuple[Factor, ...] = ()

    def __str__(self) -> str:
        sums = (f"sum {a}..{b}" for _, a, b in self.binders)
        letters = (f"{f.letter.name}{list(f.letter.index) or ''}{chr(39) * f.transposed}" for f in self.word)
        return " ".join((*sums, *map(order, self.scalars), *letters)) or "1"


Parts = dict[Key, Fraction]


def add(parts: Parts, more: Iterable[tuple[Key, Fraction]]) -> None:
    """Add multiples of monomials to a sum of them."""
    for key, c in more:
        parts[key] = parts.get(key, Fraction(0)) + c
        if not parts[key]:
            del parts[key]
    demand(len(parts) <= MOST_PARTS, "a term of too many monomials")


def expand(term: Term, depth: int = 0) -> Parts:
    """The monomials of a term without blocks, inside of `depth` sums that are open. Shapes are compared by `shape`.

    Raises:
        ProofError: a symbolic power of a compound, a block matrix, or a term that grows too large.
    """
    parts: Parts = {}
    match term:
        case Letter():
            return {Key(word=(Factor(term),)): Fraction(1)}
        case Identity():
            return {Key(): Fraction(1)}
        case Zero():
            return parts
        case Plus(terms):
            for t in terms:
                add(parts, expand(t, depth).items())
            return parts
        case Scaled(c, inner):
            for key, a in expand(inner, depth).items():
                add(parts, ((replace(key, scalars=product_of(m, key.scalars)), a * b) for m, b in c.parts))
            return parts
        case Product(factors):
            parts = {Key(): Fraction(1)}
            for t in factors:
                parts = _product(parts, expand(t, depth), depth)
            return parts
        case Transposed(inner):
            return {replace(k, word=tuple(replace(f, transposed=not f.transposed) for f in reversed(k.word))): c
                    for k, c in expand(inner, depth).items()}  # fmt: skip
        case Power(base, exponent):
            return _power(expand(base, depth), exponent, depth)
        case Sum(lower, upper, body, oriented):
            inner = opened(body, poly(Level(depth)))
            return {replace(k, binders=((oriented, lower, upper), *k.binders)): c
                    for k, c in expand(inner, depth + 1).items()}  # fmt: skip
    raise ProofError(f"{type(term).__name__} inside of a term that is not made of blocks of one partition")


def _product(left: Parts, right: Parts, depth: int) -> Parts:
    """The product; the sums of the right factor come inside of those of the left one."""
    demand(len(left) * len(right) <= MOST_PARTS, "a term of too many monomials")
    parts: Parts = {}
    for k, c in left.items():
        for late, d in ((_inward(key, len(k.binders), depth), d) for key, d in right.items()):
            key = Key(k.binders + late.binders, product_of(k.scalars, late.scalars), k.word + late.word)
            demand(len(key.word) <= MOST_FACTORS, "a word of too many letters")
            add(parts, [(key, c * d)])
    return parts


def _inward(key: Key, by: int, depth: int) -> Key:
    """A monomial inside of `by` more sums, its own opened from `depth` on."""
    if not by or not key.binders:
        return key

    def moved(thing: Any) -> Any:
        return image(thing, lambda x, _: poly(Level(x.depth + by)) if _within(x, depth) else x)

    ((scalars, _),) = moved(Poly({key.scalars: Fraction(1)})).parts
    binders = tuple((o, moved(a), moved(b)) for o, a, b in key.binders)
    word = tuple(Factor(moved(f.letter), f.transposed, f.power and moved(f.power)) for f in key.word)
    return Key(binders, scalars, word)


def _within(x: Any, depth: int) -> bool:
    return isinstance(x, Level) and x.depth >= depth


def _power(base: Parts, exponent: Poly, depth: int) -> Parts:
    count = exponent.constant
    if count is not None:
        parts: Parts = {Key(): Fraction(1)}
        for _ in range(natural(count)):
            parts = _product(parts, base, depth)
        return parts
    ((key, c),) = base.items() if len(base) == 1 else [(Key(), Fraction(0))]
    plain = c == 1 and not key.binders and not key.scalars and len(key.word) == 1 and key.word[0].power is None
    demand(plain, f"the power {exponent} of what is not a letter")
    return {Key(word=(replace(key.word[0], power=exponent),)): Fraction(1)}


def as_scalar(term: Term) -> Poly:
    """The number that a multiple of I_1 is."""
    parts = expand(term)
    demand(shape(term) == NUMBER and all(not key.binders and not key.word for key in parts), "not a number")
    return Poly({key.scalars: c for key, c in parts.items()})


def blocks(term: Term) -> tuple[tuple[Term, ...], ...]:
    """The blocks of a term made of block matrices of fitting partitions; a term without blocks is one block."""
    match term:
        case Block(cells):
            return cells
        case Scaled(c, inner):
            return tuple(tuple(Scaled(c, cell) for cell in row) for row in blocks(inner))
        case Transposed(inner):
            return tuple(tuple(Transposed(cell) for cell in column) for column in zip(*blocks(inner), strict=True))
        case Plus(terms):
            grids = [blocks(t) for t in terms]
            demand(len({(len(g), len(g[0])) for g in grids}) == 1, "a sum of two partitions")
            return tuple(tuple(map(Plus, zip(*rows, strict=True))) for rows in zip(*grids, strict=True))
        case Product((first, *rest)) if rest:
            a, b = blocks(first), blocks(Product(tuple(rest)))
            demand(len(a[0]) == len(b), "a product of two partitions")
            return tuple(tuple(Plus(tuple(Product((x, y)) for x, y in zip(row, column, strict=True)))
                               for column in zip(*b, strict=True)) for row in a)  # fmt: skip
        case Product((only,)):
            return blocks(only)
    return ((term,),)
