"""The nearest task of a recovery, and whether rounding to it is justified.

Main function: `nearest(recovery) -> Nearest`. Four rules have to hold (`Obstacle` says which one does not):

* W has as many persistent eigenvalues as the task.
* The defect is below the margin, half the least distance of the persistent eigenvalues of the task. With Φ_C V = V Λ,
  Λ normal (`persistent_part`), B = ΨV and a dual L, LB = I, that does not read transients, W is similar to

      [Λ + E, F; G, H],   E = L(WB − BΛ),  G = (I − BL)(WB − BΛ),  F = LW(I − BL),  norms ‖·‖₂,

  H what W does outside of the memories. Λ + E, the compression of W to the memories, has as many eigenvalues as Λ
  within ‖E‖ of each of those. Scaling the blocks turns ‖F‖ and ‖G‖ into √(‖F‖‖G‖), so an eigenvalue of W that is not
  one of H (to within √(‖F‖‖G‖)) lies within the defect ‖E‖ + √(‖F‖‖G‖) of one of Λ. As E = V⁺Ψ⁺(WΨ − ΨΦ_C)V where
  Ψ has full rank, the condition κ₂(V) of the eigenvectors is part of the defect.
* What is written is read with its sign: the cross-talk of RPU is below 1.
* Chance does not explain the rounding. A number without structure lies within e of an integer with probability 2e. On r
  persistent dimensions RW has κr independent entries, and so has Ĉ = RWΨ; where all contents fade, Ĉ is near 0 for any
  weights. A reader chooses among n places to cut the spectrum, ⌊n/κ⌋ numbers of variables and two scales, so
  2n⌊n/κ⌋ (2e)^(κr) of these readings are expected to round as well by chance. At most `CHANCE` may be. One number alone
  shows nothing: it is always within 1/2 of an integer, and, divided by its own modulus, it is ±1.

References: theorems `spectral-stability`, `memory-lifetime`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from emtheory.judges.floats import Enclosed, chain, norm2_bound
from emtheory.recovery.krylov import Recovery
from emtheory.recovery.obstacle import Obstacle
from emtheory.recovery.persistent import PersistentPart, persistent_part
from emtheory.recovery.projector import Split, largest_gap
from emtheory.system.array_types import Floats
from emtheory.system.threads import one_blas_thread
from emtheory.theory.spectra import predicted_spectrum
from emtheory.theory.tasks import Task

__all__ = ["CHANCE", "Nearest", "nearest"]


CHANCE = 1e-4
"""How often a claim may be wrong by chance: the number of chance readings that may be expected, and one minus the
confidence of what is said about fresh runs."""


@dataclass(frozen=True, eq=False)
class Nearest:
    """The nearest task, and how far the operators are from exactly its circuit.

    Attributes:
        recovery: what was rounded.
        task: the recovered composition, rounded to integers.
        error: max |Ĉ − C|, after division by the decay.
        decay: the mean modulus γ of the persistent eigenvalues, by which a signed selection fades a step; else 1.
        coincidences: log₁₀ of how many readings of weights without structure are expected to round as well by chance;
            2n⌊n/κ⌋ (2 error)^m, m = κ min(rank Ψ, found), one less if a decay was fitted, times the readings compared.
        persistent: the persistent part of Φ_C, with half the least distance of its eigenvalues (`margin`).
        expected: how many eigenvalues of Φ_C, times the decay, are above the gap of the moduli of W.
        found: how many eigenvalues of W are.
    """

    recovery: Recovery
    task: Task
    error: float
    decay: float
    coincidences: float
    persistent: PersistentPart
    expected: int
    found: int

    @property
    def margin(self) -> float:
        """Half the least distance of the persistent eigenvalues of the task from each other and from 0."""
        return self.persistent.margin

    @cached_property
    def defect(self) -> float:
        """A proved bound of ‖E‖ + √(‖F‖‖G‖), see the head of this file; infinite if no dual of B is found.

        With a decay γ it is that of W/γ on the faded memories Ψ_k/γ^{s−k}.
        """
        operators, split = self.recovery.operators, self.recovery.split
        B = _faded(self.recovery, self.decay) @ self.persistent.vectors
        if not B.size or not np.isfinite(B).all():
            return math.inf
        W = Enclosed(operators.W, np.zeros_like(operators.W) if operators.slack is None else operators.slack)
        return _block_bound(W, B, self._scaled_normal(), np.linalg.pinv(B) @ split.projector) / self.decay

    def _scaled_normal(self) -> Enclosed:
        """γΛ, enclosed."""
        value, bound = self.persistent.normal
        scaled = self.decay * value
        if self.decay == 1:
            return Enclosed(scaled, bound)
        return Enclosed(scaled, np.nextafter(self.decay * bound + 2.0**-50 * np.abs(scaled), np.inf))

    @cached_property
    def obstacle(self) -> Obstacle | None:
        """The first rule that does not hold; None if rounding is justified."""
        if self.found != self.expected or not self.expected:
            return Obstacle.COUNT
        if not self.recovery.cross_talk < 1:
            return Obstacle.SIGN
        if self.coincidences > math.log10(CHANCE):
            return Obstacle.CHANCE
        if math.isinf(self.defect):
            return Obstacle.DEPENDENT
        return None if self.defect < self.margin else Obstacle.DEFECT

    @property
    def justified(self) -> bool:
        """Whether all four rules hold."""
        return self.obstacle is None


@dataclass(frozen=True)
class _Rounding:
    """Ĉ, divided by the powers of a decay and rounded."""

    decay: float
    task: Task
    error: float
    coincidences: float


@one_blas_thread()
def nearest(recovery: Recovery, *, compared: int = 1) -> Nearest:
    """The task with the rounded composition.

    The persistent eigenvalues of a signed selection lie on the unit circle, so their mean modulus γ is the decay, and
    Ĉ_k / γ^{s+1−k} is rounded (`memory-lifetime`). Where that gives no signed selection, or one that chance explains,
    Ĉ_k itself is rounded.

    Arguments:
        recovery: of weights, or of operators estimated from runs.
        compared: from how many estimates of the operators this one was chosen.

    >>> from emtheory.recovery.recover import recover
    >>> from emtheory.recovery.krylov import Operators
    >>> swap = np.array([[0.0, 0.9], [0.9, 0.0]])
    >>> near = nearest(recover(Operators(swap, np.array([[0.0], [1.0]]), np.array([[0.0, 1.0]]))))
    >>> near.task.name, round(near.decay, 3), near.justified
    ('repeat-copy:s=2,k=1', 0.9, True)
    """
    found, cut = _cut(recovery.split)
    moduli = recovery.split.moduli[:found]
    plain = _rounded(recovery, 1.0, found, compared)
    faded = _rounded(recovery, float(np.exp(np.log(moduli).mean())), found, compared) if moduli[-1] > 0 else plain
    chosen = faded if faded.task.selection and faded.coincidences <= math.log10(CHANCE) else plain
    above = cut / chosen.decay
    return Nearest(
        recovery=recovery,
        task=chosen.task,
        error=chosen.error,
        decay=chosen.decay,
        coincidences=chosen.coincidences,
        persistent=persistent_part(chosen.task, above=above),
        expected=sum(times for value, times in predicted_spectrum(chosen.task).multiplicities() if abs(value) > above),
        found=found,
    )


def _cut(split: Split) -> tuple[int, float]:
    """The number of persistent eigenvalues, and the modulus halfway to the next; if all is kept, the gap decides."""
    found = split.count if split.count < len(split.moduli) else largest_gap(split.moduli)
    return found, float(np.append(split.moduli, 0.0)[found - 1 : found + 1].mean())


def _rounded(recovery: Recovery, decay: float, found: int, compared: int) -> _Rounding:
    blocks = recovery.composition / (decay ** np.arange(recovery.s, 0, -1.0))[:, None, None]
    task = Task.from_blocks(np.rint(blocks))
    error = float(np.abs(blocks - task.array()).max())
    independent = recovery.kappa * min(recovery.rank, found) - (decay != 1)
    n = len(recovery.operators.W)
    uniform = 2 * max(error, float(np.finfo(np.float64).eps))  # an error of 0 says no more than one of rounding
    choices = 2 * n * (n // recovery.kappa) * compared
    return _Rounding(decay, task, error, math.log10(choices) + independent * math.log10(uniform))


def _faded(recovery: Recovery, decay: float) -> Floats:
    """Ψ_k/γ^{s−k}, side by side."""
    fading = decay ** np.arange(recovery.s - 1, -1, -1.0)
    faded: Floats = recovery.psi / np.repeat(fading, recovery.kappa)
    return faded


def _block_bound(W: Enclosed, B: Any, normal: Enclosed, dual: Any) -> float:
    """‖E‖ + √(‖F‖‖G‖) from above for the exact dual L = (dual B)⁻¹ dual; infinite if that is not provably one.

    With e = ‖I − dual B‖ < 1, ‖(dual B)⁻¹‖ ≤ 1/(1 − e) and ‖(dual B)⁻¹ − I‖ ≤ e/(1 − e).
    """
    if not np.isfinite(dual).all():
        return math.inf
    r, one, basis = B.shape[1], np.eye(len(B)), Enclosed(B, np.zeros(B.shape))
    away = norm2_bound(chain(np.hstack([dual, np.eye(r)]), np.vstack([B, -np.eye(r)])))
    if not away < 1:
        return math.inf
    grown, turned = 1 / (1 - away), away / (1 - away)
    # one product each, so that no difference has to be rounded
    step = chain(_beside(W, basis), _stacked(basis, Enclosed(-normal.value, normal.bound)))
    pulled, read = chain(dual, step), chain(dual, W)
    E = norm2_bound(pulled)
    G = norm2_bound(chain(np.hstack([one, -B]), _stacked(step, pulled))) + norm2_bound(B) * turned * E
    seen = chain(read, B)
    beside = norm2_bound(chain(_beside(read, seen), np.vstack([one, -dual])))
    F = grown * (beside + turned * norm2_bound(seen) * norm2_bound(dual))
    return (grown * E + math.sqrt(F * G)) * (1 + 2.0**-48)  # a dozen roundings of positive numbers


def _stacked(upper: Enclosed, lower: Enclosed) -> Enclosed:
    return Enclosed(np.vstack([upper.value, lower.value]), np.vstack([upper.bound, lower.bound]))


def _beside(left: Enclosed, right: Enclosed) -> Enclosed:
    return Enclosed(np.hstack([left.value, right.value]), np.hstack([left.bound, right.bound]))
