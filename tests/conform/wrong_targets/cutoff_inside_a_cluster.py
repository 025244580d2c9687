# caught by: pseudo_inverse.small-singular-values
import numpy as np


def pseudo_inverse(A):
    return np.linalg.pinv(A, rcond=5e-6)
