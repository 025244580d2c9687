"""For how small inputs a network follows its linear model, in words."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Context

import numpy as np
from numpy.typing import NDArray

__all__ = ["sentences"]


def sentences(weights: str, amplitudes: NDArray[np.float64], *, within: float) -> list[str]:
    """The amplitudes at steps 1, 2, 4, … and the last, each rounded down: they are proved.

    >>> print(*sentences("w.npz", np.array([6.0, 2.7753]), within=0.1), sep=chr(10))
    w.npz follows its linear model within 0.1 a for all inputs of at most a:
      for     1 step if a is at most 6
      for     2 steps if a is at most 2.77
    """
    steps = len(amplitudes)
    rows = sorted({2**k for k in range(steps.bit_length())} | {steps})
    head = f"{weights} follows its linear model within {within:g} a for all inputs of at most a:"
    return [head, *(f"  for {T:>5} step{'s' * (T > 1)} if a is at most {_down(amplitudes[T - 1])}" for T in rows)]


def _down(amplitude: float) -> str:
    return f"{float(Context(prec=3, rounding=ROUND_FLOOR).create_decimal_from_float(amplitude)):.3g}"
