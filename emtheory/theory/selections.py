"""Signed selections: compositions that copy, with a sign, one stored entry into each output.

A selection says x_i(t) = sign_i · (x(t−s), …, x(t−1) stacked)[source_i]: row i of [C_1 … C_s] has at most one nonzero
entry, ±1, at the flat position source_i = (k−1)κ + j (variable k from 1, component j from 0). Injective selections
without zero rows also have *task numbers* (id1, id2, id3); here are both directions.

References: Karuvally, DelMastro, Siegelmann, "Episodic Memory Theory of Recurrent Neural Networks" (2023), whose
experiments name their tasks by such numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from emtheory.system.array_types import Integers

__all__ = ["Selection", "selection_from_numbers", "task_numbers"]


HELP = "see 'emtheory predict --help'"


@dataclass(frozen=True, eq=False)
class Selection:
    """x_i(t) = sign[i] · (x(t−s), …, x(t−1) stacked)[source[i]].

    Arguments:
        source: κ flat positions (k−1)κ + j, from 0; 0 by convention where the sign is 0.
        sign: κ entries −1, 0 or 1.
    """

    source: Integers
    sign: Integers

    def __post_init__(self) -> None:
        self.source.setflags(write=False)
        self.sign.setflags(write=False)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Selection)
            and np.array_equal(self.source, other.source)
            and np.array_equal(self.sign, other.sign)
        )

    def __hash__(self) -> int:
        return hash((self.source.tobytes(), self.sign.tobytes()))


def checked_selection(s: int, kappa: int, source: Any, sign: Any) -> Selection:
    """The selection with these sources and signs, in canonical form.

    Raises:
        ValueError: not κ integers each, a source outside of 0..sκ−1, or a sign other than −1, 0, 1.
    """
    sources, signs = _integers(source, kappa, "source"), _integers(sign, kappa, "sign")
    if not np.isin(signs, (-1, 0, 1)).all():
        wrong = int(signs[~np.isin(signs, (-1, 0, 1))][0])
        raise ValueError(
            f"the signs of a selection must be -1, 0 or 1, but one is {wrong}; use Task.from_blocks for it"
        )
    sources = np.where(signs == 0, 0, sources)
    outside = (sources < 0) | (sources >= s * kappa)
    if outside.any():
        wrong = int(sources[outside][0])
        raise ValueError(
            f"the sources of a selection must be positions 0..{s * kappa - 1} (s·k = {s * kappa} in all), "
            f"but one is {wrong}; position (v-1)*k + j is component j of variable v"
        )
    return Selection(sources, signs)


def _integers(values: Any, length: int, what: str) -> Integers:
    array = np.asarray(values)
    if array.shape != (length,) or array.dtype.kind not in "iu":
        raise ValueError(
            f"the {what} of a selection must be k={length} integers, "
            f"but has shape {array.shape} and type {array.dtype}; give one for each output"
        )
    return array.astype(np.int64)


def selection_from_numbers(s: int, kappa: int, id1: int, id2: int, id3: int) -> Selection:
    """The injective selection with task numbers (id1, id2, id3).

    Bit p of id1 chooses the flat position p; the chosen ones, rising, are c_0 … c_{κ−1}. Digit r of id2 in base κ
    (least significant first), g: swap c_r with c_{r+g}, r rising, g < κ−r. Bit r of id3: output r has sign −1.

    Raises:
        ValueError: not exactly κ ones or one at a bit ≥ sκ in id1, a digit out of range or at r ≥ κ in id2, a bit ≥ κ
            in id3, or a negative number.
    """
    for name, value in (("id1", id1), ("id2", id2), ("id3", id3)):
        if value < 0:
            raise ValueError(f"task number {name} must not be negative, but is {value}; {HELP}")
    chosen = [p for p in range(id1.bit_length()) if id1 >> p & 1]
    if len(chosen) != kappa:
        raise ValueError(
            f"task id {id1} must have exactly k={kappa} ones to choose {kappa} positions, but has {len(chosen)}; {HELP}"
        )
    if chosen[-1] >= s * kappa:
        raise ValueError(
            f"task id {id1} must choose among the s·k={s * kappa} positions 0..{s * kappa - 1}, "
            f"but chooses position {chosen[-1]}; {HELP}"
        )
    for r, step in enumerate(_digits(id2, kappa)):
        chosen[r], chosen[r + step] = chosen[r + step], chosen[r]
    if id3.bit_length() > kappa:
        raise ValueError(
            f"task number id3={id3} must have sign bits 0..{kappa - 1} only, one for each of k={kappa} outputs, "
            f"but sets bit {id3.bit_length() - 1}; {HELP}"
        )
    sign = [-1 if id3 >> r & 1 else 1 for r in range(kappa)]
    return checked_selection(s, kappa, chosen, sign)


def _digits(id2: int, kappa: int) -> list[int]:
    """The digits of id2 in base κ, least significant first, each below κ − r."""
    if kappa == 1 and id2 > 0:
        raise ValueError(f"task number id2 must be 0 for k=1, which has nothing to swap, but is {id2}; {HELP}")
    digits: list[int] = []
    while id2:
        id2, digit = divmod(id2, kappa)
        r = len(digits)
        if r >= kappa:
            raise ValueError(
                f"task number id2 must have at most k={kappa} digits in base {kappa}, but has more; {HELP}"
            )
        if digit >= kappa - r:
            raise ValueError(
                f"digit {r} of task number id2 in base {kappa} must be below {kappa - r} (output {r} can swap with "
                f"the {kappa - r - 1} after it), but is {digit}; {HELP}"
            )
        digits.append(digit)
    return digits


def task_numbers(selection: Selection) -> tuple[int, int, int]:
    """The task numbers (id1, id2, id3) of an injective selection without zero rows.

    Raises:
        ValueError: a zero row, or two outputs with one source.
    """
    source = [int(p) for p in selection.source]
    kappa = len(source)
    if not selection.sign.all():
        r = int(np.flatnonzero(selection.sign == 0)[0])
        raise ValueError(f"only selections without zero rows have task numbers, but output {r} is zero; use C blocks")
    if len(set(source)) != kappa:
        twice = next(p for i, p in enumerate(source) if p in source[:i])
        raise ValueError(
            f"only injective selections have task numbers, but position {twice} is chosen by two outputs; use C blocks"
        )
    current, id2 = sorted(source), 0
    for r, position in enumerate(source):
        step = current.index(position, r) - r
        current[r], current[r + step] = current[r + step], current[r]
        id2 += step * kappa**r
    id1 = sum(1 << p for p in source)
    id3 = sum(1 << r for r, sign in enumerate(selection.sign) if sign < 0)
    return id1, id2, id3
