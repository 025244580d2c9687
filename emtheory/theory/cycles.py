"""The graph of a signed selection: its cycles and the heights of its nodes, in O(sκ).

Row p of Φ_C has at most one entry, ±1, in column f(p): a signed partial functional graph on sκ nodes,
f(k, j) = (k+1, j) and f(s, i) = source_i. Chains of shifts are never built: on the κ nodes (s, i) alone
i → j = source_i mod κ has length s+1−k if source_i belongs to variable k. A cycle of length ℓ with sign product ε
contributes λ^ℓ − ε to the characteristic polynomial, and every node on no cycle a factor λ.

The *height* of a node is the length of the longest path that ends in it, infinite on and after cycles:
rank Φ_Cᵏ = #(height ≥ k), so Φ_C has #(height k−1) − #(height k) Jordan blocks of size k at 0.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from emtheory.system.array_types import Integers, Mask
from emtheory.theory.selections import Selection

__all__ = ["ENDLESS", "cycles_of", "heights_of"]

ENDLESS = np.iinfo(np.int64).max // 4  # the height of nodes that a cycle reaches; far above any finite height


def cycles_of(selection: Selection, s: int) -> list[tuple[int, int, int]]:
    """(length ℓ, sign ε, how many), sorted by length, positive first.

    >>> from emtheory.theory.tasks import Task
    >>> cycles_of(Task.compose_copy(3).selection, 3)
    [(1, 1, 1), (2, 1, 1), (3, 1, 1)]
    """
    target, length = _contracted(selection, s)
    on_cycle, label = _components(target)
    lengths = np.bincount(label[on_cycle], weights=length[on_cycle]).astype(np.int64)
    negative = np.bincount(label[on_cycle], weights=selection.sign[on_cycle] < 0).astype(np.int64) % 2
    found = lengths > 0
    code, count = np.unique(2 * lengths[found] + negative[found], return_counts=True)
    return [(int(c) // 2, -1 if c % 2 else 1, int(number)) for c, number in zip(code, count, strict=True)]


def _contracted(selection: Selection, s: int) -> tuple[Integers, Integers]:
    """(target, length) of each node i: i → target_i over length_i edges of the full graph; target −1 for zero rows."""
    variable, component = np.divmod(selection.source, len(selection.source))
    return np.where(selection.sign == 0, -1, component), s - variable


def _components(target: Integers) -> tuple[Mask, np.ndarray[Any, np.dtype[np.int32]]]:
    """Which nodes lie on a cycle, and the number of each node's strong component."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    kappa = len(target)
    indptr = np.concatenate([[0], np.cumsum(target >= 0)]).astype(np.int32)
    edges = target[target >= 0].astype(np.int32)
    graph = csr_array((np.ones(len(edges), dtype=np.int8), edges, indptr), shape=(kappa, kappa))
    _, label = connected_components(graph, directed=True, connection="strong")
    alone = np.bincount(label)[label] == 1
    return ~alone | (target == np.arange(kappa)), label


def heights_of(selection: Selection, s: int) -> Integers:
    """How many of the sκ nodes have height 0, 1, 2, …; nodes that a cycle reaches are not counted.

    >>> from emtheory.theory.tasks import Task
    >>> heights_of(Task.compose_copy(3).selection, 3).tolist()
    [2, 1]
    """
    kappa = len(selection.source)
    target, length = _contracted(selection, s)
    ends = np.array(_chain_ends(target, length, s), dtype=np.int64)
    # entry[k, j]: the height that node (k+1, j) gets by its edges from the last variable alone
    entry = np.zeros(s * kappa, dtype=np.int64)
    active = selection.sign != 0
    np.maximum.at(entry, selection.source[active], np.minimum(ends[active] + 1, ENDLESS))
    steps = np.arange(s)[:, np.newaxis]
    heights = np.maximum.accumulate(entry.reshape(s, kappa) - steps, axis=0) + steps
    return np.bincount(heights[heights < ENDLESS // 2])


def _chain_ends(target: Integers, length: Integers, s: int) -> list[int]:
    """The height of each node (s, i), by peeling off nodes that nothing unpeeled points to."""
    targets, lengths = target.tolist(), length.tolist()
    waiting = np.bincount(target[target >= 0], minlength=len(target))
    height = [s - 1] * len(targets)
    ready = np.flatnonzero(waiting == 0).tolist()
    left = waiting.tolist()
    peeled = [False] * len(targets)
    while ready:
        i = ready.pop()
        peeled[i] = True
        j = targets[i]
        if j < 0:
            continue
        height[j] = max(height[j], height[i] + lengths[i])
        left[j] -= 1
        if not left[j]:
            ready.append(j)
    return [h if done else ENDLESS for h, done in zip(height, peeled, strict=True)]
