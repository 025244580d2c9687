"""Norm bounds are above the 2-norm (proved by exact vectors and determinants), and close to it."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from emtheory.judges.exact import cycle, direct_sum, dyadic, eye, matrix
from emtheory.judges.floats import kernels, norm2_bound, similarity_defect


def is_above(bound: float, a: np.ndarray) -> bool:
    """bound² I − AᵀA is positive semidefinite: the coefficients of its exact characteristic polynomial alternate."""
    exact = dyadic(a)
    square = Fraction(bound) ** 2
    coefficients = (eye(a.shape[1]) * square - exact.T @ exact).flint.charpoly().coeffs()
    n = a.shape[1]
    return all((-1) ** (n - k) * c >= 0 for k, c in enumerate(coefficients))


@pytest.mark.parametrize("seed", range(150))
def test_no_matrix_stretches_a_vector_beyond_the_bound(seed):
    rng = np.random.default_rng(seed)
    n, k = rng.integers(1, 6, 2)
    a = np.ldexp(rng.uniform(-1, 1, (n, k)), rng.integers(-30, 30, (n, k)))
    bound = norm2_bound(a)
    assert is_above(bound, a)
    assert not is_above(bound * (1 - 1e-6), a)


def test_the_witness_of_this_file_can_fail():
    assert not is_above(1.9, np.array([[2.0]]))


@pytest.mark.parametrize("scale", [1e-320, 1e-300, 1e-160, 1e150, 1e300])
def test_scaling_neither_overflows_nor_loses_the_bound(scale):
    a = np.array([[3.0, 1.0], [-2.0, 0.5]]) * scale
    bound = norm2_bound(a)
    assert is_above(bound, a)
    assert bound < np.linalg.norm(a / scale, 2) * scale * (1 + 1e-8) + 1e-321


@pytest.mark.parametrize("n", [40, 128])
def test_large_matrices_are_bounded_closely(n):
    a = np.random.default_rng(n).standard_normal((n, n))
    assert 1 - 1e-13 < norm2_bound(a) / np.linalg.norm(a, 2) < 1 + 1e-8


def test_complex_matrices_and_enclosures_are_bounded():
    a = np.array([[1j, 1.0], [0.0, 1.0]])
    assert np.linalg.norm(a, 2) * (1 - 1e-14) <= norm2_bound(a) < np.linalg.norm(a, 2) * (1 + 1e-8)
    assert norm2_bound((np.eye(2), np.full((2, 2), 0.5))) >= 2.0
    assert norm2_bound(np.zeros((3, 3))) == 0.0
    assert norm2_bound(np.zeros((0, 3))) == 0.0
    assert Fraction(norm2_bound(matrix([["1/3"]]))) >= Fraction(1, 3)


def test_an_overflowing_norm_is_infinite():
    assert norm2_bound(np.full((4, 4), 1.7e308)) == np.inf


def test_nan_is_rejected():
    with pytest.raises(ValueError, match="NaN"):
        norm2_bound(np.array([[np.nan]]))


def integer_basis(rng, n):
    lower = np.tril(rng.integers(-1, 2, (n, n)), -1) + np.eye(n, dtype=int)
    upper = np.triu(rng.integers(-1, 2, (n, n)), 1) + np.eye(n, dtype=int)
    return matrix((lower @ upper).tolist())


def test_an_exact_similarity_has_no_defect():
    xi, phi = integer_basis(np.random.default_rng(1), 6), direct_sum(cycle(2), cycle(4))
    assert similarity_defect(xi @ phi @ xi.inv(), xi, phi) < 1e-300


@pytest.mark.parametrize("seed", range(20))
def test_a_planted_defect_is_bounded_from_above_and_closely(seed):
    rng = np.random.default_rng(seed)
    xi, phi = integer_basis(rng, 5), cycle(5)
    planted = rng.standard_normal((5, 5)) * 1e-7
    W = xi @ (phi + dyadic(planted)) @ xi.inv()
    assert is_above(similarity_defect(W, xi, phi), planted)
    assert similarity_defect(W, xi, phi) < np.linalg.norm(planted, 2) * (1 + 1e-6)


def test_a_float_similarity_has_a_small_defect_that_bounds_the_exact_one():
    rng = np.random.default_rng(7)
    xi, phi = rng.standard_normal((6, 6)), np.roll(np.eye(6), 1, axis=1)
    W = xi @ phi @ np.linalg.inv(xi)
    defect = similarity_defect(W, xi, phi)
    exact = dyadic(xi).inv() @ dyadic(W) @ dyadic(xi) - dyadic(phi)
    square = exact.T @ exact
    largest = max(float(x) for row in square for x in row)
    assert largest <= defect**2 < 1e-20
    assert defect <= 6 * largest**0.5


def test_a_basis_that_may_be_singular_has_no_finite_defect():
    assert similarity_defect(np.eye(2), np.ones((2, 2)), np.eye(2)) == np.inf
    nearly = np.array([[1.0, 1.0], [1.0, 1.0 + 2.0**-52]])
    assert similarity_defect(np.eye(2), nearly, np.eye(2)) == np.inf


def test_the_defect_needs_square_matrices_of_one_size():
    with pytest.raises(ValueError, match="n x n"):
        similarity_defect(np.eye(2), np.eye(3), np.eye(3))


def test_lapack_is_not_trusted(monkeypatch):
    a = np.random.default_rng(3).standard_normal((4, 4))
    with monkeypatch.context() as patch:
        patch.setattr(kernels, "norm2", lambda x: 0.5 * float(np.linalg.norm(x, 2)))
        patch.setattr(kernels, "cholesky", lambda shifted: np.eye(len(shifted)) * 0.1)
        assert is_above(norm2_bound(a), a)
