"""How well does a trained network match the spectrum that its task predicts, and is it stable? (Mended.)"""

import numpy as np
from scipy.optimize import linear_sum_assignment


def compare_spectra(a, b):
    """The largest distance between eigenvalues, each with its partner under the best matching."""
    a, b = np.asarray(a), np.asarray(b)
    if len(a) != len(b):
        raise ValueError(f"spectra must have equally many eigenvalues, but have {len(a)} and {len(b)}")
    distances = np.abs(a[:, None] - b)
    levels = np.unique(distances)
    far = [distances > level for level in levels]  # the answer: the least level at which no pair need be farther
    return float(next(level for level, no in zip(levels, far, strict=True) if not no[linear_sum_assignment(no)].any()))


def floating(A):
    """A in single or double precision, real or complex, and its spacing at 1; integers in double precision."""
    A = np.asarray(A)
    A = A.astype(np.result_type(A, np.float32 if A.dtype.kind in "fc" else np.float64))
    return A, np.finfo(A.dtype).eps


def pseudo_inverse(A):
    """The inverse on the range of A; singular values that are rounding errors of the largest are noise."""
    A, eps = floating(A)
    left, sizes, right = np.linalg.svd(A, full_matrices=False)
    keep = sizes > max(A.shape) * eps * sizes.max()
    return (right[keep].conj().T / sizes[keep]) @ left[:, keep].conj().T


def is_stable(W):
    """Whether all states fade, with a margin for the errors of the eigenvalues (Bauer-Fike, or Elsner)."""
    W, eps = floating(W)
    values, vectors = np.linalg.eig(W)
    n, norm = len(W), np.linalg.norm(W)
    error = n * eps * norm
    margin = min(error * np.linalg.cond(vectors), 4 * (2 * norm + error) ** (1 - 1 / n) * error ** (1 / n))
    return bool(np.abs(values).max() < 1 - margin)
