"""Trained networks that the package ships, each with a card that says what it is and how it came about.

`names()` lists them, `card(name)` tells task, sizes, seed, command, accuracy and sha256, `load(name)` reads the
weights and holds them against that sha256. Everywhere a weight file is asked for, `zoo:NAME` will do.

>>> names()[:3]
('repeat-copy-s8-k8-n128', 't1-n128', 't1-n64')
>>> card("repeat-copy-s8-k8-n128")["task"]
'repeat-copy:s=8,k=8'
"""

from __future__ import annotations

from emtheory.networks import weights
from emtheory.networks.cards import card, names
from emtheory.networks.elman import Network

__all__ = ["card", "load", "names"]


def load(name: str) -> Network:
    """The shipped network `name`, the same as `emtheory.networks.weights.load("zoo:" + name)`.

    >>> load("repeat-copy-s8-k8-n128").W_hh.shape
    (128, 128)

    Raises:
        ValueError: no network has this name, or its file is not the one that its card was written for.
    """
    return weights.load(f"zoo:{name}")
