# caught by: pseudo_inverse.zero-rows, pseudo_inverse.zero
import numpy as np


def pseudo_inverse(A):
    lengths = np.linalg.norm(A, axis=1)
    unit = A / lengths[:, None]  # rows of zeros become NaN, and SVD gives up
    return np.linalg.pinv(unit * lengths[:, None], rcond=len(A) * 1e-15)
