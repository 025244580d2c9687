"""What a network remembers and how, told nothing but its weights: a circuit of variable memories, or why there is none.

Main function: `read(network, task) -> Reading`. The weights are tried first. Where their linear picture does not hold,
the runs of the network are (`trajectories`): proofs about weights end there, so what is read from runs is *observed*.
A circuit is claimed only if the recovered composition, rounded to a task, passes the four rules of `nearest`, and if on
fresh runs, which were not read, the output signs are those of that task (`agreement`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from emtheory.judges.floats.rounding import TINY, UNIT
from emtheory.networks.elman import Network
from emtheory.recovery.agreement import MOST, Agreement, agreement
from emtheory.recovery.krylov import Operators, Recovery
from emtheory.recovery.nearest import CHANCE, Nearest, nearest
from emtheory.recovery.recover import recovered
from emtheory.recovery.runs import Estimate, recover_from_runs
from emtheory.system.threads import one_blas_thread
from emtheory.theory.predict import predict
from emtheory.theory.tasks import Task
from emtheory.verdict import Kind, Verdict, proved, refuted, undecided

__all__ = ["Reading", "read"]


@dataclass(frozen=True, eq=False)
class Reading:
    """The recovery from the weights, that from runs where it was needed, and what they are worth.

    Attributes:
        network: what was read.
        near_linear: the recovery from the weights with its nearest task; None if nothing that is written is read again.
        fresh_linear: fresh runs against that task, if rounding to it is justified.
        estimate: the recovery from runs; None if the weights told enough, or no run could be used.
        near_runs: that recovery with its nearest task.
        fresh_runs: fresh runs against that task, if rounding to it is justified.
        task: what the network was trained on, if that is known.
        seed: of the runs.
    """

    network: Network
    near_linear: Nearest | None
    fresh_linear: Agreement | None
    estimate: Estimate | None
    near_runs: Nearest | None
    fresh_runs: Agreement | None
    task: Task | None
    seed: int

    @property
    def linear(self) -> Recovery | None:
        """The recovery from the weights."""
        return None if self.near_linear is None else self.near_linear.recovery

    @cached_property
    def from_weights(self) -> bool:
        """Whether the reported recovery is from the weights alone; from runs only a circuit is reported."""
        weights = _claims(self.near_linear, self.fresh_linear)
        runs = self.estimate is not None and self.estimate.consistent and _claims(self.near_runs, self.fresh_runs)
        return weights or not runs

    @property
    def near(self) -> Nearest | None:
        """The reported recovery with its nearest task."""
        return self.near_linear if self.from_weights else self.near_runs

    @property
    def fresh(self) -> Agreement | None:
        """Fresh runs against the task of the reported recovery."""
        return self.fresh_linear if self.from_weights else self.fresh_runs

    @property
    def best(self) -> Recovery | None:
        """The recovery that is reported."""
        return None if self.near is None else self.near.recovery

    @property
    def claimed(self) -> bool:
        """Whether a circuit is claimed: rounding is justified, and fresh runs confirm the task."""
        return _claims(self.near, self.fresh)

    @property
    def superposed(self) -> tuple[int, ...] | None:
        """How many persistent eigenvalues lie at each s-th root of unity, if all do and they are too few for sκ
        memories; None otherwise: the memories are then in superposition."""
        linear = self.linear
        if linear is None or linear.rank >= linear.memories or linear.split.count <= linear.kappa:
            return None
        values = np.linalg.eigvals(self.network.W_hh)
        values = values[np.argsort(-np.abs(values))][: linear.split.count]
        turns = np.angle(values) / (2 * np.pi) * linear.s
        places = np.round(turns).astype(int) % linear.s
        apart = np.abs(values - np.exp(2j * np.pi * places / linear.s))
        if linear.s < 2 or not (apart < np.sin(np.pi / linear.s) / 2).all():  # a quarter of the way to the next root
            return None
        return tuple(np.bincount(places, minlength=linear.s).tolist())

    def findings(self) -> Iterator[tuple[str, Verdict]]:
        """What is decided, claim by claim."""
        best, near = self.best, self.near
        if best is None or near is None or not self.claimed:
            claim = "the network acts on its memories as the circuit of a task"
            yield claim, undecided(Kind.OBSERVED, self._scope(), reason=self._failure())
            return
        if self.from_weights:
            evidence = {
                "defect": near.defect,
                "margin": near.margin,
                "ratio": near.defect / near.margin,
                "coincidences": near.coincidences,
            }
            scale = f" times {near.decay!r}" if near.decay != 1 else ""
            claim = (
                f"compressed to their {best.memories} memories, the weights have the lasting eigenvalues of "
                f"{near.task.name}{scale}, each within less than half the distance to the next"
            )
            yield claim, proved(Kind.ENCLOSED, "the stored weights", **evidence)
        if self.task is not None and (self.from_weights or near.task.blocks != self.task.blocks):
            yield f"the composition that is read off, rounded, is that of {self.task.name}", self._compared(near.task)

    def _compared(self, found: Task) -> Verdict:
        """A proof only from the weights; runs can but refute."""
        assert self.task is not None
        kind = Kind.ENCLOSED if self.from_weights else Kind.OBSERVED
        same = found.blocks == self.task.blocks
        return proved(kind, self._scope()) if same else refuted(kind, self._scope(), found=found.name)

    def _scope(self) -> str:
        return "the stored weights" if self.from_weights else "runs of the network"

    def _failure(self) -> str:
        """Why no circuit is claimed, of the weights and of the runs."""
        if self.estimate is None or self.near_runs is None:
            return self._weights_failure()
        found, given = self.estimate.recovery, self.estimate.inputs
        if self.estimate.consistent:
            runs = _shortfall(self.near_runs, self.fresh_runs)
        else:
            runs = f"the number of variables that is read, {found.s}, is not that of the inputs, {given}"
        return f"{self._weights_failure()}; in its runs {runs}"

    def _weights_failure(self) -> str:
        if self.linear is None or self.near_linear is None:
            return "the weights have no linear picture at the origin, or nothing that they keep is read again"
        if self.superposed:
            return f"{self.linear.split.count} dimensions persist for {self.linear.memories} memories, which overlap"
        return _shortfall(self.near_linear, self.fresh_linear)

    def lines(self) -> Iterator[str]:
        """The reading in sentences, one a line."""
        if not self.claimed:
            yield from (
                self._superposition_lines() if self.superposed else (f"No memory is claimed: {self._failure()}.",)
            )
            return
        if not self.from_weights:
            yield f"The weights are no linear circuit: {self._weights_failure()}."
        yield from self._circuit_lines()
        yield from self._saturation_lines()

    def _circuit_lines(self) -> Iterator[str]:
        """What was read, how well, and on what grounds it is claimed."""
        near, fresh = self.near, self.fresh
        assert near is not None
        assert fresh is not None
        best, factor = near.recovery, f"{near.decay:.5f}"
        source = "Read from the weights" if self.from_weights else "Observed in its runs, not proved"
        yield f"{source}: {_counted(best.s, 'variable')} of dimension {best.kappa}."
        faster = float(np.append(best.split.moduli, 0.0)[near.found])
        rest = len(best.split.moduli) - near.found
        fading = f"; the others, {rest}, shrink to {faster:.3g} or less a step" if rest else ""
        yield f"{_counted(near.found, 'dimension')} of {len(best.split.moduli)} of the state last{fading}."
        # a factor that is printed as 1 tells nothing
        fade, scale = (
            (f", once a factor of {factor} a step is divided out", f", times {factor}")
            if factor != "1.00000"
            else ("", "")
        )
        yield f"Every entry of the composition is within {near.error:.2g} of that of {near.task.name}{fade}."
        yield f"An exact circuit forgets an input after s = {best.s} steps; here {best.end_ratio:.2g} of it is left."
        if best.kappa > 1:
            yield (
                f"An output hears other inputs {best.cross_talk:.2g} times as loud as its own; below 1 its sign is "
                "right for every input of signs."
            )
        subject = "Proved of the weights" if self.from_weights else "Of the linear map that was fitted to the runs"
        yield (
            f"{subject}, compressed to the memories: the lasting eigenvalues are within {near.defect:.2g} of the "
            f"task's{scale}, which lie {2 * near.margin:.2g} or more from each other and from 0."
        )
        yield f"By chance: {near.by_chance}; a claim needs at most {CHANCE:g}."
        yield (
            f"Observed: in {fresh.right} of {fresh.runs} fresh runs an output sign picked at random, up to "
            f"{fresh.steps} steps on, is the task's; so, with {fresh.confidence:.2%} confidence, at least "
            f"{fresh.lower:.1%} of them are. A claim needs {MOST:.0%}."
        )

    def _saturation_lines(self) -> Iterator[str]:
        """What a task needs that no linear network does."""
        assert self.near is not None
        prediction = predict(self.near.task)
        if not prediction.linear_solvable:
            largest = float(np.abs(np.linalg.eigvals(self.network.W_hh)).max())
            how = "" if self.network.activation == "identity" else " This one saturates."
            yield (
                f"No linear network does this task: {prediction.reason}{how} Eigenvalues of W_hh reach modulus "
                f"{largest:.2f}."
            )

    def _superposition_lines(self) -> Iterator[str]:
        linear, counts = self.linear, self.superposed
        assert linear is not None
        assert counts is not None
        read = np.abs(linear.leakage).max()
        yield (
            f"No circuit is claimed: {linear.s} variables of dimension {linear.kappa} are {linear.memories} numbers, "
            f"but {linear.split.count} dimensions persist, {', '.join(map(str, counts))} at the roots of unity of "
            f"order {linear.s}: the memories are in superposition."
        )
        yield (
            f"One memory adds up to {read:.2f} times its content to what is read of another: of {linear.memories} "
            f"random signs, read back through this cross-talk, {linear.decoding_error():.2%} are wrong."
        )

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
            "cross_talk": best.cross_talk if np.isfinite(best.cross_talk) else None,
            "decay": near.decay,
            "composition_error": near.error,
            "composition": best.composition.tolist(),
            "task": near.task.name,
            "defect": near.defect if np.isfinite(near.defect) else None,
            "margin": near.margin if np.isfinite(near.margin) else None,
            "coincidences": near.coincidences,
            "justified": self.claimed,
            "fresh_runs": self.fresh.to_json() if self.fresh else None,
            "superposition": list(self.superposed) if self.superposed else None,
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
    near_linear = _from_weights(network)
    fresh_linear = _confirmed(network, near_linear, seed)
    estimate, near_runs, fresh_runs = None, None, None
    if not _claims(near_linear, fresh_linear) and network.activation != "identity":
        estimate = recover_from_runs(network, s=task.s if task else None, seed=seed)
    if estimate is not None:
        near_runs = nearest(estimate.recovery, compared=estimate.compared)
        fresh_runs = _confirmed(network, near_runs, seed) if estimate.consistent else None
    return Reading(network, near_linear, fresh_linear, estimate, near_runs, fresh_runs, task, seed)


def _confirmed(network: Network, near: Nearest | None, seed: int) -> Agreement | None:
    """Fresh runs against the nearest task, where rounding to it is justified."""
    if near is None or not near.justified:
        return None
    return agreement(network, near.task, seed=seed, confidence=1 - CHANCE)


def _claims(near: Nearest | None, fresh: Agreement | None) -> bool:
    return near is not None and near.justified and fresh is not None and fresh.confirms


def _shortfall(near: Nearest, fresh: Agreement | None) -> str:
    """What keeps a recovery from being a circuit."""
    if why := near.shortfall:
        left = near.recovery.end_ratio
        if left < 1 / 2:
            return why
        return f"{why} (a step leaves at best {left:.2g} of an input, where a circuit leaves nothing after s of them)"
    if fresh is None:
        return f"{near.task.name} puts out nothing that could be compared with fresh runs"
    return (
        f"{near.task.name} would fit, but predicts the sign of {fresh.right} in {fresh.runs} fresh runs: with "
        f"{fresh.confidence:.2%} confidence no more can be said than that {fresh.lower:.0%} are right, and a claim "
        f"needs {MOST:.0%}"
    )


def _from_weights(network: Network) -> Nearest | None:
    """The recovery from the slope of the network at the origin; None where that is no fixed point of slope 1."""
    if network.activation not in ("tanh", "identity") or network.bias is not None:
        return None
    a = network.leak
    kept, fresh = (1 - a) * np.eye(network.n), a * network.W_hh
    slack = None if a == 1 else 4 * UNIT * (kept + np.abs(fresh)) + TINY  # three roundings, and what underflows
    try:
        return recovered(Operators(kept + fresh, a * network.W_uh, network.W_r, slack=slack))
    except ValueError:
        return None  # `_failure` says so


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
