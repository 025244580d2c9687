"""A decoded run in words: what the memories hold, against what the task expects."""

from __future__ import annotations

import numpy as np

from emtheory.recovery.decoding import Decoded
from emtheory.report.sentences.numbers import counted

__all__ = ["sentences"]


def sentences(decoded: Decoded, *, from_weights: bool) -> list[str]:
    """What was found on the first run.

    Raises:
        ValueError: the run was decoded without a task.

    >>> from emtheory.recovery.krylov import Operators
    >>> from emtheory.recovery.decoding import decode
    >>> from emtheory.recovery.recover import recover
    >>> from emtheory.theory.tasks import Task
    >>> one, task = np.eye(1), Task.repeat_copy(1, 1)
    >>> decoded = decode(recover(Operators(one, one, one)), np.ones((1, 2, 1)), task, np.ones((1, 1, 1)))
    >>> print(*sentences(decoded, from_weights=True), sep=chr(10))
    Memories read from the weights: 1 variable of dimension 1, so 1 content.
    Against repeat-copy:s=1,k=1 over 2 steps: mean error of a content 0, largest 0 at step 1, largest at the end 0.
    Every sign is right.
    """
    error, task = np.abs(decoded.error[0]), decoded.task
    assert task is not None
    every, kept, source = decoded.determined.size, int(decoded.determined.sum()), "weights" if from_weights else "runs"
    variables = f"{counted(decoded.s, 'variable')} of dimension {decoded.kappa}"
    lines = [f"Memories read from the {source}: {variables}, so {counted(every, 'content')}."]
    if kept < every:
        lines.append(f"{kept} of them are decoded. The states do not determine the others, which do not persist.")
    worst, compared = error.max(axis=(1, 2)), error[decoded.compared]
    lines.append(
        f"Against {task.name} over {decoded.steps} steps: mean error of a content {compared.mean():.2g}, largest "
        f"{error.max():.2g} at step {int(worst.argmax()) + 1}, largest at the end {worst[-1]:.2g}."
    )
    return [*lines, _signs(decoded)]


def _signs(decoded: Decoded) -> str:
    if decoded.first_wrong is None:
        return "Every sign is right."
    step, memory, component = decoded.first_wrong
    end = int(np.flatnonzero(decoded.wrong_by_step)[-1]) + 1
    return (
        f"The first wrong sign is at step {step}, in component {component} of memory {memory}; the last is at step "
        f"{end}. The input phase ends at step {decoded.s}."
    )
