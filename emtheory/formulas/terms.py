"""Terms beside those of linear algebra: entrywise maps of matrices, and scalars that are read off a matrix.

`tanh(A)` applies a map to each entry; `norm_inf(A)`, `rank(A)` and `det(A)` are scalars that carry their matrix.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy

from emtheory.judges.symbolic.terms import Det, Term, det

__all__ = ["MAPS", "Mapped", "NormInf", "OfMatrix", "Rank", "Variable", "det", "entrywise", "norm_inf", "rank", "tanh"]

MAPS = ("tanh", "exp", "sinh", "cosh", "abs")
"""The functions that can be applied entry by entry."""


@dataclass(frozen=True, repr=False)
class Mapped(Term):
    """function(term), entry by entry."""

    function: str
    term: Term

    def __post_init__(self) -> None:
        if self.function not in MAPS:
            raise ValueError(f"{self.function} is not among the entrywise maps {', '.join(MAPS)}")
        object.__setattr__(self, "rows", self.term.rows)
        object.__setattr__(self, "cols", self.term.cols)

    def __str__(self) -> str:
        return f"{self.function}({self.term})"


class OfMatrix(sympy.Symbol):  # type: ignore[misc]
    """A scalar read off a matrix, as a symbol that carries it; two are equal if kind and matrix are."""

    __slots__ = ("matrix",)
    matrix: Term
    pattern = ""

    def __new__(cls, matrix: Term) -> OfMatrix:
        """The scalar of this term."""
        symbol = sympy.Symbol.__xnew__(cls, cls.pattern.format(matrix), real=True)
        symbol.matrix = matrix
        return symbol  # type: ignore[no-any-return]

    def _hashable_content(self) -> tuple[Any, ...]:
        return (*super()._hashable_content(), self.matrix)  # sizes that print alike are different


class NormInf(OfMatrix):
    """‖A‖_∞, the largest sum of absolute values in a row."""

    __slots__ = ()
    pattern = "‖{}‖"


class Rank(OfMatrix):
    """rank A."""

    __slots__ = ()
    pattern = "rank({})"


class Variable(sympy.Symbol):  # type: ignore[misc]
    """An indeterminate: a formula that has it speaks of all its real values, as a characteristic polynomial does."""

    __slots__ = ()

    def __new__(cls, name: str) -> Variable:
        """The indeterminate of this name."""
        return sympy.Symbol.__xnew__(cls, name, real=True)  # type: ignore[no-any-return]


CARRIERS = (Det, OfMatrix)
"""Scalars that carry a matrix."""


def entrywise(function: str, term: Term) -> Term:
    """function(term), entry by entry.

    Raises:
        ValueError: a function that is not in `MAPS`.
    """
    return Mapped(function, term)


def tanh(argument: Any) -> Any:
    """tanh of a scalar, or of each entry of a term.

    >>> from emtheory.judges.symbolic.terms import letter
    >>> print(tanh(letter("A", 2, 2)))
    tanh(A)
    """
    return Mapped("tanh", argument) if isinstance(argument, Term) else sympy.tanh(argument)


def norm_inf(matrix: Term) -> Any:
    """‖A‖_∞ = max_i Σ_j |A_ij|, a scalar."""
    return NormInf(matrix)


def rank(matrix: Term) -> Any:
    """rank A, a scalar."""
    return Rank(matrix)
