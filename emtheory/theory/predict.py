"""What the theory says about a task before anything is trained.

`predict(task)` gives the spectrum of the circuit, the number of persistent eigenvalues (rank Φ_C^{sκ}), the least
state that determines the outputs (rank Φ_Cˢ), and whether a linear network can solve the task: iff C_jC_k = 0 for all
j = 1..s and k = 2..s (write interference), equivalently G_mC_k = 0 for k ≥ 2 and m = 1..s. In words:
`emtheory.report.sentences.prediction`.

References: Karuvally, DelMastro, Siegelmann, "Episodic Memory Theory of Recurrent Neural Networks" (2023); this
package's theorems `write-interference`, `lti-impossibility` and `minimal-memory`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from emtheory.system.limits import must_fit
from emtheory.theory.spectra import Spectrum, power_rank, predicted_spectrum
from emtheory.theory.tasks import Task

__all__ = ["Interference", "Prediction", "predict", "write_interference"]


@dataclass(frozen=True)
class Interference:
    """A witness that writing interferes: C_jC_k ≠ 0 with k ≥ 2, and G_mC_k = C_jC_k for m = s+1−j."""

    j: int
    k: int
    m: int


def write_interference(task: Task) -> Interference | None:
    """The witness with the least k, and for it the largest j; None if C_jC_k = 0 for all j and all k ≥ 2.

    For the largest j, G_tC_k = 0 for t < m = s+1−j, as G_t = Σ_i C_i G_{t−s−1+i}. So what C_k adds in the input phase
    first changes an output m steps later: G_mC_k = C_jC_k.

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
        """Why a linear network can or cannot solve the task, in plain words."""
        s = self.task.s
        if s == 1:
            return "There is one variable only, so nothing is composed in the input phase."
        needed = f"C_j C_k = 0 for all j = 1..{s} and k = {'2' if s == 2 else f'2..{s}'}"
        if self.witness is None:
            return f"Nothing that is composed in the input phase reaches an output: {needed}."
        j, k, m = self.witness.j, self.witness.k, self.witness.m
        return (
            f"A linear network composes in the input phase already, and what C_{k} adds there changes an output "
            f"{m} {'step' if m == 1 else 'steps'} later, as C_{j} C_{k} is not 0. It would need {needed}."
        )

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
