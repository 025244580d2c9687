"""Memories in superposition: more contents than persistent dimensions, so no memory is read without the others.

Main function: `superposition(recovery) -> (c_0, …, c_{s−1}) | None`.
"""

from __future__ import annotations

import numpy as np

from emtheory.recovery.krylov import Recovery

__all__ = ["superposition"]


def superposition(recovery: Recovery) -> tuple[int, ...] | None:
    """The number of persistent eigenvalues at each s-th root of unity, e^{2πij/s} for j = 0 … s−1.

    None if the memories are independent, or if an eigenvalue is farther from its root than a quarter of the way to the
    next: then it is not a repeat copy in too few dimensions.

    >>> from emtheory.recovery.krylov import Operators
    >>> from emtheory.recovery.recover import recover
    >>> superposition(recover(Operators(np.eye(2), np.eye(2), np.eye(2)))) is None
    True
    """
    s, count = recovery.s, recovery.split.count
    if s < 2 or recovery.rank >= recovery.memories or count <= recovery.kappa:
        return None
    values = np.linalg.eigvals(recovery.operators.W)
    values = values[np.argsort(-np.abs(values))][:count]
    places = np.round(np.angle(values) / (2 * np.pi) * s).astype(int) % s
    apart = np.abs(values - np.exp(2j * np.pi * places / s))
    if not (apart < np.sin(np.pi / s) / 2).all():
        return None
    return tuple(np.bincount(places, minlength=s).tolist())
