"""What a derivation states: relations it may use, and claims it has to prove.

Relations (`given=[…]`) carry a warrant: a `definition` of a new letter, a `hypothesis` of the theorem, a `theorem`
that is used, a `cited` lemma of the trusted base, or simply an earlier claim of the same derivation. Claims are
`identical(lhs, rhs)`, `induction(k, start, lhs, rhs)`, `strong_induction(k, start, lhs, rhs)` and `cancelled(…)`.
Symbols made by `indices` are universally quantified, within `where`; symbols made by `sizes` are parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sympy

from emtheory.judges.symbolic.lemmas import Lemma
from emtheory.judges.symbolic.printing import scalar_text
from emtheory.judges.symbolic.terms import Atom, Plus, Term, same
from emtheory.judges.symbolic.traversal import Side, substituted, symbols_of

__all__ = [
    "Bound",
    "Cancelled",
    "Claim",
    "Equation",
    "Given",
    "Identical",
    "Induction",
    "Nonnegative",
    "Relation",
    "at",
    "at_least_zero",
    "cancelled",
    "cited",
    "definition",
    "hypothesis",
    "identical",
    "induction",
    "nonnegative",
    "quantified",
    "strong_induction",
    "theorem",
]


def side_text(side: Side) -> str:
    """A term or a scalar as text."""
    return str(side) if isinstance(side, Term) else scalar_text(sympy.sympify(side))


def conditions_text(conditions: Iterable[Any]) -> str:
    """Conditions as text: 1 ≤ k, k ≤ s."""
    return ", ".join(scalar_text(c).replace(">=", "≥").replace("<=", "≤") for c in conditions)


@dataclass(frozen=True)
class Equation:
    """lhs = rhs for all indices with every condition of `where`."""

    lhs: Side
    rhs: Side
    where: tuple[Any, ...] = ()

    def __str__(self) -> str:
        conditions = f"   for {conditions_text(self.where)}" if self.where else ""
        return f"{side_text(self.lhs)} = {side_text(self.rhs)}{conditions}"

    def at(self, values: dict[Any, Any]) -> Equation:
        """The equation with index symbols replaced."""
        return Equation(
            substituted(self.lhs, values), substituted(self.rhs, values), tuple(c.subs(values) for c in self.where)
        )


@dataclass(frozen=True)
class Relation:
    """An equation with its warrant: why a derivation may use it from left to right."""

    equation: Equation
    warrant: str  # "definition", "hypothesis", "theorem", "lemma" or "step"
    source: Any = None  # the hypothesis function, the theorem's name, the lemma or the earlier claim

    fixed: frozenset[Any] = frozenset()  # indices that are not for all values, see `at`

    def __str__(self) -> str:
        if self.warrant == "step":
            return f"{self.equation}   (above)"
        name = getattr(self.source, "name", getattr(self.source, "__name__", self.source))
        return f"{self.equation}   ({self.warrant}{f' {name}' if name else ''})"


Cases = tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, eq=False)
class Claim:
    """A step of a derivation: `equation` is what it establishes, `given` is what it may use; if there are `cases`
    (conditions that together leave nothing out), it is shown in each."""

    equation: Equation
    given: tuple[Given, ...]
    cases: Cases

    def relations(self) -> list[Relation]:
        """The relations among what is given."""
        return [g for g in self.given if isinstance(g, Relation)]

    def lemmas(self) -> list[Lemma]:
        """The lemmas among what is given."""
        cited = [g for g in self.given if isinstance(g, Lemma)]
        return list(dict.fromkeys(cited + [r.source for r in self.relations() if isinstance(r.source, Lemma)]))

    def method(self) -> str:
        """How the equation is proved, in a phrase."""
        return "by rewriting"

    def lines(self) -> list[str]:
        """The formula, and what it rests on, one line each."""
        uses = [f"using {g.equation}   (above)" for g in self.given if isinstance(g, Claim)]
        uses += [f"using {relation}" for relation in self.relations()]
        uses += [f"using lemma {g.name}: {g.statement}" for g in self.given if isinstance(g, Lemma)]
        uses += [f"using {g}" for g in self.given if isinstance(g, Bound)]
        cases = [f"case {conditions_text(case)}" for case in self.cases]
        return [str(self.equation), self.method(), *cases, *uses]

    def __str__(self) -> str:
        return str(self.equation)


@dataclass(frozen=True)
class Bound:
    """term ≥ 0, a 1 x 1 term, by a hypothesis of the theorem."""

    term: Term
    function: Callable[..., Any]

    def __str__(self) -> str:
        return f"{self.term} ≥ 0   (hypothesis {self.function.__name__})"


@dataclass(frozen=True, eq=False)
class Nonnegative(Claim):
    """The left side is a sum of parts ≥ 0: scalars ≥ 0 times squares vᵀv and bounded terms."""

    parts: tuple[tuple[Any, Term], ...]

    def method(self) -> str:
        """How the equation is proved, in a phrase."""
        return "by rewriting; every part on the right is ≥ 0"

    def __str__(self) -> str:
        return f"{self.equation} ≥ 0"


Given = Relation | Claim | Lemma | Bound


@dataclass(frozen=True, eq=False)
class Identical(Claim):
    """Both sides have one normal form under the given relations."""


@dataclass(frozen=True, eq=False)
class Induction(Claim):
    """For all k ≥ start; `strong` if the step may use every smaller k."""

    k: Any
    start: Any
    strong: bool

    def method(self) -> str:
        """How the equation is proved, in a phrase."""
        return f"by {'strong ' if self.strong else ''}induction on {self.k} from {self.start}"

    def base(self) -> Equation:
        """The equation at k = start."""
        return self.equation.at({self.k: self.start})

    def step(self) -> Equation:
        """What the step has to show: the equation at k + 1 for k ≥ start (at k, when strong)."""
        goal = self.equation if self.strong else self.equation.at({self.k: self.k + 1})
        return Equation(goal.lhs, goal.rhs, (*goal.where, self.k >= self.start))

    def assumed(self) -> Equation:
        """What the step may assume: the equation at k, or at all smaller ones, when strong."""
        if not self.strong:
            return self.equation
        smaller = sympy.Symbol(f"{self.k}'", integer=True)
        assumed = self.equation.at({self.k: smaller})
        return Equation(assumed.lhs, assumed.rhs, (*assumed.where, smaller >= self.start, smaller <= self.k - 1))


@dataclass(frozen=True, eq=False)
class Cancelled(Claim):
    """A proved equation of scalars divided by a power of an indeterminate."""

    product: Claim
    factor: Any

    def method(self) -> str:
        """How the equation is proved, in a phrase."""
        return f"by cancelling {scalar_text(self.factor)}"


def definition(lhs: Term, rhs: Term, where: Iterable[Any] = ()) -> Relation:
    """A letter, or an element of a family, is introduced as this term.

    Raises:
        ValueError: the left side is a compound.
    """
    if not isinstance(lhs, Atom):
        raise ValueError(f"only a letter can be defined, {lhs} is a compound; give its warrant instead")
    return Relation(Equation(lhs, rhs, tuple(where)), "definition")


def hypothesis(function: Callable[..., Any], lhs: Side, rhs: Side, where: Iterable[Any] = ()) -> Relation:
    """What a hypothesis of the theorem (its function) says as an equation."""
    return Relation(Equation(lhs, rhs, tuple(where)), "hypothesis", function)


def theorem(name: str, lhs: Side, rhs: Side, where: Iterable[Any] = ()) -> Relation:
    """What a theorem listed in `uses` says as an equation."""
    return Relation(Equation(lhs, rhs, tuple(where)), "theorem", name)


def cited(lemma: Lemma, lhs: Side, rhs: Side, where: Iterable[Any] = ()) -> Relation:
    """What a lemma of the trusted base says as an equation."""
    return Relation(Equation(lhs, rhs, tuple(where)), "lemma", lemma)


def at(given: Relation | Claim, values: dict[Any, Any]) -> Relation:
    """What is given for these values of its indices alone, so that a recursion is unfolded there and nowhere else."""
    fixed = frozenset(s for value in values.values() for s in sympy.sympify(value).free_symbols)
    relation = Relation(given.equation, "step", given) if isinstance(given, Claim) else given
    return replace(relation, equation=relation.equation.at(values), fixed=fixed)


def _cases(cases: Iterable[Iterable[Any]]) -> Cases:
    return tuple(tuple(case) for case in cases)


def identical(
    lhs: Side,
    rhs: Side,
    given: Sequence[Given] = (),
    where: Iterable[Any] = (),
    *,
    cases: Iterable[Iterable[Any]] = (),
) -> Claim:
    """lhs = rhs, by rewriting with what is given, for all indices within `where`; in each of the `cases`, if any.

    >>> from emtheory.judges.symbolic.terms import letter, sizes
    >>> n, m = sizes("n m")
    >>> A, B = letter("A", n, m), letter("B", m, n)
    >>> print(identical((A @ B).T, B.T @ A.T))
    (A B)ᵀ = Bᵀ Aᵀ
    """
    return Identical(Equation(lhs, rhs, tuple(where)), tuple(given), _cases(cases))


def induction(
    k: Any, start: Any, lhs: Side, rhs: Side, given: Sequence[Given] = (), where: Iterable[Any] = ()
) -> Claim:
    """lhs = rhs for all k ≥ start within `where`: at k = start, and from k to k + 1."""
    equation = Equation(lhs, rhs, (*where, k >= start))
    return Induction(equation, tuple(given), (), k, sympy.sympify(start), False)


def strong_induction(
    k: Any,
    start: Any,
    lhs: Side,
    rhs: Side,
    given: Sequence[Given] = (),
    where: Iterable[Any] = (),
    *,
    cases: Iterable[Iterable[Any]] = (),
) -> Claim:
    """lhs = rhs for all k ≥ start within `where`: at k, if it holds for all of start, …, k - 1; in each case."""
    equation = Equation(lhs, rhs, (*where, k >= start))
    return Induction(equation, tuple(given), _cases(cases), k, sympy.sympify(start), True)


def at_least_zero(function: Callable[..., Any], term: Term) -> Bound:
    """What a hypothesis of the theorem (its function) says as an inequality: the 1 x 1 term is ≥ 0.

    Raises:
        ValueError: the term is not 1 x 1.
    """
    if not (same(term.rows, 1) and same(term.cols, 1)):
        raise ValueError(f"{term} is {term.shape}: only a 1 x 1 term can be at least 0")
    return Bound(term, function)


def nonnegative(
    lhs: Term, parts: Sequence[tuple[Any, Term]], given: Sequence[Given] = (), where: Iterable[Any] = ()
) -> Claim:
    """lhs = Σ coefficient·term ≥ 0: each coefficient is a scalar ≥ 0, each term a square vᵀv or a given bound."""
    weighted = tuple((sympy.sympify(coefficient), term) for coefficient, term in parts)
    right = Plus(tuple(coefficient * term for coefficient, term in weighted))
    return Nonnegative(Equation(lhs, right, tuple(where)), tuple(given), (), weighted)


def cancelled(product: Claim, factor: Any, lhs: Any, rhs: Any, lemma: Lemma) -> Claim:
    """lhs = rhs, from the earlier claim factor·lhs = factor·rhs, factor a power of an indeterminate."""
    return Cancelled(Equation(lhs, rhs, product.equation.where), (product, lemma), (), product, sympy.sympify(factor))


def quantified(equation: Equation) -> list[Any]:
    """The universally quantified indices of an equation, in order of their names."""
    where = set().union(*(condition.free_symbols for condition in equation.where))
    found = symbols_of(equation.lhs) | symbols_of(equation.rhs) | where
    return sorted((s for s in found if s.is_integer and not s.is_positive), key=str)
