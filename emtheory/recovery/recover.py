"""From float weights to the number of variables, the memories and the composition.

Main functions: `recover(Operators(W, U, R)) -> Recovery`, and `recovered`, the same with its nearest task. Transients
are projected away at the largest gap of the moduli (`projector`). The deflated recursion gives memories and composition
(`krylov`). The number of variables is the first k at which the residual ‖A^kU‖ is at most half of the one before, and
the composition rounds to a task (`nearest`). If there is none, it is the k at which the residual falls most.

References: theorems `deflated-krylov`, `privileged-basis-unique`, `transient-projection`.
"""

from __future__ import annotations

import numpy as np

from emtheory.recovery.krylov import Operators, Recovery, recoveries
from emtheory.recovery.nearest import Nearest, nearest
from emtheory.recovery.projector import split, unsplit
from emtheory.system.threads import one_blas_thread

__all__ = ["recover", "recovered"]


@one_blas_thread()
def recover(operators: Operators, *, count: int | None = None) -> Recovery:
    """Memories, number of variables and composition from operators alone.

    Arguments:
        operators: of a network, or estimated from its runs.
        count: how many eigenvalues persist; the largest gap of the moduli decides, if left out.

    Raises:
        ValueError: entries that are not finite; a spectrum that cannot be split; RPU is singular, so that R does not
            read all that U writes and W keeps.

    >>> W, U, R = np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([[0.0], [1.0]]), np.array([[0.0, 1.0]])
    >>> recovery = recover(Operators(W, U, R))
    >>> recovery.s, recovery.composition.ravel().tolist()
    (2, [1.0, 0.0])
    """
    return recovered(operators, count=count).recovery


def recovered(operators: Operators, *, count: int | None = None) -> Nearest:
    """The recovery of `recover`, with the task that it is nearest to.

    Raises:
        ValueError: as `recover`.

    >>> recovered(Operators(np.eye(2), np.eye(2), np.eye(2))).task.name
    'repeat-copy:s=1,k=2'
    """
    if not (np.isfinite(operators.U).all() and np.isfinite(operators.R).all()):
        raise ValueError("U and R must be finite, but have NaN or infinite entries")
    parts = split(operators.W, count=count)
    readable = recoveries(operators, parts)
    if count is None and parts.count < len(operators.W):  # a nilpotent part that R sees must not be discarded
        readable += recoveries(operators, unsplit(parts.moduli))
    if not readable:
        kappa = operators.U.shape[1]
        raise ValueError(
            f"what U writes and W keeps of {len(operators.W)} units is not read: RPU has rank below k = {kappa}; "
            "the readout may belong to another network"
        )
    sharpest, last_resort = min(readable, key=lambda recovery: recovery.end_ratio), None
    for recovery in sorted(readable, key=lambda recovery: recovery.s):
        if recovery.end_ratio < 1 / 2:
            near = nearest(recovery)
            if near.justified:
                return near
            last_resort = near if recovery is sharpest else last_resort
    return last_resort or nearest(sharpest)
