"""Formulas of derivations: matrix terms, scalars and claims as LaTeX, and LaTeX as MathML.

`claim_formula(claim)` is what a step states, `relation_formula(given)` what it may use; both keep the terms as they are
written in the derivation. Nothing here decides or simplifies anything.

>>> from emtheory.judges.symbolic.terms import letter, sizes
>>> n, m = sizes("n m")
>>> side_latex(letter("Xi", n, m).T @ letter("Xi", n, m))
'\\\\Xi^{\\\\top} \\\\, \\\\Xi'
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any

import sympy
from sympy.printing.latex import LatexPrinter

from emtheory.judges.symbolic.claims import Bound, Claim, Equation, Relation
from emtheory.judges.symbolic.signs import Integrated, NeverNegative, Nonnegative
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
from emtheory.report.sentences.mathematics import math_latex

__all__ = [
    "Formula",
    "breakable",
    "claim_formula",
    "conditions_latex",
    "equation_formula",
    "mathml",
    "relation_formula",
    "side_latex",
]

OPENERS = {"(", "[", "{", r"\left(", r"\begin", r"\{", r"\langle"}
CLOSERS = {")", "]", "}", r"\right)", r"\end", r"\}", r"\rangle"}
BREAKS = re.compile(
    r"\\left\(|\\right\)|\\begin|\\end|\\[{}]|\\langle|\\rangle|[()\[\]{}]"
    r"| (?:=|\+|-|<|>|\\le|\\ge|\\ne|\\to|\\ldots)(?![A-Za-z])"
)
SHORT = 16  # letters; a phone has room for such a formula in a line


@dataclass(frozen=True)
class Formula:
    """A formula, and the conditions under which it holds, both as LaTeX; no condition is an empty string."""

    latex: str
    conditions: str = ""


class _Printer(LatexPrinter):  # type: ignore[misc]
    def _print_Symbol(self, expr: Any, style: str = "") -> str:
        return math_latex(str(expr.name))

    def _print_Det(self, expr: Any) -> str:
        inside = side_latex(expr.matrix)
        return rf"\det {inside}" if isinstance(expr.matrix, Block) else rf"\det {_bracketed(inside)}"

    def _print_KroneckerDelta(self, expr: Any, exp: str | None = None) -> str:
        return rf"\delta_{{{', '.join(self._print(a) for a in expr.args)}}}"

    def _add_parens(self, s: str) -> str:
        return _bracketed(s)

    def _print_bool(self, expr: Any) -> str:
        return rf"\text{{{expr}}}"


def scalar_latex(expr: Any) -> str:
    """A sympy expression as LaTeX."""
    text = str(_Printer().doprint(sympy.sympify(expr)))
    return text.replace(r"{\left(", "(").replace(r" \right)}", ")")  # these are sympy's, around arguments


def side_latex(side: Any) -> str:
    """A term or a scalar as LaTeX."""
    match side:
        case Atom():
            return _atom(side)
        case Identity():
            return "I"
        case Zero():
            return "0"
        case Product():
            return rf"{_factor(side.left)} \, {_factor(side.right)}"
        case Plus():
            return _sum([side_latex(part) for part in side.terms])
        case Scaled():
            return _scaled(side)
        case Power():
            base = side_latex(side.base) if _is_plain(side.base) else _bracketed(side_latex(side.base))
            return rf"{base}^{{{scalar_latex(side.exponent)}}}"
        case Transposed():
            base = side_latex(side.term) if _is_plain(side.term) else _bracketed(side_latex(side.term))
            return rf"{base}^{{\top}}"
        case Total():
            body = _bracketed(side_latex(side.body)) if isinstance(side.body, Plus) else side_latex(side.body)
            limits = rf"{math_latex(str(side.symbol))}={scalar_latex(side.lower)}"
            return rf"\sum_{{{limits}}}^{{{scalar_latex(side.upper)}}} {body}"
        case Block():
            rows = r"\\".join("&".join(side_latex(cell) for cell in row) for row in side.grid)
            return rf"\begin{{bmatrix}}{rows}\end{{bmatrix}}"
    return scalar_latex(side)


def _is_plain(term: Term) -> bool:
    """Whether an exponent can stand right behind it: a letter or an indexed one without a prime."""
    return isinstance(term, (Identity, Zero, Block)) or (isinstance(term, Atom) and "^" not in _atom(term))


def _atom(atom: Atom) -> str:
    """A family of matrices carries its index below, one of vectors or numbers, mostly a sequence, in brackets."""
    name = math_latex(atom.name)
    if not atom.index:
        return name
    index = ", ".join(scalar_latex(i) for i in atom.index)
    wide = not same(atom.cols, 1)
    return rf"{name}_{{{index}}}" if wide and "_" not in name else rf"{name}({index})"


def _factor(term: Term) -> str:
    return _bracketed(side_latex(term)) if isinstance(term, (Plus, Scaled, Total)) else side_latex(term)


def _scaled(term: Scaled) -> str:
    inner = side_latex(term.term) if isinstance(term.term, Total) else _factor(term.term)
    if term.scalar == 1:
        return inner
    if term.scalar == -1:
        return f"-{inner}"
    text = scalar_latex(term.scalar)
    return (_bracketed(text) if term.scalar.is_Add else text) + rf" \, {inner}"


def _bracketed(latex: str) -> str:
    """In round brackets, as tall as what they hold."""
    tall = any(command in latex for command in (r"\frac", r"\sum", r"\begin"))
    return rf"{{}}\left({latex}\right)" if tall else f"({latex})"


def _sum(parts: Iterable[str]) -> str:
    first, *rest = parts
    return first + "".join(f" - {part[1:].lstrip()}" if part.startswith("-") else f" + {part}" for part in rest)


# --- equations and what they are used for -----------------------------------------------------------------------------


def equation_formula(equation: Equation) -> Formula:
    """An equation with its conditions."""
    return Formula(f"{side_latex(equation.lhs)} = {side_latex(equation.rhs)}", conditions_latex(equation.where))


def claim_formula(claim: Claim) -> Formula:
    """What a step establishes."""
    match claim:
        case Integrated():
            return Formula(rf"{scalar_latex(claim.function)} \ge 0", rf"{scalar_latex(claim.z)} \ge 0")
        case NeverNegative():
            return Formula(rf"{side_latex(claim.term)} \ge 0", conditions_latex(claim.equation.where))
        case Nonnegative():
            whole = equation_formula(claim.equation)
            return Formula(rf"{whole.latex} \ge 0", whole.conditions)
    return equation_formula(claim.equation)


def relation_formula(given: Relation | Bound | Claim) -> Formula:
    """What a step may use."""
    if isinstance(given, Claim):
        return claim_formula(given)
    if isinstance(given, Bound):
        return Formula(rf"{side_latex(given.term)} \ge 0", conditions_latex(given.where))
    return equation_formula(given.equation)


def conditions_latex(conditions: Iterable[Any]) -> str:
    """Conditions as LaTeX, a lower and an upper bound of one index together: 1 ≤ k ≤ s."""
    open_conditions = [c for c in conditions if c not in (True, sympy.true)]
    lower = {c.lhs: c.rhs for c in open_conditions if _bounds(c, sympy.Ge)}
    upper = {c.lhs: c.rhs for c in open_conditions if _bounds(c, sympy.Le)}
    texts: dict[str, None] = {}
    for condition in open_conditions:
        symbol = getattr(condition, "lhs", None)
        both = symbol in lower and symbol in upper
        if both and (condition.rhs == lower[symbol] or condition.rhs == upper[symbol]):
            low, middle, high = (scalar_latex(e) for e in (lower[symbol], symbol, upper[symbol]))
            texts[rf"{low} \le {middle} \le {high}"] = None
        else:
            texts[scalar_latex(condition).replace(r"\geq", r"\ge").replace(r"\leq", r"\le")] = None
    return r",\; ".join(texts)


def _bounds(condition: Any, relation: Any) -> bool:
    return isinstance(condition, relation) and bool(condition.lhs.is_Symbol)


@lru_cache(maxsize=8192)
def mathml(latex: str, *, display: bool = False) -> str:
    """LaTeX as MathML. The brackets of matrices are left to the style of the page, as few fonts can stretch them."""
    from latex2mathml.converter import convert

    try:
        text = str(convert(latex, display="block" if display else "inline"))
    except Exception:  # whatever the converter cannot read is shown as it is, rather than no report at all
        return f"<code>{escape(latex)}</code>"
    text = re.sub("<mo>(&#x0007C;|&#x02016;)</mo>", r'<mo lspace="0" rspace="0">\1</mo>', text)  # norms, no operators
    text = text.replace("<mo>&#x0005B;</mo><mtable>", '<mtable class="matrix">')
    return text.replace("</mtable><mo>&#x0005D;</mo>", "</mtable>")


@lru_cache(maxsize=8192)
def breakable(latex: str) -> str:
    """A formula in a line of text as MathML; if long, it can be broken before its outermost relations, sums and
    differences, and where that leaves long pieces, also inside of brackets and between factors."""
    pieces: list[str] = []
    for piece in _pieces(latex, OPENERS, CLOSERS) if _weight(latex) > SHORT else [latex]:
        long = _weight(piece) > SHORT
        pieces += _pieces(piece, OPENERS - {"(", "["}, CLOSERS - {")", "]"}, factors=True) if long else [piece]
    written = [mathml(piece) for piece in pieces]
    later = [text.replace("<mrow><mo>", '<mrow><mo form="infix">', 1) for text in written[1:]]
    return "<wbr>".join([written[0], *later])


def _weight(latex: str) -> int:
    """How many letters and signs it has, about."""
    return len(re.sub(r"\\,|[{}^_\s]", "", re.sub(r"\\[A-Za-z]+", "x", latex)))


def _pieces(latex: str, openers: set[str], closers: set[str], *, factors: bool = False) -> list[str]:
    pieces, depth, start = [], 0, 0
    for match in BREAKS.finditer(latex):
        token = match[0].strip()
        if token in openers:
            depth += 1
        elif token in closers:
            depth -= 1
        elif depth == 0 and match[0] != token and match.start() - start > 5 and (factors or token != r"\,"):
            pieces.append(latex[start : match.start()])
            start = match.end() if token == r"\," else match.start()
    return [*pieces, latex[start:]]
