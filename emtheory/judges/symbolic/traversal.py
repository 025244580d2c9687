"""Walks through terms and scalars: their symbols, their letters, and substitution of indices."""

from __future__ import annotations

from typing import Any

import sympy

from emtheory.judges.symbolic.terms import Atom, Block, Det, Plus, Power, Product, Scaled, Term, Total, Transposed

__all__ = ["Side", "atoms_of", "placed", "substituted", "symbols_of"]

Side = Any  # a Term, or a sympy scalar


def placed(scalar: Any, values: dict[Any, Any]) -> Any:
    """A scalar or condition with symbols replaced, all at once."""
    return scalar.subs(values, simultaneous=len(values) > 1)


def substituted(side: Side, values: dict[Any, Any]) -> Side:
    """Index symbols replaced in a term or scalar; bound indices keep their names."""
    match side:
        case Atom():
            return Atom(side.name, side.rows, side.cols, tuple(placed(i, values) for i in side.index))
        case Product():
            return Product(substituted(side.left, values), substituted(side.right, values))
        case Plus():
            return Plus(tuple(substituted(part, values) for part in side.terms))
        case Scaled():
            return Scaled(placed(side.scalar, values), substituted(side.term, values))
        case Power():
            return Power(substituted(side.base, values), placed(side.exponent, values))
        case Transposed():
            return Transposed(substituted(side.term, values))
        case Block():
            return Block(tuple(tuple(substituted(cell, values) for cell in row) for row in side.grid))
        case Total():
            free = {symbol: value for symbol, value in values.items() if symbol != side.symbol}
            clash = any(side.symbol in sympy.sympify(value).free_symbols for value in free.values())
            if clash:
                raise ValueError(f"the bound index {side.symbol} of {side} is also free; rename it")
            return Total(substituted(side.body, free), side.symbol, placed(side.lower, free), placed(side.upper, free))
        case Term():
            return side
    if side.atoms(Det):
        side = side.xreplace({d: Det(substituted(d.matrix, values)) for d in side.atoms(Det)})
    return placed(side, values)


def atoms_of(side: Side) -> set[Atom]:
    """The letters and family elements in a term or scalar."""
    match side:
        case Atom():
            return {side}
        case Product():
            return atoms_of(side.left) | atoms_of(side.right)
        case Plus():
            return set().union(*(atoms_of(part) for part in side.terms))
        case Scaled() | Transposed():
            return atoms_of(side.term)
        case Power():
            return atoms_of(side.base)
        case Block():
            return set().union(*(atoms_of(cell) for row in side.grid for cell in row))
        case Total():
            return atoms_of(side.body)
        case Term():
            return set()
    return set().union(*(atoms_of(d.matrix) for d in side.atoms(Det)))


def symbols_of(side: Side) -> set[Any]:
    """The free symbols of a term (sizes included) or scalar."""
    match side:
        case Atom():
            own = {symbol for index in side.index for symbol in index.free_symbols}
        case Product():
            own = symbols_of(side.left) | symbols_of(side.right)
        case Plus():
            own = set().union(*(symbols_of(part) for part in side.terms))
        case Scaled():
            own = side.scalar.free_symbols | symbols_of(side.term)
        case Power():
            own = side.exponent.free_symbols | symbols_of(side.base)
        case Transposed():
            own = symbols_of(side.term)
        case Block():
            own = set().union(*(symbols_of(cell) for row in side.grid for cell in row))
        case Total():
            own = (symbols_of(side.body) - {side.symbol}) | side.lower.free_symbols | side.upper.free_symbols
        case Term():
            own = set()
        case _:
            dets = side.atoms(Det)
            scalars: set[Any] = side.free_symbols - dets
            return scalars.union(*(symbols_of(d.matrix) for d in dets))
    shape: set[Any] = side.rows.free_symbols | side.cols.free_symbols
    return own | shape
