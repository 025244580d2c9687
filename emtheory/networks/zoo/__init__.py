"""Trained networks that the package ships, each with a card that says what it is and how it came about.

`names()` lists them, `card(name)` tells task, sizes, seed, command, accuracy and sha256, `load(name)` reads the
weights and holds them against that sha256. Everywhere a weight file is asked for, `zoo:NAME` will do.

>>> names()[:3]
('repeat-copy-s8-k8-n128', 't1-n128', 't1-n64')
>>> card("repeat-copy-s8-k8-n128")["task"]
'repeat-copy:s=8,k=8'
"""

from __future__ import annotations

import json
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from emtheory.networks.elman import Network

__all__ = ["card", "load", "names", "stored"]


def load(name: str) -> Network:
    """The shipped network `name`, the same as `emtheory.networks.weights.load("zoo:" + name)`.

    >>> load("repeat-copy-s8-k8-n128").W_hh.shape
    (128, 128)

    Raises:
        ValueError: no network has this name, or its file is not the one that its card was written for.
    """
    from emtheory.networks import weights  # which reads the cards

    return weights.load(f"zoo:{name}")


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
