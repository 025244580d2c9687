"""Tests the tester: the formula in every float twin is edited, and the edit must refute it on a bundled case.

A twin that passes with a wrong formula compares a computation with itself.
"""

from types import FunctionType

import pytest

from emtheory.judges.balls import arb
from emtheory.judges.exact import direct_sum, eye, matrix, rational
from emtheory.theorems.files import bundled, load
from emtheory.theorems.search import draw, judged
from emtheory.theory.gsemm import tanh_slope
from emtheory.theory.saturating import level
from emtheory.verdict import Outcome


def edited(function, **names):
    """The function with other values of names that it reads from its module."""
    unknown = set(names) - set(function.__globals__)
    assert not unknown, f"{function.__name__} reads no {unknown}"
    return FunctionType(function.__code__, {**function.__globals__, **names}, function.__name__)


def wrong_multiplier(gamma, star):
    y = arb(gamma) * star
    return y / y.sinh()


def one_power_less(blocks, steps):
    return direct_sum(*(matrix([[value[0] ** max(steps - 1, 0)]]) for value, _ in blocks))


def without_transpose(xi, swap):
    inverse = xi.inv()
    return inverse @ swap @ inverse.T - eye(len(swap))


def half_the_slopes(weights, centers):
    return [(arb("0.5") * a, b, miss) for a, b, miss in CONSTANTS(weights, centers)]


def oldest_weighs_least(size, terms):
    return sum((arb(size**k) * (arb(x**3 / 3) + miss) for k, (x, miss) in enumerate(terms)), arb(0))


def own(theorem, name):
    """A function of a theorem file."""
    return load(bundled() / f"{theorem}.py").record.numeric[0].__globals__[name]


CONSTANTS = own("periodic-certificate", "_constants")
LINEAR = own("shadowing", "_linear")


EDITS = [
    ("limit-cycles", {"_multiplier": wrong_multiplier}),
    ("limit-cycles", {"level": lambda gamma: level(gamma) * (1 - arb(2) ** -30)}),
    ("linearisation", {"_curvature": lambda: arb("0.9") * 2 / (3 * arb(3).sqrt())}),
    ("linearisation", {"tanh_slope": lambda z: tanh_slope(z) + arb(2) ** -12}),
    ("memory-lifetime", {"_power": one_power_less}),
    ("no-lyapunov", {"_interactions": without_transpose}),
    ("periodic-certificate", {"_constants": half_the_slopes}),
    ("recovery-stability", {"_product_bound": lambda a, u, da, du, j: a**j * (u + du) - a**j * u}),
    ("saturating-write", {"_level_left": lambda gamma, beta, nu: level(gamma) + 2 * nu}),
    ("shadowing", {"_sum": oldest_weighs_least}),
    ("shadowing", {"_linear": lambda weights, drive, start: 2 * LINEAR(weights, drive, start)}),
    ("spectral-stability", {"_condition_squared": lambda xi, basis: rational(1)}),
]


@pytest.mark.parametrize(("name", "names"), EDITS, ids=[f"{name}-{next(iter(names))}" for name, names in EDITS])
def test_a_twin_with_an_edited_formula_is_refuted(name, names):
    record = load(bundled() / f"{name}.py").record
    (twin,) = record.numeric
    drawn, trouble = draw(hypotheses=tuple(record.hypotheses), cases=record.cases, count=24, seed=0)
    assert not trouble
    cases = [*record.examples.values(), *drawn]
    assert {judged(twin, case).outcome for case in cases} == {Outcome.PROVED}
    assert Outcome.REFUTED in {judged(edited(twin, **names), case).outcome for case in cases}
