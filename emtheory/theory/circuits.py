"""The variable-binding circuit of a task: Φ_C, write and read operators, impulse response, simulation.

Φ_C (m × m, m = sκ) has identity blocks at (k, k+1) and [C_1 … C_s] as last block row: it shifts the stored variables
and composes a new one. In a basis Ξ with dual Ξ†: W = ΞΦ_CΞ†, U = Ψ_s = ΞE_s, R = Ψ*_s = E_sᵀΞ†.
The serially written circuit h(t) = Φ_C h(t−1) + E_s u(t), y(t) = E_sᵀh(t), is simulated densely and on a ring buffer.

References: Karuvally, DelMastro, Siegelmann, "Episodic Memory Theory of Recurrent Neural Networks" (2023);
Gohberg, Lancaster, Rodman, "Matrix Polynomials" (1982), for the block companion matrix.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import overload

import numpy as np

from emtheory.judges.exact import Matrix, eye, hstack, vstack, zeros
from emtheory.system.array_types import Array, Floats
from emtheory.theory.composition import checked_inputs, composed
from emtheory.theory.memories import MemoryBasis
from emtheory.theory.tasks import Task

__all__ = ["Circuit", "companion", "dense", "float_companion", "impulse", "ring_buffer", "selector"]


def companion(task: Task) -> Matrix:
    """Φ_C: identity blocks at (k, k+1), k < s, and [C_1 … C_s] as last block row (m × m, m = sκ).

    >>> companion(Task.compose_copy(2))
    matrix([[0, 0, 1, 0], [0, 0, 0, 1], [1, 0, 0, 0], [0, 0, 0, 1]])
    """
    s, kappa = task.s, task.kappa
    last = hstack(task.blocks)
    if s == 1:
        return last
    shift = hstack([zeros((s - 1) * kappa, kappa), eye((s - 1) * kappa)])
    return vstack([shift, last])


def float_companion(task: Task) -> Floats:
    """Φ_C as a float array, each entry correctly rounded; where m is large, a thousand times as fast as the exact one.

    >>> float_companion(Task.compose_copy(1)).tolist()
    [[1.0]]
    """
    Phi = np.eye(task.s * task.kappa, k=task.kappa)
    Phi[-task.kappa :] = np.hstack(list(task.array()))
    return Phi


def selector(s: int, kappa: int, k: int) -> Matrix:
    """E_k: the block column that selects variable k (sκ × κ), k = 1..s.

    Raises:
        ValueError: k is not one of 1..s.
    """
    if not 1 <= k <= s:
        raise ValueError(f"the variable index must be 1..s={s}, but is {k}")
    return vstack([zeros((k - 1) * kappa, kappa), eye(kappa), zeros((s - k) * kappa, kappa)])


def impulse(task: Task, t: int) -> Matrix:
    """The impulse response G_t = E_sᵀΦ_CᵗE_s (κ × κ), G_0 = I.

    >>> [impulse(Task.compose_copy(2), t) for t in (1, 2)]
    [matrix([[0, 0], [0, 1]]), matrix([[1, 0], [0, 1]])]

    Raises:
        ValueError: t < 0.
    """
    if t < 0:
        raise ValueError(f"the impulse response is defined for t >= 0, but t is {t}")
    nonzero = [(k, block) for k, block in enumerate(task.blocks) if not block.is_zero()]
    column = [zeros(task.kappa, task.kappa)] * (task.s - 1) + [eye(task.kappa)]  # the blocks of Φ_CᵗE_s
    for _ in range(t):
        composition = sum((block @ column[k] for k, block in nonzero), zeros(task.kappa, task.kappa))
        column = [*column[1:], composition]
    return column[-1]


@dataclass(frozen=True)
class Circuit:
    """The circuit of a task in a memory basis: h(t) = W h(t−1) + U u(t), y(t) = R h(t), h(0) = 0.

    Raises:
        ValueError: the basis does not hold m = sκ memories.
    """

    task: Task
    basis: MemoryBasis

    def __post_init__(self) -> None:
        m = self.task.s * self.task.kappa
        if self.basis.m != m:
            raise ValueError(f"the circuit of this task needs m = s·k = {m} memories, but the basis has {self.basis.m}")

    @cached_property
    def Phi(self) -> Matrix:
        """Φ_C (m × m)."""
        return companion(self.task)

    @cached_property
    def W(self) -> Matrix:
        """ΞΦ_CΞ† (n × n)."""
        return self.basis.xi @ self.Phi @ self.basis.dual

    @property
    def U(self) -> Matrix:
        """The write operator Ψ_s (n × κ)."""
        return self.Psi(self.task.s)

    @property
    def R(self) -> Matrix:
        """The read operator Ψ*_s (κ × n)."""
        return self.dual(self.task.s)

    def Psi(self, k: int) -> Matrix:
        """The memory of variable k, ΞE_k (n × κ), k = 1..s."""
        return self.basis.xi @ selector(self.task.s, self.task.kappa, k)

    def dual(self, k: int) -> Matrix:
        """The dual of variable k, E_kᵀΞ† (κ × n), k = 1..s."""
        return selector(self.task.s, self.task.kappa, k).T @ self.basis.dual


@overload
def ring_buffer(task: Task, u: Matrix, T: int) -> Matrix: ...
@overload
def ring_buffer(task: Task, u: Array, T: int) -> Array: ...
def ring_buffer(task: Task, u: Matrix | Array, T: int) -> Matrix | Array:
    """y(1..T) of the serially written circuit, in O(κ) operations a step for signed selections.

    y(t) = Σ_k C_k y(t−s−1+k) + u(t), y(t) = 0 for t ≤ 0 and u(t) = 0 for t > s. Exact on exact matrices, and on
    integer arrays where C is a selection.

    Arguments:
        u: exact κ × s inputs, or an array (batch, s, κ).
        T: number of time steps, T ≥ 1.

    Returns:
        κ × T, or (batch, T, κ).

    Raises:
        ValueError: shapes that do not fit, non-finite inputs, T < 1.

    >>> from emtheory.judges.exact import matrix
    >>> ring_buffer(Task.compose_copy(2), matrix([[1, 1], [1, 1]]), 4)
    matrix([[1, 1, 1, 1], [1, 2, 2, 2]])
    """
    return composed(task.composition, u, T, s=task.s, serial=True)


def dense(task: Task, u: Array, T: int) -> Array:
    """The same y(1..T) by h(t) = Φ_C h(t−1) + E_s u(t) with a dense float Φ_C: O((sκ)²) a step.

    Arguments:
        u: an array (batch, s, κ).
        T: number of time steps, T ≥ 1.

    Returns:
        (batch, T, κ).

    Raises:
        ValueError: shapes that do not fit, non-finite inputs, T < 1.
    """
    if T < 1:
        raise ValueError(f"the number of time steps T must be at least 1, but is {T}")
    s, kappa = task.s, task.kappa
    m, Phi = s * kappa, float_companion(task)
    u = checked_inputs(u, s, kappa)
    h = np.zeros((len(u), m))
    y = np.empty((len(u), T, kappa))
    for t in range(T):
        h = h @ Phi.T
        if t < s:
            h[:, m - kappa :] += u[:, t]
        y[:, t] = h[:, m - kappa :]
    return y
