"""Protects recovery: what the recursion and the projector return, on exact matrices and on floats alike."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emtheory.judges.exact import charpoly, cycle, direct_sum, eye, hstack, matrix, monomial, polynomial, zeros
from emtheory.recovery.deflated import composition, memories, spectral_projector
from emtheory.theorems.cases import circuits, invertible_matrices
from emtheory.theory.circuits import Circuit
from emtheory.theory.memories import MemoryBasis
from emtheory.theory.tasks import Task


@settings(max_examples=30, deadline=None)
@given(circuits(max_n=12))
def test_memories_and_composition_of_a_circuit_come_back_exactly(circuit):
    exact = memories(circuit.W, circuit.U, circuit.R, circuit.task.s)
    assert hstack(exact) == circuit.basis.xi
    assert composition(circuit.W, circuit.R, exact) == list(circuit.task.blocks)


def test_float_arrays_give_float_arrays():
    task = Task.compose_copy(3)
    circuit = Circuit(task, MemoryBasis(eye(9), eye(9)))
    w, u, r = (a.numpy() for a in (circuit.W, circuit.U, circuit.R))
    found = memories(w, u, r, 3)
    assert np.array_equal(np.hstack(found), np.eye(9))
    assert np.array_equal(composition(w, r, found), task.array())


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 4).flatmap(lambda k: st.tuples(st.just(k), invertible_matrices(k + 2))))
def test_the_spectral_projector_is_the_one_of_the_construction(case):
    k, whole = case
    blocks = direct_sum(cycle(k), matrix([["1/7", 1], [0, "1/7"]]))
    w = whole @ blocks @ whole.inv()
    expected = whole @ direct_sum(eye(k), zeros(2, 2)) @ whole.inv()
    assert spectral_projector(w, charpoly(cycle(k))) == expected


def test_a_polynomial_that_does_not_divide_or_splits_an_eigenvalue_is_refused():
    with pytest.raises(ValueError, match="does not divide"):
        spectral_projector(eye(2), polynomial([-2, 1]))
    with pytest.raises(ValueError, match="overlap"):
        spectral_projector(eye(2), polynomial([-1, 1]))
    assert spectral_projector(eye(2), monomial(0)) == zeros(2, 2)
