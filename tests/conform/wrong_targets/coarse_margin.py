# caught by: is_stable.sensitivity
import numpy as np


def is_stable(W):
    return bool(np.abs(np.linalg.eigvals(W)).max() < 0.99)
