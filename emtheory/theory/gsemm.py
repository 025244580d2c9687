"""The general sequential episodic memory model: potentials L with activations σ = ∇L, and the energy of its reduction.

`POTENTIALS` are piecewise quadratic, so that they are exact on rationals; tanh, the gradient of Σ log cosh, is
enclosed in balls. Energy of the potential form x' = (1-a) x + a (S σ(x) + c): E = xᵀσ - L - ½ σᵀS σ - cᵀσ.

References: Karuvally, Sejnowski, Siegelmann, "General Sequential Episodic Memory Model", ICML 2023, PMLR 202.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import MappingProxyType
from typing import Any

from flint import arb, arb_series, fmpq

from emtheory.judges.exact import Matrix, rational

__all__ = ["POTENTIALS", "tanh_energy", "tanh_energy_rate", "tanh_remainder", "tanh_slope"]

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


def following_energy(xi: Matrix, phi: Matrix, x: Matrix) -> fmpq:
    """E at V_f = V_d = x with V_h at its equilibrium Ξᵀx + ΦᵀΞᵀx, σ = id, all constants 1.

    >>> from emtheory.judges.exact import matrix
    >>> xi, phi = matrix([[1, 0], [0, 2]]), matrix([[-1, "1/2"], ["1/2", -1]])
    >>> [following_energy(xi, phi, x) for x in (matrix([[0], [1]]), matrix([[1], [0]]))]
    [0, 3/8]
    """
    hidden = xi.T @ x + phi.T @ xi.T @ x
    energy = (x.T @ x + hidden.T @ hidden) / 2 - x.T @ xi @ hidden - x.T @ xi @ phi @ hidden
    value: fmpq = energy[0, 0]
    return value


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


def tanh_slope(x: fmpq) -> arb:
    """tanh'(x) = 1 − tanh²(x), enclosed at the precision in force."""
    slope: arb = 1 - arb(x).tanh() ** 2
    return slope


def tanh_remainder(z: fmpq, w: fmpq, *, at_state: bool = False) -> arb:
    """|tanh(z + w) − tanh(z) − D w| with D = tanh'(z), enclosed; D = tanh'(tanh(z)), if `at_state`."""
    here = arb(z).tanh()
    slope = 1 - (here.tanh() if at_state else here) ** 2
    remainder: arb = abs(arb(z + w).tanh() - here - slope * arb(w))
    return remainder


def tanh_energy_rate(xi: Matrix, phi: Matrix, states: Sequence[Matrix], constants: Sequence[Any]) -> arb:
    """dE/dt of the continuous model with tanh on both layers and V_d frozen, by Taylor arithmetic, enclosed.

    Arguments:
        xi, phi: n × m and m × m, exact.
        states: V_f (n × 1), V_h (m × 1), V_d (n × 1), exact.
        constants: T_f, T_h, √α_s, α_c.
    """
    t_f, t_h, root, coupling = (arb(rational(value)) for value in constants)
    at_f, at_h, at_d = ([arb(row[0]) for row in state] for state in states)
    memories, stored = _balls(xi), _balls(xi @ phi)
    y_f, y_h = [v.tanh() for v in at_f], [v.tanh() for v in at_h]
    pull = [_dot(list(column), at_d) for column in zip(*stored, strict=True)]
    up = [_dot(list(column), y_f) for column in zip(*memories, strict=True)]
    moved_f = [(root * _dot(row, y_h) - v) / t_f for row, v in zip(memories, at_f, strict=True)]
    moved_h = [(root * u + coupling * p - v) / t_h for u, p, v in zip(up, pull, at_h, strict=True)]
    path_f = [arb_series([v, w], prec=2) for v, w in zip(at_f, moved_f, strict=True)]
    path_h = [arb_series([v, w], prec=2) for v, w in zip(at_h, moved_h, strict=True)]
    s_f, s_h = [_tanh(p) for p in path_f], [_tanh(p) for p in path_h]
    energy = _dot(path_f, s_f) + _dot(path_h, s_h) - sum((_log_cosh(p) for p in (*path_f, *path_h)), arb(0))
    energy -= root * _dot(s_f, [_dot(row, s_h) for row in memories]) + coupling * _dot(pull, s_h)
    rate: arb = energy[1]
    return rate


def _balls(a: Matrix) -> list[list[arb]]:
    return [[arb(x) for x in row] for row in a]


def _tanh(p: Any) -> Any:
    square = (2 * p).exp()
    return (square - 1) / (square + 1)


def _log_cosh(p: Any) -> Any:
    return ((p.exp() + (-p).exp()) / 2).log()


def _dot(a: Sequence[Any], b: Sequence[Any]) -> Any:
    return sum((x * y for x, y in zip(a, b, strict=True)), arb(0))
