"""For how long the linear model tells what a tanh network does: shadowing bounds.

Both start at the same state and get the same inputs and bias; l is the linear run, h that of tanh. Component by
component |h(T) − l(T)| ≤ e(T), e(T) = |W| e(T−1) + |l(T)|³/3, e(0) = 0 (theorem `shadowing`): exactly for one run of
rational numbers, and with rounding upwards for all runs of a float network with small inputs.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from flint import fmpq

from emtheory.judges.exact import Matrix, rational, zeros
from emtheory.judges.floats import chain
from emtheory.judges.floats.rounding import matmul_up, sum_up, up
from emtheory.networks.elman import Network
from emtheory.system.array_types import Floats
from emtheory.system.limits import must_fit
from emtheory.system.threads import one_blas_thread

__all__ = ["amplitudes", "shadowing_bounds", "shadowing_norm"]


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


@one_blas_thread()
def amplitudes(network: Network, s: int, steps: int, within: float) -> Floats:
    """For T = 1 … `steps` the largest a such that |h(t) − l(t)|_∞ ≤ `within`·a for all t ≤ T and all |u| ≤ a.

    With λ(t) = Σ_{τ≤min(s,t)} |W^{t−τ}U|1 every linear run from 0 has |l(t)| ≤ aλ(t), so |h − l| ≤ a³e(t) with
    e(t) = |W|e(t−1) + λ(t)³/3: a = (within / max_{t≤T} ‖e(t)‖_∞)^{1/2}. All roundings make a smaller.

    Arguments:
        network: tanh, no bias, no leak.
        s: the length of the input phase.
        steps: the largest T.
        within: the error that is allowed, as a share of the amplitude.

    Raises:
        ValueError: another kind of network, s < 1, steps < 1 or too many for memory, within ≤ 0.

    >>> network = Network([[0.0]], [[1.0]], [[1.0]])
    >>> [round(float(a), 6) for a in amplitudes(network, 1, 2, within=0.03)]  # a²/3 ≤ 0.03
    [0.3, 0.3]
    """
    if network.activation != "tanh" or network.bias is not None or network.leak != 1:
        raise ValueError("shadowing is for tanh networks without bias and leak, whose linear model starts at 0 too")
    if s < 1 or steps < 1 or not within > 0:
        raise ValueError(f"s, the steps and the share must be positive, but are {s}, {steps} and {within}")
    needed = 16 * network.n * (steps + 2 * min(s, steps))  # λ's terms, those of one window, and what is found
    must_fit(needed, f"an error bound over {steps:,} steps of {network.n} units", "give fewer steps")
    size, reach = np.abs(network.W_hh), chain(network.W_uh)
    lam, error, worst, found = np.zeros(network.n), np.zeros(network.n), 0.0, []
    history: list[Floats] = []
    for t in range(steps):
        history.append(sum_up(up(np.abs(reach.value) + reach.bound), axis=1))
        lam = sum_up(np.stack(history[max(0, t + 1 - s) :]), axis=0)
        cubes = up(up(up(up(lam * lam) * lam) / 3))
        error = up(matmul_up(size, error[:, np.newaxis])[:, 0] + cubes)
        worst = max(worst, float(error.max()))
        found.append(np.nextafter(np.sqrt(np.nextafter(within / worst, 0)), 0) if worst else np.inf)
        reach = chain(network.W_hh, reach)
    return np.array(found)
