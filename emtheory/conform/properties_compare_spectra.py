"""Properties of `compare_spectra`: a metric on multisets of eigenvalues, under the best matching."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np

from emtheory.conform.bounds import gamma
from emtheory.conform.trial import Claims, Trial

__all__ = ["claims"]

NAME = "compare_spectra"
ROUNDINGS = 4  # of one |a − b|: two differences, and a root of a sum of squares, which is off by 2u


def _spectrum(trial: Trial, n: int) -> Any:
    """n eigenvalues inside of and on the unit circle, some of them repeated."""
    modulus = trial.rng.choice([0.0, 0.5, 1.0, 1.0, 2.0], n)
    values = modulus * np.exp(2j * np.pi * trial.rng.integers(0, 24, n) / 24)
    values[trial.rng.random(n) < 1 / 4] = values[0]
    return trial.rounded(values)


def _pair(trial: Trial) -> tuple[Any, Any]:
    n = trial.upto(6)
    return _spectrum(trial, n), _spectrum(trial, n)


def _rounding(trial: Trial, *spectra: Any) -> float:
    return gamma(ROUNDINGS, trial.eps) * 2 * max(float(np.abs(spectrum).max()) for spectrum in spectra)


def _distance(trial: Trial, a: Any, b: Any) -> float:
    return trial.scalar(trial.call(NAME, a, b), "d(a, b)")


claims = Claims(NAME, _pair)


@claims
def identity(trial: Trial) -> None:
    """d(a, a) = 0, repeated eigenvalues included."""
    a, _ = _pair(trial)
    trial.near(trial.call(NAME, a, a), 0.0, 0.0, "d(a, a)")


@claims
def symmetry(trial: Trial) -> None:
    """d(a, b) = d(b, a)."""
    a, b = _pair(trial)
    trial.near(trial.call(NAME, b, a), _distance(trial, a, b), 2 * _rounding(trial, a, b), "d(b, a)")


@claims
def triangle(trial: Trial) -> None:
    """d(a, c) ≤ d(a, b) + d(b, c)."""
    a, b = _pair(trial)
    c = _spectrum(trial, len(a))
    detour = _distance(trial, a, b) + _distance(trial, b, c)
    trial.at_most(trial.call(NAME, a, c), detour, 3 * _rounding(trial, a, b, c), "d(a, c)")


@claims
def permutation(trial: Trial) -> None:
    """The order of the eigenvalues does not count."""
    a, b = _pair(trial)
    shuffled = b[trial.rng.permutation(len(b))]
    bound = 2 * _rounding(trial, a, b)
    trial.near(trial.call(NAME, a, shuffled), _distance(trial, a, b), bound, "d(a, b in another order)")
    trial.near(trial.call(NAME, b, shuffled), 0.0, 0.0, "d(b, b in another order)")


@claims
def conjugation(trial: Trial) -> None:
    """d(ā, b̄) = d(a, b)."""
    a, b = _pair(trial)
    bound = 2 * _rounding(trial, a, b)
    trial.near(trial.call(NAME, a.conj(), b.conj()), _distance(trial, a, b), bound, "d of the conjugates")


@claims
def scale(trial: Trial) -> None:
    """d(ca, cb) = c d(a, b), c a power of 2."""
    a, b = _pair(trial)
    c = 2.0 ** int(trial.rng.choice([-40, -20, 20, 40]))
    expected = c * _distance(trial, a, b)
    trial.near(trial.call(NAME, c * a, c * b), expected, 2 * c * _rounding(trial, a, b), f"d({c} a, {c} b)")


@claims
def optimal(trial: Trial) -> None:
    """The matching is the best of all: min over permutations of the largest distance."""
    a, b = _pair(trial)
    a, b = a[:5], b[:5]
    best = min(float(np.abs(a - b[list(order)]).max()) for order in permutations(range(len(b))))
    trial.near(trial.call(NAME, a, b), best, _rounding(trial, a, b), "d(a, b)")


@claims
def chains(trial: Trial) -> None:
    """0, 1, …, n − 1 against the same, shifted by a little less than 1: nearest pairs leave the ends unmatched."""
    n = 1 + trial.upto(5)
    shift = 1 - 2.0 ** -int(trial.rng.integers(2, 6))
    a = np.arange(n) + 0j
    trial.near(trial.call(NAME, a, a + shift), shift, _rounding(trial, a, a + shift), "d(a, a + shift)")


@claims
def many(trial: Trial) -> None:
    """8 to 40 eigenvalues on a grid, each moved by less than half its spacing: the distance is the largest move."""
    n = 8 * trial.size + int(trial.rng.integers(9))
    grid = np.arange(n) % 6 + 1j * (np.arange(n) // 6)
    moves = np.exp(2j * np.pi * trial.rng.random(n)) * trial.rng.uniform(0.125, 0.375, n)
    a, b = trial.rounded(grid), trial.rounded(grid + moves)
    order = trial.rng.permutation(n)
    trial.near(trial.call(NAME, a, b[order]), np.abs(a - b).max(), _rounding(trial, a, b), "d(a, b)")


@claims
def multiplicity(trial: Trial) -> None:
    """{x, x, y} is not {x, y, y}: eigenvalues count as often as they occur."""
    x, gap = float(trial.rng.choice([1.0, 0.0, -1.0])), float(trial.rng.choice([0.25, 1.0]))
    more = trial.upto(3)
    a, b = np.array([x] * more + [x, x + gap]) + 0j, np.array([x] * more + [x + gap, x + gap]) + 0j
    trial.near(trial.call(NAME, a, b), gap, _rounding(trial, a, b), "d of {x, x, y} and {x, y, y}")


@claims
def modulus(trial: Trial) -> None:
    """Eigenvalues of equal argument and unequal modulus differ; so do those of opposite sign."""
    angle = np.exp(2j * np.pi * int(trial.rng.integers(0, 8)) / 8)
    r = float(trial.rng.choice([-1.0, 0.0, 0.5, 2.0]))
    a, b = trial.rounded(np.array([angle])), trial.rounded(np.array([r * angle]))
    trial.near(trial.call(NAME, a, b), abs(a[0] - b[0]), _rounding(trial, a, b), "d(a, b)")


@claims
def sensitivity(trial: Trial) -> None:
    """An eigenvalue moved by δ gives the distance δ, down to rounding, also along the circle near angle 0."""
    n, digits = trial.upto(5), -int(np.log2(trial.eps))
    a = np.exp(2j * np.pi * np.arange(n) / max(n, 3))
    a = trial.rounded(a)
    delta = 2.0 ** -int(trial.rng.integers(3, digits - 3))
    moved = a.copy()
    moved[0] = trial.rounded(np.array([trial.rng.choice([1 + delta, 1 - delta, np.exp(1j * delta)])]))[0]
    trial.near(
        trial.call(NAME, a, moved), abs(moved[0] - a[0]), _rounding(trial, a, moved), f"d after a move by {delta}"
    )


@claims
def crossing(trial: Trial) -> None:
    """An eigenvalue moved across an axis by 2δ gives the distance 2δ; pairs in the order of arguments do not."""
    delta, n = 2.0 ** -int(trial.rng.integers(3, 12)), trial.upto(3)
    turn = [1, 1j, -1, -1j][int(trial.rng.integers(4))]
    others = -np.arange(1.0, n + 1)
    a, b = (turn * np.append(1 + side * 1j * delta, others) for side in (1, -1))
    trial.near(trial.call(NAME, a, b), 2 * delta, _rounding(trial, a, b), "d(a, b)")


@claims
def rank_mismatch(trial: Trial) -> None:
    """Spectra of unequal length are refused with ValueError."""
    a, b = _pair(trial)
    trial.refuses(NAME, a, np.append(b, 0.0), why=f"the lengths are {len(a)} and {len(a) + 1}")


@claims
def finite(trial: Trial) -> None:
    """The distance of finite spectra, huge, tiny or all zero, is a number ≥ 0."""
    limits = np.finfo(trial.dtype)
    size = float(trial.rng.choice([0.0, float(limits.max) / 4, float(limits.tiny), float(limits.smallest_subnormal)]))
    n = trial.upto(4)
    a, b = (size * trial.rng.choice([-1.0, 0.0, 1.0], n) + 0j for _ in range(2))
    got = trial.call(NAME, a, b)
    trial.holds(0 <= trial.scalar(got, "d(a, b)") <= 2 * size, got, f"a number from 0 to {2 * size}", "d(a, b)")


@claims
def real_and_single(trial: Trial) -> None:
    """Real arrays and single eigenvalues are spectra too: d(x, y) = |x − y|."""
    x, y = trial.rng.choice([-2.0, -0.5, 0.0, 1.0, 3.0], 2)
    a, b = np.array([x]), np.array([y])
    trial.near(trial.call(NAME, a, b), abs(x - y), _rounding(trial, a, b), "d(x, y)")
