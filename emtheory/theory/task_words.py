"""The command-line words for tasks: `repeat-copy:s=8,k=8`, `compose-copy:8`, `selection:…`, or an .npy file."""

from __future__ import annotations

from typing import Any

from emtheory.system.arrays import read_array
from emtheory.system.limits import shown

__all__ = ["read_task_word"]

FORMS = "repeat-copy:s=8,k=8, compose-copy:8, selection:s=8,k=8,id=ID1/ID2/ID3, or the path of an .npy file"


def read_task_word(text: str) -> tuple[str, Any]:
    """(kind, arguments): "repeat-copy" (s, k), "compose-copy" (s,), "selection" (s, k, id1, id2, id3), "file" array.

    >>> read_task_word("selection:s=2,k=2,id=3/1/0")
    ('selection', [2, 2, 3, 1, 0])

    Raises:
        ValueError: no such word, or a file that does not hold one array.
    """
    kind, colon, rest = text.partition(":")
    if text.endswith(".npy"):
        return "file", _read_array(text)
    if colon and kind == "repeat-copy":
        fields = _fields(text, rest, ("s", "k"))
        return kind, [_natural(text, name, fields[name]) for name in ("s", "k")]
    if colon and kind == "compose-copy":
        return kind, [_natural(text, "s", rest.removeprefix("s="))]
    if colon and kind == "selection":
        fields = _fields(text, rest, ("s", "k", "id"))
        ids = fields["id"].split("/")
        if len(ids) != 3:
            raise ValueError(
                f"the id of a selection must be three numbers ID1/ID2/ID3, but '{shown(text)}' has {len(ids)}; "
                "see 'emtheory predict --help'"
            )
        sizes = [_natural(text, name, fields[name]) for name in ("s", "k")]
        return kind, sizes + [_natural(text, f"id{i}", value) for i, value in enumerate(ids, 1)]
    raise ValueError(f"'{shown(text)}' names no task; write {FORMS}")


def _fields(text: str, rest: str, names: tuple[str, ...]) -> dict[str, str]:
    pairs = [part.partition("=") for part in rest.split(",")]
    fields = {key: value for key, _, value in pairs}
    if len(pairs) != len(names) or set(fields) != set(names):
        raise ValueError(
            f"task '{shown(text)}' must give exactly {', '.join(f'{name}=…' for name in names)}; write {FORMS}"
        )
    return fields


def _natural(text: str, name: str, value: str) -> int:
    if not (value.isascii() and value.isdigit()):
        raise ValueError(
            f"{name} must be a whole number, but is '{shown(value)}' in task '{shown(text)}'; write {FORMS}"
        )
    if len(value) > 4000:
        raise ValueError(
            f"{name} has {len(value)} digits, more than the 4000 that a task number may have; use an .npy file"
        )
    return int(value)


def _read_array(path: str) -> Any:
    return read_array(path, next_step="write C_1..C_s with numpy.save, shape (s, k, k)")
