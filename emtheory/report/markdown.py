"""The report as Markdown that GitHub renders.

Inline formulas are written as $`…`$, which GitHub sets as mathematics and whose backslashes and underscores it leaves
alone; in plain $…$ it takes away the backslash of `\\,` and `\\{` before the formula is set.

>>> escaped("a*b <script> [x](y)")
'a\\\\*b &lt;script&gt; \\\\[x\\\\](y)'
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from emtheory.report import words
from emtheory.report.model import Document
from emtheory.report.prose import math_latex, paragraphs, runs

__all__ = ["code", "escaped", "prose", "render"]


def escaped(text: str) -> str:
    """Text that Markdown shows as it is, on one line."""
    flat = " ".join(text.split()) if text.strip() else ""
    kept = text[: len(text) - len(text.lstrip())][:1], text[len(text.rstrip()) :][:1] if text.strip() else ""
    marked = (
        re.sub(r"([\\`*_\[\]|~$#!])", r"\\\1", flat).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    )
    return f"{' ' if kept[0].isspace() else ''}{marked}{' ' if kept[1].isspace() else ''}"


def code(text: str) -> str:
    """A stretch of code, fenced by more backticks than it holds in a row."""
    flat = " ".join(str(text).split())
    fence = "`" * (max((len(run) for run in re.findall("`+", flat)), default=0) + 1)
    pad = " " if flat.startswith("`") or flat.endswith("`") else ""
    return f"{fence}{pad}{flat}{pad}{fence}" if flat else ""


@lru_cache(maxsize=8192)
def prose(text: str) -> str:
    """A sentence with its formulas."""
    pieces = []
    for run in runs(text):
        if run.kind == "math":
            pieces.append(_math(math_latex(run.text)))
        elif run.kind == "code":
            pieces.append(code(run.text))
        else:
            pieces.append(f"*{escaped(run.text)}*" if run.kind == "em" else escaped(run.text))
    return "".join(pieces)


def _math(latex: str) -> str:
    return f"$`{latex}`$"


def render(document: Document) -> str:
    """The Markdown of the document."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("emtheory.report"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_filtered,
    )
    environment.filters.update(prose=_raw(prose), code=_raw(code), formula=_raw(_formula), inline=_raw(_inline))
    environment.filters.update(raw=_raw(str), anchor=_raw(_anchor), figure=_raw(_figure))
    outcome, sentence = words.headline(document)
    text = environment.get_template("report.md").render(
        document=document,
        outcome=outcome,
        headline=sentence,
        summary=words.summary(document),
        words=words,
        paragraphs=paragraphs,
        known={part.name for part in document.parts},
    )
    return re.sub(r"\n{3,}", "\n\n", text)


class _Raw(str):
    """Text that is Markdown already."""


def _raw(function: Any) -> Any:
    return lambda value: _Raw(function(value))


def _filtered(value: Any) -> Any:
    """Whatever a template prints without a filter is text, so that nothing can be forgotten."""
    return value if isinstance(value, _Raw) else escaped(str(value))


def _formula(formula: Any) -> str:
    """A displayed formula; the blank lines keep it apart, the indentation is that of the list it stands in."""
    conditions = rf"\qquad\text{{for }} {formula.conditions}" if formula.conditions else ""
    return f"```math\n   {formula.latex}{conditions}\n   ```"


def _inline(formula: Any) -> str:
    if isinstance(formula, str):
        return _math(formula)
    return _math(formula.latex) + (f" for {_math(formula.conditions)}" if formula.conditions else "")


def _anchor(name: str) -> str:
    """The id that GitHub gives to a heading."""
    return re.sub(r"[^\w\- ]", "", name.lower()).replace(" ", "-")


def _figure(value: Any) -> str:
    return escaped(f"{value:.3g}" if isinstance(value, float) else str(value))
