# caught by: fixed_points.off-the-origin
import numpy as np


def _functions(network):
    W, b = network["W"].astype(float), network["b"].astype(float)
    act = {"tanh": np.tanh, "identity": lambda z: z}[network["activation"]]
    slope = {"tanh": lambda z: 1 - np.tanh(z) ** 2, "identity": np.ones_like}[network["activation"]]
    return W, b, act, slope


def _newton(W, b, act, slope, h):
    for _ in range(60):
        z = W @ h + b
        matrix = np.eye(len(W)) - slope(z)[:, None] * W
        if abs(np.linalg.det(matrix)) < 1e-12:
            return None
        h = h - np.linalg.solve(matrix, h - act(z))
    return h if np.abs(act(W @ h + b) - h).max() < 1e-10 else None


def fixed_points(network):
    W, b, act, slope = _functions(network)
    h = _newton(W, 0 * b, act, slope, np.zeros(len(W)))
    return np.zeros((0, len(W))) if h is None else h[None]
