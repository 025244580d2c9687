"""The one pool of processes: units of work to results, as they finish, the same wherever a unit ran.

Main function: `completed(work, units, jobs=…)`; `prepare` begins its start. Every worker has a pipe of its own, so that
it is known which unit each one is at: a worker that dies or is too slow costs that unit and no other. Workers come from
a clean server process that has imported what they need once, have BLAS on one thread (faster where processes share the
cores, and the last bits of a product do not depend on the number of cores), and end when the process that started them
does, however it ends.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import sys
import time
import traceback
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import forkserver
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from threading import Thread
from typing import Any, TypeVar

from emtheory.system.threads import one_blas_thread

__all__ = ["Lost", "completed", "prepare"]

Given = TypeVar("Given")
Found = TypeVar("Found")

STARTS = 3  # processes that end one after the other before they are ready: then none will ever be


@dataclass(frozen=True)
class Lost:
    """A unit without a result, and why: its process died twice, or it took too long."""

    reason: str


def completed(
    work: Callable[[Given], Found],
    units: Sequence[Given],
    *,
    jobs: int,
    timeout: float | None = None,
    preload: Sequence[str] = (),
) -> Generator[tuple[int, Found | Lost], None, None]:
    """(index of a unit, work(unit)) in the order in which they finish; closing the iterator ends the workers.

    A unit whose process dies is tried once more, when no other is under way. With one job and no time limit all is
    done in this process; else a script needs the usual `if __name__ == "__main__":`.

    Arguments:
        work: a function of a module, or a `functools.partial` of one; what is bound goes to each worker once.
        units: what it is called with; they and the results cross processes by pickle.
        jobs: the most processes at a time.
        timeout: the seconds that one unit may take.
        preload: modules that workers find imported.

    Raises:
        ValueError: jobs < 1, or timeout ≤ 0.
        ChildProcessError: processes end before they can begin.
        Exception: what `work` raised; the traceback in the worker is its note.

    >>> sorted(completed(abs, [-3, 4], jobs=1))
    [(0, 3), (1, 4)]
    """
    if jobs < 1:
        raise ValueError(f"jobs must be at least 1, got {jobs}")
    if timeout is not None and not timeout > 0:
        raise ValueError(f"timeout must be more than 0 seconds, got {timeout}")
    if jobs == 1 and timeout is None:
        return _here(work, units)
    return _apart(_Pool(work, units, min(jobs, len(units)), timeout, _context(preload)))


def _here(work: Callable[[Given], Found], units: Sequence[Given]) -> Generator[tuple[int, Found | Lost], None, None]:
    for index, unit in enumerate(units):
        yield index, _on_one_thread(work, unit)


def _on_one_thread(work: Callable[[Given], Found], unit: Given) -> Found:
    with one_blas_thread():  # around each unit: the caller's own setting stands in between
        return work(unit)


def _apart(pool: _Pool) -> Generator[tuple[int, Any], None, None]:
    try:
        while pool.left:
            yield from pool.step()
    finally:
        pool.close()


def prepare(preload: Sequence[str]) -> None:
    """Begins to import what workers find imported, while this process does something else."""
    if _context(preload).get_start_method() == "forkserver":
        forkserver.ensure_running()


def _context(preload: Sequence[str]) -> BaseContext:
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(preload))
    return context


# --- in the process that asks -----------------------------------------------------------------------------------------


@dataclass(eq=False)
class _Worker:
    process: BaseProcess
    connection: Connection
    ready: bool = False
    unit: int | None = None
    deadline: float = float("inf")

    def how_it_ended(self) -> str:
        self.process.join(timeout=1)  # it may have closed the pipe only
        self.process.kill()
        self.process.join()
        code = self.process.exitcode or 0
        return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with exit status {code}"

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.connection.close()


class _Pool:
    def __init__(
        self,
        work: Callable[[Any], Any],
        units: Sequence[Any],
        jobs: int,
        timeout: float | None,
        context: BaseContext,
    ) -> None:
        self.work, self.units, self.jobs, self.timeout, self.context = work, units, jobs, timeout, context
        self.waiting = deque(range(len(units)))
        self.again: deque[int] = deque()  # units whose process died
        self.died: set[int] = set()
        self.workers: list[_Worker] = []
        self.left = len(units)
        self.failed_starts = 0

    def step(self) -> Iterator[tuple[int, Any]]:
        """Hands out units, waits until something happens, and yields what is finished by then."""
        while len(self.workers) < min(self.jobs, self.left):
            self._start()
        for worker in self.workers:
            if worker.ready and worker.unit is None:
                self._hand_to(worker)
        nearest = min(worker.deadline for worker in self.workers)
        waited = None if nearest == float("inf") else max(0.0, nearest - time.monotonic())
        signs = [sign for worker in self.workers for sign in (worker.connection, worker.process.sentinel)]
        wait(signs, waited)
        for worker in list(self.workers):
            finished = self._news(worker)
            if finished is not None:
                self.left -= 1
                yield finished

    def close(self) -> None:
        while self.workers:
            self.workers.pop().end()

    def _start(self) -> None:
        ours, theirs = self.context.Pipe()
        process = self.context.Process(target=_serve, args=(theirs, self.work), daemon=True)  # type: ignore[attr-defined]
        process.start()
        theirs.close()
        self.workers.append(_Worker(process, ours))

    def _hand_to(self, worker: _Worker) -> None:
        if self.waiting:
            queue = self.waiting
        elif self.again and all(other.unit is None for other in self.workers):
            queue = self.again
        else:
            return
        unit = queue[0]
        try:
            worker.connection.send((unit, self.units[unit]))
        except OSError:
            return  # it is dead, and its sentinel says so next
        worker.unit = queue.popleft()
        worker.deadline = float("inf") if self.timeout is None else time.monotonic() + self.timeout

    def _news(self, worker: _Worker) -> tuple[int, Any] | None:
        """The unit that this worker has finished, or that is lost with it."""
        alive = worker.process.is_alive()  # asked first: what a dead one has sent is all there
        try:
            message = worker.connection.recv() if worker.connection.poll() else None
        except (EOFError, OSError):
            return self._buried(worker)
        if message == "ready":
            worker.ready, self.failed_starts = True, 0
        elif message is not None:
            unit, found, error, where = message
            if error is not None:
                error.add_note(where)
                raise error
            worker.unit, worker.deadline = None, float("inf")
            return unit, found
        elif not alive:
            return self._buried(worker)
        elif worker.unit is not None and time.monotonic() >= worker.deadline:
            return self._overdue(worker)
        return None

    def _overdue(self, worker: _Worker) -> tuple[int, Any] | None:
        self.workers.remove(worker)
        worker.end()
        assert worker.unit is not None
        return worker.unit, Lost(f"it took longer than {self.timeout:g} s")

    def _buried(self, worker: _Worker) -> tuple[int, Any] | None:
        self.workers.remove(worker)
        how = worker.how_it_ended()
        worker.connection.close()
        if not worker.ready:
            self.failed_starts += 1
            if self.failed_starts == STARTS:
                raise ChildProcessError(
                    f"a process that should share the work {how} before it could begin; "
                    "a script needs `if __name__ == '__main__':` around what it runs, or one job and no time limit"
                )
        if worker.unit is None:
            return None
        if worker.unit not in self.died:
            self.died.add(worker.unit)
            self.again.append(worker.unit)
            return None
        return worker.unit, Lost(f"its process {how}, twice")


# --- in a worker ------------------------------------------------------------------------------------------------------


def _serve(connection: Connection, work: Callable[[Any], Any]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that asks, which ends its workers
    _end_with_parent()
    sys.stdout = sys.stderr  # standard output is for results, and those go through the pipe
    connection.send("ready")
    while True:
        try:
            unit, given = connection.recv()
        except EOFError:
            return
        connection.send_bytes(_message(unit, work, given))


def _end_with_parent() -> None:
    """The system ends this process when the pipe to its parent breaks, also while a C library computes for minutes and
    no Python thread runs; where the system cannot, a thread does."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)

    Thread(target=watch, daemon=True).start()
    if sys.platform == "linux":
        import fcntl

        fcntl.fcntl(parent.sentinel, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(parent.sentinel, fcntl.F_SETFL, fcntl.fcntl(parent.sentinel, fcntl.F_GETFL) | os.O_ASYNC)


def _message(unit: int, work: Callable[[Any], Any], given: Any) -> bytes:
    try:
        return pickle.dumps((unit, _on_one_thread(work, given), None, ""))
    except BaseException as error:  # whatever it is, the one who asked is to know
        plain = RuntimeError(f"{type(error).__name__}: {error}")
        told = error if isinstance(error, Exception) and _pickles(error) else plain  # no SystemExit ends the other side
        return pickle.dumps((unit, None, told, "".join(traceback.format_exception(error))))


def _pickles(error: Exception) -> bool:
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:  # many an exception pickles and cannot be made again
        return False
    return True
