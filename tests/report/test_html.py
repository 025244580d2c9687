"""The HTML report: one file that stands alone, the same bytes each time, with every text as text."""

from __future__ import annotations

import copy
import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from typer.testing import CliRunner

from emtheory.cli import app
from emtheory.report.figures.graph import anchor, layers
from emtheory.report.pages import html
from emtheory.report.pages.document import document
from emtheory.theorems import verify as verification
from emtheory.theorems.results import digest

VOID = {"meta", "input", "wbr", "br", "path", "rect", "circle"}


class Page(HTMLParser):
    """Tags, attributes and ids; fails where tags are not nested."""

    def __init__(self, text: str):
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag, self.getpos()


@pytest.fixture(scope="module")
def page(findings, files, analysis):
    return html.render(document(findings, files, analyses=[analysis]))


def test_the_page_is_well_formed_and_every_link_has_its_target(page):
    parsed = Page(page)
    ids = [attributes["id"] for _, attributes in parsed.tags if "id" in attributes]
    links = [attributes["href"] for tag, attributes in parsed.tags if tag == "a"]
    assert len(ids) == len(set(ids))
    assert {link.removeprefix("#") for link in links} <= set(ids)


def test_nothing_is_loaded_from_anywhere(page):
    for tag, attributes in Page(page).tags:
        assert tag not in ("link", "iframe", "object", "embed", "img", "base"), tag
        assert "src" not in attributes
        assert "style" not in attributes
        assert not any(name.startswith("on") for name in attributes)
    assert "@import" not in page
    assert "url(" not in page
    assert "default-src 'none'" in page


def test_headings_go_down_one_level_at_a_time(page):
    levels = [int(tag[1]) for tag, _ in Page(page).tags if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_same_findings_give_the_same_bytes(findings, files, page, analysis):
    assert html.render(document(copy.deepcopy(findings), dict(reversed(files.items())), analyses=[analysis])) == page


def test_hostile_text_appears_as_text(hostile, analysis):
    findings, files = hostile
    page = html.render(document(findings, files, analyses=[analysis]))
    tags = [tag for tag, _ in Page(page).tags]
    assert tags.count("script") == 1
    assert "img" not in tags
    assert "b" not in [tag for tag, attributes in Page(page).tags if attributes.get("onload")]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert ">49<" not in page
    alone = html.render(document(findings, {}))
    assert [tag for tag, _ in Page(alone).tags].count("script") == 1


@pytest.mark.parametrize("outcome", ["refuted", "undecided"])
def test_what_is_not_proved_is_marked_everywhere(findings, files, outcome):
    changed = copy.deepcopy(findings)
    own = next(entry for entry in changed["theorems"] if entry["name"] == "write-interference")
    own |= {"outcome": outcome, "reason": "a finding is not proved"}
    own["findings"][2] |= {"outcome": outcome, "evidence": {"reason": "the sides differ", "remainder": "Phi"}}
    page = html.render(document(changed, files))
    assert f'class="headline {outcome}"' in page
    assert f'<article id="t-write-interference" class="{outcome}"' in page
    assert f'id="s-write-interference.3" class="{outcome}"' in page
    assert "What is not proved" in page
    assert "remainder" in page
    assert "derived 21/22" in page


def test_proved_is_said_of_nothing_when_nothing_was_checked(files):
    empty = {"schema": "emtheory.findings/1", "theorems": [], "errata": [], "trusted_base": [], "errors": [],
             "environment": {"emtheory": "0", "seed": 0, "examples": 1},
             "summary": {"interrupted": False, "seconds": 0.0}}  # fmt: skip
    page = html.render(document(empty, files))
    assert 'class="headline undecided"' in page
    assert "No theorem was checked" in page


def test_layers_put_the_used_ones_first_and_leave_out_the_lonely():
    assert layers({"c": ["b"], "b": ["a"], "a": [], "alone": []}) == [["a"], ["b"], ["c"]]
    assert layers({"a": ["b"], "b": ["a"]})  # a circle does not hang
    assert layers({"a": ["missing"]}) == []


def test_anchors_are_plain_and_differ():
    assert anchor("t", "memory-basis") == "t-memory-basis"
    assert re.fullmatch(r"[\w-]+", anchor("t", '"<&é'))
    assert len({anchor("t", name) for name in ("a b", "a_b", "a.b", "a_20_b")}) == 4


def test_the_command_renders_what_was_found_without_verifying(tmp_path, findings, monkeypatch):
    monkeypatch.setattr(verification, "verify", None)  # to call it fails
    source = tmp_path / "run.json"
    source.write_text(json.dumps(findings))
    arguments = ["report", "--from", str(source), "-o", str(tmp_path / "a" / "b"), "--format", "html,tex,md"]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in (tmp_path / "a" / "b").iterdir()) == ["report.html", "report.md", "report.tex"]
    assert (tmp_path / "a" / "b" / "report.html").stat().st_size < 5_000_000


def test_the_command_verifies_own_theorems_and_keeps_the_findings(tmp_path):
    own = str(Path(__file__).parent.parent / "theorem_files" / "square-kept.py")
    result = CliRunner().invoke(app, ["report", own, "-o", str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert {path.name for path in tmp_path.iterdir()} == {"findings.json", "report.html", "report.md", "report.tex"}
    page = (tmp_path / "report.html").read_bytes()
    assert b"square-kept" in page
    again = ["report", own, "--from", str(tmp_path / "findings.json"), "-o", str(tmp_path / "again")]
    assert CliRunner().invoke(app, again).exit_code == 0
    assert (tmp_path / "again" / "report.html").read_bytes() == page


def test_a_report_that_cannot_be_finished_leaves_the_old_one(tmp_path, findings, monkeypatch):
    source, old = tmp_path / "run.json", tmp_path / "out" / "report.html"
    source.write_text(json.dumps(findings))
    old.parent.mkdir()
    old.write_text("whole")

    def full(path, content):
        with open(path, "wb") as file:
            file.write(content[:10])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    monkeypatch.setattr(Path, "write_text", lambda path, content, **_: full(path, content.encode()))
    result = CliRunner().invoke(app, ["report", "--from", str(source), "-o", str(old.parent)])
    assert "No space left on device" in str(result.exception)
    assert old.read_bytes() == b"whole"
    assert [path.name for path in old.parent.iterdir()] == ["report.html"]


HOSTILE_TEXT = "<script>alert(1)</script> [y](javascript:alert(3)) <img src=x onerror=alert(2)>"


def test_hostile_texts_of_analyses_and_tasks_are_text(findings, files, analysis):
    network = dict(analysis["network"], name=HOSTILE_TEXT, activation=HOSTILE_TEXT, precision=HOSTILE_TEXT)
    found = dict.fromkeys(("claim", "scope", "replay"), HOSTILE_TEXT)
    found |= {"kind": "observed", "outcome": "proved", "evidence": {}, "seconds": 0.0}
    page = html.render(document(findings, files, analyses=[dict(analysis, network=network, findings=[found])]))
    tags = Page(page).tags
    assert [tag for tag, _ in tags].count("script") == 1
    assert not any(tag == "img" for tag, _ in tags)
    assert not any("javascript" in (value or "") for _, attributes in tags for value in attributes.values())
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_the_exit_status_is_that_of_the_findings(tmp_path, findings):
    changed = copy.deepcopy(findings)
    changed["theorems"][0]["outcome"] = "undecided"
    changed["digest"] = digest(changed)
    source = tmp_path / "run.json"
    source.write_text(json.dumps(changed))
    assert CliRunner().invoke(app, ["report", "--from", str(source), "-o", str(tmp_path)]).exit_code == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--format", "docx"], "cannot be written as 'docx'; choose among html, tex, md"),
        (["--from", "missing.json"], "missing.json cannot be read"),
        (["--analysis", "missing.json"], "missing.json cannot be read"),
    ],
)
def test_wrong_use_is_one_sentence(arguments, message):
    result = CliRunner().invoke(app, ["report", *arguments])
    assert message in str(result.exception)
