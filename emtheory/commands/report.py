"""The command that writes the document people cite: report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from emtheory.commands.shared import STATUS, WRONG_USE, app, complain, cores, progress
from emtheory.system.files import write
from emtheory.verdict import Outcome

if TYPE_CHECKING:
    from emtheory.report.pages.document import Document
    from emtheory.theorems.files import TheoremFile

__all__ = ["report"]

FORMATS = ("html", "tex", "md")


@app.command()
def report(
    targets: Annotated[
        list[str] | None,
        typer.Argument(metavar="TARGET", help="Theorems, files or folders; all bundled theorems if left out."),
    ] = None,
    output: Annotated[str, typer.Option("-o", "--output", metavar="DIR", help="The folder to write to.")] = "report",
    formats: Annotated[str, typer.Option("--format", metavar="LIST", help="Of html, tex, md, with commas.")] = ",".join(
        FORMATS
    ),
    theorem: Annotated[str, typer.Option(metavar="NAME", help="Only this theorem or erratum.")] = "",
    source: Annotated[
        str, typer.Option("--from", metavar="FILE", help="Render what 'verify --json' wrote; nothing is verified.")
    ] = "",
    analysis: Annotated[
        list[str] | None,
        typer.Option(metavar="FILE", help="Add what 'analyze --json' wrote, as observed; may be repeated."),
    ] = None,
) -> None:
    """Write a report on a verification: statements, derivations, counterexamples, what all of it rests on.

    * `emtheory report -o out` verifies everything and writes report.html, report.tex, report.md and the findings to out
    * `emtheory report --from run.json --format html` from an earlier `emtheory verify --json run.json`
    * `emtheory report --theorem write-interference` one theorem
    * `emtheory report my/proofs` your own theorems; with `--from` as well, for their statements and formulas

    The report decides nothing. Exit status: 0 all proved, 1 something refuted, 3 something undecided, 2 wrong use.
    """
    from emtheory.report.pages.document import document
    from emtheory.report.sentences import words
    from emtheory.system import documents
    from emtheory.theorems.results import findings_in

    wanted = _formats(formats)
    analyses = [documents.read(path, form="analysis") for path in analysis or ()]
    if source:
        findings, theorems = findings_in(source), _theorem_files(targets or ())
    else:
        findings, theorems = _verified(targets or ([theorem] if theorem else []))
    made = document(findings, theorems, theorem=theorem, analyses=analyses)
    folder = Path(output)
    _made(folder)
    if not source:
        documents.write(findings, str(folder / "findings.json"))
    for name in wanted:
        write(folder / f"report.{name}", _rendered(made, name))
        typer.echo(folder / f"report.{name}")
    for error in made.errors:
        complain(error)
    raise typer.Exit(WRONG_USE if made.errors else STATUS[Outcome(words.headline(made)[0])])


def _formats(text: str) -> list[str]:
    names = list(dict.fromkeys(name.strip() for name in text.split(",")))
    for name in names:
        if name not in FORMATS:
            raise ValueError(f"a report cannot be written as {name!r}; choose among {', '.join(FORMATS)}")
    return names


def _theorem_files(targets: list[str] | tuple[str, ...]) -> dict[str, TheoremFile]:
    """The bundled files and those of the targets. Findings never name files to load: to load one is to run it."""
    from emtheory.theorems.files import select
    from emtheory.theorems.verify import TIMEOUT

    own = select(targets, timeout=TIMEOUT) if targets else None
    if own and own.errors:
        raise own.errors[0]
    return {file.name: file for file in (*select(()).files, *(own.files if own else ()))}


def _verified(targets: list[str]) -> tuple[dict[str, Any], dict[str, TheoremFile]]:
    from emtheory.theorems.verify import TIMEOUT, verify

    with progress() as advance:
        run = verify(targets, jobs=cores(), timeout=TIMEOUT, watch=lambda _, done, total: advance(done, total))
    return run.to_json(), {result.file.name: result.file for result in run.results}


def _rendered(made: Document, name: str) -> str:
    from emtheory.report.pages import html, latex, markdown

    return {"html": html.render, "tex": latex.render, "md": markdown.render}[name](made)


def _made(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(f"the folder {folder} cannot be made: {error.strerror}; name another one with -o") from error
