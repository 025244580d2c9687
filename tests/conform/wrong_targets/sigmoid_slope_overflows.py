# caught by: jacobian.saturated
import numpy as np


def jacobian(network, h):
    if network["kind"] != "rnn":
        raise NotImplementedError(network["kind"])
    W, a = network["W"], network["leak"]
    z = W @ h + network["b"]
    slope = {
        "tanh": 1 - np.tanh(z) ** 2,
        "sigmoid": np.exp(-z) / (1 + np.exp(-z)) ** 2,
        "relu": (z > 0).astype(z.dtype),
        "identity": np.ones_like(z),
    }[network["activation"]]
    return (1 - a) * np.eye(len(h)) + a * slope[:, None] * W
