"""How far a correct implementation can be off: bounds from the unit roundoff, sizes, norms and condition numbers.

`eps` is the spacing of floats at 1 in the precision of the arguments, u = eps/2. Orthogonal reductions (QR, Schur form,
singular values) of an n × n matrix are exact for a matrix that is off by `backward(n, eps)` in relative Frobenius norm:
n reflections of length n, then 3 sweeps an eigenvalue of n rotations each, every one of them off by a few u a column.

References: N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., lemmas 3.1, 19.3 and 19.9;
P.-Å. Wedin, BIT 13 (1973); W. Kahan, B. N. Parlett, E. Jiang, SIAM J. Numer. Anal. 19 (1982).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from emtheory.system.array_types import Floats

__all__ = ["backward", "eigenvalue_bound", "gamma", "memory_growth", "product_bound", "pseudo_inverse_bound"]


def gamma(k: float, eps: float) -> float:
    """γ_k = ku/(1 − ku), the relative error of k roundings in a row; infinite for ku ≥ 1.

    >>> gamma(1, 2.0**-52) > 2.0**-53
    True
    """
    spent = k * eps / 2
    return spent / (1 - spent) if spent < 1 else np.inf


def backward(n: int, eps: float) -> float:
    """γ for n · n + 3n · n roundings of reflections and rotations, each of a few operations (4).

    >>> backward(1, 2.0**-52) == gamma(16, 2.0**-52)
    True
    """
    return gamma(16 * n * n, eps)


def product_bound(eps: float, *factors: Any) -> Floats:
    """γ_k |A||B|…, k the sum of the inner sizes: the error of a product in any association.

    >>> bool(product_bound(2.0**-52, [[1.0, -1.0]], [[2.0], [2.0]])[0, 0] > 4 * 2.0**-52)
    True
    """
    value = np.abs(np.asarray(factors[0], dtype=np.float64))
    roundings = 0
    for factor in factors[1:]:
        roundings += value.shape[-1]
        value = value @ np.abs(np.asarray(factor, dtype=np.float64))
    return np.asarray(gamma(roundings, eps) * value)


def eigenvalue_bound(n: int, block: int, condition: float, norm: float, eps: float) -> float:
    """How far computed eigenvalues can be from the exact ones, under the best matching of all n.

    With A = XJX⁻¹, J of Jordan blocks of size ≤ k and E the backward error, every eigenvalue is within r of one of A,
    rᵏ/(1 + r)^{k−1} ≤ d = ‖X‖‖X⁻¹‖‖E‖, so r ≤ max((2^{k−1}d)^{1/k}, 2^{k−1}d); components of n discs cost 2n − 1.

    Arguments:
        block: k. condition: ‖X‖‖X⁻¹‖. norm: ‖A‖_F.

    >>> eigenvalue_bound(1, 1, 1.0, 1.0, 2.0**-52) < 1e-14
    True
    """
    d = 2.0 ** (block - 1) * condition * backward(n, eps) * norm
    return float((2 * n - 1) * max(d ** (1 / block), d))


def pseudo_inverse_bound(A: Floats, inverse: Floats, eps: float) -> float:
    """‖fl(A⁺) − A⁺‖ for singular values with the right rank: Wedin's 2‖A⁺‖²‖E‖ for A + E, and the last products.

    Arguments:
        A, inverse: p × q and its exact inverse q × p.

    >>> pseudo_inverse_bound(np.eye(2), np.eye(2), 2.0**-52) < 1e-13
    True
    """
    size, norm, back = max(A.shape), float(np.linalg.norm(A)), float(np.linalg.norm(inverse))
    relative = backward(size, eps) * norm * back
    if not relative < 1:
        return np.inf
    return 2 * back * relative / (1 - relative) ** 2 + gamma(3 * size, eps) * back


def memory_growth(W: Floats, U: Floats, R: Floats, steps: int) -> float:
    """The largest entry of M^k|U|, k ≤ steps, M = |W| + |U||R||W|: what rounding errors of the recursion multiply.

    >>> memory_growth(np.eye(1), np.eye(1), np.eye(1), 2)
    4.0
    """
    M = np.abs(W) + np.abs(U) @ np.abs(R) @ np.abs(W)
    powers, largest = np.abs(U), float(np.abs(U).max())
    for _ in range(steps):
        powers = M @ powers
        largest = max(largest, float(powers.max()))
    return largest
