# caught by: jacobian.bias, jacobian.permutation
import numpy as np


def jacobian(network, h):
    if network["kind"] != "rnn" or network["activation"] != "tanh":
        raise NotImplementedError(network["kind"])
    W, a = network["W"], network["leak"]
    return (1 - a) * np.eye(len(h)) + a * (1 - h**2)[:, None] * W  # as if h were tanh(W h + b) already
