"""The Markdown report: formulas in the form that GitHub sets, every text escaped, lists and tables whole."""

from __future__ import annotations

import re

import pytest

from emtheory.report import markdown
from emtheory.report.formulas import mathml
from emtheory.report.model import document


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
    assert not re.search(r"<\w", shown)
    assert not re.search(r"(?<!\\)\]\((?!#)", shown)
    assert "&lt;script&gt;" in shown


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
    ("text", "code"), [("a", "`a`"), ("a`b", "``a`b``"), ("`", "`` ` ``"), ("", ""), ("a\nb", "`a b`")]
)
def test_code_holds_backticks(text, code):
    assert markdown.code(text) == code


def test_spaces_around_formulas_stay():
    assert markdown.prose("for k ≥ 2 alone") == r"for $`k \ge 2`$ alone"
