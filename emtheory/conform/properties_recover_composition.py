"""Properties of `recover_composition`: how a circuit composes what it stores, and how many variables it has."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from emtheory.conform.properties_memory_basis import memory_error, sample, skewed_circuit, small_circuit
from emtheory.conform.trial import Claims, Trial
from emtheory.conform.truth import CircuitTruth, circuit, composition, conditioned

__all__ = ["claims", "composition_error"]

NAME = "recover_composition"

claims = Claims(NAME, lambda trial: sample(trial)[:3])


def composition_error(truth: CircuitTruth, eps: float) -> float:
    """The error of C = RWΨ; a detour through an eigenbasis costs κ(P)², and each of n sums adds."""
    reach = float(np.abs(truth.R @ np.abs(truth.W)).sum(axis=1).max())
    return truth.condition * (1 + reach) * truth.n * memory_error(truth, eps)


def _recovers(trial: Trial, truth: CircuitTruth, what: str = "C") -> None:
    got = trial.call(NAME, truth.W, truth.U, truth.R)
    trial.near(got, truth.C, composition_error(truth, trial.eps), what)


def _recovery(name: str, sentence: str, draw: Callable[[Trial], CircuitTruth]) -> None:
    """Registers: the composition of what is drawn is recovered."""

    def check(trial: Trial) -> None:
        _recovers(trial, draw(trial))

    check.__name__, check.__doc__ = name, sentence
    claims(check)


def _changed(trial: Trial) -> CircuitTruth:
    truth = small_circuit(trial, kinds=("cycle",), shears=1)
    C = truth.C.copy()
    C.flat[int(trial.rng.integers(C.size))] += 2.0 ** -int(trial.rng.integers(2, 9))
    return truth.computing(C)


def _slots(trial: Trial) -> CircuitTruth:
    s = 2 + trial.upto(2)
    C = np.zeros((s, 1, 1))
    C[int(trial.rng.integers(1, s))] = trial.rng.choice([-1.0, 1.0])
    return circuit(trial.rng, s, 1, shears=1).computing(C)


def _normalised(trial: Trial) -> CircuitTruth:
    truth, c = small_circuit(trial), 2.0 ** int(trial.rng.choice([-6, -2, 3, 6]))
    return truth.moved(c * np.eye(truth.n), np.eye(truth.n) / c)


def _conditioned(trial: Trial) -> CircuitTruth:
    known = composition(trial.rng, trial.upto(3), trial.upto(2), kinds=("cycle",))
    return conditioned(trial.rng, known, condition=2.0 ** int(trial.rng.integers(0, 4)))


_recovery(
    "composition",
    "C_1 … C_s and s are recovered, for cycles, chains and real roots.",
    lambda t: small_circuit(t, hidden=0),
)
_recovery("transients", "Units that are neither written nor read change nothing.", lambda t: small_circuit(t, hidden=2))
_recovery("skewed", "C is recovered in bases that are not orthogonal: R is not the transpose of U.", skewed_circuit)
_recovery("sensitivity", "An entry of C changed by δ is recovered so: nothing is rounded to integers.", _changed)
_recovery("live_slots", "Variables that the composition does not use are counted, the oldest too.", _slots)
_recovery("normalisation", "U ↦ cU, R ↦ R/c leaves C as it is.", _normalised)
_recovery("conditioned", "With rounded entries C is recovered within the bound of the condition.", _conditioned)


@claims
def permutation(trial: Trial) -> None:
    """The order of the units does not count."""
    truth = small_circuit(trial)
    order = np.eye(truth.n)[trial.rng.permutation(truth.n)]
    _recovers(trial, truth.moved(order, order.T), "C with the units in another order")


@claims
def block_order(trial: Trial) -> None:
    """C_1 reads the oldest variable, and blocks are not transposed."""
    C = np.array([[[0.0, 1.0], [0.0, 0.0]], [[0.0, 0.0], [0.5, 0.0]]])
    _recovers(trial, circuit(trial.rng, 2, 2, shears=1).computing(C))


@claims
def wrong_operators(trial: Trial) -> None:
    """R that reads nothing of what U writes, RU = 0, is refused with ValueError."""
    truth = small_circuit(trial, shears=0)
    trial.refuses(NAME, truth.W, truth.U, 0 * truth.R, why="R U = 0")


@claims
def one_unit(trial: Trial) -> None:
    """n = s = κ = 1: C = W."""
    c = 2.0 ** int(trial.rng.integers(-3, 4))
    truth = circuit(trial.rng, 1, 1, shears=0, kinds=("cycle",)).moved(np.full((1, 1), c), np.full((1, 1), 1 / c))
    _recovers(trial, truth)
