"""What a network remembers and how, told nothing but its weights: a circuit of variable memories, or why there is none.

Main function: `read(network, task) -> Reading`. The weights are tried first. Where they show no circuit, runs of the
network are tried (`runs`); what is read from runs is *observed*, never proved. A circuit is claimed only if the
recovered composition, rounded to a task, passes the four rules of `nearest`, and if fresh runs, none of which was read,
have the output signs of that task (`agreement`). In words: `emtheory.report.sentences.reading`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from emtheory.judges.floats.rounding import TINY, UNIT
from emtheory.networks.elman import Network
from emtheory.recovery.agreement import Agreement, agreement
from emtheory.recovery.krylov import Operators, Recovery
from emtheory.recovery.nearest import CHANCE, Nearest, nearest
from emtheory.recovery.obstacle import Obstacle
from emtheory.recovery.recover import recovered
from emtheory.recovery.runs import Estimate, recover_from_runs
from emtheory.recovery.superposition import superposition
from emtheory.system.threads import one_blas_thread
from emtheory.theory.tasks import Task
from emtheory.verdict import Kind, Verdict, proved, refuted, undecided

__all__ = ["Attempt", "Reading", "read"]


@dataclass(frozen=True, eq=False)
class Attempt:
    """A recovery, from the weights or from runs, and what it is worth.

    Attributes:
        near: the recovery with its nearest task; None if nothing that is written is read again.
        fresh: fresh runs against that task, where rounding to it is justified.
        superposed: persistent eigenvalues at each root of unity, see `superposition`; None for independent memories.
        inputs: how many inputs the runs were given; None for weights.
    """

    near: Nearest | None
    fresh: Agreement | None
    superposed: tuple[int, ...] | None = None
    inputs: int | None = None

    @cached_property
    def obstacle(self) -> Obstacle | None:
        """Why no circuit is claimed of it; None if one is."""
        if self.near is None:
            return Obstacle.UNREAD
        if self.inputs not in (None, self.near.recovery.s):
            return Obstacle.LENGTH
        found = self.near.obstacle or self._unconfirmed()
        return Obstacle.SUPERPOSED if found and self.superposed else found

    def _unconfirmed(self) -> Obstacle | None:
        if self.fresh is None:
            return Obstacle.SILENT
        return None if self.fresh.confirms else Obstacle.SIGNS


@dataclass(frozen=True, eq=False)
class Reading:
    """The recovery from the weights, that from runs where it was needed, and what they are worth.

    Attributes:
        network: what was read.
        weights: the recovery from the weights.
        runs: that from runs; None if the weights showed a circuit, or no run could be used.
        estimate: the operators behind `runs`.
        largest_modulus: of the eigenvalues of W_hh.
        task: what the network was trained on, if that is known.
        seed: of the runs.
    """

    network: Network
    weights: Attempt
    runs: Attempt | None
    estimate: Estimate | None
    largest_modulus: float
    task: Task | None
    seed: int

    @property
    def from_weights(self) -> bool:
        """Whether the reported recovery is from the weights alone; from runs only a circuit is reported."""
        return self.weights.obstacle is None or self.runs is None or self.runs.obstacle is not None

    @property
    def reported(self) -> Attempt:
        """The recovery that is reported."""
        return self.weights if self.from_weights or self.runs is None else self.runs

    @property
    def near(self) -> Nearest | None:
        """The reported recovery with its nearest task."""
        return self.reported.near

    @property
    def fresh(self) -> Agreement | None:
        """Fresh runs against the task of the reported recovery."""
        return self.reported.fresh

    @property
    def best(self) -> Recovery | None:
        """The operators, memories and composition that are reported."""
        return None if self.near is None else self.near.recovery

    @property
    def linear(self) -> Recovery | None:
        """The recovery from the weights."""
        return None if self.weights.near is None else self.weights.near.recovery

    @property
    def superposed(self) -> tuple[int, ...] | None:
        """Persistent eigenvalues at each s-th root of unity, where they are too few for sκ memories; else None."""
        return self.weights.superposed

    @property
    def claimed(self) -> bool:
        """Whether a circuit is claimed: rounding is justified, and fresh runs confirm the task."""
        return self.reported.obstacle is None

    def findings(self) -> Iterator[tuple[str, Verdict]]:
        """What is decided, claim by claim."""
        best, near, scope = self.best, self.near, "the stored weights" if self.from_weights else "runs of the network"
        if best is None or near is None or not self.claimed:
            claim = "the network acts on its memories as the circuit of a task"
            yield claim, undecided(Kind.OBSERVED, scope, **self._why())
            return
        if self.from_weights:
            yield self._eigenvalues_claim(near), proved(Kind.ENCLOSED, scope, **_evidence(near))
        if self.task is not None and (self.from_weights or near.task.blocks != self.task.blocks):
            # a proof only from the weights; runs can but refute
            kind = Kind.ENCLOSED if self.from_weights else Kind.OBSERVED
            same = near.task.blocks == self.task.blocks
            verdict = proved(kind, scope) if same else refuted(kind, scope, found=near.task.name)
            yield f"the recovered composition, rounded, is that of {self.task.name}", verdict

    def _eigenvalues_claim(self, near: Nearest) -> str:
        scale = f" times {near.decay!r}" if near.decay != 1 else ""
        memories = "1 memory" if near.recovery.memories == 1 else f"{near.recovery.memories} memories"
        return (
            f"compressed to {memories}, the weights have the persistent eigenvalues of "
            f"{near.task.name}{scale}, each to less than half the least distance of two of these"
        )

    def _why(self) -> dict[str, str]:
        """The obstacles, of the weights and of the runs, as evidence."""
        found = [self.weights.obstacle, self.runs.obstacle if self.runs else None]
        return dict(zip(("reason", "reason_runs"), [o.value for o in found if o is not None], strict=False))

    def to_json(self) -> dict[str, Any] | None:
        """The entry "recovery" of the schema `emtheory.analysis/1`."""
        best, near = self.best, self.near
        if best is None or near is None:
            return None
        return {
            "source": best.operators.source,
            "variables": best.s,
            "dimension": best.kappa,
            "persistent": best.split.count,
            "gap": list(best.split.gap),
            "rank": best.rank,
            "residual_norms": list(best.residuals),
            "write_read_error": best.write_read_error,
            "cross_talk": _finite(best.cross_talk),
            "decay": near.decay,
            "composition_error": near.error,
            "composition": best.composition.tolist(),
            "task": near.task.name,
            "defect": _finite(near.defect),
            "margin": _finite(near.margin),
            "coincidences": near.coincidences,
            "justified": self.claimed,
            "fresh_runs": self.fresh.to_json() if self.fresh else None,
            "superposition": list(self.superposed) if self.superposed else None,
        }


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _evidence(near: Nearest) -> dict[str, float]:
    return {
        "defect": near.defect,
        "margin": near.margin,
        "ratio": near.defect / near.margin,
        "coincidences": near.coincidences,
    }


@one_blas_thread()
def read(network: Network, task: Task | None = None, *, seed: int = 0) -> Reading:
    """Memories and algorithm of a network.

    Arguments:
        network: any `Network`; one that reads and writes numbers of different dimensions has no circuit.
        task: what it was trained on, if known: its s is then the length of the runs.
        seed: of the runs, if they are needed.

    Raises:
        ValueError: the network reads κ numbers and writes another count.

    >>> swap = Network([[0.0, 1.0], [1.0, 0.0]], [[0.0], [1.0]], [[0.0, 1.0]], activation="identity")
    >>> read(swap).near.task.name
    'repeat-copy:s=2,k=1'
    """
    if network.W_uh.shape[1] != len(network.W_r):
        raise ValueError(
            f"the network reads {network.W_uh.shape[1]} numbers and writes {len(network.W_r)}; a circuit of variables "
            "reads and writes one dimension"
        )
    weights = _from_weights(network, seed)
    estimate = None
    if weights.obstacle is not None and network.activation != "identity":
        estimate = recover_from_runs(network, s=task.s if task else None, seed=seed)
    runs = None if estimate is None else _from_runs(network, estimate, seed)
    largest = float(np.abs(np.linalg.eigvals(network.W_hh)).max())
    return Reading(network, weights, runs, estimate, largest, task, seed)


def _from_weights(network: Network, seed: int) -> Attempt:
    """The recovery from the linear map at the origin; none where the origin is no fixed point of slope 1."""
    if network.activation not in ("tanh", "identity") or network.bias is not None:
        return Attempt(None, None)
    a = network.leak
    kept, written = (1 - a) * np.eye(network.n), a * network.W_hh
    slack = None if a == 1 else 4 * UNIT * (kept + np.abs(written)) + TINY  # three roundings, and what underflows
    try:
        near = recovered(Operators(kept + written, a * network.W_uh, network.W_r, slack=slack))
    except ValueError:
        return Attempt(None, None)  # `Obstacle.UNREAD` says so
    return Attempt(near, _confirmed(network, near, seed), superposition(near.recovery))


def _from_runs(network: Network, estimate: Estimate, seed: int) -> Attempt:
    near = nearest(estimate.recovery, compared=estimate.compared)
    fresh = _confirmed(network, near, seed) if estimate.consistent else None
    return Attempt(near, fresh, inputs=estimate.inputs)


def _confirmed(network: Network, near: Nearest, seed: int) -> Agreement | None:
    """Fresh runs against the nearest task, where rounding to it is justified."""
    return agreement(network, near.task, seed=seed, confidence=1 - CHANCE) if near.justified else None
