"""Going on with earlier work: what is on the disk has to be about the same as this run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["difference"]


def difference(before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """The first fact of this run that the earlier work has otherwise, for a sentence; "" if there is none.

    >>> difference({"task": "compose-copy:2", "steps": 99}, {"task": "compose-copy:2", "steps": 5000})
    'steps 99, not 5000'
    """
    for name, value in now.items():
        if before.get(name) != value:
            return f"{name} {_short(before.get(name))}, not {_short(value)}"
    return ""


def _short(value: Any) -> str:
    """At most 60 characters, the middle left out: of names and checksums, the begin and the end tell most."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:28]} … {text[-29:]}"
