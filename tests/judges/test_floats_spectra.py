"""`spectrum_within` proves what is within reach, refutes what is not, and is undecided where the discs are too wide."""

from __future__ import annotations

import dataclasses
import functools
import operator

import numpy as np
import pytest
from flint import acb, arb, fmpq

from emtheory.judges.balls import precision
from emtheory.judges.exact import cycle, direct_sum, dyadic, eye, matrix, zeros
from emtheory.judges.floats import Eigenvalues, chain, half_gaps, roots_of_unity, spectrum_within
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
    roots = roots_of_unity(8, count=8)
    verdict = spectrum_within(circuit, roots, half_gaps(roots, 128))
    assert (verdict.outcome, verdict.kind) == (Outcome.PROVED, Kind.ENCLOSED)
    assert verdict.evidence["distance"] < 1e-6
    assert verdict.evidence["ratio"] < 1e-2


@pytest.mark.parametrize("order", range(1, 13))
def test_different_roots_of_orders_up_to_n_are_more_than_two_half_gaps_apart(order):
    union = functools.reduce(operator.add, (roots_of_unity(k) for k in range(1, order + 1))) + Eigenvalues.of([(0, 1)])
    reach = half_gaps(union, order)
    apart = np.abs(union.centers[:, None] - union.centers[None, :])
    np.fill_diagonal(apart, np.inf)
    known = union.radii[:, None] + union.radii[None, :]
    same = apart <= known  # the same root comes from several orders, in enclosures of their own that meet
    assert (np.where(same, np.inf, apart) > reach[:, None] + reach[None, :] - known).all()
    if order > 1:
        nearest = np.where(same, np.inf, apart)[:-1, :-1].min()
        assert 2 * reach[:-1].max() == pytest.approx(min(nearest, 1.0), rel=1e-12)


def test_a_multiplicity_moved_to_the_neighbour_is_refuted(circuit):
    good = roots_of_unity(8, count=8)
    shifted = good.multiplicities + np.array([-1, 1, 0, 0, 0, 0, 0, 0])
    verdict = spectrum_within(circuit, Eigenvalues(good.centers, good.radii, shifted), half_gaps(good, 128))
    assert verdict.outcome is Outcome.REFUTED
    assert verdict.evidence["reason"] == "at most 63 of 64 eigenvalues can be paired within reach"


def test_a_dropped_multiplicity_is_refuted(circuit):
    good = roots_of_unity(8, count=8)
    fewer = good.multiplicities - np.array([1, 0, 0, 0, 0, 0, 0, 0])
    expected = Eigenvalues(good.centers, good.radii, fewer)
    assert spectrum_within(circuit, expected, half_gaps(good, 128)).outcome is Outcome.REFUTED


def test_a_whole_missing_cluster_is_refuted(circuit):
    good = roots_of_unity(8, count=8)
    twice = np.array([16, 8, 8, 8, 8, 8, 8])
    missing = Eigenvalues(good.centers[:-1], good.radii[:-1], twice)
    assert spectrum_within(circuit, missing, half_gaps(missing, 128)).outcome is Outcome.REFUTED


@pytest.mark.parametrize("seed", range(20))
def test_an_eigenvalue_perturbed_by_a_millionth_is_refuted_and_the_true_one_proved(seed):
    rng = np.random.default_rng(seed)
    values = [f"{p}/7" for p in rng.permutation(range(-9, 10))[:7]]
    xi = integer_basis(rng, 7)
    exact = [fmpq(*(int(x) for x in value.split("/"))) for value in values]
    a = xi @ diagonal(values) @ xi.inv()
    for W in (a, chain(xi, diagonal(values), xi.inv())):
        planted = [exact[0] + fmpq(1, 10**6), *exact[1:]]
        for reach in (1e-7, 9e-7):
            assert spectrum_within(W, [(value, 1) for value in exact], reach).outcome is Outcome.PROVED
            assert spectrum_within(W, [(value, 1) for value in planted], reach).outcome is Outcome.REFUTED
        assert spectrum_within(W, [(value, 1) for value in planted], 2e-6).outcome is Outcome.PROVED


def test_a_perturbed_matrix_is_refuted():
    a = cycle(6).numpy()
    a[0, 1] += 6e-9  # each eigenvalue moves by about 1e-9
    assert spectrum_within(a, roots_of_unity(6), 5e-10).outcome is Outcome.REFUTED
    assert spectrum_within(a, roots_of_unity(6), 2e-9).outcome is Outcome.PROVED


def test_a_sign_flip_is_refuted():
    negative = roots_of_unity(5, sign=-1)
    assert spectrum_within(cycle(5), negative, half_gaps(negative, 10)).outcome is Outcome.REFUTED


def test_two_values_that_the_discs_cannot_tell_apart_are_undecided():
    basis = np.array([[1.0, 1.0], [0.0, 1e-4]])
    near = 1 + 2.0**-40
    a = dyadic(basis) @ diagonal([1, dyadic([[near]])[0, 0]]) @ dyadic(basis).inv()
    half = 2.0**-41
    assert spectrum_within(a, [(1.0, 1), (near, 1)], half).outcome is not Outcome.REFUTED
    assert spectrum_within(a, [(1.0, 2)], half).outcome is not Outcome.PROVED
    wide = (a.numpy(), np.full((2, 2), 1e-9))
    for expected in ([(1.0, 1), (near, 1)], [(1.0, 2)], [(near, 2)]):
        assert spectrum_within(wide, expected, half).outcome is Outcome.UNDECIDED


def test_a_disc_wider_than_the_claim_is_undecided_and_a_narrower_one_decides():
    spread = (np.eye(2), np.full((2, 2), 0.1))  # the eigenvalues are within 0.2 of 1, and some as far
    assert spectrum_within(spread, [(1, 2)], 0.19).outcome is Outcome.UNDECIDED
    assert spectrum_within(spread, [(1, 2)], 0.21).outcome is Outcome.PROVED
    assert spectrum_within(spread, [(2, 2)], 0.79).outcome is Outcome.REFUTED
    assert spectrum_within(spread, [(2, 2)], 0.81).outcome is Outcome.UNDECIDED


def test_other_eigenvalues_are_not_proved_by_discs_that_hold_both():
    rng = np.random.default_rng(0)
    left, _, right = np.linalg.svd(rng.standard_normal((4, 4)))
    basis = left * 10.0 ** (-7 * np.linspace(0, 1, 4)) @ right
    W = basis @ np.diag([1.0, 2, 3, 4]) @ np.linalg.inv(basis)
    for reach in (1e-3, 5e-3, 9e-3):
        assert spectrum_within(W, [(k + 0.01, 1) for k in (1, 2, 3, 4)], reach).outcome is not Outcome.PROVED


def test_eigenvalues_are_paired_so_that_all_are_within_reach_if_any_pairing_does_it():
    W = np.diag([0.0, 1.0, 2.0])
    expected = [(0.9, 1), (1.9, 1), (2.9, 1)]  # the nearest ones, 1 and 2, leave 2.9 for 0
    assert spectrum_within(W, expected, 0.95).outcome is Outcome.PROVED
    assert spectrum_within(W, expected, 0.85).outcome is Outcome.REFUTED


def test_each_expected_number_may_have_a_reach_of_its_own():
    W, expected = np.diag([0.25, 1.0]), [(0, 1), (1, 1)]
    assert spectrum_within(W, expected, np.array([0.3, 1e-9])).outcome is Outcome.PROVED
    assert spectrum_within(W, expected, np.array([1e-9, 0.3])).outcome is Outcome.REFUTED
    assert "within 1.0e-9 to 3.1e-1" in spectrum_within(W, expected, np.array([0.301, 1e-9])).scope


@pytest.mark.parametrize("reach", [-1.0, np.nan, np.inf, [0.1], [[0.1, 0.1]]])
def test_a_reach_that_says_nothing_is_refused(reach):
    with pytest.raises(ValueError, match="reach must be"):
        spectrum_within(np.eye(2), [(0, 1), (1, 1)], reach)


def jordan(n, value):
    return eye(n) * value + matrix([[int(j == i + 1) for j in range(n)] for i in range(n)])


@pytest.mark.parametrize("size", [2, 3, 4, 6, 8])
@pytest.mark.parametrize("value", [0, 1])
def test_defective_matrices_never_prove_a_wrong_spectrum_nor_refute_the_right_one(size, value):
    rng = np.random.default_rng(size)
    for basis in (eye(size), *(integer_basis(rng, size) for _ in range(5))):
        a = basis @ jordan(size, value) @ basis.inv()
        wrong = [(value, size - 1), (value + fmpq(1, 2), 1)]
        for reach in (2.0**-40, 2.0**-10, 0.249):
            assert spectrum_within(a, [(value, size)], reach).outcome is not Outcome.REFUTED
            assert spectrum_within(a, wrong, reach).outcome is not Outcome.PROVED


@pytest.mark.parametrize("size", [4, 6, 8])
def test_float_jordan_blocks_at_zero_are_undecided(size):
    assert spectrum_within(jordan(size, 0).numpy(), [(0, size)], 2.0**-10).outcome is Outcome.UNDECIDED


@pytest.mark.parametrize("seed", range(30))
def test_exact_circuits_that_forget_are_proved_by_graded_bases_and_planted_errors_are_refuted(seed):
    rng = np.random.default_rng(seed)
    orders, blocks = rng.integers(2, 7, 3), rng.integers(1, 7, 2)
    phi = direct_sum(*(cycle(int(k)) for k in orders), *(jordan(int(k), 0) for k in blocks))
    xi = integer_basis(rng, len(phi))
    W = xi @ phi @ xi.inv()
    persistent = functools.reduce(operator.add, (roots_of_unity(int(k)) for k in orders))
    expected = persistent + Eigenvalues.of([(0, int(sum(blocks)))])
    # a Jordan block allows no narrow disc around 0, but does not widen those of the others
    reach = np.where(expected.centers == 0, half_gaps(expected, 2 * len(phi)), 5e-7)
    assert spectrum_within(W, expected, reach).outcome is Outcome.PROVED
    moved = dataclasses.replace(expected, centers=expected.centers + 1e-6 * (expected.centers.real > 0.99))
    assert spectrum_within(W, moved, reach).outcome is Outcome.REFUTED
    shifted = expected.multiplicities + (expected.centers == 1) - (expected.centers == 0)
    assert spectrum_within(W, dataclasses.replace(expected, multiplicities=shifted), reach).outcome is Outcome.REFUTED


def test_a_jordan_block_of_a_persistent_eigenvalue_in_a_general_basis_is_not_proved_otherwise():
    rng = np.random.default_rng(4)
    xi = integer_basis(rng, 6)
    W = xi @ direct_sum(jordan(3, 1), jordan(3, 0)) @ xi.inv()
    for expected in ([(1, 2), (0, 4)], [(1, 4), (0, 2)], [(1, 2), (-1, 1), (0, 3)]):
        assert spectrum_within(W, expected, 0.49).outcome is not Outcome.PROVED


def test_the_zero_matrix_has_the_eigenvalue_zero():
    assert spectrum_within(zeros(3, 3), [(0, 3)], 2.0**-1000).outcome is Outcome.PROVED
    assert spectrum_within(zeros(3, 3), [(0, 2), (1, 1)], 0.99).outcome is Outcome.REFUTED


def test_complex_matrices_are_judged():
    a = np.array([[1j, 1.0], [0.0, -1j]])
    assert spectrum_within(a, [(1j, 1), (-1j, 1)], 1e-12).outcome is Outcome.PROVED
    assert spectrum_within(a, [(1j, 2)], 1.99).outcome is Outcome.REFUTED


def test_only_square_matrices_have_eigenvalues():
    with pytest.raises(ValueError, match="square"):
        spectrum_within(np.ones((2, 3)), [(0, 5)], 0.5)


def test_the_number_of_expected_values_is_held_against_the_size():
    verdict = spectrum_within(cycle(3), roots_of_unity(4), 9.0)
    assert verdict.outcome is Outcome.REFUTED
    assert "4 eigenvalues expected of a matrix that has 3" in verdict.evidence["reason"]
    assert spectrum_within(zeros(0, 0), [], 0.5).outcome is Outcome.UNDECIDED


def test_a_number_known_less_well_than_the_claim_is_undecided():
    number = Eigenvalues(np.array([1 + 0j]), np.array([1e-3]), np.array([1]))
    assert spectrum_within(np.array([[1.0]]), number, 9e-4).outcome is Outcome.UNDECIDED
    assert spectrum_within(np.array([[1.0]]), number, 1.1e-3).outcome is Outcome.PROVED


def test_unions_of_expected_spectra_add_multiplicities():
    union = roots_of_unity(2, count=2) + Eigenvalues.of([(1, 3), (0, 1)])
    assert dict(zip(union.centers.tolist(), union.multiplicities.tolist(), strict=True)) == {1: 5, -1: 2, 0: 1}
    W = direct_sum(cycle(2), cycle(2), eye(3), zeros(1, 1))
    assert spectrum_within(W, union, half_gaps(union, 2 * len(W))).outcome is Outcome.PROVED


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: roots_of_unity(0), "order >= 1"),
        (lambda: roots_of_unity(3, sign=2), "sign"),
        (lambda: half_gaps(roots_of_unity(3), 0), "order >= 1"),
        (lambda: Eigenvalues.of([(1, 0)]), "multiplicity"),
        (lambda: Eigenvalues.of([(np.nan, 1)]), "finite"),
        (lambda: Eigenvalues(np.array([1j]), np.array([-1.0]), np.array([1])), "radii"),
        (lambda: Eigenvalues(np.array([1j]), np.zeros(2), np.array([1])), "one length"),
    ],
)
def test_impossible_expectations_are_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()
