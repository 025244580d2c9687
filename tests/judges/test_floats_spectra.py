"""`spectrum_is` proves the right spectrum, refutes planted errors, and is undecided where the discs are too wide."""

from __future__ import annotations

import dataclasses
import functools
import operator

import numpy as np
import pytest
from flint import acb, arb, fmpq

from emtheory.judges.balls import precision
from emtheory.judges.exact import cycle, direct_sum, dyadic, eye, matrix, zeros
from emtheory.judges.floats import Eigenvalues, chain, roots_of_unity, spectrum_is
from emtheory.verdict import Kind, Outcome


def integer_basis(rng, n):
    lower = np.tril(rng.integers(-1, 2, (n, n)) * (rng.random((n, n)) < 3 / n), -1) + np.eye(n, dtype=int)
    upper = np.triu(rng.integers(-1, 2, (n, n)) * (rng.random((n, n)) < 3 / n), 1) + np.eye(n, dtype=int)
    return matrix((lower @ upper).tolist())


def diagonal(values):
    return matrix([[value if i == j else 0 for j in range(len(values))] for i, value in enumerate(values)])


@pytest.fixture(scope="module")
def circuit():
    """Eight cycles of length eight in a random basis: eight clusters of exactly eight eigenvalues."""
    xi = integer_basis(np.random.default_rng(8), 64)
    return xi @ direct_sum(*[cycle(8)] * 8) @ xi.inv()


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("order", [1, 2, 3, 4, 7, 12, 100])
def test_roots_of_unity_lie_in_their_enclosures(order, sign):
    roots = roots_of_unity(order, sign=sign, count=3)
    assert roots.radii.max() <= 4 * 2.0**-53
    assert roots.multiplicities.tolist() == [3] * order
    with precision(200):
        for q, (center, radius) in enumerate(zip(roots.centers, roots.radii, strict=True)):
            true = acb(fmpq(2 * q + (sign < 0), order)).exp_pi_i()
            assert not abs(true - acb(arb(center.real), arb(center.imag))) > arb(radius)
            assert abs(true**order - sign) < arb(2) ** -150


def test_clusters_of_eight_are_proved(circuit):
    verdict = spectrum_is(circuit, roots_of_unity(8, count=8))
    assert (verdict.outcome, verdict.kind) == (Outcome.PROVED, Kind.ENCLOSED)
    assert verdict.evidence["reach"] < 1e-6
    assert verdict.evidence["ratio"] < 1e-5


def test_a_multiplicity_moved_to_the_neighbour_is_refuted(circuit):
    good = roots_of_unity(8, count=8)
    shifted = good.multiplicities + np.array([-1, 1, 0, 0, 0, 0, 0, 0])
    verdict = spectrum_is(circuit, Eigenvalues(good.centers, good.radii, shifted))
    assert verdict.outcome is Outcome.REFUTED
    assert "expected, but 8 are there" in verdict.evidence["reason"]


def test_a_dropped_multiplicity_is_refuted(circuit):
    good = roots_of_unity(8, count=8)
    fewer = good.multiplicities - np.array([1, 0, 0, 0, 0, 0, 0, 0])
    assert spectrum_is(circuit, Eigenvalues(good.centers, good.radii, fewer)).outcome is Outcome.REFUTED


def test_a_whole_missing_cluster_is_refuted(circuit):
    good = roots_of_unity(8, count=8)
    twice = np.array([16, 8, 8, 8, 8, 8, 8])
    missing = Eigenvalues(good.centers[:-1], good.radii[:-1], twice)
    assert spectrum_is(circuit, missing).outcome is Outcome.REFUTED


@pytest.mark.parametrize("seed", range(20))
def test_an_eigenvalue_perturbed_by_a_millionth_is_refuted_and_the_true_one_proved(seed):
    rng = np.random.default_rng(seed)
    values = [f"{p}/7" for p in rng.permutation(range(-9, 10))[:7]]
    xi = integer_basis(rng, 7)
    exact = [fmpq(*(int(x) for x in value.split("/"))) for value in values]
    a = xi @ diagonal(values) @ xi.inv()
    for W in (a, chain(xi, diagonal(values), xi.inv())):
        assert spectrum_is(W, [(value, 1) for value in exact]).outcome is Outcome.PROVED
        planted = [exact[0] + fmpq(1, 10**6), *exact[1:]]
        assert spectrum_is(W, [(value, 1) for value in planted]).outcome is Outcome.REFUTED


def test_a_perturbed_matrix_is_refuted():
    a = cycle(6).numpy()
    a[0, 1] += 1e-9
    assert spectrum_is(a, roots_of_unity(6)).outcome is Outcome.REFUTED


def test_a_sign_flip_is_refuted():
    assert spectrum_is(cycle(5), roots_of_unity(5, sign=-1)).outcome is Outcome.REFUTED


def test_two_values_that_the_discs_cannot_tell_apart_are_undecided():
    basis = np.array([[1.0, 1.0], [0.0, 1e-4]])
    near = 1 + 2.0**-40
    a = dyadic(basis) @ diagonal([1, dyadic([[near]])[0, 0]]) @ dyadic(basis).inv()
    for expected in ([(1.0, 1), (near, 1)], [(1.0, 2)], [(near, 2)]):
        assert spectrum_is(a, expected).outcome is not Outcome.REFUTED or expected != [(1.0, 1), (near, 1)]
    wide = (a.numpy(), np.full((2, 2), 1e-9))
    assert spectrum_is(wide, [(1.0, 1), (near, 1)]).outcome is Outcome.UNDECIDED


def test_discs_as_wide_as_the_matrix_prove_nothing():
    assert spectrum_is((np.eye(2), np.full((2, 2), 1.0)), [(1, 2)]).outcome is Outcome.UNDECIDED
    assert spectrum_is((np.eye(2), np.full((2, 2), 0.1)), [(1, 2)]).outcome is Outcome.PROVED


def jordan(n, value):
    return eye(n) * value + matrix([[int(j == i + 1) for j in range(n)] for i in range(n)])


@pytest.mark.parametrize("size", [2, 3, 4, 6, 8])
@pytest.mark.parametrize("value", [0, 1])
def test_defective_matrices_never_prove_a_wrong_spectrum_nor_refute_the_right_one(size, value):
    rng = np.random.default_rng(size)
    for basis in (eye(size), *(integer_basis(rng, size) for _ in range(5))):
        a = basis @ jordan(size, value) @ basis.inv()
        assert spectrum_is(a, [(value, size)]).outcome is not Outcome.REFUTED
        wrong = [(value, size - 1), (value + fmpq(1, 2), 1)]
        assert spectrum_is(a, wrong).outcome is not Outcome.PROVED


@pytest.mark.parametrize("size", [4, 6, 8])
def test_float_jordan_blocks_at_zero_are_undecided(size):
    assert spectrum_is(jordan(size, 0).numpy(), [(0, size)]).outcome is Outcome.UNDECIDED


@pytest.mark.parametrize("seed", range(30))
def test_exact_circuits_that_forget_are_proved_by_graded_bases_and_planted_errors_are_refuted(seed):
    rng = np.random.default_rng(seed)
    orders, blocks = rng.integers(2, 7, 3), rng.integers(1, 7, 2)
    phi = direct_sum(*(cycle(int(k)) for k in orders), *(jordan(int(k), 0) for k in blocks))
    xi = integer_basis(rng, len(phi))
    W = xi @ phi @ xi.inv()
    persistent = functools.reduce(operator.add, (roots_of_unity(int(k)) for k in orders))
    zeros_at = int(sum(blocks))
    assert spectrum_is(W, persistent + Eigenvalues.of([(0, zeros_at)])).outcome is Outcome.PROVED
    assert spectrum_is(W, persistent + Eigenvalues.of([(0, zeros_at - 1), (1, 1)])).outcome is not Outcome.PROVED
    moved = dataclasses.replace(persistent, centers=persistent.centers + 1e-6 * (persistent.centers.real > 0.99))
    assert spectrum_is(W, moved + Eigenvalues.of([(0, zeros_at)])).outcome is Outcome.REFUTED


def test_a_jordan_block_of_a_persistent_eigenvalue_in_a_general_basis_is_not_proved_otherwise():
    rng = np.random.default_rng(4)
    xi = integer_basis(rng, 6)
    W = xi @ direct_sum(jordan(3, 1), jordan(3, 0)) @ xi.inv()
    for expected in ([(1, 2), (0, 4)], [(1, 4), (0, 2)], [(1, 2), (-1, 1), (0, 3)]):
        assert spectrum_is(W, expected).outcome is not Outcome.PROVED


def test_the_zero_matrix_has_the_eigenvalue_zero():
    assert spectrum_is(zeros(3, 3), [(0, 3)]).outcome is Outcome.PROVED
    assert spectrum_is(zeros(3, 3), [(0, 2), (1, 1)]).outcome is Outcome.REFUTED


def test_complex_matrices_are_judged():
    a = np.array([[1j, 1.0], [0.0, -1j]])
    assert spectrum_is(a, [(1j, 1), (-1j, 1)]).outcome is Outcome.PROVED
    assert spectrum_is(a, [(1j, 2)]).outcome is Outcome.REFUTED


def test_only_square_matrices_have_eigenvalues():
    with pytest.raises(ValueError, match="square"):
        spectrum_is(np.ones((2, 3)), [(0, 5)])


def test_the_number_of_expected_values_is_held_against_the_size():
    verdict = spectrum_is(cycle(3), roots_of_unity(4))
    assert verdict.outcome is Outcome.REFUTED
    assert "4 eigenvalues expected of a matrix that has 3" in verdict.evidence["reason"]
    assert spectrum_is(zeros(0, 0), []).outcome is Outcome.UNDECIDED


def test_expected_values_on_the_rim_of_a_disc_are_undecided():
    a = np.array([[1.0]])
    assert spectrum_is(a, Eigenvalues(np.array([1 + 0j]), np.array([1e-3]), np.array([1]))).outcome is Outcome.UNDECIDED


def test_unions_of_expected_spectra_add_multiplicities():
    union = roots_of_unity(2, count=2) + Eigenvalues.of([(1, 3), (0, 1)])
    assert dict(zip(union.centers.tolist(), union.multiplicities.tolist(), strict=True)) == {1: 5, -1: 2, 0: 1}
    W = direct_sum(cycle(2), cycle(2), eye(3), zeros(1, 1))
    assert spectrum_is(W, union).outcome is Outcome.PROVED


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: roots_of_unity(0), "order >= 1"),
        (lambda: roots_of_unity(3, sign=2), "sign"),
        (lambda: Eigenvalues.of([(1, 0)]), "multiplicity"),
        (lambda: Eigenvalues.of([(np.nan, 1)]), "finite"),
        (lambda: Eigenvalues(np.array([1j]), np.array([-1.0]), np.array([1])), "radii"),
        (lambda: Eigenvalues(np.array([1j]), np.zeros(2), np.array([1])), "one length"),
    ],
)
def test_impossible_expectations_are_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()
