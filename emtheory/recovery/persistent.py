"""The persistent part of a task: vectors V and a normal Λ with Φ_C V = V Λ, and how far its eigenvalues are apart.

Main function: `persistent_part(task, above=…) -> PersistentPart`.

A signed selection needs no eigenvectors: its cycles are permuted with signs, so Λ is that signed permutation, which is
orthogonal, and every other node that never becomes 0 repeats a node of a cycle, so V has entries 0 and ±1, all exact.
For any other composition the columns of V are eigenvectors and Λ is diagonal. Where eigenvalues have no basis of
eigenvectors, as those of a Jordan block, the columns of V are dependent, and `nearest` finds no bound.

References: theorems `selection-spectrum`, `spectral-stability`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from emtheory.judges.floats import Enclosed
from emtheory.system.array_types import Floats
from emtheory.theory.circuits import float_companion
from emtheory.theory.spectra import predicted_spectrum
from emtheory.theory.tasks import Task

__all__ = ["PersistentPart", "persistent_part"]


_WITHIN = 2.0**-50  # predicted eigenvalues come within an ulp or two


@dataclass(frozen=True, eq=False)
class PersistentPart:
    """The r persistent eigenvalues, with multiplicity, of a task with m memories.

    Attributes:
        vectors: V (m × r).
        normal: Λ (r × r), enclosed.
        margin: a lower bound of half the least distance of these eigenvalues from each other and from 0.
    """

    vectors: np.ndarray[Any, np.dtype[Any]]
    normal: Enclosed
    margin: float


def persistent_part(task: Task, *, above: float) -> PersistentPart:
    """The part of Φ_C with eigenvalues of modulus larger than `above`, which is at least 0.

    >>> part = persistent_part(Task.compose_copy(2), above=0.5)
    >>> part.normal.value.tolist()
    [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    >>> part.vectors.tolist(), round(part.margin, 9)
    ([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]], 0.5)
    """
    values = [value for value, _ in predicted_spectrum(task).multiplicities() if abs(value) > above]
    margin = _half_least_distance(np.array([*values, 0.0]))
    if not values:
        return PersistentPart(np.zeros((task.s * task.kappa, 0)), Enclosed(np.zeros((0, 0)), np.zeros((0, 0))), margin)
    Phi = float_companion(task)
    vectors, normal = _eigenvectors(Phi, values, above) if task.selection is None else _cycles(Phi)
    return PersistentPart(vectors, normal, margin)


def _cycles(Phi: Floats) -> tuple[Floats, Enclosed]:
    """Of a signed selection: after m steps every node repeats one of a cycle, and back along the cycle by as many."""
    later = np.linalg.matrix_power(Phi, len(Phi))  # entries are 0 and ±1, so that nothing is rounded
    cycle = np.flatnonzero(later.any(axis=0))
    turns = Phi[np.ix_(cycle, cycle)]
    back = np.linalg.matrix_power(turns, len(Phi)).T
    return later[:, cycle] @ back, Enclosed(turns, np.zeros_like(turns))


def _eigenvectors(Phi: Floats, predicted: list[complex], above: float) -> tuple[Any, Enclosed]:
    found, vectors = np.linalg.eig(Phi)
    kept = np.flatnonzero(np.abs(found) > above)
    exact = np.array(predicted)
    values = exact[np.abs(found[kept][:, None] - exact).argmin(axis=1)]
    return vectors[:, kept], Enclosed(np.diag(values), np.diag(_WITHIN * np.abs(values)))


def _half_least_distance(points: np.ndarray[Any, np.dtype[np.complex128]]) -> float:
    from scipy.spatial import cKDTree

    if len(points) < 2:
        return float("inf")
    plane = np.column_stack([points.real, points.imag])
    nearest = cKDTree(plane).query(plane, 2)
    return float(nearest[0][:, 1].min() / 2 - 4 * _WITHIN * np.abs(points).max())
