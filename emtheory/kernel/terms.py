"""What statements and proofs speak of: numbers and matrix terms, as plain immutable data.

A `Poly` is a polynomial with rational coefficients over generators: variables, Kronecker deltas, determinants,
symbolic powers and functions of one real argument. Sizes, indices and exponents are polynomials in integers. A `Term`
is a matrix expression; a number c stands in statements as the 1 x 1 term c I_1. The index of a sum has no name: in the
body it is `Bound(0)`, under one more sum `Bound(1)`, and so on; so terms that differ in such names are equal, and
nothing can be captured. Every function here is total: a family has an element for every integer, and a power with a
negative exponent is 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

MOST_PARTS, MOST_FACTORS, MOST_BITS = 1_000, 400, 4_000


class ProofError(Exception):
    """What is written has no meaning, or does not prove what it should: the reason of a refusal."""

    step = ""


def demand(truth: bool, complaint: str) -> None:
    """Refuse what is written, unless this is true."""
    if not truth:
        raise ProofError(complaint)


@dataclass(frozen=True)
class Var:
    """A number with a name: sort "size" (a natural number), "int" or "real"."""

    name: str
    sort: str


@dataclass(frozen=True)
class Bound:
    """The index of the sum that is `up` sums further out than the innermost one around this place."""

    up: int


@dataclass(frozen=True)
class Level:
    """The index of a sum that was opened inside of `depth` others. No text can name it."""

    depth: int


@dataclass(frozen=True)
class Delta:
    """1 if i = j, else 0."""

    i: Poly
    j: Poly


@dataclass(frozen=True)
class Det:
    """The determinant of a square term."""

    term: Term


@dataclass(frozen=True)
class SPow:
    """base ^ exponent, the exponent an integer; 1 if it is negative."""

    base: Poly
    exponent: Poly


@dataclass(frozen=True)
class Fn:
    """A function of one real argument; of sqrt and inv nothing is known outside of their domains."""

    name: str
    argument: Poly


Generator: TypeAlias = Var | Bound | Level | Delta | Det | SPow | Fn
Monomial: TypeAlias = tuple[Generator, ...]


def order(generator: Generator) -> str:
    """The key by which the factors of a monomial are sorted."""
    return generator.name if isinstance(generator, Var) else str(generator)


class Poly:
    """A sum of coefficient · monomial in one order: equal polynomials have equal `parts`."""

    __slots__ = ("_hash", "_text", "parts")

    def __init__(self, parts: Mapping[Monomial, Fraction]) -> None:
        kept = [(m, c) for m, c in parts.items() if c]
        demand(len(kept) <= MOST_PARTS, "a polynomial of too many parts")
        for m, c in kept:
            demand(len(m) <= MOST_FACTORS, "a monomial of too many factors")
            demand(
                max(c.numerator.bit_length(), c.denominator.bit_length()) <= MOST_BITS, "a number of too many digits"
            )
        if len(kept) > 1:
            kept.sort(key=lambda part: [order(g) for g in part[0]])
        self.parts = tuple(kept)
        self._hash, self._text = 0, ""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Poly) and self.parts == other.parts

    def __hash__(self) -> int:
        self._hash = self._hash or hash(self.parts)
        return self._hash

    def __add__(self, other: Poly | int) -> Poly:
        total = dict(self.parts)
        for m, c in poly(other).parts:
            total[m] = total.get(m, Fraction(0)) + c
        return Poly(total)

    def __neg__(self) -> Poly:
        return Poly({m: -c for m, c in self.parts})

    def __sub__(self, other: Poly | int) -> Poly:
        return self + -poly(other)

    def __mul__(self, other: Poly | int | Fraction) -> Poly:
        right, total = poly(other), dict[Monomial, Fraction]()
        demand(len(self.parts) * len(right.parts) <= MOST_PARTS, "a polynomial of too many parts")
        for m, c in self.parts:
            for n, d in right.parts:
                key = product_of(m, n)
                total[key] = total.get(key, Fraction(0)) + c * d
        return Poly(total)

    def __repr__(self) -> str:
        if not self._text:
            texts = ("*".join([*([str(c)] if c != 1 or not m else []), *map(order, m)]) for m, c in self.parts)
            self._text = " + ".join(texts).replace("+ -", "- ") or "0"
        return self._text

    @property
    def constant(self) -> Fraction | None:
        """The value, if this is a number."""
        if not self.parts:
            return Fraction(0)
        return self.parts[0][1] if len(self.parts) == 1 and not self.parts[0][0] else None

    @property
    def integral(self) -> bool:
        """Whether this is an integer by its form, whatever its variables are."""
        return all(c.denominator == 1 and all(_is_integer(g) for g in m) for m, c in self.parts)

    @property
    def is_size(self) -> bool:
        """Whether this is a natural number by its form: made of sizes and naturals by + and ·."""
        return self.integral and all(c > 0 and all(isinstance(g, Var) and g.sort == "size" for g in m)
                                     for m, c in self.parts)  # fmt: skip


def _is_integer(g: Generator) -> bool:
    return isinstance(g, (Bound, Level)) or (isinstance(g, Var) and g.sort != "real")


def product_of(m: Monomial, n: Monomial) -> Monomial:
    """The product of two monomials, its factors in order."""
    return tuple(sorted(m + n, key=order)) if m and n else m or n


def poly(value: Poly | Generator | int | Fraction) -> Poly:
    """A number, a generator or a polynomial as a polynomial."""
    if isinstance(value, Poly):
        return value
    return Poly({(): Fraction(value)} if isinstance(value, (int, Fraction)) else {(value,): Fraction(1)})


def delta(i: Poly, j: Poly) -> Poly:
    """The Kronecker delta, its two sides in one order."""
    return poly(Delta(*sorted((i, j), key=repr)))


def spow(base: Poly, exponent: Poly) -> Poly:
    """base ^ exponent, multiplied out if the exponent is a natural number; a negative number is refused."""
    count = exponent.constant
    if count is None:
        return poly(SPow(base, exponent))
    result = poly(1)
    for _ in range(natural(count)):
        result = result * base
    return result


def natural(count: Fraction) -> int:
    """An exponent that is a number."""
    demand(count >= 0 and count.denominator == 1, f"the exponent {count} is not a natural number")
    demand(count <= MOST_FACTORS, f"the exponent {count} is too large to be multiplied out")
    return int(count)


class Term:
    """A matrix expression."""

    def __add__(self, other: Term) -> Term:
        return Plus((self, other))

    def __sub__(self, other: Term) -> Term:
        return Plus((self, Scaled(poly(-1), other)))


@dataclass(frozen=True)
class Letter(Term):
    """A matrix, or an element of a family; letters of different shapes are different letters."""

    name: str
    rows: Poly
    cols: Poly
    index: tuple[Poly, ...] = ()


@dataclass(frozen=True)
class Identity(Term):
    """The identity."""

    size: Poly


@dataclass(frozen=True)
class Zero(Term):
    """The zero matrix."""

    rows: Poly
    cols: Poly


@dataclass(frozen=True)
class Product(Term):
    """The product of one or more matrices."""

    factors: tuple[Term, ...]


@dataclass(frozen=True)
class Plus(Term):
    """The sum of one or more matrices."""

    terms: tuple[Term, ...]


@dataclass(frozen=True)
class Scaled(Term):
    """scalar · term."""

    scalar: Poly
    term: Term


@dataclass(frozen=True)
class Transposed(Term):
    """The transpose."""

    term: Term


@dataclass(frozen=True)
class Power(Term):
    """base ^ exponent; the identity if the exponent is negative."""

    base: Term
    exponent: Poly


@dataclass(frozen=True)
class Sum(Term):
    """Σ body over lower … upper, where the body calls the index Bound(0); 0 if upper < lower. An `oriented` sum is then
    minus the sum over upper + 1 … lower - 1, so that oriented sums chain whatever their ends are."""

    lower: Poly
    upper: Poly
    body: Term
    oriented: bool = False


@dataclass(frozen=True)
class Block(Term):
    """A matrix of blocks."""

    grid: tuple[tuple[Term, ...], ...]


@dataclass(frozen=True)
class Fact:
    """For all `variables` with every condition (a number ≥ 0): lhs = rhs, or lhs - rhs ≥ 0 (1 x 1)."""

    variables: tuple[Var, ...]
    conditions: tuple[Poly, ...]
    lhs: Term
    rhs: Term
    relation: str = "="


def number(value: Poly | Generator | int) -> Term:
    """A number as a 1 x 1 term."""
    return Scaled(poly(value), Identity(poly(1)))
