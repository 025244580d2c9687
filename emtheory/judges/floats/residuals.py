"""AB − C to twice the working precision, by error-free splitting, with a proved bound.

Each row of A and column of B is cut into slices of few bits, so few that products of slices have no rounding error in
BLAS; the exact partial products are then summed together with the errors of their sums (two-sum). A plain float64
residual is known to γ_k |A||B| only, this one to about u times itself.

References: K. Ozaki, T. Ogita, S. Oishi, S. M. Rump, Error-free transformations of matrix multiplication, Numer.
Algorithms 59 (2012); T. Ogita, S. M. Rump, S. Oishi, Accurate sum and dot product, SIAM J. Sci. Comput. 26 (2005).
"""

from __future__ import annotations

import numpy as np

from emtheory.judges.floats import kernels
from emtheory.judges.floats.blas import require_sound_blas
from emtheory.judges.floats.derived import derived
from emtheory.judges.floats.products import Enclosed, enclose
from emtheory.judges.floats.rounding import TINY, UNIT, gamma, matmul_up, modulus_up, up
from emtheory.system.array_types import Array, Floats

__all__ = ["tight_residual"]

_SLICES = 3  # with inner size 128 a slice has 23 bits; what three leave over is 2⁻⁶⁹ of the whole


def tight_residual(A: Array, B: Array, C: Array) -> Enclosed:
    """(value, bound) with |AB − C − value| ≤ bound, entry by entry, for float arrays taken at their exact values.

    Args:
        A: n x k. B: k x m. C: n x m; real or complex.

    Raises:
        ValueError: shapes that do not fit, NaN or infinity, entries so large that products might overflow.

    Example:
        >>> a, b = np.array([[1 + 2.0**-52]]), np.array([[1 - 2.0**-52]])
        >>> float(tight_residual(a, b, np.array([[1.0]])).value[0, 0]) == -(2.0**-104)
        True
    """
    require_sound_blas()
    a, b, c = (enclose(x).value for x in (A, B, C))
    if a.shape[1] != b.shape[0] or c.shape != (a.shape[0], b.shape[1]):
        raise ValueError(f"shapes {a.shape}, {b.shape}, {c.shape} do not fit in AB - C")
    limits = zip((a, b, c), (2.0**500, 2.0**500, 2.0**1010), strict=True)
    if any(modulus_up(x).max(initial=0.0) > limit for x, limit in limits):
        raise ValueError("entries of A or B above 2**500, or of C above 2**1010, may overflow; scale them down")
    if not any(np.iscomplexobj(x) for x in (a, b, c)):
        return _real_residual(a, b, c)
    stacked = np.vstack([b.real, b.imag]), np.vstack([b.imag, b.real])
    re = _real_residual(np.hstack([a.real, -a.imag]), stacked[0], np.ascontiguousarray(c.real))
    im = _real_residual(np.hstack([a.real, a.imag]), stacked[1], np.ascontiguousarray(c.imag))
    return Enclosed(re.value + 1j * im.value, derived(modulus_up(np.asarray(re.bound) + 1j * np.asarray(im.bound))))


def _real_residual(a: Floats, b: Floats, c: Floats) -> Enclosed:
    k = max(a.shape[1], 1)
    bits = (53 - (k - 1).bit_length()) // 2  # k products of two slices stay below 2⁵³ units
    (a_slices, a_rests), (b_slices, b_rests) = _split(a, bits, axis=1), _split(b, bits, axis=0)
    # AB = Σ_i (Σ_{j < s−i} A_i B_j + A_i rest_{s−i}(B)) + rest_s(A) B; the products with rests are small, and round
    exact = [x @ y for i, x in enumerate(a_slices) for y in b_slices[: _SLICES - i]]
    small = [(x, b_rests[_SLICES - 1 - i]) for i, x in enumerate(a_slices)] + [(a_rests[-1], b)]
    value, bound = _sum_with_errors([-c, *exact, *(kernels.product(x, y) for x, y in small)])
    for x, y in small:
        bound = up(bound + up(gamma(k) * matmul_up(np.abs(x), np.abs(y))))
    underflow = 2 * (len(exact) + len(small)) * k * TINY  # products of slices are exact but for bits below 2⁻¹⁰⁷⁴
    return Enclosed(value, derived(up(bound + underflow)))


def _split(x: Floats, bits: int, axis: int) -> tuple[list[Floats], list[Floats]]:
    """Slices and rests, x = slices[0] + … + slices[j] + rests[j] exactly for each j.

    A slice holds integers of `bits` bits times one power of two for each row (column).
    """
    slices, rests, rest = [], [], x
    for _ in range(_SLICES):
        top = np.frexp(np.abs(rest).max(axis=axis, keepdims=True, initial=0.0))[1]
        unit = np.maximum(top - bits, -1074)
        part = np.ldexp(np.rint(np.ldexp(rest, -unit)), unit)
        rest = rest - part  # exact: both are multiples of the last bit of `rest`, and the difference is no larger
        slices.append(part)
        rests.append(rest)
    return slices, rests


def _sum_with_errors(terms: list[Floats]) -> Enclosed:
    """(value, bound) of the sum of float matrices: two-sum keeps each rounding error, and only their sum is rounded."""
    total, low, size = terms[0], np.zeros_like(terms[0]), np.zeros_like(terms[0])
    for term in terms[1:]:
        new = total + term
        virtual = new - total
        error = (total - (new - virtual)) + (term - virtual)
        total, low, size = new, low + error, size + np.abs(error)
    value = total + low
    # `low` and `size` carry len(terms) roundings each, `value` one more
    return Enclosed(value, derived(up(up(np.abs(value) * UNIT) + up(size * up(gamma(2 * len(terms)))))))
