"""Sentences of theorem files: which stretches of a sentence are mathematics, and these as LaTeX.

Docstrings write formulas as a keyboard does: `Psi_k = W^(s-k) U`, `Σ_k x^(k-1) C_k`, `‖Ξᵀ‖ ≤ 1`. `runs(text)` splits a
sentence into text, mathematics, code and emphasis, `math_latex(text)` writes a formula as LaTeX. Every character of the
input is mapped or escaped, so that no text can bring a command of its own.

>>> math_latex("W^(s-k) U = Psi_k")
'W^{s-k}\\\\,U = \\\\Psi_{k}'
>>> [run.text for run in runs("It holds for k ≥ 2 alone.")]
['It holds for ', 'k ≥ 2', ' alone.']
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["FUNCTIONS", "GREEK", "SYMBOLS", "Run", "math_latex", "paragraphs", "runs"]

NAMES = [
    *("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu"),
    *("xi", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega"),
    *("Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega"),
]
GREEK = {
    unicodedata.lookup(f"GREEK {('small', 'capital')[name[0].isupper()]} LETTER {name.replace('ambda', 'amda')}"): name
    for name in NAMES
}
"""Greek letters and their names, which are also their LaTeX commands."""

FUNCTIONS = {"det", "tanh", "sinh", "cosh", "log", "ker", "min", "max", "exp", "sin", "cos", "tan", "ln", "dim"}
"""Words that LaTeX has a command for."""
OPERATORS = {"rank", "diag", "sign", "artanh", "mod", "span", "sech"}
SYMBOLS = dict(
    pair.split(" ", 1)
    for pair in (
        *(r"≤ \le", r"≥ \ge", r"≠ \ne", r"→ \to", r"↦ \mapsto", r"∘ \circ", r"∈ \in", r"∞ \infty", r"± \pm", r"∓ \mp"),
        *(r"⊗ \otimes", r"⊕ \oplus", r"∩ \cap", r"∪ \cup", r"⌊ \lfloor", r"⌋ \rfloor", r"⌈ \lceil", r"⌉ \rceil"),
        *(
            r"⟨ \langle",
            r"⟩ \rangle",
            r"‖ \Vert",
            r"∇ \nabla",
            r"⪰ \succeq",
            r"½ \tfrac{1}{2}",
            r"… \ldots",
            r"· \cdot",
        ),
        *(r"× \times", r"⟹ \Rightarrow", r"⇒ \Rightarrow", r"⇔ \Leftrightarrow", r"∂ \partial", r"≈ \approx", "− -"),
        *(
            r"Σ \sum",
            r"Π \prod",
            r"∑ \sum",
            r"∏ \prod",
            r"ℝ \mathbb{R}",
            r"ℂ \mathbb{C}",
            r"ℕ \mathbb{N}",
            r"ℤ \mathbb{Z}",
        ),
        *(r"⊂ \subset", r"⊆ \subseteq", r"∀ \forall", r"⊥ \perp", r"∫ \int", r"≡ \equiv", r"∅ \emptyset", "∗ *"),
        *(r"↔ \leftrightarrow", r"{ \{", r"} \}", r"% \%", r"& \&", r"$ \$", r"# \#", r"\ \backslash", r"~ \sim"),
    )
)
"""Characters of formulas and their LaTeX."""
RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿᵏᵗˢ", "0123456789+-nkts", strict=True)) | {
    "ᵀ": r"\top ",
    "†": r"\dagger ",
    "°": r"\circ ",
}
LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋", "0123456789+-", strict=True))
CLOSING = {"(": ")", "[": "]", "{": "}"}
ACCENTS = {"\u0307": "dot", "\u0303": "tilde", "\u0302": "hat", "\u0304": "bar"}
TOKEN = re.compile(r"\s+|\d+(?:\.\d+)?|[A-Z]?[a-z]+|.", re.DOTALL)


@dataclass(frozen=True)
class Run:
    """A stretch of a sentence; `kind` is "text", "math", "code" or "em"."""

    kind: str
    text: str


@dataclass
class _Nucleus:
    """A symbol with what is attached to it."""

    base: str
    sub: str = ""
    sup: str = ""
    spaced: bool = False  # a space stood before it
    operator: bool = False

    def __str__(self) -> str:
        sub = f"_{{{self.sub.strip()}}}" if self.sub else ""
        sup = f"^{{{self.sup.strip()}}}" if self.sup else ""
        return f"{self.base}{sub}{sup}"


@lru_cache(maxsize=4096)
def math_latex(text: str) -> str:
    """A formula as people type it, as LaTeX."""
    tokens = TOKEN.findall(unicodedata.normalize("NFD", text).replace("\u0338", ""))
    return _joined(_Reader(tokens).sequence(""))


def _joined(nuclei: list[_Nucleus]) -> str:
    written = ""
    for nucleus in nuclei:
        piece, last = str(nucleus), written[-1:]
        if nucleus.spaced and written:
            tight = nucleus.operator or last in "=+-<>,(|[ " or written.endswith(tuple(OPENING))
            written += " " if tight else r"\,"
        elif re.search(r"\\[A-Za-z]+$", written) and piece[:1].isalpha():
            written += " "
        written += piece
    return written


OPENING = (r"\le", r"\ge", r"\ne", r"\to", r"\mapsto", r"\circ", r"\in", r"\pm", r"\mp", r"\otimes", r"\oplus", r"\{")
BINARY = {*"=+-<>,/:;)]", *OPENING, r"\rfloor", r"\rceil", r"\cap", r"\cup", r"\succeq", r"\approx", r"\ldots", r"\}"}


class _Reader:
    """Reads tokens into nuclei, scripts and groups."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens, self.place = tokens, 0

    def peek(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self) -> str:
        token = self.peek()
        self.place += 1
        return token

    def sequence(self, closing: str) -> list[_Nucleus]:
        found: list[_Nucleus] = []
        spaced = False
        while (token := self.peek()) and token != closing:
            self.take()
            if token.isspace():
                spaced = True
                continue
            if token in CLOSING and token != closing:
                inner = self.sequence(CLOSING[token])
                found += [_Nucleus(SYMBOLS.get(token, token), spaced=spaced), *inner]
                if self.tokens[self.place - 1 : self.place] == [CLOSING[token]]:
                    found.append(_Nucleus(SYMBOLS.get(CLOSING[token], CLOSING[token]), operator=True))
            elif not (found and not spaced and self.attached(token, found)):
                found += self.nucleus(token, spaced)
            spaced = False
        self.take()
        return found

    def attached(self, token: str, found: list[_Nucleus]) -> bool:
        """Whether the token belongs to the nucleus before it: a script, an accent, a prime."""
        last = found[-1]
        if token == "_":
            last.sub += self.script()
        elif token == "^":
            if self.peek() in ("", ")", ",", "]", "=") or self.peek().isspace():
                last.base = rf"\hat{{{last.base}}}"
            else:
                if last.sup:  # A'^t is (A')^t
                    found[-1] = last = _Nucleus(f"{{{last}}}", spaced=last.spaced)
                last.sup += self.script()
        elif token in ACCENTS:
            last.base = rf"\{ACCENTS[token]}{{{last.base}}}"
        elif token in RAISED:
            last.sup += RAISED[token]
        elif token in LOWERED:
            last.sub += LOWERED[token]
        elif token == "'":
            last.sup += r"\prime "
        elif token == "*" and not last.operator:
            last.sup += "*"
        else:
            return False
        return True

    def script(self) -> str:
        """What is raised or lowered: a group, or one word, number or letter, with a sign."""
        token = self.take()
        if token in ("(", "{"):
            return _joined(self.sequence(")" if token == "(" else "}"))
        sign = ""
        if token in ("-", "+"):
            sign, token = token, self.take()
        nuclei = self.nucleus(token, False) if token and not token.isspace() else []
        return sign + _joined(nuclei)

    def nucleus(self, token: str, spaced: bool) -> list[_Nucleus]:
        if token == "√":
            return [_Nucleus(rf"\sqrt{{{self.radicand()}}}", spaced=spaced)]
        if len(token) > 1 and token.isalpha():
            return _word(token, spaced)
        if token in GREEK and token not in SYMBOLS:
            return [_Nucleus(_greek(GREEK[token]), spaced=spaced)]
        if token in SYMBOLS:
            symbol = SYMBOLS[token]
            return [_Nucleus(symbol, spaced=spaced, operator=symbol in BINARY)]
        if token in RAISED or token in LOWERED:
            return [_Nucleus("{}", sup=RAISED.get(token, ""), sub=LOWERED.get(token, ""), spaced=spaced)]
        if token == "^" or token == "_":
            return [_Nucleus(r"\text{\textasciicircum}" if token == "^" else r"\_", spaced=spaced)]
        if token.isascii() and (token.isalnum() or token.isprintable() or token.replace(".", "").isdigit()):
            return [_Nucleus(token, spaced=spaced, operator=token in BINARY)]
        return [_Nucleus(rf"\text{{U+{ord(token[0]):04X}}}", spaced=spaced)]

    def radicand(self) -> str:
        token = self.take()
        if token == "(":
            return _joined(self.sequence(")"))
        found = self.nucleus(token, False) if token and not token.isspace() else []
        while found and self.peek() and self.peek() in "_^" and self.attached(self.take(), found):
            pass
        return _joined(found)


def _greek(name: str) -> str:
    return {"epsilon": r"\varepsilon", "phi": r"\varphi"}.get(name, f"\\{name}")


def _word(word: str, spaced: bool) -> list[_Nucleus]:
    if word in NAMES:
        return [_Nucleus(_greek(word), spaced=spaced)]
    if word in FUNCTIONS:
        return [_Nucleus(f"\\{word}", spaced=spaced)]
    if word == "mod":
        return [_Nucleus(r"\bmod", spaced=True, operator=True)]
    if len(word) <= 2 or word.isupper():
        return [_Nucleus(letter, spaced=spaced and i == 0) for i, letter in enumerate(word)]
    return [_Nucleus(rf"\mathrm{{{word}}}", spaced=spaced)]


# --- sentences --------------------------------------------------------------------------------------------------------

MARKED = re.compile(r"`([^`\n]+)`|(?<![\w*)])\*(\w(?:[\w ,-]*\w)?)\*(?![\w*])")
TOTAL = re.compile(r"Σ\[(\w+)=([^\]]+?)\.\.([^\]]+)\]")  # as terms print themselves
CHUNK = re.compile(r"(\s*)(\S+)")
RELATION = re.compile(r"[=<>≤≥≠→↦∈∘⊗⊕⪰+\-/±∓]+")
CALL = re.compile(r"(?:[A-Za-z]|det|tanh|log|diag|rank|ker|min|max|sinh|cosh)['*]*\(.+")
SHORT = re.compile(r"[A-Za-z]['*]*")
UNICODE = set(GREEK) | (set(SYMBOLS) - set("{}%&$#\\~|…×−→")) | set(RAISED) | set(LOWERED) | set(ACCENTS) | {"√"}


KNOWN = re.compile(rf"\b(?:{'|'.join([*NAMES, 'Dual'])})(?![A-Za-z])")
TRAILING = {"…", "a", "sign", "rank", "span", "mod"}


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
