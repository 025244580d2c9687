"""What the commands share: the application, exit states, common options, a progress bar.

Exit status: 0 all proved (nothing wrong found), 1 something refuted, 3 something undecided, 2 wrong use.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from emtheory.verdict import Outcome

__all__ = [
    "STATUS",
    "TASKS",
    "WRONG_USE",
    "Activation",
    "Json",
    "Leak",
    "app",
    "complain",
    "cores",
    "gravity",
    "progress",
]

STATUS = {Outcome.PROVED: 0, Outcome.REFUTED: 1, Outcome.UNDECIDED: 3}
WRONG_USE = 2

TASKS = (
    """TASK is repeat-copy:s=8,k=8 | compose-copy:8 | selection:s=8,k=8,id=… | an .npy file of the blocks C_1 … C_s."""
)

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)

Json = Annotated[str, typer.Option("--json", metavar="FILE", help="Write the results as JSON ('-': standard output).")]

Activation = Annotated[
    str,
    typer.Option("--activation", metavar="NAME", help="tanh, relu, sigmoid or identity, if WEIGHTS does not name it."),
]
Leak = Annotated[
    float | None, typer.Option("--leak", metavar="A", help="The leak in (0, 1], if WEIGHTS does not name it; else 1.")
]


def gravity(status: int) -> int:
    """The order of exit states: what is refuted weighs most."""
    return [0, 3, 1].index(status)


def cores() -> int:
    """The processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def progress(doing: str = "verifying") -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error, if that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns: list[Any] = [TextColumn(doing), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()]
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        line = bar.add_task(doing, total=None)
        yield lambda done, total: bar.update(line, completed=done, total=total)


def complain(message: object) -> None:
    """One sentence on standard error."""
    print(f"emtheory: error: {message}", file=sys.stderr)
