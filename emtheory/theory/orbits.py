"""Proofs that a tanh network keeps a pattern for ever, or for so many steps: a tube around a float path.

Along states c_0 = 0, c_1, …, c_N that nearly obey c_{t+1} = f(c_t) = tanh(W c_t + d_{t+1}) the norms N_t(v) = ‖T_t v‖₂
are adapted to the path, backwards from T_N = I:

    P_t = I + ρ⁻² Mᵀ M,   M = T_{t+1} J_t,   J_t = diag(1 − c_{t+1}²) W,   P_t = T_tᵀ T_t by Cholesky.

What is proved of them needs no exact factors. With E ≥ ‖T_tᵀT_t − I − ρ⁻²MᵀM‖_F ≤ 1 (multiplied out and compared,
LAPACK is not trusted): ‖Mv‖² ≤ ρ²(N_t(v)² − (1 − E)‖v‖²) ≤ ρ²N_t(v)², and ‖v‖ ≤ w N_t(v), w = 1/√(1 − E). So a step
contracts by ρ, but for rounding, and

    N_{t+1}(f(c_t + v) − c_{t+1}) ≤ α r + ½ β r² + e   for N_t(v) ≤ r,
    N_{t+1}(f(c_t + v) − f(c_t + v')) ≤ (α + β r) N_t(v − v'),

α = ρ + w F(‖W‖_F max|δ| + γ_{n+1}‖W‖_F), β = κ w² F ‖(‖W_i‖²)_i‖, e = F‖c_{t+1} − f(c_t)‖, F ≥ ‖T_{t+1}‖_F, δ the error
of the slopes, κ = 0.77 ≥ 4/(3√3) ≥ |tanh''|.

Main functions: `forever(…)` for an orbit that attracts, `finitely(…)` for so many steps.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from emtheory.judges.floats.blas import require_sound_blas
from emtheory.judges.floats.rounding import TINY, UNIT, gamma, matmul_up, up
from emtheory.theory.certificates import Certificate, fingerprint
from emtheory.theory.networks import Floats, Network
from emtheory.theory.tanh_bounds import TANH_ERROR, tanh
from emtheory.theory.targets import Signs, Target

__all__ = ["Finite", "Orbit", "UnprovedError", "finitely", "forever", "refuse"]

CURVATURE = 0.77  # above 4/(3√3) = 0.7698…, the largest |tanh''|

# The search only: what is tried, and for how long. Nothing here decides what is proved.
SEEDS = 4  # random directions whose growth along the path suggests ρ
LONG = 256  # steps over which growth is measured at least
SMALLEST = 0.125  # ρ
LARGE = 64.0  # a guess of ‖T_K‖/√n, which tells how often a short orbit is followed
ROOM = 2.0  # radii that are tried exceed what was needed in the round before by this factor
TRIES = 8
MEMORY = 2**31  # bytes of metrics


class Orbit(NamedTuple):
    """A proof of "forever": its data, and a lower bound of |y_i(t)| over all outputs that count."""

    certificate: Certificate
    margin: float


class Finite(NamedTuple):
    """Proved right for s < t ≤ `right`; `wrong` is `right` + 1 if that step is proved wrong, else None."""

    right: int
    wrong: int | None


class UnprovedError(Exception):
    """Why a proof failed, in words for people."""


def refuse(network: Network) -> None:
    """ValueError unless it is a tanh network without leak."""
    if network.activation != "tanh" or network.leak != 1:
        raise ValueError(
            f"certificates are for tanh networks without leak, but the activation is {network.activation} and the "
            f"leak {network.leak}; 'emtheory fixed-points' reads others"
        )


def forever(network: Network, task: str, u: Floats, target: Target, states: Floats, entry: int, period: int) -> Orbit:
    """The proof that the run from u comes to an attracting orbit of this period, with all signs right, for all t > s.

    The radii of the loop map into themselves, so the run stays; one round contracts, so by Banach there is one fixed
    point of f^L in the ball around c_K, which attracts it. L = m·period: if m > 1, f^{(m−1)·period} takes this point
    into the same ball, hence (as a fixed point of f^L) to itself, so it has the period.

    Arguments:
        task: its name.
        u: (s, κ).
        states: h(1) … h(entry + period − 1) of a float run, or more, (·, n).
        entry: K > s; near h(K) the orbit begins.
        period: a multiple of the target's.

    Raises:
        UnprovedError: what could not be shown.
    """
    assert target.start is not None
    assert target.period is not None
    assert period % target.period == 0
    assert entry >= max(target.start, target.s + 1)  # so that every step t > s is one of t ≤ K + L − 1, or repeats one
    loop = states[entry - 1 : entry - 1 + period]
    growth = _growth(network, loop, max(period, LONG))
    if not growth < 1:
        raise UnprovedError(f"the orbit of period {period} does not attract: errors grow by {growth:.4g} a step")
    rho, size = max(math.sqrt(growth), SMALLEST), LARGE * math.sqrt(network.n)
    for _ in range(2):
        rounds = max(1, math.ceil(-math.log(2 * size) / math.log(rho) / period))
        around = np.vstack([states[: entry - 1], *[loop] * rounds, loop[:1]])
        tube = _tube(_path(network, u, around), rho)
        size = float(tube.sizes[entry])
        if size * rho ** (rounds * period) < 1:
            break
    radii = _closed(tube, entry, period, rounds)
    margin = _margins(tube, radii, target.upto(len(radii)))[target.s : -1].min()
    if not margin > 0:
        raise UnprovedError(f"an output comes too near to 0 on the orbit: its margin is {margin:.2g}")
    certificate = Certificate(
        holds="forever",
        network=fingerprint(network),
        task=task,
        input=np.asarray(u, dtype=np.float64),
        steps=entry,
        period=period,
        rounds=rounds,
        rho=rho,
        centers=around[:-1],
        metrics=tube.metrics,
        radii=radii,
    )
    return Orbit(certificate, float(margin))


def finitely(network: Network, u: Floats, target: Target, states: Floats) -> Finite:
    """How long the run from u is proved right, and whether it is proved wrong at the step after that.

    Arguments:
        u: (s, κ).
        states: h(1) … h(N) of a float run; nothing is said beyond N.
    """
    try:
        tube = _tube(_path(network, u, states), max(1.0, _growth(network, states, len(states))), keep=False)
    except UnprovedError:
        return Finite(target.s, None)
    radii = np.array(_radii(tube, tube.first, 1, len(states)))
    signs = target.upto(len(states))
    right = (_margins(tube, radii, signs) > 0)[target.s :]
    if right.all():
        return Finite(len(states), None)
    step = target.s + int(right.argmin())
    refuted = bool(_margins(tube, radii, -signs, some=True)[step] > 0)
    return Finite(step, step + 1 if refuted else None)


def _growth(network: Network, states: Floats, steps: int) -> float:
    """The growth a step of random small errors along the states, which are repeated if they are too few."""
    slopes = 1 - np.square(states)
    errors = np.random.default_rng(0).normal(size=(network.n, SEEDS))
    total = 0.0
    with np.errstate(all="ignore"):
        for t in range(steps):
            errors = slopes[t % len(slopes)][:, np.newaxis] * (network.W_hh @ (errors / np.linalg.norm(errors)))
            total += float(np.log(np.linalg.norm(errors)))
        return float(np.exp(total / steps)) if math.isfinite(total) else 0.0


@dataclass(frozen=True, eq=False)
class _Path:
    """c_0 = 0, c_1, …, c_N and bounds of max|δ| and ‖c_{t+1} − f(c_t)‖ for each step."""

    network: Network
    centers: Floats
    slope_errors: Floats
    defects: Floats


@dataclass(frozen=True, eq=False)
class _Tube:
    """F and w for t = 1 … N at their index t; α, β, e of the steps 1 → 2 … at index 1 …; for 0 → 1 the radius r_1."""

    path: _Path
    metrics: Floats
    sizes: Floats
    stretch: Floats
    first: float
    alpha: Floats
    beta: Floats
    defects: Floats


def _path(network: Network, u: Floats, states: Floats) -> _Path:
    """The path through c_1 … c_N, (N, n); the arguments of tanh are products of inner size n + κ + 1."""
    N, n = states.shape
    bias = np.zeros(n) if network.bias is None else network.bias
    weights = np.hstack([network.W_hh, network.W_uh, bias[:, np.newaxis]]).T
    before = np.zeros((N, len(weights)))
    before[1:, :n] = states[:-1]
    before[: len(u), n:-1] = u[:N]
    before[:, -1] = 1
    blur = up(up(gamma(len(weights)) * matmul_up(np.abs(before), np.abs(weights))) + len(weights) * TINY)
    # the slope of tanh is at most 1; the factor is for the roundings of this line
    missed = up((np.abs(states - tanh(before @ weights)) + TANH_ERROR + blur) * (1 + 4 * UNIT))
    return _Path(network, states, up(2 * missed.max(axis=1) + 4 * UNIT), _norms(missed))


def _norms(rows: Floats) -> Floats:
    """The Euclidean norms of the rows from above; k squares, k − 1 sums and a root, and what underflows."""
    k = rows.shape[1]
    squares = np.einsum("ij,ij->i", rows, rows)
    return np.asarray(up(np.sqrt(up(squares * up(1 + gamma(k + 2)) + 2 * k * TINY)) * (1 + 4 * UNIT)))


def _tube(path: _Path, rho: float, *, keep: bool = True) -> _Tube:
    """The adapted norms and what is proved of each step; `metrics` are upper triangles, or nothing unless `keep`."""
    require_sound_blas()
    W, slopes, n, N = path.network.W_hh, 1 - np.square(path.centers), path.network.n, len(path.centers)
    upper = np.triu_indices(n)
    if keep and N * len(upper[0]) * W.itemsize > MEMORY:
        raise UnprovedError(f"a path of {N} steps for {n} units needs more than {MEMORY // 2**30} GiB")
    metrics = np.empty((N - 1, len(upper[0]))) if keep else np.empty((0, len(upper[0])))
    measured = np.zeros((3, N + 1))
    later, scale = np.eye(n), 1 / (rho * rho)
    measured[0, N] = math.sqrt(n)
    for t in range(N - 1, 0, -1):
        moved = later @ (slopes[t][:, np.newaxis] * W)
        wanted = (moved.T @ moved) * scale
        wanted.flat[:: n + 1] += 1
        try:
            later = np.ascontiguousarray(np.linalg.cholesky(wanted).T)
        except np.linalg.LinAlgError:
            raise UnprovedError(f"errors grow too much before step {t}") from None
        measured[:, t] = [np.linalg.norm(x) for x in (later, moved, later.T @ later - wanted)]
        if keep:
            metrics[t - 1] = later[upper]
    return _bounded(path, metrics, measured, rho)


def _bounded(path: _Path, metrics: Floats, measured: Floats, rho: float) -> _Tube:
    """F, w, α, β, e from the float norms of T_t, M and T_tᵀT_t − fl(I + ρ⁻²MᵀM)."""
    n, W = path.network.n, path.network.W_hh
    sizes, products, residuals = up(measured * up(1 + gamma(n * n + 4)))
    squares = up(up(sizes * sizes) + up(up(products / rho) ** 2) + n)
    # two products of inner size n; less than 16 roundings elsewhere, each of a term that is counted in `squares`
    error = up(up(residuals * (1 + 4 * UNIT)) + up(up(2 * gamma(n) + 16 * UNIT) * squares))
    error[[0, -1]] = 0  # T_0 is not used and T_N = I
    if not (error < 1).all():
        raise UnprovedError("the norms that are adapted to the path are too skew for float64")
    stretch = up(up(1 / np.sqrt(np.nextafter(1 - error, 0))) * (1 + 2 * UNIT))
    rows = _norms(W)
    whole, quartic = float(_norms(rows[np.newaxis])[0]), float(_norms(up(rows * rows)[np.newaxis])[0])
    later, w = sizes[1:], stretch[:-1]
    blur = up(whole * up(path.slope_errors + up(gamma(n + 2))))
    return _Tube(
        path,
        metrics,
        sizes,
        stretch,
        first=float(up(later[0] * path.defects[0])),
        alpha=up(rho + up(up(later * w) * blur)),
        beta=up(up(CURVATURE * up(later * up(w * w))) * quartic),
        defects=up(later * path.defects),
    )


def _radii(tube: _Tube, radius: float, start: int, end: int) -> list[float]:
    """r_start = radius, …, r_end by r ↦ (α + ½βr) r + e; each operation is followed by `up`, or exact."""
    radii = [radius]
    for alpha, beta, defect in zip(
        *(x[start:end].tolist() for x in (tube.alpha, tube.beta, tube.defects)), strict=True
    ):
        r = radii[-1]
        radii.append(_up(_up(_up(alpha + _up(beta * (r / 2))) * r) + defect))
    return radii


def _up(x: float) -> float:
    return math.nextafter(x, math.inf)


def _closed(tube: _Tube, entry: int, period: int, rounds: int) -> Floats:
    """r_1 … r_{K+L}: the run enters the loop, whose radii come back into themselves, and one round contracts."""
    arriving = _radii(tube, tube.first, 1, entry)
    end, size, need = entry + rounds * period, float(tube.sizes[entry]), arriving[-1]
    for _ in range(TRIES):
        radius = ROOM * need
        around = _radii(tube, radius, entry, end)
        back = _up(size * around[-1])
        if rounds > 1:
            last = end - period
            back = max(back, _up(_up(size * float(tube.stretch[last])) * around[last - entry]))
        if back <= radius < math.inf:
            break
        need = max(need, back)
    else:
        raise UnprovedError(f"the tube around the orbit of period {period} does not close: {back:.2g} > {radius:.2g}")
    contraction = size
    for t, r in zip(range(entry, end), around[:-1], strict=True):
        contraction = _up(contraction * _up(float(tube.alpha[t]) + _up(float(tube.beta[t]) * r)))
    if not contraction < 1:
        raise UnprovedError(f"a round of the orbit of period {period} is not proved to contract: {contraction:.3g}")
    return np.array(arriving[:-1] + around)


def _margins(tube: _Tube, radii: Floats, signs: Signs, *, some: bool = False) -> Floats:
    """For t = 1 … N a lower bound of sign·y_i(t) over the tube, the least (or, for `some`, the largest) over i."""
    # y = R h + c as one product of inner size n + 1
    R, centers = tube.path.network.W_r, tube.path.centers
    offset = np.zeros(len(R)) if tube.path.network.readout_bias is None else tube.path.network.readout_bias
    read, points = np.hstack([R, offset[:, np.newaxis]]), np.hstack([centers, np.ones((len(centers), 1))])
    n = read.shape[1]
    blur = up(up(gamma(n) * matmul_up(np.abs(points), np.abs(read.T))) + n * TINY)
    reach = up(up(tube.stretch[1:] * radii)[:, np.newaxis] * _norms(R))
    sure = np.nextafter(signs * (points @ read.T) - up(blur + reach), -np.inf)
    if some:
        return np.asarray(np.where(signs == 0, -np.inf, sure).max(axis=1))
    return np.asarray(np.where(signs == 0, np.inf, sure).min(axis=1))
