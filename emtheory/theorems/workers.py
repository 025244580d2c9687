"""Runs units of theorem files in this process or in several; what a unit finds does not depend on which.

Workers load theorem files by path, each once.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Generator, Sequence
from pathlib import Path

from emtheory.system.pool import Lost
from emtheory.system.pool import completed as pooled
from emtheory.theorems.files import PRELOADED, LoadError, TheoremFile, load
from emtheory.theorems.units import Checked, Unit, run, unfinished

__all__ = ["Work", "completed"]

Work = tuple[TheoremFile, Unit]
"""A unit, and the file that it is of."""
Result = tuple[Work, list[Checked]]


def completed(work: Sequence[Work], *, jobs: int, timeout: float | None) -> Generator[Result, None, None]:
    """Each unit with its findings, as they are finished; closing the iterator ends the workers.

    A unit whose process dies twice, or that takes more seconds than `timeout`, has one undecided finding that says so.

    Raises:
        ValueError: jobs < 1, timeout ≤ 0.
    """
    if jobs == 1 and timeout is None:
        results = pooled(_run_here, work, jobs=1)
    else:
        if jobs > 1:
            work = sorted(work, key=lambda one: one[1].part != "search")  # the longest ones first
        given = [(file.path, file.target, file.digest, unit) for file, unit in work]
        results = pooled(_run_there, given, jobs=jobs, timeout=timeout, preload=PRELOADED)
    return _with_work(work, results)


def _with_work(
    work: Sequence[Work], results: Generator[tuple[int, list[Checked] | str | Lost], None, None]
) -> Generator[Result, None, None]:
    try:
        for index, found in results:
            reason = found.reason if isinstance(found, Lost) else found
            yield work[index], [unfinished(*work[index], reason)] if isinstance(reason, str) else reason
    finally:
        results.close()


def _run_here(one: Work) -> list[Checked] | str:
    return run(*one)


def _run_there(given: tuple[Path, str, str, Unit]) -> list[Checked] | str:
    """The findings, or why there are none."""
    *which, unit = given
    try:
        _leave_no_files()
        return run(_file(*which), unit)
    except LoadError as error:
        return str(error)
    except KeyboardInterrupt:  # which no one but the theorem file itself sends to a worker
        return "it raised KeyboardInterrupt"


def _leave_no_files() -> None:
    """hypothesis would keep what it read in the sources of loaded modules in a folder where the user happens to be."""
    from hypothesis.configuration import set_hypothesis_home_dir

    set_hypothesis_home_dir(os.path.join(os.devnull, "hypothesis"))


@functools.cache
def _file(path: Path, target: str, digest: str) -> TheoremFile:
    file = load(path, target=target)
    if file.digest != digest:
        raise LoadError(f"{path}: the file changed while it was being checked")
    return file
