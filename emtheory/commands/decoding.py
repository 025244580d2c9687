"""The command about what memories hold: decode."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from emtheory.commands.shared import TASKS, Activation, Json, Leak, app

if TYPE_CHECKING:
    from emtheory.networks.elman import Network
    from emtheory.recovery.decoding import Decoded
    from emtheory.recovery.reader import Reading

__all__ = ["decode"]


@app.command(epilog=TASKS)
def decode(
    weights: Annotated[str, typer.Argument(metavar="WEIGHTS", help="An .npz or .safetensors file, or zoo:NAME.")],
    task: Annotated[
        str, typer.Option(metavar="TASK", help="What it was trained on, see below; the recovered task, if left out.")
    ] = "",
    inputs: Annotated[
        str,
        typer.Option("--input", metavar="U", help="u(1); …; u(s), numbers separated by commas, or an .npy file."),
    ] = "random",
    steps: Annotated[int, typer.Option(help="How long the network runs; 5·s if 0.", min=0)] = 0,
    seed: Annotated[int, typer.Option(help="Determines random inputs, and the runs from which memories are read.")] = 0,
    figure: Annotated[str, typer.Option(metavar="FILE", help="Draw the contents over time (.png, .svg, .pdf).")] = "",
    animation: Annotated[str, typer.Option(metavar="FILE", help="Show the variables travel (.gif, .html).")] = "",
    activation: Activation = "",
    leak: Leak = None,
    json: Json = "",
) -> None:
    """Decode a run of a network: what every variable memory holds at every step, against what its task expects.

    * `emtheory decode zoo:repeat-copy-s8-k8-n128 --figure contents.svg --animation contents.html`

    The inputs are random signs if none are given. All of it is measured on one run; nothing is proved.
    """
    from emtheory.networks.facts import facts
    from emtheory.networks.weights import load
    from emtheory.recovery.reader import read
    from emtheory.report.sentences import decoding as words
    from emtheory.report.sentences.network import equation
    from emtheory.system import documents
    from emtheory.theory.tasks import Task

    network = load(weights, activation=activation or None, leak=leak)
    trained = Task.parse(task) if task else None
    reading = read(network, trained, seed=seed)
    decoded = _decoded(weights, network, reading, inputs, steps)
    if json:
        about = {
            "network": {"name": weights, **facts(network)},
            "source": "weights" if reading.from_weights else "runs",
        }
        documents.write({**about, **decoded.to_json()}, json)
    if figure or animation:
        _drawn(decoded, figure, animation)
    if json != "-":
        typer.echo(f"{weights}: {equation(network)}.")
        typer.echo("\n".join(words.sentences(decoded, from_weights=reading.from_weights)))


def _drawn(decoded: Decoded, figure: str, animation: str) -> None:
    from emtheory.report.figures import travelling
    from emtheory.report.figures.animation import animation as moving

    if figure:
        travelling.heat_map(decoded, figure)
    if animation:
        moving(decoded, animation)


def _decoded(weights: str, network: Network, reading: Reading, inputs: str, steps: int) -> Decoded:
    """A run on these inputs, 5·s steps if none are given, read by the recovered memories."""
    import numpy as np

    from emtheory.recovery.decoding import attractor_center
    from emtheory.recovery.decoding import decode as run
    from emtheory.report.sentences import reading as told
    from emtheory.system.limits import must_fit
    from emtheory.theory.oracle import float_inputs

    best, near = reading.best, reading.near
    if best is None or near is None or not reading.claimed:
        runs = f"; runs: {told.why(reading.runs)}" if reading.runs else ""
        raise ValueError(
            f"{weights} has no memories to decode (weights: {told.why(reading.weights)}{runs}); "
            "'emtheory analyze' tells what it keeps"
        )
    task = reading.task or near.task
    if inputs == "random":
        given = np.random.default_rng(reading.seed).choice((-1.0, 1.0), size=(best.s, best.kappa))
    else:
        given = float_inputs(inputs, task)
    last = steps or 5 * best.s
    # states, contents, what is expected of them and the error, as floats and as JSON
    must_fit(last * (32 * network.n + 256 * task.s * task.kappa), f"a run of {last:,} steps", "give fewer --steps")
    states = network.run(given[np.newaxis], last).states
    center = None if reading.from_weights else attractor_center(network, best.s, seed=reading.seed)
    return run(best, states, task, given[np.newaxis], center=center)
