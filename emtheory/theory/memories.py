"""Memory bases: vectors that store the hidden state, and the dual that reads it.

Ξ (n × m) holds one memory a column, Ξ† (m × n) is a left inverse, Ξ†Ξ = I. The dual is *Moore-Penrose* where it is
(ΞᵀΞ)⁻¹Ξᵀ and *oblique* otherwise. `MemoryBasis` does not require duality: theorems break it on purpose.
"""

from __future__ import annotations

from dataclasses import dataclass

from emtheory.judges.exact import Matrix, exactly, eye, left_inverse
from emtheory.verdict import Verdict

__all__ = ["MemoryBasis"]


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

    def duality(self) -> Verdict:
        """Whether Ξ†Ξ = I."""
        return exactly(self.dual @ self.xi, eye(self.m))
