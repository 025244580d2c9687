"""`spectrum_is`: are the eigenvalues of a matrix, counted with multiplicity, the expected ones?

The expected spectrum is `Eigenvalues`: enclosures of distinct numbers with multiplicities. Roots of unity come from
`roots_of_unity`, correctly enclosed by Arb, so that no rounding of exp(2πiq/ℓ) can be held against a matrix.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import arb, fmpq
from numpy.typing import NDArray

from emtheory.judges.balls import precision
from emtheory.judges.exact import Matrix, rational
from emtheory.judges.floats.derived import derived
from emtheory.judges.floats.discs import Discs, eigenvalue_discs
from emtheory.judges.floats.grading import graded_bases
from emtheory.judges.floats.products import Enclosed, Factor, enclose
from emtheory.judges.floats.rounding import TINY, UNIT, Floats, modulus_up, sum_up, up
from emtheory.verdict import Kind, Outcome, Verdict, proved, refuted, undecided

__all__ = ["Eigenvalues", "roots_of_unity", "spectrum_is"]


@dataclass(frozen=True, eq=False)
class Eigenvalues:
    """An expected spectrum: number j lies within `radii[j]` of `centers[j]` and has multiplicity `multiplicities[j]`.

    Two entries with the same center and radius 0 are one number. `a + b` is the union with multiplicities.
    """

    centers: NDArray[np.complex128]
    radii: Floats
    multiplicities: NDArray[np.int64]

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
    half_turns = [fmpq(2 * q + (sign < 0), order) for q in range(order)]
    with precision(80):
        parts = [(arb.cos_pi_fmpq(angle), arb.sin_pi_fmpq(angle)) for angle in half_turns]
    rounded = [(_float(c), _float(s)) for c, s in parts]
    centers = np.array([complex(c, s) for (c, _), (s, _) in rounded])
    radii = np.array([float(up(rc + rs)) if rc or rs else 0.0 for (_, rc), (_, rs) in rounded])
    return Eigenvalues(centers, radii, np.full(order, count, dtype=np.int64))


def spectrum_is(A: Factor, expected: Eigenvalues | Iterable[tuple[Any, int]]) -> Verdict:
    """Decide whether the eigenvalues of A are the expected ones, by proved discs.

    Proved: eigenvalues and expected numbers pair off, with multiplicity, each component of the discs holding as many of
    these as of those, and no eigenvalue can be as far from its partner as half the way to the next expected number (if
    there is one only: as ‖A‖_∞). `reach` in the evidence bounds the distances, `ratio` compares them with that margin;
    it is no proof that they are 0, which only the exact judge has. Refuted: an expected number lies outside of
    all discs, or the counts of a component differ. Undecided: discs refused, too wide, or an expected number on a rim.

    Args:
        A: as for `eigenvalue_discs`; give `chain(…)` or an exact `Matrix` when the expected numbers are those of the
            exact matrix: the spectrum of its rounding is another one, and tight discs may tell them apart. An exact
            `Matrix` may even be defective at 0, by `graded_bases`.
        expected: `Eigenvalues`, or pairs (value, multiplicity) as for `Eigenvalues.of`.

    Raises:
        ValueError: A is not square, or has NaN or infinite entries; impossible expectations.

    Example:
        >>> from emtheory.judges.exact import cycle
        >>> spectrum_is(cycle(5), roots_of_unity(5)).outcome
        <Outcome.PROVED: 'proved'>
        >>> spectrum_is(cycle(5), [(1, 5)]).outcome
        <Outcome.REFUTED: 'refuted'>
    """
    expected = expected if isinstance(expected, Eigenvalues) else Eigenvalues.of(expected)
    value, bound = enclose(A)
    discs = eigenvalue_discs((value, bound))
    scope = f"eigenvalues of a {len(value)} x {len(value)} matrix"
    total = int(expected.multiplicities.sum())
    if total != len(value):
        return refuted(Kind.ENCLOSED, scope, reason=f"{total} eigenvalues expected of a matrix that has {len(value)}")
    if not total:
        return undecided(Kind.ENCLOSED, scope, reason="nothing was compared")
    norm = float(sum_up(modulus_up(value), 1).max())
    verdict = _match(discs, expected, scope, norm)
    if verdict.outcome is Outcome.UNDECIDED and isinstance(A, Matrix):
        tries = (eigenvalue_discs((value, bound), basis=basis) for basis in graded_bases(A))
        verdicts = (_match(others, expected, scope, norm) for others in tries)
        verdict = next((v for v in verdicts if v.outcome is not Outcome.UNDECIDED), verdict)
    return verdict


def _match(discs: Discs, expected: Eigenvalues, scope: str, norm: float) -> Verdict:
    if discs.refused:
        return undecided(Kind.ENCLOSED, scope, reason=discs.refused)
    blur = expected.radii[:, None]
    distances = modulus_up(expected.centers[:, None] - discs.centers[None, :])
    farthest = up(up(distances * (1 + 4 * UNIT)) + blur + TINY) * (1 + 2 * UNIT)
    nearest = distances * (1 - 24 * UNIT) - up(blur + 2 * TINY)
    outside = nearest > up(discs.radii)
    if outside.all(axis=1).any():
        j = int(np.flatnonzero(outside.all(axis=1))[0])
        gap = float((nearest - discs.radii)[j].min())
        return refuted(
            Kind.ENCLOSED, scope, reason="expected, but outside of all discs", value=_show(expected, j), gap=gap
        )
    inside = farthest <= discs.radii
    if not inside.any(axis=1).all():
        j = int(np.flatnonzero(~inside.any(axis=1))[0])
        return undecided(
            Kind.ENCLOSED, scope, reason="an expected value lies on the rim of a disc", value=_show(expected, j)
        )
    home = discs.components[inside.argmax(axis=1)]
    wanted = np.bincount(home, weights=expected.multiplicities, minlength=len(discs.counts)).astype(np.int64)
    if (wanted != discs.counts).any():
        c = int(np.flatnonzero(wanted != discs.counts)[0])
        first = int(np.flatnonzero(discs.components == c)[0])
        near = [float(discs.centers[first].real), float(discs.centers[first].imag)]
        return refuted(Kind.ENCLOSED, scope, reason=f"{wanted[c]} expected, but {discs.counts[c]} are there", near=near)
    return _wide_enough_apart(discs, expected, home, farthest, scope, norm)


def _wide_enough_apart(
    discs: Discs, expected: Eigenvalues, home: NDArray[np.int64], farthest: Floats, scope: str, norm: float
) -> Verdict:
    """Proved only if no eigenvalue can reach half the distance to another expected number."""
    same = discs.components[None, :] == home[:, None]
    reach = np.where(same, up(farthest + discs.radii), 0.0).max(axis=1)
    margins = _margins(expected, norm)
    ratios = reach / margins
    worst = int(ratios.argmax())
    evidence = {"reach": float(reach.max()), "ratio": float(up(ratios[worst])), "discs": len(discs.counts)}
    if not ratios[worst] * (1 + 4 * UNIT) < 1:
        return undecided(
            Kind.ENCLOSED,
            scope,
            reason="the discs are too wide to tell the expected values apart",
            value=_show(expected, worst),
            **evidence,
        )
    return proved(Kind.ENCLOSED, f"{scope}, within {evidence['reach']:.1e}", **evidence)


def _margins(expected: Eigenvalues, norm: float) -> Floats:
    """Half the distance to the nearest other expected number, from below; for a lone one the matrix's own scale."""
    if len(expected.centers) == 1:
        return np.array([max(norm, np.finfo(np.float64).tiny)])
    distances = modulus_up(expected.centers[:, None] - expected.centers[None, :])
    np.fill_diagonal(distances, np.inf)
    blur = up(expected.radii[:, None] + expected.radii[None, :])
    apart: Floats = np.maximum(distances * (1 - 24 * UNIT) - up(blur + 2 * TINY), 0.0).min(axis=1)
    return np.maximum(apart / 2, TINY)


def _show(expected: Eigenvalues, j: int) -> list[float]:
    return [float(expected.centers[j].real), float(expected.centers[j].imag)]


def _fields(e: Eigenvalues) -> tuple[NDArray[Any], ...]:
    return e.centers, e.radii, e.multiplicities


def _merged(centers: NDArray[Any], radii: NDArray[Any], multiplicities: NDArray[Any]) -> Eigenvalues:
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
    """The ball's midpoint as a float, and a radius around it that covers the ball."""
    center = float(ball.mid())
    with precision(80):
        radius = abs(ball - arb(center)).upper()
    return center, float(up(up(float(radius)))) if radius != 0 else 0.0
