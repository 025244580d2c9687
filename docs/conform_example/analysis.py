"""How well does a trained network match the predicted spectrum, and is it stable? (This script is wrong.)"""

import numpy as np


def compare_spectra(a, b):
    """The largest distance between eigenvalues, each with its partner."""
    a, b = a[np.argsort(np.angle(a))], b[np.argsort(np.angle(b))]
    return round(float(np.abs(a - b).max()), 8)


def pseudo_inverse(A):
    """The inverse on the range of A; tiny singular values are noise."""
    left, sizes, right = np.linalg.svd(A, full_matrices=False)
    keep = sizes > 1e-6
    return (right[keep].T / sizes[keep]) @ left[:, keep].T


def is_stable(W):
    """Whether all states fade."""
    return bool(np.abs(np.linalg.eigvals(W)).max() < 1)
