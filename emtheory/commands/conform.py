"""The command conform: properties with derived bounds against somebody's implementation."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from emtheory.commands.shared import Json, app, progress
from emtheory.conform.contract import FUNCTIONS

__all__ = ["conform"]

CONTRACT = "\n\n".join(
    [
        "TARGET defines any of these functions, with plain numpy arrays; what it lacks, or raises NotImplementedError "
        "for, is not covered. Arguments come in float64 and in float32.",
        *(f"* {meaning}" for meaning in FUNCTIONS.values()),
    ]
)


@app.command(epilog=CONTRACT)
def conform(
    target: Annotated[
        str, typer.Argument(metavar="TARGET", help="A file FILE.py, a module, or MODULE:OBJECT as in an entry point.")
    ],
    seed: Annotated[int, typer.Option(min=0, help="Determines all cases.")] = 0,
    examples: Annotated[int, typer.Option(min=1, help="Cases of a property.")] = 24,
    known: Annotated[
        str, typer.Option(metavar="FILE", help="A ledger of known failures; one that passes is an error.")
    ] = "",
    json: Json = "",
    junit: Annotated[str, typer.Option(metavar="FILE", help="Write the results as JUnit XML.")] = "",
) -> None:
    """Test an implementation of the analysis of RNNs: properties with known answers and derived bounds.

    Every failure comes with the smallest case that was found, as code to paste. The ledger is a JSON file
    {"properties": "1", "known": {"FUNCTION.NAME": "reason"}}.

    * `emtheory conform my_analysis.py`

    * `emtheory conform my_package.analysis --known known.json --junit report.xml`
    """
    from emtheory.conform import reporting
    from emtheory.conform.running import load, run
    from emtheory.report import json as files
    from emtheory.report import terminal

    failures = reporting.known_failures(files.read(known), known) if known else {}
    loaded = load(target)
    with progress("testing") as advance:
        results = run(loaded, seed=seed, examples=examples, watch=advance)
    if json:
        files.write(reporting.document(results, failures, target=target, seed=seed), json)
    if junit:
        Path(junit).write_text(reporting.junit(results, failures, target=target), encoding="utf-8")
    if json != "-":
        terminal.show(reporting.lines(results, failures, target=target), terminal.console(sys.stdout))
    raise typer.Exit(reporting.status(results, failures))
