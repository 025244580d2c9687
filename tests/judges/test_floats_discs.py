"""Eigenvalue discs contain the true eigenvalues, with the right counts, and refuse what they cannot enclose."""

from __future__ import annotations

import numpy as np
import pytest
from flint import acb, acb_mat, arb, fmpq

from emtheory.judges.balls import precision
from emtheory.judges.exact import cycle, direct_sum, dyadic, eye, matrix
from emtheory.judges.floats import chain, eigenvalue_discs, kernels


def counts_in_components(discs, eigenvalues):
    """How many of the true eigenvalues (balls) surely lie in each component of the discs; each must lie in one."""
    found = np.zeros(len(discs.counts), dtype=int)
    with precision(300):
        for value in eigenvalues:
            homes = {
                int(component)
                for center, radius, component in zip(discs.centers, discs.radii, discs.components, strict=True)
                if abs(value - acb(arb(center.real), arb(center.imag))) <= arb(radius)
            }
            assert len(homes) == 1, f"{value} lies in {len(homes)} components"
            found[homes.pop()] += 1
    return found


def true_eigenvalues(a: np.ndarray, bits=300):
    n = len(a)
    with precision(bits):
        entries = [acb(arb(float(z.real)), arb(float(z.imag))) for z in a.flat]
        return acb_mat(n, n, entries).eig(multiple=True)


def integer_basis(rng, n):
    lower = np.tril(rng.integers(-1, 2, (n, n)), -1) + np.eye(n, dtype=int)
    upper = np.triu(rng.integers(-1, 2, (n, n)), 1) + np.eye(n, dtype=int)
    return matrix((lower @ upper).tolist())


@pytest.mark.parametrize("seed", range(40))
def test_arb_finds_the_eigenvalues_of_random_matrices_in_the_discs(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 9))
    a = rng.standard_normal((n, n)) * 10.0 ** rng.integers(-5, 6)
    a = a + 1j * rng.standard_normal((n, n)) if seed % 3 == 0 else a
    discs = eigenvalue_discs(a)
    assert discs.refused is None
    assert counts_in_components(discs, true_eigenvalues(a)).tolist() == discs.counts.tolist()


@pytest.mark.parametrize("seed", range(20))
def test_badly_conditioned_bases_widen_the_discs_but_never_break_them(seed):
    rng = np.random.default_rng(seed)
    basis = rng.standard_normal((6, 6)) @ np.diag(10.0 ** -np.arange(6.0)) @ rng.standard_normal((6, 6))
    a = basis @ np.diag([1, 1, 1, -1, 0, 0.5]) @ np.linalg.inv(basis)
    discs = eigenvalue_discs(a)
    assert discs.refused is None
    assert counts_in_components(discs, true_eigenvalues(a)).tolist() == discs.counts.tolist()


@pytest.mark.parametrize("scale", [1e-310, 1e-290, 1e-150, 1e150, 1e290])
def test_discs_hold_or_are_refused_at_every_scale(scale):
    a = np.array([[3.0, 1.0, 0.0], [-1.0, 2.0, 1.0], [0.5, 0.0, -1.0]]) * scale
    discs = eigenvalue_discs(a)
    if discs.refused is None:
        assert counts_in_components(discs, true_eigenvalues(a, bits=3000)).tolist() == discs.counts.tolist()


def test_overflowing_matrices_are_refused():
    assert eigenvalue_discs(np.full((3, 3), 1e308)).refused


def test_the_discs_of_a_chain_hold_the_spectrum_of_the_exact_product():
    rng = np.random.default_rng(3)
    xi, phi = integer_basis(rng, 6), matrix([[int(i == j) * (i + 1) for j in range(6)] for i in range(6)]) / 3
    for discs in (eigenvalue_discs(chain(xi, phi, xi.inv())), eigenvalue_discs(xi @ phi @ xi.inv())):
        assert counts_in_components(discs, [acb(fmpq(k, 3)) for k in range(1, 7)]).tolist() == discs.counts.tolist()


def test_a_spread_around_the_matrix_is_enclosed_up_to_its_corners():
    center, spread = np.diag([1.0, 2.0]), np.full((2, 2), 0.125)
    discs = eigenvalue_discs((center, spread))
    for corner in ([[1, 1], [1, 1]], [[-1, 1], [1, -1]], [[1, -1], [1, 1]]):
        inside = true_eigenvalues(center + spread * np.array(corner))
        assert counts_in_components(discs, inside).tolist() == discs.counts.tolist()


def test_clusters_of_eight_are_one_component_each():
    rng = np.random.default_rng(5)
    xi = rng.standard_normal((32, 32))
    a = xi @ direct_sum(*[cycle(4)] * 8).numpy() @ np.linalg.inv(xi)
    discs = eigenvalue_discs(a)
    assert discs.counts.tolist() == [8, 8, 8, 8]
    assert discs.radii.max() < 1e-6


def jordan(n, value):
    return eye(n) * value + matrix([[int(j == i + 1) for j in range(n)] for i in range(n)])


@pytest.mark.parametrize("size", [3, 4, 6, 8])
def test_jordan_blocks_in_a_general_basis_are_refused(size):
    rng = np.random.default_rng(size)
    for _ in range(5):
        orthogonal, _ = np.linalg.qr(rng.standard_normal((size, size)))
        discs = eigenvalue_discs(orthogonal @ jordan(size, 1).numpy() @ orthogonal.T)
        assert discs.refused or discs.radii.max() > 1e-6


@pytest.mark.parametrize("value", [0, 1, -2])
@pytest.mark.parametrize("size", [2, 3, 5])
def test_exactly_defective_matrices_are_refused_or_their_eigenvalue_is_inside(size, value):
    rng = np.random.default_rng(size)
    for basis in (eye(size), integer_basis(rng, size), integer_basis(rng, size)):
        discs = eigenvalue_discs((basis @ jordan(size, value) @ basis.inv()).numpy())
        if discs.refused is None:
            assert counts_in_components(discs, [acb(value)] * size).tolist() == discs.counts.tolist()


def test_touching_discs_are_joined():
    discs = eigenvalue_discs((np.diag([0.0, 1.0, 5.0]), np.full((3, 3), 0.2)))
    assert sorted(discs.counts.tolist()) == [1, 2]
    assert discs.components[0] == discs.components[1] != discs.components[2]


def test_too_small_a_radius_would_be_noticed():
    a = np.random.default_rng(1).standard_normal((5, 5))
    discs = eigenvalue_discs(a)
    shrunk = type(discs)(discs.centers + 2 * discs.radii, discs.radii, discs.components)
    with pytest.raises(AssertionError, match="lies in 0 components"):
        counts_in_components(shrunk, true_eigenvalues(a))


@pytest.mark.parametrize("scale", [0.5, 0.9, 1.0, 1.3, 2.5])
def test_lapack_is_not_trusted_with_eigenvalues_nor_with_an_inverse(monkeypatch, scale):
    a = np.array([[1.0, 0.25], [0.0, -2.0]])
    values, vectors = np.linalg.eig(a)
    with monkeypatch.context() as patch:
        patch.setattr(kernels, "eig", lambda a: (values * (1 + 2.0**-20), vectors))
        patch.setattr(kernels, "inverse", lambda x: scale * np.linalg.inv(x))
        discs = eigenvalue_discs(a)
    assert bool(discs.refused) == (scale == 2.5)
    if not discs.refused:
        assert counts_in_components(discs, [acb(1), acb(-2)]).tolist() == [1, 1]


def test_bad_matrices_are_named():
    with pytest.raises(ValueError, match="square"):
        eigenvalue_discs(np.zeros((2, 3)))
    for bad in (np.nan, np.inf):
        with pytest.raises(ValueError, match="NaN or infinite"):
            eigenvalue_discs(np.array([[bad]]))


def test_an_empty_matrix_has_no_discs():
    discs = eigenvalue_discs(np.zeros((0, 0)))
    assert (len(discs.centers), len(discs.counts), discs.refused) == (0, 0, None)


def test_integer_matrices_agree_with_their_exact_value():
    a = matrix([[2, 1], [1, 2]])
    both = eigenvalue_discs(a), eigenvalue_discs(np.array([[2, 1], [1, 2]]))
    assert np.array_equal(both[0].centers, both[1].centers)
    assert dyadic(both[0].radii[None, :]) == dyadic(both[1].radii[None, :])
