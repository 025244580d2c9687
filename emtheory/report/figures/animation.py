"""An animation in which variables travel through the memories.

Main function: `animation(decoded, path)`, a .gif or an .html page that needs nothing else. The same contents give the
same bytes, and matplotlib is left as it was.
"""

from __future__ import annotations

import json
import os
from html import escape
from pathlib import Path
from string import Template

import numpy as np

from emtheory.recovery.decoding import Decoded
from emtheory.report.figures.contents import (
    COLORS,
    GONE,
    HATCH,
    checked_run,
    checked_target,
    composed,
    full_color,
    short,
)
from emtheory.report.figures.spectrum import PREDICTED, settings
from emtheory.system.files import write

__all__ = ["ANIMATIONS", "MOST_BYTES", "MOST_STEPS", "animation"]

ANIMATIONS = (".gif", ".html")
"""The suffixes that an animation may have."""

MOST_STEPS, MOST_BYTES = 64, 2_000_000
"""Later steps are left out of an animation, and a larger one is refused."""

SHADES = 100  # of each sign, in a page
KEY = "memory k; variables move left, framed contents are composed into the next one"
GONE_KEY = "; hatched ones are not determined by the states"


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
    target = checked_target(path, ANIMATIONS, "an animation")
    checked_run(decoded, run)
    content = _page(decoded, run).encode() if target.suffix.lower() == ".html" else _gif(decoded, run)
    if len(content) > MOST_BYTES:
        raise ValueError(
            f"the animation would have {len(content) / 1e6:.1f} MB, but {MOST_BYTES / 1e6:g} are allowed; "
            "decode fewer steps"
        )
    write(target, content)


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
    reach, colors = full_color(decoded, run), mpl.colormaps[COLORS]
    cells = np.array([_square(k, i) for k in range(s) for i in range(kappa)])
    gone, sources = ~decoded.determined.ravel(), composed(decoded).ravel()
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
    shade = np.rint(decoded.contents[run, :steps].reshape(steps, s * kappa) / full_color(decoded, run) * SHADES)
    places = np.clip(shade, -SHADES, SHADES).astype(int) + SHADES
    places[:, ~decoded.determined.ravel()] = -1
    palette = [mpl.colors.to_hex(color) for color in mpl.colormaps[COLORS](np.linspace(0, 1, 2 * SHADES + 1))]
    fills = ["url(#gone)" if place < 0 else palette[place] for place in places[0]]
    sources = composed(decoded).ravel()
    cells = "\n".join(
        f'<rect x="{36 * (c // kappa) + 10}" y="{24 * (c % kappa) + 34}" width="24" height="22.5" fill="{fill}"{mark}/>'
        for c, (fill, mark) in enumerate(zip(fills, np.where(sources, " data-source", ""), strict=True))
    )
    labels = "".join(f'<text x="{36 * k + 22}" y="{24 * kappa + 52}">{k + 1}</text>' for k in range(s))
    captions = [_caption(decoded, t) for t in range(1, steps + 1)]
    words: dict[str, object] = {
        "title": f"{s} variable memories of dimension {kappa}",
        "task": "" if decoded.task is None else f"Task: {escape(short(decoded.task.name), quote=False)}. ",
        "gone": "" if decoded.determined.all() else " Hatched contents are not determined by the states.",
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
