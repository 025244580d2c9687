"""Properties of `jacobian` and `fixed_points`: nonlinear networks, with bias, leak and gates."""

from __future__ import annotations

from typing import Any

import numpy as np

from emtheory.conform.bounds import gamma
from emtheory.conform.dynamics import (
    ACTIVATIONS,
    FixedTruth,
    derivative,
    gated,
    linear_fixed,
    pitchfork,
    prescribed,
    rnn,
    slack,
)
from emtheory.conform.trial import Claims, Trial

__all__ = ["fixed_claims", "jacobian_claims"]

JACOBIAN, FIXED = "jacobian", "fixed_points"
Network = dict[str, Any]


def _state(trial: Trial, n: int) -> Any:
    return trial.rng.integers(-4, 5, n) / 2


def _jacobian_sample(trial: Trial) -> tuple[Any, ...]:
    n = trial.upto(3)
    return rnn(trial.rng, n), _state(trial, n)


jacobian_claims = Claims(JACOBIAN, _jacobian_sample)


def _check(trial: Trial, network: Network, h: Any, what: str = "J") -> None:
    trial.near(trial.call(JACOBIAN, network, h), derivative(network, h), slack(network, h, trial.eps), what)


@jacobian_claims
def activations(trial: Trial) -> None:
    """diag(σ'(W h + b)) W for tanh, relu, sigmoid and identity, against differences of the step."""
    n = trial.upto(3)
    network = rnn(trial.rng, n, activation=str(trial.rng.choice(ACTIVATIONS)))
    _check(trial, network, _state(trial, n))


@jacobian_claims
def bias(trial: Trial) -> None:
    """The slope is taken at W h + b, so at h = 0 it depends on the bias alone."""
    n = trial.upto(3)
    network = rnn(trial.rng, n, activation=str(trial.rng.choice(["tanh", "relu", "sigmoid"])))
    _check(trial, network, np.zeros(n), "J at 0")


@jacobian_claims
def leak(trial: Trial) -> None:
    """(1 − a) I + a diag(σ') W."""
    n = trial.upto(3)
    network = rnn(trial.rng, n, leak=float(trial.rng.choice([0.125, 0.5, 0.75])))
    _check(trial, network, _state(trial, n))


@jacobian_claims
def convention(trial: Trial) -> None:
    """J[i, j] = ∂f_i/∂h_j, with slopes on the rows: W not symmetric, slopes all different."""
    n = 1 + trial.upto(2)
    network = rnn(trial.rng, n, bias=False)
    network["W"] = np.triu(np.ones((n, n))) * np.arange(1, n + 1)[:, None] / 4
    _check(trial, network, np.arange(1.0, n + 1) / 2)


@jacobian_claims
def linear(trial: Trial) -> None:
    """A linear network has the Jacobian (1 − a) I + a W, everywhere."""
    n, a = trial.upto(4), float(trial.rng.choice([0.5, 1.0]))
    network = rnn(trial.rng, n, activation="identity", leak=a)
    bound = gamma(4, trial.eps) * (np.eye(n) + np.abs(network["W"]))
    h = 64 * _state(trial, n)
    trial.near(trial.call(JACOBIAN, network, h), (1 - a) * np.eye(n) + a * network["W"], bound, "J")


@jacobian_claims
def saturated(trial: Trial) -> None:
    """At very large states the slope of tanh and sigmoid is 0, not NaN: J = (1 − a) I."""
    n, a = trial.upto(3), float(trial.rng.choice([0.5, 1.0]))
    network = rnn(trial.rng, n, activation=str(trial.rng.choice(["tanh", "sigmoid"])), leak=a)
    network["W"] = network["W"] * 0 + np.eye(n)
    far = float(np.sqrt(np.finfo(trial.dtype).max)) / 4
    bound = gamma(4, trial.eps) * np.eye(n) + float(np.finfo(trial.dtype).tiny)
    got = trial.call(JACOBIAN, network, far * trial.rng.choice([-1.0, 1.0], n))
    trial.near(got, (1 - a) * np.eye(n), bound, "J at a saturated state")


@jacobian_claims
def sensitivity(trial: Trial) -> None:
    """A state moved by δ changes the Jacobian accordingly, down to the rounding of the state."""
    n, digits = trial.upto(3), -int(np.log2(trial.eps))
    network = rnn(trial.rng, n)
    h = trial.rounded(_state(trial, n) + 2.0 ** -int(trial.rng.integers(2, digits - 4)))
    _check(trial, network, h)


@jacobian_claims
def permutation(trial: Trial) -> None:
    """With units in another order, rows and columns are in that order."""
    n = 1 + trial.upto(2)
    network, h, order = rnn(trial.rng, n), _state(trial, n), trial.rng.permutation(n)
    moved = {**network, "W": network["W"][np.ix_(order, order)], "b": network["b"][order]}
    expected = derivative(network, h)[np.ix_(order, order)]
    trial.near(trial.call(JACOBIAN, moved, h[order]), expected, slack(network, h, trial.eps), "J of permuted units")


@jacobian_claims
def lstm(trial: Trial) -> None:
    """An LSTM with gates i, f, g, o and state (h, c): 2n × 2n, gate by gate."""
    n = trial.upto(2)
    network = gated(trial.rng, "lstm", n)
    _check(trial, network, _state(trial, 2 * n), "J of the LSTM")


@jacobian_claims
def gru(trial: Trial) -> None:
    """A GRU with gates r, z, n and the reset inside, as in torch."""
    n = trial.upto(2)
    network = gated(trial.rng, "gru", n)
    _check(trial, network, _state(trial, n), "J of the GRU")


@jacobian_claims
def one_unit(trial: Trial) -> None:
    """n = 1: a 1 × 1 matrix, not a number."""
    _check(trial, rnn(trial.rng, 1), _state(trial, 1))


def _fixed_sample(trial: Trial) -> tuple[Any, ...]:
    return (prescribed(trial.rng, trial.upto(2)).network,)


fixed_claims = Claims(FIXED, _fixed_sample)


def _half_the_digits(trial: Trial, truth: FixedTruth) -> float:
    """√eps relative to the point: Newton's method gets all digits from there in a step; rounded data move it too."""
    size = 1 + float(np.abs(truth.points).max(initial=0.0))
    return float(np.sqrt(trial.eps)) * size * truth.inverse


def _found(trial: Trial, network: Network) -> Any:
    got = trial.call(FIXED, network)
    try:
        count = len(got)
    except TypeError:
        count = 0
    return trial.numbers(got, (count, len(network["W"])), "fixed points")


def _all_and_no_others(trial: Trial, truth: FixedTruth) -> None:
    """As many as there are, one near each."""
    got, bound = _found(trial, truth.network), _half_the_digits(trial, truth)
    trial.holds(bool(np.isfinite(got).all()), got, "finite states", "fixed points")
    for point in truth.points:
        distances = np.abs(got - point).max(axis=1) if len(got) else np.array([np.inf])
        trial.at_most(
            float(distances.min()), 0.0, bound, f"distance of the fixed point {point.tolist()} from the nearest"
        )
    trial.holds(len(got) == len(truth.points), len(got), f"{len(truth.points)}", "number of fixed points")


@fixed_claims
def residual(trial: Trial) -> None:
    """Every point that is returned is a fixed point: |f(h) − h| is small."""
    truth = prescribed(trial.rng, trial.upto(3))
    got, network = _found(trial, truth.network), truth.network
    bound = 2 * _half_the_digits(trial, truth)  # ‖W‖ ≤ 1/2, so f(h) − h is at most 3/2 times the distance
    trial.near(np.tanh(got @ network["W"].T + network["b"]), got, bound, "f(h) against h")


@fixed_claims
def off_the_origin(trial: Trial) -> None:
    """A bias moves the fixed point off the origin, to a prescribed place."""
    _all_and_no_others(trial, prescribed(trial.rng, trial.upto(3)))


@fixed_claims
def linear_network(trial: Trial) -> None:
    """A linear network has the fixed point (I − W)⁻¹b, whether it is stable or not."""
    _all_and_no_others(trial, linear_fixed(trial.rng, trial.upto(3)))


@fixed_claims
def leak_is_respected(trial: Trial) -> None:
    """(1 − a) h + a σ(W h + b) has the fixed points of σ(W h + b)."""
    a = float(trial.rng.choice([0.25, 0.5]))
    build = [linear_fixed, prescribed][int(trial.rng.integers(2))]
    _all_and_no_others(trial, build(trial.rng, trial.upto(2), leak=a))


@fixed_claims
def complete(trial: Trial) -> None:
    """With one and two units all of them are found, saddles and unstable points too."""
    _all_and_no_others(trial, pitchfork(trial.rng, 1 if trial.size < 3 else 2))


@fixed_claims
def none_is_none(trial: Trial) -> None:
    """h + 1 has no fixed point: the answer is an empty array (0, n)."""
    n = trial.upto(3)
    network = {"kind": "rnn", "W": np.eye(n), "b": np.ones(n), "leak": 1.0, "activation": "identity"}
    got = _found(trial, network)
    trial.holds(len(got) == 0, got, "no fixed point", "fixed points of h + 1")


@fixed_claims
def unit_order(trial: Trial) -> None:
    """With units in another order, entries of the fixed points are in that order."""
    n = 1 + trial.upto(2)
    truth, order = prescribed(trial.rng, n), trial.rng.permutation(n)
    network = {**truth.network, "W": truth.network["W"][np.ix_(order, order)], "b": truth.network["b"][order]}
    _all_and_no_others(trial, FixedTruth(network, truth.points[:, order], truth.inverse))


@fixed_claims
def asymmetric(trial: Trial) -> None:
    """W is not taken for its transpose."""
    W = np.array([[0.0, 0.5], [0.0, 0.0]])
    h = np.array([0.25, 0.5])
    network = {"kind": "rnn", "W": W, "b": np.arctanh(h) - W @ h, "leak": 1.0, "activation": "tanh"}
    _all_and_no_others(trial, FixedTruth(network, h[None], 2.0))


@fixed_claims
def single_unit(trial: Trial) -> None:
    """n = 1: an array (count, 1)."""
    _all_and_no_others(trial, linear_fixed(trial.rng, 1))
