# caught by: fixed_points.none-is-none, fixed_points.residual
import numpy as np


def _functions(network):
    W, b = network["W"].astype(float), network["b"].astype(float)
    act = {"tanh": np.tanh, "identity": lambda z: z}[network["activation"]]
    slope = {"tanh": lambda z: 1 - np.tanh(z) ** 2, "identity": np.ones_like}[network["activation"]]
    return W, b, act, slope


def fixed_points(network):
    W, b, act, slope = _functions(network)
    h = np.zeros(len(W))
    for _ in range(3):  # gradient descent on the speed, ended early
        z = W @ h + b
        h = h - 0.1 * (np.eye(len(W)) - slope(z)[:, None] * W).T @ (h - act(z))
    return h[None]
