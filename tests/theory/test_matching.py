from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emtheory.theory.matching import argument_errors, persistent_eigenvalues, spectrum_distance

SEARCH = settings(max_examples=100, deadline=None, derandomize=True)
HUGE = np.finfo(float).max

parts = st.one_of(
    st.sampled_from([0.0, 1.0, -1.0, 1e308, -1e308, HUGE, 5e-324]),
    st.floats(-2, 2),
    st.floats(allow_nan=False, allow_infinity=False),
)
numbers = st.builds(complex, parts, parts)
MODEST = st.builds(complex, st.floats(-2, 2), st.floats(-2, 2))


@st.composite
def spectra(draw, count, values=numbers):
    n = draw(st.integers(1, 5))
    return [draw(st.lists(values, min_size=n, max_size=n)) for _ in range(count)]


@SEARCH
@given(spectra(1), st.randoms(use_true_random=False))
def test_a_spectrum_has_distance_zero_from_itself_in_any_order(drawn, random):
    (a,) = drawn
    shuffled = random.sample(a, len(a))
    assert spectrum_distance(a, shuffled) == 0


@SEARCH
@given(spectra(2))
def test_the_distance_is_symmetric_finite_and_zero_only_for_equal_multisets(drawn):
    a, b = drawn
    distance = spectrum_distance(a, b)
    assert distance == spectrum_distance(b, a)
    assert 0 <= distance <= HUGE
    same = sorted((z.real + 0.0, z.imag + 0.0) for z in a) == sorted((z.real + 0.0, z.imag + 0.0) for z in b)
    assert (distance == 0) == same


@SEARCH
@given(spectra(3))
def test_the_distance_obeys_the_triangle_inequality_up_to_one_rounding(drawn):
    a, b, c = drawn
    detour = spectrum_distance(a, b) / 4 + spectrum_distance(b, c) / 4  # quartered: the sum may overflow
    assert spectrum_distance(a, c) / 4 <= detour * (1 + 8 * np.finfo(float).eps) + 5e-324


@SEARCH
@given(spectra(2, MODEST))
def test_the_matching_is_the_best_of_all(drawn):
    a, b = drawn
    best = min(max(abs(x - y) for x, y in zip(a, order, strict=True)) for order in permutations(b))
    assert abs(spectrum_distance(a, b) - best) <= 4 * np.finfo(float).eps * best


def test_the_distance_sees_moduli_as_well_as_arguments():
    assert spectrum_distance([1, 1j], [1, 3j]) == 2
    assert spectrum_distance([1, -1], [0.5, -1]) == 0.5


def test_greedy_matching_would_be_wrong_where_the_optimum_is_not_the_nearest_pair():
    a, b = (np.exp(1j * np.deg2rad(angles)) for angles in ([0, 40], [30, -50]))
    assert spectrum_distance(a, b) == pytest.approx(abs(np.exp(1j * np.deg2rad(50)) - 1), rel=1e-14)
    errors = argument_errors(a, b)  # 0° with −50°, 40° with 30°
    assert errors.mean == pytest.approx(np.deg2rad(30), rel=1e-14)
    assert errors.maximum == pytest.approx(np.deg2rad(50), rel=1e-14)


def test_two_spectra_of_different_size_or_with_nan_are_refused():
    with pytest.raises(ValueError, match="have 2 and 1"):
        spectrum_distance([1, 2], [1])
    for wrong in ([np.nan, 1], [np.inf, 1], [complex(0, np.nan), 1]):
        with pytest.raises(ValueError, match="must be finite"):
            spectrum_distance(wrong, [1, 2])
        with pytest.raises(ValueError, match="must be finite"):
            spectrum_distance([1, 2], wrong)
    with pytest.raises(ValueError, match="vector of numbers"):
        spectrum_distance([[1]], [[1]])
    with pytest.raises(ValueError, match="vector of numbers"):
        spectrum_distance(["1"], ["1"])


def test_empty_spectra_are_equal():
    assert spectrum_distance([], []) == 0


@pytest.mark.parametrize("n", [1, 2, 7, 64])
def test_roots_of_unity_against_themselves_have_no_argument_error(n):
    roots = np.exp(2j * np.pi * np.arange(n) / n)
    errors = argument_errors(roots, np.roll(roots, 3))
    assert (errors.mean, errors.maximum, errors.count) == (0, 0, n)


@SEARCH
@given(st.integers(2, 12), st.floats(-0.2, 0.2), st.floats(0.9, 1.1))
def test_a_common_rotation_is_the_argument_error_whatever_the_moduli(n, turn, scale):
    roots = np.exp(2j * np.pi * np.arange(n) / n)
    learned = np.append(scale * roots * np.exp(1j * turn), [0.5, -0.3])
    errors = argument_errors(learned, roots)
    assert errors.count == n
    expected = min(abs(turn - 2 * np.pi * k / n) for k in range(-n, n + 1))
    assert errors.mean == pytest.approx(expected, abs=1e-12)


def test_arguments_are_compared_on_the_circle():
    errors = argument_errors([np.exp(3.1j)], [np.exp(-3.1j)])
    assert errors.maximum == pytest.approx(2 * np.pi - 6.2, rel=1e-12)


def test_different_numbers_of_persistent_eigenvalues_are_said_and_not_matched():
    with pytest.raises(ValueError, match=r"but 2 learned and 1 predicted ones have modulus > 0\.8"):
        argument_errors([1, -1, 0.1], [1, 0, 0])
    with pytest.raises(ValueError, match="no arguments to compare"):
        argument_errors([0.1], [0.2])


def test_the_threshold_is_strict_and_an_argument():
    assert persistent_eigenvalues([0.8, 0.81, -1]).tolist() == [0.81, -1]
    assert persistent_eigenvalues([0.8, 0.81, -1], threshold=0.5).tolist() == [0.8, 0.81, -1]
    assert argument_errors([0.6, 0.1], [1, 0], threshold=0.5).count == 1
    for wrong in (-0.1, np.nan):
        with pytest.raises(ValueError, match="at least 0"):
            persistent_eigenvalues([1], threshold=wrong)
