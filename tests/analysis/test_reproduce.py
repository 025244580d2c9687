"""Protects the published comparison: one row a network, figures in the published range, nothing called proved."""

import json
from importlib.resources import files

import jsonschema
import pytest
from typer.testing import CliRunner

from emtheory.analysis.reproduce import HIDDEN, PUBLISHED, TASKS, row
from emtheory.cli import app
from emtheory.networks import zoo
from emtheory.theory.tasks import Task


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """What the command prints, and the table it writes."""
    path = tmp_path_factory.mktemp("reproduce") / "table.json"
    result = CliRunner().invoke(app, ["reproduce", "table", "--json", str(path)])
    assert result.exit_code == 0
    return result.output, json.loads(path.read_text())


@pytest.fixture
def rows(written):
    return written[1]["rows"]


def test_every_task_and_size_has_a_network(rows):
    assert sorted((r["task"], r["hidden"]) for r in rows) == sorted((t, h) for t in TASKS for h in HIDDEN)


def test_the_argument_errors_are_those_published_or_better(rows):
    for found in rows:
        if found["published"] is not None:
            assert found["argument_error"] is not None
            largest = float(found["published"].split("-")[-1])
            assert found["argument_error"] <= 1.2 * largest  # other seeds than the published ones


def test_networks_that_keep_what_the_task_needs_give_their_composition(rows):
    for found in rows:
        complete = found["persistent"] == found["minimal_memory"]
        assert complete == (found["composition_error"] is not None)
        assert found["composition_error"] is None or found["composition_error"] < 0.03
        assert found["accuracy"] > (0.999 if complete else 0.94)


def test_nothing_measured_is_called_proved(rows):
    assert {found["kind"] for found in rows} == {"observed"}


def test_the_command_prints_a_line_a_network_and_writes_what_its_schema_says(written):
    output, table = written
    assert [line[:2] for line in output.splitlines() if line[:1] == "T"] == [row["task"] for row in table["rows"]]
    schema = json.loads((files("emtheory.report") / "schemas" / "table.schema.json").read_text("utf-8"))
    jsonschema.validate(table, schema)


def test_the_tasks_are_the_published_numbers():
    assert Task.parse(TASKS["T1"]) == Task.from_numbers(8, 8, 255, 0, 0)
    assert Task.parse(TASKS["T3"]) == Task.from_numbers(8, 8, 9241421688590303745, 0, 0)
    assert set(PUBLISHED) <= {(t, h) for t in TASKS for h in HIDDEN}


def test_a_name_that_is_no_published_task_is_refused():
    with pytest.raises(ValueError, match="T1, T2, T3, T4"):
        row("T5", zoo.load("t1-n64"), seed=0)
