"""What `verify` returns: outcomes of theorems and errata from the findings of their units, and their JSON form.

A theorem is PROVED if every finding is and every theorem that it uses is; REFUTED if a finding is; else UNDECIDED.
An erratum is PROVED if its printed claim is REFUTED and its correction PROVED.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from emtheory.system import documents
from emtheory.system.schema import fault
from emtheory.theorems.files import TheoremFile
from emtheory.theorems.theorem import Erratum, Theorem, sentence
from emtheory.theorems.units import Checked
from emtheory.verdict import Finding, Kind, Outcome, Verdict

__all__ = [
    "SCHEMA",
    "ErratumResult",
    "Report",
    "TheoremResult",
    "concluded",
    "digest",
    "edited",
    "finding_from_json",
    "findings_in",
    "unlike",
]

SCHEMA = "emtheory.findings/1"


@dataclass(frozen=True, eq=False)
class TheoremResult:
    """The findings on a theorem and what follows; `reason` says why it is not proved. `only` lists the parts that were
    asked for, and is empty if the whole theorem was checked."""

    file: TheoremFile
    findings: tuple[Checked, ...]
    outcome: Outcome
    reason: str = ""
    only: tuple[str, ...] = ()

    @property
    def seconds(self) -> float:
        """The processor time of its units."""
        return sum(checked.finding.seconds for checked in self.findings)

    @property
    def scope(self) -> str:
        """For what it holds, read off the verdicts that were proved."""
        held = [checked for checked in self.findings if checked.outcome is Outcome.PROVED]
        steps = dict.fromkeys(c.finding.verdict.scope for c in held if c.finding.verdict.kind is Kind.DERIVED)
        searched = [c.finding.verdict.scope for c in held if c.finding.verdict.kind is Kind.SEARCHED]
        examples = {c.node for c in held if "::example:" in c.node}
        parts = [f"derived for {' | '.join(steps)}"] if steps else []
        parts += [f"{len(examples)} named case{'s' * (len(examples) != 1)}"] if examples else []
        parts += [f"searched: {searched[0]}"] if searched else []
        return "; ".join(parts) or "nothing"

    @property
    def not_shown_necessary(self) -> tuple[str, ...]:
        """The sentences of the hypotheses without a breaking case."""
        hypotheses = self.file.record.hypotheses if isinstance(self.file.record, Theorem) else {}
        return tuple(sentence(h) for h, case in hypotheses.items() if case is None)

    def to_json(self) -> dict[str, Any]:
        """The theorem in the form of the schema `emtheory.findings/1`."""
        return {
            "name": self.file.name,
            "title": self.file.title,
            "outcome": self.outcome.value,
            "reason": self.reason,
            "scope": self.scope,
            "uses": list(self.file.record.uses),
            "source": self.file.record.source,
            "digest": self.file.digest,
            "only": list(self.only),
            "not_shown_necessary": list(self.not_shown_necessary),
            "findings": [checked.to_json() for checked in self.findings],
        }


@dataclass(frozen=True, eq=False)
class ErratumResult:
    """The findings on a printed claim and on its correction; one that was not asked for is None."""

    file: TheoremFile
    printed: Checked | None
    corrected: Checked | None
    outcome: Outcome
    reason: str = ""

    @property
    def findings(self) -> tuple[Checked, ...]:
        """Those that there are."""
        return tuple(checked for checked in (self.printed, self.corrected) if checked)

    @property
    def seconds(self) -> float:
        """The processor time of its units."""
        return sum(checked.finding.seconds for checked in self.findings)

    @property
    def number(self) -> int:
        """Its place in the list of errata."""
        return self.file.record.number if isinstance(self.file.record, Erratum) else 0

    def to_json(self) -> dict[str, Any]:
        """The erratum in the form of the schema `emtheory.findings/1`."""
        return {
            "number": self.number,
            "name": self.file.name,
            "claim": self.file.title,
            "outcome": self.outcome.value,
            "reason": self.reason,
            "digest": self.file.digest,
            "printed": self.printed.to_json() if self.printed else None,
            "corrected": self.corrected.to_json() if self.corrected else None,
        }


@dataclass(frozen=True, eq=False)
class Report:
    """All results of a run. `errors` are the files that could not be checked, one sentence each; `resumed` counts the
    units that were taken from an earlier report and not checked again."""

    environment: Mapping[str, Any]
    theorems: tuple[TheoremResult, ...]
    errata: tuple[ErratumResult, ...]
    trusted_base: tuple[Mapping[str, str], ...]
    errors: tuple[str, ...]
    seconds: float
    interrupted: bool = False
    resumed: int = 0

    @property
    def results(self) -> tuple[TheoremResult | ErratumResult, ...]:
        """The theorems, then the errata."""
        return (*self.theorems, *self.errata)

    @property
    def outcome(self) -> Outcome:
        """REFUTED if something is, else UNDECIDED if something is, else PROVED: nothing wrong was found in what was
        asked for."""
        theorems = [_found(t.findings) if t.only else t.outcome for t in self.theorems]
        errata = [e.outcome for e in self.errata]
        lemmas = [Outcome(lemma["spot_check"]) for lemma in self.trusted_base]
        return _worst([*theorems, *errata, *lemmas])

    def to_json(self) -> dict[str, Any]:
        """The report in the form of the schema `emtheory.findings/1`."""
        counts = {o.value: sum(result.outcome is o for result in self.results) for o in Outcome}
        ran = {"seconds": self.seconds, "interrupted": self.interrupted, "resumed": self.resumed}
        document = {
            "schema": SCHEMA,
            "environment": dict(self.environment),
            "summary": {**counts, **ran},
            "theorems": [theorem.to_json() for theorem in self.theorems],
            "errata": [erratum.to_json() for erratum in self.errata],
            "trusted_base": [dict(lemma) for lemma in self.trusted_base],
            "errors": list(self.errors),
        }
        return {**document, "digest": digest(document)}


def digest(findings: Mapping[str, Any]) -> str:
    """The SHA-256 of the findings without times and places of files: runs that find the same have the same.

    It shows damage and careless edits, and no forgery: whoever computes it anew can write anything.
    """

    def timeless(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: timeless(entry) for key, entry in value.items() if key not in ("seconds", "file", "resumed")}
        return [timeless(entry) for entry in value] if isinstance(value, (list, tuple)) else value

    plain = {key: timeless(value) for key, value in findings.items() if key != "digest"}
    text = json.dumps(plain, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def unlike(document: Mapping[str, Any]) -> str:
    """Why the document cannot be what `Report.to_json` returned, in half a sentence; "" if it has the right form."""
    if document.get("schema") != SCHEMA:
        return f"have the schema {document.get('schema')!r:.60}, not {SCHEMA!r}"
    try:
        wrong = fault(document, "findings")
        digest(document)
    except RecursionError:
        wrong = "they are nested too deeply"
    return f"are not complete or not right: {wrong}" if wrong else ""


def edited(document: Mapping[str, Any]) -> str:
    """That the document, of the right form, is not as it was written, in half a sentence; "" if its digest is right."""
    return (
        "" if document["digest"] == digest(document) else "were changed after they were written: the digest is another"
    )


def concluded(
    files: Sequence[TheoremFile],
    findings: Mapping[str, Sequence[Checked]],
    parts: Mapping[str, frozenset[str]],
) -> tuple[tuple[TheoremResult, ...], tuple[ErratumResult, ...]]:
    """The results, by name and number, of the files (used ones first) from the findings by file name."""
    outcomes: dict[str, Outcome] = {}
    theorems, errata = [], []
    for file in files:
        own, only = tuple(findings[file.name]), tuple(sorted(parts.get(file.name, ())))
        if file.is_erratum:
            erratum = _erratum(file, own, only, outcomes)
            outcomes[file.name] = erratum.outcome
            errata.append(erratum)
        else:
            outcome, reason = _concluded(file, _found(own), only, outcomes)
            outcomes[file.name] = outcome
            theorems.append(TheoremResult(file, own, outcome, reason, only))
    by_name = sorted(theorems, key=lambda theorem: theorem.file.name)
    return tuple(by_name), tuple(sorted(errata, key=lambda erratum: erratum.number))


def _concluded(
    file: TheoremFile, found: Outcome, only: Sequence[str], outcomes: Mapping[str, Outcome]
) -> tuple[Outcome, str]:
    if found is Outcome.REFUTED:
        return found, "a finding is refuted"
    if only:
        return Outcome.UNDECIDED, f"only a part was checked: {', '.join(only)}"
    if found is Outcome.UNDECIDED:
        return found, "a finding is undecided"
    shaky = [name for name in file.record.uses if outcomes.get(name) is not Outcome.PROVED]
    if shaky:
        return Outcome.UNDECIDED, f"it uses {shaky[0]}, which is not proved"
    return Outcome.PROVED, ""


def _erratum(
    file: TheoremFile, findings: Sequence[Checked], only: Sequence[str], outcomes: Mapping[str, Outcome]
) -> ErratumResult:
    by_part = {checked.node.partition("::")[2]: checked for checked in findings}
    printed, corrected = by_part.get("printed"), by_part.get("corrected")
    swapped = {Outcome.REFUTED: Outcome.PROVED, Outcome.PROVED: Outcome.REFUTED}
    found = [swapped.get(printed.outcome, printed.outcome)] if printed else []
    found += [corrected.outcome] if corrected else []
    outcome, reason = _concluded(file, _worst(found), only, outcomes)
    if printed and printed.outcome is Outcome.PROVED:
        reason = "the printed claim holds on the counterexample"
    elif only and outcome is Outcome.UNDECIDED:
        outcome = _worst(found)  # a part of an erratum that was asked for stands for itself
    return ErratumResult(file, printed, corrected, outcome, reason)


def _found(findings: Iterable[Checked]) -> Outcome:
    return _worst([checked.outcome for checked in findings])


def _worst(outcomes: Sequence[Outcome]) -> Outcome:
    for outcome in (Outcome.REFUTED, Outcome.UNDECIDED):
        if outcome in outcomes:
            return outcome
    return Outcome.PROVED if outcomes else Outcome.UNDECIDED


def finding_from_json(data: Mapping[str, Any]) -> Checked:
    """The inverse of `Checked.to_json`."""
    verdict = Verdict(Outcome(data["outcome"]), Kind(data["kind"]), data["scope"], data["evidence"])
    return Checked(data["node"], Finding(data["claim"], verdict, data["seconds"], data["replay"]))


def findings_in(path: str) -> dict[str, Any]:
    """What `verify --json` wrote.

    Raises:
        ValueError: as `documents.read`; the findings are incomplete, have what they cannot have, or were changed since.
    """
    document = documents.read(path)
    wrong = unlike(document) or edited(document)
    if wrong:
        raise ValueError(f"the findings in {path} {wrong}; write them anew with 'emtheory verify --json'")
    return document
