"""Protects the direction of data: a module imports only from layers below its own, read from the source."""

import ast
import sys
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "emtheory"

FOLDERS = [
    "verdict",
    "system",
    "kernel",
    "tactics",
    "judges",
    "theory",
    "networks",
    "recovery",
    "certificates",
    "theorems",
    "formulas",  # and letters.py, its vocabulary
    "analysis",
    "conform",
    "report",
    "commands",
    "cli",
    "__main__",
]
THEOREM_FILES_MAY_IMPORT = {"emtheory", "sympy", "numpy", "scipy", "hypothesis", *sys.stdlib_module_names}


def modules():
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        if "_proofs" not in parts:
            yield ".".join(part for part in parts if part != "__init__"), path


def imported(path):
    """The modules that the file imports, those that only type checkers read too."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def layer(module):
    folder = {"letters": "formulas"}.get(module.split(".")[1], module.split(".")[1])
    assert folder in FOLDERS, f"{module} belongs to no folder of the table"
    return FOLDERS.index(folder)


def test_a_module_imports_only_from_its_own_folder_and_those_above_it_in_the_table():
    wrong = []
    for module, path in modules():
        if module == "emtheory":
            continue  # the public names, imported when they are used
        for name in imported(path):
            if name.startswith("emtheory.") and name != "emtheory.__version__" and layer(name) > layer(module):
                wrong.append(f"{module} imports {name}")
    assert wrong == []


def test_the_table_would_notice_an_import_from_above():
    assert layer("emtheory.report.sentences.terminal") > layer("emtheory.judges.exact")
    assert "emtheory.theorems.results.Report" in set(imported(PACKAGE / "report" / "sentences" / "terminal.py"))


def test_the_package_never_imports_the_proofs():
    assert [module for module, path in modules() if any("proofs" in name for name in imported(path))] == []


def test_a_theorem_file_imports_only_emtheory_sympy_numpy_strategies_and_the_standard_library():
    wrong = []
    for path in sorted((PACKAGE.parent / "proofs").rglob("*.py")):
        wrong += [f"{path.name} imports {name}" for name in imported(path)
                  if name.split(".")[0] not in THEOREM_FILES_MAY_IMPORT]  # fmt: skip
    assert wrong == []
