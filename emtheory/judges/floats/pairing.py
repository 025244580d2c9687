"""`spectrum_within`: do the eigenvalues of a matrix pair off with the expected ones, each within reach of its partner?

The least reach for which they do is the optimal matching distance of two spectra. Discs bound where the eigenvalues
are, so a pairing may be sure for all of these places, or impossible for all of them; between the two nothing is said.

References: G. W. Stewart, J. Sun, Matrix Perturbation Theory (1990), section IV.1.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_CEILING, Context
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emtheory.judges.exact import Matrix
from emtheory.judges.floats.discs import Discs, eigenvalue_discs
from emtheory.judges.floats.eigenvalues import Eigenvalues
from emtheory.judges.floats.grading import graded_bases
from emtheory.judges.floats.products import Enclosable, enclose
from emtheory.judges.floats.rounding import TINY, UNIT, modulus_up, up
from emtheory.system.array_types import Floats, Mask
from emtheory.verdict import Kind, Outcome, Verdict, proved, refuted, undecided

__all__ = ["spectrum_within"]


def spectrum_within(A: Enclosable, expected: Eigenvalues | Iterable[tuple[Any, int]], reach: float | Floats) -> Verdict:
    """Decide whether some pairing of the eigenvalues λ of A with the expected numbers μ has |λ − μ| ≤ reach throughout.

    Both count with multiplicity. Proved: in some pairing each expected number has every point of its partner's discs
    within reach; `distance` in the evidence bounds |λ − μ|, and `ratio` the share of the reach that it takes. That
    λ = μ is never proved; only the exact judge can. Refuted: there is no such pairing, wherever in the discs the
    eigenvalues are. Undecided: the discs are wider than what is claimed, or there are none.

    Args:
        A: as for `eigenvalue_discs`; give `chain(…)` or an exact `Matrix` when the expected numbers are those of the
            exact matrix: the spectrum of its rounding is another one, and tight discs may tell them apart. An exact
            `Matrix` may even be defective at 0, by `graded_bases`.
        expected: `Eigenvalues`, or pairs (value, multiplicity) as for `Eigenvalues.of`.
        reach: a distance, or one for each of `expected.centers`; what the claim has to tell apart gives it (see
            `half_gaps`), not what the discs happen to allow.

    Raises:
        ValueError: A is not square, or has NaN or infinite entries; impossible expectations; a reach that is negative,
            not finite, or not one for each expected number.

    Example:
        >>> from emtheory.judges.exact import cycle
        >>> from emtheory.judges.floats.eigenvalues import half_gaps, roots_of_unity
        >>> roots = roots_of_unity(5)
        >>> spectrum_within(cycle(5), roots, half_gaps(roots, 10)).outcome
        <Outcome.PROVED: 'proved'>
        >>> spectrum_within(cycle(5), [(1, 5)], 0.5).outcome
        <Outcome.REFUTED: 'refuted'>
        >>> spectrum_within(cycle(5), roots, 2.0**-60).outcome
        <Outcome.UNDECIDED: 'undecided'>
    """
    expected = expected if isinstance(expected, Eigenvalues) else Eigenvalues.of(expected)
    reaches = _reaches(reach, expected)
    value, bound = enclose(A)
    discs = eigenvalue_discs((value, bound))
    scope = f"eigenvalues of a {len(value)} x {len(value)} matrix"
    total = int(expected.multiplicities.sum())
    if total != len(value):
        return refuted(Kind.ENCLOSED, scope, reason=f"{total} eigenvalues expected of a matrix that has {len(value)}")
    if not total:
        return undecided(Kind.ENCLOSED, scope, reason="nothing was compared")
    verdict = _match(discs, expected, reaches, scope)
    if verdict.outcome is Outcome.UNDECIDED and isinstance(A, Matrix):
        tries = (eigenvalue_discs((value, bound), basis=basis) for basis in graded_bases(A))
        verdicts = (_match(others, expected, reaches, scope) for others in tries)
        verdict = next((v for v in verdicts if v.outcome is not Outcome.UNDECIDED), verdict)
    return verdict


def _reaches(reach: float | Floats, expected: Eigenvalues) -> Floats:
    reaches = np.asarray(reach, dtype=np.float64)
    if reaches.shape not in ((), expected.centers.shape):
        count = len(expected.centers)
        raise ValueError(f"the reach must be a number or one for each of {count} expected, got shape {reaches.shape}")
    if not (np.isfinite(reaches).all() and (reaches >= 0).all()):
        raise ValueError(f"a reach must be finite and >= 0, got {reach}")
    return np.broadcast_to(reaches, expected.centers.shape)


def _match(discs: Discs, expected: Eigenvalues, reaches: Floats, scope: str) -> Verdict:
    if discs.refused:
        return undecided(Kind.ENCLOSED, scope, reason=discs.refused)
    nearest, farthest = _distances(discs, expected)
    numbers = np.repeat(np.arange(len(reaches)), expected.multiplicities)
    places = np.repeat(np.arange(len(discs.counts)), discs.counts)
    limits, apart = reaches[numbers][:, None], np.ix_(numbers, places)
    for allowed, decide, reason in (
        (nearest[apart] <= limits, refuted, "at most {} of {} eigenvalues can be paired within reach"),
        (farthest[apart] <= limits, undecided, "the discs are too wide: {} of {} eigenvalues are surely within reach"),
    ):
        paired = _pairing(allowed) >= 0
        if not paired.all():
            first = numbers[np.flatnonzero(~paired)[0]]
            center = expected.centers[first]
            facts = {"value": [float(center.real), float(center.imag)], "reach": float(reaches[first])}
            return decide(Kind.ENCLOSED, scope, reason=reason.format(paired.sum(), len(paired)), **facts)
    distances = np.where(farthest[apart] <= limits, farthest[apart], 0.0)
    found = distances[np.arange(len(numbers)), _nearest_pairing(distances)]
    ratio = float((found / np.maximum(limits[:, 0], TINY)).max())
    return proved(
        Kind.ENCLOSED, f"{scope}, {_told(reaches)}", distance=float(found.max()), ratio=ratio, discs=len(discs.counts)
    )


def _told(reaches: Floats) -> str:
    """The reach of a claim, rounded up."""
    least, most = (Context(2, ROUND_CEILING).create_decimal(repr(float(x))) for x in (reaches.min(), reaches.max()))
    return f"within {least:.1e}" if least == most else f"within {least:.1e} to {most:.1e}"


def _distances(discs: Discs, expected: Eigenvalues) -> tuple[Floats, Floats]:
    """For each expected number and component: the least distance from below, the largest from above."""
    blur, radii = expected.radii[:, None], discs.radii
    between = modulus_up(expected.centers[:, None] - discs.centers[None, :])
    # `modulus_up` is at most 16u, and what underflows, above the modulus of a difference that was rounded once
    least = between * (1 - 24 * UNIT) - up(up(blur + radii) + 4 * TINY)
    largest = up(up(up(between * (1 + 4 * UNIT)) + blur) + radii)
    order = np.argsort(discs.components, kind="stable")
    starts = np.flatnonzero(np.diff(discs.components[order], prepend=-1))
    return np.minimum.reduceat(least[:, order], starts, axis=1), np.maximum.reduceat(largest[:, order], starts, axis=1)


def _pairing(allowed: Mask) -> NDArray[np.int32]:
    """A largest pairing: the column of each row, or −1."""
    from scipy.sparse import csr_array  # most users of this package need no graph
    from scipy.sparse.csgraph import maximum_bipartite_matching

    return np.asarray(maximum_bipartite_matching(csr_array(allowed), perm_type="column"))


def _nearest_pairing(distances: Floats) -> NDArray[np.int32]:
    """The full pairing of least total distance; 0 stands for pairs that are not allowed."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    return np.asarray(min_weight_full_bipartite_matching(csr_array(distances))[1])
