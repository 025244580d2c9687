"""Operators of a saturating network, estimated from its runs where its weights do not tell: dynamic mode decomposition.

W does not describe how a tanh network moves its states if it has to saturate (see `lti-impossibility`). On its
attractor a linear map K does. K is the ridge regression of h(t) → h(t+1) over states of the output phase, from each of
which the mean of all runs at its step is subtracted; it is split at its largest modulus gap. The write operator is
estimated L steps after the last input, where the states have settled: M_s is the regression of these states on the last
input, and U = K⁻ᴸM_s on the persistent part. Then (K, U, R) is recovered as weights are (`recovered`).

A choice of window, L and ridge is better the smaller max(‖A^sU‖/‖A^{s−1}U‖, max|RPU − I|) is: in a circuit of any task
the recursion ends and what is written is read. On the six saturating networks of the zoo max|Ĉ − C| is then 0.0035 to
0.0204, within a factor 1.4 of the best choice in hindsight (`python docs/recovery.py`).

References: P. J. Schmid, "Dynamic mode decomposition", J. Fluid Mech. 656 (2010).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from emtheory.networks.elman import Network
from emtheory.recovery.krylov import Operators, Recovery, recoveries
from emtheory.recovery.projector import split
from emtheory.system.array_types import Floats
from emtheory.system.threads import one_blas_thread

__all__ = ["Estimate", "estimates", "recover_from_runs"]


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
    """A recovery from runs, and how its operators were estimated.

    Attributes:
        recovery: memories and composition of (K, U, R).
        inputs: the length of the input phase of the runs.
        start: output steps before the window of the regression of K.
        pull: L, the steps by which U is pulled back.
        ridge: relative to the mean squared state.
        compared: how many estimates it was chosen from.
    """

    recovery: Recovery
    inputs: int
    start: int
    pull: int
    ridge: float
    compared: int = 1

    @property
    def consistent(self) -> bool:
        """Whether the number of variables that was recovered is that of the inputs."""
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
    tried: dict[int, list[Estimate]] = {}
    pending = set(LENGTHS) if s is None else {s}
    while pending:
        for length in sorted(pending):
            tried[length] = list(estimates(network, length, seed))
        pending = {_sharpest(found).recovery.s for found in tried.values() if found} - set(tried)
    best = [_sharpest(found) for found in tried.values() if found]
    if not best:
        return None
    chosen = _sharpest([e for e in best if e.consistent] or best)
    return replace(chosen, compared=sum(map(len, tried.values())))


def _sharpest(estimates: list[Estimate]) -> Estimate:
    """The one that is most like a circuit, of whatever task."""
    return min(estimates, key=lambda e: max(e.recovery.end_ratio, e.recovery.write_read_error))


def estimates(network: Network, s: int, seed: int) -> Iterator[Estimate]:
    """One for each choice of window, pull-back and ridge that can be read."""
    kappa, last = network.W_uh.shape[1], max(STARTS) + WINDOW
    inputs = np.random.default_rng([seed, s]).choice((-1.0, 1.0), size=(RUNS, s, kappa))
    with np.errstate(over="ignore", invalid="ignore"):
        states = network.run(inputs, s + last + 1).states[:, s - 1 :]  # states[:, t] is h(s + t)
    if not np.isfinite(states).all():
        return
    # what all runs have in common, as the offset by a bias, is no memory
    centered = np.ascontiguousarray((states - states.mean(axis=0)).swapaxes(0, 1))  # [t, run], so windows are views
    written = np.hstack([inputs.reshape(RUNS, -1), np.ones((RUNS, 1))])
    settled = np.linalg.lstsq(written, np.hstack(list(centered[list(PULLS)])))[0][-kappa - 1 : -1]
    responses = dict(zip(PULLS, settled.reshape(kappa, len(PULLS), -1).transpose(1, 2, 0), strict=True))
    for start in STARTS:
        regression = _Regression.of(centered[start : start + WINDOW], centered[start + 1 : start + WINDOW + 1])
        for ridge in RIDGES:
            moves = regression.solved(ridge)
            try:
                parts = split(moves)
                back = np.linalg.inv(parts.basis.T @ moves @ parts.basis)
            except (ValueError, np.linalg.LinAlgError):
                continue  # no gap here; another window may have one
            for pull, response in responses.items():
                U = parts.basis @ (np.linalg.matrix_power(back, pull) @ (parts.coordinates @ response))
                for recovery in recoveries(Operators(moves, U, network.W_r, "runs"), parts):
                    yield Estimate(recovery, s, start, pull, ridge)


@dataclass(frozen=True, eq=False)
class _Regression:
    """The normal equations of after ≈ before Kᵀ, which all ridges share."""

    gram: Floats
    moments: Floats

    @classmethod
    def of(cls, before: Floats, after: Floats) -> _Regression:
        X, Y = before.reshape(-1, before.shape[-1]), after.reshape(-1, after.shape[-1])
        return cls(X.T @ X, X.T @ Y)

    def solved(self, ridge: float) -> Floats:
        """K with a ridge relative to the mean squared state."""
        level = max(ridge * float(np.trace(self.gram)) / len(self.gram), float(np.finfo(np.float64).tiny))
        moves = np.linalg.solve(self.gram + level * np.eye(len(self.gram)), self.moments)
        return np.asarray(moves.T, dtype=np.float64)
