"""The commands that check theorems: verify, show, errata."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Annotated

import typer

from emtheory.commands.shared import STATUS, WRONG_USE, Json, app, complain, cores, progress

if TYPE_CHECKING:
    from collections.abc import Callable

    from emtheory.theorems.results import Report

__all__ = ["errata", "show", "verify"]


@app.command()
def verify(
    targets: Annotated[
        list[str] | None,
        typer.Argument(metavar="TARGET", help="Theorems, files, folders or NAME::PART; all theorems if left out."),
    ] = None,
    word: Annotated[
        str, typer.Option("-k", metavar="WORD", help="Only theorems with WORD in their name or title.")
    ] = "",
    examples: Annotated[int, typer.Option(min=1, help="Searched cases of each theorem.")] = 100,
    seed: Annotated[int, typer.Option(help="Determines every random choice.")] = 0,
    jobs: Annotated[int, typer.Option(min=0, help="Processes; 0 takes as many as there are processors.")] = 0,
    timeout: Annotated[
        float, typer.Option(metavar="SECONDS", help="What takes longer is undecided, and the others go on.")
    ] = 300,
    json: Json = "",
    resume: Annotated[
        str, typer.Option(metavar="FILE", help="Keep what this earlier --json file has finished, check the rest.")
    ] = "",
) -> None:
    """Verify theorems: the bundled ones, or those in your own files and folders.

    * `emtheory verify` checks everything that ships with emtheory
    * `emtheory verify memory-basis` one theorem, and those that it uses
    * `emtheory verify my/proofs` your own theorem files
    * `emtheory verify 'memory-basis::search' --seed 7 --examples 1000` one part of a theorem, harder
    * `emtheory verify --json run.json`, and after Ctrl-C `emtheory verify --resume run.json --json run.json`
    """
    from emtheory.report.sentences import terminal
    from emtheory.system import documents
    from emtheory.theorems.verify import verify as run

    earlier = documents.read(resume) if resume else None
    keep = _Keeping(json) if json and json != "-" else None
    with progress() as advance:

        def watch(report: Callable[[], Report], done: int, total: int) -> None:
            if keep:
                keep(report)
            advance(done, total)

        report = run(
            targets or (),
            word=word,
            examples=examples,
            seed=seed,
            jobs=jobs or cores(),
            timeout=timeout,
            resume=earlier,
            watch=watch,
        )
    try:
        if json:
            documents.write(report.to_json(), json)
    finally:  # what was found is shown although it cannot be written
        if json != "-" and report.results:
            terminal.show(terminal.verification(report), terminal.console(sys.stdout))
    if report.resumed:
        print(f"emtheory: {report.resumed} units are as in {resume} and were not checked again", file=sys.stderr)
    for error in report.errors:
        complain(error)
    raise typer.Exit(WRONG_USE if report.errors else STATUS[report.outcome])


class _Keeping:
    """Writes what there is to a file at once, and then whenever ten times as long as it last took have passed: little
    is lost to `kill -9`, and it takes a tenth of the time at most, however many units there are."""

    def __init__(self, path: str) -> None:
        self.path, self.next = path, 0.0

    def __call__(self, report: Callable[[], Report]) -> None:
        from emtheory.system import documents

        began = time.monotonic()
        if began >= self.next:
            documents.write(report().to_json(), self.path)
            ended = time.monotonic()
            self.next = ended + 10 * (ended - began)


@app.command()
def show(
    theorem: Annotated[str, typer.Argument(metavar="THEOREM", help="A bundled theorem or a theorem file.")],
) -> None:
    """Show a theorem: statement, hypotheses, derivation step by step, what breaks without each hypothesis.

    * `emtheory show memory-basis`
    """
    from emtheory.report.sentences import terminal
    from emtheory.theorems.files import find
    from emtheory.theorems.verify import TIMEOUT

    terminal.show(terminal.theorem(find(theorem, timeout=TIMEOUT)), terminal.console(sys.stdout))


@app.command()
def errata(
    examples: Annotated[int, typer.Option(min=1, help="Searched cases of each corrected form.")] = 100,
    seed: Annotated[int, typer.Option(help="Determines every random choice.")] = 0,
    json: Json = "",
) -> None:
    """Print the printed claims that are wrong: why, the smallest counterexample, the right form, both verdicts.

    * `emtheory errata`
    """
    from emtheory.report.sentences import terminal
    from emtheory.system import documents
    from emtheory.theorems.files import select
    from emtheory.theorems.verify import verify as run

    names = [file.name for file in select(()).files if file.is_erratum]
    with progress() as advance:
        report = run(
            names, examples=examples, seed=seed, jobs=cores(), watch=lambda _, done, total: advance(done, total)
        )
    if json:
        documents.write(report.to_json(), json)
    if json != "-":
        terminal.show(terminal.errata(report), terminal.console(sys.stdout))
    raise typer.Exit(STATUS[report.outcome])
