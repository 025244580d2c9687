"""Balls decide order and difference, never the equality of irrational numbers, and leave the precision as it was."""

from __future__ import annotations

import pytest
from flint import acb, acb_mat, arb, arb_mat, ctx, fmpq

from emtheory.judges.balls import agree, at_most, close_within, contains, less, precision
from emtheory.judges.exact import eye, matrix, zeros
from emtheory.verdict import Kind, Outcome

PROVED, REFUTED, UNDECIDED = Outcome.PROVED, Outcome.REFUTED, Outcome.UNDECIDED


def root_two():
    return arb(2).sqrt()


def test_the_precision_comes_back_after_success_and_failure():
    before = ctx.prec
    with precision(300):
        assert ctx.prec == 300
        with precision(40):
            assert ctx.prec == 40
        assert ctx.prec == 300
    assert ctx.prec == before
    with pytest.raises(ZeroDivisionError), precision(300):
        raise ZeroDivisionError
    assert ctx.prec == before


@pytest.mark.parametrize("judge", [agree, less])
def test_a_side_that_fails_leaves_the_precision_alone(judge):
    def fails():
        raise ArithmeticError("no")

    before = ctx.prec
    with pytest.raises(ArithmeticError):
        judge(fails, 1, bits=500)
    assert ctx.prec == before


@pytest.mark.parametrize("bits", [1, 0, -5])
def test_precisions_too_small_are_refused(bits):
    with pytest.raises(ValueError, match="bits"):
        less(1, 2, bits=bits)


def test_order_of_irrational_numbers_is_decided_when_the_balls_are_apart():
    assert less(root_two, fmpq(3, 2), bits=30).outcome is PROVED
    assert less(fmpq(3, 2), root_two, bits=30).outcome is REFUTED
    assert less(1, 1, bits=30).outcome is REFUTED


def test_more_bits_decide_what_fewer_leave_open():
    near = fmpq(14142135623730950488, 10**19)
    assert less(near, root_two, bits=30).outcome is UNDECIDED
    verdict = less(near, root_two, bits=120)
    assert (verdict.outcome, verdict.kind) == (PROVED, Kind.ENCLOSED)
    assert "120 bits" in verdict.scope


def test_overlapping_balls_are_neither_equal_nor_ordered():
    a, b = arb(1, 0.5), arb(1.25, 0.5)
    for verdict in (agree(a, b, bits=64), less(a, b, bits=64), less(b, a, bits=64), agree(a, a, bits=64)):
        assert verdict.outcome is UNDECIDED


def test_the_equality_of_irrational_numbers_is_never_proved():
    for bits in (30, 300, 3000):
        assert agree(lambda: root_two() ** 2, 2, bits=bits).outcome is UNDECIDED


def test_different_numbers_are_refuted_as_soon_as_their_balls_are_disjoint():
    assert agree(root_two, fmpq(14142, 10000), bits=64).outcome is REFUTED
    assert agree(lambda: arb.pi(), fmpq(22, 7), bits=5).outcome is UNDECIDED
    assert agree(acb(0, 1), acb(0, -1), bits=64).outcome is REFUTED
    assert agree(acb(1), acb(1, 1), bits=64).outcome is REFUTED


def test_exact_and_equal_balls_agree():
    assert agree(arb(3), 3, bits=64).outcome is PROVED
    assert agree(acb(1, 2), acb(1, 2), bits=64).outcome is PROVED
    assert agree(arb_mat([[1, 2], [3, 4]]), matrix([[1, 2], [3, 4]]), bits=64).outcome is PROVED


def test_a_rational_that_is_no_float_agrees_with_itself_only_within_a_margin():
    third = fmpq(1, 3)
    assert agree(third, third, bits=64).outcome is UNDECIDED
    assert close_within(third, third, fmpq(1, 2**60), bits=64).outcome is PROVED


def test_exact_numbers_that_differ_below_the_precision_are_not_called_equal():
    assert agree(arb(1), lambda: arb(1) + arb(2) ** -200, bits=64).outcome is not PROVED
    assert agree(arb(2) ** -400 + 1, 1, bits=1000).outcome is not PROVED


def test_one_wrong_entry_of_a_matrix_is_found():
    good = arb_mat([[1, 2], [3, 4]])
    verdict = agree(good, matrix([[1, 2], [5, 4]]), bits=64)
    assert (verdict.outcome, verdict.evidence["position"]) == (REFUTED, 2)
    assert less(good, matrix([[2, 3], [3, 5]]), bits=64).outcome is REFUTED
    assert less(good, matrix([[2, 3], [4, 5]]), bits=64).outcome is PROVED


def test_a_margin_is_kept_or_broken_or_too_close_to_call():
    assert close_within(lambda: arb.pi(), fmpq(22, 7), fmpq(13, 10000), bits=64).outcome is PROVED
    assert close_within(lambda: arb.pi(), fmpq(22, 7), fmpq(12, 10000), bits=64).outcome is REFUTED
    assert close_within(arb(0, 1), 0, 1, bits=64).outcome is UNDECIDED
    assert close_within(acb_mat([[acb(0, 1)]]), zeros(1, 1), 2, bits=64).outcome is PROVED


@pytest.mark.parametrize("margin", [0, -1])
def test_a_margin_without_room_is_refused(margin):
    with pytest.raises(ValueError, match="margin"):
        close_within(1, 1, margin, bits=64)


def test_containment_of_an_exact_value_is_decided():
    assert contains(arb(1, 0.5), fmpq(3, 2), bits=64).outcome is PROVED
    assert contains(arb(1, 0.5), fmpq(8, 5), bits=64).outcome is REFUTED
    assert contains(lambda: root_two() ** 2, 2, bits=64).outcome is PROVED
    assert contains(acb_mat([[1, 0], [0, acb(1, 1)]]), eye(2), bits=64).outcome is REFUTED
    assert contains(arb_mat([[1, 0], [0, 1]]), eye(2), bits=64).outcome is PROVED


def test_nothing_is_decided_by_nan():
    nan = arb("nan")
    for verdict in (agree(nan, 1, bits=64), agree(nan, nan, bits=64), less(nan, 1, bits=64), less(1, nan, bits=64)):
        assert verdict.outcome is UNDECIDED
    assert close_within(nan, 1, 5, bits=64).outcome is UNDECIDED


def test_empty_comparisons_are_undecided():
    empty = zeros(0, 3)
    for verdict in (agree(empty, empty, bits=64), less(empty, empty, bits=64), contains(arb_mat(0, 3), empty, bits=64)):
        assert verdict.outcome is UNDECIDED


def test_wrong_sides_are_named():
    with pytest.raises(ValueError, match="equal shapes"):
        agree(eye(2), eye(3), bits=64)
    with pytest.raises(TypeError, match="rational"):
        less(0.1, 1, bits=64)
    with pytest.raises(TypeError, match="no order"):
        less(acb(1), acb(2), bits=64)
    with pytest.raises(ValueError, match="equal shapes"):
        contains(arb(1), eye(2), bits=64)


def test_at_most_proves_equality_of_exact_numbers_only_and_refutes_what_is_larger():
    assert at_most(1, 1, bits=30).outcome is PROVED
    assert at_most(fmpq(3, 2), root_two, bits=30).outcome is REFUTED
    assert at_most(root_two, fmpq(3, 2), bits=30).outcome is PROVED
    assert at_most(root_two, root_two, bits=60).outcome is UNDECIDED
    with pytest.raises(TypeError, match="no order"):
        at_most(acb(0, 1), 1, bits=30)
