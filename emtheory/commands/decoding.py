"""The command about what memories hold: decode."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from emtheory.commands.shared import TASKS, Activation, Json, Leak, app

if TYPE_CHECKING:
    from emtheory.recovery.decoding import Decoded

__all__ = ["decode"]


@app.command(epilog=TASKS)
def decode(
    weights: Annotated[str, typer.Argument(metavar="WEIGHTS", help="An .npz or .safetensors file, or zoo:NAME.")],
    task: Annotated[
        str, typer.Option(metavar="TASK", help="What it was trained on, see below; what is read off, if left out.")
    ] = "",
    inputs: Annotated[
        str,
        typer.Option("--input", metavar="U", help="u(1); …; u(s), numbers separated by commas, or an .npy file."),
    ] = "random",
    steps: Annotated[int, typer.Option(help="How long the network runs; 5·s if 0.", min=0)] = 0,
    seed: Annotated[int, typer.Option(help="Determines random inputs, and runs that are needed to read.")] = 0,
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
    import numpy as np

    from emtheory.networks.equation import equation, facts
    from emtheory.networks.weights import load
    from emtheory.recovery.decoding import attractor_center
    from emtheory.recovery.decoding import decode as run
    from emtheory.recovery.reader import read
    from emtheory.system import documents
    from emtheory.system.limits import must_fit
    from emtheory.theory.oracle import float_inputs
    from emtheory.theory.tasks import Task

    network = load(weights, activation=activation or None, leak=leak)
    trained = Task.parse(task) if task else None
    reading = read(network, trained, seed=seed)
    best, near = reading.best, reading.near
    if best is None or near is None or not reading.claimed:
        raise ValueError(f"{weights} has no memories to decode: {' '.join(reading.lines())}")
    chosen = trained or near.task
    if inputs == "random":
        given = np.random.default_rng(seed).choice((-1.0, 1.0), size=(best.s, best.kappa))
    else:
        given = float_inputs(inputs, chosen)
    last = steps or 5 * best.s
    # states, contents, what is expected of them and the error, as floats and as JSON
    must_fit(last * (32 * network.n + 256 * chosen.s * chosen.kappa), f"a run of {last:,} steps", "give fewer --steps")
    states = network.run(given[np.newaxis], last).states
    center = None if reading.from_weights else attractor_center(network, best.s, seed=seed)
    decoded = run(best, states, chosen, given[np.newaxis], center=center)
    if json:
        about = {"network": {"name": weights, **facts(network)}, "source": best.operators.source}
        documents.write({**about, **_document(decoded)}, json)
    if figure or animation:
        from emtheory.report.figures import travelling

        if figure:
            travelling.heat_map(decoded, figure)
        if animation:
            travelling.animation(decoded, animation)
    if json != "-":
        typer.echo(f"{weights}: {equation(network)}.")
        typer.echo("\n".join(_sentences(decoded, "the weights" if reading.from_weights else "runs")))


def _sentences(decoded: Decoded, source: str) -> list[str]:
    """What was found, for people."""
    import numpy as np

    assert decoded.task is not None
    kept, every = int(decoded.determined.sum()), decoded.determined.size
    lines = [f"Memories read from {source}: {decoded.s} variables of dimension {decoded.kappa}, {every} contents."]
    if kept < every:
        lines.append(f"{kept} of them are decoded; of the others the states do not tell.")
    worst = np.abs(decoded.error[0]).max(axis=(1, 2))
    errors = np.abs(decoded.error[0])[decoded.compared]
    last = int(worst.argmax()) + 1
    lines.append(
        f"Against {decoded.task.name} over {decoded.steps} steps the error of a content is {errors.mean():.2g} in the "
        f"mean and {errors.max():.2g} at most, at step {last}; at the end it is at most {worst[-1]:.2g}."
    )
    first = decoded.first_wrong
    if first is None:
        lines.append("Every sign is right.")
    else:
        step, memory, component = first
        end = int(np.flatnonzero(decoded.wrong_by_step)[-1]) + 1
        lines.append(
            f"The first wrong sign is at step {step}, in component {component} of memory {memory}, the last at step "
            f"{end}; the inputs end at step {decoded.s}."
        )
    return lines


def _document(decoded: Decoded) -> dict[str, Any]:
    """The run as JSON: [t−1][k−1][i] for contents, null where they are not determined."""
    assert decoded.task is not None
    kept = decoded.determined
    contents = [
        [
            [value if keep else None for value, keep in zip(row, keeps, strict=True)]
            for row, keeps in zip(memories.tolist(), kept.tolist(), strict=True)
        ]
        for memories in decoded.contents[0]
    ]
    first = decoded.first_wrong
    return {
        "schema": "emtheory.decoding/1",
        "task": decoded.task.name,
        "variables": decoded.s,
        "dimension": decoded.kappa,
        "steps": decoded.steps,
        "determined": kept.tolist(),
        "contents": contents,
        "largest_error": abs(decoded.error[0]).max(axis=(1, 2)).tolist(),
        "wrong_by_step": decoded.wrong_by_step.tolist(),
        "wrong_by_memory": decoded.wrong_by_memory.tolist(),
        "first_wrong": None if first is None else dict(zip(("step", "memory", "component"), first, strict=True)),
    }
