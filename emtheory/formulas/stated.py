"""A theorem as a statement of the kernel: its letters, hypotheses, definitions and conclusions as text.

`statement(theorem)` prints what the kernel's language can say; a conclusion that it cannot say (a rank, a norm, an
entrywise map) is left out and named, so that it can only ever be confirmed on cases.

>>> from emtheory.formulas.case import case
>>> from emtheory.formulas.formula import equal
>>> from emtheory.formulas.theorem import Theorem
>>> from emtheory.letters import Phi, k, s
>>> theorem = Theorem(given=(Phi, s), conclusions=(equal(Phi * 2, Phi + Phi),), cases=None,
...                   examples={"one": case(Phi=[[1]], s=1)})
>>> print(statement(theorem).text)
(statement 1
  (given (size kappa 1) (size s 1) (size n 1) (letter Phi (* kappa s) (* kappa s)))
  (conclusion c1 (= (scale 2 Phi) (+ Phi Phi))))
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sympy

from emtheory.formulas.formula import Compound, Definition, Formula, Opaque, Statement
from emtheory.formulas.letters import Letter, Selectors
from emtheory.formulas.terms import Mapped, OfMatrix, Variable
from emtheory.formulas.theorem import Theorem
from emtheory.judges.symbolic.linear import follows, inequalities
from emtheory.judges.symbolic.terms import (
    Atom,
    Block,
    Det,
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

__all__ = ["Stated", "Unsayable", "fact", "facts", "number", "statement", "term"]


class Unsayable(Exception):  # noqa: N818 - no error: the kernel's language is smaller than that of formulas
    """The kernel's language has no words for it."""


@dataclass(frozen=True)
class Stated:
    """A theorem in the kernel's language.

    Attributes:
        text: the statement.
        names: the name of each hypothesis, definition and conclusion that is in it; two of each equivalence.
        unsayable: the conclusions that are not in it, with the reason.
    """

    text: str
    names: Mapping[Any, tuple[str, ...]]
    unsayable: Mapping[Statement, str]


def statement(theorem: Theorem, *, only: Collection[Statement] | None = None) -> Stated:
    """The theorem in the kernel's language.

    Arguments:
        only: the conclusions that are printed; all that can be, if left out.

    Raises:
        Unsayable: a hypothesis or definition that the language cannot say: then nothing can be proved from it.
    """
    printer = _Printer(theorem.constants)
    names: dict[Any, tuple[str, ...]] = {}
    unsayable: dict[Statement, str] = {}
    lines = [f"(given {' '.join(_given(theorem, printer))})"]
    lines += _definitions(theorem, printer, names)  # first, as hypotheses may speak of what is defined
    for place, hypothesis in enumerate(theorem.hypotheses, start=1):
        facts = printer.facts(hypothesis)
        names[hypothesis] = tuple(f"h{place}{'' if i == 0 else chr(96 + i)}" for i in range(len(facts)))
        lines += [f"(hypothesis {name} {said})" for name, said in zip(names[hypothesis], facts, strict=True)]
    for place, conclusion in enumerate(theorem.conclusions, start=1):
        if only is not None and conclusion not in only:
            continue
        try:
            said = printer.conclusion(conclusion)
        except Unsayable as reason:
            unsayable[conclusion] = str(reason)
            continue
        names[conclusion] = tuple(f"c{place}{'' if i == 0 else chr(96 + i)}" for i in range(len(said)))
        lines += [f"(conclusion {name} {fact})" for name, fact in zip(names[conclusion], said, strict=True)]
    return Stated("(statement 1\n  " + "\n  ".join(lines) + ")", names, unsayable)


def term(side: Any, constants: Iterable[Selectors]) -> str:
    """A term, or a number as a 1 x 1 term."""
    return _Printer(constants).term(side)


def number(e: Any, constants: Iterable[Selectors]) -> str:
    """A scalar."""
    return _Printer(constants).number(sympy.sympify(e))


def fact(formula: Formula, constants: Iterable[Selectors]) -> str:
    """A formula as one fact.

    Raises:
        Unsayable: it is none, or several.
    """
    (said,) = facts(formula, constants)
    return said


def facts(formula: Formula, constants: Iterable[Selectors]) -> list[str]:
    """A formula as the facts that it is: a strict inequality is two."""
    return _Printer(constants).facts(formula)


def _given(theorem: Theorem, printer: _Printer) -> Iterator[str]:
    sizes: dict[str, Any] = {}
    for letter in theorem.letters:
        own = {letter.symbol} if letter.is_number and letter.symbol.is_integer else set()
        shape = letter.shape[0].free_symbols | letter.shape[1].free_symbols
        sizes |= {x.name: x for x in sorted(own | shape, key=str)}
    for rows, cols in theorem.meant.values():
        sizes |= {x.name: x for x in sorted(rows.free_symbols | cols.free_symbols, key=str)}
    yield from (f"(size {name} 1)" for name in sizes)
    for letter in theorem.letters:
        if letter.is_number:
            if not letter.symbol.is_integer:
                yield f"(real {letter.name})"
            continue
        yield _declared(letter, printer)


def _declared(letter: Letter, printer: _Printer) -> str:
    rows, cols = (printer.number(extent) for extent in letter.shape)
    bounds = ""
    if letter.is_family:
        last = "*" if letter.last is sympy.oo else printer.number(letter.last)
        bounds = f" ({printer.number(letter.first)} {last})"
    return f"(letter {letter.name} {rows} {cols}{bounds})"


def _definitions(theorem: Theorem, printer: _Printer, names: dict[Any, tuple[str, ...]]) -> list[str]:
    """One definition a letter: a family has all of its clauses in it."""
    clauses: dict[str, list[Definition]] = {}
    for definition in theorem.definitions:
        clauses.setdefault(definition.lhs.name, []).append(definition)
    lines = []
    for letter, pieces in clauses.items():
        first = pieces[0].lhs
        bounds = f" ({_lowest(pieces, printer)} *)" if first.index else ""
        head = f"(letter {letter} {printer.number(first.rows)} {printer.number(first.cols)}{bounds})"
        said = []
        for place, piece in enumerate(pieces):
            names[piece] = (f"d.{letter}{'' if len(pieces) == 1 else place + 1}",)
            (body,) = printer.facts(Formula(piece.lhs, "=", piece.rhs, piece.where))
            said.append(f"({names[piece][0]} {body})")
        lines.append(f"(definition {head} {' '.join(said)})")
    return lines


def _lowest(pieces: list[Definition], printer: _Printer) -> str:
    """The least index that a family is defined for."""
    found = []
    for piece in pieces:
        (pattern,) = piece.lhs.index
        symbols = [x for x in pattern.free_symbols if not x.is_positive]
        if not symbols:
            found.append(pattern)
            continue
        (x,) = symbols
        lower = [x - row for row in inequalities(piece.where) if sympy.diff(row, x) == 1]
        found += [pattern.subs(x, bound) for bound in lower[:1]]
    least = [e for e in found if all(follows(other - e, ()) for other in found)]
    return printer.number(least[0]) if least else "*"


class _Printer:
    """Terms, numbers and formulas as text; `constants` are the block columns of the identity."""

    def __init__(self, constants: Iterable[Selectors]) -> None:
        self.constants = {constant.name: constant for constant in constants}

    def conclusion(self, conclusion: Statement) -> list[str]:
        """A fact, or those of an implication, or both directions of an equivalence."""
        if not isinstance(conclusion, Compound):
            return self.facts(conclusion)
        said = []
        for premises, end in conclusion.directions():
            facts = [fact for premise in premises for fact in self.facts(premise)]
            assumed = " ".join(f"(assuming p{i} {fact})" for i, fact in enumerate(facts, start=1))
            said.append(f"{assumed} {self._one(end)}")
        return said

    def _one(self, formula: Formula) -> str:
        facts = self.facts(formula)
        if len(facts) != 1:
            raise Unsayable("a strict inequality at the end of an implication")
        return facts[0]

    def facts(self, formula: Statement) -> list[str]:
        """What a formula says as facts: a strict inequality is two, ≥ and an inverse of the difference."""
        if isinstance(formula, Opaque):
            raise Unsayable("a predicate in Python")
        if isinstance(formula, Compound):
            raise Unsayable("an implication among the hypotheses")
        left, right = self.term(formula.lhs), self.term(formula.rhs)
        if formula.relation == "=":
            return [self._quantified(formula, f"(= {left} {right})")]
        if not (same(_rows(formula.lhs), 1) and same(_cols(formula.lhs), 1)):
            raise Unsayable("an inequality between matrices")
        at_most = f"(>= {right} {left})"
        if formula.relation == "<=":
            return [self._quantified(formula, at_most)]
        sides = (formula.lhs, formula.rhs) if formula.relation == "!=" else (formula.rhs, formula.lhs)
        gap = f"(- {' '.join(map(self._entry, sides))})"
        invertible = f"(= (number (* {gap} (inv {gap}))) (number 1))"
        if formula.relation == "!=":
            return [self._quantified(formula, invertible)]
        return [self._quantified(formula, at_most), self._quantified(formula, invertible)]

    def _entry(self, side: Any) -> str:
        """A scalar, or the entry of a 1 x 1 term."""
        match side:
            case Scaled() if isinstance(side.term, Identity):
                return self.number(side.scalar)
            case Term():
                return f"(det {self.term(side)})"
        return self.number(side)

    def _quantified(self, formula: Formula, body: str) -> str:
        bound = [f"(int {x.name})" for x in formula.indices()]
        bound += [f"(real {x.name})" for x in sorted(formula.symbols(), key=str) if isinstance(x, Variable)]
        rows = inequalities(formula.where)
        if not bound and not rows:
            return body
        conditions = " ".join(f"(>= {self.number(row)} 0)" for row in rows)
        return f"(for ({' '.join(bound)}) ({conditions}) {body})"

    def term(self, side: Any) -> str:
        """A term, or a number as a 1 x 1 term.

        Raises:
            Unsayable: an entrywise map of more than one entry; a scalar that the kernel does not know.
        """
        match side:
            case Atom():
                return self._atom(side)
            case Identity():
                return f"(identity {self.number(side.rows)})"
            case Zero():
                return f"(zero {self.number(side.rows)} {self.number(side.cols)})"
            case Product():
                return f"(* {self.term(side.left)} {self.term(side.right)})"
            case Plus():
                return f"(+ {' '.join(self.term(part) for part in side.terms)})"
            case Scaled():
                return f"(scale {self.number(side.scalar)} {self.term(side.term)})"
            case Power():
                return f"(^ {self.term(side.base)} {self.number(side.exponent)})"
            case Transposed():
                return f"(transpose {self.term(side.term)})"
            case Total():
                limits = f"{side.symbol.name} {self.number(side.lower)} {self.number(side.upper)}"
                return f"(sum {limits} {self.term(side.body)})"
            case Block():
                rows = " ".join(f"({' '.join(self.term(cell) for cell in row)})" for row in side.grid)
                return f"(block {rows})"
            case Mapped() if same(side.rows, 1) and same(side.cols, 1) and side.function == "abs":
                return f"(number {_absolute(f'(det {self.term(side.term)})')})"
            case Mapped() if same(side.rows, 1) and same(side.cols, 1) and side.function in FUNCTIONS:
                return f"(number ({side.function} (det {self.term(side.term)})))"
            case Term():
                raise Unsayable(f"{type(side).__name__.lower()} of a matrix")
        return f"(number {self.number(sympy.sympify(side))})"

    def _atom(self, atom: Atom) -> str:
        index = " ".join(self.number(i) for i in atom.index)
        if atom.name in self.constants:
            constant = self.constants[atom.name]
            return f"(selector {index} {self.number(constant.count)} {self.number(constant.width)})"
        return f"({atom.name} {index})" if atom.index else atom.name

    def number(self, e: Any) -> str:
        """A scalar.

        Raises:
            Unsayable: a norm, a rank, a function that the kernel does not know.
        """
        match e:
            case sympy.Rational():
                return str(e)
            case Det():
                return f"(det {self.term(e.matrix)})"
            case OfMatrix():
                raise Unsayable(f"the scalar {e}")
            case sympy.Symbol():
                return str(e.name)
            case sympy.Add() | sympy.Mul():
                sign = "+" if isinstance(e, sympy.Add) else "*"
                return f"({sign} {' '.join(self.number(a) for a in sorted(e.args, key=str))})"
            case sympy.Pow() if not isinstance(e, sympy.exp):
                return self._power(e)
            case sympy.KroneckerDelta():
                return f"(delta {self.number(e.args[0])} {self.number(e.args[1])})"
            case sympy.Abs():
                return _absolute(self.number(e.args[0]))
        name = type(e).__name__
        if name not in FUNCTIONS:
            raise Unsayable(f"the function {name}")
        return f"({name} {self.number(e.args[0])})"

    def _power(self, e: Any) -> str:
        if e.exp == sympy.S.Half:
            return f"(sqrt {self.number(e.base)})"
        if not e.exp.is_integer:
            raise Unsayable(f"the exponent {e.exp}")
        base = self.number(e.base)
        if e.exp.could_extract_minus_sign() and not e.exp.is_Add:  # t - k is an exponent that is shown to be >= 0
            base, exponent = f"(inv {base})", -e.exp
        else:
            exponent = e.exp
        return base if exponent == 1 else f"(^ {base} {self.number(exponent)})"


FUNCTIONS = frozenset({"exp", "tanh", "sinh", "cosh"})


def _absolute(number: str) -> str:
    """|x| as the root of x²."""
    return f"(sqrt (^ {number} 2))"


def _rows(side: Any) -> Any:
    return side.rows if isinstance(side, Term) else sympy.S.One


def _cols(side: Any) -> Any:
    return side.cols if isinstance(side, Term) else sympy.S.One
