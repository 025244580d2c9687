# caught by: pseudo_inverse.penrose, pseudo_inverse.value
import numpy as np


def pseudo_inverse(A):
    return np.linalg.solve(A.T @ A + 1e-8 * np.eye(A.shape[1]), A.T)
