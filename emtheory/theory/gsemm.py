"""The general sequential episodic memory model: potentials L with activations σ = ∇L, and the energy of its reduction.

`POTENTIALS` are piecewise quadratic, so that they are exact on rationals; tanh, the gradient of Σ log cosh, is
enclosed in balls. Energy of the potential form x' = (1-a) x + a (S σ(x) + c): E = xᵀσ - L - ½ σᵀS σ - cᵀσ.

References: Karuvally, Sejnowski, Siegelmann, "General Sequential Episodic Memory Model", ICML 2023, PMLR 202.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import Any

from flint import arb, fmpq

from emtheory.judges.exact import Matrix, rational

__all__ = ["POTENTIALS", "tanh_energy"]

Scalar = Callable[[fmpq], fmpq]
HALF = rational(1) / 2


def _clipped(x: fmpq) -> fmpq:
    return max(min(x, rational(1)), rational(-1))


def _huber(x: fmpq) -> fmpq:
    return x * x / 2 if abs(x) <= 1 else abs(x) - HALF


def _sign(x: fmpq) -> fmpq:
    return rational((x > 0) - (x < 0))


# name → (L, σ), σ a selection of the subgradients of L; all convex but the last
POTENTIALS = MappingProxyType[str, tuple[Scalar, Scalar]](
    {
        "identity": (lambda x: x * x / 2, lambda x: x),
        "relu": (lambda x: max(x, rational(0)) ** 2 / 2, lambda x: max(x, rational(0))),
        "sign": (abs, _sign),
        "clip": (_huber, _clipped),
        "concave": (lambda x: -x * x / 2, lambda x: -x),
    }
)


def tanh_energy(s: Matrix, c: Matrix, x: Matrix, rate: fmpq, *, steps: int) -> arb:
    """E after `steps` steps from x with σ = tanh, enclosed at the precision in force.

    Arguments:
        s, c, x: weights n × n, bias and state n × 1, exact.
        rate: a, 0 < a ≤ 1.
    """
    size = range(len(x))
    state = [arb(x[i, 0]) for i in size]
    for _ in range(steps):
        y = [value.tanh() for value in state]
        field = [_dot([arb(s[i, j]) for j in size], y) + arb(c[i, 0]) for i in size]
        state = [arb(1 - rate) * state[i] + arb(rate) * field[i] for i in size]
    y = [value.tanh() for value in state]
    stored = [_dot([arb(s[i, j]) for j in size], y) for i in size]
    potential: Any = sum((value.cosh().log() for value in state), arb(0))
    energy: arb = _dot(state, y) - potential - _dot(y, stored) / 2 - _dot([arb(c[i, 0]) for i in size], y)
    return energy


def _dot(a: list[arb], b: list[arb]) -> arb:
    total: arb = sum((x * y for x, y in zip(a, b, strict=True)), arb(0))
    return total
