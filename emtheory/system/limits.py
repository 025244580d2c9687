"""How much memory is asked for, and how much of a value a message shows.

Main function: `must_fit`: sizes that need more are refused in a sentence, before anything is allocated. Who calls it
derives the bytes from the arrays that the work will hold. `shown` keeps messages to one line that can be read.
"""

from __future__ import annotations

__all__ = ["MAX_MEMORY", "must_fit", "shown"]

MAX_MEMORY = 2**30
"""The most bytes that one piece of work asks for."""


def must_fit(needed: int, what: str, next_step: str, *, limit: int = MAX_MEMORY) -> None:
    """ValueError if `what` needs more bytes than `limit`; the message ends with what to do instead.

    >>> must_fit(2**40, "a large table", "take fewer rows")
    Traceback (most recent call last):
    ValueError: a large table needs about 1,024.0 GiB of memory, above the limit of 1 GiB; take fewer rows
    """
    if needed > limit:
        size = f"{needed / 2**30:,.1f}" if needed < 2**70 else "more than 2^40"
        most = f"{limit / 2**30:g} GiB"
        raise ValueError(f"{shown(what, 200)} needs about {size} GiB of memory, above the limit of {most}; {next_step}")


def shown(value: object, most: int = 60) -> str:
    """A name, a value or the first line of an error as a message shows it: printable, and cut where it is long.

    >>> shown("b\\n" * 99, 12)
    'b'
    >>> shown("W_hh" * 99, 12)
    'W_hhW_hhW_h…'
    """
    line = next(iter(str(value).splitlines()), type(value).__name__)
    if not line.isprintable():
        line = line.encode("unicode_escape", "backslashreplace").decode("ascii")
    return line if len(line) <= most else f"{line[: most - 1]}…"
