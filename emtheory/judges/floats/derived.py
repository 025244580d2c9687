"""Bounds with a provenance: what the judge computed from rounding errors, apart from a number that somebody typed.

`close` accepts a bound only if it is `Derived`: one that `chain`, `run_bound`, `tight_residual` or `enclose` returned,
a slice of it, or the sum of such bounds. A literal, or a bound that was scaled, is refused: it decides nothing.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from emtheory.judges.floats.rounding import up
from emtheory.system.array_types import Array, Floats

__all__ = ["Derived", "derived", "is_derived"]


class Derived(Floats):
    """A float array that remembers whether it is a derived bound; only slices and sums of such stay so."""

    sealed: bool

    def __array_finalize__(self, obj: Any) -> None:
        self.sealed = False

    def __getitem__(self, key: Any) -> Any:
        part = super().__getitem__(key)
        if isinstance(part, Derived):
            part.sealed = self.sealed
        return part

    def __add__(self, other: Any) -> Any:
        total = up(np.add(self, other))
        return derived(total) if is_derived(self) and is_derived(other) else total


def derived(bound: Array) -> Floats:
    """The array, marked as a derived bound."""
    marked: Derived = np.asarray(bound, dtype=np.float64).view(Derived)
    marked.sealed = True
    return marked


def is_derived(bound: Array | Any) -> bool:
    """Whether the judge computed this bound."""
    return isinstance(bound, Derived) and bound.sealed
