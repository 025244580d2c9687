"""Fixed points in words and as JSON."""

from __future__ import annotations

from typing import Any

import numpy as np

from emtheory.networks.krawczyk import FixedPoint

__all__ = ["sentence", "to_json"]


def sentence(point: FixedPoint) -> str:
    """What is known of a fixed point, in one line."""
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


def to_json(point: FixedPoint) -> dict[str, Any]:
    """Its numbers; what is infinite or unknown is null."""

    def finite(value: float | None) -> float | None:
        return value if value is not None and np.isfinite(value) else None

    return {
        "h": point.h.tolist(),
        "radius": point.radius,
        "unique_within": finite(point.unique_within),
        "stability": point.stability,
        "margin": finite(point.margin),
        "eigenvalues": [[z.real, z.imag] for z in point.eigenvalues.tolist()],
        "linear_within": finite(point.linear_within),
        "reason": point.reason,
    }
