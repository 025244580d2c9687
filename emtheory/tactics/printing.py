"""Numbers, terms and facts of the kernel as its text. An index that a sum binds is called i.1, i.2, … by depth."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import emtheory.kernel.terms as K  # noqa: N812
from emtheory.kernel.substitution import opened

__all__ = ["application", "axiom", "fact_text", "scalar_text", "term_text"]


def application(head: str, *parts: str) -> str:
    """(head part …)"""
    return f"({' '.join((head, *parts))})"


def _listed(parts: Iterable[str]) -> str:
    return f"({' '.join(parts)})"


def axiom(name: str, values: Iterable[str], certificates: Iterable[str] = (), *proofs: str) -> str:
    """An axiom at these values."""
    return application("axiom", name, _listed(values), _listed(certificates), *proofs)


def scalar_text(p: K.Poly, depth: int = 1) -> str:
    """A number."""
    parts = [_monomial(m, c, depth) for m, c in p.parts]
    return parts[0] if len(parts) == 1 else application("+", *parts) if parts else "0"


def _monomial(m: K.Monomial, c: Fraction, depth: int) -> str:
    factors = [_generator(g, depth) for g in m]
    if c != 1 or not factors:
        factors.insert(0, str(c))
    return factors[0] if len(factors) == 1 else application("*", *factors)


def _generator(g: Any, depth: int) -> str:
    match g:
        case K.Var(name, _):
            return name
        case K.Delta(i, j):
            return application("delta", scalar_text(i, depth), scalar_text(j, depth))
        case K.Det(term):
            return application("det", term_text(term, depth))
        case K.SPow(base, exponent):
            return application("^", scalar_text(base, depth), scalar_text(exponent, depth))
        case K.Fn(name, argument):
            return application(name, scalar_text(argument, depth))
    raise TypeError(f"{g} has no text")


def term_text(term: K.Term, depth: int = 1) -> str:
    """A matrix."""

    def numbers(*ps: K.Poly) -> list[str]:
        return [scalar_text(p, depth) for p in ps]

    match term:
        case K.Letter("selector", _, cols, (i, count)):
            return application("selector", *numbers(i, count, cols))
        case K.Letter(name, _, _, index):
            return application(name, *numbers(*index)) if index else name
        case K.Identity(size):
            return application("identity", *numbers(size))
        case K.Zero(rows, cols):
            return application("zero", *numbers(rows, cols))
        case K.Scaled(c, K.Identity(size)) if size == K.poly(1):
            return application("number", *numbers(c))
        case K.Scaled(c, inner):
            return application("scale", *numbers(c), term_text(inner, depth))
        case K.Product(parts) | K.Plus(parts):
            head = "*" if isinstance(term, K.Product) else "+"
            return application(head, *(term_text(part, depth) for part in parts))
        case K.Transposed(inner):
            return application("transpose", term_text(inner, depth))
        case K.Power(base, exponent):
            return application("^", term_text(base, depth), *numbers(exponent))
        case K.Sum(lower, upper, body, oriented):
            var = K.Var(f"i.{depth}", "int")
            inner_text = term_text(opened(body, K.poly(var)), depth + 1)
            return application("oriented" if oriented else "sum", var.name, *numbers(lower, upper), inner_text)
        case K.Block(grid):
            return application("block", *(_listed(term_text(cell, depth) for cell in row) for row in grid))
    raise TypeError(f"{term} has no text")


def fact_text(fact: K.Fact) -> str:
    """A fact."""
    body = application(fact.relation, term_text(fact.lhs), term_text(fact.rhs))
    if not fact.variables and not fact.conditions:
        return body
    variables = _listed(application(v.sort, v.name) for v in fact.variables)
    conditions = _listed(application(">=", scalar_text(c), "0") for c in fact.conditions)
    return application("for", variables, conditions, body)
