"""The report as LaTeX for plain pdflatex: amsmath and amsthm, no other package that a small installation lacks.

Every character of a sentence is mapped or escaped, so that a name with a control sequence in it is printed, not run.

>>> escaped("50% of Ξ_k \\\\input{x}")
'50\\\\% of $\\\\Xi$\\\\_k \\\\textbackslash{}input\\\\{x\\\\}'
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

from emtheory.report.pages.document import Document
from emtheory.report.sentences import words
from emtheory.report.sentences.mathematics import GREEK, SYMBOLS, math_latex
from emtheory.report.sentences.stretches import paragraphs, runs

__all__ = ["escaped", "prose", "render", "typewriter"]

SPECIAL = {character: f"\\{character}" for character in "#$%&_{}"} | dict(
    pair.split(" ")
    for pair in (
        *("\\ \\textbackslash{}", r"^ \textasciicircum{}", r"~ \textasciitilde{}", r"… \ldots{}", r"< \textless{}"),
        *(r"> \textgreater{}", r"| \textbar{}", r"` \textasciigrave{}", r'" \textquotedbl{}'),
        *("– --", "— ---", "“ ``", "” ''", "’ '"),
    )
)
TYPED = {"-": "-{}", "'": r"\textquotesingle{}", ",": ",{}"}
"""Signs that make ligatures, --, '' and ,, in a font of code too."""
LONGEST = 48
LATIN = {chr(code) for code in range(0xC0, 0x100)} - {"×", "÷"}  # inputenc knows these


@lru_cache(maxsize=8192)
def escaped(text: str) -> str:
    """Text that LaTeX prints as it is; a letter that pdflatex has no glyph for becomes its code point."""
    return "".join(_character(character) for character in unicodedata.normalize("NFC", text))


def _character(character: str) -> str:
    if character in SPECIAL:
        return SPECIAL[character]
    if (character.isascii() and character.isprintable()) or character in LATIN:
        return character
    if character.isspace():
        return " "
    if character in GREEK or character in SYMBOLS or unicodedata.normalize("NFKD", character) != character:
        return f"${math_latex(character)}$"
    mapped = math_latex(character)
    return f"${mapped}$" if not mapped.startswith(r"\text") else rf"\texttt{{U+{ord(character):04X}}}"


@lru_cache(maxsize=8192)
def prose(text: str) -> str:
    """A sentence with its formulas."""
    pieces = []
    for run in runs(text):
        if run.kind == "math":
            pieces.append(f"${math_latex(run.text)}$")
        elif run.kind == "code":
            pieces.append(typewriter(run.text))
        else:
            pieces.append(rf"\emph{{{escaped(run.text)}}}" if run.kind == "em" else escaped(run.text))
    return "".join(pieces)


def typewriter(text: str) -> str:
    """Code, such that a command copied out of the PDF is the command: no ligature, and no break but between words.

    Words longer than `LONGEST`, of cases and digests, may break behind a sign, or where they have none.
    """
    words = re.findall(r"\S+\s*|\s+", text)
    parts = [re.findall(r"\w{1,16}\W*|\W+", word) if len(word) > LONGEST else [word] for word in words]
    pieces = [r"\allowbreak{}".join(map(_typed, part)) for part in parts]
    return rf"\code{{{''.join(pieces)}}}"


def _typed(text: str) -> str:
    return "".join(TYPED.get(character) or escaped(character) for character in unicodedata.normalize("NFC", text))


def render(document: Document) -> str:
    """The LaTeX of the document, a complete file."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("emtheory.report.pages"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
        finalize=_filtered,
    )
    environment.filters.update(tex=_raw(escaped), prose=_raw(prose), code=_raw(typewriter), formula=_raw(_formula))
    environment.filters.update(raw=_raw(str), inline=_raw(_inline), label=_raw(_label), figure=_raw(_figure))
    outcome, sentence = words.headline(document)
    return environment.get_template("report.tex").render(
        document=document,
        outcome=outcome,
        headline=sentence,
        summary=words.summary(document),
        words=words,
        paragraphs=paragraphs,
        known={part.name for part in document.parts},
    )


class _Raw(str):
    """Text that is LaTeX already."""


def _raw(function: Any) -> Any:
    return lambda value: _Raw(function(value))


def _filtered(value: Any) -> Any:
    """Whatever a template prints without a filter is text, so that nothing can be forgotten."""
    return value if isinstance(value, _Raw) else escaped(str(value))


def _formula(formula: Any) -> str:
    conditions = rf"\qquad\text{{for }} {formula.conditions}" if formula.conditions else ""
    return f"\\shown{{{formula.latex}{conditions}}}"


def _inline(formula: Any) -> str:
    if isinstance(formula, str):
        return f"${formula}$"
    return f"${formula.latex}$" + (f" for ${formula.conditions}$" if formula.conditions else "")


def _label(name: str) -> str:
    return "".join(c if c.isascii() and (c.isalnum() or c == "-") else f":{ord(c):x}:" for c in name)


def _figure(value: Any) -> str:
    return escaped(f"{value:.3g}" if isinstance(value, float) else str(value))
