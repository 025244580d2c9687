"""Results as JSON files: written atomically, so that a run that is killed leaves the last complete state behind."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any

from emtheory.system import files
from emtheory.system.schema import fault

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


def read(path: str, *, form: str = "") -> dict[str, Any]:
    """The document in a file, of the form that a schema file asks for, if one is named (as "analysis").

    Raises:
        ValueError: the file cannot be read, holds no JSON object, or one of another form.
    """
    text = files.read_text(path, next_step="name a file that --json wrote")
    try:
        document = json.loads(text)
        wrong = fault(document, form) if form else ""
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path} holds no JSON ({error}); name a file that --json wrote") from error
    if not isinstance(document, dict):
        raise ValueError(f"{path} holds a JSON {type(document).__name__}, not an object; name a file that --json wrote")
    if wrong:
        raise ValueError(f"{path} has not the form of emtheory.{form}: {wrong}; write it anew with --json")
    return document
