"""Protects memory bases: Gram matrix, gauge, and singular values bounded with proof."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emtheory.judges.exact import eye, matrix, zeros
from emtheory.theorems.cases import circuits, invertible_matrices, matrices
from emtheory.theory.memories import MemoryBasis, norm_bound, positive_semidefinite, singular_bounds

SHAPES = st.tuples(st.integers(1, 5), st.integers(1, 5))


@settings(max_examples=60, deadline=None)
@given(SHAPES.flatmap(lambda shape: matrices(*shape)))
def test_the_norm_bound_is_above_every_quotient_and_close_to_the_largest_singular_value(a):
    bound = norm_bound(a)
    assert positive_semidefinite(bound * eye(a.shape[1]) - a.T @ a)
    largest = np.linalg.norm(a.numpy(), 2) ** 2
    assert float(bound.p) / float(bound.q) <= largest * (1 + 2**-20)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 5).flatmap(invertible_matrices))
def test_singular_values_lie_between_the_bounds(a):
    low, high = singular_bounds(a)
    assert 0 < low <= high
    assert positive_semidefinite(a.T @ a - low * eye(len(a)))
    assert not positive_semidefinite(a.T @ a - 2 * high * eye(len(a)))


def test_a_matrix_without_full_rank_has_no_least_singular_value():
    with pytest.raises(ValueError, match="no full rank"):
        singular_bounds(matrix([[1, 1], [1, 1]]))
    assert norm_bound(zeros(2, 3)) == 0
    with pytest.raises(ValueError, match="symmetric"):
        positive_semidefinite(matrix([[1, 2], [0, 1]]))


@settings(max_examples=30, deadline=None)
@given(circuits(max_n=8).flatmap(lambda c: invertible_matrices(c.basis.m).map(lambda T: (c, T))))
def test_a_gauge_changes_the_memories_and_not_the_weights(case):
    circuit, T = case
    basis = MemoryBasis(circuit.basis.xi @ T, T.inv() @ circuit.basis.dual)
    assert basis.duality().outcome.value == "proved"
    assert basis.xi @ (T.inv() @ circuit.Phi @ T) @ basis.dual == circuit.W
    assert basis.gram == T.T @ circuit.basis.gram @ T


def test_the_dual_must_read_what_the_memories_write():
    with pytest.raises(ValueError, match="must have shape"):
        MemoryBasis(eye(2), eye(3))
