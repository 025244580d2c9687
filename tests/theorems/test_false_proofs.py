"""Protects the verdict PROVED: theorems with one planted mistake are never proved, and the mistake is located.

Each file in tests/false_proofs marks its wrong line with `# wrong`. A finding has to point at that line: at the step
or the function that holds it, or, for a wrong case of the record, at the part that uses the case. A theorem with such a
finding is not proved, whatever becomes of those that it uses: these are left out.
"""

import ast
from collections import Counter
from pathlib import Path

import pytest

from emtheory.theorems.files import bundled, load
from emtheory.theorems.results import concluded
from emtheory.theorems.units import run, units
from emtheory.verdict import Outcome

FOLDER = Path(__file__).parent.parent / "false_proofs"
FILES = sorted(FOLDER.glob("*.py"))
BUNDLED = sorted(path.stem for path in bundled().rglob("*.py"))


def marked_line(path):
    lines = path.read_text().splitlines()
    marked = [number for number, line in enumerate(lines, start=1) if line.rstrip().endswith("# wrong")]
    assert len(marked) == 1, f"{path.name} marks {len(marked)} wrong lines"
    return marked[0]


def place_of(path, line):
    """The span of the innermost statement around a line; inside of a function that yields nothing, of the function."""
    best = (1, len(path.read_text().splitlines()))
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.stmt) and node.lineno <= line <= node.end_lineno:
            yields = isinstance(node, ast.FunctionDef) and any(isinstance(n, ast.Yield) for n in ast.walk(node))
            whole = isinstance(node, ast.FunctionDef) and not yields
            if whole:
                return node.lineno, node.end_lineno
            best = max(best, (node.lineno, node.end_lineno), key=lambda span: (span[0], -span[1]))
    return best


def in_record(path, line):
    """Whether a line belongs to a module-level assignment: a case, or the record itself."""
    tree = ast.parse(path.read_text())
    return any(isinstance(n, (ast.Assign, ast.AnnAssign)) and n.lineno <= line <= n.end_lineno for n in tree.body)


def wanted(checked):
    """A printed claim has to be refuted, everything else to be proved."""
    return Outcome.REFUTED if checked.node.endswith("::printed") else Outcome.PROVED


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_false_proof_is_not_proved_and_the_wrong_line_is_named(path):
    file = load(path)
    findings = [checked for unit in units(file, seed=0, examples=12) for checked in run(file, unit)]
    theorems, errata = concluded([file], {file.name: findings}, {})
    (result,) = (*theorems, *errata)
    assert result.outcome is not Outcome.PROVED
    assert result.reason in (
        "a finding is refuted",
        "a finding is undecided",
        "the printed claim holds on the counterexample",
    )
    line = marked_line(path)
    first, last = place_of(path, line)
    failed = [c for c in findings if c.outcome is not wanted(c)]
    at = [c.finding.verdict.evidence.get("line", 0) for c in failed]
    by_case = in_record(path, line) and any(c.node.partition("::")[2] != "derivation" for c in failed)
    assert any(first <= number <= last for number in at) or by_case, f"line {line} is wrong, but {at} were named"


def test_every_bundled_theorem_has_two_false_proofs():
    owners = Counter()
    for path in FILES:
        owners.update(name for name in BUNDLED if path.stem.startswith(name + "-"))
    theorems = [path.stem for path in bundled().glob("*.py")]
    assert {name: owners[name] for name in theorems if owners[name] < 2} == {}
    assert len(FILES) >= 25
