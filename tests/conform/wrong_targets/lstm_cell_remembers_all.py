# caught by: jacobian.lstm
import numpy as np
from scipy.special import expit


def jacobian(network, h):
    if network["kind"] != "lstm":
        raise NotImplementedError(network["kind"])
    h, c = np.split(h, 2)
    i, f, g, o = np.split(network["W"] @ h + network["b"], 4)
    Wi, Wf, Wg, Wo = np.split(network["W"], 4)
    i, f, g, o = expit(i), expit(f), np.tanh(g), expit(o)
    new = f * c + i * g
    by_h = np.diag(c * f * (1 - f)) @ Wf + np.diag(g * i * (1 - i)) @ Wi + np.diag(i * (1 - g**2)) @ Wg
    out = o * (1 - np.tanh(new) ** 2)
    h_by_h = np.diag(np.tanh(new) * o * (1 - o)) @ Wo + np.diag(out) @ by_h
    return np.block([[h_by_h, np.diag(out * f)], [by_h, np.diag(np.ones_like(f))]])
