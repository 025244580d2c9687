# caught by: jacobian.sensitivity, jacobian.permutation
import numpy as np


def jacobian(network, h):
    if network["kind"] != "rnn" or network["activation"] != "tanh":
        raise NotImplementedError(network["kind"])
    W, b, a, step = network["W"], network["b"], network["leak"], 1e-6

    def f(x):
        return (1 - a) * x + a * np.tanh(W @ x + b)

    return np.array([(f(h + step * e) - f(h)) / step for e in np.eye(len(h))]).T
