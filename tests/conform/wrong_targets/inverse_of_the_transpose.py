# caught by: pseudo_inverse.value
import numpy as np


def pseudo_inverse(A):
    return np.linalg.pinv(A.T, rcond=max(A.shape) * np.finfo(A.dtype).eps)
