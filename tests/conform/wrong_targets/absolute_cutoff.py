# caught by: pseudo_inverse.scale
import numpy as np


def pseudo_inverse(A):
    left, sizes, right = np.linalg.svd(A, full_matrices=False)
    keep = sizes > 1e-10
    return (right[keep].T / sizes[keep]) @ left[:, keep].T
