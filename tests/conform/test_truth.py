"""Protects the ground truth: it is exact, in float32 too, and the strategies draw it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emtheory.conform import dynamics, truth
from emtheory.judges.exact import dyadic
from emtheory.networks.elman import Network
from emtheory.theory.circuits import companion
from emtheory.theory.matching import spectrum_distance
from emtheory.theory.spectra import jordan_at_zero, predicted_spectrum
from emtheory.theory.tasks import Task

SEARCH = settings(max_examples=60, deadline=None, derandomize=True)


@SEARCH
@given(truth.compositions())
def test_compositions_have_the_spectrum_and_the_chains_that_they_claim(known):
    task = Task.from_blocks(known.C)
    assert companion(task) == dyadic(known.Phi)
    exact = predicted_spectrum(task).eigenvalues()
    assert spectrum_distance(exact, known.eigenvalues) < 1e-12
    J = np.linalg.solve(known.chains, known.Phi @ known.chains)
    np.testing.assert_allclose(np.triu(J, 2), 0, atol=1e-9)
    np.testing.assert_allclose(np.tril(J, -1), 0, atol=1e-9)
    assert max(jordan_at_zero(task), default=0) <= known.block


@SEARCH
@given(truth.circuits())
def test_circuits_are_exact_and_fit_in_float32(known):
    for part in (known.W, known.U, known.R, known.C):
        assert np.array_equal(part.astype(np.float32).astype(np.float64), part)
    W, U, R, psi, phi, dual = map(dyadic, (known.W, known.U, known.R, known.Psi, known.Phi, known.dual))
    assert W @ psi == psi @ phi
    assert dual @ psi == dyadic(np.eye(known.m))
    assert dyadic(np.eye(known.kappa)) == R @ U
    assert psi[:, known.m - known.kappa :] == U


def test_a_conditioned_circuit_has_the_condition_that_was_asked_for():
    known = truth.conditioned(0, truth.composition(0, 2, 2), hidden=1, condition=100.0)
    assert known.condition == pytest.approx(100.0)
    np.testing.assert_allclose(known.W @ known.Psi, known.Psi @ known.Phi, atol=1e-10)


def test_a_jordan_matrix_has_its_blocks():
    known = truth.jordan_matrix(0, [(0.5, 3), (0.5, 1), (2j, 1)])
    shifted = dyadic(known.W - 0.5 * np.eye(6))
    assert [(shifted**k).rank() for k in (1, 2, 3, 4)] == [4, 3, 2, 2]
    assert (dyadic(known.W) ** 2 + 4 * dyadic(np.eye(6))).rank() == 4


@SEARCH
@given(st.integers(0, 10**6), st.integers(1, 3), st.sampled_from(dynamics.ACTIVATIONS), st.sampled_from([0.5, 1.0]))
def test_the_derivative_by_differences_is_that_of_the_network(seed, n, activation, leak):
    drawn = dynamics.rnn(seed, n, activation=activation, leak=leak)
    h = np.random.default_rng(seed).integers(-4, 5, n) / 2
    network = Network(drawn["W"], np.zeros((n, 1)), np.eye(n), drawn["b"], activation=activation, leak=leak)
    np.testing.assert_allclose(dynamics.derivative(drawn, h), network.jacobian(h), atol=1e-12)


@pytest.mark.parametrize("build", [dynamics.linear_fixed, dynamics.prescribed, dynamics.pitchfork])
@pytest.mark.parametrize("leak", [0.25, 1.0])
def test_fixed_points_stay_where_they_are(build, leak):
    known = build(5, 2, leak=leak)
    drawn = known.network
    network = Network(
        drawn["W"], np.zeros((2, 1)), np.eye(2), drawn["b"], activation=drawn["activation"], leak=drawn["leak"]
    )
    np.testing.assert_allclose(network.step(known.points), known.points, atol=1e-14)
