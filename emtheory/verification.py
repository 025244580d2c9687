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
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from threading import current_thread, main_thread
from types import FrameType
from typing import Any

from emtheory import __version__
from emtheory.loader import Selection, select
from emtheory.results import Report, concluded, finding_from_json
from emtheory.units import Checked, unfinished, units
from emtheory.workers import Task, completed

__all__ = ["EXAMPLES", "verify"]

EXAMPLES = 100  # searched cases of a theorem, unless something else is asked for

LIBRARIES = ("numpy", "scipy", "sympy", "python-flint", "hypothesis")

Watch = Callable[[Report, int, int], None]


def verify(
    targets: Sequence[str] = (),
    *,
    word: str = "",
    examples: int = EXAMPLES,
    seed: int = 0,
    jobs: int = 1,
    resume: Mapping[str, Any] | None = None,
    watch: Watch | None = None,
) -> Report:
    """The report on the theorems that the targets name, and on those that they use.

    Arguments:
        targets: names of bundled theorems, files, folders, node ids such as "memory-basis::search"; empty means all.
        word: keeps the theorems with this word in their name or title.
        examples: searched cases of each theorem.
        seed: determines every random choice; results do not depend on `jobs`.
        jobs: processes; a script that asks for more than one needs the usual `if __name__ == "__main__":`.
        resume: an earlier report's JSON; what it holds for unchanged files is not checked again.
        watch: is called with (report so far, units done, units) whenever a unit is finished.

    Raises:
        LoadError: a target names nothing; files that cannot be loaded are listed in `Report.errors` instead.
        ValueError: examples < 1, jobs < 1, or `resume` was made with other options or another version.
    """
    if examples < 1:
        raise ValueError(f"examples must be at least 1, got {examples}")
    started = time.perf_counter()
    selection = select(targets, word=word)
    tasks = [
        (file, unit)
        for file in selection.files
        for unit in units(file, seed=seed, examples=examples, parts=selection.parts.get(file.name))
    ]
    environment = _environment(seed, examples)
    done = _earlier(resume, environment, tasks) if resume is not None else {}

    def report(*, interrupted: bool = False, base: tuple[Mapping[str, str], ...] = ()) -> Report:
        theorems, errata = concluded(selection.files, _by_file(selection, tasks, done), selection.parts)
        errors = tuple(str(error) for error in selection.errors)
        return Report(environment, theorems, errata, base, errors, time.perf_counter() - started, interrupted)

    interrupted = False
    results = completed([(f, u) for f, u in tasks if u.node(f) not in done], jobs=jobs)
    try:
        with _interruptible() as stop_if_asked:
            if watch:
                watch(report(), len(done), len(tasks))
            for (file, unit), findings in results:
                done[unit.node(file)] = findings
                if watch:
                    watch(report(), len(done), len(tasks))
                stop_if_asked()
    except KeyboardInterrupt:
        interrupted = len(done) < len(tasks)
    finally:
        results.close()
    return report(interrupted=interrupted, base=_trusted_base(done, seed))


@contextmanager
def _interruptible() -> Iterator[Callable[[], None]]:
    """Ctrl-C raises at once, and again when the given function is called: the first one is lost if it comes while
    Python collects garbage, since hypothesis has a callback there and exceptions in such callbacks are ignored."""
    asked: list[bool] = []

    def interrupt(number: int, frame: FrameType | None) -> None:
        asked.append(True)
        raise KeyboardInterrupt

    def stop_if_asked() -> None:
        if asked:
            raise KeyboardInterrupt

    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler or current_thread() is not main_thread():
        yield stop_if_asked  # somebody else decides what Ctrl-C does
        return
    signal.signal(signal.SIGINT, interrupt)
    try:
        yield stop_if_asked
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _by_file(
    selection: Selection, tasks: Sequence[Task], done: Mapping[str, Sequence[Checked]]
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
    package = Path(__file__).resolve().parent
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
    document: Mapping[str, Any], environment: Mapping[str, Any], tasks: Sequence[Task]
) -> dict[str, list[Checked]]:
    """The finished findings of an earlier report by unit, for files that did not change."""
    if document.get("schema") != "emtheory.findings/1":
        raise ValueError(f"the earlier results have the schema {document.get('schema')!r}, not 'emtheory.findings/1'")
    before = document.get("environment", {})
    for key, value in environment.items():
        if before.get(key) != value:
            raise ValueError(
                f"the earlier results were made with {key} {before.get(key)!r}, this run has {value!r}; "
                "use the same, or start anew without resuming"
            )
    try:
        digests, found = _finished(document)
    except (KeyError, TypeError) as error:
        raise ValueError(f"the earlier results are not complete ({error}); start anew without resuming") from error
    current = {unit.node(file) for file, unit in tasks if digests.get(file.name) == file.digest}
    return {unit: findings for unit, findings in found.items() if unit in current}


def _finished(document: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, list[Checked]]]:
    """The digests of the files, and the findings of the units that were finished."""
    digests: dict[str, str] = {}
    found: dict[str, list[Checked]] = {}
    for entry in (*document["theorems"], *document["errata"]):
        digests[entry["name"]] = entry["digest"]
        findings = entry["findings"] if "findings" in entry else [entry["printed"], entry["corrected"]]
        for checked in (finding_from_json(finding) for finding in findings if finding):
            if not checked.finding.verdict.evidence.get("unfinished"):
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
