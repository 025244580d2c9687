"""`Eigenvalues`: an expected spectrum, as enclosures of distinct numbers with multiplicities.

Roots of unity come from `roots_of_unity`, correctly enclosed by Arb, so that no rounding of exp(2πiq/ℓ) can be held
against a matrix. `half_gaps` says how near an eigenvalue has to be to be told from every other one in question.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import arb, fmpq

from emtheory.judges.balls import precision
from emtheory.judges.exact import rational
from emtheory.judges.floats.derived import derived
from emtheory.judges.floats.products import Enclosed
from emtheory.judges.floats.rounding import up
from emtheory.system.array_types import Array, Complexes, Floats, Integers

__all__ = ["Eigenvalues", "half_gaps", "on_circle", "roots_of_unity"]


@dataclass(frozen=True, eq=False)
class Eigenvalues:
    """An expected spectrum: number j lies within `radii[j]` of `centers[j]` and has multiplicity `multiplicities[j]`.

    Two entries with the same center and radius 0 are one number. `a + b` is the union with multiplicities.
    """

    centers: Complexes
    radii: Floats
    multiplicities: Integers

    def __post_init__(self) -> None:
        shapes = {self.centers.shape, self.radii.shape, self.multiplicities.shape}
        if len(shapes) != 1 or self.centers.ndim != 1:
            raise ValueError(
                f"centers, radii and multiplicities must be vectors of one length, got shapes {sorted(shapes)}"
            )
        if not (np.isfinite(self.centers).all() and np.isfinite(self.radii).all() and (self.radii >= 0).all()):
            raise ValueError("expected eigenvalues need finite centers and finite radii >= 0")
        if (self.multiplicities < 1).any():
            raise ValueError(f"a multiplicity of {self.multiplicities.min()} is no multiplicity; leave that value out")

    def __add__(self, other: Eigenvalues) -> Eigenvalues:
        pairs = zip(_fields(self), _fields(other), strict=True)
        return _merged(*(np.concatenate(pair) for pair in pairs))

    def blocks(self, places: Sequence[int], width: int) -> Enclosed:
        """[z_p I, z_q I, …] for the numbers at these places, I of size `width`: a factor for `chain`."""
        identity = np.eye(width)
        centers, radii = self.centers[list(places)][None, :], self.radii[list(places)][None, :]
        return Enclosed(np.kron(centers, identity), derived(np.kron(radii, identity)))

    @classmethod
    def of(cls, pairs: Iterable[tuple[Any, int]]) -> Eigenvalues:
        """From (value, multiplicity): a value is a complex float, meant exactly, or any exact rational, enclosed.

        >>> Eigenvalues.of([(1, 3), (0.5j, 2), (1, 1)]).multiplicities.tolist()
        [4, 2]
        """
        rows = [(*_enclosed(value), int(multiplicity)) for value, multiplicity in pairs]
        centers, radii, multiplicities = zip(*rows, strict=True) if rows else ((), (), ())
        return _merged(
            np.array(centers, dtype=np.complex128),
            np.array(radii, dtype=np.float64),
            np.array(multiplicities, dtype=np.int64),
        )


def roots_of_unity(order: int, *, sign: int = 1, count: int = 1) -> Eigenvalues:
    """The solutions of z^order = sign, each with multiplicity `count`, enclosed to about one unit in the last place.

    >>> roots_of_unity(4).centers.tolist()
    [(1+0j), 1j, (-1+0j), -1j]

    Raises:
        ValueError: order < 1, or a sign other than 1 and -1.
    """
    if order < 1 or sign not in (1, -1):
        raise ValueError(f"roots of unity need order >= 1 and sign 1 or -1, got order {order} and sign {sign}")
    centers, radii = on_circle([fmpq(2 * q + (sign < 0), 2 * order) for q in range(order)])
    return Eigenvalues(centers, radii, np.full(order, count, dtype=np.int64))


def on_circle(turns: Sequence[fmpq]) -> tuple[Complexes, Floats]:
    """exp(2πi q) for each q of the turns: float centers, and how far at most the exact numbers are from them.

    >>> [part.tolist() for part in on_circle([fmpq(0), fmpq(-1, 4)])]
    [[(1+0j), -1j], [0.0, 0.0]]
    """
    with precision(80):
        parts = [(*_float(arb.cos_pi_fmpq(2 * q)), *_float(arb.sin_pi_fmpq(2 * q))) for q in turns]
    real, real_radii, imaginary, imaginary_radii = np.array(parts, dtype=np.float64).reshape(-1, 4).T
    radii = real_radii + imaginary_radii
    return real + 1j * imaginary, np.where(radii > 0, up(radii), 0.0)


def half_gaps(expected: Eigenvalues, order: int) -> Floats:
    """A little less than half the distance from each expected number to any other that is 0 or a root of order ≤ N.

    Two different roots of unity of orders up to N ≥ 2 are 2 sin(π/(N(N − 1))) apart or more, and 0 is 1 apart from
    each. The eigenvalues of a signed selection on m places have orders up to N = 2m: one that lies nearer to an
    expected number than this is told from every other that such a matrix can have.

    Args:
        expected: 0 and roots of unity. order: N.

    Returns:
        A number for each of `expected.centers`: a reach for `spectrum_within`.

    Example:
        >>> half_gaps(roots_of_unity(1) + Eigenvalues.of([(0, 2)]), 4).round(4).tolist()
        [0.2588, 0.5]

    Raises:
        ValueError: order < 1.
    """
    if order < 1:
        raise ValueError(f"half gaps need order >= 1, got order {order}")
    with precision(80):
        center, radius = _float(arb.sin_pi_fmpq(fmpq(1, max(order * (order - 1), 2))))
    half = float(np.nextafter(0.5, 0))
    return np.where(expected.centers == 0, half, min(float(np.nextafter(center - radius, 0)), half))


def _fields(e: Eigenvalues) -> tuple[Array, ...]:
    return e.centers, e.radii, e.multiplicities


def _merged(centers: Array, radii: Array, multiplicities: Array) -> Eigenvalues:
    """Equal enclosures come from one number here (an exact value, or one root of unity), so they are one entry."""
    keys: dict[tuple[complex, float], int] = {}
    for center, radius, multiplicity in zip(centers.tolist(), radii.tolist(), multiplicities.tolist(), strict=True):
        keys[(center, radius)] = keys.get((center, radius), 0) + multiplicity
    return Eigenvalues(
        np.array([c for c, _ in keys], dtype=np.complex128),
        np.array([r for _, r in keys], dtype=np.float64),
        np.array(list(keys.values()), dtype=np.int64),
    )


def _enclosed(value: Any) -> tuple[complex, float]:
    if isinstance(value, (float, complex, np.floating, np.complexfloating)):
        return complex(value), 0.0
    exact = rational(value)
    with precision(80):
        center, radius = _float(arb(exact))
    return complex(center), radius


def _float(ball: arb) -> tuple[float, float]:
    """The ball's midpoint as a float, and a radius around it that covers the ball, at the precision in force."""
    center = float(ball.mid())
    radius = abs(ball - arb(center)).upper()
    return center, math.nextafter(math.nextafter(float(radius), math.inf), math.inf) if radius != 0 else 0.0
