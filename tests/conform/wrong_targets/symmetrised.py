# caught by: is_stable.large-norm
import numpy as np


def is_stable(W):
    return bool(np.abs(np.linalg.eigvalsh((W + W.T) / 2)).max() < 1 - 1e-6)
