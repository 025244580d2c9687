"""Where eigenvalues provably lie: discs against circles around 0, and against sectors of the plane.

Main functions: `outside(discs, radius)`, `locate(discs, radius)`, `sectors(values)`, `count_in_sectors(discs, …)`. A
disc may hold no eigenvalue, but a connected component of discs holds as many as it has discs. So a statement is proved
of eigenvalues if it holds for all discs of their component.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emtheory.judges.floats import Discs
from emtheory.system.array_types import Floats, Mask

__all__ = ["Location", "Sectors", "count_in_sectors", "locate", "outside", "sectors"]


# moduli, sums and differences below are a few roundings, each of relative size at most 2⁻⁵²
_RELATIVE = 2.0**-48
# arguments are below 8 and go through at most a dozen operations, each off by at most 2⁻⁵⁰
_TURN = 2.0**-46


@dataclass(frozen=True)
class Location:
    """How many eigenvalues are proved to lie outside and inside a circle |λ| = r; of the rest neither is proved."""

    outside: int
    inside: int
    undecided: int


@dataclass(frozen=True, eq=False)
class Sectors:
    """The plane, cut halfway between neighbouring `arguments` (rising, in [0, 2π)), with `counts` values in each."""

    arguments: Floats
    counts: NDArray[np.int64]

    @property
    def half_gap(self) -> float:
        """Half the least angle between neighbouring arguments; π if there is one only."""
        turn = np.append(self.arguments, self.arguments[0] + 2 * np.pi)
        return float(np.diff(turn).min() / 2)


def outside(discs: Discs, radius: float) -> Mask:
    """For each component of the discs, whether all its eigenvalues have |λ| > radius.

    >>> from emtheory.judges.floats import eigenvalue_discs
    >>> discs = eigenvalue_discs(np.diag([2.0, 0.5]))
    >>> outside(discs, 1.0).tolist(), locate(discs, 0.5)
    ([True, False], Location(outside=1, inside=0, undecided=1))
    """
    moduli = np.abs(discs.centers)
    return _all_of(discs, moduli - discs.radii - _RELATIVE * (moduli + discs.radii) > radius)


def _inside(discs: Discs, radius: float) -> Mask:
    moduli = np.abs(discs.centers)
    return _all_of(discs, (moduli + discs.radii) * (1 + _RELATIVE) < radius)


def _all_of(discs: Discs, holds: Mask) -> Mask:
    """For each component, whether something holds for all its discs."""
    fails = np.zeros(len(discs.counts), dtype=np.bool_)
    fails[discs.components[~holds]] = True
    return ~fails


def locate(discs: Discs, radius: float, *, among: Mask | None = None) -> Location:
    """How many eigenvalues, of all components or of those in `among`, lie on which side of |λ| = radius."""
    counts = discs.counts if among is None else discs.counts * among
    far, near = int(counts @ outside(discs, radius)), int(counts @ _inside(discs, radius))
    return Location(far, near, int(counts.sum()) - far - near)


def sectors(values: Iterable[tuple[complex, int]]) -> Sectors:
    """The sectors of values ≠ 0, each given within about an ulp and with its multiplicity.

    Arguments that rounding cannot tell apart share a sector.

    >>> sectors([(1, 2), (-2, 1), (1j, 1), (3, 1)]).counts.tolist()
    [3, 1, 1]
    """
    turns = sorted((float(np.angle(value)) % (2 * np.pi), count) for value, count in values)
    arguments: list[float] = []
    counts: list[int] = []
    for argument, count in turns:
        if arguments and argument - arguments[-1] <= _TURN:
            counts[-1] += count
        elif arguments and arguments[0] + 2 * np.pi - argument <= _TURN:  # just below a whole turn
            counts[0] += count
        else:
            arguments.append(argument)
            counts.append(count)
    return Sectors(np.array(arguments), np.array(counts, dtype=np.int64))


def count_in_sectors(discs: Discs, cut: Sectors, *, among: Mask) -> tuple[NDArray[np.int64], float] | None:
    """The number of eigenvalues of the components in `among` in each sector, and a bound on their argument errors.

    None if an eigenvalue may lie in two sectors. Seen from 0, a disc of radius r around c, r < |c|, covers the
    arguments arg c ± arcsin(r/|c|).
    """
    chosen = among[discs.components]
    centers, radii, home = discs.centers[chosen], discs.radii[chosen], discs.components[chosen]
    moduli = np.abs(centers)
    if not (radii * (1 + _RELATIVE) < moduli).all() or not len(cut.arguments):
        return None
    width = np.arcsin(np.minimum(1.0, radii / moduli * (1 + _RELATIVE))) * (1 + _RELATIVE) + _TURN
    away: Any = np.angle(centers)[:, None] - cut.arguments
    away = np.abs(away - 2 * np.pi * np.round(away / (2 * np.pi)))
    nearest = away.argmin(axis=1)
    reach = np.sort(away, axis=1)
    # a disc stays in its sector if no point of it is nearer to another argument
    if len(cut.arguments) > 1 and not (reach[:, 0] + 2 * width + _TURN < reach[:, 1]).all():
        return None
    sector = np.full(len(discs.counts), -1)
    sector[home] = nearest
    if (sector[home] != nearest).any():
        return None
    counts = np.bincount(nearest, minlength=len(cut.arguments)).astype(np.int64)
    return counts, float((reach[:, 0] + width + _TURN).max(initial=0.0))
