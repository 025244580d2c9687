"""Survival: which share of the patterns is proved to be right, and which is proved lost, step by step.

Main function: `survival_figure(answers, path)`. As in `figures`, the same answers give the same bytes and matplotlib is
left as it was.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from emtheory.report.figures import FORMATS, GUIDE, LEARNED, PREDICTED, _settings
from emtheory.theory.certificates import Answer

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["shares", "survival_figure"]

OPEN = "#D9D9D9"
BEYOND = 1.5  # the axis goes on after the last event by this factor, to show what stays


def survival_figure(answers: Sequence[Answer], path: str | os.PathLike[str], *, title: str = "") -> None:
    """Draw the shares of patterns over time: proved right, proved lost, and what nobody knows.

    Arguments:
        answers: what `emtheory.certify.certify` returned.
        path: where to write; its suffix, .png, .svg or .pdf, chooses the format.
        title: of the figure.

    Raises:
        ValueError: no answers, another suffix, a path that cannot be written.

    >>> survival_figure([], "survival.gif")
    Traceback (most recent call last):
    ValueError: a figure cannot be written as 'survival.gif'; end its name in .png, .svg, .pdf
    """
    target = Path(path)
    if target.suffix.lower() not in FORMATS:
        raise ValueError(f"a figure cannot be written as {target.name!r}; end its name in {', '.join(FORMATS)}")
    if not answers:
        raise ValueError("there are no patterns to draw; ask for some with --patterns")
    import matplotlib as mpl

    with mpl.rc_context(_settings(mpl.rcParamsDefault)):
        figure = _draw(answers, title)
        try:
            figure.savefig(target, metadata=dict(FORMATS[target.suffix.lower()]))
        except OSError as error:
            raise ValueError(f"the figure cannot be written to {target}: {error.strerror or error}") from None


def shares(answers: Sequence[Answer], steps: Any) -> tuple[Any, Any, Any]:
    """At each step the shares of patterns that are proved right so far, proved wrong by then, and open.

    >>> answer = Answer(((1.0,),), "until", 9, None, None, 0.1)
    >>> [share.tolist() for share in shares([answer], np.array([8, 9]))]
    [[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]
    """
    right, lost = np.zeros(len(steps)), np.zeros(len(steps))
    for answer in answers:
        if answer.holds == "forever":
            right += 1
        elif answer.holds == "until":
            right += steps < answer.steps
            lost += steps >= answer.steps
        elif answer.holds == "at least":
            right += steps <= answer.steps
    count = len(answers)
    return right / count, lost / count, 1 - (right + lost) / count


def _draw(answers: Sequence[Answer], title: str) -> Figure:
    from matplotlib.figure import Figure

    s = len(answers[0].input)
    events = {answer.steps for answer in answers if answer.steps is not None and answer.holds != "forever"}
    end = BEYOND * max(events | {a.steps + (a.period or 0) for a in answers if a.steps is not None}, default=10 * s)
    steps = np.array(sorted({s + 1, end, *events, *(event + 1 for event in events)}), dtype=np.float64)
    right, lost, _ = shares(answers, steps)
    figure = Figure(figsize=(6.4, 3.8), layout="constrained")
    axes = figure.subplots()
    style: dict[str, Any] = {"step": "post", "linewidth": 0}
    forever = sum(answer.holds == "forever" for answer in answers)
    axes.fill_between(steps, 0, right, color=LEARNED, label="proved right so far", **style)
    axes.fill_between(steps, right, 1 - lost, color=OPEN, label="not decided", **style)
    axes.fill_between(steps, 1 - lost, 1, color=PREDICTED, label="proved lost", **style)
    axes.set(
        xscale="log", xlim=(s + 1, end), ylim=(0, 1), xlabel="step t, from the end of the inputs on", title=title,
        ylabel=f"share of {len(answers)} patterns",
    )  # fmt: skip
    note = f"{forever} of {len(answers)} for ever →"
    axes.annotate(note, (1, 1.02), xycoords="axes fraction", ha="right", color=GUIDE, fontsize=8.5)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.18), ncols=3)
    return figure
