"""Tight residuals: within their bound of the exact AB − C, and far sharper than plain float64."""

from __future__ import annotations

import numpy as np
import pytest

from emtheory.judges.exact import dyadic
from emtheory.judges.floats import chain, tight_residual
from emtheory.judges.floats.comparing import within
from emtheory.verdict import Outcome


def spread(rng, shape, low, high):
    return np.ldexp(rng.uniform(-1, 1, shape), rng.integers(low, high + 1, shape))


@pytest.mark.many_cases
@pytest.mark.parametrize(("low", "high"), [(0, 0), (-30, 30), (-200, 200), (-1074, -900), (-600, -480), (-1074, 480)])
def test_the_exact_residual_lies_within_the_bound_at_every_scale(low, high):
    rng = np.random.default_rng(7)
    for _ in range(60):
        n, k, m = rng.integers(1, 6, 3)
        a, b = spread(rng, (n, k), low, high), spread(rng, (k, m), low, high)
        c = rng.choice([0.0, 1.0]) * (a @ b)
        value, bound = tight_residual(a, b, c)
        assert within(value, dyadic(a) @ dyadic(b) - dyadic(c), bound).outcome is Outcome.PROVED


@pytest.mark.parametrize("n", [8, 40, 129])
def test_the_residual_of_an_inverse_is_known_far_below_the_unit_roundoff(n):
    rng = np.random.default_rng(n)
    a = rng.standard_normal((n, n))
    inverse = np.linalg.inv(a)
    value, bound = tight_residual(a, inverse, np.eye(n))
    plain = chain(a, inverse).bound
    assert bound.max() < 1e-12 * plain.max()
    assert np.abs(value).max() < 1e-9
    if n == 8:
        assert within(value, dyadic(a) @ dyadic(inverse) - dyadic(np.eye(n)), bound).outcome is Outcome.PROVED


def test_a_residual_one_bound_off_is_refuted():
    rng = np.random.default_rng(4)
    a, b = rng.standard_normal((3, 3)), rng.standard_normal((3, 3))
    value, bound = tight_residual(a, b, a @ b)
    exact = dyadic(a) @ dyadic(b) - dyadic(a @ b)
    assert within(value * (1 + 1e-12), exact, bound).outcome is Outcome.REFUTED


@pytest.mark.many_cases
def test_complex_residuals_have_the_parts_of_the_exact_one():
    rng = np.random.default_rng(5)
    for _ in range(100):
        parts = rng.standard_normal((4, 3, 3))
        a, b = parts[0] + 1j * parts[1], parts[2] + 1j * parts[3]
        c = a @ b
        value, bound = tight_residual(a, b, c)
        ar, ai, br, bi = (dyadic(part) for part in parts)
        re, im = ar @ br - ai @ bi - dyadic(c.real.copy()), ar @ bi + ai @ br - dyadic(c.imag.copy())
        assert within(value.real, re, bound).outcome is Outcome.PROVED
        assert within(value.imag, im, bound).outcome is Outcome.PROVED


def test_entries_that_may_overflow_and_wrong_shapes_are_refused():
    with pytest.raises(ValueError, match=r"2\*\*500"):
        tight_residual(np.array([[1e200]]), np.array([[1.0]]), np.array([[0.0]]))
    with pytest.raises(ValueError, match="do not fit"):
        tight_residual(np.eye(2), np.eye(3), np.eye(2))
    with pytest.raises(ValueError, match="NaN"):
        tight_residual(np.eye(1), np.eye(1), np.array([[np.nan]]))
