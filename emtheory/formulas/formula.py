"""Statements: a relation of two terms or scalars for all indices in a range, and what is built of such.

`equal`, `at_most`, `less`, `unequal` build a `Formula`; `iff` and `implies` join two; `define` introduces a fresh
letter, or one clause of a family that is defined by recursion; `opaque` wraps what the language cannot say. They are
functions: with == and < a comparison of scalars would silently become True or False.

>>> from emtheory.letters import Dual, Phi, W, Xi, identity, k, m
>>> print(equal(Dual @ Xi, identity(m)))
Dual Xi = I
>>> print(equal(W**k, Xi @ Phi**k @ Dual, k >= 1))
W^k = Xi Phi^k Dual   for k ≥ 1
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import sympy

from emtheory.formulas.walk import placed, substituted, symbols_of
from emtheory.judges.symbolic.printing import scalar_text
from emtheory.judges.symbolic.terms import Atom, Identity, Scaled, Term, same

__all__ = [
    "SIGNS",
    "Compound",
    "Definition",
    "Formula",
    "Opaque",
    "Statement",
    "at_most",
    "conditions_text",
    "define",
    "equal",
    "iff",
    "implies",
    "less",
    "opaque",
    "side_text",
    "unequal",
    "within",
]

SIGNS = {"=": "=", "<=": "≤", "<": "<", "!=": "≠"}


@dataclass(frozen=True)
class Formula:
    """lhs (=, ≤, < or ≠) rhs for all indices that meet every condition of `where`; =, ≤ and < entry by entry.

    `words` is a phrase for readers; it has no meaning of its own.
    """

    lhs: Any
    relation: str
    rhs: Any
    where: tuple[Any, ...] = ()
    words: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if self.relation not in SIGNS:
            raise ValueError(f"{self.relation!r} is no relation; there are {', '.join(SIGNS)}")
        left, right = _shape(self.lhs), _shape(self.rhs)
        if not (same(left[0], right[0]) and same(left[1], right[1])):
            raise ValueError(
                f"{side_text(self.lhs)} is {left[0]} x {left[1]} and {side_text(self.rhs)} is {right[0]} x {right[1]}: "
                "a relation needs one shape"
            )
        for condition in self.where:
            if condition in (False, sympy.false):
                raise ValueError(f"a condition of {self} is false for all values, so it says nothing")

    def called(self, words: str) -> Formula:
        """The formula with a phrase for readers."""
        return replace(self, words=words)

    def at(self, values: dict[Any, Any]) -> Formula:
        """The formula for these values of its indices."""
        where = tuple(placed(condition, values) for condition in self.where)
        return replace(self, lhs=substituted(self.lhs, values), rhs=substituted(self.rhs, values), where=where)

    def symbols(self) -> frozenset[Any]:
        """The free symbols of both sides and of the conditions."""
        own = symbols_of(self.lhs) | symbols_of(self.rhs)
        return own.union(*(symbols_of(condition) for condition in self.where))

    def indices(self) -> list[Any]:
        """The indices that it speaks of all of, by name: integers that are no sizes."""
        return sorted((x for x in self.symbols() if x.is_integer and not x.is_positive), key=str)

    def renamed(self) -> Formula:
        """The formula with its indices in a canonical naming: equal for formulas that differ in names alone."""
        names = {x: sympy.Symbol(f"#{i}", integer=True) for i, x in enumerate(self.indices())}
        plain = self.at(names)
        return replace(plain, where=tuple(sorted(set(plain.where) - {True, sympy.true}, key=str)), words="")

    def __str__(self) -> str:
        conditions = conditions_text(self.where)
        text = f"{side_text(self.lhs)} {SIGNS[self.relation]} {side_text(self.rhs)}"
        return text + (f"   for {conditions}" if conditions else "")

    __repr__ = __str__


@dataclass(frozen=True)
class Compound:
    """All of left ⟹ all of right, or left ⟺ right; each formula is for all of its own indices."""

    left: tuple[Formula, ...]
    arrow: str
    right: tuple[Formula, ...]
    words: str = field(default="", compare=False)

    def called(self, words: str) -> Compound:
        """The statement with a phrase for readers."""
        return replace(self, words=words)

    def renamed(self) -> Compound:
        """In a canonical naming of the indices of each formula."""
        left, right = (tuple(f.renamed() for f in side) for side in (self.left, self.right))
        return Compound(left, self.arrow, right)

    def symbols(self) -> set[Any]:
        """The free symbols of all formulas."""
        return set().union(*(f.symbols() for f in (*self.left, *self.right)))

    def directions(self) -> list[tuple[tuple[Formula, ...], Formula]]:
        """What has to be shown: premises, and a formula that follows from them."""
        found = [(self.left, end) for end in self.right]
        return found + [(self.right, end) for end in self.left] if self.arrow == "⟺" else found

    def __str__(self) -> str:
        left, right = (" and ".join(f"({f})" for f in side) for side in (self.left, self.right))
        return f"{left} {self.arrow} {right}"

    __repr__ = __str__


@dataclass(frozen=True)
class Opaque:
    """A predicate that the language cannot say: it is decided on cases and never derived.

    Its function takes the given letters by name and returns a bool; the first line of its docstring is its sentence.
    """

    holds: Callable[..., bool]

    @property
    def words(self) -> str:
        """Its sentence."""
        return (self.holds.__doc__ or "").strip().splitlines()[0]

    def __str__(self) -> str:
        return self.words

    __repr__ = __str__


@dataclass(frozen=True)
class Definition:
    """A fresh letter is `rhs`; or the elements of a family within `where` are."""

    lhs: Atom
    rhs: Term
    where: tuple[Any, ...] = ()

    def __str__(self) -> str:
        conditions = conditions_text(self.where)
        return f"{self.lhs} = {self.rhs}" + (f"   for {conditions}" if conditions else "")

    __repr__ = __str__


Statement = Formula | Compound | Opaque


def side_text(side: Any) -> str:
    """A term or a scalar as text."""
    return str(side) if isinstance(side, Term) else scalar_text(sympy.sympify(side))


def conditions_text(conditions: tuple[Any, ...]) -> str:
    """Conditions as text, 1 ≤ k and k ≤ s as 1 ≤ k ≤ s; without those that are true anyway."""
    below: dict[str, str] = {}
    above: dict[str, str] = {}
    others = []
    for condition in conditions:
        if condition in (True, sympy.true):
            continue
        match condition:
            case sympy.GreaterThan() if condition.lhs.is_Symbol and condition.lhs.name not in below:
                below[condition.lhs.name] = scalar_text(condition.rhs)
            case sympy.LessThan() if condition.lhs.is_Symbol and condition.lhs.name not in above:
                above[condition.lhs.name] = scalar_text(condition.rhs)
            case _:
                others.append(scalar_text(condition).replace(">=", "≥").replace("<=", "≤"))
    names = [*below, *(name for name in above if name not in below)]
    ranges = [
        f"{below[x]} ≤ {x} ≤ {above[x]}" if x in below and x in above else f"{x} ≥ {below[x]}" if x in below
        else f"{x} ≤ {above[x]}"
        for x in names
    ]  # fmt: skip
    return ", ".join([*ranges, *others])


def _shape(side: Any) -> tuple[Any, Any]:
    return (side.rows, side.cols) if isinstance(side, Term) else (sympy.S.One, sympy.S.One)


def _alike(lhs: Any, rhs: Any) -> tuple[Any, Any]:
    """A number beside a 1 x 1 term is that multiple of the 1 x 1 identity."""
    one = Identity(sympy.S.One)
    if isinstance(lhs, Term):
        return lhs, rhs if isinstance(rhs, Term) else Scaled(sympy.sympify(rhs), one)
    if isinstance(rhs, Term):
        return Scaled(sympy.sympify(lhs), one), rhs
    return sympy.sympify(lhs), sympy.sympify(rhs)


def _related(lhs: Any, relation: str, rhs: Any, where: tuple[Any, ...]) -> Formula:
    left, right = _alike(lhs, rhs)
    return Formula(left, relation, right, tuple(where))


def equal(lhs: Any, rhs: Any, *where: Any) -> Formula:
    """lhs = rhs for all indices within `where`.

    Raises:
        ValueError: two shapes; a condition that is false for all values.
    """
    return _related(lhs, "=", rhs, where)


def at_most(lhs: Any, rhs: Any, *where: Any) -> Formula:
    """lhs ≤ rhs, entry by entry, for all indices within `where`."""
    return _related(lhs, "<=", rhs, where)


def less(lhs: Any, rhs: Any, *where: Any) -> Formula:
    """lhs < rhs, entry by entry, for all indices within `where`."""
    return _related(lhs, "<", rhs, where)


def unequal(lhs: Any, rhs: Any, *where: Any) -> Formula:
    """lhs ≠ rhs, as matrices or numbers, for all indices within `where`."""
    return _related(lhs, "!=", rhs, where)


def within(lower: Any, *rest: Any) -> tuple[Any, ...]:
    """within(1, j, k, s): 1 ≤ j ≤ s and 1 ≤ k ≤ s, as conditions.

    >>> import sympy
    >>> j, s = sympy.symbols("j s", integer=True)
    >>> within(1, j, s)
    (j >= 1, j <= s)
    """
    *symbols, upper = rest
    return tuple(condition for x in symbols for condition in (x >= lower, x <= upper))


def iff(left: Formula | Sequence[Formula], right: Formula | Sequence[Formula]) -> Compound:
    """left if and only if right; several formulas on a side stand for all of them."""
    return Compound(_side(left), "⟺", _side(right))


def implies(*premises_and_conclusion: Formula) -> Compound:
    """All formulas but the last imply the last one."""
    *premises, conclusion = premises_and_conclusion
    return Compound(_side(premises), "⟹", (conclusion,))


def _side(formulas: Formula | Sequence[Formula]) -> tuple[Formula, ...]:
    side = (formulas,) if isinstance(formulas, Formula) else tuple(formulas)
    if not side:
        raise ValueError("a side without formulas says nothing")
    return side


def define(lhs: Atom, rhs: Term, *where: Any) -> Definition:
    """`lhs`, a letter or an element of a family, is introduced as `rhs`, for all indices within `where`.

    Raises:
        ValueError: `lhs` is a compound, or the shapes differ.
    """
    if not isinstance(lhs, Atom):
        raise ValueError(f"only a letter can be defined, and {lhs} is a compound")
    equal(lhs, rhs, *where)  # the shapes fit
    return Definition(lhs, rhs, tuple(where))


def opaque(holds: Callable[..., bool]) -> Opaque:
    """A hypothesis or conclusion as a function of the case's letters.

    Raises:
        ValueError: it has no docstring, whose first line is its sentence.
    """
    if not (holds.__doc__ or "").strip():
        raise ValueError(f"{holds.__name__} needs a docstring: its first line is the sentence that is printed")
    return Opaque(holds)
