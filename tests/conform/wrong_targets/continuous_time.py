# caught by: is_stable.outside, is_stable.inside
import numpy as np


def is_stable(W):
    return bool(np.linalg.eigvals(W).real.max() < 0)
