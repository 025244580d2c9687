# caught by: jacobian.leak
import numpy as np


def jacobian(network, h):
    if network["kind"] != "rnn" or network["activation"] != "tanh":
        raise NotImplementedError(network["kind"])
    W = network["W"]
    return (1 - np.tanh(W @ h + network["b"]) ** 2)[:, None] * W
