"""Protects the evidence of verdicts, and the float judge at the least and largest numbers that it takes."""

from fractions import Fraction

import numpy as np
import pytest
from flint import arb, fmpq

from emtheory.judges.balls import agree, contains, less, precision
from emtheory.judges.exact import cycle, dyadic, exactly, eye, matrix, zeros
from emtheory.judges.floats.discs import eigenvalue_discs
from emtheory.judges.floats.eigenvalues import Eigenvalues, half_gaps, roots_of_unity
from emtheory.judges.floats.norms import similarity_defect
from emtheory.judges.floats.pairing import spectrum_within
from emtheory.judges.floats.products import chain
from emtheory.judges.floats.residuals import tight_residual
from emtheory.judges.floats.rounding import TINY, UNIT, matmul_up, modulus_up, sum_up


def test_a_value_outside_of_its_ball_is_told_with_both():
    verdict = contains(arb(1, 0.5), fmpq(8, 5), bits=64)
    assert verdict.evidence == {"position": 0, "ball": str(arb(1, 0.5)), "value": "8/5"}


def test_blocks_of_expected_numbers_enclose_them():
    third = Eigenvalues.of([(fmpq(1, 3), 1), (2.0, 1)])
    value, bound = chain(third.blocks([0, 1], 2))
    assert value.tolist() == [[1 / 3, 0, 2, 0], [0, 1 / 3, 0, 2]]
    assert (bound[0] > 0).tolist() == [True, False, False, False]


def test_a_defect_may_mix_exact_matrices_and_floats():
    xi = matrix([[1, 1, 0], [0, 1, 0], [0, 1, 1]])
    W = xi @ cycle(3) @ xi.inv()
    assert similarity_defect(W.numpy(), xi, cycle(3).numpy()) < 1e-300
    assert similarity_defect(W, xi.numpy(), cycle(3)) < 1e-300


def test_a_residual_is_refused_just_beyond_the_numbers_that_cannot_overflow():
    ab, c = np.array([[2.0**500]]), np.array([[2.0**1010]])
    assert tight_residual(ab, ab, c).value.tolist() == [[2.0**1000 - 2.0**1010]]


def test_bounds_that_overflow_are_refused_without_a_warning():
    for units in range(1, 40):  # near enough to the largest float to overflow at any of the steps
        spread = np.full((2, 2), 2.0**1023 * (1 - units * 2.0**-53))
        assert eigenvalue_discs((np.eye(2), spread)).refused in ("the error bounds overflowed", None)


def test_a_matrix_of_no_rows_has_itself_as_inverse_and_no_spectrum_to_compare():
    assert zeros(0, 0).inv() == zeros(0, 0)
    assert spectrum_within(np.zeros((0, 0)), [], 1.0).evidence == {"reason": "nothing was compared"}


def test_refuted_comparisons_of_balls_name_the_first_entry_that_differs():
    numbers, others = matrix([[1, 2, 3, 4]]), matrix([[0, 5, 3, 6]])
    for verdict, place, lhs, rhs in (
        (agree(numbers, others, bits=64), 0, 1, 0),
        (agree(numbers[:, 1:], others[:, 1:], bits=64), 0, 2, 5),
        (less(others, matrix([[1, 3, 4, 5]]), bits=64), 1, 5, 3),
    ):
        found = verdict.evidence
        assert (found["position"], arb(found["lhs"]), arb(found["rhs"])) == (place, lhs, rhs)


def test_a_verdict_on_exact_matrices_names_their_size():
    assert exactly(eye(2), eye(2)).scope == "2 x 2 rational matrices"


def test_things_of_different_kinds_are_not_compared():
    with pytest.raises(TypeError, match="Matrix and str cannot be compared exactly"):
        exactly(eye(1), "1")


def test_complex_numbers_are_no_dyadic_rationals():
    with pytest.raises(ValueError, match="dyadic needs a 2-D real array"):
        dyadic(np.array([[1 + 0j]], dtype=np.complex64))


def test_a_sum_is_bounded_to_a_few_units_of_rounding_and_a_modulus_is_a_float():
    assert 4 <= sum_up(np.ones((1, 4)), 1)[0] <= 4 * (1 + 16 * UNIT)
    assert modulus_up(np.array([-3])).dtype == np.float64


def test_a_long_product_is_bounded_from_above():
    """The helpers round up a few times; only a product longer than that tells a bound from its rounding."""
    a, b = np.random.default_rng(0).uniform(1, 2, (2, 1, 200))
    exact = sum(Fraction(x) * Fraction(y) for x, y in zip(a[0], b[0], strict=True))
    assert exact <= Fraction(matmul_up(a, b.T)[0, 0]) <= exact * (1 + 500 * Fraction(UNIT))


def test_what_underflows_in_a_long_product_is_in_its_bound():
    """A hundred products of 2⁻¹⁰⁷⁵, each rounded to 0, are 50 times the smallest float."""
    value, bound = chain(np.full((1, 100), 2.0**-538), np.full((100, 1), 2.0**-537))
    assert abs(value[0, 0] - 50 * TINY) <= bound[0, 0]


def test_half_a_gap_is_rounded_down():
    for order in range(3, 40):
        (gap,) = half_gaps(roots_of_unity(1), order)
        with precision(128):
            assert arb(float(gap)) < arb.sin_pi_fmpq(fmpq(1, order * (order - 1)))


@pytest.mark.parametrize("reach", [np.inf, np.nan, -1.0])
def test_a_reach_that_is_no_distance_is_refused(reach):
    with pytest.raises(ValueError, match="a reach must be finite and >= 0"):
        spectrum_within(np.eye(1), [(1, 1)], reach)
