"""What the theory says about a task before anything is trained.

`predict(task)` gives the spectrum of the circuit, the number of persistent eigenvalues (rank Φ_C^{sκ}), the least
state that determines the outputs (rank Φ_Cˢ), and whether a linear network can solve the task: iff C_jC_k = 0 for all
j = 1..s and k = 2..s (write interference), equivalently G_mC_k = 0 for k ≥ 2 and m = 1..s.

References: Karuvally, DelMastro, Siegelmann, "Episodic Memory Theory of Recurrent Neural Networks" (2023); this
package's theorems `write-interference`, `lti-impossibility` and `minimal-memory`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from emtheory.system.limits import must_fit
from emtheory.theory.spectra import Spectrum, jordan_at_zero, power_rank, predicted_spectrum
from emtheory.theory.tasks import Task

__all__ = ["Interference", "Prediction", "predict", "write_interference"]


LISTED = 12  # so many different cycles are spelled out in a sentence


@dataclass(frozen=True)
class Interference:
    """A witness that writing interferes: C_jC_k ≠ 0 with k ≥ 2, and G_mC_k = C_jC_k for m = s+1−j."""

    j: int
    k: int
    m: int


def write_interference(task: Task) -> Interference | None:
    """The witness with the least k, and for it the largest j; None if C_jC_k = 0 for all j and all k ≥ 2.

    For the largest j the earlier responses vanish on C_k (G_t = Σ_i C_i G_{t−s−1+i}), so m = s+1−j is the first time
    at which what C_k adds during writing is heard again: G_mC_k = C_jC_k.

    >>> write_interference(Task.repeat_copy(3, 2)) is None
    True
    >>> write_interference(Task.compose_copy(3))
    Interference(j=2, k=2, m=2)
    """
    pairs = _selected_pairs(task) if task.selection is not None else _dense_pairs(task)
    if not pairs:
        return None
    j, k = min(pairs, key=lambda pair: (pair[1], -pair[0]))
    return Interference(j, k, task.s + 1 - j)


def _selected_pairs(task: Task) -> set[tuple[int, int]]:
    """The (j, k) with C_jC_k ≠ 0, k ≥ 2: output i hears component c by C_j, which hears something by C_k."""
    assert task.selection is not None
    variable, component = np.divmod(task.selection.source, task.kappa)
    linked = (task.selection.sign != 0) & (variable[component] >= 1)  # a zero row has source 0, of variable 0
    pairs = np.stack([variable[linked], variable[component[linked]]], axis=1) + 1
    return {(int(j), int(k)) for j, k in np.unique(pairs, axis=0)}


def _dense_pairs(task: Task) -> set[tuple[int, int]]:
    nonzero = [(k, block) for k, block in enumerate(task.blocks, 1) if not block.is_zero()]
    return {(j, k) for k, right in nonzero if k >= 2 for j, left in nonzero if not (left @ right).is_zero()}


@dataclass(frozen=True)
class Prediction:
    """What the theory predicts for `task`; `witness` is None iff a linear network can solve it."""

    task: Task
    spectrum: Spectrum
    minimal_memory: int
    witness: Interference | None

    @property
    def persistent(self) -> int:
        """The number of persistent (nonzero) eigenvalues of Φ_C."""
        return self.spectrum.persistent

    @property
    def linear_solvable(self) -> bool:
        """Whether a linear time-invariant network, started at zero, can give every output exactly."""
        return self.witness is None

    @property
    def reason(self) -> str:
        """Why a linear network can or cannot solve the task, in one sentence."""
        s = self.task.s
        if self.witness is None:
            if s == 1:
                return "There is one variable only, so nothing is composed while inputs are still being written."
            return (
                f"C_j C_k = 0 for all j = 1..{s} and k = 2..{s}, so what is composed while inputs are still being "
                "written is never heard again."
            )
        j, k, m = self.witness.j, self.witness.k, self.witness.m
        return (
            f"C_{k} already acts while inputs are still being written, and what it adds then is heard again "
            f"{_count(m, 'step')} later: C_{j} C_{k} is not zero (nor is G_{m} C_{k}), but a linear network "
            f"would need C_j C_k = 0 for all j = 1..{s} and k = 2..{s}."
        )

    def sentences(self) -> list[str]:
        """The prediction for a reader who knows neither the theory nor its symbols.

        >>> print(*predict(Task.compose_copy(2)).sentences()[:4], sep=chr(10))
        Task compose-copy:2 writes 2 variables of dimension 2, one a step, so its circuit holds 4 numbers.
        The circuit has 3 persistent eigenvalues and 1 zero, whose part of the state is forgotten within 1 step.
        The persistent ones lie on the unit circle and never fade: the roots of x = 1 (once), x^2 = 1 (once).
        To go on for arbitrary real inputs, a network has to remember at least 3 numbers.
        """
        s, kappa = self.task.s, self.task.kappa
        stored = (
            f"Task {self.task.name} writes {_count(s, 'variable')} of dimension {kappa}, one a step, "
            f"so its circuit holds {_count(s * kappa, 'number')}."
        )
        memory = (
            f"To go on for arbitrary real inputs, a network has to remember at least "
            f"{_count(self.minimal_memory, 'number')}."
        )
        return [stored, *self._spectrum_sentences(), memory, *self._solvability_sentences()]

    def _spectrum_sentences(self) -> list[str]:
        persistent = _count(self.persistent, "persistent eigenvalue")
        if self.spectrum.zeros:
            steps = _count(max(jordan_at_zero(self.task)), "step")
            zeros = f"{_count(self.spectrum.zeros, 'zero')}, whose part of the state is forgotten within {steps}"
        else:
            zeros = "no zero: nothing of the state is forgotten at once"
        counts = f"The circuit has {persistent} and {zeros}."
        if not self.persistent:
            return [counts]
        if self.spectrum.cycles is not None:
            factors = [f"x{_power(c.order)} = {c.sign} ({_times(c.count)})" for c in self.spectrum.cycles]
            shown = ", ".join(factors[:LISTED]) + (f" and {len(factors) - LISTED} more" if factors[LISTED:] else "")
            return [counts, f"The persistent ones lie on the unit circle and never fade: the roots of {shown}."]
        moduli = [f"{abs(value):.4g}" for value, _ in self.spectrum.multiplicities() if value != 0]
        least, most = min(moduli, key=float), max(moduli, key=float)
        span = f"have modulus {least}" if least == most else f"have moduli from {least} to {most}"
        return [counts, f"The persistent ones {span}: below 1 a memory fades, above 1 it grows."]

    def _solvability_sentences(self) -> list[str]:
        if self.linear_solvable:
            return ["A linear network that starts at zero and reads one input a step gives all outputs.", self.reason]
        return [
            "No linear network, however large, that starts at zero and reads one input a step gives all outputs.",
            self.reason,
            "What helps is a gate that composes only after the last input, or inputs recoded before they are written: "
            f"v(t) = u(t) - sum of C_k u(t-{self.task.s + 1}+k) over k = {self.task.s + 2}-t..{self.task.s}.",
        ]

    def to_json(self) -> dict[str, Any]:
        """The prediction in the form of the schema `emtheory.prediction/1`."""
        if self.spectrum.cycles is not None:
            spectrum: list[Any] = [{"order": c.order, "sign": c.sign, "count": c.count} for c in self.spectrum.cycles]
        else:
            spectrum = [[value.real, value.imag, count] for value, count in self.spectrum.multiplicities()]
        return {
            "schema": "emtheory.prediction/1",
            "task": self.task.name,
            "spectrum": spectrum,
            "persistent": self.persistent,
            "minimal_memory": self.minimal_memory,
            "linear_solvable": self.linear_solvable,
            "reason": self.reason,
        }


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _power(order: int) -> str:
    return "" if order == 1 else f"^{order}"


def predict(task: Task) -> Prediction:
    """Spectrum, persistent eigenvalues, minimal memory and linear solvability of a task.

    For selections in O(sκ) time and memory.

    Raises:
        ValueError: another task, so large that its exact matrices need more memory than the limit.

    >>> prediction = predict(Task.compose_copy(8))
    >>> prediction.persistent, prediction.minimal_memory, prediction.linear_solvable
    (36, 36, False)
    """
    if task.selection is None:
        m = task.s * task.kappa
        # the power Φ_Cˢ, with 64 bits a factor above and below the line, and what the squarings before it leave
        must_fit(m * m * (128 + 64 * task.s), f"the exact spectrum of {task.name}", "choose smaller s or k")
    return Prediction(task, predicted_spectrum(task), power_rank(task, task.s), write_interference(task))
