"""`verify`: theorem files → findings, in parallel, resumable, all randomness from one seed.

>>> report = verify(["memory-basis"], examples=5)
>>> report.theorems[0].outcome
<Outcome.PROVED: 'proved'>
"""

from __future__ import annotations

import hashlib
import platform
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from importlib.metadata import version
from pathlib import Path
from threading import current_thread, main_thread
from types import FrameType
from typing import Any

from emtheory import __version__
from emtheory.system.pool import prepare
from emtheory.system.resuming import difference
from emtheory.theorems.files import PRELOADED, LoadError, Selection, select
from emtheory.theorems.results import Report, concluded, edited, finding_from_json, unlike
from emtheory.theorems.units import Checked, unfinished, units
from emtheory.theorems.workers import Work, completed

__all__ = ["EXAMPLES", "TIMEOUT", "verify"]

EXAMPLES = 100  # searched cases of a theorem, unless something else is asked for
TIMEOUT = 300.0  # seconds that a unit may take, where the command line does not say anything else

LIBRARIES = ("numpy", "scipy", "sympy", "python-flint", "hypothesis")

Watch = Callable[[Callable[[], Report], int, int], None]


def verify(
    targets: Sequence[str] = (),
    *,
    word: str = "",
    examples: int = EXAMPLES,
    seed: int = 0,
    jobs: int = 1,
    timeout: float | None = None,
    resume: Mapping[str, Any] | None = None,
    watch: Watch | None = None,
) -> Report:
    """The report on the theorems that the targets name, and on those that they use.

    Arguments:
        targets: names of bundled theorems, files, folders, node ids such as "memory-basis::search"; empty means all.
        word: keeps the theorems with this word in their name or title.
        examples: searched cases of each theorem.
        seed: determines every random choice; results do not depend on `jobs`.
        jobs: processes; a script that asks for more than one, or for a time limit, needs the usual
            `if __name__ == "__main__":`.
        timeout: seconds that one unit may take, or the loading of one file; then it is undecided and the others go on.
            With one job and no limit, theorem files run in this process, and one that ends its process ends this one.
        resume: an earlier report's JSON; what it holds for unchanged files is taken over, except for the quickest of
            several units of a file, which is checked again. Its digest shows damage and careless edits, no forgery.
        watch: is called with (a function that makes the report so far, units done, units) when a unit is finished.

    Raises:
        LoadError: a target names nothing; files that cannot be loaded are listed in `Report.errors` instead.
        ValueError: examples < 1, jobs < 1, timeout ≤ 0, or `resume` was made with other options or another version, was
            changed, or is contradicted by a unit that is checked again.
    """
    if examples < 1:
        raise ValueError(f"examples must be at least 1, got {examples}")
    if jobs > 1 or timeout is not None:
        prepare(PRELOADED)
    run = _Run(time.perf_counter(), select(targets, word=word, timeout=timeout), seed, examples)
    again = run.resumed(resume) if resume is not None else []
    try:
        with _interruptible() as stop_if_asked:
            for batch in (again, None):
                left = [(file, unit) for file, unit in run.tasks if unit.node(file) not in run.done]
                with closing(completed(left if batch is None else batch, jobs=jobs, timeout=timeout)) as results:
                    if watch and batch is None:
                        watch(run.report, len(run.done), len(run.tasks))
                    for task, findings in results:
                        run.add(task, findings)
                        if watch and batch is None:
                            watch(run.report, len(run.done), len(run.tasks))
                        stop_if_asked()
    except KeyboardInterrupt:
        run.done = {**run.earlier, **run.done}
    return run.report(trusted_base=_trusted_base(run.done, seed))


class _Run:
    """What is to be checked, and what has been found so far, by node id of the unit."""

    def __init__(self, started: float, selection: Selection, seed: int, examples: int) -> None:
        self.started, self.selection = started, selection
        self.environment = _environment(seed, examples)
        self.tasks: list[Work] = [
            (file, unit)
            for file in selection.files
            for unit in units(file, seed=seed, examples=examples, parts=selection.parts.get(file.name))
        ]
        self.earlier: dict[str, list[Checked]] = {}
        self.done: dict[str, list[Checked]] = {}
        self.ran: set[str] = set()

    def resumed(self, document: Mapping[str, Any]) -> list[Work]:
        """Takes over what the earlier report has finished, except for the quickest unit of each file that has several
        finished ones: these are returned."""
        self.earlier = _earlier(document, self.environment, self.tasks)
        finished: dict[str, list[tuple[float, int]]] = {}
        for index, (file, unit) in enumerate(self.tasks):
            found = self.earlier.get(unit.node(file))
            if found:
                seconds = sum(checked.finding.seconds for checked in found)
                finished.setdefault(file.name, []).append((seconds, index))
        again = [self.tasks[min(own)[1]] for own in finished.values() if len(own) > 1]
        nodes = {unit.node(file) for file, unit in again}
        self.done = {node: findings for node, findings in self.earlier.items() if node not in nodes}
        return again

    def add(self, task: Work, findings: list[Checked]) -> None:
        """Keeps what was found.

        Raises:
            ValueError: the earlier report says something else of this unit.
        """
        node = task[1].node(task[0])
        before = _said(self.earlier.get(node, findings))
        if before != _said(findings) and not any(map(_unfinished, findings)):
            raise ValueError(
                f"the earlier results say of {node} that it is {', '.join(before.values())}, and checked again it is "
                f"{', '.join(_said(findings).values())}; start anew without resuming"
            )
        self.done[node] = findings
        self.ran.add(node)

    def report(self, *, trusted_base: tuple[Mapping[str, str], ...] = ()) -> Report:
        """All that was found so far."""
        theorems, errata = concluded(
            self.selection.files, _by_file(self.selection, self.tasks, self.done), self.selection.parts
        )
        return Report(
            self.environment,
            theorems,
            errata,
            trusted_base,
            tuple(map(str, (*self.selection.errors, *_missing_steps(self.selection, self.done)))),
            time.perf_counter() - self.started,
            interrupted=len(self.done) < len(self.tasks),
            resumed=len(self.done.keys() - self.ran),
        )


def _said(findings: Sequence[Checked]) -> dict[tuple[str, str], str]:
    return {(checked.node, checked.finding.claim): checked.outcome.value for checked in findings}


def _unfinished(checked: Checked) -> bool:
    return bool(checked.finding.verdict.evidence.get("unfinished"))


def _missing_steps(selection: Selection, done: Mapping[str, Sequence[Checked]]) -> Iterator[LoadError]:
    """A step that was asked for and that the finished derivation does not have."""
    for name, asked in selection.parts.items():
        nodes = [checked.node for checked in done.get(f"{name}::derivation", ())]
        for part in sorted(asked - {"derivation"}):
            node = f"{name}::{part}"
            if part.startswith("derivation.") and nodes and f"{name}::derivation" not in nodes and node not in nodes:
                yield LoadError(f"{name} has no part {part!r}; its derivation ends with step {len(nodes)}")


@contextmanager
def _interruptible() -> Iterator[Callable[[], None]]:
    """Ctrl-C raises at once, and again when the given function is called: the first one is lost if it comes while
    Python collects garbage, since hypothesis has a callback there and exceptions in such callbacks are ignored. So does
    the request to terminate, where the caller has it mean the same."""
    asked: list[bool] = []

    def interrupt(number: int, frame: FrameType | None) -> None:
        asked.append(True)
        raise KeyboardInterrupt

    def stop_if_asked() -> None:
        if asked:
            raise KeyboardInterrupt

    here = current_thread() is main_thread()  # elsewhere, and for other handlers, somebody else decides
    ours = [n for n in (signal.SIGINT, signal.SIGTERM) if here and signal.getsignal(n) is signal.default_int_handler]
    for number in ours:
        signal.signal(number, interrupt)
    try:
        yield stop_if_asked
    finally:
        for number in ours:
            signal.signal(number, signal.default_int_handler)


def _by_file(
    selection: Selection, tasks: Sequence[Work], done: Mapping[str, Sequence[Checked]]
) -> dict[str, list[Checked]]:
    """The findings by file, in the order of its parts; a unit that is missing has an undecided one."""
    findings: dict[str, list[Checked]] = {file.name: [] for file in selection.files}
    for file, unit in tasks:
        own = done.get(unit.node(file)) or [unfinished(file, unit, "the run was interrupted")]
        asked = selection.parts.get(file.name, frozenset())
        steps = {f"{file.name}::{part}" for part in asked if part.startswith("derivation.")}
        wanted = own if not steps or "derivation" in asked else [c for c in own if c.unit == c.node or c.node in steps]
        findings[file.name] += wanted
    return findings


def _environment(seed: int, examples: int) -> dict[str, Any]:
    """What determines the results: versions, platform, options, and the code of emtheory itself."""
    package = Path(__file__).resolve().parent.parent
    code = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        if "_proofs" not in path.parts:
            code.update(path.read_bytes())
    versions = {name: version(name) for name in LIBRARIES}
    return {
        "emtheory": __version__,
        "code": code.hexdigest(),
        "python": platform.python_version(),
        **versions,
        "platform": platform.platform(),
        "seed": seed,
        "examples": examples,
    }


def _earlier(
    document: Mapping[str, Any], environment: Mapping[str, Any], tasks: Sequence[Work]
) -> dict[str, list[Checked]]:
    """The finished findings of an earlier report by unit, for files that did not change."""
    wrong = unlike(document)
    if not wrong:
        if other := difference(document["environment"], environment):
            raise ValueError(
                f"the earlier results were made with {other}; use the same, or start anew without resuming"
            )
        wrong = edited(document)
    if wrong:
        raise ValueError(f"the earlier results {wrong}; start anew without resuming")
    digests, found = _finished(document)
    current = {unit.node(file) for file, unit in tasks if digests.get(file.name) == file.digest}
    return {unit: findings for unit, findings in found.items() if unit in current}


def _finished(document: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, list[Checked]]]:
    """The digests of the files, and the findings of the units that were finished."""
    digests: dict[str, str] = {}
    found: dict[str, list[Checked]] = {}
    for entry in (*document["theorems"], *document["errata"]):
        digests[entry["name"]] = entry["digest"]
        findings = entry["findings"] if "findings" in entry else [entry["printed"], entry["corrected"]]
        only = entry.get("only", [])  # a single step is not the derivation
        partial = "derivation" not in only and any(part.startswith("derivation.") for part in only)
        for checked in (finding_from_json(finding) for finding in findings if finding):
            if not _unfinished(checked) and not (partial and checked.unit.endswith("::derivation")):
                found.setdefault(checked.unit, []).append(checked)
    return digests, found


def _trusted_base(done: Mapping[str, Sequence[Checked]], seed: int) -> tuple[Mapping[str, str], ...]:
    """The lemmas that the derivations cite, each with the outcome of its spot check."""
    evidence = [checked.finding.verdict.evidence for findings in done.values() for checked in findings]
    names = {name for facts in evidence for name in facts.get("lemmas", ())}
    if not names:
        return ()
    from emtheory.judges.symbolic import TRUSTED

    return tuple(
        {
            "name": lemma.name,
            "statement": lemma.statement,
            "reference": lemma.reference,
            "spot_check": lemma.spot_check(seed).outcome.value,
        }
        for lemma in TRUSTED
        if lemma.name in names
    )
