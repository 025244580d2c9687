# caught by: predict_operator.order, predict_operator.written-is-read
import numpy as np


def predict_operator(C):
    s, k, _ = C.shape
    Phi = np.eye(s * k, k=k, dtype=C.dtype)
    Phi[(s - 1) * k :] = np.hstack([block.T for block in C])
    return Phi
