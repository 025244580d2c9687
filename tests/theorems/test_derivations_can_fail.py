"""Tests the tester: every step of every bundled derivation is edited, and every edit must make it fail.

A step that still passes with a flipped sign, a doubled side, a shifted index or without a relation that it names
checks nothing, or names what it does not need.
"""

from dataclasses import replace

import pytest

from emtheory.judges.symbolic.claims import Cancelled, quantified
from emtheory.judges.symbolic.lemmas import Lemma
from emtheory.judges.symbolic.proving import remaining
from emtheory.judges.symbolic.rewriting import UnsettledError
from emtheory.judges.symbolic.terms import Zero
from emtheory.judges.symbolic.traversal import substituted
from emtheory.theorems.files import bundled, load

FILES = sorted(bundled().glob("*.py"))
STEPS = [
    pytest.param(claim, id=f"{path.stem}.{number}")
    for path in FILES
    if (record := load(path).record).derivation is not None
    for number, (_, claim) in enumerate(record.derivation(), start=1)
]


def shown(claim):
    try:
        return not remaining(claim)
    except (UnsettledError, ValueError):
        return False


def with_rhs(claim, rhs):
    return replace(claim, equation=replace(claim.equation, rhs=rhs))


def is_zero(claim):
    return isinstance(claim.equation.rhs, Zero)


@pytest.mark.parametrize("claim", STEPS)
def test_a_step_with_an_edited_side_is_no_longer_shown(claim):
    assert shown(claim)
    rhs = claim.equation.rhs
    if not is_zero(claim):
        assert not shown(with_rhs(claim, 2 * rhs)), "a doubled side passes"
        assert not shown(with_rhs(claim, -1 * rhs)), "a flipped sign passes"


@pytest.mark.parametrize("claim", STEPS)
def test_a_step_with_a_shifted_index_is_no_longer_shown(claim):
    for index in quantified(claim.equation):
        shifted = substituted(claim.equation.rhs, {index: index + 1})
        if str(shifted) != str(claim.equation.rhs) and not is_zero(claim):
            assert not shown(with_rhs(claim, shifted)), f"the right side may shift {index}"


@pytest.mark.parametrize("claim", STEPS)
def test_a_step_needs_everything_that_it_names(claim):
    if isinstance(claim, Cancelled):
        return
    for given in claim.given:
        rest = tuple(other for other in claim.given if other is not given)
        name = given.name if isinstance(given, Lemma) else str(given)
        assert not shown(replace(claim, given=rest)), f"it is shown without {name}"
