"""Protects the split of persistent and transient: a projector that commutes, at the gap that is reported."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emtheory.judges.exact import charpoly, cycle, direct_sum, matrix
from emtheory.judges.floats import norm2_bound
from emtheory.recovery.deflated import spectral_projector
from emtheory.recovery.projector import largest_gap, split

UNIT = np.finfo(np.float64).eps


@settings(max_examples=50, deadline=None)
@given(st.integers(2, 12), st.integers(0, 2**32 - 1))
def test_the_projector_is_idempotent_commutes_and_keeps_the_large_eigenvalues(n, seed):
    W = np.random.default_rng(seed).normal(size=(n, n))
    parts = split(W)
    P, size = parts.projector, norm2_bound(parts.projector)
    rounding = 64 * n * n * UNIT * size**2  # of products of n terms with factors of norm |P|
    assert np.linalg.matrix_rank(P) == parts.count
    assert np.abs(P @ P - P).max() <= rounding
    assert np.abs(P @ W - W @ P).max() <= rounding * norm2_bound(W)
    kept = np.sort(np.abs(np.linalg.eigvals(parts.coordinates @ W @ parts.basis)))[::-1]
    assert np.abs(kept - parts.moduli[: parts.count]).max() <= np.sqrt(rounding) * norm2_bound(W)
    low, high = parts.gap
    assert low < high
    assert (parts.moduli > low).sum() == parts.count


def test_it_is_the_exact_spectral_projector_up_to_rounding():
    whole = matrix([[1, 2, 0, 1], [0, 1, 1, 0], [1, 0, 1, 2], [0, 1, 0, 1]])
    w = whole @ direct_sum(cycle(2), matrix([["1/4", 1], [0, "1/5"]])) @ whole.inv()
    exact = spectral_projector(w, charpoly(cycle(2))).numpy()
    found = split(w.numpy()).projector
    assert np.abs(found - exact).max() <= 2**10 * UNIT * np.abs(exact).max() * np.linalg.cond(whole.numpy()) ** 2


def test_all_of_an_orthogonal_matrix_persists():
    parts = split(np.roll(np.eye(5), 1, axis=0))
    assert (parts.count, parts.gap[0]) == (5, 0.0)
    assert np.array_equal(parts.projector, np.eye(5))


def test_all_of_a_nilpotent_matrix_can_be_kept():
    assert split(np.eye(3, k=1), count=3).count == 3


def test_the_largest_gap_counts_zero_as_one_more():
    assert largest_gap(np.array([1.0, 1.0])) == 2
    assert largest_gap(np.array([1.0, 0.5, 0.4])) == 1


@pytest.mark.parametrize(
    ("W", "count", "message"),
    [
        (np.ones((2, 3)), None, "finite square"),
        (np.full((2, 2), np.nan), None, "finite square"),
        (np.eye(2), 3, "between 1 and n=2"),
        (np.array([[0.0, -1.0], [1.0, 0.0]]), 1, "are both 1"),
        (np.full((3, 3), 1.7e308), None, "overflows"),
    ],
)
def test_what_cannot_be_split_is_refused(W, count, message):
    with pytest.raises(ValueError, match=message):
        split(W, count=count)
