"""Fixed points in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from emtheory.networks.krawczyk import FixedPoint
from emtheory.report.sentences.numbers import counted

__all__ = ["sentences"]


def sentences(points: Sequence[FixedPoint], *, seeds: int) -> list[str]:
    """The fixed points that were found from so many random states, one a line.

    >>> sentences([], seeds=1)
    ['0 fixed points from 1 random state:']
    """
    head = f"{counted(len(points), 'fixed point')} from {counted(seeds, 'random state')}:"
    return [head, *(f"  {_sentence(point)}" for point in points)]


def _sentence(point: FixedPoint) -> str:
    where = f"|h| = {np.abs(point.h).max(initial=0.0):.4g}"
    if point.radius is None:
        return f"{where}: not proved ({point.reason})"
    largest = np.abs(point.eigenvalues).max(initial=0.0)
    linear = "" if point.linear_within is None else f", linear within {point.linear_within:.2g}"
    why = f" ({point.reason})" if point.reason else ""
    return (
        f"{where}: proved within {point.radius:.2g}, {point.stability}{why}, largest eigenvalue modulus {largest:.4g}, "
        f"margin {point.margin:.2g}{linear}"
    )
