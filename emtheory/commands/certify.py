"""The command that tells for how long a network remembers: certify."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from emtheory.commands.shared import STATUS, TASKS, Activation, Json, Leak, app, cores, progress
from emtheory.verdict import Outcome

if TYPE_CHECKING:
    from emtheory.certificates.certificate import Answer
    from emtheory.networks.elman import Network
    from emtheory.theory.tasks import Task

__all__ = ["certify"]

PATTERNS = 20


@app.command(epilog=TASKS)
def certify(
    weights: Annotated[str, typer.Argument(metavar="WEIGHTS", help="An .npz or .safetensors file, or zoo:NAME.")],
    task: Annotated[str, typer.Option(metavar="TASK", help="What the network has to keep, see below.")],
    patterns: Annotated[
        int, typer.Option(metavar="N", min=0, help=f"Random inputs ±1; if 0, {PATTERNS} or what --input gives.")
    ] = 0,
    inputs: Annotated[
        str,
        typer.Option(
            "--input", metavar="U", help="u(1); …; u(s), numbers separated by commas, or an .npy file of many."
        ),
    ] = "",
    seed: Annotated[int, typer.Option(help="Determines random inputs.")] = 0,
    steps: Annotated[
        int,
        typer.Option(
            metavar="N",
            min=1,
            help="Give up a run after N steps without a wrong sign and without an orbit; after 4 N if one is near.",
        ),
    ] = 5000,
    jobs: Annotated[int, typer.Option(min=0, help="Processes; 0 takes as many as there are processors.")] = 0,
    activation: Activation = "",
    leak: Leak = None,
    json: Json = "",
    resume: Annotated[
        str, typer.Option(metavar="FILE", help="Keep finished patterns in this file, and go on from it.")
    ] = "",
    save: Annotated[str, typer.Option(metavar="FOLDER", help="Save every proof as an .npz file.")] = "",
    check: Annotated[str, typer.Option(metavar="FILE", help="Check a saved proof again, with other code.")] = "",
    figure: Annotated[
        str,
        typer.Option(metavar="FILE", help="Draw the share of patterns kept, step by step (.png, .svg, .pdf)."),
    ] = "",
    margin: Annotated[
        str, typer.Option(metavar="FILE", help="Draw the margin of the first pattern, step by step.")
    ] = "",
) -> None:
    """Prove for how long a tanh network remembers: for ever, or until which step.

    * `emtheory certify zoo:t3-n64 --task compose-copy:8 --patterns 5`
    * `emtheory certify zoo:repeat-copy-s8-k8-n128 --task repeat-copy:s=8,k=8 --figure survival.svg`

    Circuits that `emtheory build` makes, and networks near them, are proved for all inputs ±1 at once; others pattern
    by pattern. Exit status: 0 if nothing is lost, 1 if a pattern is proved lost, 3 if something is undecided.
    """
    from emtheory.networks.facts import facts
    from emtheory.networks.weights import load
    from emtheory.report.sentences import certificates as words
    from emtheory.report.sentences.network import equation
    from emtheory.theory.tasks import Task

    network, wanted = load(weights, activation=activation or None, leak=leak), Task.parse(task)
    if check:
        raise typer.Exit(_checked(network, wanted, check, about=f"{weights}: {equation(network)}."))
    from emtheory.certificates.certify import all_inputs, document
    from emtheory.certificates.certify import certify as run
    from emtheory.system import documents

    everything, answers = all_inputs(network, wanted), list[Any]()
    if everything is None or patterns or inputs:
        given = _inputs(inputs, wanted) if inputs else None
        with progress("proving") as advance:
            answers = run(
                network,
                wanted,
                patterns=patterns or PATTERNS,
                inputs=given,
                seed=seed,
                steps=steps,
                jobs=jobs or cores(),
                resume=resume or None,
                save=save or None,
                watch=advance,
            )
    if json:
        documents.write(document({"name": weights, **facts(network)}, wanted, everything, answers), json)
    if figure or margin:
        _drawn(network, wanted, answers, figure, margin)
    if json != "-":
        typer.echo(f"{weights}: {equation(network)}.")
        typer.echo("\n".join(words.sentences(weights, wanted, everything, answers)))
    raise typer.Exit(_status(answers))


def _status(answers: Sequence[Answer]) -> int:
    found = {answer.holds for answer in answers}
    if "until" in found:
        return STATUS[Outcome.REFUTED]
    return STATUS[Outcome.UNDECIDED if "undecided" in found else Outcome.PROVED]


def _inputs(text: str, task: Task) -> Any:
    """(patterns, s, κ)."""
    import numpy as np

    from emtheory.system.arrays import read_array
    from emtheory.theory.oracle import float_inputs

    if text.endswith(".npy"):
        values = read_array(text, next_step="write it with numpy.save, shape (patterns, s, k)")
        return values[np.newaxis] if values.ndim == 2 else values
    return float_inputs(text, task)[np.newaxis]


def _checked(network: Network, task: Task, path: str, *, about: str) -> int:
    from emtheory.certificates.certificate import Certificate
    from emtheory.certificates.checker import check
    from emtheory.report.sentences import certificates as words

    certificate = Certificate.load(path)
    verdict = check(network, task, certificate)
    typer.echo(f"{about}\n{words.checked(path, certificate, verdict)}")
    return STATUS[verdict.outcome]


def _drawn(network: Network, task: Task, answers: Sequence[Answer], figure: str, margin: str) -> None:
    from emtheory.report.figures.margin import margin_figure
    from emtheory.report.figures.survival import survival_figure

    if figure:
        survival_figure(answers, figure, title=task.name)
    if margin and not answers:
        raise ValueError("all inputs were proved at once, so no pattern can be drawn; ask for one with --patterns 1")
    if margin:
        margin_figure(network, task, answers[0], margin)
