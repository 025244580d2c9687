"""An independent check of certificates: Arb balls alone, and no code of what found them.

A certificate of "until" is only a step: the network is run to it in balls, and every sign before it has to be right.

A certificate of "forever" is a tube B_t = {h : N_t(h − c_t) ≤ r_t}, N_t(v) = ‖T_t v‖, t = 0 … K + p, around a path that
starts at c_0 = 0, r_0 = 0 and ends in a loop: c_{K+p} = c_K, T_{K+p} = T_K. With f(h) = tanh(W h + U u(t+1) + b),
y(h) = R h + c, M = T_{t+1} diag(1 − f(c_t)²) W and ρ_t = ρ in the loop, t ≥ K, and 1 before it, these conditions are
checked:

* period: x(t + p) = x(t) for t ≥ K; s + 1 ≤ K.
* metric: E = ‖T_tᵀT_t − I − ρ_t⁻²MᵀM‖_F < 1. As ρ_t²T_tᵀT_t − MᵀM has then no eigenvalue below ρ_t²(1 − E) > 0,
  ‖Mv‖ ≤ ρ_t N_t(v) and ‖v‖ ≤ w_t N_t(v), w_t = (1 − E)^{−1/2}.
* radius: ρ_t r_t + ½β_t r_t² + N_{t+1}(c_{t+1} − f(c_t)) ≤ r_{t+1}, β_t = 0.77 w_t² ‖T_{t+1}‖_F (Σ‖W_i‖⁴)^{1/2}, since
  |tanh''| ≤ 4/(3√3) < 0.77. So f maps B_t into B_{t+1}, and differences in B_t shrink by ρ_t + β_t r_t.
* sign: |y_i(c_t)| > ‖R_i‖ w_t r_t on the side of x_i(t), wherever x_i(t) ≠ 0, for s < t < K + p.
* closing: r_{K+p} ≤ r_K. So the run never leaves the loop, and every later sign is right.
* contraction: Π (ρ_t + β_t r_t) < 1 over the loop. So by Banach an orbit of period p attracts all of it.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np
from flint import arb, arb_mat, ctx, fmpq

from emtheory.verdict import Kind, Verdict, proved, refuted

if TYPE_CHECKING:
    from emtheory.certificates.certificate import Certificate
    from emtheory.networks.elman import Network
    from emtheory.theory.tasks import Task

__all__ = ["check"]

BITS = 96
LEFT = 64  # bits at the last step of "until"
RATES = (0.25, 0.5, 1, 2, 4, 8)  # bits a step that are tried there; what is clearly false shows with few
MOST = 2**18  # n · steps of "until"


def check(network: Network, task: Task, certificate: Certificate) -> Verdict:
    """PROVED if the certificate proves what it says; REFUTED if it is rejected, which says nothing of the pattern.

    Raises:
        ValueError: a certificate of "until" whose step is too late to be run to.
    """
    before, scope = ctx.prec, f"{certificate.holds}, one input"
    if certificate.holds == "until" and network.n * certificate.steps > MOST:
        raise ValueError(
            f"the certificate names step {certificate.steps:.6g}, but with {network.n} units at most "
            f"{MOST // network.n} steps are run in balls; check one of fewer steps"
        )
    try:
        _belongs(network, task, certificate)
        facts = (_forever if certificate.holds == "forever" else _until)(network, task, certificate)
        return proved(Kind.ENCLOSED, scope, **facts)
    except _RejectedError as error:
        return refuted(Kind.ENCLOSED, scope, reason=str(error))
    finally:
        ctx.prec = before


class _RejectedError(Exception):
    """Which condition fails, in words."""


def _need(condition: bool, otherwise: str) -> None:
    if not condition:
        raise _RejectedError(otherwise)


def _belongs(network: Network, task: Task, certificate: Certificate) -> None:
    _need(network.activation == "tanh" and network.leak == 1, "the network is no tanh network without leak")
    _need(_named(network) == certificate.network, "it is for other weights, or another kind of network")
    _need(network.W_uh.shape[1] == len(network.W_r) == task.kappa, "the network has other sizes than the task")
    _need(certificate.input.shape == (task.s, task.kappa), "its input has another shape")
    _need(certificate.holds in ("forever", "until"), "it is of no known kind")
    arrays = (certificate.input, certificate.centers, certificate.metrics, certificate.radii, certificate.rho)
    _need(all(np.isfinite(array).all() for array in arrays), "it holds a number that is not finite")


def _named(network: Network) -> str:
    """What a certificate is about: the kind of network and the sha256 of its sizes and numbers."""
    sizes = [network.n, network.W_uh.shape[1], len(network.W_r)]
    parts = (sizes, network.W_hh, network.W_uh, network.W_r, *_biases(network))
    digest = hashlib.sha256(b"".join(np.array(part, "<f8").tobytes() for part in parts)).hexdigest()
    biases = ["" if np.any(part) else "no " for part in parts[-2:]]
    return f"{network.activation}, leak {network.leak}, {biases[0]}bias, {biases[1]}readout bias, sha256 {digest}"


def _until(network: Network, task: Task, certificate: Certificate) -> dict[str, Any]:
    end, run = certificate.steps, _Run(network, certificate.input)
    _need(end > task.s, "its step lies in the input phase")
    x = _outputs(task, certificate.input, end)
    for rate in RATES:
        bits = [LEFT + int(rate * (end - t)) for t in range(end + 1)]
        if _first_wrong(run, x, task.s, bits):
            return {"first_wrong": end, "bits": bits[1]}
    raise _RejectedError(f"{bits[1]} bits do not tell whether step {end} is the first that is wrong")


def _first_wrong(run: _Run, x: list[list[fmpq]], s: int, bits: list[int]) -> bool:
    """Whether the last step is the first after s with a wrong sign; False if the balls are too wide to tell."""
    h, end = run.start, len(x) - 1
    for t in range(1, end):
        ctx.prec = bits[t]
        h = run.f(h, t - 1)
        sides = run.sides(h, x[t]) if t > s else []
        _need(not any(side < 0 for side in sides), f"a sign is wrong at step {t} already")
        if not all(side > 0 for side in sides):
            return False
    ctx.prec = bits[end]
    sides = run.sides(run.f(h, end - 1), x[end])
    _need(not all(side > 0 for side in sides), f"no sign of step {end} is wrong")
    return any(side < 0 for side in sides)


def _forever(network: Network, task: Task, certificate: Certificate) -> dict[str, Any]:
    ctx.prec = BITS
    _shapes(network, task, certificate)
    tube, run = _Tube(certificate), _Run(network, certificate.input)
    x = _outputs(task, certificate.input, tube.end + task.s)
    _period(tube, x, task.s)
    w = _metric(tube, run)
    beta = _curvature(tube, run, w)
    _radius(tube, run, beta)
    margin = _sign(tube, run, w, x, task.s)
    _closing(tube)
    _contraction(tube, beta)
    return {"entry": tube.K, "period": tube.p, "margin": float(margin.lower())}


def _shapes(network: Network, task: Task, certificate: Certificate) -> None:
    K, p, n = certificate.steps, certificate.period, network.n
    _need(task.s + 1 <= K and p >= 1 and certificate.rho > 0, "its step, period or ρ is too small")
    found = [array.shape for array in (certificate.centers, certificate.metrics, certificate.radii)]
    _need(found == [(K + p - 1, n), (K + p - 1, n * (n + 1) // 2), (K + p,)], "its arrays have other shapes")


def _period(tube: _Tube, x: list[list[fmpq]], s: int) -> None:
    """The last s outputs determine the next, so a window of s that comes again goes on for ever."""
    _need(x[tube.K : tube.K + s] == x[tube.end : tube.end + s], f"the task has not the period {tube.p}")


def _metric(tube: _Tube, run: _Run) -> dict[int, arb]:
    """w_t, t = 1 … K + p − 1."""
    w, one = {}, arb_mat(np.eye(tube.n).tolist())
    for t in range(1, tube.end):
        T, M = tube.T(t), tube.T(t + 1) * run.jacobian(tube.c[t], t)
        E = _norm(T.transpose() * T - one - M.transpose() * M * (1 / tube.rho[t] ** 2))
        _need(E < 1, f"the metric of step {t} does not fit")
        w[t] = 1 / (1 - E).sqrt()
    return w


def _curvature(tube: _Tube, run: _Run, w: dict[int, arb]) -> dict[int, arb]:
    """β_t, t = 0 … K + p − 1; B_0 is a point, on which f has none."""
    return {0: arb(0)} | {t: run.curvature * w[t] ** 2 * _norm(tube.T(t + 1)) for t in range(1, tube.end)}


def _radius(tube: _Tube, run: _Run, beta: dict[int, arb]) -> None:
    for t in range(tube.end):
        r, defect = tube.r[t], _norm(tube.T(t + 1) * (tube.c[t + 1] - run.f(tube.c[t], t)))
        needed = tube.rho[t] * r + beta[t] * r**2 / 2 + defect
        _need(needed <= tube.r[t + 1], f"the radius of step {t + 1} is too small")


def _sign(tube: _Tube, run: _Run, w: dict[int, arb], x: list[list[fmpq]], s: int) -> arb:
    """The least distance of an output from 0, anywhere in the tube."""
    margin = arb("inf")
    for t in range(s + 1, tube.end):
        for side in run.sides(tube.c[t], x[t], w[t] * tube.r[t]):
            _need(side > 0, f"an output of step {t} may be wrong")
            margin = margin.min(side)
    return margin


def _closing(tube: _Tube) -> None:
    _need(tube.r[tube.end] <= tube.r[tube.K], "the tube does not close")


def _contraction(tube: _Tube, beta: dict[int, arb]) -> None:
    factor = arb(1)
    for t in range(tube.K, tube.end):
        factor *= tube.rho[t] + beta[t] * tube.r[t]
    _need(factor < 1, "a round does not contract")


class _Tube:
    """c_t, T_t, r_t and ρ_t of a certificate, whose arrays begin with t = 1; c and T end before the loop closes."""

    def __init__(self, certificate: Certificate) -> None:
        self.K, self.p, self.end = certificate.steps, certificate.period, certificate.steps + certificate.period
        self.rows = [*range(self.end - 1), self.K - 1]  # of t = 1 … K + p
        self.n, self.metrics = certificate.centers.shape[1], certificate.metrics
        self.c = [_column(np.zeros(self.n)), *(_column(certificate.centers[row]) for row in self.rows)]
        self.r = [arb(0), *map(arb, certificate.radii.tolist())]
        self.rho = self.K * [arb(1)] + self.p * [arb(certificate.rho)]

    def T(self, t: int) -> arb_mat:
        upper = np.zeros((self.n, self.n))
        upper[np.triu_indices(self.n)] = self.metrics[self.rows[t - 1]]
        return arb_mat(upper.tolist())


class _Run:
    """f and y of a network on one input, in balls; the weights are exact."""

    def __init__(self, network: Network, u: Any) -> None:
        self.W, self.U, self.R = (arb_mat(w.tolist()) for w in (network.W_hh, network.W_uh, network.W_r))
        self.b, self.offset = (_column(bias) for bias in _biases(network))
        self.start = _column(np.zeros(network.n))
        self.inputs = [_column(row) for row in u]
        self.curvature = arb("0.77") * sum((_norm(_column(row)) ** 4 for row in network.W_hh), arb(0)).sqrt()
        self.read_norms = [_norm(_column(row)) for row in network.W_r]

    def f(self, h: arb_mat, t: int) -> arb_mat:
        """tanh(W h + U u(t+1) + b): h(t+1) from h(t)."""
        drive = self.W * h + self.b
        if t < len(self.inputs):
            drive += self.U * self.inputs[t]
        return arb_mat(h.nrows(), 1, [z.tanh() for z in drive.entries()])

    def jacobian(self, h: arb_mat, t: int) -> arb_mat:
        """diag(1 − f(h)²) W."""
        slopes = [1 - z * z for z in self.f(h, t).entries()]
        return arb_mat([[slope * w for w in row] for slope, row in zip(slopes, self.W.tolist(), strict=True)])

    def sides(self, h: arb_mat, x: list[fmpq], reach: arb | int = 0) -> list[arb]:
        """How far y_i is on the side of x_i, wherever x_i ≠ 0, at any state within `reach` of h."""
        ys = zip((self.R * h + self.offset).entries(), self.read_norms, x, strict=True)
        return [(y if value > 0 else -y) - size * reach for y, size, value in ys if value != 0]


def _outputs(task: Task, u: Any, steps: int) -> list[list[fmpq]]:
    """x with x[t] = x(t), t = 1 … steps, over the rationals; x[0] is empty."""
    C = [(i, k, j, c) for k, block in enumerate(task.blocks, 1) for i, row in enumerate(block)
         for j, c in enumerate(row) if c != 0]  # fmt: skip
    x: list[list[fmpq]] = [[], *([fmpq(*float(v).as_integer_ratio()) for v in row] for row in u)]
    for t in range(task.s + 1, steps + 1):
        x.append([fmpq(0)] * task.kappa)
        for i, k, j, c in C:
            x[t][i] += c * x[t - task.s - 1 + k][j]
    return x


def _biases(network: Network) -> list[Any]:
    """b and c; what a network does not have is 0."""
    given = ((network.n, network.bias), (len(network.W_r), network.readout_bias))
    return [np.zeros(size) if bias is None else bias for size, bias in given]


def _column(vector: Any) -> arb_mat:
    return arb_mat(np.asarray(vector)[:, np.newaxis].tolist())


def _norm(matrix: arb_mat) -> arb:
    return sum((x * x for x in matrix.entries()), arb(0)).sqrt()
