"""Protects the direction of data: a module imports only from layers below its own, read from the source."""

import ast
import sys
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "emtheory"

LAYERS = [
    ["emtheory.kernel"],
    ["emtheory.tactics"],
    ["emtheory.files"],
    ["emtheory.verdict"],
    ["emtheory.judges"],
    ["emtheory.formulas", "emtheory.letters"],
    ["emtheory.theory"],
    ["emtheory.cases"],
    ["emtheory.theorem"],
    ["emtheory.loader"],
    ["emtheory.search"],
    ["emtheory.units"],
    ["emtheory.workers"],
    ["emtheory.results"],
    ["emtheory.verification"],
    ["emtheory.accuracy"],
    ["emtheory.weights", "emtheory.loading", "emtheory.zoo", "emtheory.train", "emtheory.build"],
    ["emtheory.locating", "emtheory.reading"],
    ["emtheory.certificate_checker"],
    ["emtheory.certify"],
    ["emtheory.analyze"],
    ["emtheory.reproduce"],
    ["emtheory.conform"],
    ["emtheory.report"],
    ["emtheory.commands"],
    ["emtheory.cli", "emtheory.pytest_plugin"],
    ["emtheory.__main__"],
]
THEOREM_FILES_MAY_IMPORT = {"emtheory", "sympy", "numpy", "hypothesis", *sys.stdlib_module_names}


def modules():
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        if "_proofs" not in parts:
            yield ".".join(part for part in parts if part != "__init__"), path


def imported(path):
    """The modules that the file imports; names that only type checkers read do not count."""
    tree = ast.parse(path.read_text())
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def layer(module):
    found = [i for i, prefixes in enumerate(LAYERS) for p in prefixes if module == p or module.startswith(p + ".")]
    assert len(found) == 1, f"{module} belongs to no layer; add it to the table"
    return found[0]


def test_a_module_imports_only_from_its_own_layer_and_below():
    wrong = []
    for module, path in modules():
        if module == "emtheory":
            continue  # the public names, imported when they are used
        for name in imported(path):
            if name.startswith("emtheory.") and name != "emtheory.__version__" and layer(name) > layer(module):
                wrong.append(f"{module} imports {name}")
    assert wrong == []


def test_the_table_would_notice_an_import_from_above():
    assert layer("emtheory.report.terminal") > layer("emtheory.judges.exact")
    assert "emtheory.results.Report" in set(imported(PACKAGE / "report" / "terminal.py"))


def test_the_package_never_imports_the_proofs():
    assert [module for module, path in modules() if any("proofs" in name for name in imported(path))] == []


def test_a_theorem_file_imports_only_emtheory_sympy_numpy_strategies_and_the_standard_library():
    wrong = []
    for path in sorted((PACKAGE.parent / "proofs").rglob("*.py")):
        wrong += [f"{path.name} imports {name}" for name in imported(path)
                  if name.split(".")[0] not in THEOREM_FILES_MAY_IMPORT]  # fmt: skip
    assert wrong == []
