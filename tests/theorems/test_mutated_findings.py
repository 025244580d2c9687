"""Protects who reads findings again: whatever was done to them, they are used as they stand or refused in a line."""

import json
import random
import re

import pytest

from emtheory import verify
from emtheory.report.pages import markdown
from emtheory.report.pages.document import document
from emtheory.theorems.results import digest, findings_in


@pytest.fixture
def changed(mutated):
    """Makes findings with one to three changes, and in half of all cases with the digest that belongs to them."""

    def change(original, chance):
        changed = mutated(original, chance)
        if chance.random() < 0.5:
            changed["digest"] = digest(changed)
        return changed

    return change


def refusal(function):
    """The message of a refusal; nothing else is raised."""
    try:
        function()
    except ValueError as error:
        message = str(error)
        assert 0 < len(message) < 600, message
        assert "\n" not in message
        return message
    return ""


@pytest.fixture
def finished(planted):
    """A theorem file, and the findings on it."""
    path = str(planted())
    return path, json.loads(json.dumps(verify([path], examples=2).to_json()))


def stop(report, done, total):
    raise KeyboardInterrupt


@pytest.mark.parametrize("lemmas", [2.5, "det", [1]])
def test_lemmas_that_are_no_list_of_names_are_refused(finished, lemmas):
    path, earlier = finished
    earlier["theorems"][0]["findings"][0]["evidence"]["lemmas"] = lemmas
    earlier["digest"] = digest(earlier)
    assert "lemmas" in refusal(lambda: verify([path], examples=2, resume=earlier, watch=stop))


@pytest.mark.parametrize("count", [60, pytest.param(2500, marks=pytest.mark.slow)])
def test_mutated_findings_are_resumed_as_they_are_or_refused(finished, changed, count):
    (path, original), chance = finished, random.Random(1)
    refused = 0
    for _ in range(count):
        earlier = changed(original, chance)
        refused += bool(refusal(lambda earlier=earlier: verify([path], examples=2, resume=earlier, watch=stop)))
    assert refused > count // 2


@pytest.mark.parametrize("count", [60, pytest.param(2500, marks=pytest.mark.slow)])
def test_mutated_findings_are_reported_as_they_are_or_refused(finished, changed, tmp_path, count):
    (_, original), chance = finished, random.Random(2)
    source, refused = tmp_path / "run.json", 0
    for _ in range(count):
        source.write_text(json.dumps(changed(original, chance)))
        refused += bool(refusal(lambda: markdown.render(document(findings_in(str(source)), {}))))
    assert refused > count // 2


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d["theorems"][0].update(outcome="maybe"), r'theorems\[0\]\.outcome is "maybe", not one of "proved"'),
        (lambda d: d.update(environment=[]), "environment is a JSON array, not of type object"),
        (lambda d: d["theorems"][0].update(outcome="refuted"), "were changed after they were written"),
        (lambda d: d.update(more=1), 'it has the unknown "more"'),
    ],
)
def test_what_is_wrong_is_said_with_its_place(finished, tmp_path, change, message):
    path, original = finished
    change(original)
    (tmp_path / "run.json").write_text(json.dumps(original))
    for refused in (
        refusal(lambda: findings_in(str(tmp_path / "run.json"))),
        refusal(lambda: verify([path], examples=2, resume=original)),
    ):
        assert re.search(message, refused), refused
