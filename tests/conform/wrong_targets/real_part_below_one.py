# caught by: is_stable.outside
import numpy as np


def is_stable(W):
    return bool(np.linalg.eigvals(W).real.max() < 1 - 1e-3)
