"""Certificates that inequalities between integers follow, by Fourier-Motzkin elimination with provenance."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Any

from emtheory.kernel.integers import tightened
from emtheory.kernel.substitution import Context
from emtheory.kernel.terms import Monomial, Poly, ProofError

__all__ = ["certificate"]

MOST_ROWS = 600  # elimination that grows beyond this gives up: nothing is then said
Line = tuple[Any, ...]  # ("+", ((row, weight), …)) or ("*", row, row)


@lru_cache(maxsize=50_000)
def certificate(goal: Poly, context: Context) -> str | None:
    """The text of a certificate that goal ≥ 0 follows from the context, or None if none was found.

    >>> from emtheory.kernel.terms import Var, poly
    >>> j, k = poly(Var("j", "int")), poly(Var("k", "int"))
    >>> certificate(k - 1, (k - j - 1, j))  # from j < k and 0 ≤ j; row 2 is -k ≥ 0
    '((+ 1 1 0 1) (+ 3 1 2 1))'
    >>> certificate(k - 2, (k - j - 1, j)) is None
    True
    """
    if not goal.integral:
        return None
    if goal.is_size:
        return "()"
    try:
        return _found(_Table(goal, context))
    except ProofError:  # a row too large for the kernel
        return None


class _Table:
    """Rows ≥ 0, each given or with the line that makes it."""

    def __init__(self, goal: Poly, context: Context) -> None:
        self.rows: list[Poly] = [*context, -goal - 1]
        self.given = len(self.rows)
        self.lines: list[Line] = []

    def add(self, row: Poly, line: Line) -> int:
        self.rows.append(row)
        self.lines.append(line)
        return len(self.rows) - 1

    def with_products(self) -> None:
        """Products of bounds of single variables, where a row holds a product of these variables."""
        wanted = {m for row in self.rows for m, _ in row.parts if len(m) == 2}
        single: dict[Any, list[int]] = {}
        for i, row in enumerate(self.rows[:-1]):
            variables = [m for m, c in row.parts if m and c > 0]
            if len(variables) == 1 and len(variables[0]) == 1 and len([m for m, _ in row.parts if m]) == 1:
                single.setdefault(variables[0][0], []).append(i)
        for a, b in sorted(wanted, key=str):
            for i in single.get(a, ()):
                for j in single.get(b, ()):
                    self.add(self.rows[i] * self.rows[j], ("*", i, j))

    def tight(self) -> dict[Poly, int]:
        """The rows as the kernel tightens them, with their numbers."""
        live: dict[Poly, int] = {}
        for i, row in enumerate(list(self.rows)):
            tight = tightened(row)
            number = i if tight == row else self.add(tight, ("+", ((i, Fraction(1)),)))
            live.setdefault(tight, number)
        return live


def _found(table: _Table) -> str | None:
    table.with_products()
    live = table.tight()
    while True:
        for row, i in live.items():
            if row.constant is not None and row.constant < 0:
                return _text(i, table)
        live = {row: i for row, i in live.items() if row.constant is None}
        if not live or len(live) > MOST_ROWS:
            return None
        live = _eliminated(live, table)


def _eliminated(live: dict[Poly, int], table: _Table) -> dict[Poly, int]:
    counts: dict[Monomial, list[int]] = {}
    for row in live:
        for m, c in row.parts:
            if m:
                counts.setdefault(m, [0, 0])[c > 0] += 1
    gone = min(counts, key=lambda m: (counts[m][0] * counts[m][1], str(m)))
    kept = {row: i for row, i in live.items() if gone not in dict(row.parts)}
    signed = [(row, i, dict(row.parts)[gone]) for row, i in live.items() if gone in dict(row.parts)]
    for low, i, a in signed:
        for high, j, b in signed:
            if a > 0 > b:
                row = tightened(low * -b + high * a)
                if row not in kept:
                    kept[row] = table.add(row, ("+", ((i, -b), (j, a))))
    return kept


def _text(last: int, table: _Table) -> str:
    """The lines that the row needs."""
    given, needed, pending = table.given, set[int](), [last]
    while pending:
        i = pending.pop()
        if i < given or i in needed:
            continue
        needed.add(i)
        line = table.lines[i - given]
        pending += [j for j, _ in line[1]] if line[0] == "+" else line[1:]
    order = sorted(needed)
    name = {**{i: i for i in range(given)}, **{i: given + p for p, i in enumerate(order)}}
    out = []
    for i in order:
        line = table.lines[i - given]
        pairs = " ".join(f"{name[j]} {w}" for j, w in line[1]) if line[0] == "+" else ""
        out.append(f"(+ {pairs})" if pairs else f"(* {name[line[1]]} {name[line[2]]})")
    if last < given:  # a given row is the contradiction
        out.append(f"(+ {last} 1)")
    return f"({' '.join(out)})"
