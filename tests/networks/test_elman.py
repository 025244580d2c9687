import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emtheory.judges.balls import arb
from emtheory.judges.exact import eye, matrix, zeros
from emtheory.networks.activations import ACTIVATIONS, ENCLOSED
from emtheory.networks.elman import Network, box_of, linear_run
from emtheory.theorems.cases import circuits, input_sequences

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


@pytest.mark.parametrize("leak", [1.0, 0.25])
@pytest.mark.parametrize(
    ("activation", "sigma"),
    [
        ("tanh", np.tanh),
        ("identity", lambda z: z),
        ("relu", lambda z: z * (z > 0)),
        ("sigmoid", lambda z: 1 / (1 + np.exp(-z))),
    ],
)
def test_a_run_honours_activation_leak_and_start(activation, sigma, leak):
    network = Network(W, U, R, bias=[0.1, -0.2], activation=activation, leak=leak)
    u, start = np.array([[[1.0]], [[-2.0]]]), np.array([[1.0, -1.0], [0.5, 2.0]])
    run = network.run(u, 3, start=start)
    for example in range(2):
        h = start[example]
        for t in range(3):
            fresh = sigma(W @ h + (U @ u[example, 0] if t == 0 else 0) + [0.1, -0.2])
            h = (1 - leak) * h + leak * fresh
            assert np.allclose(run.states[example, t], h, rtol=1e-13)
    assert np.array_equal(run.outputs, run.states @ R.T)
    assert np.array_equal(network.run(u, 3, start=start[0]).states[0], run.states[0])
    assert np.allclose(network.step(run.states[:, 1]), run.states[:, 2], rtol=1e-13)


@pytest.mark.parametrize("start", [np.zeros(3), np.zeros((2, 2)), [np.nan, 0.0], [1j, 0.0]])
def test_a_start_that_does_not_fit_is_refused(start):
    with pytest.raises(ValueError, match=r"start must be finite and real with shape \(2,\) or \(1, 2\)"):
        Network(W, U, R).run(np.ones((1, 1, 1)), 2, start=start)


@pytest.mark.parametrize("name", sorted(ACTIVATIONS))
def test_slopes_are_derivatives_and_do_not_overflow_or_cancel(name):
    x, step = np.linspace(-20, 20, 401) + 0.05, 2.0**-13
    value, slope = ACTIVATIONS[name]
    assert np.allclose(
        (value(x + step) - value(x - step)) / (2 * step), slope(x), atol=step**2
    )  # third derivatives are below 6
    far = np.array([-1e300, -800.0, 800.0, 1e300])
    assert np.isfinite(value(far)).all()
    assert np.isfinite(slope(far)).all()
    assert slope(np.array([0.0])) == {"tanh": 1, "identity": 1, "relu": 0, "sigmoid": 0.25}[name]
    if name == "tanh":
        assert slope(np.array([20.0])) == pytest.approx(4 * np.exp(-40.0), rel=1e-13)  # 1 − tanh² would be 0


@pytest.mark.parametrize("name", sorted(ACTIVATIONS))
@given(st.floats(-50, 50), st.floats(0, 10), st.floats(-1, 1))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_activations_and_slopes_of_a_ball_contain_those_of_its_points_and_little_more(name, middle, radius, at):
    point = arb(middle) + arb(at) * arb(radius)
    for over_box, at_point in zip(ENCLOSED[name], ENCLOSED[name], strict=True):
        wide, one = over_box(box_of([arb(middle, radius)], 1))[0], at_point(box_of([point], 1))[0]
        assert wide.overlaps(one)
        assert wide.is_finite()
    box = ENCLOSED[name].value(box_of([arb(middle, radius)], 1))[0]
    ends = ACTIVATIONS[name].value(np.array([middle - radius, middle + radius]))
    assert float(box.rad()) <= (ends[1] - ends[0]) / 2 + 2.0**-20 * (1 + abs(ends).max())


def test_balls_that_are_huge_infinite_or_nan_never_lose_a_value():
    for name, (value, slope) in ENCLOSED.items():
        for x in (arb(1e300), arb(-1e300), arb(0, float("inf")), arb.nan()):
            image, derivative = value(box_of([x], 1))[0], slope(box_of([x], 1))[0]
            if x.is_nan():
                assert not image.is_finite()
            elif not x.is_exact():
                assert image.contains(ENCLOSED[name].value(box_of([arb(7)], 1))[0])
                assert derivative.contains(ENCLOSED[name].slope(box_of([arb(7)], 1))[0])
            else:
                assert image.is_finite()
                assert derivative.is_finite()


def test_relu_over_a_box_has_every_slope_that_occurs_in_it():
    network = Network([[1.0]], [[1.0]], [[1.0]], activation="relu")
    for box, slope in (
        (arb(2, 1), arb(1)),
        (arb(-2, 1), arb(0)),
        (arb(0.5, 1), arb(0.5, 0.5)),
        (arb(0), arb(0.5, 0.5)),
    ):
        found = network.enclosed_jacobian([box])[0, 0]
        assert found.contains(slope)
        assert (slope + arb(0, 2.0**-20)).contains(found)  # radii are rounded up
    assert network.jacobian([0.0]) == 0  # the documented slope of floats


def test_states_and_boxes_that_do_not_fit_are_refused():
    network = Network(W, U, R)
    with pytest.raises(ValueError, match=r"h must be finite and real with shape \(batch, 2\)"):
        network.step(np.zeros(2))
    with pytest.raises(ValueError, match=r"h must be finite and real with shape \(2,\)"):
        network.jacobian(np.zeros((1, 2)))
    with pytest.raises(ValueError, match="2 balls, one for each entry of the state, but has 1"):
        network.enclosed_step([arb(0)])
    with pytest.raises(ValueError, match="2 balls"):
        network.enclosed_jacobian([arb(0)] * 3)


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
        ({"activation": "sin"}, "one of tanh, identity, relu, sigmoid, but is 'sin'"),
        ({"leak": 0}, r"number in \(0, 1\], but is 0"),
        ({"leak": 1.5}, "but is 1.5"),
        ({"leak": np.nan}, "but is nan"),
        ({"leak": "half"}, "but is 'half'"),
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
