"""The command prove: statements as formulas, with proofs that the kernel replays."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from emtheory.commands.shared import STATUS, Json, app, cores, gravity, progress

__all__ = ["prove"]


@app.command()
def prove(
    targets: Annotated[
        list[str] | None,
        typer.Argument(metavar="STATEMENT", help="Statements, files or folders; all bundled ones if left out."),
    ] = None,
    examples: Annotated[int, typer.Option(min=1, help="Drawn cases of each statement.")] = 60,
    seed: Annotated[int, typer.Option(help="Determines every random choice.")] = 0,
    jobs: Annotated[int, typer.Option(min=0, help="Processes; 0 takes as many as there are processors.")] = 0,
    timeout: Annotated[
        float,
        typer.Option(min=0, metavar="SECONDS", help="What takes longer is undecided; 0: no limit."),
    ] = 300,
    trace: Annotated[
        str, typer.Option(metavar="STATEMENT", help="Print its statement and its proof as the kernel reads them.")
    ] = "",
    json: Json = "",
) -> None:
    """Prove statements: each is one formula over typed letters; a kernel replays its proof, cases confirm it.

    *proved* is a replayed proof for all sizes, *confirmed* an exact decision on distinct cases, never more.

    * `emtheory prove` all that ship with emtheory
    * `emtheory prove write-interference` one, with its formulas
    * `emtheory prove my/statements` your own
    * `emtheory prove --trace memory-basis` the text that the kernel replays
    """
    from emtheory.formulas.files import selected
    from emtheory.formulas.prove import prove as run
    from emtheory.formulas.prove import traced
    from emtheory.report.sentences import statements as told
    from emtheory.report.sentences import terminal
    from emtheory.system import documents

    if trace:
        statement, proof = traced(trace)
        print(statement, proof, sep="\n\n")
        return
    total = len(selected(targets or ()))
    found = []
    with progress("proving") as advance:
        results = run(targets or (), examples=examples, seed=seed, jobs=jobs or cores(), timeout=timeout or None)
        for one in results:
            found.append(one)
            advance(len(found), total)
    found.sort(key=lambda one: one.name)
    if json:
        documents.write({"schema": "emtheory.proofs/1", "statements": [one.to_json() for one in found]}, json)
    if json != "-":
        terminal.show(told.statements(found, whole=bool(targets)), terminal.console(sys.stdout))
    raise typer.Exit(max((STATUS[one.outcome] for one in found), key=gravity))
