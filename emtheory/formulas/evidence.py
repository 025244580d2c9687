"""What the cases say of a statement: on how many it was read, whether it held, and whether the checks could fail.

`confirmed(statement, readers)` is the record. Evidence counts only if it can fail: every edit of the statement is tried
on the same cases, and each letter of the statement has to be pinned by an edit that some case refutes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from emtheory.formulas.case import Case
from emtheory.formulas.deciding import Reader, Reading
from emtheory.formulas.edits import Edit, edits
from emtheory.formulas.formula import Compound, Formula, Opaque, Statement
from emtheory.formulas.theorem import Theorem
from emtheory.judges.symbolic import identical
from emtheory.judges.symbolic.proving import remaining
from emtheory.judges.symbolic.rewriting import UnsettledError
from emtheory.judges.symbolic.terms import Term

__all__ = ["ENOUGH", "Evidence", "Sharpness", "by_shape", "confirmed", "sharpness"]

ENOUGH = 20
"""Distinct cases on which a statement is read before it counts as confirmed."""

FLOATED = 20  # cases that are read in floats too; these readings cost most


@dataclass(frozen=True)
class Evidence:
    """A statement on cases.

    Attributes:
        cases, distinct: how many it was read on, and how many of these differ.
        readings: how many assignments of indices were read in all.
        whole: whether each case decided it for all of its indices; else only those within reach were read.
        open: cases on which it was not decided.
        floats: cases on which the float reading agrees within its error bound.
        truths: of two joined statements, how often the left one held and did not.
        failing: a case that refutes it, or on which the float reading disagrees.
        reading: what was seen there.
    """

    cases: int
    distinct: int
    readings: int
    whole: bool
    open: int
    floats: int
    truths: tuple[int, int] | None = None
    failing: Case | None = None
    reading: Reading | None = None
    in_floats: bool = False

    @property
    def holds(self) -> bool | None:
        """False: a case refutes it. True: enough distinct cases confirm it, and none is open. Else None."""
        if self.failing is not None:
            return False
        one_sided = self.truths is not None and 0 in self.truths
        return True if self.distinct >= ENOUGH and not self.open and not one_sided else None


def confirmed(statement: Statement, readers: Sequence[Reader]) -> Evidence:
    """What these cases, which meet the hypotheses, say of a statement.

    Raises:
        ValueError: a case has no value for something that the statement speaks of.
    """
    told: set[str] = set()  # the cases on which anything was read: an empty range tells nothing
    cases = readings = open_ = floats = 0
    whole, truths = True, [0, 0]
    for reader in readers:
        reading = reader.read(statement)
        cases += reading.tried > 0
        readings += reading.tried
        whole = whole and reading.whole
        told |= {repr(reader.case)} if reading.tried else set()
        open_ += reading.holds is None
        if isinstance(statement, Compound):
            truths[not reader.holds_left(statement)] += 1
        agrees = reader.agrees_in_floats(statement) if isinstance(statement, Formula) and cases <= FLOATED else None
        floats += agrees is True
        if reading.holds is False or agrees is False:
            return Evidence(
                cases, len(told), readings, whole, open_, floats, None, reader.case, reading, agrees is False
            )
    sides = (truths[0], truths[1]) if isinstance(statement, Compound) and statement.arrow == "⟺" else None
    return Evidence(cases, len(told), readings, whole, open_, floats, sides)


@dataclass(frozen=True)
class Sharpness:
    """How the edits of a statement fared on its cases.

    Attributes:
        fates: how many edits were refuted, are the same statement, speak of what does not exist, hold with a wider
            range, or survived.
        blunt: the letters (text, side, place) of which no edit was refuted, though one survived.
        stronger: wider ranges for which it holds on all cases too.
        survivors: the phrases of edits that no case refutes.
    """

    fates: Mapping[str, int]
    blunt: tuple[str, ...]
    stronger: tuple[str, ...]
    survivors: tuple[str, ...]


@dataclass
class _Tally:
    fates: Counter[str] = field(default_factory=Counter)
    pinned: set[Any] = field(default_factory=set)
    loose: dict[Any, str] = field(default_factory=dict)
    stronger: list[str] = field(default_factory=list)
    survivors: list[str] = field(default_factory=list)


def sharpness(theorem: Theorem, statement: Statement, readers: Sequence[Reader]) -> Sharpness:
    """Try every edit of the statement on the cases that confirmed it; of an opaque one nothing is known."""
    tally = _Tally()
    if not isinstance(statement, Opaque):
        for edit in edits(statement, by_shape(theorem)):
            fate = _fate(statement, edit, readers)
            tally.fates[fate] += 1
            if fate == "refuted":
                tally.pinned.add(edit.letter)
            elif fate == "wider":
                tally.stronger.append(edit.phrase)
            elif fate == "survived":
                tally.survivors.append(edit.phrase)
                if edit.letter:
                    tally.loose[edit.letter] = f"{edit.letter[1]}, {edit.letter[0]} side"
    blunt = tuple(text for letter, text in tally.loose.items() if letter not in tally.pinned)
    return Sharpness(dict(tally.fates), blunt, tuple(tally.stronger), tuple(tally.survivors))


def _fate(original: Formula | Compound, edit: Edit, readers: Sequence[Reader]) -> str:
    seen = missing = False
    for reader in readers:
        reading = reader.read(edit.statement, partly=True)
        seen, missing = seen or reading.tried > 0, missing or reading.missing
        if reading.holds is False:
            return "refuted"
    if not seen or missing:
        return "meaningless"
    if _same(original, edit.statement):
        return "same"
    return "wider" if edit.widens else "survived"


def _same(a: Formula | Compound, b: Formula | Compound) -> bool:
    """Whether both say the same by the laws of rings alone."""
    if isinstance(a, Compound) or isinstance(b, Compound):
        both = isinstance(a, Compound) and isinstance(b, Compound)
        pairs = zip((*a.left, *a.right), (*b.left, *b.right), strict=True) if both else ()  # type: ignore[union-attr]
        return both and all(_same(x, y) for x, y in pairs)
    if a.where != b.where or not isinstance(a.lhs, Term):
        return False
    try:
        left = [remaining(identical(x, y)) for x, y in ((a.lhs, b.lhs), (a.rhs, b.rhs))]
    except (ValueError, TypeError, UnsettledError):
        return False
    return not any(left)


def by_shape(theorem: Theorem) -> dict[tuple[Any, Any, int], list[str]]:
    """Names of letters that may be mistaken for each other, by shape and number of indices."""
    found: dict[tuple[Any, Any, int], list[str]] = {}
    for letter in theorem.letters:
        if not letter.is_number:
            found.setdefault((*letter.shape, int(letter.is_family)), []).append(letter.name)
    for name, indices in sorted({(d.lhs.name, len(d.lhs.index)) for d in theorem.definitions}):
        found.setdefault((*theorem.meant[name], indices), []).append(name)
    return found
