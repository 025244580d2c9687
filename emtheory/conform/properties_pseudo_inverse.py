"""Properties of `pseudo_inverse`: the Moore-Penrose inverse of matrices of any rank and scale."""

from __future__ import annotations

from typing import Any

import numpy as np

from emtheory.conform.bounds import pseudo_inverse_bound
from emtheory.conform.trial import Claims, Trial
from emtheory.conform.truth import unimodular
from emtheory.system.array_types import Floats

__all__ = ["claims"]

NAME = "pseudo_inverse"


def _exact(A: Floats) -> Floats:
    """(AᵀA)⁻¹Aᵀ of an integer matrix of full column rank, exact but for the last rounding."""
    from emtheory.judges.exact import dyadic, left_inverse

    return left_inverse(dyadic(A)).numpy()


def _full(trial: Trial, p: int, q: int) -> Floats:
    """A p × q matrix of integers of full column rank, with few zeros."""
    return unimodular(trial.rng, p, shears=2 * p)[0][:, :q]


def _case(trial: Trial) -> tuple[Floats, Floats]:
    """A = LMᵀ and its pseudo-inverse (Mᵀ)⁺L⁺, of any shape and of every rank from 1."""
    p, q = trial.upto(5), trial.upto(5)
    rank = int(trial.rng.integers(1, min(p, q) + 1))
    L, M = _full(trial, p, rank), _full(trial, q, rank)
    return L @ M.T, _exact(M).T @ _exact(L)


def _check(trial: Trial, A: Floats, inverse: Floats, what: str = "A+") -> None:
    trial.near(trial.call(NAME, A), inverse, pseudo_inverse_bound(A, inverse, trial.eps), what)


claims = Claims(NAME, lambda trial: (_case(trial)[0],))


@claims
def value(trial: Trial) -> None:
    """A⁺ of integer matrices with full column or row rank, against rational arithmetic."""
    p, q = sorted((trial.upto(5), trial.upto(5)))
    A = _full(trial, q, p)
    inverse = _exact(A)
    _check(trial, A, inverse)
    _check(trial, A.T, inverse.T, "A+ of the transpose")


@claims
def rank_deficient(trial: Trial) -> None:
    """Singular values that are rounding errors are not inverted if the matrix has less than full rank."""
    p, q = 2 + trial.upto(4), 2 + trial.upto(4)
    rank = int(trial.rng.integers(1, min(p, q)))
    L, M = _full(trial, p, rank), _full(trial, q, rank)
    _check(trial, L @ M.T, _exact(M).T @ _exact(L))


@claims
def penrose(trial: Trial) -> None:
    """AXA = A, XAX = X, AX and XA symmetric."""
    A, inverse = _case(trial)
    X = trial.numbers(trial.call(NAME, A), inverse.shape, "X")
    trial.holds(bool(np.isfinite(X).all()), X, "finite entries", "X")
    off, norm, back = pseudo_inverse_bound(A, inverse, trial.eps), np.linalg.norm(A), np.linalg.norm(inverse)
    trial.near(A @ X @ A, A, 2 * norm**2 * off, "A X A")
    trial.near(X @ A @ X, X, (3 * norm * back + 1 + norm * off) * off, "X A X")
    trial.near(A @ X, (A @ X).T, 4 * norm * off, "A X against its transpose")
    trial.near(X @ A, (X @ A).T, 4 * norm * off, "X A against its transpose")


@claims
def scale(trial: Trial) -> None:
    """(cA)⁺ = A⁺/c, for c very large and very small: no cut-off is absolute."""
    A, inverse = _case(trial)
    reach = 400 if trial.dtype == np.float64 else 40
    c = 2.0 ** int(trial.rng.choice([-reach, -50, -30, 30, 50, reach])) if reach > 50 else 2.0 ** int(
        trial.rng.choice([-reach, -30, 30, reach])
    )  # fmt: skip
    got = trial.numbers(trial.call(NAME, c * A), inverse.shape, "(cA)+")
    trial.near(got * c, inverse, pseudo_inverse_bound(A, inverse, trial.eps), f"c (cA)+ for c = {c}")


@claims
def small_singular_values(trial: Trial) -> None:
    """Singular values far above rounding are inverted, however small, and no cluster is split."""
    n = 1 + trial.upto(3)
    depths = (-18, -25, -32, -40) if trial.dtype == np.float64 else (-8, -10, -12)
    least = int(trial.rng.choice(depths))
    sizes = 2.0 ** trial.rng.integers(least, least + 2, n)
    sizes[0] = 1.0
    left, right = (unimodular(trial.rng, n, shears=0)[0] for _ in range(2))
    _check(trial, left * sizes @ right, right.T / sizes @ left.T)


@claims
def permutation(trial: Trial) -> None:
    """(PAQ)⁺ = QᵀA⁺Pᵀ for signed permutations."""
    A, inverse = _case(trial)
    P, Q = (unimodular(trial.rng, size, shears=0)[0] for size in A.shape)
    _check(trial, P @ A @ Q, Q.T @ inverse @ P.T, "A+ of the permuted matrix")


@claims
def zero(trial: Trial) -> None:
    """The pseudo-inverse of 0 (p × q) is 0 (q × p)."""
    p, q = trial.upto(4), trial.upto(4)
    trial.near(trial.call(NAME, np.zeros((p, q))), np.zeros((q, p)), 0.0, "A+ of 0")


@claims
def zero_rows(trial: Trial) -> None:
    """Zero rows and columns stay zero: no vector of length 0 is normalised."""
    A, inverse = _case(trial)
    padded, expected = np.pad(A, ((0, 1), (0, 1))), np.pad(inverse, ((0, 1), (0, 1)))
    _check(trial, padded, expected, "A+ with a zero row and column")


@claims
def sensitivity(trial: Trial) -> None:
    """A diagonal entry changed by δ changes the inverse accordingly."""
    n = trial.upto(4)
    sizes = 1 + np.arange(n) / 4
    sizes[0] += 2.0 ** -int(trial.rng.integers(2, -int(np.log2(trial.eps)) - 6))
    sizes = trial.rounded(sizes)
    P = unimodular(trial.rng, n, shears=0)[0]
    A: Any = P * sizes
    _check(trial, A, (P / sizes).T)


@claims
def one_number(trial: Trial) -> None:
    """n = 1: 1/a, and 0 for 0."""
    a = float(trial.rng.choice([0.0, 1.0, -2.0, 0.125]))
    A, inverse = np.full((1, 1), a), np.full((1, 1), 1 / a if a else 0.0)
    _check(trial, A, inverse)
