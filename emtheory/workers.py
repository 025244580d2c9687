"""Runs units of work in this process or in several; what a unit finds does not depend on which.

Workers are forked from a clean server process that has imported the judges once (no threads, no open files of the
caller), and load theorem files by path. BLAS runs on one thread everywhere: it is faster so when several processes
share the cores, and the last bits of a product do not depend on the number of cores.
"""

from __future__ import annotations

import functools
import multiprocessing
import signal
from collections.abc import Generator, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor, as_completed
from pathlib import Path

from emtheory.loader import LoadError, TheoremFile, load
from emtheory.threads import one_blas_thread
from emtheory.units import Checked, Unit, run, unfinished

__all__ = ["Task", "completed"]

Task = tuple[TheoremFile, Unit]
Result = tuple[Task, list[Checked]]

PRELOADED = ["emtheory.units", "emtheory.judges.symbolic", "hypothesis", "scipy.linalg"]


def completed(tasks: Sequence[Task], *, jobs: int) -> Generator[Result, None, None]:
    """Each task with its findings, as they are finished; closing the iterator ends the workers.

    Raises:
        ValueError: jobs < 1.
    """
    if jobs < 1:
        raise ValueError(f"jobs must be at least 1, got {jobs}")
    if jobs == 1 or len(tasks) < 2:
        return _serial(tasks)
    return _parallel(tasks, min(jobs, len(tasks)))


def _serial(tasks: Sequence[Task]) -> Generator[Result, None, None]:
    for file, unit in tasks:
        with one_blas_thread():
            checked = run(file, unit)
        yield (file, unit), checked


def _parallel(tasks: Sequence[Task], jobs: int) -> Generator[Result, None, None]:
    bystanders = set(multiprocessing.active_children())
    with ProcessPoolExecutor(jobs, mp_context=_context(), initializer=_start) as pool:
        waiting: dict[Future[list[Checked]], Task] = {
            pool.submit(_work, file.path, file.target, file.digest, unit): (file, unit)
            for file, unit in sorted(tasks, key=lambda task: task[1].part != "search")  # the longest ones first
        }
        finished = False
        try:
            for future in as_completed(waiting):
                yield waiting[future], _findings(future, waiting[future])
            finished = True
        finally:
            if not finished:
                pool.shutdown(wait=False, cancel_futures=True)
                for child in set(multiprocessing.active_children()) - bystanders:
                    child.terminate()


def _findings(future: Future[list[Checked]], task: Task) -> list[Checked]:
    try:
        return future.result()
    except BrokenExecutor:
        return [unfinished(*task, reason="its process died")]
    except LoadError as error:
        return [unfinished(*task, reason=str(error))]


def _context() -> multiprocessing.context.BaseContext:
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    return context


def _start() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the main process, which ends the workers


def _work(path: Path, target: str, digest: str, unit: Unit) -> list[Checked]:
    with one_blas_thread():
        return run(_file(path, target, digest), unit)


@functools.cache
def _file(path: Path, target: str, digest: str) -> TheoremFile:
    file = load(path, target=target)
    if file.digest != digest:
        raise LoadError(f"{path}: the file changed while it was being checked")
    return file
