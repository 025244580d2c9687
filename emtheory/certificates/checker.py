"""An independent check of certificates: Arb balls alone, and no code of what found them.

A certificate of "until" is only a step: the network is run to it in balls, and every sign before it has to be right.

A certificate of "forever" is a tube B_t = {h : N_t(h − c_t) ≤ r_t}, N_t(v) = ‖T_t v‖, t = 0 … K + p, around a path that
starts at c_0 = 0, r_0 = 0 and ends in a loop: c_{K+p} = c_K, T_{K+p} = T_K. With f(h) = tanh(W h + U u(t+1) + b),
y(h) = R h + c, M = T_{t+1} diag(1 − f(c_t)²) W and ρ_t = ρ in the loop, t ≥ K, and 1 before it, these conditions are
checked:

* period: x(t + p) = x(t) for t ≥ K; s + 1 ≤ K.
* metric: E = ‖T_tᵀT_t − I − ρ_t⁻²MᵀM‖_F < 1. As ρ_t²T_tᵀT_t − MᵀM has then no eigenvalue below ρ_t²(1 − E) > 0,
  ‖Mv‖ ≤ ρ_t N_t(v) and ‖v‖ ≤ w N_t(v), w = (1 − E)^{−1/2}.
* radius: ρ_t r_t + ½β_t r_t² + N_{t+1}(c_{t+1} − f(c_t)) ≤ r_{t+1}, β_t = 0.77 w² ‖T_{t+1}‖_F (Σ‖W_i‖⁴)^{1/2}, since
  |tanh''| ≤ 4/(3√3) < 0.77. So f maps B_t into B_{t+1}, and differences in B_t shrink by ρ_t + β_t r_t.
* sign: |y_i(c_t)| > ‖R_i‖ w r_t on the side of x_i(t), wherever x_i(t) ≠ 0, for s < t < K + p.
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


# --- until ------------------------------------------------------------------------------------------------------------


def _until(network: Network, task: Task, certificate: Certificate) -> dict[str, Any]:
    end, run = certificate.steps, _Run(network, certificate.input)
    _need(end > task.s, "its step lies in the input phase")
    x = _outputs(task, certificate.input, end)
    for rate in RATES:
        bits = [LEFT + int(rate * (end - t)) for t in range(1, end + 1)]
        if _wrong_at_last(run, x, task.s, bits):
            return {"first_wrong": end, "bits": bits[0]}
    raise _RejectedError(f"{bits[0]} bits do not tell whether step {end} is the first that is wrong")


def _wrong_at_last(run: _Run, x: list[list[fmpq]], s: int, bits: list[int]) -> bool:
    """Whether all signs after step s are right but one of the last step; False if the balls are too wide to tell."""
    h, end = run.zero, len(x)
    for t in range(1, end + 1):
        ctx.prec = bits[t - 1]
        h = run.step(h, t)
        signed = _signed(run.read(h), x[t - 1])
        if t == end and any(y < 0 for y in signed):
            return True
        _need(t < end or not all(y > 0 for y in signed), f"no sign of step {t} is wrong")
        _need(t <= s or not any(y < 0 for y in signed), f"a sign is wrong at step {t} already")
        if t > s and not all(y > 0 for y in signed):
            return False
    return False


# --- for ever ---------------------------------------------------------------------------------------------------------


def _forever(network: Network, task: Task, certificate: Certificate) -> dict[str, Any]:
    ctx.prec = BITS
    _shapes(network, task, certificate)
    K, p, run = certificate.steps, certificate.period, _Run(network, certificate.input)
    x = _outputs(task, certificate.input, K + p + task.s)
    _period(x, K, p, task.s)
    curve = arb("0.77") * sum((_norm(_column(row)) ** 4 for row in network.W_hh), arb(0)).sqrt()
    (c, T), r = _node(certificate, 1), _radius(certificate, 1)
    _need(_norm(T * (c - run.step(run.zero, 1))) <= r, "the radius of step 1 is too small")
    shrinking, margin = arb(1), arb("inf")
    for t in range(1, K + p):
        (later_c, later_T), later_r = _node(certificate, t + 1), _radius(certificate, t + 1)
        image, rho = run.step(c, t + 1), arb(certificate.rho if t >= K else 1)
        w = _metric(T, later_T * run.jacobian(image), rho, t)
        beta = curve * w * w * _norm(later_T)
        defect = _norm(later_T * (later_c - image))
        _need(rho * r + beta * r * r / 2 + defect <= later_r, f"the radius of step {t + 1} is too small")
        if t > task.s:
            margin = margin.min(_sign(run, c, w * r, x[t - 1], t))
        if t >= K:
            shrinking *= rho + beta * r
        c, T, r = later_c, later_T, later_r
    _need(r <= _radius(certificate, K), "the tube does not close")
    _need(shrinking < 1, "a round does not contract")
    return {"entry": K, "period": p, "margin": float(margin.lower())}


def _shapes(network: Network, task: Task, certificate: Certificate) -> None:
    K, p, n = certificate.steps, certificate.period, network.n
    _need(task.s < K and p >= 1 and certificate.rho > 0, "its step, period or ρ is too small")
    shapes = ((K + p - 1, n), (K + p - 1, n * (n + 1) // 2), (K + p,))
    found = (certificate.centers.shape, certificate.metrics.shape, certificate.radii.shape)
    _need(found == shapes, "its arrays have other shapes")


def _period(x: list[list[fmpq]], K: int, p: int, s: int) -> None:
    """The last s outputs determine the next, so a window of s that comes again goes on for ever; x[t − 1] is x(t)."""
    _need(x[K - 1 : K - 1 + s] == x[K - 1 + p : K - 1 + p + s], f"the task has not the period {p}")


def _metric(T: arb_mat, M: arb_mat, rho: arb, t: int) -> arb:
    one = _matrix(np.eye(T.nrows()))
    E = _norm(T.transpose() * T - one - M.transpose() * M * (1 / (rho * rho)))
    _need(E < 1, f"the metric of step {t} does not fit")
    return 1 / (1 - E).sqrt()


def _sign(run: _Run, c: arb_mat, reach: arb, wanted: list[fmpq], t: int) -> arb:
    least = arb("inf")
    for y, size, value in zip(run.read(c), run.reads, wanted, strict=True):
        if value != 0:
            least = least.min((y if value > 0 else -y) - size * reach)
    _need(least > 0, f"an output of step {t} may be wrong")
    return least


def _radius(certificate: Certificate, t: int) -> arb:
    return arb(float(certificate.radii[t - 1]))


def _node(certificate: Certificate, t: int) -> tuple[arb_mat, arb_mat]:
    """c_t and T_t; c_{K+p} = c_K, T_{K+p} = T_K."""
    row = (t if t < certificate.steps + certificate.period else certificate.steps) - 1
    n = certificate.centers.shape[1]
    upper = np.zeros((n, n))
    upper[np.triu_indices(n)] = certificate.metrics[row]
    return _column(certificate.centers[row]), _matrix(upper)


# --- the network and the task -----------------------------------------------------------------------------------------


class _Run:
    """f and y of a network on one input, in balls; the weights are exact."""

    def __init__(self, network: Network, u: Any) -> None:
        self.W, self.U, self.R = _matrix(network.W_hh), _matrix(network.W_uh), _matrix(network.W_r)
        self.bias, self.offset = (_column(bias) for bias in _biases(network))
        self.zero = _column(np.zeros(network.n))
        self.inputs = [_column(row) for row in u]
        self.reads = [_norm(_column(row)) for row in network.W_r]

    def step(self, h: arb_mat, t: int) -> arb_mat:
        """h(t) from h(t − 1)."""
        drive = self.W * h + self.bias
        if t <= len(self.inputs):
            drive += self.U * self.inputs[t - 1]
        return arb_mat(h.nrows(), 1, [z.tanh() for z in drive.entries()])

    def jacobian(self, image: arb_mat) -> arb_mat:
        """diag(1 − f²) W."""
        slopes = [1 - z * z for z in image.entries()]
        return arb_mat([[slope * w for w in row] for slope, row in zip(slopes, self.W.tolist(), strict=True)])

    def read(self, h: arb_mat) -> list[arb]:
        """y = R h + c."""
        found: list[arb] = (self.R * h + self.offset).entries()
        return found


def _outputs(task: Task, u: Any, steps: int) -> list[list[fmpq]]:
    """x(1), …, x(steps) over the rationals."""
    x = [[fmpq(*float(v).as_integer_ratio()) for v in row] for row in u]
    blocks = [[(i, j, c) for i, row in enumerate(C) for j, c in enumerate(row) if c != 0] for C in task.blocks]
    for _ in range(task.s, steps):
        x.append([fmpq(0)] * task.kappa)
        for old, entries in zip(x[-task.s - 1 : -1], blocks, strict=True):
            for i, j, c in entries:
                x[-1][i] += c * old[j]
    return x


def _signed(ys: list[arb], x: list[fmpq]) -> list[arb]:
    """y_i on the side of x_i, wherever x_i ≠ 0."""
    return [y if value > 0 else -y for y, value in zip(ys, x, strict=True) if value != 0]


def _biases(network: Network) -> list[Any]:
    """b and c; what a network does not have is 0."""
    given = ((network.n, network.bias), (len(network.W_r), network.readout_bias))
    return [np.zeros(size) if bias is None else bias for size, bias in given]


def _matrix(array: Any) -> arb_mat:
    return arb_mat(array.tolist())


def _column(vector: Any) -> arb_mat:
    return _matrix(np.asarray(vector)[:, np.newaxis])


def _norm(matrix: arb_mat) -> arb:
    return sum((x * x for x in matrix.entries()), arb(0)).sqrt()
