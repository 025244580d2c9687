"""The command conform: properties with derived bounds against somebody's implementation."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from typing import Annotated

import typer

from emtheory.commands.shared import Json, app, progress
from emtheory.conform.contract import FUNCTIONS
from emtheory.system.files import write

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
    {"properties": "2", "known": {"FUNCTION.NAME": "reason"}}.

    * `emtheory conform my_analysis.py`

    * `emtheory conform my_package.analysis --known known.json --junit report.xml`

    Exit status: 0 nothing wrong was found, 1 a property failed, 3 a bound was too wide to tell or nothing was tested,
    2 wrong use.
    """
    from emtheory.conform import reporting
    from emtheory.conform.running import load, misspelt, run
    from emtheory.report.sentences import conform as words
    from emtheory.report.sentences import terminal
    from emtheory.system import documents

    failures = reporting.known_failures(documents.read(known), known) if known else {}
    # what the target prints belongs to no result: it may not stand between the lines of --json -
    with redirect_stdout(sys.stderr):
        loaded = load(target)
        for name, meant in misspelt(loaded):
            hint = f"{name} is no function of the contract and is not tested; did you mean {meant}?"
            typer.echo(f"emtheory: warning: {hint}", err=True)
        with progress("testing") as advance:
            results = run(loaded, seed=seed, examples=examples, watch=advance)
    if json:
        documents.write(reporting.document(results, failures, target=target, seed=seed), json)
    if junit:
        write(junit, reporting.junit(results, failures, target=target))
    if json != "-":
        terminal.show(words.lines(results, failures, target=target), terminal.console(sys.stdout))
    raise typer.Exit(reporting.status(results, failures))
