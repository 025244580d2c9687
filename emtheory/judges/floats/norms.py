"""Norms of float matrices from above, and how far W is from being Φ in the basis Ξ: ‖Ξ⁻¹WΞ − Φ‖.

The defect is the number that replaces tolerances: W is *exactly* similar to Φ + E with ‖E‖₂ ≤ defect, so a conclusion
about Φ that withstands a perturbation of that size holds for W. `norm2_bound` proves its bound with a Cholesky factor
that is checked, not trusted.
"""

from __future__ import annotations

import math

import numpy as np

from emtheory.judges.exact import Matrix, dyadic
from emtheory.judges.floats import kernels
from emtheory.judges.floats.blas import require_sound_blas
from emtheory.judges.floats.products import Enclosable, Enclosed, chain, enclose
from emtheory.judges.floats.residuals import tight_residual
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
from emtheory.system.array_types import Array, Floats

__all__ = ["norm2_bound", "similarity_defect"]


def norm2_bound(A: Enclosable) -> float:
    """An upper bound of the 2-norm of the exact matrix, most often within 1 + 1e-9 of it.

    The least of √(‖A‖₁‖A‖_∞), ‖A‖_F and √(t + ‖tI − AᴴA − LLᴴ‖_F), L a Cholesky factor of tI − AᴴA for t a little above
    the largest singular value's square: λ_max(AᴴA) = t − λ_min(tI − AᴴA), and LLᴴ has no negative eigenvalue.

    Args:
        A: array, exact `Matrix`, or (value, bound); then the bound holds for each matrix it encloses.

    Raises:
        ValueError: NaN or infinite entries; see `enclose`.

    Example:
        >>> bool(5 <= norm2_bound(np.array([[3.0, 4.0]])) < 5 * (1 + 1e-8))
        True
    """
    require_sound_blas()
    value, bound = enclose(A)
    largest = float(modulus_up(value).max(initial=0.0))
    radius = _elementary(bound)
    if largest == 0.0:
        return radius
    exponent = math.frexp(largest)[1]
    # a power of two moves the largest entry to about 1; what underflows on the way is below 2⁻¹⁰⁷⁴ an entry
    scaled = np.ldexp(value.real, -exponent) + (1j * np.ldexp(value.imag, -exponent) if np.iscomplexobj(value) else 0)
    lost = float(up(math.sqrt(value.size) * 2 * TINY))
    norm = up(min(_elementary(modulus_up(scaled)), _checked_cholesky(scaled)) + lost)
    with np.errstate(over="ignore"):
        return float(up(up(np.ldexp(norm, exponent)) + radius))


def _elementary(magnitudes: Floats) -> float:
    """min(√(‖A‖₁‖A‖_∞), ‖A‖_F), from above; both bound the 2-norm."""
    if not magnitudes.any():
        return 0.0
    with np.errstate(over="ignore", under="ignore"):
        columns, rows = sum_up(magnitudes, 0).max(), sum_up(magnitudes, 1).max()
        mixed = up(up(np.sqrt(columns)) * up(np.sqrt(rows)))
        return float(min(mixed, _frobenius(magnitudes)))


def _frobenius(magnitudes: Floats) -> float:
    squares = up(magnitudes * magnitudes).reshape(1, -1)
    return float(up(np.sqrt(sum_up(squares, 1)[0])))


def _checked_cholesky(A: Array) -> float:
    small = A if A.shape[0] >= A.shape[1] else A.conj().T
    n, (k, is_complex) = small.shape[1], (small.shape[0], np.iscomplexobj(A))
    try:
        singular = kernels.norm2(small)
        t = singular * singular * (1 + 2.0**-30)
        shifted = t * np.eye(n) - kernels.product(small.conj().T, small)
        factor = kernels.cholesky(shifted)
    except np.linalg.LinAlgError:
        return math.inf
    left = kernels.product(factor, factor.conj().T)
    errors = [
        up(
            up(product_gamma(inner, is_complex=is_complex) * matmul_up(size.T, size))
            + product_tiny(inner, is_complex=is_complex)
        )
        for inner, size in ((k, modulus_up(small)), (n, modulus_up(factor).T))
    ]
    residual = modulus_up(shifted - left)
    roundings = up(4 * UNIT * up(modulus_up(shifted) + residual))  # of the two subtractions
    slack = _elementary(up(up(residual + roundings) + up(up(errors[0]) + up(errors[1]))))
    return float(up(np.sqrt(up(t + slack))))


def similarity_defect(W: Matrix | Array, xi: Matrix | Array, phi: Matrix | Array) -> float:
    """An upper bound of ‖Ξ⁻¹WΞ − Φ‖₂; infinity if Ξ is not provably invertible in floats.

    With Y ≈ Ξ⁻¹ and D = WΞ − ΞΦ: Ξ⁻¹D = (YΞ)⁻¹YD, so the norm is at most ‖YD‖ / (1 − ‖I − YΞ‖). D is enclosed by
    error-free splitting or, when exact matrices are involved, computed over the rationals.

    Args:
        W, xi, phi: n x n, exact matrices or float arrays.

    Raises:
        ValueError: not three square matrices of one size; see `enclose` for the rest.

    Example:
        >>> from emtheory.judges.exact import cycle, matrix
        >>> xi = matrix([[1, 1, 0], [0, 1, 0], [0, 1, 1]])
        >>> similarity_defect(xi @ cycle(3) @ xi.inv(), xi, cycle(3)) < 1e-300
        True
    """
    require_sound_blas()
    shapes = [x.shape for x in (W, xi, phi)]
    if len(set(shapes)) != 1 or len(shapes[0]) != 2 or shapes[0][0] != shapes[0][1]:
        raise ValueError(f"the defect needs three n x n matrices, got shapes {shapes}")
    basis = enclose(xi)
    try:
        inverse = kernels.inverse(basis.value)
    except np.linalg.LinAlgError:
        return math.inf
    if not np.isfinite(inverse).all():
        return math.inf
    product = chain(inverse, basis)
    away = _elementary(up(up(modulus_up(product.value - np.eye(len(inverse))) * (1 + UNIT)) + product.bound))
    if not away < 1:
        return math.inf
    defect = norm2_bound(chain(inverse, _intertwining(W, xi, phi)))
    return float(up(defect / np.nextafter(1 - away, 0)))


def _intertwining(W: Matrix | Array, xi: Matrix | Array, phi: Matrix | Array) -> Enclosed:
    """D = WΞ − ΞΦ, enclosed."""
    if any(isinstance(x, Matrix) for x in (W, xi, phi)):
        exact_w, exact_xi, exact_phi = (a if isinstance(a, Matrix) else dyadic(a) for a in (W, xi, phi))
        return enclose(exact_w @ exact_xi - exact_xi @ exact_phi)
    w, x, p = (enclose(a).value for a in (W, xi, phi))
    return tight_residual(np.hstack([w, x]), np.vstack([x, -p]), np.zeros_like(x))
