"""Products and runs: the exact result lies within the bound, over thousands of cases; planted errors are refuted."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from emtheory.judges.exact import Matrix, cycle, dyadic, eye, matrix, unit, zeros
from emtheory.judges.floats import chain, close, enclose, run_bound
from emtheory.judges.floats.comparing import within
from emtheory.verdict import Kind, Outcome


def spread(rng, shape, binades=20):
    return np.ldexp(rng.uniform(-1, 1, shape), rng.integers(-binades, binades + 1, shape))


def rational(rng, rows, cols):
    top, bottom = rng.integers(-9, 10, (rows, cols)), rng.integers(1, 8, (rows, cols))
    return matrix([[f"{p}/{q}" for p, q in zip(*pair, strict=True)] for pair in zip(top, bottom, strict=True)])


def complex_parts(z):
    return dyadic(np.ascontiguousarray(z.real)), dyadic(np.ascontiguousarray(z.imag))


def worst(exact: Matrix, enclosed) -> float:
    verdict = within(enclosed.value, exact, enclosed.bound)
    assert verdict.outcome is Outcome.PROVED, verdict
    return verdict.evidence["ratio"]


@pytest.mark.many_cases
def test_a_thousand_float_chains_stay_within_their_bounds():
    rng, ratios = np.random.default_rng(1), []
    for _ in range(1000):
        sizes = rng.integers(1, 6, rng.integers(2, 5))
        factors = [spread(rng, pair) for pair in pairwise(sizes)]
        exact = eye(int(sizes[0]))
        for factor in factors:
            exact = exact @ dyadic(factor)
        ratios.append(worst(exact, chain(*factors)))
    assert max(ratios) > 0.1  # the bound is not vacuous


@pytest.mark.many_cases
def test_a_thousand_chains_of_exact_matrices_include_the_rounding_of_their_entries():
    rng, ratios = np.random.default_rng(2), []
    for _ in range(1000):
        a, b, c = rational(rng, 3, 2), rational(rng, 2, 4), rational(rng, 4, 2)
        ratios.append(worst(a @ b @ c, chain(a, b, c)))
    assert max(ratios) > 0.1


@pytest.mark.many_cases
def test_other_orders_of_summation_are_within_the_same_bound():
    rng = np.random.default_rng(3)
    for _ in range(500):
        a, b, c = rational(rng, 2, 6), rational(rng, 6, 5), rational(rng, 5, 2)
        order, bound = rng.permutation(6), chain(a, b, c).bound
        left = sum(np.outer(a.numpy()[:, k], b.numpy()[k]) for k in order)
        other = sum(np.outer(left[:, k], c.numpy()[k]) for k in rng.permutation(5))
        assert within(other, a @ b @ c, bound).outcome is Outcome.PROVED


@pytest.mark.many_cases
def test_complex_chains_stay_within_their_bounds():
    rng, ratios = np.random.default_rng(4), []
    for _ in range(300):
        a, b = (spread(rng, size) + 1j * spread(rng, size) for size in ((2, 5), (5, 3)))
        value, bound = chain(a, b)
        (ar, ai), (br, bi), (vr, vi) = complex_parts(a), complex_parts(b), complex_parts(value)
        re, im = vr - (ar @ br - ai @ bi), vi - (ar @ bi + ai @ br)
        for i in range(2):
            for j in range(3):
                square, limit = re[i, j] ** 2 + im[i, j] ** 2, dyadic(bound)[i, j] ** 2
                assert square <= limit
                ratios.append(float(square / limit) ** 0.5)
    assert max(ratios) > 0.01


@pytest.mark.many_cases
@pytest.mark.parametrize("scale", [-1074, -1060, -540, -530])
def test_underflow_is_part_of_the_bound(scale):
    rng = np.random.default_rng(5)
    for _ in range(200):
        a, b = np.ldexp(rng.uniform(-9, 9, (3, 4)), scale), rng.uniform(-1, 1, (4, 2)) * 2.0**-535
        worst(dyadic(a) @ dyadic(b), chain(a, b))


def test_overflow_is_undecided_and_never_proved():
    a = np.full((2, 2), 1e200)
    value, bound = chain(a, a)
    assert within(value, zeros(2, 2), bound).outcome is Outcome.UNDECIDED


def test_enclosures_nest():
    a, b, c = (rational(np.random.default_rng(seed), 3, 3) for seed in (6, 7, 8))
    worst(a @ (b @ c), chain(a, chain(b, c)))


def test_one_wrong_unit_in_the_last_places_is_refuted():
    rng = np.random.default_rng(9)
    a, b = rational(rng, 4, 4), rational(rng, 4, 4)
    value, bound = chain(a, b)
    value[2, 1] += 4 * bound[2, 1]
    verdict = within(value, a @ b, bound)
    assert verdict.outcome is Outcome.REFUTED
    assert verdict.evidence["entry"] == [2, 1]


def test_another_formula_is_refuted():
    xi = matrix([[1, 1], [0, 1], [1, 0]])
    value, bound = chain(xi, cycle(2), xi.T)
    assert within(value, xi @ xi.T, bound).outcome is Outcome.REFUTED


def test_entries_that_are_floats_have_no_rounding():
    assert not enclose(matrix([["1/2", "-3/8"]])).bound.any()
    assert enclose(matrix([["1/3", "1/2"]])).bound.tolist()[0][0] > 0


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_nan_and_infinity_are_rejected(bad):
    with pytest.raises(ValueError, match="NaN or infinite"):
        chain(np.array([[1.0, bad]]))
    with pytest.raises(ValueError, match="NaN or infinite"):
        within(np.zeros((1, 1)), np.array([[bad]]), 1.0)


def test_a_computed_nan_is_refuted():
    assert within(np.array([[np.nan]]), eye(1), 1.0).outcome is Outcome.REFUTED


@pytest.mark.parametrize(
    ("factors", "message"),
    [
        ((), "at least one"),
        ((np.eye(2), np.eye(3)), "inner sizes"),
        ((np.zeros(3),), "2-D"),
        ((np.array([["x"]]),), "2-D float64"),
        ((np.array([[2**60]]),), "float64"),
        (((np.eye(2), -np.eye(2)),), "bound"),
        (((np.eye(2), np.full((2, 2), np.nan)),), "bound"),
        ((matrix([[10**400]]),), "range of float64"),
    ],
)
def test_bad_factors_are_named(factors, message):
    with pytest.raises(ValueError, match=message):
        chain(*factors)


def test_close_compares_shapes_bounds_and_something():
    with pytest.raises(ValueError, match="shape"):
        within(np.eye(2), eye(3), 1.0)
    with pytest.raises(ValueError, match="negative"):
        within(np.eye(2), eye(2), -1.0)
    with pytest.raises(ValueError, match="dtype"):
        within(np.array([[1]], dtype=np.longdouble), eye(1), 1.0)
    assert within(np.zeros((0, 2)), zeros(0, 2), 1.0).outcome is Outcome.UNDECIDED


def test_close_is_decided_at_the_last_bit():
    third = matrix([["1/3"]])
    off = abs(dyadic(np.array([[1 / 3]]))[0, 0] - third[0, 0])
    above, below = float(off.p) / float(off.q), 0.0
    assert within(np.array([[1 / 3]]), third, np.nextafter(above, 1)).outcome is Outcome.PROVED
    assert within(np.array([[1 / 3]]), third, np.nextafter(above, 0)).outcome is Outcome.REFUTED
    assert within(np.array([[1 / 3]]), third, below).outcome is Outcome.REFUTED
    assert within(np.eye(2), eye(2), 0.0).outcome is Outcome.PROVED


def test_close_works_for_complex_arrays():
    verdict = within(np.array([[3 + 4j]]), np.array([[0.0]]), 5.0)
    assert (verdict.outcome, verdict.kind, verdict.evidence["ratio"]) == (Outcome.PROVED, Kind.BOUNDED, 1.0)
    assert within(np.array([[3 + 4j]]), np.array([[0j]]), np.nextafter(5.0, 0)).outcome is Outcome.REFUTED


def exact_run(W, U, u, T, h):
    states = []
    for t in range(T):
        x = u[:, t : t + 1] if t < u.shape[1] else zeros(U.shape[1], 1)
        h = W @ h + U @ x
        states.append(h)
    return states


@pytest.mark.parametrize("seed", range(60))
def test_runs_stay_within_their_bound_in_two_ways_of_computing(seed):
    rng = np.random.default_rng(seed)
    n, k, s, T = (int(x) for x in rng.integers(1, 6, 4))
    W, U, u, h0 = rational(rng, n, n), rational(rng, n, k), rational(rng, k, s), rational(rng, n, 1)
    states, bound = run_bound(W, U, u, T, h0=h0)
    h = h0.numpy()
    for t, exact in enumerate(exact_run(W, U, u, T, h0)):
        now = slice(t, t + 1)
        assert within(states[:, now], exact, bound[:, now]).outcome is Outcome.PROVED
        x = u.numpy()[:, now] if t < s else np.zeros((k, 1))
        h = W.numpy() @ h + U.numpy() @ x
        assert within(h, exact, bound[:, now]).outcome is Outcome.PROVED


def test_a_run_that_forgets_the_input_is_refuted():
    states, bound = run_bound(cycle(3), unit(3, 2), matrix([[1, 1]]), 4)
    wrong = np.array([[0, 0, 1.0, 0], [0, 1.0, 0, 0], [1.0, 0, 0, 1.0]])
    assert within(states, wrong, bound).outcome is Outcome.REFUTED


def test_a_run_refuses_shapes_that_do_not_fit():
    with pytest.raises(ValueError, match="a run needs"):
        run_bound(cycle(3), unit(2, 1), matrix([[1]]), 4)
    with pytest.raises(ValueError, match="T >= 1"):
        run_bound(cycle(3), unit(3, 1), matrix([[1]]), 0)
    with pytest.raises(ValueError, match="initial state"):
        run_bound(cycle(3), unit(3, 1), matrix([[1]]), 2, h0=unit(2, 1))


@pytest.mark.parametrize(
    "forge", [lambda b: 1e-6, lambda b: 1e6 * b, lambda b: b + 1e-6, lambda b: np.full_like(b, 1.0)]
)
def test_a_tolerance_in_place_of_a_derived_bound_decides_nothing(forge):
    value, bound = chain(matrix([["1/10", "1/3"]]), matrix([[3], [1]]))
    exact = matrix([["1/10", "1/3"]]) @ matrix([[3], [1]])
    assert close(value, exact, bound).outcome is Outcome.PROVED
    assert close(value[:1], exact, bound[:1] + bound[:1]).outcome is Outcome.PROVED
    with pytest.raises(TypeError, match="no derived one"):
        close(value, exact, forge(bound))


def test_a_bound_that_somebody_typed_does_not_become_derived_in_a_product():
    value, bound = chain((np.eye(1), np.full((1, 1), 0.5)), matrix([[1]]))
    with pytest.raises(TypeError, match="no derived one"):
        close(value, matrix([["5/4"]]), bound)
