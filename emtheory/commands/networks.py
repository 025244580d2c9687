"""The commands about trained networks: analyze."""

from __future__ import annotations

from typing import Annotated

import typer

from emtheory.commands.shared import STATUS, TASKS, Json, app, gravity

__all__ = ["analyze"]


@app.command(epilog=TASKS)
def analyze(
    weights: Annotated[str, typer.Argument(metavar="WEIGHTS", help="An .npz or .safetensors file, or zoo:NAME.")],
    task: Annotated[str, typer.Option(metavar="TASK", help="What the network was trained on, see below.")] = "",
    threshold: Annotated[float, typer.Option(help="An eigenvalue of larger modulus is persistent.")] = 0.8,
    json: Json = "",
    figure: Annotated[
        str, typer.Option(metavar="FILE", help="Draw the learned and the predicted spectrum (.png, .svg, .pdf).")
    ] = "",
) -> None:
    """Analyze a trained network: its persistent eigenvalues, enclosed, against what its task predicts.

    * `emtheory analyze zoo:repeat-copy-s8-k8-n128 --task repeat-copy:s=8,k=8 --figure spectrum.png`
    """
    from emtheory.analyze import analyze as run
    from emtheory.report import json as files
    from emtheory.theory.tasks import Task
    from emtheory.weights import load

    analysis = run(load(weights), Task.parse(task) if task else None, threshold=threshold, name=weights)
    if json:
        files.write(analysis.to_json(), json)
    if figure:
        from emtheory.report.figures import spectrum_figure

        spectrum_figure(analysis, figure)
    if json != "-":
        typer.echo("\n".join(analysis.lines()))
    outcomes = {finding.verdict.outcome for finding in analysis.findings}
    raise typer.Exit(max((STATUS[outcome] for outcome in outcomes), key=gravity, default=0))
