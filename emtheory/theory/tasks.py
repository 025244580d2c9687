"""Tasks: what a network has to compute after its input phase.

A task with s variables of dimension κ is a composition C_1 … C_s (κ × κ each): x(t) = u(t) for t ≤ s and
x(t) = Σ_k C_k x(t−s−1+k) for t > s. Main object: `Task`, built by `Task.repeat_copy`, `Task.compose_copy`,
`Task.from_selection`, `Task.from_numbers`, `Task.from_blocks`, or from its command-line text by `Task.parse`.

References: Karuvally, DelMastro, Siegelmann, "Episodic Memory Theory of Recurrent Neural Networks" (2023).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, overload

import numpy as np

from emtheory.judges.exact import Matrix, dyadic, matrix, zeros
from emtheory.system.array_types import Array, Floats
from emtheory.system.limits import must_fit, shown
from emtheory.theory.composition import Composition, composed
from emtheory.theory.selections import Selection, checked_selection, selection_from_numbers, task_numbers
from emtheory.theory.task_words import read_task_word

__all__ = ["Selection", "Task"]


MOST_BITS = 128  # longer task numbers are no names for people
# bytes of the graph of a selection (`cycles`): a few int64 for each of sκ nodes, Python numbers for each of κ outputs
NODE, OUTPUT = 32, 128
EXACT = 128  # bytes of an entry of a block as a rational of 53 bits, with the array that it came from


@dataclass(frozen=True, repr=False)
class Task:
    """x(t) = Σ_k C_k x(t−s−1+k) for t > s, x(t) = u(t) for t ≤ s.

    Arguments:
        s: number of variables, the length of the input phase.
        kappa: dimension of one variable.
        selection: the sparse form, if C is a signed selection; else None.
        dense: the blocks C_1 … C_s, if C is not a signed selection; else None.
        name: what reports call the task.

    Use the constructors; they decide which of the two forms a task has, so that equal tasks compare equal.

    >>> task = Task.compose_copy(2)
    >>> task.C(2)
    matrix([[0, 0], [0, 1]])
    >>> task.outputs(matrix([[1, 2], [3, 4]]), 5)
    matrix([[1, 2, 1, 2, 1], [3, 4, 4, 4, 4]])
    """

    s: int
    kappa: int
    selection: Selection | None
    dense: tuple[Matrix, ...] | None
    name: str

    def __post_init__(self) -> None:
        _check_sizes(self.s, self.kappa)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Task) and self._content() == other._content()

    def __hash__(self) -> int:
        return hash(self._content())

    def _content(self) -> tuple[Any, ...]:
        return self.s, self.kappa, self.selection, self.dense

    def __repr__(self) -> str:
        if self.selection is None:
            return f"Task.from_blocks({list(self.blocks)})"
        source, sign = self.selection.source.tolist(), self.selection.sign.tolist()
        if self.kappa > 100:
            return f"<Task {self.name}>"
        return f"Task.from_selection({self.s}, {self.kappa}, {source}, {sign})"

    @classmethod
    def repeat_copy(cls, s: int, k: int) -> Task:
        """C_1 = I, the rest 0: x(t) = x(t−s), on k-dimensional variables."""
        _check_sizes(s, k)
        selection = checked_selection(s, k, np.arange(k), np.ones(k, dtype=np.int64))
        return cls(s, k, selection, None, f"repeat-copy:s={s},k={k}")

    @classmethod
    def compose_copy(cls, s: int) -> Task:
        """C_k = e_k e_kᵀ, κ = s: x_i(t) = x_i(t−(s+1−i)), i = 1..s."""
        _check_sizes(s, s)
        selection = checked_selection(s, s, np.arange(s) * (s + 1), np.ones(s, dtype=np.int64))
        return cls(s, s, selection, None, f"compose-copy:{s}")

    @classmethod
    def from_selection(cls, s: int, kappa: int, source: Any, sign: Any) -> Task:
        """x_i(t) = sign[i] · (x(t−s), …, x(t−1) stacked)[source[i]].

        Raises:
            ValueError: not κ integers each, a source outside of 0..sκ−1, or a sign other than −1, 0, 1.
        """
        _check_sizes(s, kappa)
        return cls(s, kappa, checked_selection(s, kappa, source, sign), None, f"selection:s={s},k={kappa}")

    @classmethod
    def from_numbers(cls, s: int, k: int, id1: int, id2: int, id3: int) -> Task:
        """The injective selection with task numbers (id1, id2, id3): positions, order, signs.

        >>> Task.from_numbers(8, 8, 255, 0, 0) == Task.repeat_copy(8, 8)
        True

        Raises:
            ValueError: numbers that are not those of a task with s variables of dimension k.
        """
        _check_sizes(s, k)
        selection = selection_from_numbers(s, k, id1, id2, id3)
        return cls(s, k, selection, None, f"selection:s={s},k={k},id={id1}/{id2}/{id3}")

    @classmethod
    def from_blocks(cls, blocks: Sequence[Matrix] | Array, *, name: str | None = None) -> Task:
        """The task with composition C_1 … C_s.

        Arguments:
            blocks: s exact κ × κ matrices, or a finite real array of shape (s, κ, κ), whose floats count with their
                exact (dyadic) value.
            name: what reports call the task.

        Raises:
            ValueError: not square blocks of one size, not finite, or no block at all.
        """
        exact = _exact_blocks(blocks)
        s = len(exact)
        kappa = len(exact[0]) if exact else 0
        _check_sizes(s, kappa)
        for k, block in enumerate(exact, 1):
            if block.shape != (kappa, kappa):
                raise ValueError(
                    f"the blocks C_1..C_{s} must all be {kappa} x {kappa} as C_1 has {kappa} rows, "
                    f"but C_{k} has shape {block.shape}; every C_k maps one variable to one variable"
                )
        selection = _as_selection(exact)
        dense = exact if selection is None else None
        return cls(s, kappa, selection, dense, name or _word(s, kappa, selection))

    @classmethod
    def parse(cls, text: str) -> Task:
        """The task that a command-line word names.

        `repeat-copy:s=8,k=8`, `compose-copy:8`, `selection:s=8,k=8,id=ID1/ID2/ID3`, or the path of an .npy file that
        holds C_1 … C_s as an array of shape (s, κ, κ).

        >>> Task.parse("compose-copy:3").name
        'compose-copy:3'

        Raises:
            ValueError: no such task, or a file that does not hold one.
        """
        kind, value = read_task_word(text)
        if kind == "file":
            return _from_array(value, text)
        constructors: dict[str, Callable[..., Task]] = {
            "repeat-copy": cls.repeat_copy,
            "compose-copy": cls.compose_copy,
            "selection": cls.from_numbers,
        }
        return constructors[kind](*value)

    def C(self, k: int) -> Matrix:
        """The composition block C_k (κ × κ), k = 1..s."""
        if not 1 <= k <= self.s:
            raise ValueError(f"the block index must be 1..s={self.s}, but is {k}; C_1 acts on the oldest variable")
        if self.dense is not None:
            return self.dense[k - 1]
        return self.blocks[k - 1] if "blocks" in self.__dict__ else self._selected_block(k)

    @cached_property
    def blocks(self) -> tuple[Matrix, ...]:
        """C_1 … C_s as exact κ × κ matrices."""
        if self.dense is not None:
            return self.dense
        return tuple(self._selected_block(k) for k in range(1, self.s + 1))

    @property
    def composition(self) -> Composition:
        """The signed selection, or C_1 … C_s if it is none: what `composed` runs."""
        return self.blocks if self.selection is None else self.selection

    def _selected_block(self, k: int) -> Matrix:
        assert self.selection is not None
        source, sign = self.selection.source, self.selection.sign
        rows = np.flatnonzero((source // self.kappa == k - 1) & (sign != 0))
        if not rows.size:
            return zeros(self.kappa, self.kappa)
        table = [[0] * self.kappa for _ in range(self.kappa)]
        for i in rows:
            table[i][int(source[i]) % self.kappa] = int(sign[i])
        return matrix(table)

    def array(self) -> Floats:
        """C_1 … C_s as a float array of shape (s, κ, κ), each entry correctly rounded."""
        if self.selection is None:
            return np.stack([block.numpy() for block in self.blocks])
        result = np.zeros((self.s, self.kappa, self.kappa))
        variable, component = np.divmod(self.selection.source, self.kappa)
        result[variable, np.arange(self.kappa), component] = self.selection.sign
        return result

    def numbers(self) -> tuple[int, int, int]:
        """The task numbers (id1, id2, id3).

        >>> Task.compose_copy(8).numbers()
        (9241421688590303745, 0, 0)

        Raises:
            ValueError: the task is no injective selection without zero rows.
        """
        if self.selection is None:
            raise ValueError("only signed selections have task numbers, but a row of C has other entries; use C blocks")
        return task_numbers(self.selection)

    @overload
    def outputs(self, u: Matrix, T: int) -> Matrix: ...
    @overload
    def outputs(self, u: Array, T: int) -> Array: ...
    def outputs(self, u: Matrix | Array, T: int) -> Matrix | Array:
        """x(1), …, x(T): the inputs, then what the task asks for.

        Arguments:
            u: exact κ × s inputs, or an array (batch, s, κ). Integers stay integers where C is a selection.
            T: number of time steps, T ≥ 1.

        Returns:
            κ × T, or (batch, T, κ).

        Raises:
            ValueError: shapes that do not fit, non-finite inputs, T < 1.
        """
        return composed(self.composition, u, T, s=self.s, serial=False)


def _word(s: int, kappa: int, selection: Selection | None) -> str:
    """The command-line word of a composition, if it has a short one; else its sizes."""
    sizes = f"s={s},k={kappa}"
    if selection is None or not selection.sign.all() or len(set(selection.source.tolist())) < kappa:
        return f"blocks:{sizes}"
    plain = bool((selection.sign == 1).all())
    if plain and np.array_equal(selection.source, np.arange(kappa)):
        return f"repeat-copy:{sizes}"
    if plain and s == kappa and np.array_equal(selection.source, np.arange(s) * (s + 1)):
        return f"compose-copy:{s}"
    if s * kappa > MOST_BITS:
        return f"blocks:{sizes}"
    return f"selection:{sizes},id={'/'.join(map(str, task_numbers(selection)))}"


def _check_sizes(s: int, kappa: int) -> None:
    if s < 1:
        raise ValueError(f"a task needs s >= 1 variables, but s is {s}; s is the length of its input phase")
    if kappa < 1:
        raise ValueError(f"a task needs variables of dimension k >= 1, but k is {kappa}; k is the size of one input")
    what = f"a task with s = {shown(s)} variables of dimension k = {shown(kappa)}"
    must_fit(NODE * s * kappa + OUTPUT * kappa, what, "choose smaller s or k")


def _from_array(array: Array, path: str) -> Task:
    try:
        return Task.from_blocks(array, name=path)
    except ValueError as error:
        raise ValueError(f"task file '{path}': {error}") from None


def _exact_blocks(blocks: Sequence[Matrix] | Array) -> tuple[Matrix, ...]:
    if isinstance(blocks, (list, tuple)) and all(isinstance(block, Matrix) for block in blocks):
        return tuple(blocks)
    array = np.asarray(blocks)
    if array.ndim != 3 or array.dtype.kind not in "fiu" or array.dtype.itemsize > 8:
        raise ValueError(
            f"the blocks of a task must be a real array of shape (s, k, k), "
            f"but have shape {shown(array.shape)} and type {shown(array.dtype)}; stack C_1..C_s along the first axis"
        )
    must_fit(EXACT * array.size, f"a composition with {array.size:,} entries, kept exactly,", "choose smaller s or k")
    if not np.isfinite(array).all():
        raise ValueError("the blocks of a task must be finite, but have NaN or infinite entries; check their source")
    return tuple(dyadic(block) for block in array)


def _as_selection(blocks: tuple[Matrix, ...]) -> Selection | None:
    kappa = len(blocks[0])
    source, sign = [0] * kappa, [0] * kappa
    for k, block in enumerate(blocks):
        for i, row in enumerate(block):
            for j, entry in enumerate(row):
                if entry == 0:
                    continue
                if sign[i] or abs(entry) != 1:
                    return None
                source[i], sign[i] = k * kappa + j, int(entry.p)
    return checked_selection(len(blocks), kappa, source, sign)
