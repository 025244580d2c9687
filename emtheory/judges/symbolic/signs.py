"""Claims of inequalities: a 1 x 1 term is ≥ 0 because it is a sum of parts that are.

`nonnegative` writes a term as such a sum, `never_negative` does so by induction, `integrated` goes from the sign of a
derivative to that of the function. The judge checks the equation, and then the sign of each part by itself: the
scalar in front has to be ≥ 0 by its assumptions, the term a square vᵀv, a bound that is given, or a product of these.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sympy

from emtheory.judges.symbolic.claims import Bound, Claim, Equation, Given, conditions_text, must_be_scalar
from emtheory.judges.symbolic.lemmas import Lemma
from emtheory.judges.symbolic.printing import scalar_text
from emtheory.judges.symbolic.terms import Identity, Plus, Term, Zero
from emtheory.judges.symbolic.traversal import substituted

__all__ = ["Integrated", "NeverNegative", "Nonnegative", "Parts", "integrated", "never_negative", "nonnegative"]

Parts = tuple[tuple[Any, Term], ...]


@dataclass(frozen=True, eq=False)
class Nonnegative(Claim):
    """The left side is a sum of parts ≥ 0: scalars ≥ 0 times squares vᵀv, bounded terms, and products of these."""

    parts: Parts

    def bound(self) -> Bound:
        """What later steps may use."""
        return Bound(self.equation.lhs, self, self.equation.where)

    def method(self) -> str:
        """How the equation is proved, in a phrase."""
        return "by rewriting; every part on the right is ≥ 0"

    def __str__(self) -> str:
        return f"{self.equation} ≥ 0"


@dataclass(frozen=True, eq=False)
class NeverNegative(Nonnegative):
    """term ≥ 0 for all k ≥ start. `equation` is the step: what term is at k + 1; its parts may be the term at k."""

    k: Any
    start: Any
    term: Term
    base: Parts

    def bound(self) -> Bound:
        """What later steps may use."""
        return Bound(self.term, self, self.equation.where)

    def first(self) -> Equation:
        """The equation at k = start."""
        here = {self.k: self.start}
        where = tuple(c.subs(here) for c in self.equation.where)
        return Equation(substituted(self.term, here), _sum(self.base), where)

    def assumed(self) -> Bound:
        """What the step may assume."""
        return Bound(self.term, self, self.equation.where)

    def method(self) -> str:
        """How the equation is proved, in a phrase."""
        return f"by induction on {self.k} from {self.start}, where {self.first()}; every part on the right is ≥ 0"

    def __str__(self) -> str:
        return f"{self.term} ≥ 0   for {conditions_text(self.equation.where)}"


@dataclass(frozen=True, eq=False)
class Integrated(Nonnegative):
    """function(z) ≥ 0 for z ≥ 0, for it is 0 at z = 0 and its derivative is the left side of an earlier claim."""

    z: Any
    function: Any
    slope: Nonnegative

    def bound(self) -> Bound:
        """What later steps may use."""
        return Bound(self.function * Identity(sympy.S.One), self)

    def method(self) -> str:
        """How the equation is proved, in a phrase."""
        return f"by integration from {self.z} = 0, where both sides vanish; the derivative is ≥ 0"

    def __str__(self) -> str:
        return f"{scalar_text(self.function)} ≥ 0   for {self.z} ≥ 0"


def _weighted(parts: Sequence[tuple[Any, Term]]) -> Parts:
    return tuple((sympy.sympify(coefficient), term) for coefficient, term in parts)


def _sum(parts: Parts) -> Term:
    return Plus(tuple(coefficient * term for coefficient, term in parts)) if parts else Zero(sympy.S.One, sympy.S.One)


def nonnegative(
    lhs: Term, parts: Sequence[tuple[Any, Term]], given: Sequence[Given] = (), where: Iterable[Any] = ()
) -> Nonnegative:
    """lhs = Σ coefficient·term ≥ 0: each coefficient is a scalar ≥ 0, each term a square vᵀv, a given bound, or a
    product of such terms; a claim of this kind that is given is a bound too.

    Raises:
        ValueError: the left side is not 1 x 1.
    """
    weighted = _weighted(parts)
    must_be_scalar(lhs)
    return Nonnegative(Equation(lhs, _sum(weighted), tuple(where)), tuple(given), (), weighted)


def never_negative(
    k: Any,
    start: Any,
    term: Term,
    base: Sequence[tuple[Any, Term]],
    step: Sequence[tuple[Any, Term]],
    given: Sequence[Given] = (),
    where: Iterable[Any] = (),
) -> Nonnegative:
    """term ≥ 0 for all k ≥ start: it is Σ base at k = start and Σ step at k + 1, where the term at k may be a part."""
    must_be_scalar(term)
    weighted, later = _weighted(step), substituted(term, {k: k + 1})
    equation = Equation(later, _sum(weighted), (*where, k >= start))
    return NeverNegative(equation, tuple(given), (), weighted, k, sympy.sympify(start), term, _weighted(base))


def integrated(slope: Nonnegative, z: Any, function: Any, lemma: Lemma) -> Nonnegative:
    """function(z) ≥ 0 for all z ≥ 0, from function(0) = 0 and the earlier claim function'(z) = … ≥ 0."""
    derivative = sympy.diff(function, z) * Identity(sympy.S.One)
    equation = Equation(derivative, slope.bound().term)
    return Integrated(equation, (slope, lemma), (), (), z, sympy.sympify(function), slope)
