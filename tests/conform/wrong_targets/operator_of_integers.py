# caught by: predict_operator.sensitivity
import numpy as np


def predict_operator(C):
    s, k, _ = C.shape
    Phi = np.eye(s * k, k=k, dtype=int)
    Phi[(s - 1) * k :] = np.hstack(list(C))
    return Phi
