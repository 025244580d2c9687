"""The Markdown report: formulas in the form that GitHub sets, every text escaped, lists and tables whole."""

from __future__ import annotations

import re

import pytest

from emtheory.report.pages import markdown
from emtheory.report.pages.document import document
from emtheory.report.pages.formulas import mathml


@pytest.fixture(scope="module")
def text(findings, files, analysis):
    return markdown.render(document(findings, files, analyses=[analysis]))


@pytest.fixture(scope="module")
def hostile_text(hostile, analysis):
    return markdown.render(document(*hostile, analyses=[analysis]))


def plain(text: str) -> str:
    """Without code and formulas."""
    text = re.sub(r"```math\n.*?```", "", text, flags=re.DOTALL)
    return re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", text)


def test_every_formula_is_read_by_a_converter(text):
    inline = re.findall(r"\$`([^`]*)`\$", text)
    shown = re.findall(r"```math\n\s*(.*?)\n\s*```", text)
    assert len(inline) > 100
    assert len(shown) > 20
    for formula in (*inline, *shown):
        assert "<code>" not in mathml(formula)


def test_hostile_text_is_escaped(hostile_text):
    shown = plain(hostile_text)
    assert set(re.findall(r"<(/?\w+)", hostile_text)) <= {"code", "/code"}
    assert not re.search(r"(?<!\\)\]\((?!#)", shown)
    assert "javascript:" not in hostile_text
    assert "&lt;script&gt;" in shown


@pytest.mark.parametrize(
    "evil",
    [
        "`<script>alert(1)</script>`",
        "`a | <img src=x onerror=alert(1)>`",
        "x_k = `y`<script>",
        "W`<b>`_k^2",
        "<b>_k = 1",
        "[a](JavaScript:alert(1))",
        "<javascript:alert(1)>",
        "a&#10;<b>",
        "``` <svg onload=x>",
    ],
)
def test_no_text_brings_a_tag_or_a_link_in_any_place(evil, analysis):
    for made in (markdown.prose(evil), markdown.escaped(evil), markdown.code(evil)):
        assert not re.search(r"<(?!/?code>)", made)
        assert "javascript:" not in made.lower()
        assert not re.search(r"(?<!\\)\|", made), "a table would be cut there"
    network = dict(analysis["network"], name=evil, activation=evil, precision=evil)
    finding = {
        "claim": evil,
        "kind": evil,
        "outcome": evil,
        "scope": evil,
        "evidence": {},
        "replay": evil,
        "seconds": 0,
    }
    text = markdown.render(document(_nothing(), {}, analyses=[dict(analysis, network=network, findings=[finding])]))
    assert set(re.findall(r"<(/?\w+)", text)) <= {"code", "/code"}
    assert "javascript:" not in text.lower()


def _nothing():
    return {
        "schema": "emtheory.findings/1",
        "environment": {"emtheory": "0", "examples": 1, "seed": "`|<script>`"},
        "summary": {"proved": 0, "refuted": 0, "undecided": 0, "seconds": 0.0, "interrupted": False},
        "theorems": [],
        "errata": [],
        "trusted_base": [],
        "errors": ["<script>alert(1)</script>"],
    }


@pytest.mark.parametrize("line", ["# x", "- x", "+ x", "1. x", "1) x", "===", "---", "> x", "    x", "~~~ x"])
def test_no_text_begins_a_block(line):
    assert re.match(r"\\|\d+\\|&gt;| x", markdown.escaped(line))


def test_tables_have_one_number_of_columns(text, hostile_text):
    for made in (text, hostile_text):
        for table in re.findall(r"(?:^\|.*\n)+", made, flags=re.MULTILINE):
            counts = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}
            assert len(counts) == 1, table


def test_links_lead_to_headings(text):
    headings = {re.sub(r"[^\w\- ]", "", line.lower()).replace(" ", "-")
                for line in re.findall(r"^#+ (.*)$", text, flags=re.MULTILINE)}  # fmt: skip
    assert set(re.findall(r"\]\(#(.*?)\)", text)) <= headings


@pytest.mark.parametrize(
    ("text", "code"),
    [("a", "`a`"), ("a`b", "<code>a&#96;b</code>"), ("a|b", "<code>a&#124;b</code>"), ("", ""), ("a\nb", "`a b`")],
)
def test_code_holds_backticks(text, code):
    assert markdown.code(text) == code


def test_spaces_around_formulas_stay():
    assert markdown.prose("for k ≥ 2 alone") == r"for $`k \ge 2`$ alone"
