"""Protects the direction of data, read from the source: modules import from folders above theirs, never in a circle."""

import ast
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

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


def graph():
    """The modules that each one imports, what only a function imports too; but for the package's public names."""
    files = {module: path for module, path in modules() if module != "emtheory"}
    found = {}
    for module, path in files.items():
        named = (name if name in files else name.rpartition(".")[0] for name in imported(path))
        found[module] = {name for name in named if name in files} - {module}
    return found


def test_no_two_modules_import_each_other_in_a_circle():
    TopologicalSorter(graph()).prepare()  # raises for a circle


def test_a_circle_would_be_noticed():
    imports = graph()
    assert "emtheory.theory.composition" in imports["emtheory.theory.tasks"]
    imports["emtheory.theory.composition"].add("emtheory.theory.tasks")
    with pytest.raises(CycleError):
        TopologicalSorter(imports).prepare()


def test_a_type_of_array_is_named_in_one_place():
    types = {"Array", "Complexes", "Floats", "Integers", "Mask"}
    named = {}
    for module, path in modules():
        for node in ast.parse(path.read_text()).body:
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            named |= {target.id: module for target in targets if isinstance(target, ast.Name) and target.id in types}
    assert named == dict.fromkeys(types, "emtheory.system.array_types")


def test_the_package_never_imports_the_proofs():
    assert [module for module, path in modules() if any("proofs" in name for name in imported(path))] == []


def test_a_theorem_file_imports_only_emtheory_sympy_numpy_strategies_and_the_standard_library():
    wrong = []
    for path in sorted((PACKAGE.parent / "proofs").rglob("*.py")):
        wrong += [f"{path.name} imports {name}" for name in imported(path)
                  if name.split(".")[0] not in THEOREM_FILES_MAY_IMPORT]  # fmt: skip
    assert wrong == []
