"""The report as Markdown that GitHub renders.

Inline formulas are written as $`…`$, which GitHub sets as mathematics and whose backslashes and underscores it leaves
alone; in plain $…$ it takes away the backslash of `\\,` and `\\{` before the formula is set.

Texts of theorem files, analyses and tasks bring no markup: in sentences, code and formulas alike no tag, link, cell or
fence of their own is left, whatever the renderer. Code that could bring one is written as HTML, its signs as numbers.

>>> escaped("a*b <script> [x](y)")
'a\\\\*b &lt;script&gt; \\\\[x\\\\](y)'
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from emtheory.report.pages.document import Document
from emtheory.report.sentences import words
from emtheory.report.sentences.mathematics import math_latex
from emtheory.report.sentences.stretches import paragraphs, runs

__all__ = ["code", "escaped", "prose", "render"]

SCHEME = re.compile(r"((?:java|vb)script|data):", re.IGNORECASE)
"""Addresses that run something."""
BEGINS = {"-": r"\-", "+": r"\+", "=": r"\="}
"""What begins a list or underlines a heading."""
SIGNS = {"<": r"\lt ", ">": r"\gt ", "|": r"\vert ", "`": r"\backprime "}


def escaped(text: str) -> str:
    """Text that Markdown shows as it is, on one line."""
    flat = " ".join(text.split()) if text.strip() else ""
    kept = text[: len(text) - len(text.lstrip())][:1], text[len(text.rstrip()) :][:1] if text.strip() else ""
    marked = re.sub(r"([\\`*_\[\]|~$#!])", r"\\\1", _printable(flat))
    marked = marked.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    marked = SCHEME.sub(r"\1&#58;", marked)
    marked = re.sub(r"^([-+=]|\d+(?=[.)]))", lambda begin: BEGINS.get(begin[1], begin[1] + "\\"), marked)
    return f"{' ' if kept[0].isspace() else ''}{marked}{' ' if kept[1].isspace() else ''}"


def code(text: str) -> str:
    """A stretch of code: in backticks, or where these do not hold it everywhere, as HTML with its signs as numbers."""
    flat = _printable(" ".join(str(text).split()))
    if not re.search(r"[<>&|`]", flat) and not SCHEME.search(flat):
        return f"`{flat}`" if flat else ""
    signs = (c if c.isalnum() or c.isspace() else f"&#{ord(c)};" for c in flat)
    return f"<code>{''.join(signs)}</code>"


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
    return f"$`{_safe(latex)}`$"


def _safe(latex: str) -> str:
    """The formula without the signs that Markdown and HTML could take for theirs."""
    flat = " ".join(latex.split())
    return re.sub(r"(?<!\\)[<>|`]", lambda sign: SIGNS[sign[0]], flat)


def _printable(text: str) -> str:
    """Without characters that steer a terminal or the direction of writing."""
    return "".join(c if c.isprintable() or c == " " else "\N{REPLACEMENT CHARACTER}" for c in text)


def render(document: Document) -> str:
    """The Markdown of the document."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("emtheory.report.pages"),
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
    return f"```math\n   {_safe(formula.latex + conditions)}\n   ```"


def _inline(formula: Any) -> str:
    if isinstance(formula, str):
        return _math(formula)
    return _math(formula.latex) + (f" for {_math(formula.conditions)}" if formula.conditions else "")


def _anchor(name: str) -> str:
    """The id that GitHub gives to a heading."""
    return re.sub(r"[^\w\- ]", "", name.lower()).replace(" ", "-")


def _figure(value: Any) -> str:
    return escaped(f"{value:.3g}" if isinstance(value, float) else str(value))
