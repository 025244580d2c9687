"""What pictures of the contents of memories share: colours, the scale, and the checks of what is asked for."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np

from emtheory.recovery.decoding import Decoded

__all__ = ["COLORS", "GONE", "HATCH", "checked_run", "checked_target", "composed", "full_color", "short"]

COLORS = "RdBu_r"  # ColorBrewer: diverging, white at 0, told apart with any common colour vision deficiency
GONE, HATCH = "#E4E4E4", "#B0B0B0"


def checked_target(path: str | os.PathLike[str], suffixes: tuple[str, ...], what: str) -> Path:
    """The path, if its suffix is one of these.

    Raises:
        ValueError: another suffix.

    >>> checked_target("a.png", (".png",), "a figure").name
    'a.png'
    """
    target = Path(path)
    if target.suffix.lower() not in suffixes:
        raise ValueError(f"{what} cannot be written as {target.name!r}; end its name in {', '.join(suffixes)}")
    return target


def checked_run(decoded: Decoded, run: int) -> int:
    """The run, if the batch has it.

    Raises:
        ValueError: it has not.
    """
    if not 0 <= run < len(decoded.contents):
        raise ValueError(f"the run must be one of 0..{len(decoded.contents) - 1}, but is {run}; runs count from 0")
    return run


def full_color(decoded: Decoded, run: int) -> float:
    """The content of full colour, a third above the largest that is expected or, without a task, the largest read."""
    shown = decoded.contents if decoded.expected is None else 4 / 3 * decoded.expected
    return float(np.abs(shown[run] * decoded.determined).max()) or 1.0


def composed(decoded: Decoded) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which contents the task composes into the next variable (s × κ)."""
    if decoded.task is None:
        return np.zeros((decoded.s, decoded.kappa), dtype=bool)
    return np.asarray((decoded.task.array() != 0).any(axis=1) & decoded.determined)


def short(name: str) -> str:
    """Cut off where it would meet the title."""
    return name if len(name) <= 48 else f"{name[:47]}…"
