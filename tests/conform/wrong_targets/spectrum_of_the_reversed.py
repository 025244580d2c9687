# caught by: predict_spectrum.block-order
import numpy as np


def predict_spectrum(C):
    s, k, _ = C.shape
    Phi = np.eye(s * k, k=k)
    Phi[(s - 1) * k :] = np.hstack(list(C[::-1]))
    return np.linalg.eigvals(Phi)
