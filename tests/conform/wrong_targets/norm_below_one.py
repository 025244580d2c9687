# caught by: is_stable.large-norm, is_stable.jordan
import numpy as np


def is_stable(W):
    return bool(np.linalg.norm(W, 2) < 1 - 1e-6)
