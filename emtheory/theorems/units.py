"""Units of work: the independent parts of a theorem, each with its own seed, node id and findings.

NAME::derivation        a finding for each step, NAME::derivation.3
NAME::example:LABEL     a finding for each hypothesis, conclusion and numeric function
NAME::necessary:FN      without the hypothesis FN alone the conclusion fails
NAME::search            a finding for each conclusion and numeric function
NAME::printed           of an erratum: the printed claim is refuted
NAME::corrected         of an erratum: the right form holds
"""

from __future__ import annotations

import hashlib
import math
import re
import shlex
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import FrameType
from typing import Any

from emtheory.theorems.files import LoadError, TheoremFile
from emtheory.theorems.search import draw, failure, judged, search, with_evidence
from emtheory.theorems.theorem import Case, Check, Erratum, Theorem, sentence
from emtheory.verdict import Finding, Kind, Outcome, Verdict, all_of, proved, refuted, undecided

__all__ = ["Checked", "Unit", "run", "steps", "unfinished", "units"]

DRAWN = 4  # cases from the theorem's own strategy on which a derivation is evaluated, beside its examples

Judgement = tuple[str, str, Verdict]  # node id, claim, verdict


@dataclass(frozen=True)
class Unit:
    """One independent part of the theorem file, with the options that determine its result."""

    part: str
    seed: int
    examples: int

    def node(self, file: TheoremFile) -> str:
        """The id that selects it on a command line."""
        return f"{file.name}::{self.part}"

    def own_seed(self, file: TheoremFile) -> int:
        """A seed that depends on the theorem and the part, not on what else is checked or in which order."""
        text = f"{self.seed} {file.name} {self.part}"
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")

    def replay(self, file: TheoremFile, node: str) -> str:
        """The command that repeats it alone."""
        target = shlex.quote(f"{file.target}::{node.partition('::')[2]}")
        return f"emtheory verify {target} --seed {self.seed} --examples {self.examples}"


@dataclass(frozen=True)
class Checked:
    """A finding with the node id that selects it."""

    node: str
    finding: Finding

    @property
    def unit(self) -> str:
        """The node id of the unit it came from."""
        name, _, part = self.node.partition("::")
        return f"{name}::{_unit_of(part)}"

    @property
    def outcome(self) -> Outcome:
        """The finding's outcome."""
        return self.finding.verdict.outcome

    def to_json(self) -> dict[str, Any]:
        """The finding with its node."""
        return {"node": self.node, **self.finding.to_json()}


def units(file: TheoremFile, *, seed: int, examples: int, parts: frozenset[str] | None = None) -> list[Unit]:
    """The parts of a theorem file, or those that were asked for.

    Raises:
        LoadError: a part that the theorem does not have.
    """
    names = list(_parts(file.record))
    if parts is None:
        return [Unit(name, seed, examples) for name in names]
    wanted = {_unit_of(part) for part in parts}
    unknown = sorted(wanted - set(names))
    if unknown:
        raise LoadError(f"{file.name} has no part {unknown[0]!r}; its parts are: {', '.join(names)}")
    return [Unit(name, seed, examples) for name in names if name in wanted]


def _unit_of(part: str) -> str:
    return "derivation" if re.fullmatch(r"derivation\.[1-9][0-9]*", part) else part


def _parts(record: Theorem | Erratum) -> Iterator[str]:
    if isinstance(record, Erratum):
        yield from ("printed", "corrected")
        return
    if record.derivation is not None:
        yield "derivation"
    yield from (f"example:{name}" for name in record.examples)
    yield from (f"necessary:{h.__name__}" for h, case in record.hypotheses.items() if case is not None)
    yield "search"


def run(file: TheoremFile, unit: Unit) -> list[Checked]:
    """The findings of one unit; its time is shared out evenly among them. What a theorem file raises is one, too."""
    started = time.perf_counter()
    node = unit.node(file)
    try:
        found = [(own, claim, _located(verdict, file)) for own, claim, verdict in _judgements(file, unit)]
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        claim, crash = f"{unit.part} can be checked", undecided(Kind.OBSERVED, "nothing", **crashed(error, file))
        found = [(node, claim, _located(crash, file))]
    seconds = (time.perf_counter() - started) / len(found)
    return [Checked(own, Finding(claim, verdict, seconds, unit.replay(file, own))) for own, claim, verdict in found]


def crashed(error: BaseException, file: TheoremFile) -> dict[str, Any]:
    """What to tell about an exception that came out of a theorem file by another way than one of its functions."""
    frames = traceback.extract_tb(error.__traceback__)
    inside = [frame.lineno for frame in frames if frame.filename == str(file.path)]
    reason = f"it raised {type(error).__name__}: {' '.join(str(error).split())}"
    return {"reason": reason, "line": inside[-1]} if inside and inside[-1] else {"reason": reason}


def unfinished(file: TheoremFile, unit: Unit, reason: str) -> Checked:
    """The finding of a unit that was interrupted or whose process died."""
    verdict = undecided(Kind.OBSERVED, "nothing", reason=reason, unfinished=True)
    node = unit.node(file)
    return Checked(node, Finding(f"{unit.part} was not finished", verdict, 0.0, unit.replay(file, node)))


def _located(verdict: Verdict, file: TheoremFile) -> Verdict:
    """The verdict with JSON-ready evidence; one that failed says in which file, beside the line that is there."""
    evidence = {str(key): plain(value) for key, value in verdict.evidence.items()}
    if verdict.outcome is not Outcome.PROVED:
        evidence["file"] = str(file.path)
    return replace(verdict, evidence=evidence)


def plain(value: Any) -> Any:
    """The value in terms of JSON: numbers, strings, lists and mappings; everything else as its text.

    >>> plain({"ratio": float("inf"), "shape": (2, 3)})
    {'ratio': 'inf', 'shape': [2, 3]}
    """
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else str(float(value))
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    return str(value)


def _judgements(file: TheoremFile, unit: Unit) -> list[Judgement]:
    record, node = file.record, unit.node(file)
    kind, _, label = unit.part.partition(":")
    if isinstance(record, Erratum):
        verdict = _printed(record) if kind == "printed" else _corrected(record, unit, unit.own_seed(file))
        return [(node, getattr(record, kind), verdict)]
    match kind:
        case "derivation":
            return _derived(record, node, unit.own_seed(file))
        case "example":
            checks = (*record.hypotheses, *record.conclusions, *record.numeric)
            return [(node, sentence(check), judged(check, record.examples[label])) for check in checks]
        case "necessary":
            hypothesis = next(h for h in record.hypotheses if h.__name__ == label)
            return [(node, f"Without it the conclusion fails: {sentence(hypothesis)}", _necessary(record, hypothesis))]
    checks = (*record.conclusions, *record.numeric)
    verdicts = search(
        checks,
        hypotheses=tuple(record.hypotheses),
        cases=record.cases,
        examples=unit.examples,
        seed=unit.own_seed(file),
    )
    return [(node, sentence(check), verdicts[check]) for check in checks]


# --- derivations ------------------------------------------------------------------------------------------------------


def _derived(theorem: Theorem, node: str, seed: int) -> list[Judgement]:
    """The symbolic judge's verdict on each step, on instances that satisfy the hypotheses."""
    from emtheory.judges.symbolic import check

    derivation, meaning = theorem.derivation, theorem.meaning
    if derivation is None or meaning is None:
        raise ValueError("there is no derivation to check")

    def stopped(**facts: Any) -> list[Judgement]:
        return [(node, "The derivation for all sizes.", undecided(Kind.DERIVED, "nothing", **facts))]

    found, lines, crash = steps(derivation)
    if crash:
        return stopped(**crash)
    if not found:
        return stopped(reason="the derivation yields no step", line=derivation.__code__.co_firstlineno)
    cases, trouble = _instances(theorem, seed)
    if trouble:
        return stopped(**trouble)
    try:
        instances = [meaning(*case) for case in cases]
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return stopped(**failure(error, meaning))
    hypotheses, uses = frozenset(theorem.hypotheses), frozenset(theorem.uses)
    try:
        verdicts = check(found, hypotheses=hypotheses, uses=uses, instances=instances, seed=seed)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return stopped(**failure(error, derivation))
    return [
        (f"{node}.{number}", claim, v if v.outcome is Outcome.PROVED else with_evidence(v, line=line))
        for number, ((claim, v), line) in enumerate(zip(verdicts, lines, strict=True), start=1)
    ]


def steps(derivation: Callable[[], Any]) -> tuple[list[tuple[str, Any]], list[int], dict[str, Any]]:
    """The steps, the line of each, and what went wrong after them, if something did."""
    found: list[tuple[str, Any]] = []
    lines: list[int] = []
    try:
        generator = derivation()
        for claim, formula in generator:
            frame: FrameType | None = getattr(generator, "gi_frame", None)
            found.append((str(claim), formula))
            lines.append(frame.f_lineno if frame else derivation.__code__.co_firstlineno)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return found, lines, failure(error, derivation)
    return found, lines, {}


def _instances(theorem: Theorem, seed: int) -> tuple[list[Case], dict[str, Any]]:
    """The examples and some drawn cases, of each those that satisfy the hypotheses."""
    hypotheses = tuple(theorem.hypotheses)
    named = [c for c in theorem.examples.values() if all(judged(h, c).outcome is Outcome.PROVED for h in hypotheses)]
    drawn, trouble = draw(hypotheses=hypotheses, cases=theorem.cases, count=DRAWN, seed=seed)
    return named + drawn, trouble


# --- necessity --------------------------------------------------------------------------------------------------------


def _necessary(theorem: Theorem, hypothesis: Check) -> Verdict:
    """Its breaking case refutes the hypothesis, satisfies all others, and refutes a conclusion."""
    case = theorem.hypotheses[hypothesis]
    if case is None:
        raise ValueError(f"{hypothesis.__name__} has no breaking case")
    facts = {"case": repr(case), "line": hypothesis.__code__.co_firstlineno}
    required = [("does not break it", hypothesis, Outcome.REFUTED)]
    required += [(f"breaks {h.__name__} too", h, Outcome.PROVED) for h in theorem.hypotheses if h is not hypothesis]
    for complaint, check, wanted in required:
        verdict = judged(check, case)
        if verdict.outcome is Outcome.UNDECIDED:
            reason = f"{check.__name__} is undecided on the breaking case"
            return undecided(Kind.NECESSARY, "one case", reason=reason, detail=dict(verdict.evidence), **facts)
        if verdict.outcome is not wanted:
            return refuted(Kind.NECESSARY, "one case", reason=f"the breaking case {complaint}", **facts)
    verdicts = {conclusion: judged(conclusion, case) for conclusion in theorem.conclusions}
    for conclusion, verdict in verdicts.items():
        if verdict.outcome is Outcome.REFUTED:
            facts["fails"] = sentence(conclusion)
            return proved(Kind.NECESSARY, "one case", detail=dict(verdict.evidence), **facts)
    unsettled = [v for v in verdicts.values() if v.outcome is Outcome.UNDECIDED]
    if unsettled:
        reason = "no conclusion is refuted on the breaking case, and one is undecided"
        return undecided(Kind.NECESSARY, "one case", reason=reason, detail=dict(unsettled[0].evidence), **facts)
    return refuted(Kind.NECESSARY, "one case", reason="every conclusion holds on the breaking case", **facts)


# --- errata -----------------------------------------------------------------------------------------------------------


def _printed(erratum: Erratum) -> Verdict:
    """The verdict on the printed claim: refuted is what an erratum needs."""
    verdict = judged(erratum.claim, erratum.counterexample)
    return with_evidence(verdict, case=repr(erratum.counterexample), why=erratum.why)


def _corrected(erratum: Erratum, unit: Unit, seed: int) -> Verdict:
    """The right form on the examples and on searched cases."""
    check = erratum.correction
    named = [judged(check, case) for case in erratum.examples.values()]
    searched = search((check,), hypotheses=(), cases=erratum.cases, examples=unit.examples, seed=seed)
    return all_of([*named, searched[check]])
