"""Sentences of theorem files: which stretches of a sentence are mathematics, code or emphasis.

Docstrings write formulas as a keyboard does: `Psi_k = W^(s-k) U`, `Σ_k x^(k-1) C_k`, `‖Ξᵀ‖ ≤ 1`. `runs(text)` finds
them; `mathematics.math_latex` writes one as LaTeX.

>>> [run.text for run in runs("It holds for k ≥ 2 alone.")]
['It holds for ', 'k ≥ 2', ' alone.']
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from emtheory.report.sentences.mathematics import (
    ACCENTS,
    FUNCTIONS,
    GREEK,
    LOWERED,
    NAMES,
    OPERATORS,
    RAISED,
    SYMBOLS,
)

__all__ = ["Run", "paragraphs", "runs"]

MARKED = re.compile(r"`([^`\n]+)`|(?<![\w*)])\*(\w(?:[\w ,-]*\w)?)\*(?![\w*])")
TOTAL = re.compile(r"Σ\[(\w+)=([^\]]+?)\.\.([^\]]+)\]")  # as terms print themselves
CHUNK = re.compile(r"(\s*)(\S+)")
RELATION = re.compile(r"[=<>≤≥≠→↦∈∘⊗⊕⪰+\-/±∓]+")
CALL = re.compile(r"(?:[A-Za-z]|det|tanh|log|diag|rank|ker|min|max|sinh|cosh)['*]*\(.+")
SHORT = re.compile(r"[A-Za-z]['*]*")
UNICODE = set(GREEK) | (set(SYMBOLS) - set("{}%&$#\\~|…×−→")) | set(RAISED) | set(LOWERED) | set(ACCENTS) | {"√"}
KNOWN = re.compile(rf"\b(?:{'|'.join([*NAMES, 'Dual'])})(?![A-Za-z])")
TRAILING = {"…", "a", "sign", "rank", "span", "mod"}


@dataclass(frozen=True)
class Run:
    """A stretch of a sentence; `kind` is "text", "math", "code" or "em"."""

    kind: str
    text: str


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a docstring; "Idea: …" and its like begin one."""
    marked = re.sub(r"\n(?=(?:Idea|Right|Printed|Exactly): )", "\n\n", text.strip())
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", marked) if part.strip()]


@lru_cache(maxsize=4096)
def runs(text: str) -> tuple[Run, ...]:
    """The stretches of a sentence, in order; their texts joined are the sentence, without the marks of code and em."""
    found: list[Run] = []
    place = 0
    for match in MARKED.finditer(text):
        found += _plain(text[place : match.start()])
        found.append(Run("code", match[1]) if match[1] else Run("em", match[2]))
        place = match.end()
    return tuple(_merged([*found, *_plain(text[place:])]))


def _merged(found: list[Run]) -> Iterator[Run]:
    kept: list[Run] = []
    for run in found:
        if kept and run.kind == kept[-1].kind == "text":
            kept[-1] = Run("text", kept[-1].text + run.text)
        elif run.text:
            kept.append(run)
    yield from kept


def _plain(text: str) -> Iterator[Run]:
    """Text and mathematics in a sentence without marks."""
    text = re.sub(r"(?<=\b[A-Za-z0-9]) x (?=[A-Za-z0-9]\b)|(?<=\d) x (?=\d)", " × ", text)
    text = TOTAL.sub(r"Σ_(\1=\2)^(\3)", text)
    span: list[str] = []
    start = True  # of a sentence, where A is an article
    for space, chunk in CHUNK.findall(text):
        mathematical = _mathematical(chunk) and not (start and chunk == "A")
        start = chunk[-1] in ".:;?!"
        if span and not mathematical:
            yield from _span(span)
            span = []
        if not mathematical:
            yield Run("text", space + chunk)
            continue
        span += [space, chunk]
        if chunk[-1] in ".;:" or (chunk[-1] == "," and _balanced("".join(span))):
            yield from _span(span)
            span = []
    yield from _span(span)
    yield Run("text", text[len(text.rstrip()) :])


def _balanced(text: str) -> bool:
    return all(text.count(opening) <= text.count(closing) for opening, closing in ("()", "[]", "{}"))


def _mathematical(chunk: str) -> bool:
    """Whether the chunk may belong to a formula."""
    bare = chunk.strip("()[]{}.,;:?!|")
    if not bare:
        return set(chunk) <= set("()[]{}|")
    if bare in {*NAMES, *FUNCTIONS, *OPERATORS, "Dual", "…", "×", "d/dt", "dE/dt"} or RELATION.fullmatch(bare):
        return True
    if SHORT.fullmatch(bare) or re.fullmatch(r"\d+(\.\d+)?|\d[a-z]", bare):
        return True
    if re.search(
        r"[A-Za-z]{2,}-[A-Za-z]|[a-z]{2,}_[A-Za-z]|[A-Za-z]-[A-Za-z]{2,}|://|\.[A-Za-z]", KNOWN.sub("Φ", bare)
    ):
        return False
    free = re.sub(r"_[A-Za-z]+", "_", bare)  # without indices such as that of E_min
    known = {*NAMES, *FUNCTIONS, *OPERATORS, "Dual"}
    if any(word not in known for word in re.findall(r"[A-Za-z]{3,}", free)):
        return False
    if set(unicodedata.normalize("NFD", bare)) & UNICODE or re.search(r"_[\w({]|\^|=", bare) or CALL.fullmatch(bare):
        return True
    if re.fullmatch(r"[A-Z]{2}|[A-Z]'[A-Z]'", bare):
        return True
    return bool(re.fullmatch(r"[\w()'*]+([-+/|][\w()'*]+)+", bare)) and not re.search(r"[A-Za-z]{2}", bare)


def _span(span: list[str]) -> Iterator[Run]:
    """A stretch of chunks that may be mathematics, without what belongs to the sentence at its ends."""
    pieces = list(span)
    before = pieces.pop(0) if pieces else ""
    while (
        pieces
        and pieces[0] in ("a", "…", "-")
        and not (len(pieces) > 2 and pieces[0] != "…" and (pieces[0] == "-" or RELATION.fullmatch(pieces[2])))
    ):
        before += "".join(pieces[:2])
        pieces = pieces[2:]
    after = ""
    while pieces and (RELATION.fullmatch(pieces[-1]) or pieces[-1] in TRAILING) and not _operand(pieces):
        after = "".join(pieces[-2:]) + after if len(pieces) > 1 else pieces[-1] + after
        pieces = pieces[:-2]
    formula = "".join(pieces)
    lead, formula, tail = _trimmed(formula)
    yield Run("text", before + lead)
    lone = re.fullmatch(r"[\d.,\s]*", formula) or formula in (*FUNCTIONS, *OPERATORS, "a", "|", "×", "…")
    yield Run("text" if lone else "math", formula)
    yield Run("text", tail + after)


def _operand(pieces: list[str]) -> bool:
    """Whether the last piece, a letter, is what an operator acts on."""
    return pieces[-1] in TRAILING and len(pieces) > 2 and bool(RELATION.fullmatch(pieces[-3]))


def _trimmed(formula: str) -> tuple[str, str, str]:
    """The formula without punctuation and unmatched brackets at its ends, and these."""
    lead = tail = ""
    changed = True
    while changed and formula:
        changed = False
        for opening, closing in ("()", "[]"):
            surplus = formula.count(opening) - formula.count(closing)
            if surplus > 0 and formula[0] == opening:
                lead, formula, changed = lead + opening, formula[1:], True
            elif surplus < 0 and formula[-1] == closing:
                tail, formula, changed = closing + tail, formula[:-1], True
        if formula and formula[-1] in ".,;:?!":
            tail, formula, changed = formula[-1] + tail, formula[:-1], True
    return lead, formula, tail
