"""Tubes around a float path of a tanh network: how far a run may be from it, step after step, rounding included.

Along states c_0, c_1, …, c_N that nearly obey c_{t+1} = f(c_t) = tanh(W c_t + d_{t+1}) the norms N_t(v) = ‖T_t v‖₂ are
adapted to the path, backwards from a given T_N:

    P_t = I + ρ⁻² Mᵀ M,   M = T_{t+1} J_t,   J_t = diag(1 − f(c_t)²) W,   P_t = T_tᵀ T_t by Cholesky.

What is proved of them needs no exact factors. With E ≥ ‖T_tᵀT_t − I − ρ⁻²MᵀM‖_F < 1 (multiplied out and compared,
LAPACK is not trusted): ‖Mv‖² ≤ ρ²(N_t(v)² − (1 − E)‖v‖²) ≤ ρ²N_t(v)², and ‖v‖ ≤ w N_t(v), w = 1/√(1 − E). So a step
contracts by ρ, but for rounding, and

    N_{t+1}(f(c_t + v) − c_{t+1}) ≤ α r + ½ β r² + e   for N_t(v) ≤ r,
    N_{t+1}(f(c_t + v) − f(c_t + v')) ≤ (α + β r) N_t(v − v'),

α = ρ + w F(‖W‖_F max|δ| + γ_{n+1}‖W‖_F), β = κ w² F ‖(‖W_i‖²)_i‖, e ≥ N_{t+1}(c_{t+1} − f(c_t)), F ≥ ‖T_{t+1}‖_F, δ the
error of the slopes, κ = 0.77 ≥ 4/(3√3) ≥ |tanh''|. On a loop T_0 = T_N, a solution of the periodic Lyapunov equation.

Main functions: `tube`, `margins`; `finitely` for a run of so many steps.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from emtheory.certificates.tanh import TANH_ERROR, tanh
from emtheory.certificates.target import Signs, Target
from emtheory.judges.floats.blas import require_sound_blas
from emtheory.judges.floats.rounding import TINY, UNIT, gamma, matmul_up, up
from emtheory.networks.elman import Network
from emtheory.system.array_types import Floats
from emtheory.system.files import MAX_BYTES

__all__ = ["Finite", "Tube", "UnprovedError", "finitely", "margins", "triangle", "tube"]

CURVATURE = 0.77  # above 4/(3√3) = 0.7698…, the largest |tanh''|
MEMORY = MAX_BYTES - 2**16  # bytes of a path, so that a certificate that was saved can be read again

SEEDS = 4  # random directions whose growth along the path suggests ρ; the search only


class UnprovedError(Exception):
    """Why a proof failed, in words for people."""


@dataclass(frozen=True, eq=False)
class Tube:
    """What is proved of the steps t → t+1, t = 0 … N−1, along a path; `metrics` are upper triangles, one a row.

    Attributes:
        centers: c_0 … c_{N−1}.
        metrics: T_0 … T_{N−1}, or nothing if they were not kept.
        stretch: w, for t = 0 … N−1.
        alpha, beta, defects: α, β, e.
    """

    centers: Floats
    metrics: Floats
    stretch: Floats
    alpha: Floats
    beta: Floats
    defects: Floats

    def radii(self, radius: float) -> list[float]:
        """r_0 = radius, …, r_N by r ↦ (α + ½βr) r + e; each operation is followed by `up`, or exact."""
        radii = [radius]
        for alpha, beta, defect in zip(*(x.tolist() for x in (self.alpha, self.beta, self.defects)), strict=True):
            r = radii[-1]
            radii.append(_up(_up(_up(alpha + _up(beta * (r / 2))) * r) + defect))
        return radii

    def contraction(self, radii: list[float]) -> float:
        """Π (α_t + β_t r_t) from above: two runs of the tube come closer by it, from N_0 to N_N."""
        product = 1.0
        for alpha, beta, r in zip(self.alpha.tolist(), self.beta.tolist(), radii, strict=False):
            product = _up(product * _up(alpha + _up(beta * r)))
        return product

    def rotated(self, shift: int) -> Tube:
        """The same loop, begun at its step `shift`."""
        return Tube(*(np.roll(part, -shift, axis=0) for part in self._parts()))

    def then(self, later: Tube) -> Tube:
        """This path, and the one that it leads to."""
        return Tube(*(np.concatenate(parts) for parts in zip(self._parts(), later._parts(), strict=True)))

    def _parts(self) -> tuple[Floats, ...]:
        return self.centers, self.metrics, self.stretch, self.alpha, self.beta, self.defects


class Finite(NamedTuple):
    """Proved right for s < t ≤ `right`; `wrong` is `right` + 1 if that step is proved wrong, else None."""

    right: int
    wrong: int | None


def finitely(network: Network, u: Floats, target: Target, states: Floats) -> Finite:
    """How long the run from u is proved right, and whether it is proved wrong at the step after that.

    Arguments:
        u: (s, κ).
        states: h(1) … h(N) of a float run; nothing is said beyond N.
    """
    path, rho = np.vstack([np.zeros((1, network.n)), states]), max(1.0, _growth(network, states))
    try:
        found = tube(network, u, path[:-1], path[-1], rho, np.eye(network.n), keep=False)
    except UnprovedError:
        return Finite(target.s, None)
    radii, stretch = np.array(found.radii(0.0)[1:]), np.append(found.stretch[1:], 1.0)
    signs = target.upto(len(states))
    right = (margins(network, states, stretch * radii, signs) > 0)[target.s :]
    if right.all():
        return Finite(len(states), None)
    step = target.s + int(right.argmin())
    refuted = bool(margins(network, states, stretch * radii, -signs, some=True)[step] > 0)
    return Finite(step, step + 1 if refuted else None)


def _growth(network: Network, states: Floats) -> float:
    """The growth a step of random small errors along the states."""
    slopes = 1 - np.square(states)
    errors = np.random.default_rng(0).normal(size=(network.n, SEEDS))
    total = 0.0
    with np.errstate(all="ignore"):
        for slope in slopes:
            errors = slope[:, np.newaxis] * (network.W_hh @ (errors / np.linalg.norm(errors)))
            total += float(np.log(np.linalg.norm(errors)))
        return float(np.exp(total / len(slopes))) if math.isfinite(total) else 0.0


def tube(
    network: Network,
    inputs: Floats,
    centers: Floats,
    end: Floats,
    rho: float,
    last: Floats,
    *,
    loop: bool = False,
    keep: bool = True,
) -> Tube:
    """The adapted norms and what is proved of each step.

    Arguments:
        inputs: u(1), u(2), … on the steps 0 → 1, 1 → 2, …, (·, κ); then 0.
        centers: c_0 … c_{N−1}, (N, n).
        end: c_N.
        rho: ρ.
        last: T_N, upper triangular.
        loop: T_0 = T_N, as the end is the begin.
        keep: keep T_0 … T_{N−1}.

    Raises:
        UnprovedError: a norm that float64 cannot hold, or more memory than `MEMORY`.
    """
    require_sound_blas()
    W, n, N = network.W_hh, network.n, len(centers)
    upper = np.triu_indices(n)
    if keep and N * (len(upper[0]) + n + 1) * W.itemsize > MEMORY:
        raise UnprovedError(f"the proof for a path of {N} steps and {n} units needs more than {MAX_BYTES // 2**20} MiB")
    images, missed = _images(network, inputs, centers)
    gaps, slopes = np.vstack([centers[1:], end]) - images, 1 - np.square(images)
    metrics = np.empty((N if keep else 0, len(upper[0])))
    sizes, steps = np.empty(N + 1), np.empty((3, N))
    later, scale = last, 1 / (rho * rho)
    sizes[N] = np.linalg.norm(last)
    for t in range(N - 1, -1, -1):
        moved = later @ (slopes[t][:, np.newaxis] * W)
        wanted = (moved.T @ moved) * scale
        wanted.flat[:: n + 1] += 1
        jump = later @ gaps[t]
        later = last if loop and t == 0 else _factor(wanted, t)
        sizes[t] = np.linalg.norm(later)
        steps[:, t] = [np.linalg.norm(x) for x in (moved, later.T @ later - wanted, jump)]
        if keep:
            metrics[t] = later[upper]
    return Tube(centers, metrics, *_bounded(network, sizes, steps, gaps, missed, rho))


def triangle(entries: Floats) -> Floats:
    """The upper triangular matrix with these entries, row after row.

    >>> triangle(np.array([1.0, 2.0, 3.0])).tolist()
    [[1.0, 2.0], [0.0, 3.0]]
    """
    n = math.isqrt(2 * len(entries))
    matrix = np.zeros((n, n))
    matrix[np.triu_indices(n)] = entries
    return matrix


def _factor(wanted: Floats, t: int) -> Floats:
    try:
        return np.ascontiguousarray(np.linalg.cholesky(wanted).T)
    except np.linalg.LinAlgError:
        raise UnprovedError(f"errors grow too much after step {t}") from None


def _images(network: Network, inputs: Floats, centers: Floats) -> tuple[Floats, Floats]:
    """f(c_0), … in floats, and bounds of their errors; the arguments of tanh are products of inner size n + κ + 1."""
    N, n = centers.shape
    bias = np.zeros(n) if network.bias is None else network.bias
    weights = np.hstack([network.W_hh, network.W_uh, bias[:, np.newaxis]]).T
    before = np.zeros((N, len(weights)))
    before[:, :n] = centers
    before[: len(inputs), n:-1] = inputs[:N]
    before[:, -1] = 1
    # the slope of tanh is at most 1
    blur = up(up(gamma(len(weights)) * matmul_up(np.abs(before), np.abs(weights))) + len(weights) * TINY)
    return tanh(before @ weights), up(TANH_ERROR + blur)


def _norms(rows: Floats) -> Floats:
    """The Euclidean norms of the rows from above; k squares, k − 1 sums and a root, and what underflows."""
    k = rows.shape[1]
    squares = np.einsum("ij,ij->i", rows, rows)
    return np.asarray(up(np.sqrt(up(squares * up(1 + gamma(k + 2)) + 2 * k * TINY)) * (1 + 4 * UNIT)))


def _bounded(
    network: Network, sizes: Floats, steps: Floats, gaps: Floats, missed: Floats, rho: float
) -> tuple[Floats, Floats, Floats, Floats]:
    """w, α, β, e from the float norms of T_t; of M, of T_tᵀT_t − fl(I + ρ⁻²MᵀM) and of T_{t+1}(c_{t+1} − f(c_t))."""
    n, W = network.n, network.W_hh
    grown = up(1 + gamma(n * n + 4))
    sizes, (products, residuals, jumps) = up(sizes * grown), up(steps * grown)
    squares = up(up(sizes[:-1] * sizes[:-1]) + up(up(products / rho) ** 2) + n)
    # two products of inner size n; less than 16 roundings elsewhere, each of a term that is counted in `squares`
    error = up(up(residuals * (1 + 4 * UNIT)) + up(up(2 * gamma(n) + 16 * UNIT) * squares))
    if not (error < 1).all():
        raise UnprovedError("the norms that are adapted to the path are too skew for float64")
    w = up(up(1 / np.sqrt(np.nextafter(1 - error, 0))) * (1 + 2 * UNIT))
    rows, later = _norms(W), sizes[1:]
    whole, quartic = float(_norms(rows[np.newaxis])[0]), float(_norms(up(rows * rows)[np.newaxis])[0])
    slope_errors = up(up(2 * missed.max(axis=1)) * (1 + 8 * UNIT) + 4 * UNIT)
    blur = up(whole * up(slope_errors + up(gamma(n + 2))))
    alpha = up(rho + up(up(later * w) * blur))
    beta = up(up(CURVATURE * up(later * up(w * w))) * quartic)
    # the gap was rounded once and multiplied with inner size n; γ_{n+2} covers both, n² TINY what underflows
    unseen = up(up(gamma(n + 2) * _norms(gaps)) + _norms(missed))
    return w, alpha, beta, up(up(jumps + up(later * unseen)) + n * n * TINY)


def _up(x: float) -> float:
    return math.nextafter(x, math.inf)


def margins(network: Network, centers: Floats, reach: Floats, signs: Signs, *, some: bool = False) -> Floats:
    """A lower bound of sign·y_i over the states h, ‖h − c‖ ≤ reach, for each center c: the least over i.

    Arguments:
        centers: (N, n).
        reach: (N,), of one rounding at most.
        signs: (N, κ); 0 asks nothing.
        some: the largest over i instead.
    """
    # y = R h + c as one product of inner size n + 1
    R = network.W_r
    offset = np.zeros(len(R)) if network.readout_bias is None else network.readout_bias
    read, points = np.hstack([R, offset[:, np.newaxis]]), np.hstack([centers, np.ones((len(centers), 1))])
    n = read.shape[1]
    blur = up(up(gamma(n) * matmul_up(np.abs(points), np.abs(read.T))) + n * TINY)
    away = up(up(reach)[:, np.newaxis] * _norms(R))
    sure = np.nextafter(signs * (points @ read.T) - up(blur + away), -np.inf)
    if some:
        return np.asarray(np.where(signs == 0, -np.inf, sure).max(axis=1))
    return np.asarray(np.where(signs == 0, np.inf, sure).min(axis=1))
