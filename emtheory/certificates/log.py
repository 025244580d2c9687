"""The log of a run of `certify`: finished answers as JSON lines, each on the disk before the next one is worked on.

The first line says of which work. Every other line holds an answer and the sha256 of the first line and the answer, so
that an outcome that was changed, or comes from other work, is refused. A run that was killed may leave the begin of one
more line, which is dropped; nothing else is ever taken from a file.

Main class: `Log`.
"""

from __future__ import annotations

import json
import os
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from emtheory.certificates.certificate import Answer, fingerprint
from emtheory.networks.elman import Network
from emtheory.system import files
from emtheory.system.resuming import difference
from emtheory.system.schema import fault
from emtheory.theory.tasks import Task

__all__ = ["Log"]

OTHER = "name another file"


class Log:
    """Answers of earlier runs in `known`, and a file to which `add` appends; used in a `with` statement.

    Arguments:
        path: the file; a new one is made, None keeps nothing.
        network, task, steps: what the answers are about.

    Raises:
        ValueError: a file of other work, or no log at all, or a damaged one; it is left as it is.
    """

    def __init__(self, path: str | os.PathLike[str] | None, network: Network, task: Task, steps: int) -> None:
        self.path = None if path is None else Path(path)
        self.about = {"network": fingerprint(network), "task": task.name, "steps": steps}
        self.head = _line({"schema": "emtheory.certificate-log/2", **self.about})
        self.known: list[Answer] = []
        self._file: BinaryIO | None = None

    def __enter__(self) -> Log:
        if self.path is None:
            return self
        data = files.read_bytes(self.path, next_step=OTHER) if self.path.exists() else b""
        whole = self._whole(data)
        self.known = [self._answer(line, i) for i, line in enumerate(whole.splitlines()[1:], 2)]
        try:
            # nothing was opened for writing before it was known to be a log of this work
            self._file = self.path.open("ab")
            if len(whole) < len(data):
                self._file.truncate(len(whole))
        except OSError as error:
            raise ValueError(f"{self.path} cannot be written: {error.strerror or error}; {OTHER}") from None
        if not whole:
            self._write(self.head)
        return self

    def add(self, answer: Answer) -> None:
        """One more line."""
        if self._file is not None:
            self._write(_line({"answer": answer.to_json(), "sha256": self._digest(answer.to_json())}))

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def _write(self, line: bytes) -> None:
        assert self._file is not None
        self._file.write(line)
        self._file.flush()
        os.fsync(self._file.fileno())

    def _whole(self, data: bytes) -> bytes:
        """The finished lines of a log of this work; what follows them is the begin of one that is unfinished."""
        if self.head.startswith(data):  # empty, or killed in the first line
            return b"" if data != self.head else data
        if not data.startswith(self.head):
            raise ValueError(f"{self.path} {_kind(data, self.about)}, so it is left as it is; {OTHER}")
        end = data.rfind(b"\n") + 1
        start = b'{"answer": {'
        if data[end : end + len(start)] != start[: len(data) - end]:
            raise ValueError(f"{self.path} ends in something that is no answer, so it is left as it is; {OTHER}")
        return data[:end]

    def _answer(self, line: bytes, number: int) -> Answer:
        try:
            entry = json.loads(line)
            if wrong := fault(entry, "certificate-log"):
                raise ValueError(wrong)
            if entry["sha256"] != self._digest(entry["answer"]):
                raise ValueError("its checksum is another")
            return Answer.from_json(entry["answer"])
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise ValueError(
                f"{self.path} is damaged or was changed in line {number} ({_short(error)}), so none of it is used; "
                f"remove that line, or {OTHER}"
            ) from None

    def _digest(self, answer: Any) -> str:
        return sha256(self.head + _line(answer)).hexdigest()


def _line(entry: Any) -> bytes:
    return json.dumps(entry).encode() + b"\n"


def _kind(data: bytes, about: dict[str, Any]) -> str:
    """What a file is that does not begin as the log of this work does."""
    try:
        head = json.loads(data[: data.index(b"\n")])
        if not fault(head, "certificate-log"):
            return f"is the log of other work, with {difference(head, about)}"
    except (ValueError, TypeError, KeyError, RecursionError):
        pass
    return "is no log of certify"


def _short(what: object) -> str:
    return " ".join(str(what).split())[:60]
