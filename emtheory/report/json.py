"""Results as JSON files: written atomically, so that a run that is killed leaves the last complete state behind."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

__all__ = ["read", "write"]


def write(document: Mapping[str, Any], destination: str) -> None:
    """The document to a file, which holds either the old or the new text at every moment; "-" is standard output.

    Raises:
        ValueError: the file cannot be written.
    """
    text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    if destination == "-":
        sys.stdout.write(text)
        return
    path = Path(destination)
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
            os.chmod(temporary, 0o666 & ~_umask())  # mkstemp's files are private, results are not
            os.replace(temporary, path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ValueError(
            f"{destination} cannot be written: {error.strerror}; name a file in a folder that exists"
        ) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def read(path: str) -> dict[str, Any]:
    """The document in a file.

    Raises:
        ValueError: the file cannot be read, or holds no JSON object.
    """
    try:
        document = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}; name a file that --json wrote") from error
    except ValueError as error:
        raise ValueError(f"{path} holds no JSON ({error}); name a file that --json wrote") from error
    if not isinstance(document, dict):
        raise ValueError(f"{path} holds a JSON {type(document).__name__}, not an object; name a file that --json wrote")
    return document
