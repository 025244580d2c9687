"""Proof that a tanh network is wrong for the first time at some step: Arb balls along the run.

Balls lose some bits a step, so the precision begins high and falls by as many bits as are expected to be lost. Where
the tube of `emtheory.certificates.orbit` is narrow enough it tells the same in less time.
"""

from __future__ import annotations

import numpy as np

from emtheory.certificates.target import Signs, Target
from emtheory.judges.balls import arb, arb_mat, precision
from emtheory.networks.elman import Network
from emtheory.system.array_types import Floats

__all__ = ["lost_at"]

LEFT = 64  # bits at the last step
RATES = (0.25, 0.5, 1, 2, 4, 8)  # bits a step that are tried; what is clearly false shows with few


def lost_at(network: Network, u: Floats, target: Target, step: int) -> bool:
    """Whether it is proved that all signs are right for s < t < step, and one is wrong at `step`.

    Arguments:
        network: with tanh and without leak.
        u: (s, κ).

    >>> from emtheory.certificates.target import target
    >>> from emtheory.theory.tasks import Task
    >>> turns = Network([[-2.0]], [[1.0]], [[-1.0]])
    >>> u = np.array([[1.0]])
    >>> lost_at(turns, u, target(Task.repeat_copy(1, 1), u, 9), 3)
    True
    """
    for rate in RATES:
        found = _lost(network, u, target.upto(step), target.s, rate)
        if found is not None:
            return found
    return False


def _lost(network: Network, u: Floats, signs: Signs, s: int, rate: float) -> bool | None:
    """None where the balls are too wide to tell."""
    last = len(signs)
    W, U, R = (arb_mat(part.tolist()) for part in (network.W_hh, network.W_uh, network.W_r))
    bias = _column(np.zeros(network.n) if network.bias is None else network.bias)
    offset = _column(np.zeros(len(network.W_r)) if network.readout_bias is None else network.readout_bias)
    state = _column(np.zeros(network.n))
    for t in range(last):
        with precision(LEFT + int(rate * (last - t))):
            drive = U * _column(u[t]) + bias if t < s else bias
            state = arb_mat(network.n, 1, [z.tanh() for z in (W * state + drive).entries()])
            y = (R * state + offset).entries()
        pairs = [(value, int(sign)) for value, sign in zip(y, signs[t], strict=True) if sign != 0]
        wrong, right = any(_against(y, sign) for y, sign in pairs), all(_against(y, -sign) for y, sign in pairs)
        if t == last - 1:
            return True if wrong else False if right else None
        if t >= s and not right:
            return False if wrong else None
    return False


def _against(y: arb, sign: int) -> bool:
    return bool(y < 0 if sign > 0 else y > 0)


def _column(vector: Floats) -> arb_mat:
    return arb_mat(vector[:, np.newaxis].tolist())
