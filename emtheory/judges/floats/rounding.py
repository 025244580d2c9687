"""Rounding: the error model every bound of the float judge is derived from, and arithmetic that only errs upwards.

The model is IEEE binary64, rounding to nearest, with gradual underflow: fl(a op b) = (a op b)(1 + δ) + η, with
|δ| ≤ u = 2⁻⁵³, where η = 0 for sums and |η| ≤ 2⁻¹⁰⁷⁵ for products. An inner product of length k, in any order of
summation, with or without fused multiply-add, is then off by at most γ_k |a|ᵀ|b| + k 2⁻¹⁰⁷⁴, γ_k = ku/(1 − ku). For
complex vectors the real and the imaginary part are inner products of length 2k, each of terms whose magnitudes sum to
|a|ᵀ|b| at most, which gives √2 γ_2k |a|ᵀ|b| + 2k 2⁻¹⁰⁷⁴. BLAS products fit the model unless they are Strassen-like or
of reduced precision; `blas_self_test` looks for that.

References: N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., chapters 2 and 3.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from emtheory.judges.floats import kernels
from emtheory.system.array_types import Array, Floats

__all__ = [
    "TINY",
    "UNIT",
    "gamma",
    "matmul_up",
    "modulus_up",
    "product_gamma",
    "product_tiny",
    "sum_up",
    "up",
]


UNIT = 2.0**-53
# the smallest positive float, 2⁻¹⁰⁷⁴; twice the error of a product that underflows. Python computes the power when it
# compiles this file, and may do so while the processor flushes it to 0
TINY = float(np.nextafter(0.0, 1.0))
_SQRT2_UP = float(np.nextafter(np.sqrt(2.0), 2.0))


def up(x: Any) -> Any:
    """The next float above `x`: at least the exact result of the one rounded operation that gave `x`.

    >>> bool(up(0.1 + 0.2) > 0.3)
    True
    """
    return np.nextafter(x, np.inf)


def gamma(k: int) -> float:
    """γ_k = ku/(1 − ku), u = 2⁻⁵³, rounded up: the relative error of k roundings in a row.

    >>> gamma(1) > 2.0**-53
    True

    Raises:
        ValueError: k < 0, or k u ≥ 1, where the model says nothing.
    """
    if not 0 <= k < 2**53:
        raise ValueError(f"gamma(k) needs 0 <= k < 2**53, got {k}")
    # k u and 1 - k u are multiples of 2⁻⁵³ below 1, hence exact: the division is the only rounding
    return float(up(k * UNIT / (1 - k * UNIT))) if k else 0.0


def product_gamma(k: int, *, is_complex: bool) -> float:
    """The factor c of the bound c |A||B| on the rounding error of a product with inner size k."""
    return float(up(_SQRT2_UP * gamma(2 * k))) if is_complex else gamma(k)


def product_tiny(k: int, *, is_complex: bool) -> float:
    """The term that underflow adds to c |A||B|, entry by entry."""
    return (2 * k if is_complex else k) * TINY


def sum_up(x: Floats, axis: int) -> Floats:
    """An upper bound of the sum of nonnegative floats along `axis`: fl(Σx)(1 + γ_{k−1}) ≥ Σx."""
    growth = up(1 + gamma(max(x.shape[axis] - 1, 0)))
    return np.asarray(up(x.sum(axis=axis) * growth))


def matmul_up(a: Floats, b: Floats) -> Floats:
    """An upper bound, entry by entry, of the product of two nonnegative arrays: fl(AB)(1 + γ_k) + k 2⁻¹⁰⁷⁴ ≥ AB."""
    k = a.shape[-1]
    with np.errstate(over="ignore", invalid="ignore"):
        bound: Floats = up(up(kernels.product(a, b) * up(1 + gamma(k))) + k * TINY)
    return bound


def modulus_up(z: Array) -> Floats:
    """An upper bound of |z|, entry by entry, at most 16u above it: m √(1 + (l/m)²), m ≥ l the parts' magnitudes.

    Written out because nothing guarantees the error of `hypot`; five roundings, each by 1 + u at most.

    >>> float(modulus_up(np.array([3 + 4j]))[0]) >= 5
    True
    """
    if not np.iscomplexobj(z):
        return np.asarray(np.abs(z), dtype=np.float64)
    re, im = np.abs(z.real), np.abs(z.imag)
    large, small = np.maximum(re, im), np.minimum(re, im)
    with np.errstate(invalid="ignore", over="ignore", under="ignore"):
        ratio = small / np.where(large > 0, large, 1.0)
        modulus: Floats = up(large * np.sqrt(1 + ratio * ratio) * (1 + 8 * UNIT))
    return modulus
