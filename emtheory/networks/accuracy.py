"""How many output signs of a network are right: measured on random inputs, so never a proof."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from emtheory.networks.elman import Network
from emtheory.system.threads import one_blas_thread
from emtheory.theory.tasks import Task
from emtheory.verdict import Kind

__all__ = ["HORIZON", "INPUTS", "Accuracy", "measured"]

HORIZON = 200
"""Output steps over which accuracy is measured, as in the published test."""

INPUTS = 256
"""Random input sequences on which accuracy is measured."""

MAX_STATES = 2**23  # numbers in the states of one batch of runs, 64 MB


@dataclass(frozen=True)
class Accuracy:
    """Share of output components y_i(t), t = s+1 … s+horizon, with the sign of x_i(t) ≠ 0, on random u ∈ {±1}."""

    share: float
    inputs: int
    horizon: int
    seed: int
    first_wrong: int | None
    """The first output step, from 1, at which any sign is wrong; None if none is."""

    def to_json(self) -> dict[str, Any]:
        """The entry "accuracy" of the schema `emtheory.analysis/1`."""
        return {"kind": Kind.OBSERVED.value, **asdict(self)}


@one_blas_thread()
def measured(network: Network, task: Task, seed: int) -> Accuracy | None:
    """The accuracy on `INPUTS` random inputs over `HORIZON` output steps; None where there are no signs to compare.

    >>> swap = Network([[0.0, 1.0], [1.0, 0.0]], [[0.0], [1.0]], [[0.0, 1.0]], activation="identity")
    >>> measured(swap, Task.repeat_copy(2, 1), seed=0).share
    1.0
    """
    rng = np.random.default_rng(seed)
    inputs = 2.0 * rng.integers(0, 2, size=(INPUTS, task.s, task.kappa)) - 1
    steps = task.s + HORIZON
    with np.errstate(over="ignore", invalid="ignore"):
        targets = task.outputs(inputs, steps)[:, task.s :]
        batches = np.array_split(inputs, min(INPUTS, 1 + INPUTS * steps * network.n // MAX_STATES))
        outputs = np.concatenate([network.run(batch, steps).outputs[:, task.s :] for batch in batches])
    if not np.isfinite(targets).all() or not targets.any():
        return None
    right = np.sign(outputs) == np.sign(targets)
    wrong = ~(right | (targets == 0)).all(axis=(0, 2))
    first_wrong = int(wrong.argmax()) + 1 if wrong.any() else None
    return Accuracy(float(right[targets != 0].mean()), INPUTS, HORIZON, seed, first_wrong)
