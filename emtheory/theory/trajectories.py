"""Operators of a saturating network, estimated from its runs where its weights do not tell: dynamic mode decomposition.

A tanh network that has to saturate (see `lti-impossibility`) does not act on its states as W does. On its attractor a
linear map does: K is the ridge regression of h(t) → h(t+1) over output-phase states, each less the mean of all runs at
its step, and is split at its largest modulus gap.
What the last input wrote is read where the states have settled, L steps later, by regression on the inputs, and pulled
back by K⁻ᴸ on the persistent part: U = K⁻ᴸM_s. Then (K, U, R) is recovered as weights are (`recovered`).

Window, pull-back and ridge are those with the least max(‖A^sU‖/‖A^{s−1}U‖, max|RPU − I|): the recursion has to end,
and what is written has to be read, as in a circuit of any task. On the six saturating networks of the zoo max|Ĉ − C| is
then 0.0035 to 0.0204, within a factor 1.4 of the best choice in hindsight (`python docs/recovery.py`).

References: P. J. Schmid, "Dynamic mode decomposition", J. Fluid Mech. 656 (2010).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from emtheory.theory.networks import Network
from emtheory.theory.recursion import Operators, Recovery, recoveries
from emtheory.theory.splitting import split
from emtheory.threads import one_blas_thread

__all__ = ["Estimate", "estimates", "recover_from_runs"]

Floats = np.ndarray[Any, np.dtype[np.float64]]

RUNS = 400
"""Random inputs whose runs are regressed."""

WINDOW = 96
"""Output steps in the regression of K."""

STARTS, PULLS, RIDGES = (4, 13, 32), (8, 24, 48, 96), (1e-9, 1e-7, 1e-5)
"""Window starts after the last input, steps of the pull-back, and ridges relative to the mean squared state."""

LENGTHS = (12, 20)
"""Input phases that are tried first, to see how many variables there are."""


@dataclass(frozen=True, eq=False)
class Estimate:
    """A recovery from runs, and how its operators were estimated."""

    recovery: Recovery
    inputs: int
    """The length of the input phase of the runs."""
    start: int
    pull: int
    ridge: float

    @property
    def consistent(self) -> bool:
        """Whether as many variables were found as inputs were written."""
        return self.recovery.s == self.inputs


@one_blas_thread()
def recover_from_runs(network: Network, *, s: int | None = None, seed: int = 0) -> Estimate | None:
    """Memories and composition on the attractor of a network.

    Each number of variables that is recovered is tried as the next length of the input phase, until none is new.

    Arguments:
        network: reads and writes numbers of one dimension κ.
        s: the length of the input phase to start from, if a task suggests one.
        seed: of the random inputs.

    Returns:
        The sharpest estimate, a consistent one if there is any; None if no run stays finite, or nothing that is
        written is read again.
    """
    tried: dict[int, Estimate | None] = {}
    pending = set(LENGTHS) if s is None else {s}
    while pending:
        for length in sorted(pending):
            tried[length] = _sharpest(estimates(network, length, seed))
        pending = {found.recovery.s for found in tried.values() if found is not None} - set(tried)
    candidates = [estimate for estimate in tried.values() if estimate is not None]
    return _sharpest(iter([e for e in candidates if e.consistent] or candidates))


def _sharpest(estimates: Iterator[Estimate]) -> Estimate | None:
    """The one that is most like a circuit, whichever."""
    return min(estimates, key=lambda e: max(e.recovery.end_ratio, e.recovery.write_read_error), default=None)


def estimates(network: Network, s: int, seed: int) -> Iterator[Estimate]:
    """One for each choice of window, pull-back and ridge that can be read."""
    kappa, last = network.W_uh.shape[1], max(STARTS) + WINDOW
    inputs = np.random.default_rng([seed, s]).choice((-1.0, 1.0), size=(RUNS, s, kappa))
    with np.errstate(over="ignore", invalid="ignore"):
        states = network.run(inputs, s + last + 1).states[:, s - 1 :]  # states[:, t] is h(s + t)
    if not np.isfinite(states).all():
        return
    # a bias moves the attractor, and what all runs have in common is no memory
    centered: Floats = states - states.mean(axis=0)
    written = np.hstack([inputs.reshape(RUNS, -1), np.ones((RUNS, 1))])
    responses = {L: np.asarray(np.linalg.lstsq(written, centered[:, L])[0][-kappa - 1 : -1].T) for L in PULLS}
    for start, ridge in product(STARTS, RIDGES):
        moves = _regressed(centered[:, start : start + WINDOW], centered[:, start + 1 : start + WINDOW + 1], ridge)
        try:
            parts = split(moves)
            back = np.linalg.inv(parts.basis.T @ moves @ parts.basis)
        except (ValueError, np.linalg.LinAlgError):
            continue  # no gap here; another window may have one
        for pull, response in responses.items():
            U = parts.basis @ (np.linalg.matrix_power(back, pull) @ (parts.coordinates @ response))
            source = f"runs: window from step {start}, pulled back {pull} steps, ridge {ridge:g}"
            for recovery in recoveries(Operators(moves, U, network.W_r, source), parts):
                yield Estimate(recovery, s, start, pull, ridge)


def _regressed(before: Floats, after: Floats, ridge: float) -> Floats:
    """The least squares K with after ≈ before Kᵀ, with a ridge relative to the mean squared state."""
    X, Y = before.reshape(-1, before.shape[-1]), after.reshape(-1, after.shape[-1])
    gram = X.T @ X
    level = max(ridge * float(np.trace(gram)) / len(gram), float(np.finfo(np.float64).tiny))
    moves: Floats = np.asarray(np.linalg.solve(gram + level * np.eye(len(gram)), X.T @ Y).T, dtype=np.float64)
    return moves
