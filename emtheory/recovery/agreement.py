"""Whether a network does a task, on fresh runs: its output signs against those that the task predicts.

Main function: `agreement(network, task, seed=…) -> Agreement | None`. Each run has new random inputs ±1, and one output
sign of it is compared, at a random step and component. So the runs are independent trials, the number of right signs is
binomial, and the Clopper-Pearson bound on the share of right signs is exact.

A linear network composes in the input phase too. So it is given v(t) = u(t) − Σ_{k≥s+2−t} C_k u(t−s−1+k), which writes
u (`serial-writing`); v = u where C_2 = … = C_s = 0. Other networks are given u (`saturating-write`).

References: C. J. Clopper, E. S. Pearson, Biometrika 26 (1934); theorems `serial-writing`, `saturating-write`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.special import betaincinv

from emtheory.networks.elman import Network
from emtheory.system.array_types import Floats
from emtheory.theory.tasks import Task

__all__ = ["MOST", "Agreement", "agreement", "recoded"]


MOST = 0.9
"""A network does a task if at least this share of the output signs are those of the task."""

RUNS = 512
"""Fresh runs, each one trial."""

STEPS = 100
"""One of so many output steps is compared."""

MAX_STATES = 2**23  # numbers in the states of one batch of runs, 64 MB

FRESH = 2**32 - 1
"""Keeps the seeds of fresh inputs apart from those of the inputs that were read, which end in their length."""


@dataclass(frozen=True)
class Agreement:
    """How many of `runs` fresh runs have the predicted sign at a random output step 1 … `steps` and component.

    `lower` is the Clopper-Pearson bound: with probability `confidence` the share of right signs is not below it.
    """

    right: int
    runs: int
    steps: int
    seed: int
    confidence: float
    lower: float

    @property
    def confirms(self) -> bool:
        """Whether the share of right signs is at least `MOST` at this confidence."""
        return self.lower >= MOST

    def to_json(self) -> dict[str, Any]:
        """The entry "fresh_runs" of the schema `emtheory.analysis/1`."""
        return asdict(self)


def agreement(network: Network, task: Task, *, seed: int, confidence: float) -> Agreement | None:
    """Fresh runs of the network against the task; None if all outputs of the task are 0, or one is not finite.

    Arguments:
        network: reads and writes numbers of the dimension of the task.
        task: what it is held against.
        seed: of the inputs, steps and components.
        confidence: of the lower bound, in (0, 1).

    >>> swap = Network([[0.0, 1.0], [1.0, 0.0]], [[0.0], [1.0]], [[0.0, 1.0]], activation="identity")
    >>> found = agreement(swap, Task.repeat_copy(2, 1), seed=0, confidence=0.9999)
    >>> found.right, found.runs, round(found.lower, 3)
    (512, 512, 0.982)
    """
    rng = np.random.default_rng([seed, FRESH])
    u = rng.choice((-1.0, 1.0), size=(RUNS, task.s, task.kappa))
    with np.errstate(over="ignore", invalid="ignore"):
        wanted = np.asarray(task.outputs(u, task.s + STEPS), dtype=np.float64)[:, task.s :]
        given = recoded(task, u) if network.activation == "identity" else u
        batches = np.array_split(given, 1 + RUNS * (task.s + STEPS) * network.n // MAX_STATES)
        outputs = np.concatenate([network.run(batch, task.s + STEPS).outputs[:, task.s :] for batch in batches])
    if not np.isfinite(wanted).all():
        return None
    asked = wanted != 0
    trials = asked.any(axis=(1, 2))
    if not trials.any():
        return None
    # the place of the largest of random numbers is a uniform choice among those that are asked
    lots = np.where(asked, rng.random(asked.shape), -1.0).reshape(RUNS, -1).argmax(axis=1)
    signs = (np.sign(outputs) == np.sign(wanted)).reshape(RUNS, -1)[np.arange(RUNS), lots]
    right, runs = int(signs[trials].sum()), int(trials.sum())
    lower = float(betaincinv(right, runs - right + 1, 1 - confidence)) if right else 0.0
    return Agreement(right, runs, STEPS, seed, confidence, lower)


def recoded(task: Task, u: Floats) -> Floats:
    """v(t) = u(t) − Σ_{k≥s+2−t} C_k u(t−s−1+k) (batch × s × κ): a linear circuit that is given v holds u.

    >>> recoded(Task.from_blocks(np.array([[[0.0]], [[1.0]]])), np.array([[[1.0], [1.0]]])).tolist()
    [[[1.0], [0.0]]]
    """
    row = np.hstack(list(task.array()))
    before = np.concatenate([np.zeros_like(u), u], axis=1)
    v = np.empty_like(u)
    for t in range(task.s):
        v[:, t] = u[:, t] - before[:, t : t + task.s].reshape(len(u), -1) @ row.T
    return v
