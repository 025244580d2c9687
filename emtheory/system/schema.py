"""Whether a JSON document has the form that one of the package's schema files describes, in a sentence if it has not.

Main function: `fault(document, name)`. It reads the part of JSON Schema that the files in `emtheory/report/schemas`
use, and refuses every other word of it.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterator, Mapping
from importlib.resources import files
from math import isfinite
from typing import Any

__all__ = ["fault"]

TYPES: dict[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value),
    "integer": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool) and value == value // 1,
}

SAID = {"$schema", "$id", "$defs", "title", "description"}  # words that ask for nothing


def fault(document: Any, name: str) -> str:
    """The first place where the document is not as the schema file asks, and what is wrong there; "" if none is.

    Arguments:
        document: what `json.loads` returns.
        name: of the file, as "findings".

    >>> fault({"schema": "emtheory.findings/1"}, "findings")
    "it has no 'environment'"
    """
    schema = _schema(name)
    return next(_faults(document, schema, schema, ""), "")


@functools.cache
def _schema(name: str) -> dict[str, Any]:
    text = (files("emtheory.report") / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def _faults(value: Any, schema: Mapping[str, Any], root: Mapping[str, Any], place: str) -> Iterator[str]:
    for word, asked in schema.items():
        if word not in SAID:
            yield from WORDS[word](value, asked, schema, root, place)


def _shown(value: Any) -> str:
    if isinstance(value, (dict, list)):
        return f"a JSON {'object' if isinstance(value, dict) else 'array'}"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:60]}…"


def _type(value: Any, asked: Any, schema: Any, root: Any, place: str) -> Iterator[str]:
    allowed = [asked] if isinstance(asked, str) else asked
    if not any(TYPES[name](value) for name in allowed):
        yield f"{place or 'it'} is {_shown(value)}, not of type {' or '.join(allowed)}"


def _enum(value: Any, asked: Any, schema: Any, root: Any, place: str) -> Iterator[str]:
    if not any(value == entry and type(value) is type(entry) for entry in asked):
        yield f"{place} is {_shown(value)}, not one of {', '.join(map(_shown, asked))}"


def _const(value: Any, asked: Any, schema: Any, root: Any, place: str) -> Iterator[str]:
    yield from _enum(value, [asked], schema, root, place)


def _required(value: Any, asked: Any, schema: Any, root: Any, place: str) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (f"{place or 'it'} has no {name!r}" for name in asked if name not in value)


def _properties(value: Any, asked: Any, schema: Any, root: Any, place: str) -> Iterator[str]:
    if isinstance(value, dict):
        for name, part in asked.items():
            if name in value:
                yield from _faults(value[name], part, root, f"{place}.{name}" if place else name)


def _additional(value: Any, asked: Any, schema: Any, root: Any, place: str) -> Iterator[str]:
    if isinstance(value, dict):
        for name in value:
            if name not in schema.get("properties", {}):
                if asked is False:
                    yield f"{place or 'it'} has the unknown {_shown(name)}"
                elif asked is not True:
                    yield from _faults(value[name], asked, root, f"{place}.{_shown(name)}")


def _items(value: Any, asked: Any, schema: Any, root: Any, place: str) -> Iterator[str]:
    if isinstance(value, list):
        first = len(schema.get("prefixItems", ()))
        for index, entry in enumerate(value[first:], first):
            yield from _faults(entry, asked, root, f"{place}[{index}]")


def _prefix(value: Any, asked: Any, schema: Any, root: Any, place: str) -> Iterator[str]:
    if isinstance(value, list):
        for index, (entry, part) in enumerate(zip(value, asked, strict=False)):
            yield from _faults(entry, part, root, f"{place}[{index}]")


def _least_length(value: Any, asked: Any, schema: Any, root: Any, place: str) -> Iterator[str]:
    if isinstance(value, list) and len(value) < asked:
        yield f"{place} has {len(value)} entries, fewer than {asked}"


def _most_length(value: Any, asked: Any, schema: Any, root: Any, place: str) -> Iterator[str]:
    if isinstance(value, list) and len(value) > asked:
        yield f"{place} has {len(value)} entries, more than {asked}"


def _reference(value: Any, asked: Any, schema: Any, root: Any, place: str) -> Iterator[str]:
    yield from _faults(value, root["$defs"][asked.removeprefix("#/$defs/")], root, place)


def _minimum(value: Any, asked: Any, schema: Any, root: Any, place: str) -> Iterator[str]:
    if TYPES["number"](value) and not value >= asked:
        yield f"{place} is {_shown(value)}, below {asked}"


def _above(value: Any, asked: Any, schema: Any, root: Any, place: str) -> Iterator[str]:
    if TYPES["number"](value) and not value > asked:
        yield f"{place} is {_shown(value)}, not above {asked}"


def _maximum(value: Any, asked: Any, schema: Any, root: Any, place: str) -> Iterator[str]:
    if TYPES["number"](value) and not value <= asked:
        yield f"{place} is {_shown(value)}, above {asked}"


def _pattern(value: Any, asked: Any, schema: Any, root: Any, place: str) -> Iterator[str]:
    if isinstance(value, str) and not re.search(asked, value):
        yield f"{place} is {_shown(value)}, which is not of the form {asked}"


def _any(value: Any, asked: Any, schema: Any, root: Any, place: str) -> Iterator[str]:
    faults = [list(_faults(value, part, root, place)) for part in asked]
    if all(faults):
        yield min(faults, key=len)[0]  # of the form that it most nearly has


WORDS: dict[str, Callable[[Any, Any, Any, Any, str], Iterator[str]]] = {
    "type": _type,
    "enum": _enum,
    "const": _const,
    "required": _required,
    "properties": _properties,
    "additionalProperties": _additional,
    "items": _items,
    "prefixItems": _prefix,
    "minItems": _least_length,
    "maxItems": _most_length,
    "$ref": _reference,
    "minimum": _minimum,
    "exclusiveMinimum": _above,
    "maximum": _maximum,
    "pattern": _pattern,
    "anyOf": _any,
}
