"""The oracle: what a selection circuit holds and reads at any step, in words.

Memory k of the circuit holds x(t−s+k) at time t, and the output is x(t); the pointer chase says which input that is.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from emtheory.arrays import read_array
from emtheory.limits import must_fit
from emtheory.theory.pointers import PointerChase, Read
from emtheory.theory.tasks import Task

__all__ = ["contents", "parse_inputs", "parse_time"]


def parse_time(text: str) -> int:
    """A time such as 840 or 10**18.

    Raises:
        ValueError: anything else, or a number of more than 1,000 digits.
    """
    match = re.fullmatch(r"\s*(\d+)(?:\s*(?:\*\*|\^)\s*(\d+))?\s*", text)
    if not match:
        raise ValueError(f"a time is a whole number such as 840 or 10**18, got {text!r}")
    base, exponent = int(match[1][:1001]), int(match[2] or 1)
    if len(match[1]) * exponent > 1000:
        raise ValueError(f"the time {text!r} has more than 1,000 digits; give a smaller one")
    power: int = base**exponent
    return power


def parse_inputs(text: str, task: Task) -> np.ndarray[Any, np.dtype[Any]]:
    """Inputs u(1); …; u(s), the κ numbers of each separated by commas, or the path of an .npy file (s × κ).

    >>> parse_inputs("1,-1; 1,1", Task.compose_copy(2)).tolist()
    [[1, -1], [1, 1]]

    Raises:
        ValueError: not s × κ finite numbers.
    """
    expected = f"{task.s} times {task.kappa} numbers: 'u,u; u,u', u(1) first, or an .npy file of shape (s, k)"
    if text.endswith(".npy"):
        values = read_array(text, next_step=f"give {expected}")
    else:
        try:
            rows = [[float(x) for x in row.split(",")] for row in text.split(";")]
            values = np.array(rows)
        except ValueError:
            raise ValueError(f"the input {text!r} cannot be read; it must be {expected}") from None
    if values.shape != (task.s, task.kappa) or values.dtype.kind not in "fiu" or not np.isfinite(values).all():
        raise ValueError(f"the input has shape {values.shape}; it must be {expected}")
    whole = values.astype(np.int64) if np.array_equal(values, np.round(values)) else values
    return np.asarray(whole)


def contents(task: Task, time: int, inputs: np.ndarray[Any, np.dtype[Any]] | None = None) -> list[str]:
    """Lines that say what is read at `time`, and what every variable memory holds then.

    Raises:
        ValueError: the task is no signed selection, is too large to be listed, or the time lies in the input phase.
    """
    if time < task.s:
        raise ValueError(f"the time must be at least s={task.s}, when all inputs are written, but is {time}")
    must_fit(64 * task.s * task.kappa, f"the list of all contents of {task.name}", "choose smaller s or k")
    chase, components = PointerChase(task), range(task.kappa)
    lines = [f"At t = {time} the circuit of {task.name} reads", f"  y = {_named(chase.read(components, time), inputs)}"]
    lines.append("and its variable memories hold")
    for k in range(1, task.s + 1):
        lines.append(f"  {k}: {_named(chase.read(components, time - task.s + k), inputs)}")
    return lines


def _named(read: Read, inputs: np.ndarray[Any, np.dtype[Any]] | None) -> str:
    parts = []
    for sign, component, tau in zip(read.sign.tolist(), read.component.tolist(), read.time.tolist(), strict=True):
        name = f"{'-' if sign < 0 else ''}u_{component + 1}({tau})" if sign else "0"
        value = f" = {sign * inputs[tau - 1, component]}" if sign and inputs is not None else ""
        parts.append(name + value)
    return ", ".join(parts)
