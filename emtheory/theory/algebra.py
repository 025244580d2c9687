"""The circuit's letters for derivations, and the relations between them.

Sizes: n neurons, s variables of dimension kappa, m = s kappa. `Xi` (n x m) holds the memories, `Dual` (m x n) reads
them, `Phi` (m x m) is the companion matrix of the composition C(1) … C(s), W = Xi Phi Dual, and E(k) (m x kappa) is
the block column that selects variable k. Theorems import these letters, so that one name means one thing everywhere.

>>> print(COMPANION)
Phi = Σ[j=1..s - 1] E(j) E(j + 1)ᵀ + Σ[k=1..s] E(s) C(k) E(k)ᵀ   (definition)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from emtheory.judges.exact import Matrix
from emtheory.judges.symbolic import (
    SELECTORS,
    cited,
    definition,
    delta,
    family,
    identical,
    identity,
    indices,
    letter,
    sizes,
    total,
)
from emtheory.theory.circuits import companion, selector
from emtheory.theory.tasks import Task

__all__ = [
    "ACTION",
    "COMPANION",
    "PARTITION",
    "SELECT",
    "STORED",
    "C",
    "Dual",
    "E",
    "Phi",
    "W",
    "Xi",
    "basis_meaning",
    "j",
    "k",
    "kappa",
    "m",
    "n",
    "ranged",
    "s",
    "t",
    "task_meaning",
]

n, s, kappa = sizes("n s kappa")
m = s * kappa
j, k, t = indices("j k t")
Xi, Dual = letter("Xi", n, m), letter("Dual", m, n)
Phi, W = letter("Phi", m, m), letter("W", n, n)
E, C = family("E", m, kappa), family("C", kappa, kappa)

SELECT = cited(
    SELECTORS, E(j).T @ E(k), delta(j, k) * identity(kappa), where=[j >= 1, j <= s, k >= 1, k <= s]
)  # E_jᵀE_k = δ_jk I
PARTITION = total(E(k) @ E(k).T, (k, 1, s))  # the identity, by the same lemma
COMPANION = definition(Phi, total(E(j) @ E(j + 1).T, (j, 1, s - 1)) + total(E(s) @ C(k) @ E(k).T, (k, 1, s)))
STORED = definition(W, Xi @ Phi @ Dual)

# Phi moves variable k to place k - 1 (nowhere, if k = 1) and adds its part C_k to the new variable s
ACTION = identical(
    Phi @ E(k), total(delta(j + 1, k) * E(j), (j, 1, s - 1)) + E(s) @ C(k), [COMPANION, SELECT], where=[k >= 1, k <= s]
)


def ranged(name: str, first: int, last: int, value: Callable[[int], Matrix]) -> Callable[[int], Matrix]:
    """A family's values for first ≤ i ≤ last; any other index is an error, as no derivation may reach it."""

    def element(i: int) -> Matrix:
        if not first <= i <= last:
            raise ValueError(f"{name}({i}) does not exist; {name} has the indices {first} to {last}")
        return value(i)

    return element


def task_meaning(task: Task) -> Mapping[Any, Any]:
    """Values of s, kappa, E, C and Phi for a task."""
    return {
        s: task.s,
        kappa: task.kappa,
        E: ranged("E", 1, task.s, lambda i: selector(task.s, task.kappa, i)),
        C: ranged("C", 1, task.s, task.C),
        Phi: companion(task),
    }


def basis_meaning(task: Task, xi: Matrix, dual: Matrix) -> Mapping[Any, Any]:
    """Values of the task's letters and of n, Xi, Dual and W."""
    return {**task_meaning(task), n: len(xi), Xi: xi, Dual: dual, W: xi @ companion(task) @ dual}
