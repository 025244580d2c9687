"""Protects fixed points: what is certified exists and is alone, and what cannot be proved is never claimed."""

import numpy as np
import pytest
from flint import arb, arb_mat

from emtheory.judges.balls import precision
from emtheory.networks.elman import Network
from emtheory.networks.fixed_points import fixed_points
from emtheory.networks.gated import GRUCell, LSTMCell
from emtheory.networks.krawczyk import fixed_point_near
from emtheory.theory.saturating import level


def network(w, bias=None, activation="tanh", kind=Network):
    n = len(w)
    return kind(np.array(w, dtype=float), np.zeros((n, 1)), np.zeros((1, n)), bias, activation)


def test_one_unit_of_gain_two_has_an_unstable_zero_and_two_stable_levels():
    low, zero, high = fixed_points(network([[2]]), seeds=16)
    assert [p.stability for p in (low, zero, high)] == ["stable", "unstable", "stable"]
    assert all(p.certified and p.reason == "" for p in (low, zero, high))
    with precision(200):
        star = level(2)
        for point, root in ((low, -star), (zero, arb(0)), (high, star)):
            assert abs(root - arb(float(point.h[0]))) <= arb(point.radius)
            assert abs(root - arb(float(point.h[0]))) <= arb(point.unique_within)
        slope = 2 * (1 - star**2)
        assert arb(low.margin) < 1 - slope < arb(low.margin) + arb(2) ** -40
    assert low.unique_within < 0.96  # 0 is a fixed point, too
    assert 1 - 2**-40 < zero.margin <= 1
    assert high.radius < 1e-15


def test_the_linear_range_is_that_of_the_formula():
    point = fixed_point_near(network([[0.5]]), np.zeros(1))
    assert point.rho == 0.25  # half of 1 − 1/2
    # |½ tanh²(h/2)| ≤ ¼ holds up to h = 2 artanh √½ = 1.76
    assert 0.88 <= point.linear_within <= 1.763
    steep = fixed_point_near(network([[2]]), np.zeros(1), fraction=0.125)
    assert steep.rho == 0.25
    assert steep.linear_within <= float(np.arctanh(8**-0.5) / 2) <= 2 * steep.linear_within
    assert fixed_point_near(network([[0.5]], activation="identity"), np.zeros(1)).linear_within == np.inf


def test_a_linear_map_has_the_origin_alone():
    w = np.random.default_rng(1).normal(size=(4, 4))
    (point,) = fixed_points(network(w, activation="identity"), seeds=8)
    assert np.abs(point.h).max() <= point.radius < 1e-12
    assert point.unique_within == np.inf
    assert point.stability == ("stable" if np.abs(np.linalg.eigvals(w)).max() < 1 else "unstable")


@pytest.mark.parametrize("w", [np.eye(2), np.diag([1.0, 0.5])])
def test_a_continuum_is_not_certified(w):
    (point,) = fixed_points(network(w, activation="identity"), seeds=8)
    assert (point.certified, point.stability, point.margin) == (False, "undecided", 0.0)
    assert point.radius is point.unique_within is point.linear_within is point.rho is None
    assert "singular" in point.reason


def test_a_double_root_is_not_certified():
    points = fixed_points(network([[1]]), seeds=16)  # tanh h = h at 0 only, three times over
    assert points
    assert not any(p.certified for p in points)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_a_saturating_memory_has_all_combinations_of_levels(n):
    points = fixed_points(network(2 * np.eye(n)), seeds=256)
    assert len(points) == 3**n
    assert all(p.certified for p in points)
    assert [p.stability for p in points].count("stable") == 2**n
    assert [p.stability for p in points].count("unstable") == 3**n - 2**n
    signs = {tuple(np.sign(np.round(p.h, 6)).tolist()) for p in points}
    assert len(signs) == 3**n


def test_a_saturating_cycle_holds_its_constant_states():
    points = fixed_points(network(2 * np.roll(np.eye(3), 1, axis=0)), seeds=128)
    assert all(p.certified for p in points)
    assert [np.sign(np.round(p.h, 6)).tolist() for p in points if p.stability == "stable"] == [[-1] * 3, [1] * 3]


def test_certified_points_are_provably_different():
    points = fixed_points(network(2 * np.eye(2)), seeds=128)
    for i, a in enumerate(points):
        for b in points[:i]:
            assert np.abs(a.h - b.h).max() > a.radius + b.radius


@pytest.mark.parametrize("at", [0.3, 0.5, 0.8, 5.0])
def test_a_wrong_point_is_certified_only_with_a_radius_that_reaches_the_root(at):
    point = fixed_point_near(network([[2]]), np.array([at]))
    root = float(level(2).mid())
    assert not point.certified or point.radius >= min(abs(at), abs(at - root)) * (1 - 1e-12)
    assert point.certified or "no box" in point.reason


def test_a_map_without_fixed_point_near_by_is_not_certified():
    ghost = network([[1.0]], [1e-3], "identity")
    assert not any(p.certified for p in fixed_points(ghost, seeds=8))
    assert not fixed_point_near(ghost, np.zeros(1)).certified
    point = fixed_point_near(network([[1.0]], [1e-3]), np.zeros(1))
    assert not point.certified


def test_a_wrong_float_jacobian_spoils_the_certificate_and_never_the_truth():
    class Mistaken(Network):
        error = np.zeros((2, 2))

        def jacobian(self, h):
            return super().jacobian(h) + self.error

    w = [[0.5, 0.2], [-0.1, 0.4]]
    right = fixed_point_near(network(w), np.zeros(2))
    assert right.certified
    Mistaken.error = np.diag([0.0, 0.5])
    assert not fixed_point_near(network(w, kind=Mistaken), np.zeros(2)).certified
    Mistaken.error = np.full((2, 2), 1e-3)
    slightly = fixed_point_near(network(w, kind=Mistaken), np.zeros(2))
    assert slightly.certified
    assert slightly.unique_within <= right.unique_within


def test_a_wider_enclosure_proves_less():
    class Vague(Network):
        width = 0.5

        def enclosed_jacobian(self, h):
            exact = super().enclosed_jacobian(h)
            return arb_mat(self.size, self.size, [x + arb(0, self.width) for x in exact.entries()])

    point = fixed_point_near(network([[2]], kind=Vague), np.zeros(1))
    assert (point.certified, point.stability) == (True, "unstable")
    assert point.margin < 0.5
    assert point.linear_within < fixed_point_near(network([[2]]), np.zeros(1)).linear_within
    Vague.width = 1.5
    assert not fixed_point_near(network([[2]], kind=Vague), np.zeros(1)).certified


@pytest.mark.parametrize(("w", "stability"), [(0.5, "stable"), (2.0, "undecided"), (-3.0, "undecided")])
def test_at_a_kink_nothing_wrong_is_claimed(w, stability):
    point = fixed_point_near(network([[w]], activation="relu"), np.zeros(1))
    assert point.stability == stability
    assert stability == "undecided" or point.certified


def test_a_stable_switch_of_unstable_pieces_is_not_called_unstable():
    # |J| is 0 on one side of the kink and 1.5 on the other
    point = fixed_point_near(network([[-1.5]], activation="relu"), np.zeros(1))
    assert point.stability == "undecided"


def test_a_defective_jacobian_is_stable_by_its_row_sums_or_undecided_with_the_reason():
    small, large = (fixed_point_near(network(np.eye(4, k=1) * c), np.zeros(4)) for c in (0.5, 1.5))
    assert small.stability == "stable"
    assert large.certified
    assert large.stability == "undecided"
    assert "defective" in large.reason


def test_an_eigenvalue_on_the_circle_is_undecided():
    rotation = network([[0, -1], [1, 0]], activation="identity")
    point = fixed_point_near(rotation, np.zeros(2))
    assert point.certified
    assert (point.stability, point.margin) == ("undecided", 0.0)
    assert "unit circle" in point.reason


def test_the_same_seed_gives_the_same_points():
    w = np.random.default_rng(3).normal(size=(5, 5))
    first, second = (fixed_points(network(w), seeds=32, seed=7) for _ in range(2))
    assert len(first) == len(second)
    for a, b in zip(first, second, strict=True):
        assert np.array_equal(a.h, b.h)
        assert (a.radius, a.unique_within, a.margin, a.linear_within) == (
            b.radius,
            b.unique_within,
            b.margin,
            b.linear_within,
        )


def test_a_bias_moves_the_fixed_point_and_the_ball_goes_with_it():
    points = fixed_points(network([[0.5, -0.3], [0.2, 0.1]], [0.4, -1.0]), seeds=16)
    (point,) = points
    with precision(200):
        h = [arb(x) for x in point.h.tolist()]
        for _ in range(200):
            h = network([[0.5, -0.3], [0.2, 0.1]], [0.4, -1.0]).enclosed_step(h)
        assert all(abs(a - arb(x)) <= arb(point.radius) for a, x in zip(h, point.h.tolist(), strict=True))


@pytest.mark.parametrize("cell", [LSTMCell, GRUCell])
def test_a_gated_cell_that_forgets_has_one_stable_point_where_its_runs_end(cell):
    rng = np.random.default_rng(0)
    rows = cell.gates * 3
    forgetful = cell(np.zeros((rows, 1)), rng.normal(size=(rows, 3)) / 4, rng.normal(size=rows) / 2)
    (point,) = fixed_points(forgetful, seeds=8)
    assert (point.certified, point.stability) == (True, "stable")
    end = forgetful.run(np.zeros((1, 1, 1)), 400).states[0, -1]
    assert np.abs(end - point.h).max() < point.unique_within
    with precision(128):
        state = [arb(x) for x in point.h.tolist()]
        for _ in range(400):
            state = [arb(x.mid()) for x in forgetful.enclosed_step(state)]
        assert all(abs(x - arb(y)) <= arb(point.radius) * 1.01 for x, y in zip(state, point.h.tolist(), strict=True))


def test_a_gru_holds_the_levels_of_its_candidate():
    halved = GRUCell(np.zeros((3, 1)), np.zeros((3, 1)))
    (origin,) = fixed_points(halved, seeds=4)
    assert (origin.certified, origin.stability) == (True, "stable")
    levels = fixed_points(GRUCell(np.zeros((3, 1)), np.array([[0.0], [0.0], [8.0]])), seeds=32)
    assert [p.stability for p in levels] == ["stable", "unstable", "stable"]  # tanh 4h = h
    with precision(128):
        assert abs(level(4) - arb(float(levels[2].h[0]))) <= arb(levels[2].radius)


def test_an_lstm_without_weights_forgets_half_a_step_and_has_the_origin():
    (point,) = fixed_points(LSTMCell(np.zeros((4, 1)), np.zeros((4, 1))), seeds=4)
    assert np.abs(point.h).max() <= point.radius
    assert sorted(point.eigenvalues.real.round(12).tolist()) == [0.0, 0.5]


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        ({"seeds": 0}, "seeds"),
        ({"spread": 0.0}, "spread"),
        ({"spread": -1.0}, "spread"),
        ({"spread": np.inf}, "spread"),
        ({"fraction": 0.0}, "fraction"),
        ({"fraction": 1.0}, "fraction"),
        ({"bits": 1}, "bits"),
    ],
)
def test_bad_arguments_are_refused(arguments, match):
    with pytest.raises(ValueError, match=match):
        fixed_points(network([[2]]), **arguments)


@pytest.mark.parametrize("h", [np.zeros(2), np.zeros((1, 1)), np.array([np.nan])])
def test_a_state_that_does_not_fit_is_refused(h):
    with pytest.raises(ValueError, match="state"):
        fixed_point_near(network([[2]]), h)
