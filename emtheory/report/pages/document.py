"""The document of a report: findings as JSON, and the theorem files they are about, arranged for a reader.

`document(findings, files)` is what all formats render. It decides nothing: every outcome is read from the findings, the
files add statements, formulas and sources. Sentences stay as they are typed; formulas of derivations are LaTeX.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from emtheory.report.pages.formulas import Formula
from emtheory.report.pages.steps import Step, hypothesis_formulas, steps_of
from emtheory.theorems.files import TheoremFile
from emtheory.theorems.results import digest
from emtheory.theorems.theorem import Check, Erratum, Theorem, sentence

__all__ = ["Badge", "Document", "ErratumPart", "Example", "Hypothesis", "TheoremPart", "Worst", "document"]

SCHEMA = "emtheory.findings/1"
ANALYSIS = "emtheory.analysis/1"
BADGES = {
    "derived": ("derived", "steps shown for all sizes"),
    "exact": ("exact", "verdicts in rational arithmetic on named examples"),
    "in bounds": ("bounded enclosed", "floating-point computations within proved error bounds"),
    "searched": ("searched", "statements that no random case refutes"),
    "necessary": ("necessary", "hypotheses without which a conclusion fails"),
}
Data = Mapping[str, Any]


@dataclass(frozen=True)
class Badge:
    """How many findings of a kind were proved; `title` says what is counted."""

    name: str
    proved: int
    total: int
    title: str
    cases: int | None = None

    @property
    def text(self) -> str:
        """The count in words."""
        return f"{self.name} {self.proved}/{self.total}" + (f" on {self.cases}" if self.cases is not None else "")


@dataclass(frozen=True)
class Hypothesis:
    """A hypothesis: its sentence, the relations it gives to the derivation, and the finding that it is necessary, or
    why there is none."""

    sentence: str
    formulas: tuple[Formula, ...]
    necessity: Data | None
    lacking: str = ""


@dataclass(frozen=True)
class Example:
    """A named case, and what was decided on it."""

    name: str
    case: str
    findings: tuple[Data, ...]


@dataclass(frozen=True)
class Worst:
    """The largest ratio of an error to its bound, of what, and on which case."""

    ratio: float
    claim: str
    case: str
    replay: str


@dataclass(frozen=True)
class TheoremPart:
    """A theorem as a reader meets it. `note` says why statement and formulas are missing, if they are."""

    name: str
    title: str
    outcome: str
    reason: str
    scope: str
    only: tuple[str, ...]
    uses: tuple[str, ...]
    used_by: tuple[str, ...]
    badges: tuple[Badge, ...]
    statement: str
    conclusions: tuple[str, ...]
    numeric: tuple[str, ...]
    hypotheses: tuple[Hypothesis, ...]
    steps: tuple[Step, ...]
    examples: tuple[Example, ...]
    searched: tuple[Data, ...]
    worst: Worst | None
    open: tuple[Data, ...]
    replays: tuple[str, ...]
    source: str
    digest: str
    note: str


@dataclass(frozen=True)
class ErratumPart:
    """A printed claim beside the right form, each with its finding."""

    number: int
    name: str
    title: str
    outcome: str
    reason: str
    statement: str
    printed: str
    why: str
    counterexample: str
    corrected: str
    theorem: str
    printed_finding: Data | None
    corrected_finding: Data | None
    source: str
    note: str


@dataclass(frozen=True)
class Document:
    """All that a report says."""

    theorems: tuple[TheoremPart, ...]
    errata: tuple[ErratumPart, ...]
    trusted_base: tuple[Data, ...]
    environment: Data
    errors: tuple[str, ...]
    interrupted: bool
    seconds: float
    digest: str
    analyses: tuple[Data, ...]

    @property
    def parts(self) -> tuple[TheoremPart | ErratumPart, ...]:
        """The theorems, then the errata."""
        parts: list[TheoremPart | ErratumPart] = [*self.theorems]
        parts += self.errata
        return tuple(parts)

    def badge(self, name: str) -> Badge:
        """The badges of this name of all theorems together."""
        own = [badge for theorem in self.theorems for badge in theorem.badges if badge.name == name]
        cases = [badge.cases for badge in own if badge.cases is not None]
        return Badge(
            name, sum(b.proved for b in own), sum(b.total for b in own), BADGES[name][1], min(cases, default=None)
        )


def document(
    findings: Data, files: Mapping[str, TheoremFile], *, theorem: str = "", analyses: Iterable[Data] = ()
) -> Document:
    """The document of these findings.

    Arguments:
        findings: what `emtheory verify --json` writes.
        files: theorem files by name; one that is missing, or changed since, adds no statement and no formulas.
        theorem: the one theorem or erratum to keep; empty keeps all.
        analyses: what `emtheory analyze --json` writes, shown as observed results.

    Raises:
        ValueError: the findings or an analysis have another schema, or there is no such theorem.
    """
    _must_have(findings, SCHEMA, "'emtheory verify --json'")
    analyses = tuple(analyses)
    for analysis in analyses:
        _must_have(analysis, ANALYSIS, "'emtheory analyze --json'")
    try:
        whole = _document(findings, files, analyses)
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise ValueError(f"the findings are not complete ({error!r}); verify anew with --json") from error
    return _kept(whole, theorem) if theorem else whole


def _must_have(data: Data, schema: str, origin: str) -> None:
    if data.get("schema") != schema:
        raise ValueError(f"the file has the schema {data.get('schema')!r}, not {schema!r}; give what {origin} writes")


def _document(findings: Data, files: Mapping[str, TheoremFile], analyses: tuple[Data, ...]) -> Document:
    used_by: dict[str, list[str]] = {}
    for entry in findings["theorems"]:
        for name in entry["uses"]:
            used_by.setdefault(name, []).append(entry["name"])
    summary = findings["summary"]
    return Document(
        tuple(_theorem(entry, files.get(entry["name"]), used_by) for entry in findings["theorems"]),
        tuple(_erratum(entry, files.get(entry["name"])) for entry in findings["errata"]),
        tuple(findings["trusted_base"]),
        findings["environment"],
        tuple(findings["errors"]),
        summary["interrupted"],
        summary["seconds"],
        digest(findings),
        analyses,
    )


def _kept(whole: Document, name: str) -> Document:
    theorems = tuple(part for part in whole.theorems if part.name == name)
    errata = tuple(part for part in whole.errata if part.name == name)
    if not theorems and not errata:
        names = ", ".join(part.name for part in whole.parts)
        raise ValueError(f"the findings have no theorem {name!r}; they have: {names or 'none'}")
    cited = {lemma for part in theorems for step in part.steps for lemma in step.lemmas}
    base = tuple(lemma for lemma in whole.trusted_base if lemma["name"] in cited)
    return replace(whole, theorems=theorems, errata=errata, trusted_base=base)


def _unchanged(entry: Data, file: TheoremFile | None) -> tuple[TheoremFile | None, str]:
    """The file if it is the one that was checked, else why it is not shown."""
    if file is None:
        return None, "Its file was not given, so this report has its findings only; name the file or its folder."
    if file.digest != entry["digest"]:
        return None, "Its file has changed since it was checked, so this report has its findings only; verify anew."
    return file, ""


# --- theorems ---------------------------------------------------------------------------------------------------------


def _theorem(entry: Data, file: TheoremFile | None, used_by: Mapping[str, Sequence[str]]) -> TheoremPart:
    found, (file, note) = tuple(entry["findings"]), _unchanged(entry, file)
    record = file.record if file and isinstance(file.record, Theorem) else None
    searched = tuple(finding for finding in found if finding["node"].endswith("::search"))
    return TheoremPart(
        name=entry["name"],
        title=entry["title"],
        outcome=entry["outcome"],
        reason=entry["reason"],
        scope=entry["scope"],
        only=tuple(entry["only"]),
        uses=tuple(entry["uses"]),
        used_by=tuple(used_by.get(entry["name"], ())),
        badges=_badges(found),
        statement=file.statement if file else "",
        conclusions=_sentences(record.conclusions) if record else tuple(f["claim"] for f in searched),
        numeric=_sentences(record.numeric) if record else (),
        hypotheses=_hypotheses(record, found, entry["not_shown_necessary"]),
        steps=steps_of(record, found),
        examples=_examples(record, found),
        searched=searched,
        worst=_worst(found),
        open=tuple(finding for finding in found if finding["outcome"] != "proved"),
        replays=_replays(found),
        source=entry["source"],
        digest=entry["digest"],
        note=note,
    )


def _sentences(checks: Iterable[Check]) -> tuple[str, ...]:
    return tuple(sentence(check) for check in checks)


def _replays(found: Sequence[Data]) -> tuple[str, ...]:
    """The commands that repeat all of a theorem and show it, then those that repeat a part of it."""
    whole: dict[str, None] = {}
    parts: dict[str, None] = {}
    for finding in found:
        tool, verify, node, *options = shlex.split(finding["replay"])
        target = node.partition("::")[0]
        whole[shlex.join([tool, verify, target, *options])] = None
        whole[shlex.join([tool, "show", target])] = None
        unit = re.sub(r"(::derivation)\.\d+$", r"\1", node)
        parts[shlex.join([tool, verify, unit, *options])] = None
    return (*whole, *parts)


def _badges(found: Sequence[Data]) -> tuple[Badge, ...]:
    badges = []
    for name, (kinds, title) in BADGES.items():
        own = [finding for finding in found if finding["kind"] in kinds.split()]
        if own:
            cases = min(int(f["evidence"].get("cases", 0)) for f in own) if name == "searched" else None
            badges.append(Badge(name, sum(f["outcome"] == "proved" for f in own), len(own), title, cases))
    return tuple(badges)


NO_CASE = "Not shown necessary: no case is given that breaks it alone."
NOT_TRIED = "Whether it is necessary was not checked in this run."


def _hypotheses(record: Theorem | None, found: Sequence[Data], unneeded: Sequence[str]) -> tuple[Hypothesis, ...]:
    by_node = {finding["node"].partition("::")[2]: finding for finding in found}
    if record is None:
        necessary = [finding for part, finding in by_node.items() if part.startswith("necessary:")]
        shown = [Hypothesis(f["claim"].partition(": ")[2] or f["claim"], (), f) for f in necessary]
        return (*shown, *(Hypothesis(text, (), None, NO_CASE) for text in unneeded))
    return tuple(
        Hypothesis(
            sentence(h),
            hypothesis_formulas(record, h),
            by_node.get(f"necessary:{h.__name__}"),
            NO_CASE if case is None else NOT_TRIED,
        )
        for h, case in record.hypotheses.items()
    )


def _examples(record: Theorem | None, found: Sequence[Data]) -> tuple[Example, ...]:
    by_name: dict[str, list[Data]] = {}
    for finding in found:
        _, mark, label = finding["node"].partition("::example:")
        if mark:
            by_name.setdefault(label, []).append(finding)
    cases = {name: repr(case) for name, case in record.examples.items()} if record else {}
    return tuple(Example(name, cases.get(name, ""), tuple(own)) for name, own in by_name.items())


def _worst(found: Sequence[Data]) -> Worst | None:
    measured = [finding for finding in found if "ratio" in finding["evidence"]]
    if not measured:
        return None
    top = max(measured, key=lambda finding: float(finding["evidence"]["ratio"]))
    _, _, label = top["node"].partition("::example:")
    case = str(top["evidence"].get("case", f"example: {label}" if label else ""))
    return Worst(float(top["evidence"]["ratio"]), top["claim"], case, top["replay"])


# --- errata -----------------------------------------------------------------------------------------------------------


def _erratum(entry: Data, file: TheoremFile | None) -> ErratumPart:
    file, note = _unchanged(entry, file)
    record = file.record if file and isinstance(file.record, Erratum) else None
    printed, corrected = entry["printed"], entry["corrected"]
    evidence: Data = printed["evidence"] if printed else {}
    return ErratumPart(
        number=entry["number"],
        name=entry["name"],
        title=entry["claim"],
        outcome=entry["outcome"],
        reason=entry["reason"],
        statement=file.statement if file else "",
        printed=record.printed if record else (printed["claim"] if printed else ""),
        why=record.why if record else str(evidence.get("why", "")),
        counterexample=repr(record.counterexample) if record else str(evidence.get("case", "")),
        corrected=record.corrected if record else (corrected["claim"] if corrected else ""),
        theorem=(record.theorem or "") if record else "",
        printed_finding=printed,
        corrected_finding=corrected,
        source=record.source if record else "",
        note=note,
    )
