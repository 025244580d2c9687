"""For how long the linear model tells what a tanh network does: shadowing bounds, exact.

Both start at the same state and get the same inputs and bias; l is the linear run, h that of tanh. Component by
component |h(T) − l(T)| ≤ e(T), e(T) = |W| e(T−1) + |l(T)|³/3, e(0) = 0.
"""

from __future__ import annotations

from collections.abc import Iterator

from flint import fmpq

from emtheory.judges.exact import Matrix, rational, zeros

__all__ = ["shadowing_bounds", "shadowing_norm"]


def shadowing_bounds(weights: Matrix, linear: Matrix) -> Iterator[Matrix]:
    """e(1), …, e(T), n × 1 each: how far tanh can be from the linear run, component by component.

    Arguments:
        weights: W, n × n.
        linear: l(1), …, l(T), n × T.

    >>> from emtheory.judges.exact import matrix
    >>> list(shadowing_bounds(matrix([[1]]), matrix([["1/2", "1/2"]])))
    [matrix([["1/24"]]), matrix([["1/12"]])]
    """
    size, bound = weights.map(abs), zeros(len(weights), 1)
    for t in range(linear.shape[1]):
        bound = size @ bound + linear[:, t : t + 1].map(_third_of_cube)
        yield bound


def _third_of_cube(value: fmpq) -> fmpq:
    return abs(value) ** 3 / 3


def shadowing_norm(weights: Matrix, linear: Matrix) -> fmpq:
    """(1/3) Σ_{t≤T} ‖W‖^{T−t} ‖l(t)‖³ in the maximum norm, a bound of ‖h(T) − l(T)‖."""
    norm, total = weights.norm_inf(), rational(0)
    for t in range(linear.shape[1]):
        total = norm * total + linear[:, t : t + 1].map(_third_of_cube).norm_inf()
    return total
