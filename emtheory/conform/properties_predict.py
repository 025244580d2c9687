"""Properties of `predict_operator` and `predict_spectrum`: Φ_C and its eigenvalues with multiplicities."""

from __future__ import annotations

from typing import Any

import numpy as np

from emtheory.conform.bounds import eigenvalue_bound, product_bound
from emtheory.conform.trial import Claims, Trial
from emtheory.conform.truth import KINDS, CompositionTruth, composition, operator, unimodular
from emtheory.theory.matching import spectrum_distance

__all__ = ["operator_claims", "spectrum_claims"]

OPERATOR, SPECTRUM = "predict_operator", "predict_spectrum"


def _truth(trial: Trial, kinds: tuple[str, ...] = KINDS) -> CompositionTruth:
    return composition(trial.rng, trial.upto(4), trial.upto(3), kinds=kinds)


def _sample(trial: Trial) -> tuple[Any, ...]:
    return (_truth(trial).C,)


operator_claims = Claims(OPERATOR, _sample)
spectrum_claims = Claims(SPECTRUM, _sample)


@operator_claims
def companion(trial: Trial) -> None:
    """Identity blocks at (j, j+1), [C_1 … C_s] as last block row: entries are copied, nothing is rounded."""
    truth = _truth(trial)
    trial.near(trial.call(OPERATOR, truth.C), truth.Phi, 0.0, "Phi")


@operator_claims
def order(trial: Trial) -> None:
    """Asymmetric, different blocks are neither transposed nor reversed, and identities are above the diagonal."""
    s, kappa = 1 + trial.upto(3), 1 + trial.upto(2)
    C = np.arange(1.0, s * kappa * kappa + 1).reshape(s, kappa, kappa)
    trial.near(trial.call(OPERATOR, C), operator(C), 0.0, "Phi")


@operator_claims
def written_is_read(trial: Trial) -> None:
    """Φ moves (x(t−s), …, x(t−1)) to (x(t−s+1), …, x(t)) with x(t) = Σ_k C_k x(t−s−1+k)."""
    truth = _truth(trial)
    s, kappa = truth.s, truth.kappa
    x = trial.rng.integers(-2, 3, (s, kappa)).astype(np.float64)
    new = sum(truth.C[k] @ x[k] for k in range(s))
    Phi = trial.numbers(trial.call(OPERATOR, truth.C), truth.Phi.shape, "Phi")
    bound = product_bound(trial.eps, truth.Phi, x.ravel())
    trial.near(Phi @ x.ravel(), np.concatenate([x[1:].ravel(), new]), bound, "Phi x")


@operator_claims
def one_variable(trial: Trial) -> None:
    """For s = 1, Φ is C_1; for s = κ = 1 it is one number."""
    kappa = trial.upto(3)
    C = trial.rng.integers(-2, 3, (1, kappa, kappa)).astype(np.float64)
    trial.near(trial.call(OPERATOR, C), C[0], 0.0, "Phi")


@operator_claims
def sensitivity(trial: Trial) -> None:
    """A change of one entry of C by δ changes one entry of Φ by δ; huge and tiny entries are copied unchanged."""
    truth = _truth(trial)
    C = truth.C.copy()
    C.flat[int(trial.rng.integers(C.size))] += 2.0 ** int(trial.rng.choice([-10, -5]))
    size = 2.0 ** int(trial.rng.choice([-60, 0, 60]))
    trial.near(trial.call(OPERATOR, size * C), operator(size * C), 0.0, "Phi")


def _off(truth: CompositionTruth, eps: float) -> float:
    """How far computed eigenvalues can be from the exact ones."""
    condition = float(np.linalg.cond(truth.chains))
    return eigenvalue_bound(len(truth.Phi), truth.block, condition, float(np.linalg.norm(truth.Phi)), eps)


def _compare(trial: Trial, C: Any, expected: Any, bound: float, what: str) -> None:
    got = trial.numbers(trial.call(SPECTRUM, C), np.shape(expected), what)
    trial.holds(bool(np.isfinite(got).all()), got, "finite eigenvalues", what)
    trial.at_most(spectrum_distance(got, expected), 0.0, bound, f"distance of {what} from the exact ones")


@spectrum_claims
def cycles(trial: Trial) -> None:
    """If λ^j = ±1 in every component, the spectrum is roots of unity with multiplicities, and zeros."""
    truth = _truth(trial, ("cycle",))
    _compare(trial, truth.C, truth.eigenvalues, _off(truth, trial.eps), "eigenvalues")


@spectrum_claims
def jordan(trial: Trial) -> None:
    """Repeated roots are counted as often as they occur, Jordan blocks or not."""
    truth = _truth(trial, ("roots", "nilpotent"))
    _compare(trial, truth.C, truth.eigenvalues, _off(truth, trial.eps), "eigenvalues")


@spectrum_claims
def zeros_count(trial: Trial) -> None:
    """Zeros belong to the spectrum: C = 0 has sκ of them."""
    s, kappa = trial.upto(4), trial.upto(3)
    truth = composition(trial.rng, s, kappa, kinds=("nilpotent",))
    _compare(trial, truth.C, np.zeros(s * kappa), _off(truth, trial.eps), "eigenvalues")


@spectrum_claims
def block_order(trial: Trial) -> None:
    """C_1 acts on the oldest variable: λ^s − λ^{s−1} for C_s = 1, not λ^s − 1."""
    s = 1 + trial.upto(3)
    C = np.zeros((s, 1, 1))
    C[-1] = 1.0
    chain = max(1, s - 1)
    bound = eigenvalue_bound(s, chain, float(s * s), float(np.sqrt(s)), trial.eps)  # chains (e_1 … , 1): cond ≤ s²
    _compare(trial, C, np.append(np.zeros(s - 1), 1.0), bound, "eigenvalues")


@spectrum_claims
def similarity(trial: Trial) -> None:
    """T C_k T⁻¹ has the spectrum of C."""
    truth = _truth(trial)
    T, inverse = unimodular(trial.rng, truth.kappa)
    condition = float(np.linalg.norm(T, 2) * np.linalg.norm(inverse, 2))
    moved = np.array([T @ block @ inverse for block in truth.C])
    cond, norm = float(np.linalg.cond(truth.chains)) * condition, float(np.linalg.norm(operator(moved)))
    bound = eigenvalue_bound(len(truth.Phi), truth.block, cond, norm, trial.eps)
    _compare(trial, moved, truth.eigenvalues, bound, "eigenvalues of T C T^-1")


@spectrum_claims
def conjugation(trial: Trial) -> None:
    """The eigenvalues of real C come in conjugate pairs."""
    truth = _truth(trial)
    got = trial.numbers(trial.call(SPECTRUM, truth.C), truth.eigenvalues.shape, "eigenvalues")
    trial.holds(bool(np.isfinite(got).all()), got, "finite eigenvalues", "eigenvalues")
    bound = 2 * _off(truth, trial.eps)
    trial.at_most(spectrum_distance(got, got.conj()), 0.0, bound, "distance of the eigenvalues from their conjugates")


@spectrum_claims
def scale(trial: Trial) -> None:
    """C_k c^{s+1−k} has c times the eigenvalues, c a power of 2."""
    truth = _truth(trial, ("cycle",))
    c = 2.0 ** int(trial.rng.choice([-3, 3]))
    powers = c ** np.arange(truth.s, 0, -1.0)
    C = truth.C * powers[:, None, None]
    # X is graded by powers of c, and so are the Jordan blocks of cJ until their c is a 1 again
    grading = max(c, 1 / c) ** (truth.s - 1 + truth.block - 1)
    condition, norm = float(np.linalg.cond(truth.chains)) * grading, float(np.linalg.norm(operator(C)))
    bound = eigenvalue_bound(len(truth.Phi), truth.block, condition, norm, trial.eps)
    _compare(trial, C, c * truth.eigenvalues, bound, "eigenvalues of the scaled composition")


@spectrum_claims
def seen_change(trial: Trial) -> None:
    """A root moved by δ moves its eigenvalue by δ: roots 1 + δ and 1/2, and for s = 1 the eigenvalues of C_1."""
    delta = 2.0 ** -int(trial.rng.integers(3, 9))
    roots = [np.array([1 + delta]), np.array([1 + delta, 0.5])][int(trial.rng.integers(2))]
    s = len(roots)
    C = -np.poly(roots)[1:][::-1].reshape(s, 1, 1)
    condition = float(np.linalg.cond(np.vander(roots, increasing=True).T))
    bound = eigenvalue_bound(s, 1, condition, float(np.linalg.norm(operator(C))), trial.eps)
    _compare(trial, C, roots, bound, "eigenvalues")


@spectrum_claims
def one_number(trial: Trial) -> None:
    """For s = κ = 1 the eigenvalue is C_1."""
    value = float(trial.rng.choice([0.0, 1.0, -1.0, 0.5, 3.0]))
    bound = eigenvalue_bound(1, 1, 1.0, abs(value), trial.eps)
    _compare(trial, np.full((1, 1, 1), value), np.array([value]), bound, "eigenvalue")
