"""The oracle: what a selection circuit holds and reads at any step, in words and exactly.

Memory k of the circuit holds x(t−s+k) at time t, and the output is x(t); the pointer chase says which input that is.
Inputs are rationals: what is typed counts as written (0.1 is 1/10), floats of a file count with their exact value.
"""

from __future__ import annotations

import re
from fractions import Fraction

from emtheory.judges.exact import Matrix, dyadic, matrix
from emtheory.system.array_types import Floats
from emtheory.system.arrays import read_array
from emtheory.system.limits import must_fit
from emtheory.theory.pointers import PointerChase, Read
from emtheory.theory.tasks import Task

__all__ = ["contents", "float_inputs", "parse_inputs", "parse_time"]

NUMBER = re.compile(r"[+-]?(\d+/\d+|(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?)", re.ASCII)
MOST_CHARACTERS = 1000  # of one number: longer ones are no input, and their conversion takes quadratic time


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


def parse_inputs(text: str, task: Task) -> Matrix:
    """u(1), …, u(s), one a row (s × κ), exactly.

    Arguments:
        text: numbers such as 3, 1/3, 0.1 or 1e30, those of one u separated by commas, the u by semicolons; or the path
            of an .npy file of shape (s, κ).
        task: gives s and κ.

    >>> parse_inputs("1,-1; 0.1,9007199254740993", Task.compose_copy(2))
    matrix([[1, -1], ["1/10", 9007199254740993]])

    Raises:
        ValueError: not s × κ finite real numbers.
    """
    expected = f"{task.s} times {task.kappa} numbers: 'u,u; u,u', u(1) first, or an .npy file of shape (s, k)"
    values = _from_file(text, expected) if text.endswith(".npy") else _typed(text, expected)
    if values.shape != (task.s, task.kappa):
        raise ValueError(f"the input has shape {values.shape}; it must be {expected}")
    return values


def float_inputs(text: str, task: Task) -> Floats:
    """u(1), …, u(s) as `parse_inputs`, each number rounded to the nearest float64, for networks in floats.

    Raises:
        ValueError: as for `parse_inputs`; a number beyond the range of float64.
    """
    try:
        return parse_inputs(text, task).numpy()
    except OverflowError:
        raise ValueError(f"the input {_short(text)} is beyond the range of float64; give smaller numbers") from None


def _typed(text: str, expected: str) -> Matrix:
    rows = [[_number(entry.strip(), expected) for entry in row.split(",")] for row in text.split(";")]
    if len({len(row) for row in rows}) > 1:
        raise ValueError(f"the input {_short(text)} has rows of unequal length; it must be {expected}")
    return matrix(rows)


def _number(text: str, expected: str) -> Fraction:
    if len(text) > MOST_CHARACTERS:
        raise ValueError(
            f"the input {_short(text)} has more than {MOST_CHARACTERS:,} characters; give a shorter number"
        )
    if not NUMBER.fullmatch(text):
        raise ValueError(
            f"the input {_short(text)} cannot be read as a number such as 3, 1/3, 0.1 or 1e30; it must be {expected}"
        )
    try:
        return Fraction(text)
    except ZeroDivisionError:
        raise ValueError(f"the input {_short(text)} divides by 0; it must be {expected}") from None


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:60]}…")


def _from_file(path: str, expected: str) -> Matrix:
    values = read_array(path, next_step=f"the input must be {expected}")
    try:
        return dyadic(values)
    except (ValueError, TypeError) as error:
        raise ValueError(f"{path} holds no plain real matrix ({error}); it must be {expected}") from None


def contents(task: Task, time: int, inputs: Matrix | None = None) -> list[str]:
    """Lines that say what is read at `time`, and what every variable memory holds then.

    Arguments:
        task: a signed selection.
        time: t ≥ s.
        inputs: u(1), …, u(s), one a row (s × κ), whose values are then said too.

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


def _named(read: Read, inputs: Matrix | None) -> str:
    parts = []
    for sign, component, tau in zip(read.sign.tolist(), read.component.tolist(), read.time.tolist(), strict=True):
        name = f"{'-' if sign < 0 else ''}u_{component + 1}({tau})" if sign else "0"
        value = f" = {sign * inputs[tau - 1, component]}" if sign and inputs is not None else ""
        parts.append(name + value)
    return ", ".join(parts)
