"""Theorem files that build on each other: `sibling(__file__, "companion-action")` is the file beside this one."""

from __future__ import annotations

from functools import lru_cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

__all__ = ["executed", "sibling"]


def sibling(file: str, name: str) -> ModuleType:
    """The theorem file `name` in the folder of `file`, or above an `errata` folder: its THEOREM and its formulas.

    A file is executed once, so that two files that use a third one mean the same theorem.

    Raises:
        ValueError: there is no such file.
    """
    folder = Path(file).resolve().parent
    for place in (folder, folder.parent):
        path = place / f"{name}.py"
        if path.is_file():
            return executed(path)
    raise ValueError(f"there is no theorem file {name}.py beside {Path(file).name}")


@lru_cache(maxsize=256)
def executed(path: Path) -> ModuleType:
    """The module of a file, which is executed once."""
    spec = spec_from_file_location(f"emtheory_sibling_{path.stem.replace('-', '_')}", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
