"""What a network remembers and how, told nothing but its weights: a circuit of variable memories, or why there is none.

Main function: `read(network, task) -> Reading`. The weights are tried first. Where their linear picture does not hold,
the runs of the network are (`trajectories`): proofs about weights end there, so what is read from runs is *observed*.
A circuit is claimed only if the recovered composition, rounded to a task, is the network's own up to a defect that
leaves the eigenvalues of that task apart, and rounds too well for a coincidence (`nearest`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from emtheory.theory.nearest import Nearest, nearest
from emtheory.theory.networks import Network
from emtheory.theory.predict import predict
from emtheory.theory.recovered import recover
from emtheory.theory.recursion import Operators, Recovery
from emtheory.theory.tasks import Task
from emtheory.theory.trajectories import Estimate, recover_from_runs
from emtheory.threads import one_blas_thread
from emtheory.verdict import Kind, Verdict, proved, refuted, undecided

__all__ = ["Reading", "read"]


@dataclass(frozen=True, eq=False)
class Reading:
    """The recovery from the weights, that from runs where it was needed, and what they are worth.

    Attributes:
        network: what was read.
        linear: the recovery from the weights; None if nothing that is written is read again.
        estimate: the recovery from runs; None if the weights told enough, or no run could be used.
        task: what the network was trained on, if that is known.
        seed: of the runs.
    """

    network: Network
    linear: Recovery | None
    estimate: Estimate | None
    task: Task | None
    seed: int

    @cached_property
    def best(self) -> Recovery | None:
        """The recovery that is reported: the justified one, of runs only if they kept what they were given, else that
        from the weights."""
        if self.linear is not None and self.near_linear is not None and self.near_linear.justified:
            return self.linear
        if self.estimate is not None and self.estimate.consistent and nearest(self.estimate.recovery).justified:
            return self.estimate.recovery
        return self.linear

    @cached_property
    def near(self) -> Nearest | None:
        """The nearest task of the reported recovery."""
        return None if self.best is None else nearest(self.best)

    @cached_property
    def near_linear(self) -> Nearest | None:
        """The nearest task of the recovery from the weights."""
        return None if self.linear is None else nearest(self.linear)

    @property
    def from_weights(self) -> bool:
        """Whether the reported recovery is from the weights alone."""
        return self.best is self.linear

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
        if best is None or near is None or not near.justified:
            claim = "the network acts on its memories as the circuit of a task"
            yield claim, undecided(Kind.OBSERVED, self._scope(), reason=self._failure())
            return
        evidence = {
            "defect": near.defect,
            "margin": near.margin,
            "ratio": near.defect / near.margin,
            "coincidences": near.coincidences,
        }
        if self.from_weights:
            claim = f"on {best.memories} memories the weights are the circuit of {near.task.name}, within its margin"
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
        if self.estimate is None:
            return self._weights_failure()
        found, given = self.estimate.recovery, self.estimate.inputs
        if self.estimate.consistent:
            runs = _shortfall(found)
        else:
            runs = f"the number of variables that is read, {found.s}, is not that of the inputs, {given}"
        return f"{self._weights_failure()}; in its runs {runs}"

    def _weights_failure(self) -> str:
        if self.linear is None:
            return "the weights have no linear picture at the origin, or nothing that they keep is read again"
        if self.superposed:
            return f"{self.linear.split.count} dimensions persist for {self.linear.memories} memories, which overlap"
        return _shortfall(self.linear)

    def lines(self) -> Iterator[str]:
        """The reading in sentences, one a line."""
        best, near = self.best, self.near
        if best is None or near is None:
            yield f"No memory is claimed: {self._failure()}."
            return
        if not near.justified:
            yield from (
                self._superposition_lines() if self.superposed else (f"No memory is claimed: {self._failure()}.",)
            )
            return
        if not self.from_weights:
            yield f"The weights are no linear circuit: {self._weights_failure()}."
        where = "the weights" if self.from_weights else f"{best.operators.source}"
        yield (
            f"Read from {where}: {best.s} variables of dimension {best.kappa}; transients below modulus "
            f"{best.split.gap[0]:.3g} are split off, {best.split.count} dimensions persist."
        )
        yield (
            f"After {best.s} deflated steps {best.end_ratio:.2g} of the written input is left; what is written is read "
            f"within {best.write_read_error:.2g}."
        )
        fade = f" after dividing by {near.decay:.5f} a step" if near.decay != 1 else ""
        yield (
            f"Its composition is that of {near.task.name} within {near.error:.2g}{fade}; rounding is justified, as the "
            f"defect on the memories, {near.defect:.2g}, is below the margin of the eigenvalues, {near.margin:.2g}, "
            f"and {_by_coincidence(near)}."
        )
        yield from self._saturation_lines()

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
            f"A memory is heard in another with weight up to {read:.2f}; reading {linear.memories} signs back through "
            f"this overlap gets {linear.decoding_error():.2%} of them wrong."
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
            "decay": near.decay,
            "composition_error": near.error,
            "composition": best.composition.tolist(),
            "task": near.task.name,
            "defect": near.defect,
            "margin": near.margin,
            "coincidences": near.coincidences,
            "justified": near.justified,
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
    linear = _from_weights(network)
    told = linear is not None and nearest(linear).justified
    estimate = None
    if not told and network.activation != "identity":
        estimate = recover_from_runs(network, s=task.s if task else None, seed=seed)
    return Reading(network, linear, estimate, task, seed)


def _shortfall(recovery: Recovery) -> str:
    """What keeps a recovery from being a circuit."""
    near = nearest(recovery)
    if near.found != near.expected:
        why = f"{near.found} eigenvalues last and the nearest task needs {near.expected}"
    elif near.coincidences >= 0:
        why = _by_coincidence(near)
    else:
        why = f"the defect, {near.defect:.2g}, is above the margin of the nearest task, {near.margin:.2g}"
    return f"the residual of the deflated recursion is at best {recovery.end_ratio:.2g} of the step before, while {why}"


def _by_coincidence(near: Nearest) -> str:
    return f"10^{near.coincidences:.1f} readings of weights without structure would round as well"


def _from_weights(network: Network) -> Recovery | None:
    """The recovery from the slope of the network at the origin; None where that is no fixed point of slope 1."""
    if network.activation not in ("tanh", "identity") or network.bias is not None:
        return None
    a = network.leak
    moves = (1 - a) * np.eye(network.n) + a * network.W_hh
    try:
        return recover(Operators(moves, a * network.W_uh, network.W_r))
    except ValueError:
        return None  # `_failure` says so
