"""The report as one HTML file: no script or style from elsewhere, no request, formulas as MathML, drawings as SVG."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from emtheory.report.figures import graph
from emtheory.report.pages.document import Document
from emtheory.report.pages.formulas import Formula, breakable, mathml
from emtheory.report.sentences import words
from emtheory.report.sentences.mathematics import math_latex
from emtheory.report.sentences.stretches import paragraphs, runs

__all__ = ["render"]


def render(document: Document) -> str:
    """The HTML of the document, a complete page."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("emtheory.report.pages"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(prose=_prose, formula=_formula, inline=_inline, anchor=_anchor, figure=_figure)
    outcome, sentence = words.headline(document)
    return environment.get_template("report.html").render(
        document=document,
        outcome=outcome,
        headline=sentence,
        summary=words.summary(document),
        words=words,
        paragraphs=paragraphs,
        graph=_markup(graph.dependencies(document.theorems)),
        circle=lambda spectrum: _markup(graph.circle(spectrum)),
        composition=lambda blocks: _markup(graph.composition(blocks)),
        survival=lambda answers: _markup(graph.survival(answers)),
        example=next((theorem.replays[-1] for theorem in document.theorems if theorem.replays), ""),
        known={part.name for part in document.parts},
        lemmas={lemma["name"] for lemma in document.trusted_base},
    )


def _markup(html: str) -> Any:
    from markupsafe import Markup

    return Markup(html)


@lru_cache(maxsize=8192)
def _prose(text: str) -> Any:
    """A sentence: its formulas as MathML, the rest escaped."""
    from markupsafe import escape

    pieces = []
    for run in runs(text):
        if run.kind == "math":
            pieces.append(breakable(math_latex(run.text)))
        elif run.kind == "text":
            joined = "\u2060" if pieces and run.text[0] in ".,;:)" else ""  # no line begins with a full stop
            pieces.append(joined + str(escape(run.text)))
        else:
            pieces.append(f"<{run.kind}>{escape(run.text)}</{run.kind}>")
    return _markup("".join(pieces))


def _formula(formula: Formula) -> Any:
    """A displayed formula with its conditions; what is too wide scrolls by itself, not with the page."""
    conditions = f'<span class="where">for {mathml(formula.conditions)}</span>' if formula.conditions else ""
    return _markup(f'<div class="formula">{mathml(formula.latex, display=True)}{conditions}</div>')


def _inline(formula: Formula | str) -> Any:
    if isinstance(formula, str):
        return _markup(breakable(formula))
    conditions = f" for {breakable(formula.conditions)}" if formula.conditions else ""
    return _markup(f"{breakable(formula.latex)}{conditions}")


def _anchor(name: str, kind: str) -> str:
    return graph.anchor(kind, name)


def _figure(value: Any) -> str:
    """A number for display, with three digits."""
    return f"{value:.3g}" if isinstance(value, float) else str(value)
