"""Monotone activations σ and their slopes σ', entry by entry: on floats, and on balls over intervals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from scipy.special import expit

from emtheory.judges.balls import arb

__all__ = ["ACTIVATIONS", "ENCLOSED", "Activation", "exact_balls"]


class Activation(NamedTuple):
    """A monotone σ and its slope σ', entry by entry: on floats in `ACTIVATIONS`, on balls in `ENCLOSED`."""

    value: Callable[[Any], Any]
    slope: Callable[[Any], Any]


def _bump(e: Any) -> Any:
    """e / (1 + e)², the slope of the sigmoid at ±x for e = exp(−x), x ≥ 0: no cancellation, no overflow."""
    return e / ((1 + e) * (1 + e))


ACTIVATIONS: dict[str, Activation] = {
    "tanh": Activation(np.tanh, lambda z: 4 * _bump(np.exp(-2 * np.abs(z)))),
    "identity": Activation(lambda z: z, np.ones_like),
    "relu": Activation(lambda z: np.maximum(z, 0.0), lambda z: (z > 0).astype(np.float64)),
    "sigmoid": Activation(expit, lambda z: _bump(np.exp(-np.abs(z)))),
}


def _sigmoid(x: arb) -> arb:
    e = (-abs(x)).exp()
    return 1 / (1 + e) if x >= 0 else e / (1 + e)  # exp(x) may overflow


def _monotone(value: Callable[[arb], arb]) -> Any:
    """A growing function over a ball: what lies between its values at both ends."""
    return np.frompyfunc(lambda x: value(x) if x.is_exact() else value(x.lower()).union(value(x.upper())), 1, 1)


def _even(slope: Callable[[arb], arb]) -> Any:
    """An even function that falls in |x|, over a ball: what lies between its values nearest to and farthest from 0."""
    return np.frompyfunc(lambda x: slope(x.abs_lower()).union(slope(x.abs_upper())), 1, 1)


def _step_slope(x: arb) -> arb:
    return arb(1) if x > 0 else arb(0) if x < 0 else arb(0.5, 0.5)  # [0, 1], whatever a nan stands for


ENCLOSED: dict[str, Activation] = {
    "tanh": Activation(_monotone(lambda x: x.tanh()), _even(lambda x: 4 * _bump((-2 * x).exp()))),
    "identity": Activation(lambda z: z, np.frompyfunc(lambda _: arb(1), 1, 1)),
    "relu": Activation(_monotone(lambda x: x.max(arb(0))), np.frompyfunc(_step_slope, 1, 1)),
    "sigmoid": Activation(_monotone(_sigmoid), _even(lambda x: _bump((-x).exp()))),
}

exact_balls = np.frompyfunc(lambda x: arb(float(x)), 1, 1)
