"""Where answers of BLAS and LAPACK come in: every product and factorisation whose last bits depend on the machine.

The judge calls these through the module (`kernels.product(…)`), so a test can put another library in their place. What
a *product* may be is the error model of `rounding`; what LAPACK returns is a start for a proof and may be anything.
"""

from __future__ import annotations

import numpy as np

from emtheory.system.array_types import Array

__all__ = ["cholesky", "eig", "inverse", "norm2", "product", "svd"]


def product(a: Array, b: Array) -> Array:
    """fl(AB), off by at most γ_k |A||B| and what underflows (complex: √2 γ_2k), k the inner size."""
    return np.asarray(a @ b)


def eig(a: Array) -> tuple[Array, Array]:
    """Approximate eigenvalues and eigenvectors (columns)."""
    values, vectors = np.linalg.eig(a)
    return values, vectors


def inverse(a: Array) -> Array:
    """An approximate inverse.

    Raises:
        numpy.linalg.LinAlgError: a pivot is 0.
    """
    return np.asarray(np.linalg.inv(a))


def svd(a: Array) -> tuple[Array, Array]:
    """Approximate singular vectors: left (columns) and right (rows)."""
    left, _, right = np.linalg.svd(a)
    return left, right


def norm2(a: Array) -> float:
    """About the largest singular value."""
    return float(np.linalg.norm(a, 2))


def cholesky(a: Array) -> Array:
    """L, lower triangular, LLᴴ ≈ A.

    Raises:
        numpy.linalg.LinAlgError: A is not positive definite in floats.
    """
    return np.asarray(np.linalg.cholesky(a))
