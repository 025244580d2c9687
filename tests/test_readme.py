"""Protects the README: its theorem is proved as printed, its commands exist, its figure and folders are there."""

import re
from pathlib import Path

from typer.main import get_command

from emtheory import Outcome, verify
from emtheory.cli import app
from emtheory.formulas.prove import prove

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


BLOCKS = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)


def test_the_statement_in_the_readme_is_proved_as_it_is_printed(tmp_path):
    block = next(block for block in BLOCKS if "emtheory.formulas" in block)
    path = tmp_path / "powers-kept.py"
    path.write_text(block)
    (found,) = prove([str(path)])
    assert [conclusion.ground for conclusion in found.conclusions] == ["proved"]
    assert [hypothesis.necessary for hypothesis in found.hypotheses] == ["yes"]


def test_the_theorem_in_the_readme_is_proved_as_it_is_printed(tmp_path):
    block = next(block for block in BLOCKS if "emtheory.formulas" not in block)
    path = tmp_path / "square-kept.py"
    path.write_text(block)
    report = verify([str(path)], examples=10)
    assert [theorem.outcome for theorem in report.theorems] == [Outcome.PROVED]


def test_every_command_in_the_readme_exists():
    named = set(re.findall(r"emtheory ([a-z][a-z-]+)", README)) - {"verifies"}
    assert named >= {"verify", "show", "predict", "analyze", "oracle", "errata"}
    assert named <= set(get_command(app).commands)


def test_every_picture_and_folder_in_the_readme_exists():
    pictures = re.findall(r"!\[[^]]*]\(([^)]*)\)", README)
    folders = [
        name
        for row in re.findall(r"^\| (`.*?) \|", README, flags=re.MULTILINE)
        for name in re.findall(r"`([^`]*)`", row)
    ]
    assert pictures
    assert len(folders) > 8
    missing = [
        name for name in pictures + folders if not any((base / name).exists() for base in (ROOT, ROOT / "emtheory"))
    ]
    assert missing == []
