"""The results of a conformance run in the terminal: a table, the failures with code to paste, a summary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from emtheory.conform.contract import VERSION
from emtheory.conform.reporting import MENDED, verdict
from emtheory.conform.running import Result

__all__ = ["lines"]

STYLES = {
    "passed": "green",
    "known": "yellow",
    "undecided": "yellow",
    "not covered": "dim",
    "failed": "bold red",
    "mended": "bold red",
}


def lines(results: Sequence[Result], known: Mapping[str, str], *, target: str) -> Iterator[RenderableType]:
    """What the command prints: the table, the failures, a summary."""
    table = Table(box=None, pad_edge=False)
    for head in ("property", "verdict", "worst ratio"):
        table.add_column(head, justify="right" if head == "worst ratio" else "left", no_wrap=True)
    for row in _rows(results, known):
        table.add_row(row[0], Text(row[1], style=STYLES[row[1]]), row[2])
    yield table
    for result in results:
        word = verdict(result, known)
        if word in ("failed", "mended"):
            yield Text(_failure(result, word, target))
    verdicts = [verdict(result, known) for result in results]
    counts = [f"{verdicts.count(word)} {word}" for word in STYLES if word in verdicts]
    yield Text(f"\nProperty set {VERSION}: {', '.join(counts)}.")
    if set(verdicts) == {"not covered"}:
        yield Text(f"Nothing was tested: {target} covers no property.")


def _rows(results: Sequence[Result], known: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """A row for each property, or one row for all properties of a function that the target lacks."""
    absent = set()
    for result in results:
        word, function = verdict(result, known), result.property.function
        if word == "not covered" and not result.trials:
            if function not in absent:
                absent.add(function)
                yield f"{function}.*", word, ""
            continue
        yield result.property.id, word, "" if word == "not covered" else f"{result.worst:.2g}"


def _failure(result: Result, word: str, target: str) -> str:
    claim = result.property
    if word == "mended":
        return f"\n{claim.id} {MENDED}: remove it from the ledger."
    setup = ["import numpy as np", "from emtheory.conform import load", f"target = load({target!r})"]
    head = f"\n{claim.id}: {claim.sentence}\n  {result.message} ({result.failures} of {result.trials} trials)"
    return "\n".join([head, *(f"    {line}" for line in [*setup, *result.code.splitlines()])])
