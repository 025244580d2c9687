"""The command line `emtheory`: words to results on standard output, errors as one sentence on standard error.

Exit status: 0 all proved (nothing wrong found), 1 something refuted, 3 something undecided, 2 wrong use.
The commands are in `emtheory.commands`; heavy libraries are imported inside of those that need them.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from typing import Annotated

import typer

from emtheory import __version__
from emtheory.commands import prove, theorems  # first, as their commands are in `--help`

# isort: split
from emtheory.commands import certify, conform, decoding, networks, report, tasks
from emtheory.commands.shared import STATUS, WRONG_USE, app, complain
from emtheory.verdict import Outcome

__all__ = ["app", "main"]

COMMANDS = (theorems, prove, report, networks, decoding, certify, tasks, conform)  # importing them registers them


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


def main() -> None:
    """Run the command line; wrong words and a `ValueError` become one sentence and exit status 2."""
    # a stream that was closed before the start would leave its number to the next file that is opened
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal without Greek letters is no reason to fail
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: what is finished is kept
    try:
        raise SystemExit(_status())
    finally:
        signal.signal(signal.SIGTERM, before)


def _status() -> int:
    try:
        status = app(standalone_mode=False) or 0
        sys.stdout.flush()  # here, where it can still be said that it fails
        return int(status)
    except (typer.Abort, KeyboardInterrupt):
        complain("interrupted")
        return STATUS[Outcome.UNDECIDED]
    except BrokenPipeError:
        _discard_output()  # nobody reads on; be quiet when flushing
        return WRONG_USE
    except (ValueError, OSError, ImportError, FloatingPointError) as error:
        complain(" ".join(str(error).split()))
        if isinstance(error, OSError):
            _discard_output()  # it may be this that cannot be written
        return WRONG_USE
    except Exception as error:
        wrong_words = getattr(error, "format_message", None)  # what the parser of the command line raises
        if wrong_words is not None:
            message = " ".join(wrong_words().split()).rstrip(".")
            if message:  # no words at all print the help
                complain(f"{message}; see 'emtheory --help'")
            return WRONG_USE
        traceback.print_exc()
        complain("this is a defect of emtheory, please report it with the lines above")
        return WRONG_USE


def _discard_output() -> None:
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (AttributeError, OSError, ValueError):
        return  # there is no standard output
