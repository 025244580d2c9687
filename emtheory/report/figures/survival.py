"""Survival: which share of the patterns is proved to be right, and which is proved lost, step by step.

Main function: `survival_figure(answers, path)`. As in `figures`, the same answers give the same bytes and matplotlib is
left as it was.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from emtheory.certificates.certificate import Answer
from emtheory.report.figures.spectrum import LEARNED, PREDICTED, saved

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["shares", "survival_figure"]

OPEN, SO_FAR = "#D9D9D9", "#8DC4E3"
BEYOND = 1.5  # the axis goes on after the last event by this factor, to show what stays


def survival_figure(answers: Sequence[Answer], path: str | os.PathLike[str], *, title: str = "") -> None:
    """Draw the shares of patterns over time: kept for ever, right so far, lost, all proved, and what is open.

    Arguments:
        answers: what `emtheory.certificates.certify.certify` returned.
        path: where to write; its suffix, .png, .svg or .pdf, chooses the format.
        title: of the figure.

    Raises:
        ValueError: no answers, another suffix, a path that cannot be written.

    >>> survival_figure([], "survival.gif")
    Traceback (most recent call last):
    ValueError: a figure cannot be written as 'survival.gif'; end its name in .png, .svg, .pdf
    """
    saved(path, lambda: _draw(answers, title))


def shares(answers: Sequence[Answer], steps: Any) -> Any:
    """At each step the shares of patterns proved right for ever, proved right so far, open, and proved wrong by then.

    >>> answer = Answer(((1.0,),), "until", 9, None, None, 0.1)
    >>> shares([answer], np.array([8, 9])).tolist()
    [[0.0, 0.0], [1.0, 0.0], [0.0, 0.0], [0.0, 1.0]]
    """
    counts = np.zeros((4, len(steps)))
    for answer in answers:
        if answer.holds == "forever":
            counts[0] += 1
            continue
        right = steps < (answer.steps or 0) + (answer.holds == "at least")
        counts[1] += right
        counts[3 if answer.holds == "until" else 2] += ~right
    return counts / len(answers)


def _draw(answers: Sequence[Answer], title: str) -> Figure:
    from matplotlib.figure import Figure

    if not answers:
        raise ValueError("there are no patterns to draw; ask for some with --patterns")
    s = len(answers[0].input)
    events = {answer.steps for answer in answers if answer.steps is not None and answer.holds != "forever"}
    end = BEYOND * max(events | {a.steps + (a.period or 0) for a in answers if a.steps is not None}, default=10 * s)
    steps = np.array(sorted({s + 1, end, *events, *(event + 1 for event in events)}), dtype=np.float64)
    edges = np.vstack([np.zeros(len(steps)), shares(answers, steps).cumsum(axis=0)])
    figure = Figure(figsize=(6.4, 3.8), layout="constrained")
    axes = figure.subplots()
    bands = (("kept for ever", LEARNED), ("right so far", SO_FAR), ("not decided", OPEN), ("lost", PREDICTED))
    for (label, color), low, high in zip(bands, edges[:-1], edges[1:], strict=True):
        axes.fill_between(steps, low, high, color=color, label=label, step="post", linewidth=0)
    axes.set(
        xscale="log", xlim=(s + 1, end), ylim=(0, 1), xlabel="step t, from the end of the inputs on", title=title,
        ylabel=f"share of {len(answers)} patterns",
    )  # fmt: skip
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.18), ncols=4)
    return figure
