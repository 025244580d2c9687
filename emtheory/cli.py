"""The command line `emtheory`: words to results on standard output, errors as one sentence on standard error.

Exit status: 0 all proved (nothing wrong found), 1 something refuted, 3 something undecided, 2 wrong use.
Heavy libraries are imported inside of the commands that need them.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from emtheory import __version__
from emtheory.verdict import Outcome

if TYPE_CHECKING:
    from emtheory.results import Report

__all__ = ["app", "main"]

STATUS = {Outcome.PROVED: 0, Outcome.REFUTED: 1, Outcome.UNDECIDED: 3}
WRONG_USE = 2

TASKS = (
    """TASK is repeat-copy:s=8,k=8 | compose-copy:8 | selection:s=8,k=8,id=… | an .npy file of the blocks C_1 … C_s."""
)

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)

Json = Annotated[str, typer.Option("--json", metavar="FILE", help="Write the results as JSON ('-': standard output).")]


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"emtheory {__version__}")
        raise typer.Exit


@app.callback()
def emtheory(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Verify the Episodic Memory Theory of recurrent neural networks, with proofs.

    Every statement is derived for all sizes, decided exactly on examples, compared with floating-point computations
    within proved bounds, attacked by random search, and shown to fail without its hypotheses.

    Exit status: 0 all proved, 1 something refuted, 3 something undecided, 2 wrong use.
    """


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
    from emtheory.report import json as files
    from emtheory.report import terminal
    from emtheory.verification import verify as run

    earlier = files.read(resume) if resume else None
    with _progress() as advance:

        def watch(report: Report, done: int, total: int) -> None:
            if json and json != "-":
                files.write(report.to_json(), json)
            advance(done, total)

        report = run(
            targets or (), word=word, examples=examples, seed=seed, jobs=jobs or _cores(), resume=earlier, watch=watch
        )
    if json:
        files.write(report.to_json(), json)
    if json != "-" and report.results:
        terminal.show(terminal.verification(report), terminal.console(sys.stdout))
    for error in report.errors:
        _complain(error)
    raise typer.Exit(WRONG_USE if report.errors else STATUS[report.outcome])


@app.command()
def show(
    theorem: Annotated[str, typer.Argument(metavar="THEOREM", help="A bundled theorem or a theorem file.")],
) -> None:
    """Show a theorem: statement, hypotheses, derivation step by step, what breaks without each hypothesis.

    * `emtheory show memory-basis`
    """
    from emtheory.loader import find
    from emtheory.report import terminal

    terminal.show(terminal.theorem(find(theorem)), terminal.console(sys.stdout))


@app.command()
def errata(
    examples: Annotated[int, typer.Option(min=1, help="Searched cases of each corrected form.")] = 100,
    seed: Annotated[int, typer.Option(help="Determines every random choice.")] = 0,
    json: Json = "",
) -> None:
    """Print the printed claims that are wrong: why, the smallest counterexample, the right form, both verdicts.

    * `emtheory errata`
    """
    from emtheory.loader import select
    from emtheory.report import json as files
    from emtheory.report import terminal
    from emtheory.verification import verify as run

    names = [file.name for file in select(()).files if file.is_erratum]
    with _progress() as advance:
        report = run(
            names, examples=examples, seed=seed, jobs=_cores(), watch=lambda _, done, total: advance(done, total)
        )
    if json:
        files.write(report.to_json(), json)
    if json != "-":
        terminal.show(terminal.errata(report), terminal.console(sys.stdout))
    raise typer.Exit(STATUS[report.outcome])


@app.command(epilog=TASKS)
def predict(
    task: Annotated[str, typer.Argument(metavar="TASK", help="A task, see below.")],
    json: Json = "",
) -> None:
    """Predict a task: its spectrum, its least number of memories, whether a linear RNN can solve it and why not.

    * `emtheory predict repeat-copy:s=8,k=8`
    """
    from emtheory.report import json as files
    from emtheory.theory.predict import predict as run
    from emtheory.theory.tasks import Task

    prediction = run(Task.parse(task))
    if json:
        files.write(prediction.to_json(), json)
    if json != "-":
        typer.echo("\n".join(prediction.sentences()))


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
    raise typer.Exit(max((STATUS[outcome] for outcome in outcomes), key=_gravity, default=0))


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
    loads them (in float64; a linear circuit has no `tanh`, so step it yourself or use `emtheory.weights.load`).
    """
    from emtheory.build import build as run
    from emtheory.theory.tasks import Task
    from emtheory.weights import save

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
    from emtheory.theory.tasks import Task
    from emtheory.train import Progress, Protocol, facts
    from emtheory.train import train as run
    from emtheory.weights import save

    if not output.endswith(".safetensors"):
        raise ValueError(f"the weights are written as .safetensors, but the output is '{output}'; give it that ending")
    chosen, protocol, checkpoint = Task.parse(task), Protocol(steps=steps), f"{output}.checkpoint"
    with _progress("training") as advance:

        def watch(at: Progress) -> None:
            advance(at.step, steps)

        network = run(chosen, hidden=hidden, seed=seed, protocol=protocol, checkpoint=checkpoint, watch=watch)
    about = facts(network, chosen, hidden=hidden, seed=seed, protocol=protocol)
    save(network, output, about)
    if os.path.exists(checkpoint):
        os.remove(checkpoint)
    typer.echo(f"{output}: {about['accuracy']} of the output signs are right over 200 steps on 256 random inputs.")


def _gravity(status: int) -> int:
    return [0, 3, 1].index(status)


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def _progress(doing: str = "verifying") -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error, if that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns: list[Any] = [TextColumn(doing), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()]
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        line = bar.add_task(doing, total=None)
        yield lambda done, total: bar.update(line, completed=done, total=total)


def _complain(message: object) -> None:
    print(f"emtheory: error: {message}", file=sys.stderr)


def main() -> None:
    """Run the command line; wrong words and a `ValueError` become one sentence and exit status 2."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal without Greek letters is no reason to fail
    try:
        raise SystemExit(app(standalone_mode=False) or 0)
    except typer.Abort:
        _complain("interrupted")
        raise SystemExit(STATUS[Outcome.UNDECIDED]) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads on; be quiet when flushing
        raise SystemExit(WRONG_USE) from None
    except (ValueError, OSError, ImportError) as error:
        _complain(" ".join(str(error).split()))
        raise SystemExit(WRONG_USE) from None
    except Exception as error:
        wrong_words = getattr(error, "format_message", None)  # what the parser of the command line raises
        if wrong_words is not None:
            message = " ".join(wrong_words().split()).rstrip(".")
            if message:  # no words at all print the help
                _complain(f"{message}; see 'emtheory --help'")
            raise SystemExit(WRONG_USE) from None
        traceback.print_exc()
        _complain("this is a defect of emtheory, please report it with the lines above")
        raise SystemExit(WRONG_USE) from None
