"""Protects who reads the JSON of a command: it has the form that its schema file says, and the reader knows any other.

The table that `reproduce` writes is in tests/analysis/test_reproduce.py.
"""

import json
import random
import re
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

import emtheory
from emtheory.networks.elman import Network
from emtheory.networks.weights import save
from emtheory.system.schema import fault
from emtheory.theory.circuits import companion
from emtheory.theory.tasks import Task

PACKAGE = Path(emtheory.__file__).parent
TASK = Task.repeat_copy(2, 2)
TARGET = "def is_stable(W):\n    return True\n\n\ndef simulate(W, U, R, u, T):\n    raise NotImplementedError\n"
ERRATUM = '''"""A number is even."""

from hypothesis import strategies as st

from emtheory.judges.exact import exactly, matrix
from emtheory.theorems.theorem import Erratum


def even(x):
    """The double of x is x."""
    return exactly(x + x, x)


def doubled(x):
    """The double of x is 2 x."""
    return exactly(x + x, 2 * x)


ONE = (matrix([[1]]),)
ERRATUM = Erratum(
    number=1,
    printed="2 x = x",
    why="1 is not 2",
    corrected="2 x = x + x",
    claim=even,
    counterexample=ONE,
    correction=doubled,
    examples={"one": ONE},
    cases=st.just(ONE),
)
'''


def schema(name):
    return json.loads((files("emtheory.report") / "schemas" / f"{name}.schema.json").read_text("utf-8"))


def agree(document, name):
    """Whether the document is as the schema asks, on which jsonschema and the reader of the package agree."""
    found = fault(document, name)
    assert (found == "") == jsonschema.Draft202012Validator(schema(name)).is_valid(document), found
    assert "\n" not in found
    return not found


@pytest.fixture
def inputs(planted, tmp_path):
    """Files that the commands below read."""
    planted("mine")
    (tmp_path / "theirs.py").write_text(ERRATUM)
    (tmp_path / "target.py").write_text(TARGET)
    write = [[0.0, 0.0], [0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]
    for name, gain, activation in (("linear", 1, "identity"), ("keeps", 1.5, "tanh")):
        read = [list(row) for row in zip(*write, strict=True)]
        network = Network(gain * companion(TASK).numpy(), write, read, activation=activation)
        save(network, tmp_path / f"{name}.safetensors")


WRITTEN = [
    ("findings", "verify mine.py theirs.py --examples 2 --jobs 1", 0),
    ("findings", "verify mine.py::search theirs.py::printed --examples 2 --jobs 1", 0),
    ("prediction", "predict repeat-copy:s=3,k=2", 0),
    ("prediction", "predict compose-copy:2", 0),
    ("analysis", "analyze linear.safetensors", 0),
    ("analysis", f"analyze keeps.safetensors --task {TASK.name}", 0),
    ("decoding", "decode linear.safetensors --steps 12", 0),
    ("decoding", f"decode linear.safetensors --task {TASK.name} --steps 12", 0),
    ("fixed-points", "fixed-points keeps.safetensors --seeds 4", 0),
    ("certificate", f"certify keeps.safetensors --task {TASK.name} --patterns 2 --jobs 1", 0),
    ("certificate", "certify keeps.safetensors --task repeat-copy:s=3,k=2 --patterns 2 --jobs 1", 1),
    ("conform", "conform target.py --examples 2", 1),
    ("proofs", "prove memory-basis --examples 20 --jobs 1 --timeout 0", 0),
]


@pytest.mark.parametrize(("name", "words", "status"), WRITTEN, ids=[words for _, words, _ in WRITTEN])
def test_what_a_command_writes_has_the_form_of_its_schema_and_what_is_changed_is_told(
    run, inputs, mutated, monkeypatch, tmp_path, name, words, status
):
    monkeypatch.chdir(tmp_path)
    assert run(*words.split(), "--json", "out.json")[0] == status
    document, chance = json.loads(Path("out.json").read_text()), random.Random(0)
    assert agree(document, name)
    told = 0
    for _ in range(40):
        changed = mutated(document, chance)
        try:
            json.dumps(changed, allow_nan=False)
        except ValueError:
            assert isinstance(fault(changed, name), str)  # NaN is no JSON, and jsonschema takes it for a number
        else:
            told += not agree(changed, name)
    assert told > 10


def test_each_line_of_a_log_has_the_form_of_its_schema(run, inputs, mutated, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    run("certify", "keeps.safetensors", "--task", TASK.name, "--patterns", 2, "--jobs", 1, "--resume", "log")
    lines, chance = [json.loads(line) for line in Path("log").read_text().splitlines()], random.Random(0)
    assert len(lines) == 3
    for line in lines:
        assert agree(line, "certificate-log")
        for _ in range(40):
            changed = mutated(line, chance)
            if "NaN" not in json.dumps(changed):
                agree(changed, "certificate-log")
    lines[1]["answer"]["holds"] = "for ever"
    assert fault(lines[1], "certificate-log").startswith('answer.holds is "for ever", not one of')


def test_an_answer_has_one_form_in_the_log_and_in_the_results():
    assert schema("certificate-log")["$defs"]["answer"] == schema("certificate")["properties"]["patterns"]["items"]


def test_each_form_that_the_package_writes_has_a_schema_file_and_each_file_is_of_one():
    source = "\n".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py"))
    written = set(re.findall(r'"emtheory\.([a-z-]+/[0-9]+)"', source))
    named = {path.name.removesuffix(".schema.json"): json.loads(path.read_text("utf-8"))["$id"]
             for path in (PACKAGE / "report" / "schemas").glob("*.json")}  # fmt: skip
    assert written == {identifier.removeprefix("emtheory.") for identifier in named.values()}
    assert all(identifier.startswith(f"emtheory.{name}/") for name, identifier in named.items())
    assert {name for name, _, _ in WRITTEN} == set(named) - {"table", "certificate-log"}


def test_an_analysis_of_another_form_is_no_part_of_a_report(run, inputs, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    run("verify", "mine.py", "--examples", 2, "--jobs", 1, "--json", "run.json")
    run("analyze", "linear.safetensors", "--json", "analysis.json")
    words = ("report", "--from", "run.json", "--analysis", "analysis.json", "--format", "md", "-o", "out")
    assert run(*words)[0] == 0
    document = json.loads(Path("analysis.json").read_text())
    document["spectrum"]["gap"] = [0.5]
    Path("analysis.json").write_text(json.dumps(document))
    before = Path("out/report.md").stat()
    status, out, error = run(*words)
    assert (status, out) == (2, "")
    assert "analysis.json has not the form of emtheory.analysis: spectrum.gap has 1 entries, fewer than 2" in error
    assert error.count("\n") == 1
    assert Path("out/report.md").stat() == before
