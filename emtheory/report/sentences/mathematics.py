"""Formulas as people type them, as LaTeX: `math_latex("Psi_k = W^(s-k) U")`.

Every character of the input is mapped or escaped, so that no text can bring a command of its own.

>>> math_latex("W^(s-k) U = Psi_k")
'W^{s-k}\\\\,U = \\\\Psi_{k}'
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["ACCENTS", "FUNCTIONS", "GREEK", "LOWERED", "NAMES", "OPERATORS", "RAISED", "SYMBOLS", "math_latex"]

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
        return _word(token, spaced) if len(token) > 1 and token.isalpha() else [_character(token, spaced)]

    def radicand(self) -> str:
        token = self.take()
        if token == "(":
            return _joined(self.sequence(")"))
        found = self.nucleus(token, False) if token and not token.isspace() else []
        while found and self.peek() and self.peek() in "_^" and self.attached(self.take(), found):
            pass
        return _joined(found)


def _character(token: str, spaced: bool) -> _Nucleus:
    """A letter, a number or a symbol."""
    if token in GREEK and token not in SYMBOLS:
        return _Nucleus(_greek(GREEK[token]), spaced=spaced)
    if token in SYMBOLS:
        return _Nucleus(SYMBOLS[token], spaced=spaced, operator=SYMBOLS[token] in BINARY)
    if token in RAISED or token in LOWERED:
        return _Nucleus("{}", sup=RAISED.get(token, ""), sub=LOWERED.get(token, ""), spaced=spaced)
    if token in ("^", "_"):
        return _Nucleus(r"\text{\textasciicircum}" if token == "^" else r"\_", spaced=spaced)
    if token.isascii() and (token.isalnum() or token.isprintable() or token.replace(".", "").isdigit()):
        return _Nucleus(token, spaced=spaced, operator=token in BINARY)
    return _Nucleus(rf"\text{{U+{ord(token[0]):04X}}}", spaced=spaced)


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
