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
from emtheory.report.prose import math_latex

__all__ = [
    "Formula",
    "claim_formula",
    "conditions_latex",
    "equation_formula",
    "mathml",
    "relation_formula",
    "side_latex",
]


@dataclass(frozen=True)
class Formula:
    """A formula, and the conditions under which it holds, both as LaTeX; no condition is an empty string."""

    latex: str
    conditions: str = ""


class _Printer(LatexPrinter):  # type: ignore[misc]
    def _print_Symbol(self, expr: Any, style: str = "") -> str:
        return math_latex(str(expr.name))

    def _print_Det(self, expr: Any) -> str:
        return rf"\det({side_latex(expr.matrix)})"

    def _print_KroneckerDelta(self, expr: Any, exp: str | None = None) -> str:
        return rf"\delta_{{{', '.join(self._print(a) for a in expr.args)}}}"

    def _print_bool(self, expr: Any) -> str:
        return rf"\text{{{expr}}}"


def scalar_latex(expr: Any) -> str:
    """A sympy expression as LaTeX."""
    text = str(_Printer().doprint(sympy.sympify(expr)))
    return re.sub(r"\s*\\right\)\}?|\{?\\left\(", lambda found: "()"["right" in found[0]], text)


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
            base = side_latex(side.base) if _is_plain(side.base) else rf"({side_latex(side.base)})"
            return rf"{base}^{{{scalar_latex(side.exponent)}}}"
        case Transposed():
            base = side_latex(side.term) if _is_plain(side.term) else rf"({side_latex(side.term)})"
            return rf"{base}^{{\top}}"
        case Total():
            body = rf"({side_latex(side.body)})" if isinstance(side.body, Plus) else side_latex(side.body)
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
    return rf"({side_latex(term)})" if isinstance(term, (Plus, Scaled, Total)) else side_latex(term)


def _scaled(term: Scaled) -> str:
    inner = _factor(term.term)
    if term.scalar == 1:
        return inner
    if term.scalar == -1:
        return f"-{inner}"
    text = scalar_latex(term.scalar)
    return (rf"({text})" if term.scalar.is_Add else text) + rf" \, {inner}"


def _sum(parts: Iterable[str]) -> str:
    first, *rest = parts
    return first + "".join(f" - {part[1:]}" if part.startswith("-") else f" + {part}" for part in rest)


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
    """LaTeX as MathML; its source stays with it, for those who copy it."""
    from latex2mathml.converter import convert

    return str(convert(latex, display="block" if display else "inline"))
