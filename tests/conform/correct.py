"""A correct target in plain numpy and scipy, as a careful person would write it; nothing of emtheory in it."""

import itertools

import numpy as np
import scipy.linalg
from scipy.linalg import eigvals
from scipy.optimize import root
from scipy.special import expit


def predict_operator(C):
    s, k, _ = C.shape
    Phi = np.zeros((s * k, s * k), dtype=C.dtype)
    Phi[: (s - 1) * k, k:] = np.eye((s - 1) * k)
    Phi[(s - 1) * k :] = np.concatenate(C, axis=1)
    return Phi


def predict_spectrum(C):
    return eigvals(predict_operator(C))


def compare_spectra(a, b):
    if len(a) != len(b):
        raise ValueError("unequal lengths")
    distances = np.abs(a[:, None] - b[None, :])
    for level in np.unique(distances):
        if _matching(distances <= level):
            return float(level)
    raise AssertionError


def _matching(allowed):
    """Augmenting paths."""
    partner = [-1] * len(allowed)

    def augment(i, seen):
        for j in np.flatnonzero(allowed[i]):
            if j not in seen:
                seen.add(j)
                if partner[j] < 0 or augment(partner[j], seen):
                    partner[j] = i
                    return True
        return False

    return all(augment(i, set()) for i in range(len(allowed)))


def memory_basis(W, U, R, s):
    k = U.shape[1]
    if not np.allclose(R @ U, np.eye(k), atol=np.sqrt(np.finfo(W.dtype).eps)):
        raise ValueError("RU is not I")
    powers = [U]
    for _ in range(s - 1):
        moved = W @ powers[-1]
        powers.append(moved - U @ (R @ moved))
    Psi = np.hstack(powers[::-1])
    if np.linalg.matrix_rank(Psi) < Psi.shape[1]:
        raise ValueError("dependent memories")
    return Psi, pseudo_inverse(Psi)


def recover_composition(W, U, R):
    if np.linalg.matrix_rank(R @ U) < U.shape[1]:
        raise ValueError("RU is singular")
    U1 = U @ np.linalg.inv(R @ U)
    powers = [U1]
    while len(powers) < len(W) // U.shape[1]:
        moved = W @ powers[-1]
        new = moved - U1 @ (R @ moved)
        if np.abs(new).max() <= np.sqrt(np.finfo(W.dtype).eps) * np.abs(moved).max():
            break
        powers.append(new)
    return np.array([R @ W @ psi for psi in powers[::-1]])


def pseudo_inverse(A):
    left, sizes, right = scipy.linalg.svd(A, full_matrices=False)
    keep = sizes > max(A.shape) * np.finfo(A.dtype).eps * sizes.max(initial=0)
    return (right[keep].T / sizes[keep]) @ left[:, keep].T


SLOPES = {
    "tanh": lambda z: 1 - np.tanh(z) ** 2,
    "relu": lambda z: (z > 0).astype(z.dtype),
    "sigmoid": lambda z: expit(z) * expit(-z),
    "identity": np.ones_like,
}
VALUES = {"tanh": np.tanh, "relu": lambda z: np.maximum(z, 0), "sigmoid": expit, "identity": lambda z: z}


def jacobian(network, h):
    W, b = network["W"], network["b"]
    if network["kind"] == "rnn":
        a = network["leak"]
        return (1 - a) * np.eye(len(h)) + a * SLOPES[network["activation"]](W @ h + b)[:, None] * W
    return _lstm(W, b, h) if network["kind"] == "lstm" else _gru(W, b, network["b_h"], h)


def _lstm(W, b, state):
    h, c = np.split(state, 2)
    i, f, g, o = np.split(W @ h + b, 4)
    Wi, Wf, Wg, Wo = np.split(W, 4)
    i, f, g, o, di, df, do = expit(i), expit(f), np.tanh(g), expit(o), expit(i) * expit(-i), None, None
    z = W @ h + b
    n = len(h)
    df, do = expit(z[n : 2 * n]) * expit(-z[n : 2 * n]), expit(z[3 * n :]) * expit(-z[3 * n :])
    new = f * c + i * g
    by_h = np.diag(c * df) @ Wf + np.diag(g * di) @ Wi + np.diag(i * (1 - g**2)) @ Wg
    out = o * (1 - np.tanh(new) ** 2)
    return np.block([[np.diag(np.tanh(new) * do) @ Wo + np.diag(out) @ by_h, np.diag(out * f)], [by_h, np.diag(f)]])


def _gru(W, b, b_h, h):
    zr, zz, zn = np.split(W @ h + b_h, 3)
    br, bz, bn = np.split(b, 3)
    Wr, Wz, Wn = np.split(W, 3)
    r, z = expit(zr + br), expit(zz + bz)
    new = np.tanh(bn + r * zn)
    d_new = np.diag(1 - new**2) @ (np.diag(zn * r * expit(-zr - br)) @ Wr + np.diag(r) @ Wn)
    return np.diag(z) + np.diag((h - new) * z * expit(-zz - bz)) @ Wz + np.diag(1 - z) @ d_new


def fixed_points(network):
    W, b, value = network["W"].astype(float), network["b"].astype(float), VALUES[network["activation"]]
    slope, n = SLOPES[network["activation"]], len(network["W"])
    if network["activation"] == "identity":
        if np.linalg.matrix_rank(np.eye(n) - W) < n:
            return np.zeros((0, n))
        return np.linalg.solve(np.eye(n) - W, b)[None]
    found = []
    for start in itertools.product(np.linspace(-1, 1, 5 if n > 2 else 9), repeat=n):
        solution = root(
            lambda h: value(W @ h + b) - h,
            np.array(start),
            jac=lambda h: slope(W @ h + b)[:, None] * W - np.eye(n),
            tol=1e-13,
        )
        close = np.abs(value(W @ solution.x + b) - solution.x).max() < 1e-11
        if close and all(np.abs(solution.x - other).max() > 1e-6 for other in found):
            found.append(solution.x)
    return np.array(found).reshape(len(found), n)


def simulate(W, U, R, u, T):
    h = np.zeros(len(W), dtype=W.dtype)
    outputs = []
    for t in range(T):
        h = W @ h
        if t < len(u):
            h = h + U @ u[t]
        outputs.append(R @ h)
    return np.array(outputs)


def is_stable(W):
    n, eps = len(W), np.finfo(W.dtype).eps
    values, vectors = np.linalg.eig(W)
    radius = np.abs(values).max()
    with np.errstate(all="ignore"):
        margin = 8 * n * eps * max(1, np.linalg.norm(W)) * np.linalg.cond(vectors)
    if margin < np.sqrt(eps) or margin < abs(1 - radius):
        return None if abs(1 - radius) <= margin else bool(radius < 1)
    power = W.astype(np.float64)  # nearly defective: squares until the norm tells
    for _ in range(20):
        if np.linalg.norm(power) < 1 / 2:
            return True
        if abs(np.trace(power)) > 2 * n:
            return False
        power = power @ power
    return None
