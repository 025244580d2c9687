"""The predicted spectrum of a task: the eigenvalues of Φ_C, exactly and without an eigensolver.

det(λI − Φ_C) = det(λˢI − Σ_k λ^{k−1}C_k). For a signed selection it factors by the cycles of a graph: ∏ (λ^ℓ − ε)
times a power of λ. *Persistent* eigenvalues are the nonzero ones; there are rank Φ_C^{sκ} of them.

Main functions: `predicted_spectrum(task)`, `cycle_type(task)`, `jordan_at_zero(task)`, `power_rank(task, k)`.

References: Gohberg, Lancaster, Rodman, "Matrix Polynomials" (1982), for the block companion matrix.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
from flint import ctx, fmpq, fmpq_poly

from emtheory.judges.exact import monomial, polynomial
from emtheory.judges.floats.eigenvalues import on_circle, roots_of_unity
from emtheory.system.array_types import Complexes
from emtheory.theory.circuits import companion
from emtheory.theory.cycles import cycles_of, heights_of
from emtheory.theory.tasks import Task

__all__ = ["Cycle", "Spectrum", "cycle_type", "jordan_at_zero", "power_rank", "predicted_spectrum"]


@dataclass(frozen=True)
class Cycle:
    """`count` cycles of length `order` with sign product `sign`: the factor (λ^order − sign)^count."""

    order: int
    sign: int
    count: int


@dataclass(frozen=True)
class Spectrum:
    """The eigenvalues of Φ_C with their multiplicities.

    Arguments:
        zeros: the algebraic multiplicity of 0.
        cycles: for signed selections, what the other eigenvalues are; else None.
        nonzero: for other compositions, the characteristic polynomial without its power of λ; else None.
    """

    zeros: int
    cycles: tuple[Cycle, ...] | None
    nonzero: fmpq_poly | None

    @property
    def persistent(self) -> int:
        """The number of nonzero eigenvalues, rank Φ_C^{sκ}."""
        if self.cycles is not None:
            return sum(cycle.order * cycle.count for cycle in self.cycles)
        assert self.nonzero is not None
        return int(self.nonzero.degree())

    def multiplicities(self) -> list[tuple[complex, int]]:
        """(eigenvalue, algebraic multiplicity), each eigenvalue once and within about an ulp, by argument; 0 last.

        >>> predicted_spectrum(Task.compose_copy(2)).multiplicities()
        [((1+0j), 2), ((-1+0j), 1), (0j, 1)]
        """
        nonzero = self._roots_of_unity() if self.cycles is not None else self._roots()
        return nonzero + ([(0j, self.zeros)] if self.zeros else [])

    def _roots_of_unity(self) -> list[tuple[complex, int]]:
        assert self.cycles is not None
        turns: Counter[Fraction] = Counter()
        for cycle in self.cycles:
            for numerator in range(cycle.sign < 0, 2 * cycle.order, 2):
                turns[Fraction(numerator, 2 * cycle.order)] += cycle.count
        ordered = sorted(turns)
        points, _ = on_circle([fmpq(t.numerator, t.denominator) for t in ordered])
        return [(complex(point), turns[turn]) for point, turn in zip(points, ordered, strict=True)]

    def _roots(self) -> list[tuple[complex, int]]:
        assert self.nonzero is not None
        if self.persistent == 0:
            return []
        with ctx.workprec(96):  # 53 bits and a margin: the midpoints then round to within an ulp
            found: list[Any] = self.nonzero.complex_roots()
        roots = [(complex(root), int(count)) for root, count in found]
        return sorted(roots, key=lambda pair: (np.angle(pair[0]) % (2 * np.pi), abs(pair[0])))

    def eigenvalues(self) -> Complexes:
        """All sκ eigenvalues, each as often as its multiplicity, zeros last."""
        if self.cycles is None:
            values, counts = zip(*self.multiplicities(), strict=True)
            return np.repeat(np.array(values, dtype=np.complex128), counts)
        parts = [np.tile(roots_of_unity(c.order, sign=c.sign).centers, c.count) for c in self.cycles]
        return np.concatenate([*parts, np.zeros(self.zeros, dtype=np.complex128)])

    def charpoly(self) -> fmpq_poly:
        """det(λI − Φ_C), exactly.

        >>> predicted_spectrum(Task.compose_copy(2)).charpoly()
        x^4 + (-1)*x^3 + (-1)*x^2 + x
        """
        if self.cycles is None:
            assert self.nonzero is not None
            return self.nonzero.left_shift(self.zeros)
        product = monomial(0)
        for cycle in self.cycles:
            product *= (monomial(cycle.order) - cycle.sign) ** cycle.count
        return product.left_shift(self.zeros)


def predicted_spectrum(task: Task) -> Spectrum:
    """The eigenvalues of Φ_C: by cycle decomposition for signed selections, else by the matrix polynomial.

    >>> spectrum = predicted_spectrum(Task.compose_copy(8))
    >>> spectrum.persistent, spectrum.zeros
    (36, 28)
    """
    if task.selection is None:
        charpoly = _determinant(_matrix_polynomial(task))
        zeros = next(i for i, c in enumerate(charpoly.coeffs()) if c != 0)
        return Spectrum(zeros, None, polynomial(charpoly.coeffs()[zeros:]))
    cycles = cycle_type(task)
    return Spectrum(task.s * task.kappa - sum(c.order * c.count for c in cycles), cycles, None)


def cycle_type(task: Task) -> tuple[Cycle, ...]:
    """The cycles of a signed selection, by length, positive first.

    >>> cycle_type(Task.repeat_copy(3, 2))
    (Cycle(order=3, sign=1, count=2),)

    Raises:
        ValueError: the task is no signed selection.
    """
    if task.selection is None:
        raise ValueError(
            f"only signed selections have a cycle type, but '{task.name}' has other entries than one ±1 a row"
        )
    return tuple(Cycle(*cycle) for cycle in cycles_of(task.selection, task.s))


def jordan_at_zero(task: Task) -> dict[int, int]:
    """How many Jordan blocks of each size Φ_C has at the eigenvalue 0.

    #(size k) = rank Φ^{k−1} − 2 rank Φᵏ + rank Φ^{k+1}; for selections by the heights of the nodes.

    >>> jordan_at_zero(Task.compose_copy(4))
    {1: 1, 2: 1, 3: 1}
    """
    if task.selection is not None:
        at_least = heights_of(task.selection, task.s).tolist()  # blocks of size >= k: nodes of height k − 1
    else:
        ranks = _ranks(task, task.s * task.kappa + 1)
        at_least = [before - after for before, after in pairwise(ranks)]
    sizes = [(k, more - fewer) for k, (more, fewer) in enumerate(pairwise([*at_least, 0]), 1)]
    return {k: number for k, number in sizes if number}


def power_rank(task: Task, k: int) -> int:
    """rank Φ_Cᵏ; k = s gives the least number of state dimensions that determine the outputs over real inputs.

    >>> power_rank(Task.compose_copy(8), 8)
    36

    Raises:
        ValueError: k < 0.
    """
    if k < 0:
        raise ValueError(f"the power must be at least 0, but is {k}")
    if task.selection is not None:
        return task.s * task.kappa - int(heights_of(task.selection, task.s)[:k].sum())
    return (companion(task) ** k).rank()


def _ranks(task: Task, powers: int) -> list[int]:
    """rank Φ_Cᵏ for k = 0, 1, … until it stays, at most `powers` of them."""
    Phi = companion(task)
    power, ranks = Phi**0, [len(Phi)]
    while len(ranks) < powers:
        power = Phi @ power
        ranks.append(power.rank())
        if ranks[-1] == ranks[-2]:
            break
    return ranks


def _matrix_polynomial(task: Task) -> list[list[fmpq_poly]]:
    """λˢI − Σ_k λ^{k−1}C_k as a κ × κ table of polynomials."""

    def entry(i: int, j: int) -> fmpq_poly:
        coefficients = [-block[i, j] for block in task.blocks]
        return polynomial([*coefficients, int(i == j)])

    return [[entry(i, j) for j in range(task.kappa)] for i in range(task.kappa)]


def _determinant(table: list[list[fmpq_poly]]) -> fmpq_poly:
    """The determinant of λˢI − …, by fraction-free (Bareiss) elimination; its leading minors are monic, never zero."""
    rows, previous = table, monomial(0)
    while len(rows) > 1:
        first, *others = rows
        rows = [[(first[0] * row[j] - row[0] * first[j]) // previous for j in range(1, len(first))] for row in others]
        previous = first[0]
    return rows[0][0]
