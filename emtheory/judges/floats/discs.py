"""Eigenvalue discs: from the eigenvectors that LAPACK returns, a proof of where the eigenvalues are.

X from `numpy.linalg.eig` (X D ≈ A X) and Y ≈ X⁻¹ are taken as mere numbers. With F = I − YX and R = AX − XD,

    X⁻¹AX = D + E,   E = (I − F)⁻¹ Y R,   row sums |E|1 ≤ s + f max(s) / (1 − max(f)),   s = |YR|1, f = |F|1,

whenever max(f) < 1, and Gershgorin's discs around the diagonal of D with these radii contain the spectrum of A; a
connected component of k discs contains k eigenvalues, with multiplicity. Only row sums are needed, so every rounding
bound is a matrix-vector product, and the whole proof costs less than `eig`. A matrix without a basis of eigenvectors
mostly has max(f) ≥ 1 and is refused. Where it is not (diag(1, ε, ε², …) scales the ones of a Jordan block down to ε),
the discs hold all the same: they say where the eigenvalues are, never that a matrix is diagonalisable.

References: S. A. Gershgorin (1931); S. M. Rump, Verification methods, Acta Numerica 19 (2010), section 13.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from emtheory.judges.floats import kernels
from emtheory.judges.floats.blas import require_sound_blas
from emtheory.judges.floats.products import Enclosable, enclose
from emtheory.judges.floats.rounding import (
    TINY,
    UNIT,
    matmul_up,
    modulus_up,
    product_gamma,
    product_tiny,
    sum_up,
    up,
)
from emtheory.system.array_types import Array, Complexes, Floats, Integers

__all__ = ["Discs", "eigenvalue_discs"]

# five roundings in `modulus_up`, one in the difference of two centers
_DISTANCE_ERROR = 1 + 24 * UNIT


@dataclass(frozen=True, eq=False)
class Discs:
    """Closed discs whose union contains the spectrum; component c of the union contains `counts[c]` eigenvalues.

    `centers` (n, complex), `radii` (n), `components` (n: the component of each disc, from 0), `counts`. If the
    proof failed, `refused` says why and all arrays are empty.
    """

    centers: Complexes
    radii: Floats
    components: Integers
    refused: str | None = None

    @property
    def counts(self) -> Integers:
        """The number of eigenvalues in each component."""
        return np.bincount(self.components).astype(np.int64)


def eigenvalue_discs(A: Enclosable, *, basis: Array | None = None) -> Discs:
    """Discs that provably contain the eigenvalues of A, with the right number in each connected component.

    Args:
        A: n x n; a real or complex array (meant exactly), an exact `Matrix`, or (value, bound) as from `chain`: then
            the discs hold for every matrix within the bound, in particular for the exact product.
        basis: n x n, columns X to use in place of LAPACK's eigenvectors; the proof is the same, and so is its honesty.
            `graded_bases` makes some for matrices that are defective at 0.

    Returns:
        `Discs`; refused (never wrong) for defective and nearly defective matrices and when something overflows.

    Raises:
        ValueError: not square, NaN or infinite entries, a basis of another shape; see `enclose`.

    Example:
        >>> discs = eigenvalue_discs(np.array([[0.0, 1.0], [1.0, 0.0]]))
        >>> discs.counts.tolist(), bool(discs.radii.max() < 1e-13)
        ([1, 1], True)
        >>> eigenvalue_discs(np.eye(4, k=1)).refused
        'LAPACK found no basis of eigenvectors: the matrix is defective or nearly so'
    """
    require_sound_blas()
    value, bound = enclose(A)
    if value.shape[0] != value.shape[1]:
        raise ValueError(f"eigenvalues need a square matrix, got shape {value.shape}")
    if not len(value):
        return _discs(np.zeros(0, dtype=np.complex128), np.zeros(0))
    if basis is not None and basis.shape != value.shape:
        raise ValueError(f"a basis for a matrix of shape {value.shape} must have that shape, got {basis.shape}")
    try:
        with np.errstate(all="ignore"):
            centers, vectors = kernels.eig(value) if basis is None else (None, basis)
            inverse = kernels.inverse(vectors)
            if centers is None:
                centers = np.diagonal(kernels.product(kernels.product(inverse, value), vectors))
    except np.linalg.LinAlgError:
        return _refused("LAPACK found no basis of eigenvectors: the matrix is defective or nearly so")
    if not all(np.isfinite(x).all() for x in (centers, vectors, inverse)):
        return _refused("LAPACK overflowed on the way to the eigenvectors")
    with np.errstate(all="ignore"):
        radii = _radii(value, bound, centers, vectors, inverse)
    if isinstance(radii, str):
        return _refused(radii)
    return _discs(centers.astype(np.complex128), radii)


def _radii(A: Array, spread: Floats, centers: Array, X: Array, Y: Array) -> Floats | str:
    n, is_complex = len(A), np.iscomplexobj(A) or np.iscomplexobj(X)
    c, tiny = product_gamma(n, is_complex=is_complex), n * product_tiny(n, is_complex=is_complex)
    abs_a, abs_x, abs_y = modulus_up(A), modulus_up(X), modulus_up(Y)
    x_sums = sum_up(abs_x, 1)
    # R = AX − XD and the row sums of what rounding, and the spread of A, may add to it
    residual = _product(A, X) - X * centers
    residual_sums = sum_up(modulus_up(residual), 1)
    scaled_sums = up(4 * UNIT * matmul_up(abs_x, modulus_up(centers)))  # √2 γ₂ < 4u bounds one complex product
    blurred = up(up(c * matmul_up(abs_a, x_sums)) + matmul_up(spread, x_sums))
    error_sums = up(up(blurred + scaled_sums) + up(up(UNIT * residual_sums) + up(tiny + 4 * n * TINY)))
    s = up(
        sum_up(modulus_up(kernels.product(Y, residual)), 1)
        + matmul_up(abs_y, up(up(c * residual_sums) + error_sums)) * (1 + 2 * UNIT)
    )
    s = up(s + tiny)
    # F = I − YX
    away = sum_up(modulus_up(np.eye(n) - kernels.product(Y, X)), 1)
    f = up(up(up(away * (1 + UNIT)) + up(c * matmul_up(abs_y, x_sums))) + tiny)
    if not f.max() < 1:
        return "the computed eigenvectors are not provably independent: the matrix is defective or nearly so"
    radii = up(s + up(f * up(s.max() / np.nextafter(1 - f.max(), 0))))
    return radii if np.isfinite(radii).all() else "the error bounds overflowed"


def _product(A: Array, X: Array) -> Array:
    """A X; a real A goes through two real products, half the work of a complex one."""
    if np.iscomplexobj(X) and not np.iscomplexobj(A):
        re, im = (kernels.product(A, np.ascontiguousarray(part)) for part in (X.real, X.imag))
        return np.asarray(re + 1j * im)
    return kernels.product(A, X)


def _discs(centers: Complexes, radii: Floats) -> Discs:
    """Discs with their components; two that may touch are joined, which only coarsens the statement."""
    if not len(centers):
        return Discs(centers, radii, np.zeros(0, dtype=np.int64))
    from scipy.sparse import csr_array  # most users of this package need no graph
    from scipy.sparse.csgraph import connected_components

    distances = modulus_up(centers[:, None] - centers[None, :])
    with np.errstate(over="ignore"):  # two radii may add up to infinity: then the discs touch
        touching = distances <= up(up(radii[:, None] + radii[None, :]) * _DISTANCE_ERROR) + 2 * TINY
    _, labels = connected_components(csr_array(touching), directed=False)
    return Discs(centers, radii, labels.astype(np.int64))


def _refused(reason: str) -> Discs:
    return Discs(np.zeros(0, dtype=np.complex128), np.zeros(0), np.zeros(0, dtype=np.int64), reason)
