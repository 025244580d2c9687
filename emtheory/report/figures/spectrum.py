"""Figures of learned and predicted spectra: vector graphics that a colour-blind reader can tell apart.

Main function: `spectrum_figure(analysis, path)`; `readme_figure(path)` draws the one in the README. The same analysis
gives the same bytes: no date is stored, no setting of the user's matplotlib is read, and none is changed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from emtheory.analysis.analyze import Analysis, Comparison, analyze
from emtheory.networks.weights import load
from emtheory.system.files import replacing
from emtheory.theory.tasks import Task

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["FORMATS", "drawing", "readme_figure", "saved", "settings", "side_by_side", "spectrum_figure"]

FORMATS: Mapping[str, Mapping[str, None]] = {
    ".png": {"Software": None},
    ".svg": {"Date": None, "Creator": None},
    ".pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}
"""The suffixes that a figure may have, and the metadata left out because they change from run to run."""

# Okabe and Ito's palette, distinguishable with any common colour vision deficiency and in grey.
LEARNED, PREDICTED, TRANSIENT, GUIDE = "#0072B2", "#D55E00", "#8C8C8C", "#4D4D4D"
DASHED = (0, (4, 3))
REAL = 1e-12  # rad; smaller errors are drawn on the axis, since real eigenvalues meet real predictions exactly

STYLE: Mapping[str, Any] = {
    "font.family": "DejaVu Sans",  # ships with matplotlib
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.6,
    "axes.edgecolor": GUIDE,
    "axes.labelcolor": GUIDE,
    "xtick.color": GUIDE,
    "ytick.color": GUIDE,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "ytick.minor.width": 0.4,
    "figure.constrained_layout.h_pad": 0.08,
    "figure.constrained_layout.w_pad": 0.08,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "legend.handletextpad": 0.4,
    "savefig.dpi": 200,
    "svg.hashsalt": "emtheory",
}


def spectrum_figure(analysis: Analysis, path: str | os.PathLike[str]) -> None:
    """Draw the learned spectrum on the unit circle and, given a task, the predicted one and each argument error.

    Arguments:
        analysis: what `emtheory.analysis.analyze.analyze` found.
        path: where to write; its suffix, .png, .svg or .pdf, chooses the format.

    Raises:
        ValueError: another suffix, or a path that cannot be written.
    """
    saved(path, lambda: drawing(analysis))


def saved(path: str | os.PathLike[str], draw: Callable[[], Figure]) -> None:
    """Write the figure that `draw` makes in the style of all figures, the same bytes each time.

    Raises:
        ValueError: a suffix other than those of `FORMATS`, or a path that cannot be written.
    """
    target = Path(path)
    if target.suffix.lower() not in FORMATS:
        raise ValueError(f"a figure cannot be written as {target.name!r}; end its name in {', '.join(FORMATS)}")
    import matplotlib as mpl

    with mpl.rc_context(settings(mpl.rcParamsDefault)):
        figure = draw()
        with replacing(target) as new:
            figure.savefig(new, metadata=dict(FORMATS[target.suffix.lower()]))


def readme_figure(path: str | os.PathLike[str]) -> None:
    """Draw the figure of the README: the shipped repeat-copy network against its prediction."""
    name = "zoo:repeat-copy-s8-k8-n128"
    spectrum_figure(analyze(load(name), Task.repeat_copy(8, 8), name=name), path)


def settings(defaults: Any) -> Any:
    """Matplotlib's own defaults, not the user's, under `STYLE`; the backend is left alone, it would not be restored."""
    return {key: value for key, value in defaults.items() if key != "backend"} | dict(STYLE)


def drawing(analysis: Analysis) -> Figure:
    """The spectrum, and beside it the errors if each persistent eigenvalue has its own prediction."""
    from matplotlib.figure import Figure

    compared = analysis.comparison
    if compared is None or compared.matched is None or not len(compared.matched):
        figure = Figure(figsize=(4.8, 5.6), layout="constrained")
        _circle(figure.subplots(), analysis)
        return figure
    figure = Figure(figsize=(9.6, 5.4), layout="constrained")
    panels = figure.subplot_mosaic([["circle", "argument"], ["circle", "modulus"]], width_ratios=(1.1, 1))
    _circle(panels["circle"], analysis)
    _residuals(panels["argument"], panels["modulus"], analysis.persistent, compared)
    return figure


def _circle(axes: Axes, analysis: Analysis) -> None:
    """Learned eigenvalues as dots, predicted ones as rings with their multiplicity, the unit and threshold circles."""
    values, persistent = analysis.eigenvalues, analysis.persistent
    _points(axes, persistent, LEARNED, "learned, persistent")
    _points(axes, values[len(persistent) :], TRANSIENT, "learned, transient")
    title = f"{len(persistent)} persistent eigenvalues"
    if analysis.comparison is not None:
        title += f", {len(analysis.comparison.predicted)} predicted"
        _rings(axes, analysis.comparison.predicted)
    turn = np.exp(2j * np.pi * np.linspace(0, 1, 361))
    axes.plot(turn.real, turn.imag, color=GUIDE, linewidth=0.6, zorder=1, label="unit circle")
    edge, label = analysis.threshold * turn, f"threshold |λ| = {analysis.threshold:g}"
    axes.plot(edge.real, edge.imag, color=GUIDE, linewidth=0.7, linestyle=DASHED, zorder=1, label=label)
    reach = 1.28 * max(1.0, float(np.abs(values).max(initial=0.0)))
    axes.set(aspect="equal", xlim=(-reach, reach), ylim=(-reach, reach), xlabel="Re λ", ylabel="Im λ", title=title)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=2)


def _points(axes: Axes, values: Any, color: str, label: str) -> None:
    axes.plot(values.real, values.imag, "o", color=color, markersize=3.4, markeredgewidth=0, zorder=3, label=label)


def _rings(axes: Axes, predicted: Any) -> None:
    distinct, counts = np.unique(np.round(predicted, 9), return_counts=True)  # for display alone
    style: dict[str, Any] = {"markerfacecolor": "none", "markeredgecolor": PREDICTED, "markeredgewidth": 1.3}
    axes.plot(distinct.real, distinct.imag, "o", markersize=10, zorder=2, label="predicted × multiplicity", **style)
    if len(distinct) > 40:
        return  # labels would overlap
    for value, count in zip(distinct[counts > 1], counts[counts > 1], strict=True):
        place = value * (1 + 0.15 / abs(value))
        axes.annotate(f"×{count}", (place.real, place.imag), ha="center", va="center", color=PREDICTED, fontsize=8.5)


def _residuals(top: Axes, bottom: Axes, learned: Any, compared: Comparison) -> None:
    """What the overlaid points of the circle hide: by how much each persistent eigenvalue misses its prediction."""
    errors, matched = np.asarray(compared.errors), np.asarray(compared.matched)
    places = side_by_side(np.round(np.angle(matched), 9), errors)
    seen = errors > REAL
    dots: dict[str, Any] = {"color": LEARNED, "markersize": 3.4, "markeredgewidth": 0, "linestyle": "none"}
    top.plot(places[seen], errors[seen], marker="o", **dots)
    floor = errors[seen].min(initial=1.0) / 5  # a log scale has no zero
    if not seen.all():
        grounded = np.full((~seen).sum(), floor)
        top.plot(places[~seen], grounded, marker="v", clip_on=False, zorder=4, label=f"at most {REAL:.0e}", **dots)
        top.legend(loc="lower left", borderaxespad=0.1)
    for value, style in ((errors.max(), DASHED), (errors.mean(), "-")):
        top.axhline(max(value, floor), color=PREDICTED, linewidth=0.8, linestyle=style, zorder=1)
    top.set(yscale="log", ylim=(floor, 2 * max(errors.max(), floor)), title="Argument error (rad)")
    summary = f"mean {_scientific(errors.mean())}, max {_scientific(errors.max())}"
    top.set_title(summary, loc="right", fontsize=8.5, color=PREDICTED)
    bottom.axhline(0, color=PREDICTED, linewidth=0.8, zorder=1)
    bottom.plot(places, np.abs(learned) - np.abs(matched), marker="o", **dots)
    bottom.set(title="Modulus error |λ| − |predicted|", xlabel="argument of the predicted eigenvalue")
    for axes in (top, bottom):
        axes.set_xlim(-1.12 * np.pi, 1.12 * np.pi)
        axes.set_xticks(np.pi * np.linspace(-1, 1, 5), ["−π", "−π/2", "0", "π/2", "π"])


def _scientific(value: float) -> str:
    mantissa, exponent = f"{value:.2e}".split("e")
    return rf"${mantissa}\times 10^{{{int(exponent)}}}$" if value else "0"


def side_by_side(arguments: Any, errors: Any) -> Any:
    """The arguments, spread a little so that eigenvalues with one prediction stand beside each other by error."""
    distinct, group, counts = np.unique(arguments, return_inverse=True, return_counts=True)
    gaps = np.concatenate([[np.pi / 4], np.diff(distinct), [np.pi / 4]])
    room = 0.7 * np.minimum(np.minimum(gaps[:-1], gaps[1:]), np.pi / 4)
    rank = np.empty(len(errors))
    for member in range(len(distinct)):
        chosen = np.flatnonzero(group == member)
        rank[chosen[np.argsort(errors[chosen], kind="stable")]] = np.arange(len(chosen))
    return arguments + room[group] * ((rank + 0.5) / counts[group] - 0.5)
