"""Results as JSON where a document has more in it than one record knows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from emtheory.networks.krawczyk import FixedPoint

__all__ = ["fixed_points"]


def fixed_points(network: dict[str, Any], points: Sequence[FixedPoint]) -> dict[str, Any]:
    """The form of the schema `emtheory.fixed-points/1`; what is infinite or unknown is null.

    >>> fixed_points({"name": "w.npz"}, [])
    {'schema': 'emtheory.fixed-points/1', 'network': {'name': 'w.npz'}, 'points': []}
    """
    return {"schema": "emtheory.fixed-points/1", "network": network, "points": [_point(point) for point in points]}


def _point(point: FixedPoint) -> dict[str, Any]:
    return {
        "h": point.h.tolist(),
        "radius": point.radius,
        "unique_within": _finite(point.unique_within),
        "stability": point.stability,
        "margin": _finite(point.margin),
        "eigenvalues": [[z.real, z.imag] for z in point.eigenvalues.tolist()],
        "linear_within": _finite(point.linear_within),
        "reason": point.reason,
    }


def _finite(value: float | None) -> float | None:
    return value if value is not None and np.isfinite(value) else None
