"""Cases that nobody chose: small random letters of the declared types, kept where the hypotheses hold.

A theorem's own strategy may be too narrow to refute a false conclusion; these cases come from the types alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import sympy
from flint import fmpq

from emtheory.formulas.case import Case
from emtheory.formulas.deciding import Reader
from emtheory.formulas.letters import Letter
from emtheory.formulas.theorem import Theorem
from emtheory.judges.exact import Matrix, matrix

__all__ = ["generic"]

ENTRIES = (0, 0, 1, 1, -1, 2, fmpq(1, 2))
LONG = 6  # elements of a family without end


def generic(theorem: Theorem, *, tries: int, seed: int) -> Iterator[Reader]:
    """Those of `tries` random cases that meet every hypothesis, read.

    >>> from emtheory.formulas.case import case
    >>> from emtheory.formulas.formula import at_most, equal
    >>> from emtheory.letters import Dual, Xi, identity, m, s
    >>> told = equal(Dual @ Xi, identity(m))
    >>> one = {"one": case(s=1, Xi=[[1]], Dual=[[1]])}
    >>> theorem = Theorem(given=(s, Xi, Dual), conclusions=(told,), examples=one, cases=None)
    >>> [reader.read(told).holds for reader in generic(theorem, tries=5, seed=0)].count(False) > 0
    True
    """
    random = Random(seed)
    for _ in range(tries):
        try:
            reader = Reader(theorem, _case(theorem.letters, random))
            inside = all(reader.read(hypothesis).holds is True for hypothesis in theorem.hypotheses)
        except ValueError:  # an index, or a quotient, that does not exist on this case
            continue
        if inside:
            yield reader


def _case(given: tuple[Letter, ...], random: Random) -> Case:
    sizes: dict[Any, int] = {}
    for letter in given:
        own = {letter.symbol} if letter.is_number else set()
        extents = (
            sympy.sympify(letter.last or 0).free_symbols | letter.shape[0].free_symbols | letter.shape[1].free_symbols
        )
        for symbol in sorted(own | extents, key=str):
            if symbol.is_integer:
                sizes.setdefault(symbol, random.randint(1, 3))
    return Case({letter.name: _value(letter, sizes, random) for letter in given})


def _value(letter: Letter, sizes: dict[Any, int], random: Random) -> Any:
    if letter.is_number:
        return fmpq(sizes[letter.symbol]) if letter.symbol.is_integer else fmpq(random.randint(-8, 12), 4)
    rows, cols = (int(extent.subs(sizes)) for extent in letter.shape)
    if not letter.is_family:
        return _entries(rows, cols, random)
    count = LONG if letter.last is sympy.oo else int((letter.last - letter.first + 1).subs(sizes))
    return tuple(_entries(rows, cols, random) for _ in range(count))


def _entries(rows: int, cols: int, random: Random) -> Matrix:
    return matrix([[random.choice(ENTRIES) for _ in range(cols)] for _ in range(rows)])
