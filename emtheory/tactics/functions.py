"""Numbers with functions in one form: sinh to the power 0 or 1 times powers of cosh or of its inverse, and no product
of a number with its inverse."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from emtheory.kernel.terms import Fn, Generator, Poly, poly
from emtheory.tactics.ledger import Ledger
from emtheory.tactics.printing import axiom, scalar_text
from emtheory.tactics.words import ONE, Monom

__all__ = ["simplified"]

Zeros = list[tuple[Poly, str]]  # equations of numbers with their coefficients
AT_0 = {"tanh": 0, "sinh": 0, "exp": 1, "cosh": 1}


def simplified(ledger: Ledger, m: Monom, inverses: Mapping[Fn, str]) -> list[Monom] | None:
    """The monomials that take the place of this one; None if it is in the form.

    Arguments:
        inverses: for inv(p), the text of an equation p inv(p) = 1.
    """
    scalars, c = m.scalars
    for place, g in enumerate(scalars):
        if not isinstance(g, Fn):
            continue
        rest = Poly({scalars[:place] + scalars[place + 1 :]: c})
        found = (
            _alone(g)
            or _root(g, scalars, place, c)
            or _square(g, scalars, place, c)
            or _inverse(g, scalars, place, c, inverses)
        )
        if found is None:
            continue
        value, zeros = found
        if len(zeros) and zeros[0][1] == "":  # the rest of the monomial is another one
            rest, zeros = zeros[0][0], zeros[1:]
        for coefficient, equation in zeros:
            for part, a in (rest * coefficient).parts:
                ledger.scaled(m.binders, Poly({part: a}), m.word, equation)
        return list(m.scaled(rest * value))
    return None


def _ax(name: str, *values: Poly) -> str:
    return axiom(name, map(scalar_text, values))


def _alone(g: Fn) -> tuple[Poly, Zeros] | None:
    """A function by itself: its value, and zeros of it minus the value."""
    p, half = g.argument, poly(Fraction(1, 2))
    if g.name in AT_0 and not p.parts:
        return poly(AT_0[g.name]), [(ONE, _ax(f"{g.name}-at-0"))]
    sinh, cosh = poly(Fn("sinh", p)), poly(Fn("cosh", p))
    if g.name == "tanh":
        inverse = poly(Fn("inv", cosh))
        return sinh * inverse, [(-poly(g), _ax("cosh-not-0", p)), (inverse, _ax("tanh", p))]
    if g.name == "exp":
        q = -p if _negative(p) else p
        sinh, cosh, sign = poly(Fn("sinh", q)), poly(Fn("cosh", q)), -1 if _negative(p) else 1
        return cosh + sinh * sign, [(-half, _ax("cosh", q)), (-half * sign, _ax("sinh", q))]
    if g.name in ("sinh", "cosh") and _negative(p):
        sign = -1 if g.name == "sinh" else 1
        return poly(Fn(g.name, -p)) * sign, [(half, _ax(g.name, p)), (-half * sign, _ax(g.name, -p))]
    if g.name in ("sinh", "cosh") and all(a.denominator == 1 and a.numerator % 2 == 0 for _, a in p.parts):
        q = p * half
        sinh, cosh = poly(Fn("sinh", q)), poly(Fn("cosh", q))
        value = sinh * cosh * 2 if g.name == "sinh" else cosh * cosh + sinh * sinh
        return value, [(ONE, _ax(f"{g.name}-of-double", q))]
    return None


def _negative(p: Poly) -> bool:
    return bool(p.parts) and p.parts[0][1] < 0


def _without(scalars: tuple[Generator, ...], c: Fraction, *gone: int) -> Poly:
    return Poly({tuple(g for i, g in enumerate(scalars) if i not in gone): c})


def _root(g: Fn, scalars: tuple[Generator, ...], place: int, c: Fraction) -> tuple[Poly, Zeros] | None:
    """The square of the root of a rational."""
    value = g.argument.constant
    if g.name != "sqrt" or scalars[place + 1 : place + 2] != (g,) or value is None or value < 0:
        return None
    equation = axiom("root", [str(value)], (), f"(nonnegative (((rational {value}))))")
    return g.argument, [(_without(scalars, c, place, place + 1), ""), (ONE, equation)]


def _square(g: Fn, scalars: tuple[Generator, ...], place: int, c: Fraction) -> tuple[Poly, Zeros] | None:
    """sinh² = cosh² - 1."""
    if g.name != "sinh" or scalars[place + 1 : place + 2] != (g,):
        return None
    cosh, p = poly(Fn("cosh", g.argument)), g.argument
    rest = _without(scalars, c, place, place + 1)
    return cosh * cosh - 1, [(rest, ""), (poly(-1), _ax("unit-hyperbola", p))]


def _inverse(g: Fn, scalars: tuple[Generator, ...], place: int, c: Fraction, inverses: Mapping[Fn, str]
             ) -> tuple[Poly, Zeros] | None:  # fmt: skip
    """x inv(p) for the first number x in p: p inv(p) = 1 without it."""
    if g.name != "inv":
        return None
    p = g.argument
    single = p.parts[0][0][0] if len(p.parts) == 1 and len(p.parts[0][0]) == 1 and p.parts[0][1] == 1 else None
    if isinstance(single, Fn) and single.name == "cosh":
        equation = _ax("cosh-not-0", single.argument)
    elif g in inverses:
        equation = inverses[g]
    else:
        return None
    pivot = next(((part[0], a) for part, a in p.parts if len(part) == 1), None)
    if pivot is None or pivot[0] not in scalars:
        return None
    x, a = pivot
    rest = _without(scalars, c, place, scalars.index(x)) * (1 / a)
    return ONE - (p - poly(x) * a) * poly(g), [(rest, ""), (ONE, equation)]
