"""Memory bases: vectors that store the hidden state, and the dual that reads it.

Ξ (n × m) holds one memory a column, Ξ† (m × n) is a left inverse, Ξ†Ξ = I. The dual is *Moore-Penrose* where it is
(ΞᵀΞ)⁻¹Ξᵀ and *oblique* otherwise. `MemoryBasis` does not require duality: theorems break it on purpose.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from flint import fmpq

from emtheory.judges.exact import Matrix, charpoly, exactly, eye, left_inverse, rational
from emtheory.verdict import Verdict

__all__ = ["MemoryBasis", "norm_bound", "positive_semidefinite", "singular_bounds"]


@dataclass(frozen=True)
class MemoryBasis:
    """Memories Ξ (n × m), one a column, and what reads them (m × n); duality is *not* required.

    >>> from emtheory.judges.exact import matrix
    >>> basis = MemoryBasis.moore_penrose(matrix([[1, 1], [0, 1], [0, 0]]))
    >>> basis.dual
    matrix([[1, -1, 0], [0, 1, 0]])
    >>> basis.duality().outcome
    <Outcome.PROVED: 'proved'>

    Raises:
        ValueError: shapes that do not fit.
    """

    xi: Matrix
    dual: Matrix

    def __post_init__(self) -> None:
        n, m = self.xi.shape
        if self.dual.shape != (m, n):
            raise ValueError(
                f"the dual of {n} x {m} memories must have shape {(m, n)}, but has {self.dual.shape}; "
                "it reads m memories from n units"
            )

    @classmethod
    def moore_penrose(cls, xi: Matrix) -> MemoryBasis:
        """The basis Ξ with dual (ΞᵀΞ)⁻¹Ξᵀ.

        Raises:
            ValueError: the columns of Ξ are dependent.
        """
        return cls(xi, left_inverse(xi))

    @property
    def n(self) -> int:
        """The hidden dimension."""
        return self.xi.shape[0]

    @property
    def m(self) -> int:
        """The number of memories."""
        return self.xi.shape[1]

    @property
    def gram(self) -> Matrix:
        """G = ΞᵀΞ (m × m), the overlaps of the memories."""
        return self.xi.T @ self.xi

    def duality(self) -> Verdict:
        """Whether Ξ†Ξ = I."""
        return exactly(self.dual @ self.xi, eye(self.m))


def positive_semidefinite(a: Matrix) -> bool:
    """Whether a symmetric matrix has no negative eigenvalue, decided exactly.

    All roots of its characteristic polynomial Σ c_k x^k are real, so none is negative iff (−1)^{n−k} c_k ≥ 0 for all k.

    >>> from emtheory.judges.exact import matrix
    >>> positive_semidefinite(matrix([[1, 2], [2, 4]])), positive_semidefinite(matrix([[1, 2], [2, 3]]))
    (True, False)

    Raises:
        ValueError: the matrix is not symmetric.
    """
    if a != a.T:
        raise ValueError("only a symmetric matrix can be tested for negative eigenvalues this way")
    coefficients = charpoly(a).coeffs()[::-1]
    return all(c * (-1) ** k >= 0 for k, c in enumerate(coefficients))


def norm_bound(a: Matrix) -> fmpq:
    """A rational P with ‖A‖₂² ≤ P, proved exactly, most often within 2⁻³⁵ of it; 0 for A = 0.

    Raises:
        ValueError: entries beyond the range of floats, where no guess exists.
    """
    gram = a.T @ a if a.shape[0] >= a.shape[1] else a @ a.T
    if gram.is_zero():
        return rational(0)
    largest = _dyadic(np.linalg.eigvalsh(gram.numpy())[-1])
    return _widened(largest, 1, lambda high: positive_semidefinite(high * eye(len(gram)) - gram))


def singular_bounds(a: Matrix) -> tuple[fmpq, fmpq]:
    """Rationals p ≤ σ² ≤ P for the singular values of a matrix of full rank, p > 0, proved exactly.

    >>> low, high = singular_bounds(eye(2))
    >>> low < 1 < high
    True

    Raises:
        ValueError: the rank is not full, or the matrix is too ill-conditioned for a float guess.
    """
    gram = a.T @ a if a.shape[0] >= a.shape[1] else a @ a.T
    least = np.linalg.eigvalsh(gram.numpy())[0]
    if gram.det() == 0 or not least > 0:
        raise ValueError("the matrix has no full rank, or is too ill-conditioned to bound its singular values")
    low = _widened(_dyadic(least), -1, lambda value: positive_semidefinite(gram - value * eye(len(gram))))
    return low, norm_bound(a)


def _widened(guess: fmpq, direction: int, holds: Callable[[fmpq], bool]) -> fmpq:
    """The float guess moved as little as is needed for the bound to hold."""
    for bits in (36, 24, 12, 3):
        value = guess * (1 + direction * rational(1) / 2**bits)
        if holds(value):
            return value
    raise ValueError("the matrix is too ill-conditioned to bound its singular values")


def _dyadic(value: float) -> fmpq:
    return fmpq(*float(value).as_integer_ratio())
