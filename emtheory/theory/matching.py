"""Comparing two spectra: an optimal matching, not a greedy one.

`spectrum_distance` is the optimal matching distance of perturbation theory, a true metric on multisets of eigenvalues
that sees arguments and moduli. `argument_errors` is what experiments report: how far the arguments of the persistent
eigenvalues are from the predicted ones, under the assignment of least total error.

References: Stewart and Sun, "Matrix Perturbation Theory" (1990), section IV.1, for the optimal matching distance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from emtheory.system.array_types import Complexes, Floats, Mask

__all__ = ["ArgumentErrors", "argument_errors", "persistent_eigenvalues", "spectrum_distance"]


@dataclass(frozen=True)
class ArgumentErrors:
    """Mean and maximal error of the argument (rad) over `count` persistent eigenvalues."""

    mean: float
    maximum: float
    count: int


def spectrum_distance(a: Any, b: Any) -> float:
    """min over matchings of max_i |a_i − b_π(i)|: the least r such that moving each eigenvalue by ≤ r turns a into b.

    A metric on multisets of n eigenvalues: 0 only for equal multisets, symmetric, with the triangle inequality (up to
    the rounding of one subtraction). Finite for finite input: distances beyond the largest float count as that float.

    Arguments:
        a, b: n eigenvalues each, in any order.

    >>> spectrum_distance([1, -1], [-1, 2])
    1.0

    Raises:
        ValueError: unequal numbers, or entries that are not finite.
    """
    left, right = _spectrum(a), _spectrum(b)
    if len(left) != len(right):
        raise ValueError(
            f"two spectra must have equally many eigenvalues to be matched, but have {len(left)} and {len(right)}; "
            "pad the smaller one with zeros if its matrix acts as zero elsewhere"
        )
    if not len(left):
        return 0.0
    distances = _distances(left, right)
    levels = np.unique(distances)
    low, high = 0, len(levels) - 1  # the answer is one of the levels; the highest always admits a matching
    while low < high:
        middle = (low + high) // 2
        if _matchable(distances <= levels[middle]):
            high = middle
        else:
            low = middle + 1
    return float(levels[low])


def _distances(a: Complexes, b: Complexes) -> Floats:
    with np.errstate(over="ignore"):  # an overflow saturates: min(d, largest float) is a metric if d is one
        gaps = np.hypot(a.real[:, np.newaxis] - b.real, a.imag[:, np.newaxis] - b.imag)
    return np.minimum(gaps, np.finfo(np.float64).max)


def _matchable(allowed: Mask) -> bool:
    """Whether the bipartite graph has a perfect matching."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import maximum_bipartite_matching

    if not (allowed.any(axis=0).all() and allowed.any(axis=1).all()):
        return False
    return bool((maximum_bipartite_matching(csr_array(allowed), perm_type="column") >= 0).all())


def persistent_eigenvalues(values: Any, *, threshold: float = 0.8) -> Complexes:
    """The eigenvalues of modulus > threshold.

    Raises:
        ValueError: entries that are not finite, or a negative threshold.
    """
    if not threshold >= 0:
        raise ValueError(f"the threshold for the modulus must be at least 0, but is {threshold}")
    spectrum = _spectrum(values)
    return spectrum[np.hypot(spectrum.real, spectrum.imag) > threshold]


def argument_errors(learned: Any, predicted: Any, *, threshold: float = 0.8) -> ArgumentErrors:
    """Mean and maximum of |arg λ_i − arg μ_π(i)| on the circle, π the assignment with the least sum.

    Arguments:
        learned, predicted: eigenvalues in any order; those of modulus > threshold are compared.

    >>> argument_errors([1, 1j, 0.1], [1j, 2])
    ArgumentErrors(mean=0.0, maximum=0.0, count=2)

    Raises:
        ValueError: different numbers of persistent eigenvalues, none at all, or entries that are not finite.
    """
    from scipy.optimize import linear_sum_assignment

    left = persistent_eigenvalues(learned, threshold=threshold)
    right = persistent_eigenvalues(predicted, threshold=threshold)
    if len(left) != len(right):
        raise ValueError(
            f"argument errors need equally many persistent eigenvalues, but {len(left)} learned and {len(right)} "
            f"predicted ones have modulus > {threshold}; is this the task that the network was trained on?"
        )
    if not len(left):
        raise ValueError(f"no eigenvalue has modulus > {threshold}, so there are no arguments to compare")
    gaps = np.abs(np.angle(left)[:, np.newaxis] - np.angle(right))
    gaps = np.minimum(gaps, 2 * np.pi - gaps)
    errors = gaps[linear_sum_assignment(gaps)]
    return ArgumentErrors(float(errors.mean()), float(errors.max()), len(errors))


def _spectrum(values: Any) -> Complexes:
    array = np.asarray(values)
    if array.ndim != 1 or array.dtype.kind not in "fiuc":
        if array.size == 0 and array.ndim == 1:
            return np.empty(0, dtype=np.complex128)
        raise ValueError(f"a spectrum must be a vector of numbers, but has shape {array.shape} and type {array.dtype}")
    if not np.isfinite(array).all():
        raise ValueError("a spectrum must be finite, but has NaN or infinite eigenvalues; check the matrix it is from")
    return array.astype(np.complex128)
