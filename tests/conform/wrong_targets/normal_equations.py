# caught by: pseudo_inverse.rank-deficient, pseudo_inverse.zero
import numpy as np


def pseudo_inverse(A):
    return np.linalg.solve(A.T @ A, A.T)
