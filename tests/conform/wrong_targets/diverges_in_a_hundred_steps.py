# caught by: is_stable.sensitivity, is_stable.marginal
import numpy as np


def is_stable(W):
    return bool(np.abs(np.linalg.matrix_power(W, 100)).max() < 1e3)
