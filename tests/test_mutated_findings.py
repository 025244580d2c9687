"""Protects who reads findings again: whatever was done to them, they are used as they stand or refused in a line."""

import copy
import json
import random
import re

import jsonschema
import pytest

from emtheory import verify
from emtheory.report.pages import markdown
from emtheory.report.pages.document import document
from emtheory.system.schema import fault
from emtheory.theorems.results import digest, findings_in

ODD = [
    None,
    True,
    -1,
    0,
    2.5,
    1e308,
    float("nan"),
    "",
    "maybe",
    "proved",
    "x" * 5000,
    "a\nb\u0000",
    "\ud800",
    [],
    {},
    [[]],
]


def places(value, place=()):
    """Where the document holds anything."""
    yield place
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, entry in inside:
        yield from places(entry, (*place, key))


def mutated(original, chance):
    """The document with one to three changes, and in half of all cases with the digest that belongs to it."""
    changed = copy.deepcopy(original)
    for _ in range(chance.randint(1, 3)):
        *inner, last = chance.choice([place for place in places(changed) if place])
        holder = changed
        for key in inner:
            holder = holder[key]
        match chance.randrange(4):
            case 0:
                del holder[last]
            case 1:
                holder[last] = copy.deepcopy(chance.choice(ODD))
            case 2:
                holder[last] = {"unknown": holder[last]}
            case 3 if isinstance(holder, list):
                holder.append(copy.deepcopy(holder[last]))
            case 3:
                holder[chance.choice(["outcome", "only", "a\nb", "x" * 3000])] = copy.deepcopy(chance.choice(ODD))
    if chance.random() < 0.5:
        changed["digest"] = digest(changed)
    return changed


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
def finished(planted, tmp_path, monkeypatch):
    """A theorem file, the findings on it, and no bundled theorems, for speed."""
    (tmp_path / "none").mkdir()
    monkeypatch.setattr("emtheory.theorems.files.bundled", lambda: tmp_path / "none")
    path = str(planted())
    return path, json.loads(json.dumps(verify([path], examples=2).to_json()))


def stop(report, done, total):
    raise KeyboardInterrupt


@pytest.mark.parametrize("count", [60, pytest.param(2500, marks=pytest.mark.slow)])
def test_mutated_findings_are_resumed_as_they_are_or_refused(finished, count):
    (path, original), chance = finished, random.Random(1)
    refused = 0
    for _ in range(count):
        changed = mutated(original, chance)
        refused += bool(refusal(lambda changed=changed: verify([path], examples=2, resume=changed, watch=stop)))
    assert refused > count // 2


@pytest.mark.parametrize("count", [60, pytest.param(2500, marks=pytest.mark.slow)])
def test_mutated_findings_are_reported_as_they_are_or_refused(finished, tmp_path, count):
    (_, original), chance = finished, random.Random(2)
    source, refused = tmp_path / "run.json", 0
    for _ in range(count):
        source.write_text(json.dumps(mutated(original, chance)))
        refused += bool(refusal(lambda: markdown.render(document(findings_in(str(source)), {}))))
    assert refused > count // 2


def test_the_reader_of_schemas_agrees_with_jsonschema(finished):
    (_, original), chance = finished, random.Random(3)
    schema = json.loads((files_of_the_package() / "findings.schema.json").read_text())
    validator = jsonschema.Draft202012Validator(schema)
    assert fault(original, "findings") == ""
    for _ in range(400):
        changed = mutated(original, chance)
        assert (fault(changed, "findings") == "") == validator.is_valid(changed), fault(changed, "findings")


def files_of_the_package():
    from importlib.resources import files as resources

    return resources("emtheory.report") / "schemas"


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
