"""Files of the user: read whole and within a bound, written whole or not at all.

Main functions: `read_bytes`, `read_text`, `write`, `replacing`. Readers and writers of the package go through them,
so that no file is half written, none is read past its bound, and what is no file (a folder, a pipe) is refused at once.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["MAX_BYTES", "read_bytes", "read_text", "replacing", "write"]

MAX_BYTES = 2**28
"""The most bytes that are read from a file, unless its reader names another bound."""

PIECE = 2**20  # bytes that are read at a time beyond the size that a file says it has


def read_bytes(path: str | os.PathLike[str], *, next_step: str, limit: int = MAX_BYTES) -> bytes:
    """The bytes of a regular file.

    Arguments:
        path: the file.
        next_step: what to do instead, said behind the reason of a refusal.
        limit: the most bytes that are read.

    Raises:
        ValueError: it cannot be read, is no regular file, or holds more than `limit` bytes.

    >>> read_bytes("absent.npz", next_step="give an .npz file")
    Traceback (most recent call last):
    ValueError: absent.npz cannot be read: No such file or directory; give an .npz file
    """
    name = os.fspath(path)
    try:
        # a pipe would wait for its writer, so it is opened without blocking and refused
        descriptor = os.open(name, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise ValueError(f"{name} is not a regular file; {next_step}")
            # read(n) reserves n bytes, so ask for what is there; some files say 0, and some grow
            data = file.read(min(limit, os.fstat(descriptor).st_size) + 1)
            while len(data) <= limit and (more := file.read(min(limit + 1 - len(data), PIECE))):
                data += more
    except OSError as error:
        raise ValueError(f"{name} cannot be read: {error.strerror or error}; {next_step}") from None
    if len(data) > limit:
        raise ValueError(f"{name} is larger than {limit:,} bytes, the most that is read; {next_step}")
    return data


def read_text(path: str | os.PathLike[str], *, next_step: str, limit: int = MAX_BYTES) -> str:
    """The text of a regular file in UTF-8, as `read_bytes`.

    Raises:
        ValueError: as `read_bytes`; the bytes are not UTF-8.
    """
    try:
        return read_bytes(path, next_step=next_step, limit=limit).decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"{os.fspath(path)} is not text in UTF-8 (byte {error.start}); {next_step}") from None


def write(path: str | os.PathLike[str], content: str | bytes) -> None:
    """The content to a file, which holds the old or the new bytes at every moment.

    Raises:
        ValueError: the file cannot be written.
    """
    with replacing(path) as temporary:
        temporary.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[Path]:
    """A new file in the same folder and with the same ending, which takes the place of `path` when the block succeeds.

    If the block raises, the new file is removed and the old one stands.

    Raises:
        ValueError: `path` cannot be written.
    """
    target = Path(path)
    # through a link, so that the link stays one
    final = target.resolve() if target.is_symlink() else target
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{final.stem}.", suffix=final.suffix, dir=final.parent)
        os.close(descriptor)
        temporary = Path(name)
        try:
            yield temporary
            # mkstemp's files are private, results are not; a file that is replaced keeps its permissions
            temporary.chmod(stat.S_IMODE(final.stat().st_mode) if final.exists() else 0o666 & ~_umask())
            with temporary.open("rb") as file:
                os.fsync(file.fileno())  # or a crash may leave the new name on old, empty blocks
            temporary.replace(final)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ValueError(
            f"{target} cannot be written: {error.strerror or error}; name a file in a folder that exists"
        ) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
