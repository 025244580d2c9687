# caught by: is_stable.outside
import numpy as np


def is_stable(W):
    return float(np.abs(np.linalg.eigvals(W)).max())
