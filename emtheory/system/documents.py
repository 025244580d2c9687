"""Results as JSON files: written atomically, so that a run that is killed leaves the last complete state behind."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any

from emtheory.system import files

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
    files.write(destination, text)


def read(path: str) -> dict[str, Any]:
    """The document in a file.

    Raises:
        ValueError: the file cannot be read, or holds no JSON object.
    """
    text = files.read_text(path, next_step="name a file that --json wrote")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path} holds no JSON ({error}); name a file that --json wrote") from error
    if not isinstance(document, dict):
        raise ValueError(f"{path} holds a JSON {type(document).__name__}, not an object; name a file that --json wrote")
    return document
