import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emtheory.cases import circuits, input_sequences
from emtheory.judges.exact import eye, matrix, zeros
from emtheory.theory.networks import Network, linear_run

W, U, R = np.array([[0.5, -1.0], [0.25, 0.5]]), np.array([[1.0], [2.0]]), np.array([[1.0, 1.0]])


def test_an_elman_network_reads_the_first_input_at_the_first_step_and_zeros_after_the_last():
    bias = np.array([0.1, -0.2])
    network = Network(W, U, R, bias=bias)
    u = np.array([[[1.0], [-1.0]], [[2.0], [0.5]]])
    run = network.run(u, 4)
    for example in range(2):
        h = np.zeros(2)
        for t in range(4):
            drive = U @ u[example, t] if t < 2 else 0
            h = np.tanh(W @ h + drive + bias)
            assert np.allclose(run.states[example, t], h, rtol=1e-14)
            assert np.allclose(run.outputs[example, t], R @ h, rtol=1e-14)


def test_the_activation_is_the_one_that_was_asked_for():
    u = np.array([[[3.0]]])
    assert np.array_equal(Network(W, U, R, activation="identity").run(u, 1).states[0, 0], [3.0, 6.0])
    assert np.array_equal(Network(W, U, R).run(u, 1).states[0, 0], np.tanh([3.0, 6.0]))


def test_fewer_steps_than_inputs_cut_the_run_short():
    u = np.ones((1, 5, 1))
    assert np.array_equal(Network(W, U, R).run(u, 2).states, Network(W, U, R).run(u, 9).states[:, :2])


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.data())
def test_exact_and_float_runs_of_a_circuit_agree(data):
    circuit = data.draw(circuits(max_n=10, max_s=4, max_kappa=3))
    u = data.draw(input_sequences(circuit.task))
    T = circuit.task.s + 3
    exact = linear_run(circuit.W, circuit.U, circuit.R, u, T)
    floats = linear_run(circuit.W.numpy(), circuit.U.numpy(), circuit.R.numpy(), u.numpy().T[np.newaxis], T)
    scale = 1 + np.abs(exact.states.numpy()).max() * np.abs(circuit.W.numpy()).max() * np.abs(circuit.R.numpy()).max()
    assert np.allclose(floats.states[0].T, exact.states.numpy(), atol=1e-9 * scale)
    assert np.allclose(floats.outputs[0].T, exact.outputs.numpy(), atol=1e-9 * scale)


def test_a_linear_run_starts_where_it_is_told():
    run = linear_run(matrix([[0, 1], [1, 0]]), zeros(2, 1), eye(2), zeros(1, 1), 3, matrix([[1], [2]]))
    assert run.states == matrix([[2, 1, 2], [1, 2, 1]])
    floats = linear_run(np.eye(2)[::-1], np.zeros((2, 1)), np.eye(2), np.zeros((4, 1, 1)), 3, np.array([1.0, 2.0]))
    assert floats.states.shape == (4, 3, 2)
    assert np.array_equal(floats.states[3].T, run.states.numpy())


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"W_hh": np.zeros((2, 3))}, "W_hh must be square"),
        ({"W_hh": np.zeros((0, 0))}, "not empty"),
        ({"W_hh": np.zeros(2)}, "W_hh must be a matrix"),
        ({"W_hh": np.full((2, 2), np.nan)}, "W_hh must be finite"),
        ({"W_uh": np.full((2, 1), np.inf)}, "W_uh must be finite"),
        ({"W_uh": U.T}, r"W_uh must have n=2 rows as W_hh has, but has shape \(1, 2\)"),
        ({"W_r": R.T}, r"W_r must have n=2 columns"),
        ({"W_r": R.astype(complex)}, "real"),
        ({"bias": np.zeros(3)}, "bias must have n=2 entries"),
        ({"bias": np.zeros((2, 1))}, "bias must be a vector"),
        ({"activation": "sin"}, "one of tanh, identity, but is 'sin'"),
    ],
)
def test_weights_that_do_not_make_a_network_are_refused_when_it_is_built(changes, message):
    with pytest.raises(ValueError, match=message):
        Network(**{"W_hh": W, "W_uh": U, "W_r": R, **changes})


@pytest.mark.parametrize(
    ("u", "T", "message"),
    [
        (np.ones((2, 1)), 3, r"\(batch, s, 1\)"),
        (np.ones((1, 2, 2)), 3, r"\(batch, s, 1\)"),
        (np.full((1, 2, 1), np.nan), 3, "finite"),
        (np.ones((1, 2, 1)), 0, "at least 1"),
    ],
)
def test_inputs_that_a_network_cannot_read_are_refused(u, T, message):
    with pytest.raises(ValueError, match=message):
        Network(W, U, R).run(u, T)


def test_exact_matrices_and_arrays_do_not_mix():
    with pytest.raises(TypeError, match=r"convert with \.numpy\(\) or dyadic"):
        linear_run(eye(2), U, R, np.ones((1, 1, 1)), 2)


def test_exact_shapes_and_starting_points_are_checked():
    with pytest.raises(ValueError, match=r"W n x n, U n x k"):
        linear_run(eye(2), zeros(2, 1), zeros(1, 2), zeros(2, 1), 2)
    with pytest.raises(ValueError, match=r"shape \(2,\) or \(1, 2\)"):
        linear_run(W, U, R, np.ones((1, 1, 1)), 2, np.zeros(3))
