"""The commands about one task: predict, oracle, build, train."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from emtheory.commands.shared import TASKS, Json, app, progress

__all__ = ["build", "oracle", "predict", "train"]


@app.command(epilog=TASKS)
def predict(
    task: Annotated[str, typer.Argument(metavar="TASK", help="A task, see below.")],
    json: Json = "",
) -> None:
    """Predict a task: its spectrum, its least number of memories, whether a linear RNN can solve it and why not.

    * `emtheory predict repeat-copy:s=8,k=8`
    """
    from emtheory.report.sentences import prediction as words
    from emtheory.system import documents
    from emtheory.theory.predict import predict as run
    from emtheory.theory.tasks import Task

    prediction = run(Task.parse(task))
    if json:
        documents.write(prediction.to_json(), json)
    if json != "-":
        typer.echo("\n".join(words.sentences(prediction)))


@app.command(epilog=TASKS)
def oracle(
    task: Annotated[str, typer.Argument(metavar="TASK", help="A signed selection, see below.")],
    at: Annotated[str, typer.Option("--at", metavar="T", help="The time step, for instance 10**18.")],
    inputs: Annotated[
        str, typer.Option("--input", metavar="U", help="u(1); …; u(s), numbers separated by commas, or an .npy file.")
    ] = "",
) -> None:
    """Say what the circuit of a signed selection holds and reads at any step, exactly and without simulating it.

    * `emtheory oracle compose-copy:3 --at 10**18 --input '1,-1,1; 1,1,1; -1,1,1'`
    """
    from emtheory.theory.oracle import contents, parse_inputs, parse_time
    from emtheory.theory.tasks import Task

    chosen = Task.parse(task)
    given = parse_inputs(inputs, chosen) if inputs else None
    typer.echo("\n".join(contents(chosen, parse_time(at), given)))


@app.command(epilog=TASKS)
def build(
    task: Annotated[str, typer.Argument(metavar="TASK", help="What the network is to do, see below.")],
    output: Annotated[str, typer.Option("-o", "--output", metavar="FILE", help="The .safetensors file to write.")],
    basis: Annotated[
        str, typer.Option(help="neurons, signed (random order and sign) or mixed (random, for linear circuits).")
    ] = "neurons",
    hidden: Annotated[int, typer.Option(help="Units; s·k if 0.", min=0)] = 0,
    seed: Annotated[int, typer.Option(help="Determines the random basis.")] = 0,
) -> None:
    """Build a network that provably does a task, and print what is guaranteed.

    It is linear where a linear network can do the task, else the saturating circuit of tanh units.

    * `emtheory build compose-copy:8 -o weights.safetensors`

    The names are those of torch.nn.RNN and torch.nn.Linear: with `rnn = torch.nn.RNN(k, n, bias=False)` and
    `readout = torch.nn.Linear(n, k, bias=False)` in one module, `load_state_dict(safetensors.torch.load_file(FILE))`
    loads them (a linear circuit has no `tanh`, so step it yourself or use `emtheory.networks.weights.load`).
    """
    from emtheory.networks.build import build as run
    from emtheory.networks.weights import save
    from emtheory.theory.tasks import Task

    if not output.endswith(".safetensors"):
        raise ValueError(f"the weights are written as .safetensors, but the output is '{output}'; give it that ending")
    built = run(Task.parse(task), basis=basis, hidden=hidden or None, seed=seed)
    save(built.network, output, built.about())
    typer.echo("\n".join([*built.sentences(), f"Written to {output}."]))


@app.command(epilog=TASKS)
def train(
    task: Annotated[str, typer.Argument(metavar="TASK", help="What the network is to learn, see below.")],
    output: Annotated[str, typer.Option("-o", "--output", metavar="FILE", help="The .safetensors file to write.")],
    hidden: Annotated[int, typer.Option(min=1, help="Units.")] = 128,
    seed: Annotated[int, typer.Option(help="Determines the first weights and all inputs.")] = 0,
    steps: Annotated[int, typer.Option(min=1, help="Steps of Adam; the published number by default.")] = 20_000,
) -> None:
    """Train an Elman network (tanh, no biases) on a task, with the published protocol. Needs emtheory[train].

    Inputs are random signs, the loss is the mean squared error on the output phase, which grows from 10 to 100 steps
    whenever 96 % of the signs of a batch are right; Adam 1e-3, batch 64, gradient norm at most 1.

    * `emtheory train compose-copy:8 --hidden 128 --seed 0 -o net.safetensors`

    Ctrl-C leaves FILE.checkpoint; the same command goes on from there, to the same weights.
    """
    from emtheory.networks.train import Progress, Protocol, facts
    from emtheory.networks.train import train as run
    from emtheory.networks.weights import save
    from emtheory.theory.tasks import Task

    if not output.endswith(".safetensors"):
        raise ValueError(f"the weights are written as .safetensors, but the output is '{output}'; give it that ending")
    if not os.path.isdir(os.path.dirname(output) or "."):
        raise ValueError(f"{output} cannot be written: its folder does not exist; make it, or name another output")
    chosen, protocol, checkpoint = Task.parse(task), Protocol(steps=steps), f"{output}.checkpoint"
    with progress("training") as advance:

        def watch(at: Progress) -> None:
            advance(at.step, steps)

        network = run(chosen, hidden=hidden, seed=seed, protocol=protocol, checkpoint=checkpoint, watch=watch)
    about = facts(network, chosen, hidden=hidden, seed=seed, protocol=protocol)
    save(network, output, about)
    if os.path.exists(checkpoint):
        os.remove(checkpoint)
    typer.echo(f"{output}: {about['accuracy']} of the output signs are right over 200 steps on 256 random inputs.")
