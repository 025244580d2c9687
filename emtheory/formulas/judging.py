"""Labels: a conclusion is proved, confirmed on distinct cases, refuted, or undecided; a hypothesis is necessary or not.

The word of a label never says more than was shown: *proved* is a proof of this very formula that the kernel replayed,
and no case or float refutes it; *confirmed* is decided on enough distinct cases.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from emtheory.formulas.case import Case
from emtheory.formulas.deciding import Reader
from emtheory.formulas.evidence import ENOUGH, Evidence, Sharpness, confirmed, sharpness
from emtheory.formulas.formula import Compound, Formula, Opaque, Statement, conditions_text
from emtheory.formulas.generic import generic
from emtheory.formulas.proving import Proof, replayed
from emtheory.formulas.theorem import Theorem
from emtheory.theorems.search import draw
from emtheory.verdict import Kind, Outcome, Verdict, proved, refuted, undecided

__all__ = ["Cases", "Label", "cases", "labelled", "necessary", "scope"]

GENERIC = 60  # cases that nobody chose, tried beside those of the strategy


@dataclass(frozen=True)
class Cases:
    """The cases of a theorem that meet its hypotheses.

    Attributes:
        readers: one each; the theorem's own, its examples first, then generic ones.
        own: how many are the theorem's own.
        discarded: drawn cases that do not meet the hypotheses.
        trouble: why the strategy could not be drawn from, or too many cases were discarded; else empty.
    """

    readers: tuple[Reader, ...]
    own: int
    discarded: int
    trouble: str = ""


def cases(theorem: Theorem, *, examples: int, seed: int) -> Cases:
    """The named examples, as many drawn cases as asked for, and generic ones; those that meet every hypothesis."""
    found, trouble = draw(hypotheses=(), cases=theorem.cases.map(lambda case: (case,)), count=examples, seed=seed)
    if trouble:
        return Cases((), 0, 0, str(trouble["reason"]))
    drawn = [*theorem.examples.values(), *(case for (case,) in found)]
    try:
        readers = [Reader(theorem, case) for case in drawn]
        inside = [reader for reader in readers if all(reader.read(h).holds is True for h in theorem.hypotheses)]
    except ValueError as error:
        return Cases((), 0, 0, f"a case has no value for something: {error}")
    discarded = len(drawn) - len(inside)
    if discarded > len(inside):
        return Cases((), 0, discarded, f"{discarded} of {len(drawn)} cases do not meet the hypotheses")
    others = tuple(generic(theorem, tries=GENERIC, seed=seed))
    return Cases((*inside, *others), len(inside), discarded)


@dataclass(frozen=True)
class Label:
    """What is known of a conclusion: a verdict, and what it rests on."""

    statement: Statement
    verdict: Verdict
    evidence: Evidence | None
    sharpness: Sharpness | None

    @property
    def ground(self) -> str:
        """proved, confirmed, refuted or undecided."""
        if self.verdict.outcome is Outcome.PROVED and self.verdict.kind is not Kind.DERIVED:
            return "confirmed"
        return self.verdict.outcome.value


def labelled(theorem: Theorem, found: Cases, proof: Proof | None = None) -> list[Label]:
    """The label of each conclusion."""
    proof = replayed(theorem) if proof is None else proof
    return [_label(theorem, statement, found, proof) for statement in theorem.conclusions]


def _label(theorem: Theorem, statement: Statement, found: Cases, proof: Proof) -> Label:
    told = scope(statement)
    if found.trouble:
        return Label(statement, undecided(Kind.SEARCHED, told, reason=found.trouble), None, None)
    try:
        evidence = confirmed(statement, found.readers)
    except ValueError as error:
        return Label(statement, undecided(Kind.SEARCHED, told, reason=f"a case has no value: {error}"), None, None)
    counts: dict[str, Any] = {"cases": evidence.cases, "distinct": evidence.distinct, "readings": evidence.readings}
    if evidence.failing is not None:
        where = {"case": repr(evidence.failing), **counts}
        if evidence.in_floats:
            reason = "the float reading disagrees with the exact one"
            return Label(statement, undecided(Kind.BOUNDED, told, reason=reason, **where), evidence, None)
        at = dict(evidence.reading.at or {}) if evidence.reading else {}
        where["at"] = ", ".join(f"{index} = {value}" for index, value in at.items())
        return Label(statement, refuted(Kind.EXACT, told, **where), evidence, None)
    sharp = sharpness(theorem, statement, found.readers[: found.own])
    if statement in proof.proved:
        assert proof.accepted is not None
        kept = {"lemmas": list(proof.accepted.lemmas), "floats": evidence.floats, "edits": dict(sharp.fates), **counts}
        return Label(statement, proved(Kind.DERIVED, told, **kept), evidence, sharp)
    reach = "all indices" if evidence.whole else "indices within reach"
    counts |= {"floats": evidence.floats, "edits": dict(sharp.fates)}
    if evidence.holds is None:
        return Label(statement, undecided(Kind.SEARCHED, told, reason=_open(evidence), **counts), evidence, sharp)
    if sharp.blunt:
        reason = f"no case tells it from another formula: {', '.join(sharp.blunt)}"
        return Label(statement, undecided(Kind.SEARCHED, told, reason=reason, **counts), evidence, sharp)
    confirmed_on = f"{evidence.distinct} distinct cases, {reach}"
    return Label(statement, proved(Kind.SEARCHED, confirmed_on, **counts), evidence, sharp)


def _open(evidence: Evidence) -> str:
    if evidence.open:
        return f"{evidence.open} cases do not decide it"
    if evidence.truths is not None and 0 in evidence.truths:
        return "no case has both sides true, or none has both false"
    return f"it was read on {evidence.distinct} distinct cases, and {ENOUGH} are needed"


def necessary(theorem: Theorem, hypothesis: Statement, case: Case) -> Verdict:
    """Whether the case breaks this hypothesis alone, and a conclusion with it."""
    told = repr(case)
    reader = Reader(theorem, case)
    broken = [h for h in theorem.hypotheses if reader.read(h, partly=True).holds is not True]
    if broken != [hypothesis]:
        reason = "the case meets the hypothesis" if hypothesis not in broken else "the case breaks other hypotheses too"
        return undecided(Kind.NECESSARY, told, reason=reason)
    if any(reader.read(conclusion, partly=True).holds is False for conclusion in theorem.conclusions):
        return proved(Kind.NECESSARY, told)
    return refuted(Kind.NECESSARY, told, reason="every conclusion holds without it on this case")


def scope(statement: Statement) -> str:
    """For which sizes, numbers and indices it is said, read off the formula."""
    if isinstance(statement, Opaque):
        return "cases"
    if isinstance(statement, Compound):
        left, right = ("; ".join(map(scope, side)) for side in (statement.left, statement.right))
        return f"{left} {statement.arrow} {right}"
    return "; ".join(_parts(statement)) or "as written"


def _parts(formula: Formula) -> Iterator[str]:
    symbols: Sequence[object] = sorted(formula.symbols(), key=str)
    sizes = ", ".join(str(x) for x in symbols if x.is_integer and x.is_positive)  # type: ignore[attr-defined]
    reals = ", ".join(str(x) for x in symbols if not x.is_integer)  # type: ignore[attr-defined]
    indices = conditions_text(formula.where) or ", ".join(str(x) for x in formula.indices())
    yield from (f"all {said}" for said in (f"{sizes} ≥ 1" if sizes else "", f"real {reals}" if reals else "") if said)
    if indices:
        yield f"all {indices}"
