"""The trained networks that the package ships as bytes, each with its card; `emtheory.networks.zoo` gives them read."""

from __future__ import annotations

import json
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

__all__ = ["card", "names", "stored"]


def card(name: str) -> dict[str, Any]:
    """The card of a shipped network.

    Raises:
        ValueError: no network has this name.

    >>> card("repeat-copy-s8-k8-n128")["activation"]
    'tanh'
    """
    if name not in names():
        raise ValueError(f"there is no network {name!r} in the zoo; it has {', '.join(names())}")
    found: dict[str, Any] = json.loads((_folder() / f"{name}.json").read_text("utf-8"))
    return found


def names() -> tuple[str, ...]:
    """The names of the shipped networks, sorted."""
    return tuple(sorted(entry.name[:-5] for entry in _folder().iterdir() if entry.name.endswith(".json")))


def stored(name: str) -> bytes:
    """The bytes of a shipped network, after their checksum was held against the card.

    Raises:
        ValueError: no network has this name, or its file is not the one that its card was written for.
    """
    about = card(name)
    data: bytes = (_folder() / about["file"]).read_bytes()
    if sha256(data).hexdigest() != about["sha256"]:
        raise ValueError(f"zoo:{name} is damaged: its sha256 is not the one on its card; install emtheory again")
    return data


def _folder() -> Traversable:
    return files("emtheory.networks") / "zoo"
