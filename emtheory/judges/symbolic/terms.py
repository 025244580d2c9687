"""Matrix expressions with symbolic sizes, kept as they are written.

The letters of a derivation are `letter("Xi", n, m)` (one n x m matrix) and `family("E", m, kappa)` (matrices E(1),
E(2), … indexed by integer expressions). Terms combine them: `A @ B`, `A + B`, `c * A` (c a sympy scalar), `A ** k`,
`A.T`, `total(body, (k, lower, upper))`, `block([[A, B], [C, D]])`, `identity(n)`, `zero(n, m)` and the scalar
`det(A)`. Shapes are compared when a term is built, so a term that exists has a meaning.

>>> n, m = sizes("n m")
>>> Xi, Dual = letter("Xi", n, m), letter("Dual", m, n)
>>> print((Xi @ Dual) @ Xi - 2 * Xi)
Xi Dual Xi - 2 Xi
>>> Xi @ Xi
Traceback (most recent call last):
    ...
ValueError: Xi is n x m and Xi is n x m: the inner sizes of a product must agree
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sympy
from sympy import KroneckerDelta

from emtheory.judges.symbolic.printing import scalar_text

__all__ = [
    "Atom",
    "Block",
    "Det",
    "Family",
    "Identity",
    "Plus",
    "Power",
    "Product",
    "Scaled",
    "Term",
    "Total",
    "Transposed",
    "Zero",
    "block",
    "delta",
    "det",
    "family",
    "identity",
    "indices",
    "letter",
    "sizes",
    "total",
    "zero",
]

Scalar = Any  # a sympy expression or a Python number


def same(a: Scalar, b: Scalar) -> bool:
    """Whether two scalar expressions expand to the same one."""
    return bool(a == b or sympy.expand(a - b) == 0)


class Term:
    """A rows x cols matrix expression; see the module's docstring for what it combines with."""

    rows: Scalar
    cols: Scalar

    def __matmul__(self, other: Term) -> Term:
        return Product(self, other)

    def __add__(self, other: Term) -> Term:
        return Plus((*_summands(self), *_summands(other)))

    def __sub__(self, other: Term) -> Term:
        return Plus((*_summands(self), *(-part for part in _summands(other))))

    def __neg__(self) -> Term:
        return -1 * self

    def __mul__(self, scalar: Scalar) -> Term:
        if isinstance(scalar, Term):
            raise TypeError("* is for scalars; the product of matrices is written A @ B")
        factor = sympy.sympify(scalar)
        return Scaled(factor * self.scalar, self.term) if isinstance(self, Scaled) else Scaled(factor, self)

    __rmul__ = __mul__

    def __pow__(self, exponent: Scalar) -> Term:
        return Power(self, sympy.sympify(exponent))

    @property
    def T(self) -> Term:
        """The transpose."""
        return self.term if isinstance(self, Transposed) else Transposed(self)

    @property
    def shape(self) -> str:
        """The shape in words."""
        return f"{self.rows} x {self.cols}"

    def __repr__(self) -> str:
        return str(self)


def _summands(term: Term) -> tuple[Term, ...]:
    return term.terms if isinstance(term, Plus) else (term,)


def _in_product(term: Term) -> str:
    return f"({term})" if isinstance(term, (Plus, Scaled, Total)) else str(term)


@dataclass(frozen=True, repr=False)
class Atom(Term):
    """A letter, or one element of a family (`index` is its one integer expression, or empty)."""

    name: str
    rows: Scalar
    cols: Scalar
    index: tuple[Scalar, ...] = ()

    def __str__(self) -> str:
        return self.name + (f"({', '.join(map(scalar_text, self.index))})" if self.index else "")


@dataclass(frozen=True)
class Family:
    """Matrices name(i) of one shape, one for each integer i."""

    name: str
    rows: Scalar
    cols: Scalar

    def __call__(self, *index: Scalar) -> Atom:
        """The element with this index, an integer expression."""
        return Atom(self.name, self.rows, self.cols, tuple(sympy.sympify(i) for i in index))


@dataclass(frozen=True, repr=False)
class Identity(Term):
    """The rows x rows identity."""

    rows: Scalar

    @property
    def cols(self) -> Scalar:
        """The number of columns."""
        return self.rows

    def __str__(self) -> str:
        return "I"


@dataclass(frozen=True, repr=False)
class Zero(Term):
    """The rows x cols zero matrix."""

    rows: Scalar
    cols: Scalar

    def __str__(self) -> str:
        return "0"


@dataclass(frozen=True, repr=False)
class Product(Term):
    """left right."""

    left: Term
    right: Term

    def __post_init__(self) -> None:
        if not same(self.left.cols, self.right.rows):
            raise ValueError(
                f"{self.left} is {self.left.shape} and {self.right} is {self.right.shape}: "
                "the inner sizes of a product must agree"
            )
        object.__setattr__(self, "rows", self.left.rows)
        object.__setattr__(self, "cols", self.right.cols)

    def __str__(self) -> str:
        return f"{_in_product(self.left)} {_in_product(self.right)}"


@dataclass(frozen=True, repr=False)
class Plus(Term):
    """The sum of terms of one shape."""

    terms: tuple[Term, ...]

    def __post_init__(self) -> None:
        first = self.terms[0]
        for other in self.terms[1:]:
            if not (same(first.rows, other.rows) and same(first.cols, other.cols)):
                raise ValueError(f"{first} is {first.shape} and {other} is {other.shape}: a sum needs one shape")
        object.__setattr__(self, "rows", first.rows)
        object.__setattr__(self, "cols", first.cols)

    def __str__(self) -> str:
        text = str(self.terms[0])
        for term in self.terms[1:]:
            piece = str(term)
            text += f" - {piece[1:]}" if piece.startswith("-") else f" + {piece}"
        return text


@dataclass(frozen=True, repr=False)
class Scaled(Term):
    """scalar term."""

    scalar: Scalar
    term: Term

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", self.term.rows)
        object.__setattr__(self, "cols", self.term.cols)

    def __str__(self) -> str:
        if self.scalar == 1:
            return str(self.term)
        inner = f"({self.term})" if isinstance(self.term, Plus) else str(self.term)
        if self.scalar == -1:
            return f"-{inner}"
        text = scalar_text(self.scalar)
        return (f"({text})" if self.scalar.is_Add else text) + f" {inner}"


@dataclass(frozen=True, repr=False)
class Power(Term):
    """base ** exponent, exponent ≥ 0 an integer expression."""

    base: Term
    exponent: Scalar

    def __post_init__(self) -> None:
        if not same(self.base.rows, self.base.cols):
            raise ValueError(f"{self.base} is {self.base.shape}: a power needs a square matrix")
        object.__setattr__(self, "rows", self.base.rows)
        object.__setattr__(self, "cols", self.base.cols)

    def __str__(self) -> str:
        base = str(self.base) if isinstance(self.base, Atom) else f"({self.base})"
        exponent = scalar_text(self.exponent)
        return f"{base}^{exponent}" if self.exponent.is_Symbol or self.exponent.is_Integer else f"{base}^({exponent})"


@dataclass(frozen=True, repr=False)
class Transposed(Term):
    """The transpose of a term."""

    term: Term

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", self.term.cols)
        object.__setattr__(self, "cols", self.term.rows)

    def __str__(self) -> str:
        return f"{self.term}ᵀ" if isinstance(self.term, Atom) else f"({self.term})ᵀ"


@dataclass(frozen=True, repr=False)
class Total(Term):
    """Σ body over symbol = lower … upper; a range with upper < lower is empty and its total is 0."""

    body: Term
    symbol: Any
    lower: Scalar
    upper: Scalar

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", self.body.rows)
        object.__setattr__(self, "cols", self.body.cols)

    def __str__(self) -> str:
        body = f"({self.body})" if isinstance(self.body, Plus) else str(self.body)
        return f"Σ[{self.symbol}={scalar_text(self.lower)}..{scalar_text(self.upper)}] {body}"


@dataclass(frozen=True, repr=False)
class Block(Term):
    """A matrix of blocks whose heights agree along rows and whose widths agree along columns."""

    grid: tuple[tuple[Term, ...], ...]

    def __post_init__(self) -> None:
        top = self.grid[0]
        for row in self.grid:
            if len(row) != len(top):
                raise ValueError(f"block rows of {len(row)} and {len(top)} blocks: a grid needs rows of one length")
            for cell, above in zip(row, top, strict=True):
                if not (same(cell.rows, row[0].rows) and same(cell.cols, above.cols)):
                    raise ValueError(f"block {cell} is {cell.shape}, but its place is {row[0].rows} x {above.cols}")
        object.__setattr__(self, "rows", sympy.expand(sum(row[0].rows for row in self.grid)))
        object.__setattr__(self, "cols", sympy.expand(sum(cell.cols for cell in top)))

    def __str__(self) -> str:
        return "[" + "; ".join(", ".join(map(str, row)) for row in self.grid) + "]"


class Det(sympy.Symbol):  # type: ignore[misc]
    """det(A) as a scalar symbol that carries its matrix; two are equal if their matrices are, sizes included."""

    __slots__ = ("matrix",)
    matrix: Term

    def __new__(cls, matrix: Term) -> Det:
        """The determinant of a square term."""
        if not same(matrix.rows, matrix.cols):
            raise ValueError(f"{matrix} is {matrix.shape}: a determinant needs a square matrix")
        symbol = sympy.Symbol.__xnew__(cls, f"det({matrix})", commutative=True)
        symbol.matrix = matrix
        return symbol  # type: ignore[no-any-return]

    def _hashable_content(self) -> tuple[Any, ...]:
        return (*super()._hashable_content(), self.matrix)  # sympy's caches must not mix sizes that print alike


def sizes(names: str) -> Any:
    """Symbolic sizes: positive integers."""
    return sympy.symbols(names, integer=True, positive=True)


def indices(names: str) -> Any:
    """Symbolic indices: integers of any sign."""
    return sympy.symbols(names, integer=True)


def letter(name: str, rows: Scalar, cols: Scalar) -> Atom:
    """A rows x cols matrix called `name`."""
    return Atom(name, sympy.sympify(rows), sympy.sympify(cols))


def family(name: str, rows: Scalar, cols: Scalar) -> Family:
    """Matrices name(i), rows x cols each."""
    return Family(name, sympy.sympify(rows), sympy.sympify(cols))


def identity(n: Scalar) -> Term:
    """The n x n identity."""
    return Identity(sympy.sympify(n))


def zero(rows: Scalar, cols: Scalar) -> Term:
    """The rows x cols zero matrix."""
    return Zero(sympy.sympify(rows), sympy.sympify(cols))


def total(body: Term, limits: tuple[Any, Scalar, Scalar]) -> Term:
    """Σ body over limits = (symbol, lower, upper), 0 when the range is empty."""
    symbol, lower, upper = limits
    return Total(body, symbol, sympy.sympify(lower), sympy.sympify(upper))


def block(grid: Sequence[Sequence[Term]]) -> Term:
    """The block matrix of these terms."""
    return Block(tuple(tuple(row) for row in grid))


def delta(i: Scalar, j: Scalar) -> Scalar:
    """1 if i = j, else 0."""
    return KroneckerDelta(i, j)


def det(matrix: Term) -> Scalar:
    """The determinant of a square term, a scalar."""
    return Det(matrix)
