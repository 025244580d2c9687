# caught by: predict_spectrum.cycles, predict_spectrum.jordan
import numpy as np


def predict_spectrum(C):
    s, k, _ = C.shape
    Phi = np.eye(s * k, k=k)
    Phi[(s - 1) * k :] = np.hstack(list(C))
    return np.linalg.eigvalsh(Phi)
