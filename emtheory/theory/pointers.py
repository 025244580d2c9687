"""Pointer chase: what a signed selection puts out at any time, without simulating it.

x_i(t) = ε_i x_j(t − p_i) for t > s, with j = source_i mod κ and a lag p_i of 1 to s steps: a signed functional graph on
κ nodes whose edges take time. So x_i(t) = ±u_j(τ) with 1 ≤ τ ≤ s, or 0 where a zero row is met. One jump of κ edges
reaches a cycle; there time counts modulo the cycle's length, and the last edges are found by bisection. A query takes
O(log κ) operations for any t, after O(κ log κ) of preparation, in whole numbers: nothing is rounded.

>>> from emtheory.theory.tasks import Task
>>> sign, component, time = PointerChase(Task.compose_copy(3)).read([0, 1, 2], 10**18)
>>> sign.tolist(), component.tolist(), time.tolist()
([1, 1, 1], [0, 1, 2], [1, 2, 3])
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from emtheory.system.array_types import Integers
from emtheory.theory.tasks import Task

__all__ = ["PointerChase", "Read"]


class Read(NamedTuple):
    """x_i(t) = sign · u_component(time); sign 0 where x_i(t) = 0."""

    sign: Integers
    component: Integers
    time: Integers


class _Jump(NamedTuple):
    """A number of edges at once: where they lead, how long they take, and the product of their signs."""

    target: Integers
    lag: Integers
    sign: Integers

    def then(self, other: _Jump) -> _Jump:
        """This jump, and another from where it leads."""
        to = self.target
        return _Jump(other.target[to], self.lag + other.lag[to], self.sign * other.sign[to])


class PointerChase:
    """Answers where x_i(t) of a signed selection comes from, for any number of (i, t) at once.

    Raises:
        ValueError: the task is no signed selection.
    """

    def __init__(self, task: Task) -> None:
        if task.selection is None:
            raise ValueError(
                f"task {task.name} is no signed selection; only selections read one stored value an output"
            )
        self.s, self.kappa = task.s, task.kappa
        variable, component = np.divmod(task.selection.source, task.kappa)
        silent = task.selection.sign == 0
        # node κ stands for "nothing": a zero row leads there, and it to itself
        target = np.append(np.where(silent, task.kappa, component), task.kappa)
        lag = np.append(np.where(silent, 1, task.s - variable), 1)
        self._jumps = [_Jump(target, lag, np.append(task.selection.sign, 0))]
        while 2 ** (len(self._jumps) - 1) <= task.kappa:
            self._jumps.append(self._jumps[-1].then(self._jumps[-1]))

    @cached_property
    def _cycles(self) -> tuple[Integers, Integers, Integers, Integers, Integers]:
        """Of each node on a cycle: its length and sign; where it stands on the line of all cycles laid out twice; the
        times of that line, and its nodes."""
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import connected_components

        edge, size = self._jumps[0], self.kappa + 1
        nodes = np.unique(self._jumps[-1].target)
        graph = csr_array((np.ones(len(nodes), dtype=np.int8), (nodes, edge.target[nodes])), shape=(size, size))
        _, label = connected_components(graph, directed=False)
        length = np.bincount(label[nodes], weights=edge.lag[nodes], minlength=label.max() + 1).astype(np.int64)[label]
        negative = np.bincount(label[nodes], weights=edge.sign[nodes] < 0, minlength=label.max() + 1)[label]
        order = self._laid_out(nodes)
        line = np.concatenate([[0], np.cumsum(edge.lag[order])])[:-1]
        place = np.zeros(size, dtype=np.int64)
        place[order[::-1]] = np.arange(len(order))[::-1]  # the first of the two times that a node occurs
        return length, np.where(negative % 2 == 1, -1, 1), place, line, order

    def _laid_out(self, nodes: Integers) -> Integers:
        """The nodes of every cycle in the order of their edges, each cycle twice."""
        target, seen, order = self._jumps[0].target.tolist(), set[int](), list[int]()
        for start in nodes.tolist():
            cycle, node = [], start
            while node not in seen:
                seen.add(node)
                cycle.append(node)
                node = target[node]
            order += cycle + cycle
        return np.array(order, dtype=np.int64)

    def read(self, component: Any, t: Any) -> Read:
        """Where x_i(t) comes from, for components i = 0 … κ − 1 and times t ≥ 1, broadcast against each other.

        Times may exceed 64 bits. Raises:
            ValueError: a component or a time out of range.
        """
        times = np.asarray(t)
        if times.dtype.kind != "i":  # numpy makes times beyond 63 bits unsigned or floats, which wrap or round
            times = np.asarray(t, dtype=object)
            if not all(isinstance(value, (int, np.integer)) for value in times.flat):
                raise ValueError("times are whole numbers; give integers, not floats")
        node, time = (np.array(part) for part in np.broadcast_arrays(np.asarray(component), times))
        if node.size and not (node.min() >= 0 and node.max() < self.kappa and time.min() >= 1):
            raise ValueError(f"components are 0..{self.kappa - 1} and times start at 1")
        sign = np.ones(node.shape, dtype=np.int64)
        far = time > self.s
        node[far], time[far], sign[far] = self._chased(node[far], time[far])
        sign = np.where(node == self.kappa, 0, sign)
        quiet = sign == 0
        return Read(sign, np.where(quiet, 0, node), np.where(quiet, 0, time).astype(np.int64))

    def _chased(self, node: Integers, time: Any) -> tuple[Integers, Any, Integers]:
        sign = np.ones(node.shape, dtype=np.int64)
        jump = self._jumps[-1]
        deep = time - jump.lag[node] > self.s
        for power in range(len(self._jumps) - 1, -1, -1):  # the others end on their tail, or a little after it
            near = ~deep & (time - self._jumps[power].lag[node] > self.s)
            _move(near, self._jumps[power], node, time, sign)
        _move(deep, jump, node, time, sign)
        self._go_round(deep, node, time, sign)
        _move(time > self.s, self._jumps[0], node, time, sign)
        return node, time, sign

    def _go_round(self, chosen: Any, node: Integers, time: Any, sign: Integers) -> None:
        """On a cycle: whole rounds at once, then all edges but the last, found by bisection on the line."""
        length, around, place, line, order = self._cycles
        at, now = node[chosen], time[chosen]
        rounds = (now - self.s - 1) // length[at]
        turned = np.where((rounds % 2 == 1).astype(bool), around[at], 1)
        now = (now - rounds * length[at]).astype(np.int64)
        first = place[at]
        last = np.searchsorted(line, line[first] + now - self.s, side="left") - 1
        edges = self._signs_along
        sign[chosen] *= turned * np.where((edges[last] - edges[first]) % 2 == 1, -1, 1)
        node[chosen] = order[last]
        time[chosen] = now - (line[last] - line[first])

    @cached_property
    def _signs_along(self) -> Integers:
        """How many negative edges there are before each place of the line."""
        *_, order = self._cycles
        return np.concatenate([[0], np.cumsum(self._jumps[0].sign[order] < 0)])[:-1]


def _move(chosen: Any, jump: _Jump, node: Integers, time: Any, sign: Integers) -> None:
    """The chosen ones jump."""
    at = node[chosen]
    time[chosen] = time[chosen] - jump.lag[at]
    sign[chosen] *= jump.sign[at]
    node[chosen] = jump.target[at]
