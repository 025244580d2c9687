"""`prove`: statement files → what is proved, confirmed, refuted and undecided of each, in parallel.

>>> (found,) = prove(["memory-basis"], examples=20)
>>> [conclusion.ground for conclusion in found.conclusions]
['proved', 'proved']
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from emtheory.formulas.deciding import Reader
from emtheory.formulas.erratum import Erratum
from emtheory.formulas.files import Stated, loaded, selected
from emtheory.formulas.formula import Compound, Formula, Opaque, Statement
from emtheory.formulas.judging import cases, labelled, necessary
from emtheory.formulas.proving import Proof, replayed
from emtheory.system.pool import Lost, completed
from emtheory.verdict import Outcome

__all__ = ["EXAMPLES", "Conclusion", "Found", "Hypothesis", "prove", "traced"]

EXAMPLES = 60  # drawn cases of a theorem, unless something else is asked for


@dataclass(frozen=True)
class Conclusion:
    """A conclusion: its formula, and proved, confirmed, refuted or undecided with what that rests on."""

    formula: str
    words: str
    ground: str
    scope: str
    reason: str
    evidence: Mapping[str, Any]


@dataclass(frozen=True)
class Hypothesis:
    """A hypothesis: whether a case shows it necessary, and whether the proof of all conclusions uses it."""

    formula: str
    words: str
    necessary: str  # "yes", "not shown" or "no"
    reason: str
    used: bool


@dataclass(frozen=True)
class Found:
    """What is known of one statement file.

    Attributes:
        name, title: of the file.
        conclusions, hypotheses: with their labels.
        lemmas: cited lemmas of the kernel that the proofs rest on.
        open_steps: steps of the proof that were not shown, with the reason.
        printed: of an erratum: what became of the printed claim, "refuted" or "no meaning"; else "".
        trouble: why the file could not be judged; else "".
        seconds: what it took; `replaying` of them in the proof.
    """

    name: str
    title: str
    conclusions: tuple[Conclusion, ...] = ()
    hypotheses: tuple[Hypothesis, ...] = ()
    lemmas: tuple[str, ...] = ()
    open_steps: tuple[tuple[str, str], ...] = ()
    printed: str = ""
    trouble: str = ""
    seconds: float = 0.0
    replaying: float = 0.0

    @property
    def outcome(self) -> Outcome:
        """Refuted if anything is, undecided if anything is; a confirmed conclusion counts as decided."""
        grounds = {conclusion.ground for conclusion in self.conclusions}
        if "refuted" in grounds or self.printed == "not refuted":
            return Outcome.REFUTED
        if self.trouble or not grounds or "undecided" in grounds or any(h.necessary == "no" for h in self.hypotheses):
            return Outcome.UNDECIDED
        return Outcome.PROVED

    def to_json(self) -> dict[str, Any]:
        """The entry of "statements" in the schema `emtheory.proofs/1`."""
        return {**asdict(self), "outcome": self.outcome.value}


def prove(
    targets: Sequence[str] = (),
    *,
    examples: int = EXAMPLES,
    seed: int = 0,
    jobs: int = 1,
    timeout: float | None = None,
) -> Iterator[Found]:
    """What is proved and confirmed of each statement, as they are finished.

    Arguments:
        targets: names of bundled statements, files, folders; empty means all.
        examples: drawn cases of each.
        seed: determines every random choice; results do not depend on `jobs`.
        jobs: processes. timeout: seconds for one statement; what takes longer is undecided.

    Raises:
        ValueError: a target names nothing; examples < 1, jobs < 1.
    """
    if examples < 1:
        raise ValueError(f"examples must be at least 1, got {examples}")
    paths = [str(path) for path in selected(targets)]
    work = partial(_judged, examples=examples, seed=seed)
    with closing(completed(work, paths, jobs=jobs, timeout=timeout, preload=["emtheory.formulas.prove"])) as results:
        for index, found in results:
            name = Path(paths[index]).stem
            yield Found(name, name, trouble=found.reason) if isinstance(found, Lost) else found


def _judged(path: str, *, examples: int, seed: int) -> Found:
    began = time.perf_counter()
    try:
        file = loaded(Path(path))
        found = _found(file, examples, seed)
    except ValueError as error:
        return Found(Path(path).stem, Path(path).stem, trouble=str(error), seconds=time.perf_counter() - began)
    return replace(found, seconds=time.perf_counter() - began)


def _found(file: Stated, examples: int, seed: int) -> Found:
    theorem = file.theorem
    began = time.perf_counter()
    proof = replayed(theorem)
    replaying = time.perf_counter() - began
    drawn = cases(theorem, examples=examples, seed=seed)
    labels = labelled(theorem, drawn, proof)
    conclusions = tuple(
        Conclusion(
            str(label.statement),
            label.statement.words,
            label.ground,
            label.verdict.scope,
            str(label.verdict.evidence.get("reason", "") or _unproved(label.statement, proof)),
            dict(label.verdict.evidence),
        )
        for label in labels
    )
    hypotheses = tuple(_hypothesis(file, h, proof) for h in theorem.hypotheses)
    return Found(
        name=file.name,
        title=file.title,
        conclusions=conclusions,
        hypotheses=hypotheses,
        lemmas=proof.accepted.lemmas if proof.accepted else (),
        open_steps=tuple((step.words or str(step.formula), reason[:300]) for step, reason in proof.failures),
        printed=_printed(file.record) if isinstance(file.record, Erratum) else "",
        replaying=replaying,
    )


def _unproved(statement: Statement, proof: Proof) -> str:
    if statement in proof.proved:
        return ""
    return proof.unsayable.get(statement, "no proof is given")


def _hypothesis(file: Stated, hypothesis: Statement, proof: Proof) -> Hypothesis:
    case = file.theorem.hypotheses[hypothesis]
    used = hypothesis not in proof.superfluous
    if case is None:
        return Hypothesis(str(hypothesis), hypothesis.words, "not shown", "no case is given", used)
    verdict = necessary(file.theorem, hypothesis, case)
    shown = verdict.outcome is Outcome.PROVED
    reason = str(verdict.evidence.get("reason", ""))
    return Hypothesis(str(hypothesis), hypothesis.words, "yes" if shown else "no", reason, used)


def _printed(erratum: Erratum) -> str:
    """What becomes of the printed claim."""
    claim = erratum.claim
    if isinstance(claim, (Formula, Compound, Opaque)):
        assert erratum.counterexample is not None
        reading = Reader(erratum.right, erratum.counterexample).read(claim)
        return "refuted" if reading.holds is False else "not refuted"
    try:
        claim()
    except ValueError:
        return "no meaning"
    return "not refuted"


def traced(target: str) -> tuple[str, str]:
    """The statement and the proof of one file, as the kernel reads them.

    Raises:
        ValueError: no such file; it proves nothing.
    """
    (path,) = selected([target])
    proof = replayed(loaded(path).theorem)
    if proof.accepted is None:
        raise ValueError(f"nothing of {target} is proved, so there is no proof to print; see 'emtheory prove {target}'")
    return proof.statement, proof.text
