"""The commands about trained networks: analyze, fixed-points, shadow, reproduce."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from emtheory.commands.shared import STATUS, TASKS, Activation, Json, Leak, app, gravity, progress
from emtheory.verdict import Outcome

__all__ = ["analyze", "fixed_points", "shadow", "table"]


UNDECIDED = STATUS[Outcome.UNDECIDED]


@app.command(epilog=TASKS)
def analyze(
    weights: Annotated[str, typer.Argument(metavar="WEIGHTS", help="An .npz or .safetensors file, or zoo:NAME.")],
    task: Annotated[str, typer.Option(metavar="TASK", help="What the network was trained on, see below.")] = "",
    threshold: Annotated[float, typer.Option(help="An eigenvalue of larger modulus is persistent.")] = 0.8,
    patterns: Annotated[
        int, typer.Option(min=0, help="Prove of so many random inputs how long they are kept, if TASK is given.")
    ] = 4,
    activation: Activation = "",
    leak: Leak = None,
    json: Json = "",
    figure: Annotated[
        str, typer.Option(metavar="FILE", help="Draw the learned and the predicted spectrum (.png, .svg, .pdf).")
    ] = "",
) -> None:
    """Analyze a trained network: its spectrum against what its task predicts, its memories, its algorithm.

    * `emtheory analyze zoo:repeat-copy-s8-k8-n128 --task repeat-copy:s=8,k=8 --figure spectrum.png`
    """
    from emtheory.analysis.analyze import analyze as run
    from emtheory.networks.weights import load
    from emtheory.report.sentences import analysis as words
    from emtheory.system import documents
    from emtheory.theory.tasks import Task

    network = load(weights, activation=activation or None, leak=leak)
    analysis = run(network, Task.parse(task) if task else None, threshold=threshold, name=weights, patterns=patterns)
    if json:
        documents.write(analysis.to_json(), json)
    if figure:
        from emtheory.report.figures.spectrum import spectrum_figure

        spectrum_figure(analysis, figure)
    if json != "-":
        typer.echo("\n".join(words.sentences(analysis)))
    outcomes = {finding.verdict.outcome for finding in analysis.findings}
    raise typer.Exit(max((STATUS[outcome] for outcome in outcomes), key=gravity, default=0))


@app.command()
def fixed_points(
    weights: Annotated[
        str, typer.Argument(metavar="WEIGHTS", help="A weight file of an RNN, LSTM or GRU, or zoo:NAME.")
    ],
    seeds: Annotated[int, typer.Option(min=1, help="Random states to start from.")] = 256,
    seed: Annotated[int, typer.Option(help="Determines these states.")] = 0,
    activation: Activation = "",
    leak: Leak = None,
    json: Json = "",
) -> None:
    """Find fixed points without input, and prove of each where it is, whether it is stable, and how far it is linear.

    Newton's method starts from random states. Interval arithmetic then proves that there is exactly one fixed point in
    a box of the stated radius. The search may miss fixed points.

    * `emtheory fixed-points zoo:t1-n64`
    """
    from emtheory.networks.facts import facts
    from emtheory.networks.fixed_points import fixed_points as run
    from emtheory.networks.weights import load_dynamics
    from emtheory.report import forms
    from emtheory.report.sentences import fixed_points as words
    from emtheory.report.sentences.network import equation
    from emtheory.system import documents

    network = load_dynamics(weights, activation=activation or None, leak=leak)
    points = run(network, seeds=seeds, seed=seed)
    if json:
        documents.write(forms.fixed_points({"name": weights, **facts(network)}, points), json)
    if json != "-":
        typer.echo("\n".join([f"{weights}: {equation(network)}.", *words.sentences(points, seeds=seeds)]))
    raise typer.Exit(0 if points and all(p.certified and p.stability != "undecided" for p in points) else UNDECIDED)


@app.command()
def shadow(
    weights: Annotated[str, typer.Argument(metavar="WEIGHTS", help="An .npz or .safetensors file, or zoo:NAME.")],
    s: Annotated[int, typer.Option("-s", min=1, help="The length of the input phase.")] = 8,
    steps: Annotated[int, typer.Option(min=1, help="The largest number of steps.")] = 64,
    within: Annotated[float, typer.Option(help="The error allowed, as a share of the amplitude of the inputs.")] = 0.1,
    activation: Activation = "",
    leak: Leak = None,
) -> None:
    """Say how small inputs must be for a tanh network to follow its linear model, with proof.

    For all inputs |u| ≤ a the states of the two differ by at most WITHIN · a up to the step that is named. Large
    weights make a tiny: then the linear model says nothing about inputs of the usual size.

    * `emtheory shadow zoo:t1-n128 -s 8 --steps 64`
    """
    from emtheory.networks.shadowing import amplitudes
    from emtheory.networks.weights import load
    from emtheory.report.sentences import shadowing as words
    from emtheory.report.sentences.network import equation

    network = load(weights, activation=activation or None, leak=leak)
    found = amplitudes(network, s, steps, within)
    typer.echo("\n".join([f"{weights}: {equation(network)}.", *words.sentences(weights, found, within=within)]))


reproduce = typer.Typer(no_args_is_help=True, help="Recompute published results.")
app.add_typer(reproduce, name="reproduce")


@reproduce.command()
def table(
    train: Annotated[
        str,
        typer.Option(metavar="FOLDER", help="Train all networks from scratch into this folder (hours)."),
    ] = "",
    json: Json = "",
) -> None:
    """Compare trained networks with the published table: argument error and accuracy, task by hidden size.

    The networks ship with emtheory, the best of three seeds each. With --train, all 24 are trained by the published
    protocol, and every seed has a line. Beside the published figures stand the persistent eigenvalues with the least
    number of memories, and the error of the recovered composition. Everything is measured, nothing proved.

    * `emtheory reproduce table`
    """
    from emtheory.analysis.reproduce import table as run
    from emtheory.analysis.reproduce import train_all, zoo_networks
    from emtheory.report.sentences import terminal
    from emtheory.system import documents

    if train:
        with progress("training") as advance:
            networks = train_all(Path(train), watch=advance)
    else:
        networks = zoo_networks()
    with progress("analyzing") as advance:
        rows = run(networks, watch=advance)
    if json:
        documents.write({"schema": "emtheory.table/1", "rows": [row.to_json() for row in rows]}, json)
    if json != "-":
        terminal.show(terminal.comparison(rows), terminal.console(sys.stdout))
