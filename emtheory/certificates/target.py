"""What a task asks for on one input, exactly: the signs of x(1), x(2), … and from which step on they repeat.

The last s outputs determine all that follow, so x repeats as soon as such a window comes again. Selections only move
numbers; other compositions are computed over the rationals. Main function: `target(task, u, steps)`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from emtheory.judges.exact import dyadic
from emtheory.system.array_types import Array
from emtheory.theory.tasks import Task

__all__ = ["Signs", "Target", "target"]

Signs = np.ndarray[Any, np.dtype[np.int8]]


@dataclass(frozen=True, eq=False)
class Target:
    """The signs of x(t): x(t + period) = x(t) for all t ≥ start, both as small as can be; None if that was not seen.

    Attributes:
        s: the length of the input phase; what is asked for begins at s+1.
        signs: of x(1) … x(T), (T, κ).
    """

    s: int
    signs: Signs
    start: int | None
    period: int | None

    def upto(self, steps: int) -> Signs:
        """The signs of x(1) … x(steps), (steps, κ).

        Raises:
            ValueError: more steps than were computed, and no period.
        """
        times = np.arange(steps)
        late = times >= len(self.signs)
        if late.any():
            if self.start is None or self.period is None:
                raise ValueError(f"{steps} steps are asked for, but {len(self.signs)} were computed; ask for more")
            times = np.where(late, self.start - 1 + (times - self.start + 1) % self.period, times)
        return self.signs[times]


def target(task: Task, u: Array, steps: int) -> Target:
    """What the task asks for on u, (s, κ), over `steps` steps.

    Raises:
        ValueError: inputs of another shape or not finite, steps < 1.

    >>> found = target(Task.compose_copy(3), np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9]]), 30)
    >>> found.start, found.period
    (3, 6)
    """
    if task.selection is not None:
        values = task.outputs(u[np.newaxis], steps)[0] + 0  # -0.0 and 0.0 are one value
        words = [row.tobytes() for row in values]
        signs = np.sign(values).astype(np.int8)
    else:
        exact = task.outputs(dyadic(np.asarray(u, dtype=np.float64)).T, steps).T
        words = [repr(list(row)).encode() for row in exact]
        signs = np.array([[int(x > 0) - int(x < 0) for x in row] for row in exact], dtype=np.int8)
    start, period = _repetition(words, task.s)
    return Target(task.s, signs, start, period)


def _repetition(words: list[bytes], s: int) -> tuple[int | None, int | None]:
    """The first t, from 1, after which all words repeat, and their period; the first window that comes again tells."""
    seen: dict[tuple[bytes, ...], int] = {}
    for end in range(s, len(words) + 1):
        first = seen.setdefault(tuple(words[end - s : end]), end)
        if first < end:
            period, start = end - first, first - s + 1
            while start > 1 and words[start - 2] == words[start - 2 + period]:
                start -= 1
            return start, period
    return None, None
