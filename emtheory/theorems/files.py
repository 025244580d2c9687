"""Finds and loads theorem files by path, as pytest collects tests: no registry, nothing left in `sys.modules`.

`bundled()` is the folder of proofs that ships with the package, `load(path)` executes one file, `select(targets)`
resolves the words of the command line and adds the theorems that are used. Bundled theorems are named after their
files, so that only those are executed that somebody asks for or uses.
"""

from __future__ import annotations

import hashlib
import inspect
import re
import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from difflib import get_close_matches
from graphlib import CycleError, TopologicalSorter
from html import escape
from pathlib import Path
from types import ModuleType

from emtheory.system.pool import Lost, completed
from emtheory.theorems.theorem import Erratum, Theorem
from emtheory.verdict import as_latex

__all__ = ["PRELOADED", "LoadError", "Selection", "TheoremFile", "bundled", "find", "load", "select"]

PRELOADED = ["emtheory.theorems.units", "emtheory.judges.symbolic", "hypothesis", "scipy.linalg"]
"""What processes that load theorem files find imported."""


class LoadError(ValueError):
    """A theorem file cannot be used; the message is one sentence that names the file."""


@dataclass(frozen=True, eq=False)
class TheoremFile:
    """A loaded file: its record, its name (the file's stem), title and statement (from the docstring).

    `target` is the word that selects it again on a command line: the name of a bundled theorem, or a path.
    """

    name: str
    path: Path
    target: str
    title: str
    statement: str
    digest: str
    record: Theorem | Erratum

    @property
    def is_erratum(self) -> bool:
        """Whether the file holds an erratum."""
        return isinstance(self.record, Erratum)

    def _repr_html_(self) -> str:
        """For notebooks: name, title and statement, as text; `emtheory report` sets the formulas."""
        body = "".join(f"<p>{escape(part)}</p>" for part in self.statement.split("\n\n"))
        return f"<h4>{escape(self.name)}</h4><p><strong>{escape(self.title)}</strong></p>{body}"

    def _repr_latex_(self) -> str:
        """For notebooks that are printed."""
        return rf"\textbf{{{as_latex(self.name)}.}} \emph{{{as_latex(self.title)}}} {as_latex(self.statement)}"


@dataclass(frozen=True)
class Selection:
    """What to check: files, for some of them only certain parts (node ids), and what could not be loaded.

    `files` also holds the theorems that the selected ones use, used ones first; `parts` maps a name to the parts
    that were asked for, and a name that is missing there is checked completely.
    """

    files: tuple[TheoremFile, ...]
    parts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    errors: tuple[LoadError, ...] = ()


def bundled() -> Path:
    """The folder of the theorems that ship with emtheory: inside of the wheel, or beside the package in a checkout.

    Raises:
        LoadError: there is none.
    """
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "_proofs", package.parent / "proofs"):
        if folder.is_dir():
            return folder
    raise LoadError(f"the bundled theorems are missing from {package}; reinstall emtheory")


def load(path: Path, *, target: str | None = None) -> TheoremFile:
    """The theorem file at `path`, executed and validated.

    Raises:
        LoadError: it cannot be read, raises on import, or has no valid THEOREM or ERRATUM.
    """
    try:
        source = path.read_bytes()
    except OSError as error:
        raise LoadError(f"{path}: the file cannot be read ({error.strerror})") from error
    module = _executed(path, source)
    records = [getattr(module, name) for name in ("THEOREM", "ERRATUM") if hasattr(module, name)]
    if len(records) != 1:
        raise LoadError(f"{path}: a theorem file defines one of THEOREM and ERRATUM, this one defines {len(records)}")
    if not isinstance(records[0], (Theorem, Erratum)):
        raise LoadError(f"{path}: THEOREM must be a Theorem, ERRATUM an Erratum, got {type(records[0]).__name__}")
    text = inspect.cleandoc(getattr(module, "__doc__", None) or "").strip()
    if not text:
        raise LoadError(f"{path}: the file has no docstring; its first line is the theorem's title")
    title, _, statement = text.partition("\n")
    target = target or str(path)
    return TheoremFile(path.stem, path, target, title.strip(), statement.strip(), _digest(source), records[0])


def _digest(source: bytes) -> str:
    return hashlib.sha256(source).hexdigest()


def _executed(path: Path, source: bytes) -> ModuleType:
    """The module made of this source: what the digest says is what runs, whatever lies in a bytecode cache."""
    unique = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:12]
    module = ModuleType(f"_emtheory_theorem_{unique}")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module  # dataclasses look themselves up there while they are made
    try:
        with redirect_stdout(sys.stderr):  # what a file prints is no result
            exec(compile(source, str(path), "exec", dont_inherit=True), module.__dict__)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # whatever a theorem file raises is its author's to read
        where = _line_in(error, path)
        message = " ".join(str(error).split()) or "no message"
        raise LoadError(f"{path}{where}: loading it raised {type(error).__name__}: {message}") from error
    finally:
        del sys.modules[module.__name__]
    return module


def _line_in(error: BaseException, path: Path) -> str:
    if isinstance(error, SyntaxError) and error.lineno:
        return f":{error.lineno}"
    traceback, line = error.__traceback__, ""
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == str(path):
            line = f":{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return line


def select(targets: Sequence[str], *, word: str = "", timeout: float | None = None) -> Selection:
    """The files that the targets name, and what they use.

    A target is the name of a bundled theorem, a file, a folder (searched recursively for *.py), or a node id
    `TARGET::part`; no target means all bundled theorems. `word` keeps those that have it in their name or title.
    With a `timeout` every file that is not bundled is loaded in another process first, so that one which loops or ends
    its process is an error like others; without, it would do so to this process.

    Raises:
        LoadError: a target names nothing, or `word` leaves nothing; other troubles are kept in `errors`.
    """
    library = _library()
    parts: dict[str, set[str]] = {}
    if targets:
        chosen, parts, errors = _chosen(targets, library, timeout)
    else:
        chosen, errors = _loaded(_python_files(bundled()), by_name=True)
    if word:
        chosen = {name: file for name, file in chosen.items() if word.lower() in f"{name} {file.title}".lower()}
        errors = [error for error in errors if word.lower() in str(error).lower()]
        if not chosen and not errors:
            raise LoadError(f"no theorem has {word!r} in its name or title; 'emtheory verify' alone checks all")
    only = {name: frozenset(asked) for name, asked in parts.items() if name in chosen and "" not in asked}
    files, more = _with_uses(chosen, library, alone=frozenset(only))
    return Selection(files, only, (*errors, *more))


def find(target: str, *, timeout: float | None = None) -> TheoremFile:
    """The one theorem file that the target names; `timeout` as in `select`.

    Raises:
        LoadError: it names none or several, or the file cannot be used.
    """
    found, troubles = _at(target, _library(), timeout)
    if troubles:
        raise troubles[0]
    if len(found) != 1:
        raise LoadError(f"'{target}' holds {len(found)} theorems; name one of: {', '.join(sorted(found))}")
    return next(iter(found.values()))


def _library() -> dict[str, Path]:
    """The bundled files by the names of their theorems; none is executed."""
    return {path.stem: path for path in _python_files(bundled())}


def _chosen(
    targets: Sequence[str], library: Mapping[str, Path], timeout: float | None
) -> tuple[dict[str, TheoremFile], dict[str, set[str]], list[LoadError]]:
    """The files of the targets by name, the parts that were asked of each ("" is the whole), and the errors."""
    chosen: dict[str, TheoremFile] = {}
    parts: dict[str, set[str]] = {}
    errors: list[LoadError] = []
    at = {}
    for place in dict.fromkeys(target.partition("::")[0] for target in targets):
        at[place] = _at(place, library, timeout)
        errors += at[place][1]
    for target in targets:
        place, separator, part = target.partition("::")
        found, more = at[place]
        if separator and len(found) + len(more) != 1:
            raise LoadError(f"'{target}' must name one theorem before '::', but {place!r} names {len(found)}")
        for name, file in found.items():
            if name in library and file.digest != _digest(library[name].read_bytes()):
                errors.append(LoadError(f"{file.path}: a bundled theorem has the name {name}; rename your file"))
                continue
            other = chosen.setdefault(name, file)
            if other.path.resolve() != file.path.resolve():
                errors.append(_same_name(file.path, other.path))
            parts.setdefault(name, set()).add(part)
    return chosen, parts, errors


def _at(
    place: str, library: Mapping[str, Path], timeout: float | None
) -> tuple[dict[str, TheoremFile], list[LoadError]]:
    """The files at one place by name, and the errors."""
    if place in library:
        return _loaded([library[place]], by_name=True)
    path = Path(place)
    if timeout is not None and path.resolve().is_relative_to(bundled()):
        timeout = None  # what ships with emtheory ends no process
    if path.is_dir():
        files = _python_files(path)
        if not files:
            raise LoadError(f"the folder {place} holds no theorem files (*.py)")
        return _loaded(files, timeout=timeout)
    if path.suffix == ".py" or path.exists():
        return _loaded([path], timeout=timeout)
    near = ", ".join(get_close_matches(place, sorted(library), n=5, cutoff=0.0))
    raise LoadError(
        f"'{place:.200}' is neither a theorem nor a file or folder; of {len(library)} theorems the nearest are: {near}"
    )


def _python_files(folder: Path) -> list[Path]:
    """The *.py below the folder, without private ones, hidden folders and caches."""
    files = (path.relative_to(folder) for path in folder.rglob("*.py"))
    return sorted(folder / path for path in files if not any(re.match(r"[._]", part) for part in path.parts))


def _loaded(
    paths: Sequence[Path], *, by_name: bool = False, timeout: float | None = None
) -> tuple[dict[str, TheoremFile], list[LoadError]]:
    files: dict[str, TheoremFile] = {}
    errors = []
    refused = {} if timeout is None else dict(completed(_refusal, paths, jobs=1, timeout=timeout, preload=PRELOADED))
    for index, path in enumerate(paths):
        reason = refused.get(index, "")
        if reason:
            said = f"{path}: it cannot be loaded, {reason.reason}" if isinstance(reason, Lost) else reason
            errors.append(LoadError(said))
            continue
        try:
            file = load(path, target=path.stem if by_name else None)
        except LoadError as error:
            errors.append(error)
            continue
        if file.name in files:
            errors.append(_same_name(path, files[file.name].path))
        else:
            files[file.name] = file
    return files, errors


def _refusal(path: Path) -> str:
    """Why the file cannot be loaded, said by another process than the one that asks."""
    try:
        load(path)
    except LoadError as error:
        return str(error)
    except KeyboardInterrupt:  # which no one but the file itself sends to a worker
        return f"{path}: loading it raised KeyboardInterrupt"
    return ""


def _same_name(path: Path, other: Path) -> LoadError:
    return LoadError(f"{path}: {other} has the same name; rename one of them")


def _with_uses(
    chosen: Mapping[str, TheoremFile], library: Mapping[str, Path], *, alone: frozenset[str]
) -> tuple[tuple[TheoremFile, ...], list[LoadError]]:
    """The chosen files with what they use, used ones first; those that stand `alone` bring nothing along.

    Files on a cycle, and files that use a name which cannot be loaded, are left out and reported.
    """
    known, needed = dict(chosen), dict[str, TheoremFile]()
    waiting = list(chosen.values())
    for file in waiting:  # which grows by what they use
        if file.name in needed:
            continue
        needed[file.name] = file
        for name in file.record.uses if file.name not in alone else ():
            if name not in known and name in library:
                known |= _loaded([library[name]], by_name=True)[0]
            if name in known:
                waiting.append(known[name])

    def there(file: TheoremFile, name: str) -> bool:
        return name in known or (file.name in alone and name in library)

    errors = [
        LoadError(f"{file.path}: it uses '{name}', which is no theorem that can be loaded")
        for file in needed.values()
        for name in file.record.uses
        if not there(file, name)
    ]
    bad = {file.name for file in needed.values() if not all(there(file, name) for name in file.record.uses)}
    graph = {name: set(file.record.uses) & set(needed) for name, file in needed.items()}
    while True:
        try:
            order = list(TopologicalSorter(graph).static_order())
        except CycleError as error:
            cycle = error.args[1][::-1]  # each uses the next
            errors.append(LoadError(f"{needed[cycle[0]].path}: its uses run in a circle, {' uses '.join(cycle)}"))
            bad.update(cycle)
            graph = {name: used - set(cycle) for name, used in graph.items() if name not in cycle}
        else:
            return tuple(needed[name] for name in order if name not in bad), errors
