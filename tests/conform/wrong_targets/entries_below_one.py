# caught by: is_stable.small-entries
import numpy as np


def is_stable(W):
    return bool(np.abs(W).max() < 1 - 1e-6)
