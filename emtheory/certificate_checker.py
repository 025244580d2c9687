"""An independent check of certificates: Arb balls alone, and no code of what found them.

What has to hold is written in `emtheory.theory.certificates`, with B_t = {h : ‖T_t(h − c_t)‖ ≤ r_t}. Here, with
E = ‖T_tᵀT_t − I − ρ⁻²MᵀM‖_F < 1, M = T_{t+1} diag(1 − tanh²(W c_t + U u(t+1) + b)) W, w = (1 − E)^{−1/2}:

* ‖Mv‖ ≤ ρ‖T_t v‖ and ‖v‖ ≤ w‖T_t v‖, because ρ²T_tᵀT_t − MᵀM = ρ²I + … has no eigenvalue below ρ²(1 − E).
* f maps B_t into B_{t+1} if ρr + ½βr² + F‖c_{t+1} − f(c_t)‖ ≤ r_{t+1}, F = ‖T_{t+1}‖_F, β = 0.77 w² F (Σ‖W_i‖⁴)^{1/2}.
* Differences shrink by ρ + βr; a round of the loop, which ends in the norm T_K, by their product times ‖T_K‖_F.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np
from flint import arb, arb_mat, ctx, fmpq

from emtheory.verdict import Kind, Verdict, proved, refuted

if TYPE_CHECKING:
    from emtheory.theory.certificates import Certificate
    from emtheory.theory.networks import Network
    from emtheory.theory.tasks import Task

__all__ = ["check"]

BITS = 96


def check(network: Network, task: Task, certificate: Certificate) -> Verdict:
    """PROVED if the certificate proves what it says; REFUTED if it is rejected, which says nothing of the pattern."""
    scope, before = f"{certificate.holds}, one input", ctx.prec
    try:
        _need(network.activation == "tanh" and network.leak == 1, "the network is no tanh network without leak")
        _need(_named(network) == certificate.network, "it is for other weights, or another kind of network")
        _need(network.W_uh.shape[1] == len(network.W_r) == task.kappa, "the network has other sizes than the task")
        _need(certificate.input.shape == (task.s, task.kappa), "its input has another shape")
        _need(certificate.holds in ("forever", "until"), "it is of no known kind")
        facts = (_forever if certificate.holds == "forever" else _until)(network, task, certificate)
        return proved(Kind.ENCLOSED, scope, **facts)
    except ValueError as error:
        return refuted(Kind.ENCLOSED, scope, reason=str(error))
    finally:
        ctx.prec = before


def _need(condition: bool, otherwise: str) -> None:
    if not condition:
        raise ValueError(otherwise)


def _biases(network: Network) -> list[Any]:
    """b and c; h(t+1) = tanh(W h(t) + U u(t+1) + b) and y(t) = R h(t) + c."""
    given = ((network.n, network.bias), (len(network.W_r), network.readout_bias))
    return [np.zeros(size) if bias is None else bias for size, bias in given]


def _named(network: Network) -> str:
    sizes = [network.n, network.W_uh.shape[1], len(network.W_r)]
    parts = (sizes, network.W_hh, network.W_uh, network.W_r, *_biases(network))
    digest = hashlib.sha256(b"".join(np.array(part, "<f8").tobytes() for part in parts)).hexdigest()
    biases = ["" if np.any(part) else "no " for part in parts[-2:]]
    return f"{network.activation}, leak {network.leak}, {biases[0]}bias, {biases[1]}readout bias, sha256 {digest}"


def _matrix(array: Any) -> arb_mat:
    _need(bool(np.isfinite(array).all()), "it holds a number that is not finite")
    return arb_mat(array.tolist())


def _column(vector: Any) -> arb_mat:
    return _matrix(np.asarray(vector)[:, np.newaxis])


def _norm(matrix: arb_mat) -> arb:
    return sum((x * x for x in matrix.entries()), arb(0)).sqrt()


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


def _drives(network: Network, u: Any, steps: int) -> list[arb_mat]:
    """U u(t) + b for t = 1 … steps."""
    U, bias = _matrix(network.W_uh), _column(_biases(network)[0])
    return [U * _column(u[t]) + bias if t < len(u) else bias for t in range(steps)]


def _until(network: Network, task: Task, certificate: Certificate) -> dict[str, Any]:
    end, x = certificate.steps, _outputs(task, certificate.input, certificate.steps)
    _need(end > task.s, "its step lies in the input phase")
    for bits in (2 * end + 64, 4 * end + 64, 8 * end + 64):
        ctx.prec = bits
        W, R, h, ys = _matrix(network.W_hh), _matrix(network.W_r), _column(np.zeros(network.n)), []
        offset = _column(_biases(network)[1])
        for drive in _drives(network, certificate.input, end):
            h = arb_mat(network.n, 1, [z.tanh() for z in (W * h + drive).entries()])
            ys.append((R * h + offset).entries())
        right = all(y * s > 0 for t in range(task.s, end - 1) for y, s in zip(ys[t], x[t], strict=True) if s != 0)
        if right and any(y * s < 0 for y, s in zip(ys[-1], x[-1], strict=True)):
            return {"first_wrong": end, "bits": bits}
    raise ValueError(f"it is not wrong at step {end} for the first time, or {bits} bits do not tell")


def _forever(network: Network, task: Task, certificate: Certificate) -> dict[str, Any]:
    ctx.prec, n, c, r = BITS, network.n, certificate.centers, [0.0, *certificate.radii.tolist()]
    K, p, m = certificate.steps, certificate.period, certificate.rounds
    end, last = K + p * m, K + p * (m - 1)  # loop: K … end − 1
    _need(task.s < K and min(p, m) >= 1 and certificate.rho > 0, "its step, period, rounds or ρ are too small")
    shapes = ((end - 1, n), (end - 1, n * (n + 1) // 2), (end,))
    _need((c.shape, certificate.metrics.shape, certificate.radii.shape) == shapes, "its arrays have other shapes")
    _need(min(r) >= 0 and np.array_equal(c[K - 1], c[last - 1]), "its radii, or the centers of its rounds, are wrong")
    x = _outputs(task, certificate.input, end + task.s)
    _need(x[K - 1 : K - 1 + task.s] == x[K - 1 + p : K - 1 + p + task.s], f"the task has not the period {p}")
    rho, r = arb(certificate.rho), [arb(radius) for radius in r]
    W, R, one = _matrix(network.W_hh), _matrix(network.W_r), _matrix(np.eye(n))
    offset = _column(_biases(network)[1])
    curve = arb("0.77") * sum((_norm(_column(row)) ** 4 for row in network.W_hh), arb(0)).sqrt()  # 0.77 > 4/(3√3)
    states, drives = [_column(row) for row in (np.zeros(n), *c, c[K - 1])], _drives(network, certificate.input, end)
    reads, shrinking, least, back = [_norm(_column(row)) for row in network.W_r], arb(1), arb("inf"), arb("inf")
    weights, T, F, upper = W.tolist(), one, _norm(one), np.zeros((n, n))
    for t in range(end - 1, -1, -1):
        new = [z.tanh() for z in (W * states[t] + drives[t]).entries()]
        defect = F * _norm(states[t + 1] - arb_mat(n, 1, new))
        if t == 0:
            break
        M = T * arb_mat([[(1 - z * z) * w for w in row] for z, row in zip(new, weights, strict=True)])
        upper[np.triu_indices(n)] = certificate.metrics[t - 1]
        T = _matrix(upper)
        E = _norm(T.transpose() * T - one - M.transpose() * M * (1 / (rho * rho)))
        _need(E < 1, f"the metric of step {t} does not fit")
        w, beta = 1 / (1 - E).sqrt(), curve / (1 - E) * F
        _need(rho * r[t] + beta * r[t] ** 2 / 2 + defect <= r[t + 1], f"the radius of step {t + 1} is too small")
        if t >= K:
            shrinking *= rho + beta * r[t]
        for y, size, sign in zip((R * states[t] + offset).entries(), reads, x[t - 1], strict=True):
            if t > task.s and sign != 0:
                margin = y * (1 if sign > 0 else -1) - size * w * r[t]
                _need(margin > 0, f"an output of step {t} may be wrong")
                least = least.min(margin)
        back, F = w * r[t] if t == last else back, _norm(T)
        if t == K:
            _need(F * r[end] <= r[K] and F * shrinking < 1, "the tube does not close, or a round does not contract")
            _need(m == 1 or F * back <= r[K], f"the orbit may have another period than {p}")
    _need(defect <= r[1], "the radius of step 1 is too small")
    return {"entry": K, "period": p, "margin": float(least.lower())}
