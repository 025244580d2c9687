"""What a derivation states: relations it may use, and claims it has to prove.

Relations (`given=[…]`) carry a warrant: a `definition` of a new letter, a `hypothesis` of the theorem, a `theorem`
that is used, a `cited` lemma of the trusted base, or simply an earlier claim of the same derivation; `at_least_zero`
gives an inequality. Claims are `identical(lhs, rhs)`, `induction(k, start, lhs, rhs)`, `strong_induction(…)` and
`cancelled(…)`; claims of inequalities are in `signs`.
Symbols made by `indices` are universally quantified, within `where`; symbols made by `sizes` are parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sympy

from emtheory.judges.symbolic.lemmas import Lemma
from emtheory.judges.symbolic.printing import scalar_text
from emtheory.judges.symbolic.terms import Atom, Term, same
from emtheory.judges.symbolic.traversal import Side, placed, substituted, symbols_of

__all__ = [
    "Bound",
    "Cancelled",
    "Claim",
    "Equation",
    "Given",
    "Identical",
    "Induction",
    "Relation",
    "at",
    "at_least_zero",
    "cancelled",
    "cited",
    "definition",
    "hypothesis",
    "identical",
    "induction",
    "must_be_scalar",
    "quantified",
    "strong_induction",
    "theorem",
]


def side_text(side: Side) -> str:
    """A term or a scalar as text."""
    return str(side) if isinstance(side, Term) else scalar_text(sympy.sympify(side))


def conditions_text(conditions: Iterable[Any]) -> str:
    """Conditions as text: 1 ≤ k, k ≤ s; without those that are true anyway."""
    texts = [scalar_text(c).replace(">=", "≥").replace("<=", "≤") for c in conditions if c not in (True, sympy.true)]
    return ", ".join(texts)


@dataclass(frozen=True)
class Equation:
    """lhs = rhs for all indices with every condition of `where`."""

    lhs: Side
    rhs: Side
    where: tuple[Any, ...] = ()

    def __str__(self) -> str:
        text = conditions_text(self.where)
        conditions = f"   for {text}" if text else ""
        return f"{side_text(self.lhs)} = {side_text(self.rhs)}{conditions}"

    def at(self, values: dict[Any, Any]) -> Equation:
        """The equation with index symbols replaced."""
        return Equation(
            substituted(self.lhs, values), substituted(self.rhs, values), tuple(placed(c, values) for c in self.where)
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
        bounds = [g for g in self.given if isinstance(g, Bound)]
        sources = [relation.source for relation in self.relations()] + [bound.source for bound in bounds]
        return list(dict.fromkeys(cited + [source for source in sources if isinstance(source, Lemma)]))

    def method(self) -> str:
        """How the equation is proved, in a phrase."""
        return "by rewriting"

    def lines(self) -> list[str]:
        """The formula, and what it rests on, one line each."""
        uses = [f"using {g}   (above)" for g in self.given if isinstance(g, Claim)]
        uses += [f"using {relation}" for relation in self.relations()]
        uses += [f"using lemma {g.name}: {g.statement}" for g in self.given if isinstance(g, Lemma)]
        uses += [f"using {g}" for g in self.given if isinstance(g, Bound)]
        cases = [f"case {conditions_text(case)}" for case in self.cases]
        return [str(self.equation), self.method(), *cases, *uses]

    def __str__(self) -> str:
        return str(self.equation)


@dataclass(frozen=True)
class Bound:
    """term ≥ 0 within `where`, a 1 x 1 term, by a hypothesis of the theorem, a lemma or an earlier claim."""

    term: Term
    source: Any
    where: tuple[Any, ...] = ()

    def __str__(self) -> str:
        if isinstance(self.source, Claim):
            return f"{self.term} ≥ 0   (above)"
        kind = "lemma" if isinstance(self.source, Lemma) else "hypothesis"
        name = getattr(self.source, "name", getattr(self.source, "__name__", self.source))
        return f"{self.term} ≥ 0   ({kind} {name})"


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


def at(given: Relation | Claim | Bound, values: dict[Any, Any]) -> Relation | Bound:
    """What is given for these values of its indices alone, so that a recursion is unfolded there and nowhere else.

    Raises:
        ValueError: a value is not known to be what its symbol stands for: an integer, real, ≥ 0, > 0 or not 0.
    """
    for symbol, value in values.items():
        for kind in ("integer", "real", "nonnegative", "positive", "nonzero"):
            if getattr(symbol, f"is_{kind}") and not getattr(sympy.sympify(value), f"is_{kind}"):
                raise ValueError(f"{symbol} is {kind}, but {value} is not known to be")
    if isinstance(given, Bound):
        return replace(given, term=substituted(given.term, values), where=tuple(placed(c, values) for c in given.where))
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


def at_least_zero(source: Callable[..., Any] | Lemma, term: Term, where: Iterable[Any] = ()) -> Bound:
    """What a hypothesis of the theorem (its function) or a lemma says as an inequality: the 1 x 1 term is ≥ 0.

    Raises:
        ValueError: the term is not 1 x 1.
    """
    must_be_scalar(term)
    return Bound(term, source, tuple(where))


def must_be_scalar(term: Term) -> None:
    """Refuse a term that is not 1 x 1."""
    if not (same(term.rows, 1) and same(term.cols, 1)):
        raise ValueError(f"{term} is {term.shape}: only a 1 x 1 term can be at least 0")


def cancelled(product: Claim, factor: Any, lhs: Any, rhs: Any, lemma: Lemma) -> Claim:
    """lhs = rhs, from the earlier claim factor·lhs = factor·rhs, factor a power of an indeterminate."""
    return Cancelled(Equation(lhs, rhs, product.equation.where), (product, lemma), (), product, sympy.sympify(factor))


def quantified(equation: Equation) -> list[Any]:
    """The universally quantified indices of an equation, in order of their names."""
    where = set().union(*(condition.free_symbols for condition in equation.where))
    found = symbols_of(equation.lhs) | symbols_of(equation.rhs) | where
    return sorted((s for s in found if s.is_integer and not s.is_positive), key=str)
