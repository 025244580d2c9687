"""The LaTeX report: balanced, plain ASCII, no control sequence but its own; compiled where pdflatex is installed."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from emtheory.report import latex
from emtheory.report.model import document


@pytest.fixture(scope="module")
def text(findings, files, analysis):
    return latex.render(document(findings, files, analyses=[analysis]))


@pytest.fixture(scope="module")
def hostile_text(hostile, analysis):
    return latex.render(document(*hostile, analyses=[analysis]))


def body(text: str) -> str:
    return text[text.index(r"\begin{document}") :]


def commands(text: str) -> set[str]:
    return set(re.findall(r"\\([A-Za-z]+)", body(text).replace(r"\textbackslash{}", "")))


def balanced(text: str) -> None:
    """Braces, environments, dollars."""
    bare = re.sub(r"\\[\\{}$]", "", re.sub(r"(?<!\\)%.*", "", body(text)))
    depth = 0
    for character in bare:
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0
    assert bare.count("$") % 2 == 0
    opened: list[str] = []
    for kind, name in re.findall(r"\\(begin|end)\{(\w+\*?)\}", bare):
        if kind == "begin":
            opened.append(name)
        else:
            assert opened.pop() == name
    assert opened == []


def test_it_is_balanced_and_ascii(text, hostile_text):
    for made in (text, hostile_text):
        balanced(made)
        assert made.isascii()


def test_hostile_text_brings_no_command(text, hostile_text):
    assert commands(hostile_text) - commands(text) <= {"textasciicircum", "textasciigrave", "textless", "textgreater",
        "textbar", "texttt", "alarm", "sim", "backslash", "text", "textasciitilde"}  # fmt: skip
    for evil in ("input", "write", "catcode", "undefined", "evil"):
        assert evil not in commands(hostile_text)
    assert hostile_text.count(r"\end{document}") == 1
    assert r"\textbackslash{}input" in hostile_text


def test_greek_letters_of_sentences_are_mathematics(text):
    assert r"$C_{j}\,C_{k} = 0$" in text
    assert r"\kappa" in text


def test_no_list_is_empty(text, hostile_text):
    for made in (text, hostile_text):
        assert not re.search(r"\\begin\{(itemize|enumerate|description)\}\s*\\end", made)


@pytest.mark.parametrize("character", ["Ξ", "ᵀ", "₂", "中", "é", "'", "`", '"', "\t", "\x07", "≤", "𝔸", "½", "\u0303"])
def test_every_character_is_ascii_or_latin(character):
    assert all(ord(c) < 256 for c in latex.escaped(character))
    assert all(c.isprintable() for c in latex.escaped(character))


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="no pdflatex is installed")
def test_pdflatex_compiles_it(text, hostile_text, tmp_path):
    for name, made in (("good", text), ("hostile", hostile_text)):
        (tmp_path / f"{name}.tex").write_text(made, encoding="utf-8")
        run = subprocess.run(
            ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", f"{name}.tex"],
            cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        assert run.returncode == 0, run.stdout[-2000:]
