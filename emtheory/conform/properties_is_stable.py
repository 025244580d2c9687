"""Properties of `is_stable`: the spectral radius against 1, and nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np

from emtheory.conform.bounds import eigenvalue_bound
from emtheory.conform.trial import Claims, Trial
from emtheory.conform.truth import JordanTruth, circuit, jordan_matrix, unimodular

__all__ = ["claims"]

NAME = "is_stable"


def _sample(trial: Trial) -> tuple[Any, ...]:
    return (_inside(trial).W,)


claims = Claims(NAME, _sample)


def _answer(trial: Trial, W: Any) -> Any:
    got = trial.call(NAME, W)
    known = got is None or isinstance(got, (bool, np.bool_)) or (isinstance(got, np.ndarray) and _is_flag(got))
    trial.holds(known, got, "True, False or None", "answer")
    return None if got is None else bool(got)


def _is_flag(array: np.ndarray[Any, Any]) -> bool:
    return bool(array.shape == () and array.dtype.kind == "b")


def _expect(trial: Trial, W: Any, stable: bool, radius: float) -> None:
    got = _answer(trial, W)
    trial.holds(got is stable, got, f"{stable}, as the spectral radius is {radius}", "is_stable")


def _bound(truth: JordanTruth, eps: float) -> float:
    """How far computed eigenvalues can be off; W with a radius nearer to 1 may be left open."""
    norm = float(np.linalg.norm(truth.W))
    return eigenvalue_bound(len(truth.W), truth.block, truth.condition, norm, eps)


def _inside(trial: Trial) -> JordanTruth:
    values = trial.rng.choice([0.5, -0.5, 0.25, 0.0], trial.upto(3))
    return jordan_matrix(trial.rng, [(complex(value), 1) for value in values])


@claims
def inside(trial: Trial) -> None:
    """All eigenvalues of modulus ≤ 3/4: stable, complex and negative ones too."""
    blocks = [(complex(v), 1) for v in trial.rng.choice([0.75, -0.75, 0.5, 0.0], trial.upto(3))]
    truth = jordan_matrix(trial.rng, [*blocks, (0.75j, 1)][-trial.size :])
    _expect(trial, truth.W, True, truth.radius)


@claims
def outside(trial: Trial) -> None:
    """One eigenvalue of modulus ≥ 5/4, whatever its argument: not stable."""
    loud = complex(trial.rng.choice([1.25, -1.25, 1.25j, -2.0, 2.0j]))
    truth = jordan_matrix(trial.rng, [(loud, 1), *[(0.5 + 0j, 1)] * (trial.size - 1)])
    _expect(trial, truth.W, False, truth.radius)


@claims
def marginal(trial: Trial) -> None:
    """An eigenvalue of modulus exactly 1: False or None, and never True through rounding errors of a solver."""
    edge = complex(trial.rng.choice([1.0, -1.0, 1.0j]))
    truth = jordan_matrix(trial.rng, [(edge, 1), *[(0.5 + 0j, 1)] * (trial.size - 1)], shears=4)
    got = _answer(trial, truth.W)
    trial.holds(got is not True, got, "False or None, as the spectral radius is 1", "is_stable")


@claims
def marginal_cycle(trial: Trial) -> None:
    """Cycles in skewed bases, all eigenvalues roots of unity: never True."""
    truth = circuit(trial.rng, 1 + trial.upto(4), 1, kinds=("cycle",), shears=4)
    if not np.any(truth.Phi[-1]):
        return
    got = _answer(trial, truth.W)
    trial.holds(got is not True, got, "False or None, as the spectral radius is 1", "is_stable")


@claims
def jordan(trial: Trial) -> None:
    """Jordan blocks of eigenvalues inside the unit circle are stable, however large their norm; on it they are not."""
    size = 1 + trial.upto(2)
    value = complex(trial.rng.choice([0.0, 0.25, -0.25]))
    truth = jordan_matrix(trial.rng, [(value, size)])
    if _bound(truth, trial.eps) < 1 - truth.radius:
        _expect(trial, truth.W, True, truth.radius)
    edge = jordan_matrix(trial.rng, [(complex(trial.rng.choice([1.0, -1.0])), size)], shears=0)
    got = _answer(trial, edge.W)
    trial.holds(got is not True, got, "False or None, as the spectral radius is 1", "is_stable")


@claims
def large_norm(trial: Trial) -> None:
    """Transient growth does not make W unstable: [[1/2, c], [0, 1/4]] is stable for large c."""
    c = 2.0 ** int(trial.rng.integers(1, 8))
    W = np.array([[0.5, c], [0.0, 0.25]])
    _expect(trial, W if trial.rng.random() < 1 / 2 else W.T, True, 0.5)


@claims
def small_entries(trial: Trial) -> None:
    """Entries below 1 do not make W stable: the n × n matrix of 3/4 has the eigenvalue 3n/4."""
    n = 1 + trial.upto(3)
    _expect(trial, np.full((n, n), 0.75), False, 0.75 * n)


@claims
def sensitivity(trial: Trial) -> None:
    """1 − δ is stable and 1 + δ is not, for all δ above the bound of computed eigenvalues."""
    n, sign = trial.upto(3), float(trial.rng.choice([-1.0, 1.0]))
    P, inverse = unimodular(trial.rng, n, shears=1)
    condition = float(np.linalg.norm(P, 2) * np.linalg.norm(inverse, 2))
    bound = eigenvalue_bound(n, 1, condition, condition * float(np.sqrt(n)), trial.eps)
    delta = 2.0 ** (int(np.ceil(np.log2(bound))) + int(trial.rng.integers(1, 6)))
    for moved in (-delta, delta):
        values = np.append(sign * (1 + moved), np.full(n - 1, 0.5))
        _expect(trial, P * values @ inverse, moved < 0, 1 + moved)


@claims
def similarity(trial: Trial) -> None:
    """PWP⁻¹ is stable if W is; W and its transpose are alike."""
    radius = float(trial.rng.choice([0.5, 2.0]))
    truth = jordan_matrix(trial.rng, [(complex(radius), 1), *[(0.25 + 0j, 1)] * trial.upto(3)], shears=3)
    for W in (truth.W, truth.W.T):
        _expect(trial, W, radius < 1, radius)


@claims
def finite(trial: Trial) -> None:
    """0 is stable, and huge finite entries have an answer: c I and c times a nilpotent matrix."""
    n, c = trial.upto(3), float(np.sqrt(np.finfo(trial.dtype).max)) / 4
    _expect(trial, np.zeros((n, n)), True, 0.0)
    _expect(trial, c * np.eye(n), False, c)


@claims
def one_number(trial: Trial) -> None:
    """n = 1: |w| < 1."""
    w = float(trial.rng.choice([0.0, 0.5, -0.5, 2.0, -2.0, 0.9921875]))
    _expect(trial, np.full((1, 1), w), abs(w) < 1, abs(w))
