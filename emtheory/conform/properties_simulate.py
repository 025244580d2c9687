"""Properties of `simulate`: what a linear network says, from the first step on."""

from __future__ import annotations

from typing import Any

import numpy as np

from emtheory.conform.bounds import gamma
from emtheory.conform.trial import Claims, Trial
from emtheory.conform.truth import CircuitTruth, circuit, unimodular

__all__ = ["claims"]

NAME = "simulate"


def _truth(trial: Trial, **options: Any) -> CircuitTruth:
    return circuit(trial.rng, trial.upto(3), trial.upto(2), **{"hidden": int(trial.rng.integers(0, 2)), **options})


def _inputs(trial: Trial, truth: CircuitTruth) -> Any:
    return trial.rng.integers(-2, 3, (truth.s, truth.kappa)).astype(np.float64)


def _case(trial: Trial) -> tuple[CircuitTruth, Any, int]:
    truth = _truth(trial)
    return truth, _inputs(trial, truth), truth.s + trial.upto(4)


def _simulation_sample(trial: Trial) -> tuple[Any, ...]:
    truth, u, T = _case(trial)
    return truth.W, truth.U, truth.R, u, T


claims = Claims(NAME, _simulation_sample)


def _outputs(truth: CircuitTruth, u: Any, T: int) -> Any:
    """y(1..T) through the memories, x(t) = Σ_k C_k x(t−s−1+k) + u(t): integers and halves, hardly ever rounded."""
    s = truth.s
    x = np.zeros((s + T, truth.kappa))
    for t in range(T):
        x[s + t] = sum(truth.C[k] @ x[t + k] for k in range(s))
        if t < len(u):
            x[s + t] += u[t]
    return x[s:]


def _off(truth: CircuitTruth, u: Any, T: int, eps: float) -> Any:
    """γ of all roundings so far, times |R||W|^j|U||u| summed."""
    n, kappa = truth.U.shape
    state, bounds = np.zeros(n), np.empty((T, kappa))
    for t in range(T):
        state = np.abs(truth.W) @ state
        if t < len(u):
            state = state + np.abs(truth.U) @ np.abs(u[t])
        bounds[t] = gamma((t + 1) * (n + kappa + 1) + n, eps) * (np.abs(truth.R) @ state)
    return bounds


def _check(trial: Trial, truth: CircuitTruth, u: Any, T: int, what: str = "y") -> None:
    got = trial.call(NAME, truth.W, truth.U, truth.R, u, T)
    trial.near(got, _outputs(truth, u, T), _off(truth, u, T, trial.eps), what)


@claims
def outputs(trial: Trial) -> None:
    """y(t) = R h(t), t = 1 … T, against the recursion of the composition."""
    _check(trial, *_case(trial))


@claims
def first_step(trial: Trial) -> None:
    """y(1) = R U u(1): h(0) = 0, and the input of a step is in its state."""
    truth = _truth(trial)
    _check(trial, truth, _inputs(trial, truth), 1, "y(1)")


@claims
def last_input(trial: Trial) -> None:
    """Inputs later than step T do not count, and after u(s) there are none."""
    truth = circuit(trial.rng, 1 + trial.upto(3), 1)
    s = truth.s
    u = np.ones((s, 1))
    _check(trial, truth, u, s - 1, "y for T = s - 1")
    _check(trial, truth, u, s + 2, "y for T = s + 2")


@claims
def written_is_read(trial: Trial) -> None:
    """A repeat copy puts out u(1) … u(s) again and again."""
    s, kappa = trial.upto(3), trial.upto(2)
    C = np.zeros((s, kappa, kappa))
    C[0] = np.eye(kappa)
    truth = circuit(trial.rng, s, kappa).computing(C)
    u = trial.rng.choice([-1.0, 1.0], (s, kappa))
    got = trial.call(NAME, truth.W, truth.U, truth.R, u, 3 * s)
    trial.near(got, np.tile(u, (3, 1)), _off(truth, u, 3 * s, trial.eps), "y")


@claims
def superposition(trial: Trial) -> None:
    """The outputs for u + v are the sum of those for u and v."""
    truth, u, T = _case(trial)
    v = _inputs(trial, truth)
    parts = [trial.call(NAME, truth.W, truth.U, truth.R, x, T) for x in (u, v, u + v)]
    y_u, y_v, y = (trial.numbers(part, (T, truth.kappa), "y") for part in parts)
    bound = 3 * _off(truth, np.abs(u) + np.abs(v), T, trial.eps)
    trial.near(y, y_u + y_v, bound, "y for u + v")


@claims
def scale(trial: Trial) -> None:
    """Inputs c u give outputs c y, c a large or small power of 2."""
    truth, u, T = _case(trial)
    c = 2.0 ** int(trial.rng.choice([-60, -20, 20, 60]))
    _check(trial, truth, c * u, T, f"y for {c} u")


@claims
def similarity(trial: Trial) -> None:
    """TWT⁻¹, TU, RT⁻¹ has the outputs of W, U, R."""
    truth, u, T = _case(trial)
    _check(trial, truth.moved(*unimodular(trial.rng, truth.n, shears=1)), u, T, "y of the transformed network")


@claims
def permutation(trial: Trial) -> None:
    """The order of the units does not count."""
    truth, u, T = _case(trial)
    order = np.eye(truth.n)[trial.rng.permutation(truth.n)]
    _check(trial, truth.moved(order, order.T), u, T, "y with the units in another order")


@claims
def long_run(trial: Trial) -> None:
    """A network that permutes its units with signs is exact: nothing is forgotten in hundreds of steps."""
    s, kappa = trial.upto(3), trial.upto(2)
    truth = circuit(trial.rng, s, kappa, kinds=("cycle",), shears=0)
    _check(trial, truth, _inputs(trial, truth), 100 * s, "y")


@claims
def sensitivity(trial: Trial) -> None:
    """An input changed by δ changes the outputs accordingly."""
    truth, u, T = _case(trial)
    u.flat[int(trial.rng.integers(u.size))] += 2.0 ** -int(trial.rng.integers(4, 16))
    _check(trial, truth, u, T)


@claims
def one_unit(trial: Trial) -> None:
    """n = s = κ = T = 1: y is 1 × 1."""
    truth = circuit(trial.rng, 1, 1)
    _check(trial, truth, _inputs(trial, truth), 1)
