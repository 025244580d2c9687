"""Numbers in sentences: counted nouns, and proved bounds with three digits that are still bounds."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Context
from math import floor

__all__ = ["at_least", "at_most", "counted", "percent", "power_of_ten"]


def counted(number: int, noun: str) -> str:
    """The number with its noun.

    >>> counted(1, "step"), counted(0, "step")
    ('1 step', '0 steps')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def at_most(bound: float) -> str:
    """A proved upper bound with three digits: the printed number is not below it.

    >>> at_most(0.0015201)
    '1.53e-03'
    """
    return f"{float(Context(prec=3, rounding=ROUND_CEILING).create_decimal_from_float(bound)):.2e}"


def at_least(bound: float) -> str:
    """A proved lower bound with three digits: the printed number is not above it.

    >>> at_least(0.70799)
    '0.707'
    """
    return str(Context(prec=3, rounding=ROUND_FLOOR).create_decimal_from_float(bound))


def percent(share: float) -> str:
    """A lower bound of a share, rounded down.

    >>> percent(0.98249), percent(0.9999)
    ('98.2%', '99.9%')
    """
    return f"{floor(1000 * share) / 10:.1f}%"


def power_of_ten(exponent: float) -> str:
    """10^exponent, or what it is below.

    >>> power_of_ten(-607.3), power_of_ten(-0.5), power_of_ten(3.2)
    ('fewer than 1e-300', '0.32', '1.6e+03')
    """
    return "fewer than 1e-300" if exponent < -300 else f"{10 ** min(exponent, 300):.2g}"
