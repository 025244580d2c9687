"""Terms, scalars and equations of the judge as those of the kernel."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import sympy

import emtheory.kernel.terms as K  # noqa: N812
from emtheory.judges.symbolic import terms as T  # noqa: N812
from emtheory.judges.symbolic.claims import Equation, quantified
from emtheory.judges.symbolic.linear import inequalities
from emtheory.kernel.substitution import total
from emtheory.kernel.text import RESERVED
from emtheory.tactics.words import UnsettledError

__all__ = ["fact_of", "scalar_of", "term_of", "variable"]


def _name(text: str) -> str:
    """A name of the kernel; letters that it does not know are written as their numbers."""
    plain = "".join(c if re.match(r"[\w'.-]", c) else f"u{ord(c)}" for c in text)
    return f"v-{plain}" if not plain[0].isalpha() or plain in RESERVED else plain


def variable(symbol: Any) -> K.Var:
    """A symbol as a variable: positive integers are sizes."""
    text = symbol.name + (f"-{symbol.dummy_index}" if isinstance(symbol, sympy.Dummy) else "")
    sort = "real" if not symbol.is_integer else "size" if symbol.is_positive else "int"
    return K.Var(_name(text), sort)


def scalar_of(e: Any) -> K.Poly:
    """A sympy scalar.

    Raises:
        UnsettledError: the kernel has no such number.
    """
    e = sympy.sympify(e)
    if isinstance(e, T.Det):
        return K.poly(K.Det(term_of(e.matrix)))
    if e.is_Rational:
        return K.poly(Fraction(int(e.p), int(e.q)))
    if e.is_Symbol:
        return K.poly(variable(e))
    if e.is_Add or e.is_Mul:
        result = scalar_of(e.args[0])
        for part in e.args[1:]:
            result = result + scalar_of(part) if e.is_Add else result * scalar_of(part)
        return result
    if isinstance(e, sympy.KroneckerDelta):
        return K.delta(scalar_of(e.args[0]), scalar_of(e.args[1]))
    if isinstance(e, (sympy.tanh, sympy.exp, sympy.sinh, sympy.cosh)):
        return K.poly(K.Fn(type(e).__name__, scalar_of(e.args[0])))
    if e.is_Pow:
        return _power(e)
    raise UnsettledError(f"the kernel has no number {e}")


def _power(e: Any) -> K.Poly:
    if e.exp == sympy.S.Half:
        return K.poly(K.Fn("sqrt", scalar_of(e.base)))
    if e.exp.is_Integer and e.exp < 0:
        return K.spow(K.poly(K.Fn("inv", scalar_of(e.base))), K.poly(-int(e.exp)))
    if e.exp.is_integer:
        return K.spow(scalar_of(e.base), scalar_of(e.exp))
    raise UnsettledError(f"the kernel has no number {e}")


def term_of(t: Any) -> K.Term:
    """A term, or a scalar as a 1 x 1 term."""
    match t:
        case T.Atom():
            return K.Letter(_name(t.name), scalar_of(t.rows), scalar_of(t.cols), tuple(map(scalar_of, t.index)))
        case T.Identity():
            return K.Identity(scalar_of(t.rows))
        case T.Zero():
            return K.Zero(scalar_of(t.rows), scalar_of(t.cols))
        case T.Product():
            return K.Product((term_of(t.left), term_of(t.right)))
        case T.Plus():
            return K.Plus(tuple(map(term_of, t.terms)))
        case T.Scaled():
            return K.Scaled(scalar_of(t.scalar), term_of(t.term))
        case T.Power():
            return K.Power(term_of(t.base), scalar_of(t.exponent))
        case T.Transposed():
            return K.Transposed(term_of(t.term))
        case T.Total():
            return total(variable(t.symbol), scalar_of(t.lower), scalar_of(t.upper), term_of(t.body))
        case T.Block():
            return K.Block(tuple(tuple(map(term_of, row)) for row in t.grid))
    return K.number(scalar_of(t))


def fact_of(equation: Equation, relation: str = "=") -> K.Fact:
    """An equation for all of its indices."""
    conditions = tuple(map(scalar_of, inequalities(equation.where)))
    variables = tuple(map(variable, quantified(equation)))
    return K.Fact(variables, conditions, term_of(equation.lhs), term_of(equation.rhs), relation)
