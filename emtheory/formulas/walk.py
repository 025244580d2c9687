"""Walks through terms and scalars: subterms, free symbols, letters, and substitution that captures nothing.

A term that no case here names raises: silence would be unsound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import sympy

from emtheory.formulas.terms import CARRIERS, Mapped
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

__all__ = ["letters_of", "placed", "replacements", "substituted", "subterms", "symbols_of"]

Side = Any  # a Term, or a sympy scalar
Rebuild = Callable[[list[Term], list[Any]], Term]
Put = Callable[[Term], Term]


def _split(term: Term) -> tuple[tuple[Term, ...], tuple[Any, ...], Rebuild]:
    """(subterms, scalars, rebuild): what a term other than a sum is made of, and how to make it of changed ones."""
    match term:
        case Atom():
            return (), (term.rows, term.cols, *term.index), lambda _, e: Atom(term.name, e[0], e[1], tuple(e[2:]))
        case Identity():
            return (), (term.rows,), lambda _, e: Identity(*e)
        case Zero():
            return (), (term.rows, term.cols), lambda _, e: Zero(*e)
        case Product():
            return (term.left, term.right), (), lambda p, _: Product(*p)
        case Plus():
            return term.terms, (), lambda p, _: Plus(tuple(p))
        case Scaled():
            return (term.term,), (term.scalar,), lambda p, e: Scaled(e[0], p[0])
        case Power():
            return (term.base,), (term.exponent,), lambda p, e: Power(p[0], e[0])
        case Transposed():
            return (term.term,), (), lambda p, _: p[0].T
        case Mapped():
            return (term.term,), (), lambda p, _: Mapped(term.function, p[0])
        case Block():
            width = len(term.grid[0])
            cells = tuple(cell for row in term.grid for cell in row)
            return cells, (), lambda p, _: Block(tuple(tuple(p[i : i + width]) for i in range(0, len(p), width)))
    raise TypeError(f"{type(term).__name__} is no term that formulas know")


def subterms(side: Side) -> Iterator[Term]:
    """The term and all terms inside of it, those that scalars carry included."""
    if not isinstance(side, Term):
        for carrier in sympy.sympify(side).atoms(*CARRIERS):
            yield from subterms(carrier.matrix)
        return
    yield side
    for inner in _inside(side):
        yield from subterms(inner)


def _inside(term: Term) -> tuple[Any, ...]:
    """The terms and scalars that a term is made of."""
    if isinstance(term, Total):
        return term.body, term.lower, term.upper
    parts, scalars, _ = _split(term)
    return *parts, *scalars


def letters_of(side: Side) -> set[Atom]:
    """The letters and elements of families in a term or scalar."""
    return {term for term in subterms(side) if isinstance(term, Atom)}


def symbols_of(side: Side) -> frozenset[Any]:
    """The free symbols of a term (those of its shape included) or scalar."""
    if not isinstance(side, Term):
        carriers = side.atoms(*CARRIERS) if isinstance(side, sympy.Basic) else set()
        free = frozenset(side.free_symbols - carriers if isinstance(side, sympy.Basic) else ())
        return free.union(*(symbols_of(carrier.matrix) for carrier in carriers))
    if "_symbols" not in side.__dict__:  # terms never change, and every reading asks for their symbols
        object.__setattr__(side, "_symbols", _symbols_of(side))
    found: frozenset[Any] = side.__dict__["_symbols"]
    return found


def _symbols_of(side: Term) -> frozenset[Any]:
    shape = frozenset(side.rows.free_symbols | side.cols.free_symbols)
    if isinstance(side, Total):
        return shape | (symbols_of(side.body) - {side.symbol}) | symbols_of(side.lower) | symbols_of(side.upper)
    parts, scalars, _ = _split(side)
    return shape.union(*(symbols_of(part) for part in (*parts, *scalars)))


def placed(scalar: Any, values: dict[Any, Any]) -> Any:
    """A scalar or condition with symbols replaced, all at once, inside what it carries too."""
    e = sympy.sympify(scalar)
    carried = {c: type(c)(substituted(c.matrix, values)) for c in e.atoms(*CARRIERS)}
    return e.xreplace(carried).subs(values, simultaneous=True)


def substituted(side: Side, values: dict[Any, Any]) -> Side:
    """Symbols replaced in a term or scalar, shapes included; a bound index that would be captured gets a new name."""
    if not isinstance(side, Term):
        return placed(side, values)
    if not symbols_of(side) & values.keys():
        return side
    if isinstance(side, Total):
        free = {symbol: value for symbol, value in values.items() if symbol != side.symbol}
        taken = set().union(*(symbols_of(sympy.sympify(value)) for value in free.values()))
        symbol, body = side.symbol, side.body
        if symbol in taken:
            symbol = _fresh(symbol, taken | symbols_of(body))
            body = substituted(body, {side.symbol: symbol})
        return Total(substituted(body, free), symbol, placed(side.lower, free), placed(side.upper, free))
    parts, scalars, rebuild = _split(side)
    return rebuild([substituted(part, values) for part in parts], [placed(e, values) for e in scalars])


def _fresh(symbol: Any, taken: set[Any]) -> Any:
    name = symbol.name
    while sympy.Symbol(name, integer=True) in taken or name == symbol.name:
        name += "'"
    return sympy.Symbol(name, integer=True)


def replacements(side: Side) -> Iterator[tuple[Term, Put]]:
    """Each subterm with a function that puts another one in its place; those that scalars carry are left alone."""
    if not isinstance(side, Term):
        return
    yield side, lambda new: new
    if isinstance(side, Total):
        for inner, put in replacements(side.body):
            yield inner, _then(put, lambda new: Total(new, side.symbol, side.lower, side.upper))
        return
    parts, scalars, rebuild = _split(side)
    for place, part in enumerate(parts):
        before, after = parts[:place], parts[place + 1 :]
        for inner, put in replacements(part):
            outer = partial(_between, rebuild, before, after, scalars)
            yield inner, _then(put, outer)


def _then(inner: Put, outer: Put) -> Put:
    return lambda new: outer(inner(new))


def _between(rebuild: Rebuild, before: Any, after: Any, scalars: tuple[Any, ...], new: Term) -> Term:
    return rebuild([*before, new, *after], list(scalars))
