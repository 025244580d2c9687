"""Small changes of a statement that its checks have to notice: a sign, a transpose, an index, a letter, a range.

`edits(statement, letters)` yields them with a phrase each. Evidence that no edit can spoil is worth nothing: the engine
tries each edit on the cases that confirmed the statement.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sympy

from emtheory.formulas.formula import Compound, Formula
from emtheory.formulas.walk import replacements
from emtheory.judges.symbolic.terms import Atom, Plus, Power, Scaled, Term, Total, Transposed, same

__all__ = ["Edit", "edits"]


@dataclass(frozen=True)
class Edit:
    """A changed statement.

    Attributes:
        phrase: what was changed.
        statement: what it says now.
        letter: the occurrence that was changed: its text and its place among the letters of its side; or None.
        widens: whether only a range was made wider, so that the statement may hold and be stronger.
    """

    phrase: str
    statement: Formula | Compound
    letter: tuple[str, str, int] | None = None
    widens: bool = False


def edits(statement: Formula | Compound, letters: Mapping[tuple[Any, Any, int], list[str]]) -> Iterator[Edit]:
    """The edits of a statement.

    Arguments:
        statement: a formula, or two that are joined.
        letters: the names of each (rows, cols, number of indices), which may be mistaken for each other.
    """
    if isinstance(statement, Compound):
        for side in ("left", "right"):
            formulas = getattr(statement, side)
            for i, formula in enumerate(formulas):
                for edit in edits(formula, letters):
                    changed: dict[str, Any] = {side: (*formulas[:i], edit.statement, *formulas[i + 1 :])}
                    joined = replace(statement, **changed)
                    place = edit.letter and (f"{side} {i} {edit.letter[0]}", *edit.letter[1:])
                    yield Edit(f"{edit.phrase}, {side} of {statement.arrow}", joined, place, edit.widens)
        return
    seen = {statement.renamed()}
    for edit in (*_of_sides(statement, letters), *_of_ranges(statement)):
        assert isinstance(edit.statement, Formula)
        if edit.statement.renamed() not in seen:
            seen.add(edit.statement.renamed())
            yield edit


def _of_sides(formula: Formula, letters: Mapping[tuple[Any, Any, int], list[str]]) -> Iterator[Edit]:
    yield Edit("the sign of the right side", replace(formula, rhs=_negated(formula.rhs)))
    if formula.relation in ("<=", "<"):
        yield Edit("the right side halved", replace(formula, rhs=formula.rhs * sympy.S.Half))
    for side in ("lhs", "rhs"):
        place = 0
        for term, put in replacements(getattr(formula, side)):
            occurrence = None
            if isinstance(term, Atom):
                occurrence, place = (side, str(term), place), place + 1
            for phrase, new in _variants(term, letters):
                changed = _put(formula, side, put, new)
                if changed is not None:
                    yield Edit(f"{phrase}, {'left' if side == 'lhs' else 'right'} side", changed, occurrence)


def _put(formula: Formula, side: str, put: Any, new: Term) -> Formula | None:
    """The formula with another subterm, or None where shapes do not fit: nothing that anybody could have written."""
    try:
        return replace(formula, **{side: put(new)})
    except ValueError:
        return None


def _negated(side: Any) -> Any:
    return -1 * side if isinstance(side, Term) else -side


def _variants(term: Term, letters: Mapping[tuple[Any, Any, int], list[str]]) -> Iterator[tuple[str, Term]]:
    match term:
        case Atom():
            if same(term.rows, term.cols):
                yield f"{term} transposed", Transposed(term)
            for step in (1, -1) if term.index else ():
                shifted = Atom(term.name, term.rows, term.cols, (term.index[0] + step, *term.index[1:]))
                yield f"{term} made {shifted}", shifted
            for other in letters.get((term.rows, term.cols, len(term.index)), ()):
                if other != term.name:
                    yield f"{term.name} made {other}", Atom(other, term.rows, term.cols, term.index)
        case Power():
            for step in (1, -1):
                yield f"exponent {term.exponent} made {term.exponent + step}", Power(term.base, term.exponent + step)
        case Plus():
            for i, part in enumerate(term.terms):
                rest = (*term.terms[:i], *term.terms[i + 1 :])
                yield f"{part} dropped", rest[0] if len(rest) == 1 else Plus(rest)
        case Scaled():
            for delta in sorted(term.scalar.atoms(sympy.KroneckerDelta), key=str):
                moved = sympy.KroneckerDelta(delta.args[0] + 1, delta.args[1])
                yield f"{delta} made {moved}", Scaled(term.scalar.xreplace({delta: moved}), term.term)
        case Total():
            yield "the sum without its first term", Total(term.body, term.symbol, term.lower + 1, term.upper)
            yield "the sum without its last term", Total(term.body, term.symbol, term.lower, term.upper - 1)


def _of_ranges(formula: Formula) -> Iterator[Edit]:
    for condition in formula.where:
        match condition:
            case sympy.GreaterThan():
                wider = condition.lhs >= condition.rhs - 1
            case sympy.LessThan():
                wider = condition.lhs <= condition.rhs + 1
            case _:
                continue
        where = tuple(wider if other is condition else other for other in formula.where)
        yield Edit(f"{condition} made {wider}", replace(formula, where=where), widens=True)
