"""The nearest task of a recovery, and whether rounding to it is justified.

Main function: `nearest(recovery) -> Nearest`. Three things have to hold, none of them by a tolerance:

* the defect, how far a step of W on the memories is from one of Φ_C, leaves the eigenvalues of Φ_C apart;
* as many eigenvalues last as the task needs;
* the rounding says something. Numbers without structure lie within e of integers with probability 2e each, and on r
  lasting dimensions RW, so Ĉ = RWΨ, has κr independent ones; where all fades, Ĉ is near 0 whatever was done. A reader
  chooses among n places to cut the spectrum and ⌊n/κ⌋ numbers of variables, so n⌊n/κ⌋ (2e)^(κr) of these readings would
  round as well by coincidence. That has to be less than one: a single number is always within 1/2 of an integer, and,
  divided by its own modulus, it is ±1 whatever it was.

References: theorems `spectral-stability`, `memory-lifetime`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from emtheory.judges.floats import chain, norm2_bound
from emtheory.theory.circuits import float_companion
from emtheory.theory.recursion import Recovery
from emtheory.theory.spectra import predicted_spectrum
from emtheory.theory.splitting import Split, largest_gap
from emtheory.theory.tasks import Task
from emtheory.threads import one_blas_thread

__all__ = ["Nearest", "nearest"]

Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, eq=False)
class Nearest:
    """The nearest task, and how far the operators are from exactly its circuit.

    Attributes:
        recovery: what was rounded.
        task: the recovered composition, rounded to integers.
        error: max |Ĉ − C|, after division by the decay.
        decay: the mean modulus γ of the persistent eigenvalues, by which a signed selection fades a step; else 1.
        coincidences: log₁₀ of n⌊n/κ⌋ (2 error)^m, how many readings of weights without structure would round as well;
            m = κ min(rank Ψ, found), one less if a decay was fitted.
        margin: half the least distance of eigenvalues of Φ_C on the unit circle from each other and from 0, which the
            defect is held against.
        expected: how many eigenvalues of Φ_C are above the gap of the moduli of W, the decay counted in.
        found: how many of W are.
    """

    recovery: Recovery
    task: Task
    error: float
    decay: float
    coincidences: float
    margin: float
    expected: int
    found: int

    @cached_property
    def defect(self) -> float:
        """A proved bound of ‖L(WΨ − ΨΦ_C)‖₂, L the float pseudoinverse of Ψ, and of ‖(I − ΨL)(WΨ − ΨΦ_C)L‖₂.

        Read by L, a step of W on the memories is one of Φ_C plus an error of that size, and no larger share of it
        leaves their span. The second norm counts where they span less than is kept; what is kept W does not leave.
        With a decay γ it is the defect of W/γ on the faded memories Ψ_k/γ^{s−k}.
        """
        recovery, psi = self.recovery, _faded(self.recovery, self.decay)
        phi = self.decay * float_companion(self.task)  # exact: only signs are ever divided by a decay
        pull = np.linalg.pinv(psi)
        # one product, so that no difference has to be rounded
        step = chain(np.hstack([recovery.operators.W, psi]), np.vstack([psi, -phi]))
        defect = norm2_bound(chain(pull, step))
        if recovery.rank < recovery.split.count:
            defect = max(defect, norm2_bound(chain(np.eye(len(psi)) - psi @ pull, step, pull)))
        return float(np.nextafter(defect / self.decay, np.inf))

    @property
    def justified(self) -> bool:
        """Whether as many eigenvalues last as the task needs, not none, stay apart, and no coincidence explains it."""
        return self.found == self.expected > 0 and self.coincidences < 0 and self.defect < self.margin


@dataclass(frozen=True)
class _Rounding:
    """Ĉ, divided by the powers of a decay and rounded."""

    decay: float
    task: Task
    error: float
    coincidences: float


@one_blas_thread()
def nearest(recovery: Recovery) -> Nearest:
    """The task with the rounded composition.

    A signed selection keeps its persistent eigenvalues on the unit circle, so their mean modulus γ is decay, and
    Ĉ_k / γ^{s+1−k} is what is rounded (`memory-lifetime`), unless that gives none, or one that a coincidence explains.

    >>> from emtheory.theory.recovered import recover
    >>> from emtheory.theory.recursion import Operators
    >>> swap = np.array([[0.0, 0.9], [0.9, 0.0]])
    >>> near = nearest(recover(Operators(swap, np.array([[0.0], [1.0]]), np.array([[0.0, 1.0]]))))
    >>> near.task.name, round(near.decay, 3), near.justified
    ('repeat-copy:s=2,k=1', 0.9, True)
    """
    found, cut = _cut(recovery.split)
    lasting = recovery.split.moduli[:found]
    plain = _rounded(recovery, 1.0, found)
    faded = _rounded(recovery, float(np.exp(np.log(lasting).mean())), found) if lasting[-1] > 0 else plain
    chosen = faded if faded.task.selection and faded.coincidences < 0 else plain
    predicted = predicted_spectrum(chosen.task).multiplicities()
    places = [(value, times) for value, times in predicted if chosen.decay * abs(value) > cut]
    return Nearest(
        recovery=recovery,
        task=chosen.task,
        error=chosen.error,
        decay=chosen.decay,
        coincidences=chosen.coincidences,
        margin=_margin(np.angle([value for value, _ in places])),
        expected=sum(times for _, times in places),
        found=found,
    )


def _cut(split: Split) -> tuple[int, float]:
    """How many eigenvalues last, and the modulus half way to the next; if all is kept, the largest gap decides."""
    found = split.count if split.count < len(split.moduli) else largest_gap(split.moduli)
    return found, float(np.append(split.moduli, 0.0)[found - 1 : found + 1].mean())


def _rounded(recovery: Recovery, decay: float, found: int) -> _Rounding:
    blocks = recovery.composition / (decay ** np.arange(recovery.s, 0, -1.0))[:, None, None]
    task = Task.from_blocks(np.rint(blocks))
    error = float(np.abs(blocks - task.array()).max())
    independent = recovery.kappa * min(recovery.rank, found) - (decay != 1)
    n = len(recovery.operators.W)
    uniform = 2 * max(error, float(np.finfo(np.float64).eps))  # an error of 0 says no more than one of rounding
    coincidences = math.log10(n * (n // recovery.kappa)) + independent * math.log10(uniform)
    return _Rounding(decay, task, error, coincidences)


def _faded(recovery: Recovery, decay: float) -> Floats:
    """Ψ_k/γ^{s−k}, side by side."""
    fading = decay ** np.arange(recovery.s - 1, -1, -1.0)
    faded: Floats = recovery.psi / np.repeat(fading, recovery.kappa)
    return faded


def _margin(arguments: Floats) -> float:
    """sin(δ/2), δ the least distance of two arguments: half that of the eigenvalues there; 1/2 at most, for 0."""
    angles = np.sort(arguments)
    if len(angles) < 2:
        return 1 / 2
    gaps = np.diff(np.append(angles, angles[0] + 2 * np.pi))
    return min(float(np.sin(gaps.min() / 2)), 1 / 2)
