"""The gated circuit: one multiplicative gate that opens when all inputs are written, and solves every task.

h(t) = (N + g(t) Ψ_s[C_1 … C_s]Ξ†) h(t−1) + Ψ_s u(t), N = Σ_{k<s} Ψ_kΨ*_{k+1}, g(t) = 0 for t ≤ s and 1 for t > s: while
inputs are written nothing is composed, so they do not interfere.
"""

from __future__ import annotations

from emtheory.judges.exact import Matrix, zeros
from emtheory.theory.circuits import Circuit, selector

__all__ = ["gated_operators", "gated_states"]


def gated_operators(circuit: Circuit) -> tuple[Matrix, Matrix]:
    """(N, Ψ_s[C_1 … C_s]Ξ†), n × n each: what shifts, and what composes; their sum is W."""
    task, basis = circuit.task, circuit.basis
    last = selector(task.s, task.kappa, task.s)
    composition = basis.xi @ last @ (last.T @ circuit.Phi) @ basis.dual
    return circuit.W - composition, composition


def gated_states(
    circuit: Circuit, inputs: Matrix, start: Matrix, T: int, *, open_while_writing: bool = False
) -> list[Matrix]:
    """h(0), …, h(T), n × 1 each.

    Arguments:
        inputs: u(1), …, u(s) as the columns of κ × s.
        start: h(0), n × 1.
        open_while_writing: g = 1 from the start, the mistake that interferes.

    >>> from emtheory.judges.exact import eye, matrix
    >>> from emtheory.theory.memories import MemoryBasis
    >>> from emtheory.theory.tasks import Task
    >>> circuit = Circuit(Task.from_blocks([matrix([[0]]), matrix([[1]])]), MemoryBasis(eye(2), eye(2)))
    >>> gated_states(circuit, matrix([[3, 4]]), zeros(2, 1), 3)[-1]
    matrix([[4], [4]])
    """
    shift, composition = gated_operators(circuit)
    states = [start]
    for time in range(1, T + 1):
        w = shift + composition if time > circuit.task.s or open_while_writing else shift
        written = circuit.U @ inputs[:, time - 1 : time] if time <= circuit.task.s else zeros(len(start), 1)
        states.append(w @ states[-1] + written)
    return states
