# caught by: pseudo_inverse.float32
import scipy.linalg


def pseudo_inverse(A):
    left, sizes, right = scipy.linalg.svd(A, full_matrices=False)  # in single precision for single precision
    keep = sizes > 1e-14 * sizes.max()
    return (right[keep].T / sizes[keep]) @ left[:, keep].T if sizes.any() else 0 * A.T
