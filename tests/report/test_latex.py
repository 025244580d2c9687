"""The LaTeX report: balanced, plain ASCII, no control sequence but its own; compiled where pdflatex is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from emtheory.report.pages import latex
from emtheory.report.pages.document import document


@pytest.fixture(scope="module")
def text(findings, files, analysis):
    return latex.render(document(findings, files, analyses=[analysis]))


@pytest.fixture(scope="module")
def hostile_text(hostile, analysis):
    return latex.render(document(*hostile, analyses=[analysis]))


@pytest.fixture(scope="module")
def analyses(analysis):
    """Analyses with and without findings and remembered patterns, every text of them hostile."""
    evil = r"\input{x} $^_& <script> -- \end{document} `javascript:alert(1)`"
    found = {"claim": evil, "kind": "observed", "outcome": "proved", "scope": evil, "evidence": {}, "replay": evil}
    memory = [{"holds": "forever"}, {"holds": "until"}, {"holds": "undecided"}]
    network = dict(analysis["network"], name=evil, activation=evil, precision=evil)
    return [
        analysis,
        dict(analysis, network=network, findings=[found]),
        dict(analysis, network=network, memory=memory),
        dict(analysis, memory=memory, findings=[found, found]),
    ]


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
        "textbar", "textquotesingle", "texttt", "alarm", "sim", "backslash", "text", "textasciitilde"}  # fmt: skip
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


def pdf(made: str, folder: Path, name: str) -> Path:
    (folder / f"{name}.tex").write_text(made, encoding="utf-8")
    run = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", f"{name}.tex"],
        cwd=folder, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-2000:]
    return folder / f"{name}.pdf"


def test_text_stands_in_lists_behind_an_item(findings, files, analyses):
    made = latex.render(document(findings, files, analyses=analyses))
    balanced(made)
    for inside in re.findall(r"\\begin\{(?:itemize|enumerate)\}(.*?)\\end", made, flags=re.DOTALL):
        assert inside.lstrip().startswith(r"\item")


def test_code_has_no_ligatures():
    assert latex.typewriter("a --b ,,c ''d") == (r"\code{a -{}-{}b ,{},{}c \textquotesingle{}\textquotesingle{}d}")
    assert r"\allowbreak" not in latex.typewriter("emtheory verify memory-basis::search --seed 0 --examples 1000")


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="no pdflatex is installed")
def test_pdflatex_compiles_it(text, hostile_text, findings, files, analyses, tmp_path):
    both = latex.render(document(findings, files, analyses=analyses))
    for name, made in (("good", text), ("hostile", hostile_text), ("analyses", both)):
        pdf(made, tmp_path, name)


@pytest.mark.skipif(
    not (shutil.which("pdflatex") and shutil.which("pdftotext")), reason="pdflatex or pdftotext is not installed"
)
def test_a_command_copied_out_of_the_pdf_is_the_command(text, findings, files, hostile, tmp_path):
    shown = copied(pdf(text, tmp_path, "good"))
    for theorem in document(findings, files).theorems:
        assert theorem.replays[0] in shown
        assert " --seed 0 --examples 3" in theorem.replays[0]
    made = document(*hostile)
    shown = copied(pdf(latex.render(made), tmp_path, "hostile"))
    assert "".join(made.theorems[0].replays[0].split()) in "".join(shown.split())


def copied(path: Path) -> str:
    run = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True, timeout=60)
    return " ".join(run.stdout.split())
