"""Pictures in which variables travel: contents of all memories over time, as a figure and as an animation.

Main functions: `heat_map(decoded, path)`, a figure, and `animation(decoded, path)`, a .gif or an .html page that needs
nothing else. As in `figures`, the same contents give the same bytes and matplotlib is left as it was.
"""

from __future__ import annotations

import json
import os
from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

import numpy as np

from emtheory.recovery.decoding import Decoded
from emtheory.report.figures.spectrum import FORMATS, GUIDE, LEARNED, PREDICTED, settings
from emtheory.system.files import replacing, write

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["ANIMATIONS", "MOST_BYTES", "MOST_STEPS", "animation", "drawing", "heat_map"]

ANIMATIONS = (".gif", ".html")
"""The suffixes that an animation may have."""

MOST_STEPS, MOST_BYTES = 64, 2_000_000
"""Later steps are left out of an animation, and a larger one is refused."""

COLORS = "RdBu_r"  # ColorBrewer: diverging, white at 0, told apart with any common colour vision deficiency
GONE, HATCH = "#E4E4E4", "#B0B0B0"
SHADES = 100  # of each sign, in a page
KEY = "memory k; variables move left, framed contents are composed into the next"
GONE_KEY = ", of hatched ones the states do not tell"
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
    target = _target(path, tuple(FORMATS), "a figure")
    import matplotlib as mpl

    with mpl.rc_context(settings(mpl.rcParamsDefault) | {"hatch.linewidth": 0.5}):
        figure = drawing(decoded, _checked(decoded, run))
        with replacing(target) as new:
            figure.savefig(new, metadata=dict(FORMATS[target.suffix.lower()]))


def animation(decoded: Decoded, path: str | os.PathLike[str], *, run: int = 0) -> None:
    """Show the memories as a row of columns, one frame a step, at most `MOST_STEPS`; what is composed next is framed.

    A .gif plays by itself; a page of .html has buttons, a slider and keys, and loads nothing.

    Arguments:
        decoded: what `emtheory.recovery.decoding.decode` found.
        path: where to write; its suffix, .gif or .html, chooses the format.
        run: which run of the batch.

    Raises:
        ValueError: another suffix, a path that cannot be written, a run that does not exist, more than `MOST_BYTES`.

    >>> animation(None, "contents.svg")
    Traceback (most recent call last):
    ValueError: an animation cannot be written as 'contents.svg'; end its name in .gif, .html
    """
    target = _target(path, ANIMATIONS, "an animation")
    _checked(decoded, run)
    content = _page(decoded, run).encode() if target.suffix.lower() == ".html" else _gif(decoded, run)
    if len(content) > MOST_BYTES:
        raise ValueError(
            f"the animation would have {len(content) / 1e6:.1f} MB, but {MOST_BYTES / 1e6:g} are allowed; "
            "decode fewer steps"
        )
    write(target, content)


def _target(path: str | os.PathLike[str], suffixes: tuple[str, ...], what: str) -> Path:
    target = Path(path)
    if target.suffix.lower() not in suffixes:
        raise ValueError(f"{what} cannot be written as {target.name!r}; end its name in {', '.join(suffixes)}")
    return target


def _checked(decoded: Decoded, run: int) -> int:
    if not 0 <= run < len(decoded.contents):
        raise ValueError(f"the run must be one of 0..{len(decoded.contents) - 1}, but is {run}; runs count from 0")
    return run


def _reach(decoded: Decoded, run: int) -> float:
    """The content of full colour, a third above the largest that is expected or, without a task, the largest read."""
    shown = decoded.contents if decoded.expected is None else 4 / 3 * decoded.expected
    return float(np.abs(shown[run] * decoded.determined).max()) or 1.0


def _sources(decoded: Decoded) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which contents the task composes into the next variable (s × κ)."""
    if decoded.task is None:
        return np.zeros((decoded.s, decoded.kappa), dtype=bool)
    return np.asarray((decoded.task.array() != 0).any(axis=1) & decoded.determined)


# --- the figure -------------------------------------------------------------------------------------------------------


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
    reach = _reach(decoded, run)
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
        axes.set_title(_short(decoded.task.name), loc="right", pad=18, fontsize=8.5, color=GUIDE)
    axes.set(xlim=(0.5, steps + 0.5), ylim=(s * kappa, 0), xlabel="time step t", ylabel="memory k")
    _phases(axes, s, steps)


def _short(name: str) -> str:
    """Cut off where it would meet the title."""
    return name if len(name) <= 48 else f"{name[:47]}…"


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


# --- the animation ----------------------------------------------------------------------------------------------------


def _caption(decoded: Decoded, t: int) -> str:
    """What happens at step t."""
    s = decoded.s
    if t <= s:
        return f"Step {t}: the input u({t}) is written into memory {s}."
    return f"Step {t}: x({t}) is composed into memory {s} and read as the output y({t})."


def _gif(decoded: Decoded, run: int) -> bytes:
    """Frames drawn by matplotlib: one column of κ cells for each memory, the written one to the right."""
    from tempfile import TemporaryDirectory

    import matplotlib as mpl
    from matplotlib.animation import PillowWriter
    from matplotlib.collections import PolyCollection
    from matplotlib.figure import Figure

    s, kappa, steps = decoded.s, decoded.kappa, min(decoded.steps, MOST_STEPS)
    reach, colors = _reach(decoded, run), mpl.colormaps[COLORS]
    cells = np.array([_square(k, i) for k in range(s) for i in range(kappa)])
    gone, sources = ~decoded.determined.ravel(), _sources(decoded).ravel()
    with mpl.rc_context(settings(mpl.rcParamsDefault) | {"savefig.dpi": 100}), TemporaryDirectory() as folder:
        figure = Figure(figsize=(8.0, float(np.clip(1.4 + 0.42 * kappa, 2.2, 6.0))), layout="constrained")
        axes = figure.subplots()
        squares = PolyCollection(list(cells), edgecolors=HATCH, linewidths=0.6)
        axes.add_collection(squares)
        axes.add_collection(PolyCollection(list(cells[gone]), facecolors=GONE, edgecolors=HATCH, hatch="////"))
        frames = PolyCollection(list(cells[sources]), facecolors="none", edgecolors="black", linewidths=1.6)
        axes.add_collection(frames)
        axes.set(xlim=(-0.3, 1.5 * s - 0.2), ylim=(kappa + 0.3, -0.9), xlabel=KEY + (GONE_KEY if gone.any() else ""))
        named = np.arange(0, s, -(-s // 32))
        axes.set_xticks(1.5 * named + 0.5, [str(k + 1) for k in named])
        axes.set_yticks([])
        axes.spines[:].set_visible(False)
        axes.tick_params(axis="x", length=0)
        mark = axes.annotate("", (1.5 * s - 1, 0), (0, 4), textcoords="offset points", ha="center", color=PREDICTED)
        title = axes.set_title("")
        target = Path(folder) / "frames.gif"
        writer = PillowWriter(fps=2)
        with writer.saving(figure, str(target), 100):
            for t in range(1, steps + 1):
                shades = colors((decoded.contents[run, t - 1].ravel() / reach + 1) / 2)
                squares.set_facecolor(shades)
                frames.set_visible(t >= s)
                mark.set_text(f"u({t}) ↓" if t <= s else f"y({t}) ↑")
                title.set_text(_caption(decoded, t))
                writer.grab_frame()
        return target.read_bytes()


def _square(k: int, i: int) -> list[tuple[float, float]]:
    """The corners of component i of memory k, both counted from 0."""
    x = 1.5 * k
    return [(x, i), (x + 1, i), (x + 1, i + 0.94), (x, i + 0.94)]


def _page(decoded: Decoded, run: int) -> str:
    """A page with the first frame as inline SVG, and the shades of every frame for a few lines of script."""
    import matplotlib as mpl

    s, kappa, steps = decoded.s, decoded.kappa, min(decoded.steps, MOST_STEPS)
    shade = np.rint(decoded.contents[run, :steps].reshape(steps, s * kappa) / _reach(decoded, run) * SHADES)
    places = np.clip(shade, -SHADES, SHADES).astype(int) + SHADES
    places[:, ~decoded.determined.ravel()] = -1
    palette = [mpl.colors.to_hex(color) for color in mpl.colormaps[COLORS](np.linspace(0, 1, 2 * SHADES + 1))]
    fills = ["url(#gone)" if place < 0 else palette[place] for place in places[0]]
    sources = _sources(decoded).ravel()
    cells = "\n".join(
        f'<rect x="{36 * (c // kappa) + 10}" y="{24 * (c % kappa) + 34}" width="24" height="22.5" fill="{fill}"{mark}/>'
        for c, (fill, mark) in enumerate(zip(fills, np.where(sources, " data-source", ""), strict=True))
    )
    labels = "".join(f'<text x="{36 * k + 22}" y="{24 * kappa + 52}">{k + 1}</text>' for k in range(s))
    captions = [_caption(decoded, t) for t in range(1, steps + 1)]
    words: dict[str, object] = {
        "title": f"{s} variable memories of dimension {kappa}",
        "task": "" if decoded.task is None else f"Task: {escape(_short(decoded.task.name), quote=False)}. ",
        "gone": "" if decoded.determined.all() else " Of hatched contents the states do not tell.",
        "width": 36 * s + 8,
        "height": 24 * kappa + 62,
        "written": 36 * s - 14,
        "cells": cells,
        "labels": labels,
        "caption": captions[0],
        "last": steps,
        "s": s,
        "data": json.dumps(
            {"palette": palette, "frames": places.tolist(), "captions": captions}, separators=(",", ":")
        ),
        "mark": PREDICTED,
    }
    return PAGE.substitute(words)


PAGE = Template("""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>$title</title>
<style>
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:1.5rem auto;padding:0 1rem;color:#222;background:#fff}
h1{font-size:1.3rem} svg{width:100%;max-height:65vh} text{font-size:12px;text-anchor:middle;fill:#222}
rect{stroke:#b0b0b0;stroke-width:.6} .read{stroke:#000;stroke-width:2.2}
#mark{fill:$mark;font-weight:bold} button{font:inherit;min-width:5rem;padding:.3rem .6rem} input{width:100%}
</style></head><body>
<h1>$title</h1>
<p>${task}Variables move one memory to the left each step; red is positive, blue negative, white 0.
Once the inputs are in, black frames mark what is composed into the next variable.$gone</p>
<svg viewBox="0 0 $width $height" role="img" aria-labelledby="caption">
<defs><pattern id="gone" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
<path d="M0 0h6v6H0z" fill="#e4e4e4"/><path d="M0 0v6" stroke="#b0b0b0" stroke-width="1.5"/></pattern></defs>
<text id="mark" x="$written" y="22">u(1) ↓</text>
$cells
$labels
</svg>
<p id="caption" aria-live="polite">$caption</p>
<p><label for="step">Step</label> <input id="step" type="range" min="1" max="$last" value="1"></p>
<p><button id="back">◀ Back</button> <button id="play">Play</button> <button id="next">Next ▶</button>
Keys: space plays and pauses, ← and → step.</p>
<noscript><p>This is the first step; the others need JavaScript.</p></noscript>
<script>
const data=$data, s=$s, get=id=>document.getElementById(id);
const cells=document.querySelectorAll("svg > rect");
let t=1, timer=0;
function show(to){
  t=(to-1+data.frames.length)%data.frames.length+1;
  data.frames[t-1].forEach((shade,c)=>cells[c].setAttribute("fill",shade<0?"url(#gone)":data.palette[shade]));
  cells.forEach(cell=>cell.classList.toggle("read",t>=s&&"source" in cell.dataset));
  get("mark").textContent=t<=s?"u("+t+") ↓":"y("+t+") ↑";
  get("caption").textContent=data.captions[t-1];
  get("step").value=t;
}
function play(on){
  clearInterval(timer);
  timer=on?setInterval(()=>show(t+1),600):0;
  get("play").textContent=on?"Pause":"Play";
  get("caption").setAttribute("aria-live",on?"off":"polite");
}
get("play").onclick=()=>play(!timer);
get("back").onclick=()=>{play(false);show(t-1)};
get("next").onclick=()=>{play(false);show(t+1)};
get("step").oninput=event=>{play(false);show(Number(event.target.value))};
document.onkeydown=event=>{
  if(event.target.tagName==="INPUT"||event.ctrlKey||event.metaKey||event.altKey) return;
  if(event.key==="ArrowLeft") get("back").click();
  else if(event.key==="ArrowRight") get("next").click();
  else if(event.key===" "&&event.target.tagName!=="BUTTON") {event.preventDefault();play(!timer)}
};
show(1);
</script></body></html>
""")
