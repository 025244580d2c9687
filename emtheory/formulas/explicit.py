"""A formula at given small sizes, as explicit sympy matrices: what a reader can check by hand.

>>> from emtheory.formulas.formula import equal
>>> from emtheory.letters import Dual, Xi, identity, m, s
>>> to_sympy(equal(Dual @ Xi, identity(m)), given=(Xi, Dual, s), sizes={"n": 1, "s": 1, "kappa": 1})
Eq(Matrix([[Dual11*Xi11]]), Matrix([[1]]))
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy

from emtheory.formulas.arithmetic import SYMBOLIC
from emtheory.formulas.compiling import matrix, number
from emtheory.formulas.formula import Definition, Formula
from emtheory.formulas.letters import Letter
from emtheory.formulas.theorem import explained
from emtheory.formulas.values import Values
from emtheory.judges.symbolic.terms import Term

__all__ = ["to_sympy"]

LONG = 8  # elements of a family without end
RELATIONS = {"=": sympy.Eq, "<=": sympy.Le, "<": sympy.Lt, "!=": sympy.Ne}


def to_sympy(
    formula: Formula,
    *,
    given: Sequence[Any],
    sizes: Mapping[str, int],
    definitions: Sequence[Definition] = (),
    at: Mapping[str, int] | None = None,
) -> Any:
    """lhs and rhs as explicit sympy matrices or numbers, in a sympy relation (entry by entry, a tuple, for ≤ and <).

    Arguments:
        formula: of a theorem.
        given, definitions: of the theorem; letters that are defined are written out.
        sizes: a number for each size, by name.
        at: a number for each index, by name.

    Raises:
        ValueError: a size or an index without a number; an element of a family that does not exist.
    """
    values = _symbolic(tuple(explained(letter) for letter in given), definitions, sizes)
    indices = {sympy.Symbol(name, integer=True): value for name, value in (at or {}).items()}
    left, right = (_side(side, values, indices) for side in (formula.lhs, formula.rhs))
    relation = RELATIONS[formula.relation]
    if not isinstance(formula.lhs, Term) or formula.relation in ("=", "!="):
        return relation(left, right, evaluate=False)
    return tuple(relation(a, b, evaluate=False) for a, b in zip(left, right, strict=True))


def _side(side: Any, values: Values, at: Mapping[Any, int]) -> Any:
    return (matrix if isinstance(side, Term) else number)(side)(values, at)


def _symbolic(given: tuple[Letter, ...], definitions: Sequence[Definition], sizes: Mapping[str, int]) -> Values:
    from emtheory.letters import E, e

    numbers = {sympy.Symbol(name, integer=True, positive=True): value for name, value in sizes.items()}
    case = {letter.name: _named(letter, numbers) for letter in given}
    return Values(case, given=given, constants=(E, e), definitions=definitions, how=SYMBOLIC, sizes=numbers)


def _named(letter: Letter, sizes: Mapping[Any, int]) -> Any:
    """The letter with a symbol in each of its entries."""
    if letter.is_number:
        return letter.symbol
    rows, cols = (_size(extent, sizes) for extent in letter.shape)
    if not letter.is_family:
        return _entries(letter.name, rows, cols)
    count = LONG if letter.last is sympy.oo else _size(letter.last - letter.first + 1, sizes)
    first = int(letter.first)
    return tuple(_entries(f"{letter.name}({first + place})_", rows, cols) for place in range(count))


def _entries(name: str, rows: int, cols: int) -> Any:
    return sympy.ImmutableMatrix(rows, cols, lambda i, j: sympy.Symbol(f"{name}{int(i) + 1}{int(j) + 1}", real=True))


def _size(extent: Any, sizes: Mapping[Any, int]) -> int:
    value = extent.subs(sizes)
    if not value.is_Integer:
        raise ValueError(
            f"the size {extent} needs a number for each of {', '.join(sorted(map(str, value.free_symbols)))}"
        )
    return int(value)
