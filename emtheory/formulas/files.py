"""Theorem files that state formulas: where they are, and their records.

The bundled ones lie in `statements/` (inside of the wheel, or beside the package in a checkout); a name, a file or a
folder says which are meant. A file is executed once; what it says is checked when its record is built.
"""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from emtheory.formulas.erratum import Erratum
from emtheory.formulas.siblings import executed
from emtheory.formulas.theorem import Theorem

__all__ = ["Stated", "bundled", "loaded", "selected"]


@dataclass(frozen=True)
class Stated:
    """A theorem file: its name, its docstring and its record."""

    name: str
    path: Path
    title: str
    text: str
    record: Theorem | Erratum

    @property
    def theorem(self) -> Theorem:
        """The theorem, or the corrected form of an erratum."""
        return self.record if isinstance(self.record, Theorem) else self.record.right


def bundled() -> Path:
    """The folder of the statements that ship with emtheory.

    Raises:
        ValueError: there is none.
    """
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "_statements", package.parent / "statements"):
        if folder.is_dir():
            return folder
    raise ValueError(f"the bundled statements are missing from {package}; reinstall emtheory")


def selected(targets: Sequence[str]) -> list[Path]:
    """The files that names, files and folders mean; all bundled ones, if nothing is named.

    Raises:
        ValueError: a target names nothing.
    """
    library = {path.stem: path for path in _python_files(bundled())}
    if not targets:
        return list(library.values())
    found: list[Path] = []
    for target in targets:
        path = Path(target)
        if target in library:
            found.append(library[target])
        elif path.is_dir():
            found += _python_files(path)
        elif path.is_file():
            found.append(path.resolve())
        else:
            near = get_close_matches(target, library, n=1)
            hint = f"did you mean {near[0]}?" if near else "name a bundled statement, a file or a folder"
            raise ValueError(f"there is no statement {target!r}; {hint}")
    return list(dict.fromkeys(found))


def _python_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.py") if not path.name.startswith((".", "_")))


def loaded(path: Path) -> Stated:
    """The record of a file.

    Raises:
        ValueError: the file raises (the message has the line), or holds no THEOREM or ERRATUM with a docstring.
    """
    try:
        module = executed(path)
    except Exception as error:
        frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == str(path)]
        line = f":{frames[-1].lineno}" if frames else ""
        raise ValueError(f"{path}{line}: {type(error).__name__}: {' '.join(str(error).split())}") from None
    record = getattr(module, "THEOREM", None) or getattr(module, "ERRATUM", None)
    if not isinstance(record, (Theorem, Erratum)):
        raise ValueError(f"{path} holds neither THEOREM = Theorem(…) nor ERRATUM = Erratum(…) of emtheory.formulas")
    text = (module.__doc__ or "").strip()
    if not text:
        raise ValueError(f"{path} has no docstring; its first line is the title")
    return Stated(path.stem, path, text.splitlines()[0], text, record)
