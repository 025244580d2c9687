# caught by: jacobian.convention
import numpy as np


def jacobian(network, h):
    if network["kind"] != "rnn" or network["activation"] != "tanh":
        raise NotImplementedError(network["kind"])
    W, a = network["W"], network["leak"]
    return (1 - a) * np.eye(len(h)) + a * W * (1 - np.tanh(W @ h + network["b"]) ** 2)
