"""Protects the power of the kit: every planted mistake is caught by the properties that its first line names."""

from pathlib import Path

import pytest

from emtheory.conform import load, run

MISTAKES = sorted((Path(__file__).parent / "wrong_targets").glob("*.py"))


@pytest.mark.parametrize("path", MISTAKES, ids=[path.stem for path in MISTAKES])
def test_a_planted_mistake_is_caught_by_the_properties_that_are_meant_to(path):
    first = path.read_text().splitlines()[0]
    assert first.startswith("# caught by: ")
    meant = set(first.removeprefix("# caught by: ").split(", "))
    failed = {result.property.id for result in run(load(str(path))) if result.outcome == "failed"}
    assert meant <= failed


def test_there_are_mistakes_of_every_function():
    assert len(MISTAKES) >= 30
    caught = {path.read_text().splitlines()[0].removeprefix("# caught by: ").split(".")[0] for path in MISTAKES}
    assert len(caught) == 10
