"""What a proof says, as data: goals, with a rule and what each rests on. Nothing here is trusted.

A theorem's `proof(prove)` states goals in order. Each is a formula; what it may use are formulas too: hypotheses,
definitions, earlier goals, or conclusions of used theorems.

    def proof(prove):
        prove(powers).by_induction(k, duality, stored)
        with prove.assuming(solved):
            prove(apart).by_rewriting(silent)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sympy

from emtheory.formulas.formula import Formula

__all__ = [
    "At",
    "Backwards",
    "Goal",
    "Lemma",
    "Script",
    "Step",
    "Times",
    "Use",
    "at",
    "backwards",
    "by_theorem",
    "lemma",
    "times",
    "written",
]

Warrant = Any  # a Formula, a Definition, or one of the three below


@dataclass(frozen=True)
class Backwards:
    """A warrant that is used from right to left."""

    warrant: Warrant


@dataclass(frozen=True)
class At:
    """A warrant for these values of its indices alone."""

    warrant: Warrant
    values: tuple[tuple[Any, Any], ...]


@dataclass(frozen=True)
class Times:
    """left (a = b) right: an equation multiplied from the left, from the right or both; for combinations."""

    warrant: Warrant
    left: Any = None
    right: Any = None


@dataclass(frozen=True)
class Lemma:
    """An inequality that a lemma of the kernel says at these values of its symbols, as a factor of a sum."""

    name: str
    values: tuple[Any, ...]
    using: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Use:
    """A conclusion of another theorem; a letter or number of that theorem is what `values` says, or itself."""

    theorem: Any
    conclusion: Formula
    values: tuple[tuple[str, Any], ...] = ()


def backwards(warrant: Warrant) -> Backwards:
    """The warrant, used from right to left: an equation says the same both ways, and a proof says how it is used."""
    return Backwards(warrant)


def times(warrant: Warrant, *, left: Any = None, right: Any = None) -> Times:
    """The equation multiplied by these terms, for `by_combining`; one of numbers by a matrix of any shape, `left`."""
    return Times(warrant, left, right)


def lemma(name: str, *values: Any, using: Iterable[Warrant] = ()) -> Lemma:
    """A lemma as a factor of `by_parts` and of the parts of an induction, where it may rest on what is assumed.

    `using` has a warrant for each of its premises, None for an equation that holds by itself.
    """
    return Lemma(name, values, tuple(using))


def at(warrant: Warrant, **values: Any) -> At:
    """The warrant at k = …, its indices by name: a recursion is unfolded there and nowhere else."""
    return At(
        warrant, tuple((sympy.Symbol(name, integer=True), sympy.sympify(value)) for name, value in values.items())
    )


def by_theorem(theorem: Any, conclusion: Formula, **values: Any) -> Use:
    """A conclusion of a used theorem, with values for its letters and numbers by name; the others keep their names."""
    return Use(theorem, conclusion, tuple(values.items()))


@dataclass(frozen=True)
class Step:
    """`formula` by a rule, from warrants, under premises.

    Attributes:
        rule: rewriting, induction, strong induction, parts, integration, cancellation, determinants, combining, lemma.
        index: of an induction, an integration or a cancellation.
        cases: conditions that together leave nothing out; the step is shown in each.
        parts: of a sum of numbers ≥ 0: (coefficient, factors).
        base: parts at the start of an induction of an inequality.
        otherwise: parts at its next index where the condition in `cases` does not hold.
        power: of a cancellation.
        lemma, values: an axiom of the kernel, and what its symbols stand for.
    """

    formula: Formula
    rule: str
    using: tuple[Warrant, ...] = ()
    index: Any = None
    cases: tuple[tuple[Any, ...], ...] = ()
    parts: tuple[tuple[Any, tuple[Any, ...]], ...] = ()
    base: tuple[tuple[Any, tuple[Any, ...]], ...] = ()
    otherwise: tuple[tuple[Any, tuple[Any, ...]], ...] = ()
    power: Any = None
    lemma: str = ""
    values: tuple[Any, ...] = ()
    premises: tuple[Formula, ...] = ()
    words: str = ""


class Script:
    """`prove` in a theorem file."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.premises: tuple[Formula, ...] = ()

    def __call__(self, formula: Formula, words: str = "") -> Goal:
        """The formula as the next goal; `words` say it to readers."""
        return Goal(self, formula, words or formula.words)

    @contextmanager
    def assuming(self, *premises: Formula) -> Iterator[None]:
        """Goals inside may use the premises: what they show is that these imply them."""
        outside, self.premises = self.premises, (*self.premises, *premises)
        try:
            yield
        finally:
            self.premises = outside


Parts = Iterable[Any]  # (coefficient, factors), or one factor alone


@dataclass(frozen=True)
class Goal:
    """A formula that waits for its rule. Each method returns the formula, to be used by later goals."""

    script: Script
    formula: Formula
    words: str

    def _by(self, rule: str, using: tuple[Warrant, ...] = (), **more: Any) -> Formula:
        step = Step(self.formula, rule, using, premises=self.script.premises, words=self.words, **more)
        self.script.steps.append(step)
        return self.formula

    def by_rewriting(self, *using: Warrant, cases: Iterable[Iterable[Any]] = ()) -> Formula:
        """Both sides have one normal form under the warrants, each used from left to right."""
        return self._by("rewriting", using, cases=_frozen(cases))

    def by_induction(
        self,
        index: Any,
        *using: Warrant,
        cases: Iterable[Iterable[Any]] = (),
        base: Parts = (),
        parts: Parts = (),
        otherwise: Parts = (),
    ) -> Formula:
        """From the index's lowest value on, which the formula's conditions state.

        An inequality needs `base` and `parts`: what the difference of its sides is at the start and at the next index;
        with a condition in `cases` the `parts` are for where it holds, and `otherwise` for where it does not.
        """
        pairs = {"base": _pairs(base), "parts": _pairs(parts), "otherwise": _pairs(otherwise)}
        return self._by("induction", using, index=index, cases=_frozen(cases), **pairs)

    def by_strong_induction(self, index: Any, *using: Warrant, cases: Iterable[Iterable[Any]] = ()) -> Formula:
        """At an index, if it holds for all smaller ones from the lowest on."""
        return self._by("strong induction", using, index=index, cases=_frozen(cases))

    def by_parts(self, *parts: Any, using: Iterable[Warrant] = ()) -> Formula:
        """lhs ≤ rhs, for rhs − lhs is Σ coefficient · factors, all ≥ 0.

        A part that is one factor needs no coefficient. A factor is a term v, which stands for vᵀv; a formula of an
        inequality or a `lemma`, which stands for its difference; or a condition of integers.
        """
        return self._by("parts", tuple(using), parts=_pairs(parts))

    def by_integration(self, variable: Any, slope: Formula) -> Formula:
        """lhs ≤ rhs for all z ≥ 0: both sides agree at z = 0, and the derivative is that of an earlier goal."""
        return self._by("integration", (slope,), index=variable)

    def by_combining(self, *using: Warrant) -> Formula:
        """The equation is a combination of the given ones, each times 1, −1 or 0; nothing is rewritten."""
        return self._by("combining", using)

    def by_determinants(self, *using: Warrant) -> Formula:
        """An equation of numbers: determinants are taken apart by the lemmas on products, triangles and scalars; then
        the sides differ by a combination of equations that are given."""
        return self._by("determinants", using)

    def by_lemma(self, name: str, *values: Any, using: Iterable[Warrant] = ()) -> Formula:
        """What an axiom or a cited lemma of the kernel says at these values of its symbols, in their order.

        A family is (index, term). `using` has a warrant for each of its premises. See `emtheory.kernel.axioms` for
        what there is.
        """
        return self._by("lemma", tuple(using), lemma=name, values=tuple(values))

    def by_cancelling(self, variable: Any, power: Any, product: Formula) -> Formula:
        """Both sides are polynomials in x, and xⁿ lhs = xⁿ rhs is an earlier goal."""
        return self._by("cancellation", (product,), index=variable, power=sympy.sympify(power))


def _frozen(cases: Iterable[Iterable[Any]]) -> tuple[tuple[Any, ...], ...]:
    return tuple(tuple(case) for case in cases)


def _pairs(parts: Parts) -> tuple[tuple[Any, tuple[Any, ...]], ...]:
    pairs = (part if isinstance(part, tuple) else (1, (part,)) for part in parts)
    return tuple((sympy.sympify(coefficient), tuple(factors)) for coefficient, factors in pairs)


def written(proof: Any) -> tuple[Step, ...]:
    """The steps of a theorem's proof."""
    script = Script()
    proof(script)
    return tuple(script.steps)
