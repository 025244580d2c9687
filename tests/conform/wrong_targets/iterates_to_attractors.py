# caught by: fixed_points.complete, fixed_points.linear-network
import numpy as np


def _functions(network):
    W, b = network["W"].astype(float), network["b"].astype(float)
    act = {"tanh": np.tanh, "identity": lambda z: z}[network["activation"]]
    slope = {"tanh": lambda z: 1 - np.tanh(z) ** 2, "identity": np.ones_like}[network["activation"]]
    return W, b, act, slope


def fixed_points(network):
    W, b, act, _ = _functions(network)
    found = []
    states = np.random.default_rng(0).uniform(-1, 1, (8, len(W)))
    for _ in range(400):
        states = act(states @ W.T + b)
    for h in states:
        close = np.isfinite(h).all() and np.abs(act(W @ h + b) - h).max() < 1e-10
        if close and all(np.abs(h - other).max() > 1e-6 for other in found):
            found.append(h)
    return np.array(found).reshape(len(found), len(W))
