"""The normal form of a term under relations, and the comparison of two terms by it.

After rewriting, each bound index is shifted so that it stands alone at its first place in the word, and a sum over
lower … upper becomes F(upper) - F(lower - 1), F the formal antidifference of its body; that is right, empty range
included, where lower ≤ upper + 1 is shown. Endpoints that differ by integers are brought to one by splitting off
boundary terms, which are rewritten again. What is left has equal keys exactly where the bodies are equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import Any

import sympy

from emtheory.judges.symbolic.linear import Context, follows
from emtheory.judges.symbolic.monomials import Binder, Monomial, Word, commuted, expand
from emtheory.judges.symbolic.rewriting import Rule, UnsettledError, rewritten
from emtheory.judges.symbolic.terms import Block, Plus, Product, Scaled, Term, Transposed, same

__all__ = ["Grid", "Remainder", "grid", "remainder", "vanishes"]

MOST_BOUNDARY_TERMS = 64
MOST_ROUNDS = 12  # a recursion that splits its own sums for ever is reported
Key = tuple[tuple[Any, ...], Word]


@dataclass(frozen=True)
class Remainder:
    """A normal form: the sum over keys (ranges, word) of coefficients that do not vanish."""

    parts: tuple[tuple[Key, Any], ...]

    @property
    def is_zero(self) -> bool:
        """Whether nothing is left."""
        return not self.parts

    def scalar(self) -> Any | None:
        """c if this is c times the identity (or zero), else None."""
        if not self.parts:
            return sympy.S.Zero
        ((ranges, word), coefficient), *more = self.parts
        return coefficient if not more and not ranges and not word else None

    def __str__(self) -> str:
        return " + ".join(_printed(key, coefficient) for key, coefficient in self.parts) or "0"


def _printed(key: Key, coefficient: Any) -> str:
    ranges, word = key
    sums = "".join(f"Σ[{symbol}≤{ends[0]}] " if len(ends) == 1 else f"Σ[{symbol}={ends[0]}..{ends[1]}] "
                   for symbol, ends in ranges)  # fmt: skip
    return sums + str(Monomial(coefficient, (), word))


def vanishes(scalar: Any) -> bool:
    """Whether simplification brings a scalar to zero.

    Scalars ≥ 0 are taken as > 0, so that x^(k+1) = x x^k: for integers k ≥ 0 both sides are continuous at x = 0.
    """
    scalar = sympy.sympify(scalar)
    edges = {
        s: sympy.Symbol(s.name, positive=True) for s in scalar.free_symbols if s.is_nonnegative and not s.is_integer
    }
    inside = scalar.xreplace(edges)
    expanded = sympy.expand(sympy.powsimp(sympy.expand(inside)))
    if expanded == 0 or sympy.expand(expanded) == 0 or sympy.simplify(expanded) == 0:
        return True
    hyperbolic = expanded.has(sympy.tanh, sympy.sinh, sympy.cosh)
    return bool(hyperbolic and sympy.simplify(expanded.rewrite(sympy.exp)) == 0)


def remainder(term: Term, rules: Sequence[Rule], where: Context) -> Remainder:
    """The normal form of a term without blocks.

    Raises:
        UnsettledError: the rules do not come to rest.
    """
    scalar = same(term.rows, 1) and same(term.cols, 1)
    return _collected(expand(term), rules, where, scalar=scalar)


def _collected(monomials: Iterable[Monomial], rules: Sequence[Rule], where: Context, *, scalar: bool) -> Remainder:
    found: dict[Key, Any] = {}
    pending = list(monomials)
    for _ in range(MOST_ROUNDS):
        if not pending:
            break
        pending, settled = [], rewritten(pending, rules, where)
        for monomial in settled:
            canonical = _canonical(monomial)
            if scalar:  # a 1 x 1 word equals its transpose
                canonical = min(canonical, _canonical(monomial.transposed()), key=lambda m: str(m.word))
            pending.extend(_boundaries(canonical, where))
            for key, coefficient in _prefixes(canonical, where):
                found[key] = found.get(key, sympy.S.Zero) + coefficient
    if pending:
        raise UnsettledError(f"sums go on splitting after {MOST_ROUNDS} rounds; unfold the recursion with at(…)")
    parts = {key: sympy.expand(coefficient) for key, coefficient in found.items() if not vanishes(coefficient)}
    return Remainder(tuple(sorted(parts.items(), key=lambda item: _printed(*item))))


# --- bound indices ----------------------------------------------------------------------------------------------------


def _canonical(monomial: Monomial) -> Monomial:
    """Numbers in order; bound indices shifted to stand alone at their first place, then ordered and named by it."""
    monomial = replace(monomial, word=commuted(monomial.word))
    for binder in monomial.binders:
        place = next((i for f in monomial.word for i in (*f.index, f.power) if binder.symbol in i.free_symbols), None)
        slope = place.coeff(binder.symbol) if place is not None else 0
        if slope not in (1, -1) or binder.symbol in (place - slope * binder.symbol).free_symbols:
            continue
        monomial = _shifted(monomial, binder, place - slope * binder.symbol, slope)
    places = [i for f in monomial.word for i in (*f.index, f.power)]

    def first(binder: Binder) -> tuple[int, str]:
        seen = [p for p, i in enumerate(places) if binder.symbol in i.free_symbols]
        return (seen[0] if seen else len(places), str(binder.lower) + str(binder.upper))

    monomial = replace(monomial, binders=tuple(sorted(monomial.binders, key=first)))
    names = {b.symbol: sympy.Symbol(f"·{position}", integer=True) for position, b in enumerate(monomial.binders)}
    return monomial.substituted(names)


def _shifted(monomial: Monomial, binder: Binder, offset: Any, slope: Any) -> Monomial:
    """The bound index v replaced such that slope·v + offset becomes the index itself."""
    ends = [sympy.expand(slope * end + offset) for end in (binder.lower, binder.upper)]
    moved = Binder(binder.symbol, *(ends if slope == 1 else reversed(ends)))
    image = monomial.substituted({binder.symbol: sympy.expand(slope * (binder.symbol - offset))})
    others = tuple(moved if old is binder else new for old, new in zip(monomial.binders, image.binders, strict=True))
    return replace(image, binders=others)


def _splits(monomial: Monomial, where: Context) -> list[bool]:
    """For each bound index, whether Σ = F(upper) - F(lower - 1) is shown to be right."""
    result = []
    for binder in monomial.binders:
        others = replace(monomial, binders=tuple(b for b in monomial.binders if b is not binder))
        known = where + tuple(e for e in others.ranges() if binder.symbol not in e.free_symbols)
        result.append(follows(binder.upper + 1 - binder.lower, known))
    return result


def _base(end: Any) -> tuple[Any, int]:
    constant, rest = end.as_coeff_Add()
    return (rest, int(constant)) if constant.is_Integer else (end, 0)


def _prefixes(monomial: Monomial, where: Context) -> Iterator[tuple[Key, Any]]:
    """The terms F(base) of the monomial, one for each choice of endpoints."""
    choices: list[list[tuple[int, tuple[Any, ...]]]] = []
    for binder, splits in zip(monomial.binders, _splits(monomial, where), strict=True):
        if splits:
            upper, lower = _base(binder.upper)[0], _base(binder.lower - 1)[0]
            choices.append([] if upper == lower else [(1, (upper,)), (-1, (lower,))])
        else:
            choices.append([(1, (binder.lower, binder.upper))])
    symbols = [b.symbol for b in monomial.binders]
    for ends in product(*choices):
        sign = sympy.prod(s for s, _ in ends)
        ranges = tuple(zip(symbols, (e for _, e in ends), strict=True))
        yield (ranges, monomial.word), sign * monomial.coefficient


def _boundaries(monomial: Monomial, where: Context) -> list[Monomial]:
    """What the prefixes leave out: with D = P + B for each sum, ΠD - ΠP by inclusion and exclusion."""
    edges = [
        _edge(binder) if splits else []
        for binder, splits in zip(monomial.binders, _splits(monomial, where), strict=True)
    ]
    result = []
    positions = range(len(edges))
    for size in range(1, len(edges) + 1):
        for chosen in combinations(positions, size):
            for values in product(*(edges[i] for i in chosen)):
                sign = (-1) ** (size + 1) * sympy.prod(s for s, _ in values)
                result.append(_at(monomial, chosen, [value for _, value in values], sign))
    return result


def _edge(binder: Binder) -> list[tuple[int, Any]]:
    """Signs and indices of the boundary terms: F(base + c) = F(base) + f(base + 1) + … + f(base + c)."""
    result = []
    for sign, end in ((1, binder.upper), (-1, binder.lower - 1)):
        base, offset = _base(sympy.expand(end))
        if abs(offset) > MOST_BOUNDARY_TERMS:
            raise UnsettledError(f"the range end {end} is more than {MOST_BOUNDARY_TERMS} away from {base}")
        steps = range(1, offset + 1) if offset > 0 else range(offset + 1, 1)
        result += [(sign if offset > 0 else -sign, base + step) for step in steps]
    return result


def _at(monomial: Monomial, chosen: tuple[int, ...], values: list[Any], sign: Any) -> Monomial:
    """The monomial with the chosen bound indices set to values."""
    symbols = [monomial.binders[position].symbol for position in chosen]
    at = dict(zip(symbols, values, strict=True))
    for _ in chosen:  # an end of one range may mention another bound index
        at = {symbol: sympy.expand(value.xreplace(at)) for symbol, value in at.items()}
    kept = tuple(b for b in monomial.binders if b.symbol not in at)
    return replace(monomial, coefficient=sign * monomial.coefficient, binders=kept).substituted(at).fresh()


# --- block matrices ---------------------------------------------------------------------------------------------------

Grid = tuple[tuple[Term, ...], ...]


def grid(term: Term) -> Grid | None:
    """The blocks of a term built from block matrices of fitting partitions; None for a term without blocks.

    Raises:
        ValueError: a block matrix combined with a plain one, or with other partitions.
    """
    match term:
        case Block():
            return term.grid
        case Scaled():
            inner = grid(term.term)
            return inner and tuple(tuple(term.scalar * cell for cell in row) for row in inner)
        case Transposed():
            inner = grid(term.term)
            return inner and tuple(tuple(cell.T for cell in column) for column in zip(*inner, strict=True))
        case Plus():
            return _added([(part, grid(part)) for part in term.terms])
        case Product():
            return _multiplied(term, grid(term.left), grid(term.right))
    return None


def _added(parts: list[tuple[Term, Grid | None]]) -> Grid | None:
    if all(cells is None for _, cells in parts):
        return None
    missing = [term for term, cells in parts if cells is None]
    if missing:
        raise ValueError(f"{missing[0]} is added to a block matrix; write it as blocks")
    grids = [cells for _, cells in parts if cells is not None]
    return tuple(tuple(Plus(cells) for cells in zip(*rows, strict=True)) for rows in zip(*grids, strict=True))


def _multiplied(term: Product, left: Grid | None, right: Grid | None) -> Grid | None:
    if left is None and right is None:
        return None
    if left is None:
        left = ((term.left,),)
    if right is None:
        right = ((term.right,),)
    if len(left[0]) != len(right):
        raise ValueError(f"{term}: {len(left[0])} block columns meet {len(right)} block rows")
    return tuple(
        tuple(Plus(tuple(a @ b for a, b in zip(row, column, strict=True))) for column in zip(*right, strict=True))
        for row in left
    )
