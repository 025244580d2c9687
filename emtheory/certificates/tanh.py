"""tanh in float64 with a proved error: from + − × ÷ and a table that Arb rounds; libm is not asked.

With j = ⌊64|x|⌉, T = tanh(j/64) and d = |x| − j/64 the addition theorem says tanh|x| = (T + τ)/(1 + Tτ), τ = tanh d,
|d| ≤ 1/128. With u = 2⁻⁵³:

* d is exact (Sterbenz: j/64 is within a factor 2 of |x|, or 0).
* τ = d(1 − d²/3 + 2d⁴/15 − 17d⁶/315) up to |62 d⁹/2835| < 0.01u; its roundings add at most 4u|τ| ≤ 0.04u.
* The table is off by at most u/2. The numerator, below 1.01, rounds by u at most; the denominator, in [0.99, 1.01], by
  u and the 0.01u of its product; the quotient by u/2.

All numbers are at most 1.01, so the sum, u/2 + 0.05u + u + 1.01u + u/2, times 1.05 for the derivatives of the quotient,
is below 4u. Beyond 20 the value 1 is off by at most 2e⁻⁴⁰ < u.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from emtheory.judges.balls import arb, precision
from emtheory.judges.floats.rounding import UNIT
from emtheory.system.array_types import Floats

__all__ = ["TANH_ERROR", "tanh"]

TANH_ERROR = 4 * UNIT
"""|tanh(x) − the exact value| for every float x."""

NODES = 64  # a unit length
LAST = 20  # tanh is 1 beyond, within a rounding
BITS = 80  # of the balls whose midpoints are the table


def tanh(x: Floats) -> Floats:
    """tanh x, entry by entry, off by at most `TANH_ERROR`.

    >>> tanh(np.array([0.0, -0.5, 50.0])).round(12).tolist()
    [0.0, -0.46211715726, 1.0]
    """
    size = np.minimum(np.abs(x), float(LAST))
    node = np.rint(NODES * size)
    d = size - node / NODES
    square = d * d
    small = d * (1 + square * (-1 / 3 + square * (2 / 15 - square * (17 / 315))))
    known = _table()[node.astype(np.int64)]
    value: Floats = np.copysign((known + small) / (1 + known * small), x)
    return value


@cache
def _table() -> Floats:
    """tanh(j/64), j = 0 … 1280, each within half an ulp but for 2⁻⁷⁰."""
    with precision(BITS):
        return np.array([float((arb(j) / NODES).tanh().mid()) for j in range(NODES * LAST + 1)])
