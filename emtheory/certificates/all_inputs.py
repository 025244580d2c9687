"""All inputs at once: saturating circuits, and tanh networks near them, that keep every sign for ever.

Let every |h_i| that counts be at least ℓ. Unit i copies the sign of its source j, whatever the others do, if

    |W_ij| ℓ − Σ_{k≠j} |W_ik| − Σ_k |U_ik| − |b_i| ≥ artanh ℓ   (without the sum over U after the inputs),

and is written by input j, whatever the memory holds, if |U_ij| − Σ_{k≠j} |U_ik| − Σ_k |W_ik| − |b_i| ≥ artanh ℓ. Signs
then move by a signed selection z(t+1) = A z(t) of units. It does what the task does, w(t+1) = Φ_C w(t), for all t > s
iff it does so for n + sκ steps (Cayley–Hamilton), which is computed with one symbol for each number that is stored.
ℓ = √(1 − 1/γ), γ the least dominant weight, makes γℓ − artanh ℓ, and so the room for perturbations, largest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from emtheory.judges.balls import arb, precision
from emtheory.judges.floats.blas import require_sound_blas
from emtheory.judges.floats.rounding import sum_up, up
from emtheory.networks.elman import Network
from emtheory.system.array_types import Floats
from emtheory.theory.tasks import Task

__all__ = ["AllInputs", "all_inputs"]

BITS = 64


@dataclass(frozen=True)
class AllInputs:
    """Proved: sign y(t) = x(t) for all t > s, every u ∈ {±1} and every start state in the cube.

    Attributes:
        bits: sκ; there are 2^{sκ} inputs.
        level: ℓ.
        margin: |y_i(t)| is at least so large.
        perturbation: all of it holds, too, with noise in the argument of tanh and other weights but the same W_r and
            c, if noise + ‖ΔW_hh‖ + ‖ΔW_uh‖ + ‖Δb‖ (maximal row sums) is at most this.
    """

    bits: int
    level: float
    margin: float
    perturbation: float


def all_inputs(network: Network, task: Task) -> AllInputs | None:
    """The proof for all inputs, or None where weights do not dominate, or do not do this task.

    >>> from emtheory.networks.build import build
    >>> task = Task.compose_copy(8)
    >>> found = all_inputs(build(task).network, task)
    >>> found.bits, round(found.perturbation, 6)
    (64, 0.53284)
    """
    require_sound_blas()
    if network.activation != "tanh" or network.leak != 1 or task.selection is None or not task.selection.sign.all():
        return None
    if network.W_uh.shape[1] != task.kappa or len(network.W_r) != task.kappa:
        return None
    copy, write, read = _Row.of(network.W_hh), _Row.of(network.W_uh), _Row.of(network.W_r)
    used = _sources(read.source, copy.source)
    gain = float(copy.weight[used].min())
    if not gain > 1:
        return None
    level = float(np.sqrt(1 - 1 / gain))
    with precision(BITS):
        threshold = float(up(float(arb(level).atanh().upper())))
    bias = np.zeros(network.n) if network.bias is None else np.abs(network.bias)
    need = up(threshold + bias)
    copied = _down(_down(copy.weight * level) - up(copy.rest + need))
    held = _down(copied - up(write.weight + write.rest))
    written = _down(write.weight - up(up(write.rest + up(copy.weight + copy.rest)) + need))
    offset = np.zeros(task.kappa) if network.readout_bias is None else np.abs(network.readout_bias)
    margin = _down(_down(_down(read.weight * level) - read.rest) - offset)
    if not (margin > 0).all() or not _does(task, copy, write, read, copied >= 0, held >= 0, written >= 0):
        return None
    rules = np.concatenate([copied, np.where(written >= 0, written, held)])
    used_rules = np.concatenate([used, used]) & (rules >= 0)
    return AllInputs(task.s * task.kappa, level, float(margin.min()), float(rules[used_rules].min()))


class _Row(NamedTuple):
    """For each row its entry of largest magnitude: column, sign and magnitude; and the sum of all other magnitudes."""

    source: Any
    sign: Any
    weight: Floats
    rest: Floats

    @classmethod
    def of(cls, matrix: Floats) -> _Row:
        size, rows = np.abs(matrix), np.arange(len(matrix))
        source = size.argmax(axis=1)
        others = size.copy()
        others[rows, source] = 0
        return cls(source, np.sign(matrix[rows, source]).astype(np.int64), size[rows, source], sum_up(others, 1))


def _down(x: Any) -> Any:
    return np.nextafter(x, -np.inf)


def _sources(read: Any, source: Any) -> Any:
    """Which units are read, or are sources of such."""
    used = np.zeros(len(source), dtype=bool)
    new = np.unique(read)
    while len(new):
        used[new] = True
        new = np.unique(source[new])
        new = new[~used[new]]
    return used


def _does(task: Task, copy: _Row, write: _Row, read: _Row, copied: Any, held: Any, written: Any) -> bool:
    """Whether what is read is what the task asks for; symbols are ±1 … ±sκ, and 0 for what is not known."""
    symbols = 1 + np.arange(task.s * task.kappa).reshape(task.s, task.kappa)
    steps = task.s + len(copied) + symbols.size
    wanted = task.outputs(symbols[np.newaxis], steps)[0]
    state = np.zeros(len(copied), dtype=np.int64)
    for t in range(steps):
        moved = copy.sign * state[copy.source]
        if t < task.s:
            state = np.where(written, write.sign * symbols[t][write.source], np.where(held, moved, 0))
            continue
        state = np.where(copied, moved, 0)
        if not np.array_equal(read.sign * state[read.source], wanted[t]):
            return False
    return True
