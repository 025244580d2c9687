"""Protects the prover of index inequalities: what it shows must be true, for all integers."""

from itertools import product

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from emtheory.judges.symbolic.linear import equal, follows, inequalities, never_equal
from emtheory.judges.symbolic.terms import indices, sizes

i, j, k = indices("i j k")
s = sizes("s")

linear = st.builds(
    lambda a, b, c, d: a * i + b * j + c * k + d,
    *(st.integers(-2, 2) for _ in range(3)),
    st.integers(-4, 4),
)


@settings(max_examples=200, deadline=None, database=None)
@given(st.lists(linear, max_size=3), linear)
def test_what_is_shown_holds_for_every_small_integer(assumptions, goal):
    shown = follows(goal, assumptions)
    points = [dict(zip((i, j, k), values, strict=True)) for values in product(range(-4, 5), repeat=3)]
    admitted = [p for p in points if all(a.xreplace(p) >= 0 for a in map(sympy.sympify, assumptions))]
    holds = all(sympy.sympify(goal).xreplace(p) >= 0 for p in admitted)
    assert holds or not shown


def test_integer_tightening_shows_what_rationals_do_not():
    assert follows(j - 1, [2 * j - 1])


def test_a_positive_size_is_at_least_one_and_an_index_is_not():
    assert follows(s - 1, [])
    assert not follows(j - 1, [])


def test_a_goal_off_by_one_is_not_shown():
    assert follows(s - j - 1, [k - j - 1, s - k])
    assert not follows(s - j - 2, [k - j - 1, s - k])


def test_equality_and_inequality_need_both_and_one_direction():
    assert equal(j, k, inequalities([j >= k, j <= k]))
    assert not equal(j, k, inequalities([j >= k]))
    assert never_equal(j, k, inequalities([j > k]))
    assert not never_equal(j, k, inequalities([j >= k]))


def test_a_half_is_not_an_integer_expression():
    assert not follows(sympy.Rational(1, 2) * j + 1, inequalities([j >= 0]))


@pytest.mark.parametrize("condition", [sympy.Ne(j, k), sympy.Symbol("x") > 1, j / 2 > 1])
def test_conditions_that_are_no_integer_inequalities_are_refused(condition):
    with pytest.raises(ValueError, match="not an inequality between integer"):
        inequalities([condition])


def test_a_condition_that_is_always_false_is_refused():
    with pytest.raises(ValueError, match="false for all values"):
        inequalities([sympy.false])
