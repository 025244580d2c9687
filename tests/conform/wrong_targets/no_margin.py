# caught by: is_stable.marginal, is_stable.marginal-cycle
import numpy as np


def is_stable(W):
    return bool(np.abs(np.linalg.eigvals(W)).max() < 1)
