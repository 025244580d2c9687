"""The contents of all memories over time, as a figure in which variables travel from memory to memory.

Main function: `heat_map(decoded, path)`. The same contents give the same bytes, and matplotlib is left as it was.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np

from emtheory.recovery.decoding import Decoded
from emtheory.report.figures.contents import COLORS, GONE, HATCH, checked_run, checked_target, full_color, short
from emtheory.report.figures.spectrum import FORMATS, GUIDE, LEARNED, PREDICTED, settings
from emtheory.system.files import replacing

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["drawing", "heat_map"]

FINEST = 1e-16  # smaller errors are drawn there: a log scale has no zero


def heat_map(decoded: Decoded, path: str | os.PathLike[str], *, run: int = 0) -> None:
    """Draw the contents of all memories, time to the right, memory s on top; below, the largest error of each step.

    A variable is written into memory s and moves down one memory a step. Contents that are not determined are hatched.

    Arguments:
        decoded: what `emtheory.recovery.decoding.decode` found.
        path: where to write; its suffix, .png, .svg or .pdf, chooses the format.
        run: which run of the batch.

    Raises:
        ValueError: another suffix, a path that cannot be written, a run that does not exist.

    >>> heat_map(None, "contents.gif")
    Traceback (most recent call last):
    ValueError: a figure cannot be written as 'contents.gif'; end its name in .png, .svg, .pdf
    """
    target = checked_target(path, tuple(FORMATS), "a figure")
    import matplotlib as mpl

    with mpl.rc_context(settings(mpl.rcParamsDefault) | {"hatch.linewidth": 0.5}):
        figure = drawing(decoded, checked_run(decoded, run))
        with replacing(target) as new:
            figure.savefig(new, metadata=dict(FORMATS[target.suffix.lower()]))


def drawing(decoded: Decoded, run: int) -> Figure:
    """The contents of the memories step by step, and below them their errors if a task says what is expected."""
    from matplotlib.figure import Figure

    compared = decoded.expected is not None
    height = float(np.clip(0.085 * decoded.s * decoded.kappa, 1.6, 6.0))
    figure = Figure(figsize=(9.6, height + (2.4 if compared else 1.1)), layout="constrained")
    if not compared:
        _contents(figure.subplots(), decoded, run)
        return figure
    top, bottom = figure.subplots(2, 1, sharex=True, height_ratios=(height, 1.1))
    _contents(top, decoded, run)
    top.set_xlabel("")
    _errors(bottom, decoded, run)
    return figure


def _contents(axes: Axes, decoded: Decoded, run: int) -> None:
    """One row for each content, those of memory s on top, and lines that follow every s-th variable."""
    s, kappa, steps = decoded.s, decoded.kappa, decoded.steps
    rows = decoded.contents[run, :, ::-1].reshape(steps, s * kappa).T
    reach = full_color(decoded, run)
    shown = decoded.determined[::-1].ravel()
    mesh = axes.pcolormesh(
        np.arange(steps + 1) + 0.5,
        np.arange(s * kappa + 1),
        np.ma.masked_array(rows, np.broadcast_to(~shown[:, None], rows.shape)),
        cmap=COLORS,
        vmin=-reach,
        vmax=reach,
        edgecolors="face",  # else viewers show seams between cells
        linewidth=0.05,
        rasterized=rows.size > 10_000,  # a larger vector file is slow to open
    )
    _strips(axes, shown, steps)
    beyond = np.abs(rows[shown]).max(initial=0.0) > 1.005 * reach
    bar = axes.figure.colorbar(mesh, ax=axes, label="content", extend="both" if beyond else "neither", pad=0.01)
    bar.outline.set_visible(False)
    for edge in range(kappa, s * kappa, kappa):
        axes.axhline(edge, color="white", linewidth=1.2)
        axes.axhline(edge, color=GUIDE, linewidth=0.3)
    _laps(axes, decoded)
    every = -(-s // 16)  # more labels would overlap
    names = {1: "1 (oldest)", s: f"{s} (written)"} if s > 1 else {1: "1"}
    labelled = [k for k in range(1, s + 1) if (s - k) % every == 0]
    axes.set_yticks([(s - k + 0.5) * kappa for k in labelled], [names.get(k, str(k)) for k in labelled])
    axes.tick_params(axis="y", length=0)
    note = "" if shown.all() else "   (hatched: the states do not tell)"
    title = f"Contents of {s} variable {'memories' if s > 1 else 'memory'} of dimension {kappa}{note}"
    axes.set_title(title, pad=18)
    if decoded.task is not None:
        axes.set_title(short(decoded.task.name), loc="right", pad=18, fontsize=8.5, color=GUIDE)
    axes.set(xlim=(0.5, steps + 0.5), ylim=(s * kappa, 0), xlabel="time step t", ylabel="memory k")
    _phases(axes, s, steps)


def _strips(axes: Axes, shown: Any, steps: int) -> None:
    """Neighbouring rows that are not determined, under one hatch."""
    from matplotlib.patches import Rectangle

    edges = np.flatnonzero(np.diff(np.concatenate([[True], shown, [True]]).astype(int)))
    for first, end in edges.reshape(-1, 2):
        place: dict[str, Any] = {"xy": (0.5, first), "width": steps, "height": end - first}
        axes.add_patch(Rectangle(**place, facecolor=GONE, edgecolor=HATCH, hatch="////", linewidth=0))


def _laps(axes: Axes, decoded: Decoded) -> None:
    """The way of the variables x(1), x(s+1), … from memory s to memory 1; of fewer, if labels would overlap."""
    s, kappa, steps = decoded.s, decoded.kappa, decoded.steps
    starts = range(1, steps + 1, s * -(-steps // (16 * s)))
    axes.set_xticks(starts)
    white: dict[str, Any] = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.85}
    for first in starts if s > 1 else ():
        times = np.arange(first, min(first + s, steps + 1))
        places = (times - first + 0.5) * kappa
        axes.plot(times, places, color="white", linewidth=2.4)
        axes.plot(times, places, "-o", color="black", linewidth=1, markersize=3.5, markevery=[0])
        if first <= steps - steps // 16:
            label: dict[str, Any] = {"xytext": (6, 0), "textcoords": "offset points", "fontsize": 8, "bbox": white}
            axes.annotate(f"x({first})", (first, places[0]), va="center", **label)


def _phases(axes: Axes, s: int, steps: int) -> None:
    """Where the inputs end, and what comes before and after."""
    if s >= steps:
        return
    axes.axvline(s + 0.5, color=PREDICTED, linewidth=1.4)
    above: dict[str, Any] = {"xycoords": axes.get_xaxis_transform(), "textcoords": "offset points", "fontsize": 8.5}
    axes.annotate("inputs", (s + 0.5, 1), xytext=(-4, 4), ha="right", color=PREDICTED, **above)
    axes.annotate("outputs", (s + 0.5, 1), xytext=(4, 4), ha="left", color=PREDICTED, **above)


def _errors(axes: Axes, decoded: Decoded, run: int) -> None:
    """The largest error of each step, and whether a sign is wrong."""
    times, worst = np.arange(1, decoded.steps + 1), np.abs(decoded.error[run]).max(axis=(1, 2))
    heights, wrong = np.maximum(worst, FINEST), decoded.wrong[run].any(axis=(1, 2))
    axes.plot(times, heights, "-", color=GUIDE, linewidth=0.6, zorder=1)
    dots: dict[str, Any] = {"linestyle": "none", "markeredgewidth": 0, "clip_on": False}
    axes.plot(times[~wrong], heights[~wrong], marker="o", color=LEARNED, markersize=4, label="all signs right", **dots)
    if wrong.any():
        cross: dict[str, Any] = {"marker": "X", "color": PREDICTED, "markersize": 6, "label": "a sign is wrong"}
        axes.plot(times[wrong], heights[wrong], **cross, **dots)
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), borderaxespad=0.1, ncols=2)
    axes.set(yscale="log", ylim=(heights.min() / 3, 3 * heights.max()), xlabel="time step t", ylabel="error")
    axes.set_title("Largest error of a content")
    if decoded.steps > decoded.s:
        axes.axvline(decoded.s + 0.5, color=PREDICTED, linewidth=1.4)
