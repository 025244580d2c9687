"""Letters: a symbol with its shape and its meaning in a phrase; a family has the range of its index too.

`Letter` is what a theorem is *given*: a case assigns it a value. `Selectors` are constants: block columns of the
identity.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy

from emtheory.judges.symbolic.terms import Atom, Family

__all__ = ["Letter", "Selectors", "letter", "letters", "scalar", "size"]


@dataclass(frozen=True)
class Letter:
    """One letter and what it means.

    Attributes:
        symbol: an `Atom` (one matrix), a `Family`, or a sympy symbol (a size or a real number).
        phrase: what it is, to follow its name: "reads the memories".
        first, last: the range of a family's index; `last` is oo for one without end.
        padded: a case gives finitely many elements of a family without end, and the later ones are 0.
    """

    symbol: Any
    phrase: str
    first: Any = None
    last: Any = None
    padded: bool = False

    @property
    def name(self) -> str:
        """The name that cases use."""
        return str(self.symbol.name)

    @property
    def shape(self) -> tuple[Any, Any]:
        """(rows, cols); (1, 1) of a number."""
        if isinstance(self.symbol, (Atom, Family)):
            return self.symbol.rows, self.symbol.cols
        return sympy.S.One, sympy.S.One

    @property
    def is_number(self) -> bool:
        """Whether it is a size or a real number."""
        return isinstance(self.symbol, sympy.Symbol)

    @property
    def is_family(self) -> bool:
        """Whether it has an index."""
        return isinstance(self.symbol, Family)

    def __str__(self) -> str:
        indices = f"({self.first}) … {self.name}({self.last})" if self.is_family else ""
        shape = "" if self.is_number else f" ({self.shape[0]} x {self.shape[1]})"
        return f"{self.name}{indices}{shape} {self.phrase}"


@dataclass(frozen=True)
class Selectors:
    """Block columns of the identity of size count·width: name(k) has columns (k−1)·width+1 … k·width, k = 1 … count."""

    name: str
    count: Any
    width: Any

    def __call__(self, k: Any) -> Atom:
        """The block column with this index."""
        return Family(self.name, sympy.expand(self.count * self.width), sympy.sympify(self.width))(k)


def letter(name: str, rows: Any, cols: Any, phrase: str) -> Letter:
    """A rows x cols matrix with its meaning.

    >>> from emtheory.letters import n
    >>> print(letter("B", n, n, "is any matrix"))
    B (n x n) is any matrix
    """
    return Letter(Atom(name, sympy.sympify(rows), sympy.sympify(cols)), phrase)


def letters(name: str, rows: Any, cols: Any, *, first: Any, last: Any, phrase: str, padded: bool = False) -> Letter:
    """Matrices name(first) … name(last) of one shape, with their meaning; `last` may be sympy.oo."""
    family = Family(name, sympy.sympify(rows), sympy.sympify(cols))
    return Letter(family, phrase, sympy.sympify(first), sympy.sympify(last), padded)


def scalar(name: str, phrase: str) -> Letter:
    """A real number with its meaning; that it is positive, or not 0, is a hypothesis."""
    return Letter(sympy.Symbol(name, real=True), phrase)


def size(name: str, phrase: str) -> Letter:
    """A size, 1 at least, with its meaning."""
    return Letter(sympy.Symbol(name, integer=True, positive=True), phrase)
