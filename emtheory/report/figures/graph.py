"""Drawings of a report as inline SVG: who uses whom, and what an analysis found. Colours come from the page's style.

`dependencies(theorems)` lays the theorems out in layers, used ones on the left; `circle(spectrum)` draws eigenvalues on
the unit circle, `composition(blocks)` the blocks C_1 … C_s as a heat map, `survival(answers)` for how long patterns are
kept. The same input gives the same text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from emtheory.certificates.certificate import Answer
from emtheory.report.figures.survival import shares

if TYPE_CHECKING:
    from emtheory.report.pages.document import TheoremPart

__all__ = ["anchor", "circle", "composition", "dependencies", "layers", "survival"]

WIDTH, HEIGHT, GAP_X, GAP_Y, MARGIN = 212, 34, 74, 14, 8
GRID = 160  # steps at which a survival curve is evaluated
MOST_CELLS = 6000  # a larger heat map would be a grey patch, and a large file
MARKS = {"proved": "✓", "refuted": "✗", "undecided": "?"}


def anchor(kind: str, name: str) -> str:
    """An id for the part of a page, of letters, digits and hyphens alone; different names have different ids."""
    return f"{kind}-" + "".join(c if c.isascii() and (c.isalnum() or c == "-") else f"_{ord(c):x}_" for c in name)


def layers(uses: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """The names in layers: each stands right of all that it uses. Names without any connection are left out."""
    known = {name: [used for used in own if used in uses and used != name] for name, own in uses.items()}
    connected = {name for name, own in known.items() if own} | {used for own in known.values() for used in own}
    depth = dict.fromkeys(connected, 0)
    for _ in connected:  # a circle, which no theorem has, ends here too
        depth = {name: max((depth[used] + 1 for used in known[name]), default=0) for name in connected}
    columns = [sorted(n for n in connected if depth[n] == d) for d in sorted(set(depth.values()))]
    return _untangled(columns, known)


def _untangled(columns: list[list[str]], uses: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Each column ordered by the mean place of what its theorems are connected with in the others."""
    for _ in range(6):
        place = {name: row / max(len(column), 1) for column in columns for row, name in enumerate(column)}
        friends: dict[str, list[str]] = {name: list(uses[name]) for name in place}
        for name in place:
            for used in uses[name]:
                friends[used].append(name)
        mean = {name: sum(place[f] for f in own) / len(own) if own else place[name] for name, own in friends.items()}
        columns = [sorted(column, key=lambda name: (mean[name], name)) for column in columns]
    return columns


def dependencies(theorems: Sequence[TheoremPart]) -> str:
    """The graph of who uses whom; each box leads to its theorem. Empty if no theorem uses another."""
    by_name = {theorem.name: theorem for theorem in theorems}
    columns = layers({theorem.name: theorem.uses for theorem in theorems})
    if not columns:
        return ""
    tallest = max(len(column) for column in columns)
    width = len(columns) * (WIDTH + GAP_X) - GAP_X + 2 * MARGIN
    height = tallest * (HEIGHT + GAP_Y) - GAP_Y + 2 * MARGIN
    places = {}
    for i, column in enumerate(columns):
        top = MARGIN + (tallest - len(column)) * (HEIGHT + GAP_Y) / 2
        for row, name in enumerate(column):
            places[name] = (MARGIN + i * (WIDTH + GAP_X), top + row * (HEIGHT + GAP_Y))
    lines = [_edge(places[used], places[name]) for name in places for used in by_name[name].uses if used in places]
    boxes = [_box(by_name[name], *place) for name, place in places.items()]
    return (
        f'<svg class="graph" viewBox="0 0 {width} {height:g}" width="{width}" height="{height:g}" role="group" '
        f'aria-label="Which theorem uses which">{"".join(lines)}{"".join(boxes)}</svg>'
    )


def _edge(used: tuple[float, float], user: tuple[float, float]) -> str:
    x1, y1, x2, y2 = used[0] + WIDTH, used[1] + HEIGHT / 2, user[0], user[1] + HEIGHT / 2
    bend = GAP_X / 2
    return f'<path class="edge" d="M{x1:g} {y1:g}C{x1 + bend:g} {y1:g} {x2 - bend:g} {y2:g} {x2:g} {y2:g}"/>'


def _box(theorem: TheoremPart, x: float, y: float) -> str:
    name = theorem.name if len(theorem.name) <= 26 else theorem.name[:25] + "…"
    uses = f", uses {', '.join(theorem.uses)}" if theorem.uses else ""
    label = escape(f"{theorem.name}: {theorem.outcome}{uses}", quote=True)
    return (
        f'<a href="#{anchor("t", theorem.name)}" class="{theorem.outcome}" aria-label="{label}">'
        f'<rect x="{x:g}" y="{y:g}" width="{WIDTH}" height="{HEIGHT}" rx="6"/>'
        f'<text x="{x + 11:g}" y="{y + 22:g}"><tspan class="mark">{MARKS.get(theorem.outcome, "?")}</tspan> '
        f"{escape(name)}</text></a>"
    )


def circle(spectrum: Mapping[str, Any]) -> str:
    """The eigenvalues of an analysis on the unit circle; the dashed circle is the threshold of what persists."""
    values = [(float(re), float(im)) for re, im in spectrum["eigenvalues"]]
    threshold = float(spectrum["threshold"])
    reach = 1.12 * max([1.0, *(max(abs(re), abs(im)) for re, im in values)])
    scale = 200 / reach
    dots = "".join(
        f'<circle class="{"persists" if re * re + im * im > threshold**2 else "fades"}" '
        f'cx="{200 + scale * re:.2f}" cy="{200 - scale * im:.2f}" r="3.2"/>'
        for re, im in values
    )
    label = f"{len(values)} eigenvalues, {spectrum['persistent']} of modulus above {threshold:g}"
    return (
        f'<svg class="circle" viewBox="0 0 400 400" role="img" aria-label="{escape(label, quote=True)}">'
        f'<path class="axis" d="M0 200H400M200 0V400"/>'
        f'<circle class="unit" cx="200" cy="200" r="{scale:.2f}"/>'
        f'<circle class="threshold" cx="200" cy="200" r="{scale * threshold:.2f}"/>{dots}'
        f'<text x="394" y="216" text-anchor="end">Re λ</text><text x="206" y="12">Im λ</text></svg>'
    )


def composition(blocks: Sequence[Sequence[Sequence[float]]]) -> str:
    """The blocks side by side: blue is above 0, orange below, and the largest modulus has the full colour."""
    entries = [
        (place, row, column, float(value))
        for place, block in enumerate(blocks)
        for row, line in enumerate(block)
        for column, value in enumerate(line)
    ]
    top = max((abs(value) for *_, value in entries), default=0.0)
    if not top or len(entries) > MOST_CELLS:
        return ""
    kappa = len(blocks[0])
    step = kappa + 1
    cells = "".join(
        f'<rect class="{"above" if value > 0 else "below"}" x="{place * step + column}" y="{row}" width="1" height="1" '
        f'fill-opacity="{abs(value) / top:.3f}"/>'
        for place, row, column, value in entries
        if abs(value) >= 0.002 * top  # paler ones cannot be seen
    )
    frames = "".join(
        f'<rect class="frame" x="{place * step}" y="0" width="{kappa}" height="{kappa}"/>'
        for place in range(len(blocks))
    )
    label = f"Entries of C_1 to C_{len(blocks)}, {kappa} x {kappa} each, the largest of modulus {top:.3g}"
    return (
        f'<svg class="heat" viewBox="-.2 -.2 {len(blocks) * step - 0.6:g} {kappa + 0.4:g}" role="img" '
        f'aria-label="{escape(label, quote=True)}">{cells}{frames}</svg>'
    )


def survival(entries: Sequence[Mapping[str, Any]]) -> str:
    """Which share of the patterns of an analysis is proved kept for ever, right so far, open and lost, step by step."""
    answers = [Answer.from_json(dict(entry)) for entry in entries]
    first = len(answers[0].input) + 1
    last = max((answer.steps + (answer.period or 0) for answer in answers if answer.steps is not None), default=first)
    steps = np.unique(np.geomspace(first, max(1.5 * last, first + 1), GRID).round())
    edges = np.vstack([np.zeros(len(steps)), shares(answers, steps).cumsum(axis=0)])
    x = 400 * np.log(steps / first) / np.log(steps[-1] / first)
    bands = "".join(
        f'<path class="{name}" d="{_band(x, 140 * (1 - low), 140 * (1 - high))}"/>'
        for name, low, high in zip(("forever", "so-far", "open", "lost"), edges[:-1], edges[1:], strict=True)
    )
    ticks = "".join(
        f'<text x="{min(max(400 * np.log(t / first) / np.log(steps[-1] / first), 8), 392):.0f}" y="156" '
        f'text-anchor="middle">{t:.0f}</text>'
        for t in (first, *(10.0**k for k in range(1, 7) if 1.3 * first < 10**k < steps[-1]))
    )
    kept = sum(answer.holds == "forever" for answer in answers)
    label = f"{kept} of {len(answers)} patterns are kept for ever, from step {first} on, logarithmically"
    return (
        f'<svg class="survival" viewBox="0 0 400 160" role="img" aria-label="{escape(label, quote=True)}">'
        f"{bands}{ticks}</svg>"
    )


def _band(x: Any, low: Any, high: Any) -> str:
    """The outline of a band between two curves."""
    there = "L".join(f"{a:.1f} {b:.1f}" for a, b in zip(x, low, strict=True))
    back = "L".join(f"{a:.1f} {b:.1f}" for a, b in zip(x[::-1], high[::-1], strict=True))
    return f"M{there}L{back}Z"
