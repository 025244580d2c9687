"""Strategies that draw exact, structurally valid cases for property-based search.

What a strategy draws is valid by construction, nothing is filtered away: memories are an embedding times invertible
elementary operations, so their rank and their duals are known; entries are small rationals; simple cases come first,
so that counterexamples shrink to something a person can read. Names are plural nouns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from emtheory.judges.exact import Matrix, cycle, direct_sum, eye, hstack, matrix, unit, vstack, zeros
from emtheory.theory.circuits import Circuit
from emtheory.theory.memories import MemoryBasis
from emtheory.theory.tasks import Task

__all__ = [
    "circuits",
    "horizons",
    "input_sequences",
    "interactions",
    "interference_free_tasks",
    "invertible_matrices",
    "matrices",
    "memory_bases",
    "rationals",
    "selections",
    "tasks",
]

INTEGERS = (0, 1, -1, 2, -2)
RATIONALS = (*INTEGERS, Fraction(1, 2), Fraction(-1, 2), 3, -3, Fraction(1, 3), Fraction(-3, 2))
FACTORS: tuple[Any, ...] = (1, -1, 2, Fraction(-1, 2))
DENSE = 36  # up to so many entries each one is drawn on its own; larger matrices are drawn as sparse plus rank one


def rationals() -> SearchStrategy[Any]:
    """Rationals of absolute value at most 3, 0 first."""
    return st.sampled_from(RATIONALS)


@st.composite
def matrices(draw: DrawFn, rows: int, cols: int) -> Matrix:
    """rows × cols matrices; large ones are sparse plus rank one."""
    if rows * cols <= DENSE:
        entries = draw(_vectors(RATIONALS, rows * cols))
        return _table([entries[i * cols : (i + 1) * cols] for i in range(rows)], cols)
    left, right = draw(_vectors(INTEGERS[:3], rows)), draw(_vectors(INTEGERS[:3], cols))
    table: list[list[Any]] = [[a * b for b in right] for a in left]
    for i, j, value in draw(st.lists(_entries(rows, cols, RATIONALS), max_size=20)):
        table[i][j] += value
    return _table(table, cols)


def _vectors(values: Sequence[Any], length: int) -> SearchStrategy[list[Any]]:
    return st.lists(st.sampled_from(values), min_size=length, max_size=length)


def _entries(rows: int, cols: int, values: Sequence[Any]) -> SearchStrategy[tuple[int, int, Any]]:
    return st.tuples(st.integers(0, rows - 1), st.integers(0, cols - 1), st.sampled_from(values))


def _table(rows: list[list[Any]], cols: int) -> Matrix:
    return matrix(rows) if rows and cols else zeros(len(rows), cols)


def invertible_matrices(n: int) -> SearchStrategy[Matrix]:
    """Invertible n × n matrices: products of elementary operations and one scaling, so the inverse is small too."""
    return _elementary(n).map(lambda pair: pair[0])


@st.composite
def _elementary(draw: DrawFn, n: int) -> tuple[Matrix, Matrix]:
    """(P, P⁻¹), P a product of row additions, then a scaling of the rows."""
    additions = draw(st.lists(_additions(n), max_size=min(2 * n, 24))) if n > 1 else []
    scaled = draw(st.lists(st.tuples(st.integers(0, n - 1), st.sampled_from(FACTORS)), max_size=3)) if n else []
    forward = [[Fraction(i == j) for j in range(n)] for i in range(n)]
    inverse = [row[:] for row in forward]  # transposed, so that column operations are row operations too
    for target, source, factor in additions:
        forward[target] = [a + factor * b for a, b in zip(forward[target], forward[source], strict=True)]
        inverse[source] = [a - factor * b for a, b in zip(inverse[source], inverse[target], strict=True)]
    for target, factor in scaled:
        forward[target] = [factor * a for a in forward[target]]
        inverse[target] = [a / factor for a in inverse[target]]
    return _table(forward, n), _table(inverse, n).T


def _additions(n: int) -> SearchStrategy[tuple[int, int, int]]:
    """(target, source, factor), target ≠ source: row target += factor · row source."""
    return st.tuples(st.integers(0, n - 1), st.integers(1, n - 1), st.sampled_from(INTEGERS[1:])).map(
        lambda op: (op[0], (op[0] + op[1]) % n, op[2])
    )


@st.composite
def memory_bases(draw: DrawFn, *, m: int, max_n: int = 40, oblique: bool | None = None) -> MemoryBasis:
    """Bases of m memories in n = m .. max(m, max_n) dimensions, with Ξ†Ξ = I.

    Ξ = P [I_m; 0] with P invertible; oblique duals are [I_m  T] P⁻¹, T random.

    Arguments:
        oblique: True for random left inverses, False for Moore-Penrose ones; None draws either.
    """
    n = m + draw(st.integers(0, max(0, max_n - m)))
    forward, inverse = draw(_elementary(n))
    xi = forward[:, :m]
    if not (draw(st.booleans()) if oblique is None else oblique):
        return MemoryBasis.moore_penrose(xi)
    mixing = draw(matrices(m, n - m)) if 0 < m < n else zeros(m, n - m)
    return MemoryBasis(xi, hstack([eye(m), mixing]) @ inverse)


@st.composite
def interactions(draw: DrawFn, m: int) -> Matrix:
    """m × m memory interactions: random, permutation-like, nilpotent, or a direct sum of cycles and Jordan blocks."""
    if m == 0 or draw(st.booleans()):
        return draw(matrices(m, m))
    parts: list[Matrix] = []
    left = m
    while left:
        size = draw(st.integers(1, left))
        parts.append(draw(st.sampled_from([_jordan, _signed_cycle]))(size, draw(rationals())))
        left -= size
    forward, inverse = draw(_elementary(m))
    return forward @ direct_sum(*parts) @ inverse


def _jordan(size: int, value: Any) -> Matrix:
    """The Jordan block with this eigenvalue."""
    return matrix([[value if i == j else int(j == i + 1) for j in range(size)] for i in range(size)])


def _signed_cycle(size: int, value: Any) -> Matrix:
    """The cyclic shift, its closing entry ±1."""
    return cycle(size) if value >= 0 else direct_sum(eye(size - 1), matrix([[-1]])) @ cycle(size)


@st.composite
def selections(draw: DrawFn, *, max_s: int = 12, max_kappa: int = 6, max_m: int | None = None) -> Task:
    """Signed selections, zero rows and repeated sources included."""
    s, kappa = draw(_sizes(max_s, max_kappa, max_m))
    return draw(_selections(s, kappa))


@st.composite
def _selections(draw: DrawFn, s: int, kappa: int) -> Task:
    source = draw(st.lists(st.integers(0, s * kappa - 1), min_size=kappa, max_size=kappa))
    return Task.from_selection(s, kappa, source, draw(_vectors((1, -1, 0), kappa)))


@st.composite
def _sizes(draw: DrawFn, max_s: int, max_kappa: int, max_m: int | None) -> tuple[int, int]:
    """(s, κ) with sκ ≤ max_m; either is drawn first, so that both get large."""
    if max_m is None:
        return draw(_seldom_one(max_s)), draw(_seldom_one(max_kappa))
    if draw(st.booleans()):
        kappa = draw(_seldom_one(min(max_kappa, max_m)))
        return draw(_seldom_one(min(max_s, max_m // kappa))), kappa
    s = draw(_seldom_one(min(max_s, max_m)))
    return s, draw(_seldom_one(min(max_kappa, max_m // s)))


def _seldom_one(most: int) -> SearchStrategy[int]:
    """1 … most, 1 less often than the others: with s = 1 or κ = 1 much cannot go wrong."""
    return st.sampled_from((1, *(3 * tuple(range(2, most + 1)))))


@st.composite
def interference_free_tasks(draw: DrawFn, *, max_s: int = 12, max_kappa: int = 6, max_m: int | None = None) -> Task:
    """Tasks with C_jC_k = 0 for j = 1..s, k = 2..s, which the serially written circuit solves.

    In a random basis, C_1 = [[A, 0], [B, 0]] and C_k = [[0, 0], [X_k, 0]] for k ≥ 2, not all 0; or C_k = 0 for k ≥ 2,
    which κ = 1 leaves no choice but to be.
    """
    s, kappa = draw(_sizes(max_s, max_kappa, max_m))
    return draw(_interference_free(s, kappa))


@st.composite
def _interference_free(draw: DrawFn, s: int, kappa: int) -> Task:
    # leading components that C reads, and that C_k, k >= 2, never write
    heard = draw(st.integers(1, kappa - 1)) if kappa > 1 and s > 1 and draw(st.integers(0, 3)) else 0
    if heard == 0:
        return Task.from_blocks([draw(matrices(kappa, kappa))] + [zeros(kappa, kappa)] * (s - 1))
    right = zeros(kappa, kappa - heard)
    first = hstack([draw(matrices(kappa, heard)), right])
    reading = sorted(draw(st.sets(st.integers(2, s), min_size=1, max_size=2)))
    later = {k: draw(matrices(kappa - heard, heard)) for k in reading}
    if all(block.is_zero() for block in later.values()):
        later[reading[0]] = draw(st.sampled_from(FACTORS)) * (unit(kappa - heard, 0) @ unit(heard, 0).T)
    forward, inverse = draw(_elementary(kappa))

    def block(k: int) -> Matrix:
        if k in later:
            return hstack([vstack([zeros(heard, heard), later[k]]), right])
        return first if k == 1 else zeros(kappa, kappa)

    return Task.from_blocks([forward @ block(k) @ inverse for k in range(1, s + 1)])


@st.composite
def tasks(draw: DrawFn, *, max_s: int = 12, max_kappa: int = 6, max_m: int | None = None) -> Task:
    """Tasks of every kind: named ones, signed selections, sparse, dense and interference-free compositions.

    Arguments:
        max_m: bound of m = sκ.
    """
    s, kappa = draw(_sizes(max_s, max_kappa, max_m))
    kind = draw(st.sampled_from(("repeat copy", "selection", "sparse", "interference-free", "dense", "compose copy")))
    if kind == "repeat copy":
        return Task.repeat_copy(s, kappa)
    if kind == "compose copy":
        return Task.compose_copy(min(s, kappa))
    if kind == "selection":
        return draw(_selections(s, kappa))
    if kind == "interference-free":
        return draw(_interference_free(s, kappa))
    if kind == "dense" and s * kappa * kappa <= 3 * DENSE:
        return Task.from_blocks([draw(matrices(kappa, kappa)) for _ in range(s)])
    entries = draw(st.lists(_entries(s * kappa, kappa, RATIONALS), max_size=12))
    first = kappa if s > 1 else 0  # one entry in C_2, …, C_s, if there is one of these
    row, column, value = draw(_entries(s * kappa - first, kappa, RATIONALS[1:]))
    late = first + row, column, value
    return Task.from_blocks(_sparse_blocks(s, kappa, [*entries, late]))


def _sparse_blocks(s: int, kappa: int, entries: Iterable[tuple[int, int, Any]]) -> list[Matrix]:
    table = [[Fraction(0)] * kappa for _ in range(s * kappa)]
    for i, j, value in entries:
        table[i][j] = value
    return [matrix(table[k * kappa : (k + 1) * kappa]) for k in range(s)]


@st.composite
def input_sequences(draw: DrawFn, task: Task) -> Matrix:
    """Inputs u(1) … u(s) of a task as a κ × s matrix: all ±1, or rationals."""
    rows, cols = task.kappa, task.s
    values: tuple[Any, ...] = draw(st.sampled_from(((1, -1), RATIONALS)))
    entries = draw(_vectors(values, rows * cols))
    return matrix([entries[i * cols : (i + 1) * cols] for i in range(rows)])


def horizons(task: Task) -> SearchStrategy[int]:
    """Numbers of time steps T from 1 to 3s + 2: inside the input phase, at its end, and well beyond."""
    return st.integers(1, 3 * task.s + 2)


@st.composite
def circuits(
    draw: DrawFn, *, max_n: int = 40, max_s: int = 12, max_kappa: int = 6, oblique: bool | None = None
) -> Circuit:
    """Circuits of any task with sκ ≤ max_n memories, in random bases with a dual.

    Arguments:
        oblique: True for random left inverses, False for Moore-Penrose ones; None draws either.
    """
    task = draw(tasks(max_s=max_s, max_kappa=max_kappa, max_m=max_n))
    return Circuit(task, draw(memory_bases(m=task.s * task.kappa, max_n=max_n, oblique=oblique)))
