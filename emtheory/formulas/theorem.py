"""A theorem: given letters, definitions, hypotheses, conclusions. Nothing is said twice, and no code stands between.

For all values of the given letters that meet every hypothesis, each conclusion holds. The record checks that it means
something: every letter has a meaning, definitions introduce fresh letters and never go round in a circle, and no
conclusion is assumed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import sympy

from emtheory.formulas.case import Case
from emtheory.formulas.formula import Compound, Definition, Formula, Opaque, Statement
from emtheory.formulas.letters import Letter, Selectors
from emtheory.formulas.terms import Variable
from emtheory.formulas.walk import letters_of, subterms
from emtheory.judges.symbolic.linear import follows, inequalities
from emtheory.judges.symbolic.terms import Atom, Total, same

__all__ = ["Theorem", "explained"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Theorem:
    """For all values of the given letters: hypotheses ⟹ conclusions.

    Arguments:
        given: the letters that a case assigns: symbols of `emtheory.letters`, or a `Letter` of one's own.
        hypotheses: each with a case that breaks it alone and refutes a conclusion, or None: not shown necessary.
        conclusions: what holds.
        examples: named cases.
        cases: a hypothesis strategy of cases.
        definitions: of all other letters, each by those before it.
        proof: takes `prove` and says how each conclusion follows; what it leaves out is only confirmed on cases.
        uses: theorems whose conclusions the proof may use.
        source: where the statement is printed.

    Raises:
        ValueError: the record does not mean anything; the message names the letter or formula.
    """

    given: tuple[Any, ...]
    conclusions: tuple[Statement, ...]
    examples: Mapping[str, Case]
    cases: Any
    hypotheses: Mapping[Statement, Case | None] = field(default_factory=dict)
    definitions: tuple[Definition, ...] = ()
    proof: Callable[..., None] | None = None
    uses: tuple[Theorem, ...] = ()
    source: str = ""

    def __post_init__(self) -> None:
        for part in ("conclusions", "examples"):
            if not getattr(self, part):
                raise ValueError(f"a theorem without {part} says nothing; give at least one")
        self._check_names()
        self._check_definitions()
        for statement in (*self.hypotheses, *self.conclusions):
            self.must_mean(statement)
        assumed = {h.renamed() for h in self.hypotheses if not isinstance(h, Opaque)}
        for conclusion in self.conclusions:
            if not isinstance(conclusion, Opaque) and conclusion.renamed() in assumed:
                raise ValueError(f"the conclusion {conclusion} is a hypothesis, so nothing is concluded")

    @cached_property
    def letters(self) -> tuple[Letter, ...]:
        """The given letters with their meanings.

        Raises:
            ValueError: a letter that neither the vocabulary nor the theorem explains.
        """
        return tuple(explained(given) for given in self.given)

    @cached_property
    def constants(self) -> tuple[Selectors, ...]:
        """E, e, e_n and e_m."""
        from emtheory.letters import E, e, e_m, e_n

        return E, e, e_n, e_m

    @cached_property
    def meant(self) -> dict[str, tuple[Any, Any]]:
        """Every letter that may be spoken of, with its shape."""
        shapes = {letter.name: letter.shape for letter in self.letters}
        shapes |= {c.name: (sympy.expand(c.count * c.width), sympy.sympify(c.width)) for c in self.constants}
        return shapes | {d.lhs.name: (d.lhs.rows, d.lhs.cols) for d in self.definitions}

    def must_mean(self, statement: Statement) -> None:
        """Refuse a statement with letters or numbers that are neither given nor defined, nor constants, nor indices.

        Raises:
            ValueError: as said; or it is of a type of somebody's own, which might say one thing and be another.
        """
        if type(statement) not in (Formula, Compound, Opaque):
            raise ValueError(f"{statement!r} is no formula; build it with equal, at_most, less, iff or opaque")
        if isinstance(statement, Compound):
            for formula in (*statement.left, *statement.right):
                self.must_mean(formula)
        if isinstance(statement, Formula):
            for side in (statement.lhs, statement.rhs):
                self._check_letters(side)
            self._check_symbols(statement)

    def _check_letters(self, side: Any) -> None:
        for atom in letters_of(side):
            if atom.name not in self.meant:
                raise ValueError(f"{atom} is neither given nor defined")
            rows, cols = self.meant[atom.name]
            if not (same(rows, atom.rows) and same(cols, atom.cols)):
                raise ValueError(f"{atom.name} is {atom.shape} here, and {rows} x {cols} where it is introduced")

    def _check_symbols(self, formula: Formula) -> None:
        numbers = {letter.symbol for letter in self.letters if letter.is_number}
        shapes = {x for rows, cols in self.meant.values() for x in rows.free_symbols | cols.free_symbols}
        for symbol in formula.symbols() - numbers - shapes:
            if not isinstance(symbol, Variable) and symbol != sympy.Symbol(symbol.name, integer=True):
                raise ValueError(
                    f"{symbol} is no letter of the theorem; give it, or make it an index or a Variable: "
                    "a symbol's assumptions would be a hypothesis that nobody reads"
                )

    def _check_names(self) -> None:
        """Every given letter has one meaning, and none is that of a constant."""
        names = [letter.name for letter in self.letters]
        constants = {constant.name for constant in self.constants}
        for name in names:
            if name in constants:
                raise ValueError(f"{name} is a constant, the columns of an identity; give the letter another name")
            if names.count(name) > 1:
                raise ValueError(f"{name} is given twice")

    def _check_definitions(self) -> None:
        """Every definition speaks of letters with a meaning, of its own family at smaller indices alone."""
        known = {letter.name for letter in self.letters} | {constant.name for constant in self.constants}
        last = ""
        for definition in self.definitions:
            name, recursive = definition.lhs.name, bool(definition.lhs.index)
            if name in known and not (recursive and name == last):
                raise ValueError(f"{name} has a meaning already; only a fresh letter, or the family before, is defined")
            _check_pattern(definition)
            for atom in letters_of(definition.rhs):
                if atom.name == name and recursive:
                    _check_descent(definition, atom)
                elif atom.name not in known or atom.name == name:
                    raise ValueError(f"{name} is defined by {atom.name}, which has no meaning before it")
            known.add(name)
            last = name


def explained(given: Any) -> Letter:
    """The letter with its meaning: as it is, or from the vocabulary.

    Raises:
        ValueError: the vocabulary has no such letter.
    """
    if isinstance(given, Letter):
        return given
    from emtheory.letters import VOCABULARY

    name = getattr(given, "name", None)
    if not isinstance(name, str) or name not in VOCABULARY or VOCABULARY[name].symbol != given:
        raise ValueError(
            f"{given!r} is no letter of emtheory.letters; explain it with letter(name, rows, cols, phrase)"
        )
    return VOCABULARY[name]


def _check_pattern(definition: Definition) -> None:
    """Each index is ±symbol + the rest, or fixed: then an index has one value of the symbols, and is found."""
    for pattern in definition.lhs.index:
        symbols = [x for x in pattern.free_symbols if not x.is_positive]
        if len(symbols) > 1 or any(sympy.diff(pattern, x) not in (1, -1) for x in symbols):
            raise ValueError(f"the index of {definition.lhs} has to be one symbol, plus or minus the rest")


def _check_descent(definition: Definition, atom: Atom) -> None:
    sums = [t for t in subterms(definition.rhs) if isinstance(t, Total)]
    ranges = [e for t in sums for e in (t.symbol - t.lower, t.upper - t.symbol)]
    context = (*inequalities(definition.where), *ranges)
    if not follows(definition.lhs.index[0] - atom.index[0] - 1, context):
        raise ValueError(f"{definition.lhs} is defined by {atom}, whose index is not known to be smaller")
