"""The margin of one pattern, step by step: how far the outputs are from a wrong sign, and what is proved of it.

Main function: `margin_figure(network, task, answer, path)`. The curve is that of a float run, the lines are proved.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np

from emtheory.certificates.certificate import Answer
from emtheory.certificates.target import target
from emtheory.networks.elman import Network
from emtheory.report.figures.spectrum import LEARNED, PREDICTED, saved
from emtheory.system.array_types import Floats
from emtheory.theory.tasks import Task

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["margin_figure", "margins"]

LONGEST = 2000  # steps that are drawn of an orbit
AFTER = 1.25  # the axis goes on after the first wrong step by this factor


def margins(network: Network, task: Task, u: Floats, steps: int) -> Floats:
    """min_i sign(x_i(t)) y_i(t) for t = s+1 … `steps`, over the components with x_i(t) ≠ 0; below 0 a sign is wrong.

    >>> from emtheory.networks.build import build
    >>> task = Task.compose_copy(2)
    >>> bool((margins(build(task).network, task, np.ones((2, 2)), 20) > 0.9).all())
    True
    """
    signs = target(task, u, steps).signs.astype(np.float64)
    outputs = network.run(u[np.newaxis], steps).outputs[0]
    return np.asarray(np.where(signs == 0, np.inf, signs * outputs).min(axis=1)[task.s :])


def margin_figure(network: Network, task: Task, answer: Answer, path: str | os.PathLike[str]) -> None:
    """Draw the margin of the pattern of an answer: until it is lost, or over two periods of its orbit.

    Arguments:
        network, task: what the answer is about.
        answer: of `emtheory.certificates.certify.certify`.
        path: where to write; its suffix, .png, .svg or .pdf, chooses the format.

    Raises:
        ValueError: another suffix, a path that cannot be written.
    """
    saved(path, lambda: _draw(network, task, answer))


def _draw(network: Network, task: Task, answer: Answer) -> Figure:
    from matplotlib.figure import Figure

    last = answer.steps or task.s + 1
    end = round(AFTER * last) if answer.period is None else min(last + 2 * answer.period, LONGEST)
    found = margins(network, task, np.array(answer.input), max(end, task.s + 2))
    steps = np.arange(task.s + 1, task.s + 1 + len(found))
    figure = Figure(figsize=(6.4, 3.2), layout="constrained")
    axes = figure.subplots()
    axes.axhline(0, color="0.4", lw=0.8)
    axes.plot(steps, found, color=LEARNED, lw=1, label="margin of a float run")
    if answer.margin is not None:
        axes.axhline(answer.margin, color=PREDICTED, lw=1, ls="--", label=f"proved for all time: {answer.margin:.3g}")
    if answer.steps is not None:
        words = {"forever": "the orbit is entered", "until": "first wrong sign, proved"}.get(
            answer.holds, "proved so far"
        )
        axes.axvline(answer.steps, color=PREDICTED if answer.holds == "until" else "0.5", lw=1, ls=":")
        axes.annotate(
            f"{words}: step {answer.steps}", (answer.steps, 1.02), xycoords=("data", "axes fraction"), ha="center"
        )
    axes.set(xlim=(steps[0], steps[-1]), xlabel="step t", ylabel="margin")
    axes.legend(loc="best", frameon=False)
    return figure
