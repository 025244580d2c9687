"""Rounding errs upwards only: every helper is an upper bound of the exact value, checked over the rationals."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from emtheory.judges.floats import gamma
from emtheory.judges.floats.rounding import matmul_up, modulus_up, product_gamma, sum_up, up

U = Fraction(1, 2**53)


def spread(rng, shape, *, low=-40, high=40):
    """Floats of both signs whose magnitudes spread over many binades."""
    return np.ldexp(rng.uniform(-1, 1, shape), rng.integers(low, high, shape))


@pytest.mark.parametrize("k", [1, 2, 3, 7, 128, 4097, 10**6, 2**40])
def test_gamma_is_at_least_its_formula_and_barely_more(k):
    exact = k * U / (1 - k * U)
    assert exact <= Fraction(gamma(k)) <= exact * (1 + 4 * U)


def test_gamma_of_nothing_is_nothing():
    assert gamma(0) == 0.0


@pytest.mark.parametrize("k", [-1, 2**53, 2**60])
def test_gamma_refuses_lengths_the_model_does_not_cover(k):
    with pytest.raises(ValueError, match="gamma"):
        gamma(k)


def test_the_complex_factor_is_at_least_root_two_times_gamma_of_twice_the_length():
    for k in range(1, 200):
        assert Fraction(product_gamma(k, is_complex=True)) ** 2 >= 2 * Fraction(gamma(2 * k)) ** 2


@pytest.mark.many_cases
def test_up_covers_the_rounding_of_each_basic_operation():
    rng = np.random.default_rng(1)
    for x, y in np.abs(spread(rng, (2000, 2))):
        assert Fraction(float(up(x + y))) >= Fraction(x) + Fraction(y)
        assert Fraction(float(up(x * y))) >= Fraction(x) * Fraction(y)
        assert Fraction(float(up(x / y))) >= Fraction(x) / Fraction(y)
        assert Fraction(float(up(np.sqrt(x)))) ** 2 >= Fraction(x)


@pytest.mark.many_cases
@pytest.mark.parametrize("high", [40, -1020])
def test_sums_and_products_are_never_below_the_exact_ones(high):
    rng = np.random.default_rng(2)
    for _ in range(400):
        n, k = rng.integers(1, 5), rng.integers(1, 9)
        a = np.abs(spread(rng, (n, k), low=high - 60, high=high))
        b = np.abs(spread(rng, (k, 2), low=-60, high=5))
        rows, product = sum_up(a, 1), matmul_up(a, b)
        for i in range(n):
            assert Fraction(float(rows[i])) >= sum(map(Fraction, a[i]))
            for j in range(2):
                terms = zip(map(Fraction, a[i]), map(Fraction, b[:, j]), strict=True)
                assert Fraction(float(product[i, j])) >= sum(x * y for x, y in terms)


@pytest.mark.many_cases
@pytest.mark.parametrize(("low", "high"), [(-40, 40), (-1080, -1000), (-540, -500), (900, 1023)])
def test_moduli_are_upper_bounds_and_tight_at_every_scale(low, high):
    rng = np.random.default_rng(3)
    z = spread(rng, 2000, low=low, high=high) + 1j * spread(rng, 2000, low=low, high=high)
    for value, bound in zip(z, modulus_up(z), strict=True):
        square = Fraction(value.real) ** 2 + Fraction(value.imag) ** 2
        assert square <= Fraction(float(bound)) ** 2
        assert (Fraction(float(bound)) - Fraction(2, 2**1074)) ** 2 * (1 - 64 * U) <= square or bound < 2.0**-1070


def test_the_modulus_of_zero_is_next_to_zero():
    assert modulus_up(np.zeros(2, dtype=complex)).max() <= 2.0**-1074
