"""Ground truth: compositions, circuits and matrices with prescribed spectrum and basis, each with its exact answers.

Seeded functions: `unimodular`, `composition`, `circuit`, `jordan_matrix`; hypothesis strategies of the same things:
`compositions`, `circuits`. All entries but those of a `conditioned` circuit are dyadic with few bits, so float32 and
float64 hold them exactly, and what is said about them is true of the arrays that a function is given.

A composition is built from κ scalar recursions of order s, one a component, which a unimodular T mixes: the component
with λˢ − Σ_k c_k λ^{k−1} = Π_j (λ − λ_j)^{p_j} adds the eigenvalue λ_j with one Jordan block of size p_j.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

from emtheory.system.array_types import Complexes, Floats

__all__ = [
    "KINDS",
    "CircuitTruth",
    "CompositionTruth",
    "JordanTruth",
    "circuit",
    "circuits",
    "composition",
    "compositions",
    "conditioned",
    "jordan_matrix",
    "operator",
    "unimodular",
]

Seed = int | Sequence[int] | np.random.Generator
Roots = list[tuple[complex, int]]

KINDS = ("cycle", "nilpotent", "roots")
"""Recursions: λ^j = ±1 for some j ≤ s, C = 0, and real roots 0, ±1/2, ±1 with random multiplicities."""

_ROOTS = (0.0, 1.0, -1.0, 0.5, -0.5)
_TRANSIENTS = (0.5, -0.5, 0.25, 0.0)


def operator(C: Any) -> np.ndarray[Any, np.dtype[Any]]:
    """Φ_C: identity blocks at (j, j+1), [C_1 … C_s] as last block row; C (s, κ, κ), Φ_C (sκ, sκ).

    >>> operator([[[2.0]], [[3.0]]]).tolist()
    [[0.0, 1.0], [2.0, 3.0]]
    """
    blocks = np.asarray(C, dtype=np.complex128 if np.iscomplexobj(C) else np.float64)
    s, kappa, _ = blocks.shape
    Phi = np.zeros((s * kappa, s * kappa), dtype=blocks.dtype)
    Phi += np.eye(s * kappa, k=kappa)
    Phi[(s - 1) * kappa :] = np.hstack(list(blocks))
    return Phi


def unimodular(seed: Seed, n: int, *, shears: int = 3) -> tuple[Floats, Floats]:
    """(P, P⁻¹), both of integers: a signed permutation times `shears` additions of one row to another; n × n each.

    >>> P, inverse = unimodular(0, 4)
    >>> (P @ inverse).tolist() == np.eye(4).tolist()
    True
    """
    rng = np.random.default_rng(seed)
    signs = rng.choice([-1.0, 1.0], n)
    P = np.eye(n)[rng.permutation(n)] * signs
    inverse = P.T.copy()
    for _ in range(shears if n > 1 else 0):
        i, j = rng.choice(n, 2, replace=False)
        sign = rng.choice([-1.0, 1.0])
        P[i] += sign * P[j]
        inverse[:, j] -= sign * inverse[:, i]
    return P, inverse


@dataclass(frozen=True, eq=False)
class CompositionTruth:
    """A composition and what is true of it.

    Attributes:
        C: the blocks (s, κ, κ).
        eigenvalues: of Φ_C, with multiplicity (sκ,); exact but for the rounding of roots of unity.
        chains: X (sκ × sκ), Φ_C X = X J with J the Jordan form.
        block: the size of its largest Jordan block.
    """

    C: Floats
    eigenvalues: Complexes
    chains: Complexes
    block: int

    @property
    def s(self) -> int:
        """The number of variables."""
        return len(self.C)

    @property
    def kappa(self) -> int:
        """The dimension of one variable."""
        return int(self.C.shape[1])

    @cached_property
    def Phi(self) -> Floats:
        """Φ_C (sκ × sκ)."""
        return operator(self.C)


def composition(seed: Seed, s: int, kappa: int, *, kinds: Sequence[str] = KINDS, shears: int = 1) -> CompositionTruth:
    """A random composition of s blocks κ × κ whose components are recursions of these kinds.

    >>> truth = composition(0, 3, 1, kinds=["nilpotent"])
    >>> truth.eigenvalues.tolist(), truth.block
    ([0j, 0j, 0j], 3)
    """
    rng = np.random.default_rng(seed)
    T, inverse = unimodular(rng, kappa, shears=shears)
    parts = [_recursion(rng, s, str(rng.choice(list(kinds)))) for _ in range(kappa)]
    coefficients = np.array([c for c, _ in parts])  # κ × s
    C = np.array([T @ np.diag(coefficients[:, k]) @ inverse for k in range(s)]) + 0.0  # no negative zeros
    columns, values = [], []
    for i, (_, roots) in enumerate(parts):
        for value, count in roots:
            values += [value] * count
            columns += [np.kron(_chain(value, j, s), T[:, i]) for j in range(count)]
    block = max(count for _, roots in parts for _, count in roots)
    return CompositionTruth(C, np.array(values, dtype=np.complex128), np.array(columns).T, block)


def _recursion(rng: np.random.Generator, s: int, kind: str) -> tuple[Floats, Roots]:
    """c_1 … c_s, and the roots of λˢ − Σ_k c_k λ^{k−1} with their multiplicities."""
    c: Any = np.zeros(s)
    if kind == "nilpotent":
        return c, [(0j, s)]
    if kind == "cycle":
        j, sign = int(rng.integers(1, s + 1)), int(rng.choice([-1, 1]))
        c[s - j] = sign
        turns = (2 * np.arange(j) + (sign < 0)) / (2 * j)
        roots = [(complex(np.exp(2j * np.pi * turn)), 1) for turn in turns]
        return c, roots + ([(0j, s - j)] if s > j else [])
    values, counts = np.unique(rng.choice(_ROOTS, s), return_counts=True)
    c = -np.poly(np.repeat(values, counts))[1:][::-1]
    return c, [(complex(v), int(k)) for v, k in zip(values, counts, strict=True)]


def _chain(value: complex, j: int, s: int) -> Complexes:
    """The j-th derivative of (1, λ, …, λ^{s−1}) by λ, over j!: a vector of the Jordan chain of the companion matrix."""
    powers = np.zeros(s, dtype=np.complex128)
    binomial = 1
    for k in range(j, s):
        powers[k] = binomial * value ** (k - j)
        binomial = binomial * (k + 1) // (k + 1 - j)
    return powers


@dataclass(frozen=True, eq=False)
class CircuitTruth:
    """A linear network h(t) = W h(t−1) + U u(t), y(t) = R h(t) that is the circuit of a composition in a known basis.

    Attributes:
        C: the composition (s, κ, κ).
        P, inverse: the basis of the state space and its inverse, n × n; the first m = sκ columns are the memories.
        transients: the n − m eigenvalues on the other columns, which U does not write and R does not read.
        composition: what is known of C and its spectrum, or None.

    >>> truth = circuit(1, 2, 1)
    >>> np.array_equal(truth.W @ truth.Psi, truth.Psi @ truth.Phi)
    True
    """

    C: Floats
    P: Floats
    inverse: Floats
    transients: Floats
    composition: CompositionTruth | None = None

    @property
    def n(self) -> int:
        """The hidden dimension."""
        return len(self.P)

    @property
    def s(self) -> int:
        """The number of variables."""
        return len(self.C)

    @property
    def kappa(self) -> int:
        """The dimension of one variable."""
        return int(self.C.shape[1])

    @property
    def m(self) -> int:
        """The number of memories sκ."""
        return self.s * self.kappa

    @cached_property
    def Phi(self) -> Floats:
        """Φ_C (m × m)."""
        return operator(self.C)

    @property
    def Psi(self) -> Floats:
        """The memories Ψ_1 … Ψ_s side by side (n × m)."""
        return self.P[:, : self.m]

    @property
    def dual(self) -> Floats:
        """What reads them (m × n), dual Psi = I."""
        return self.inverse[: self.m]

    @cached_property
    def W(self) -> Floats:
        """P diag(Φ_C, transients) P⁻¹ (n × n)."""
        moved = np.diag(np.append(np.zeros(self.m), self.transients))
        moved[: self.m, : self.m] = self.Phi
        W: Floats = self.P @ moved @ self.inverse + 0.0
        return W

    @property
    def U(self) -> Floats:
        """The write operator Ψ_s (n × κ)."""
        return self.Psi[:, self.m - self.kappa :]

    @property
    def R(self) -> Floats:
        """The read operator (κ × n), R U = I."""
        return self.dual[self.m - self.kappa :]

    @cached_property
    def condition(self) -> float:
        """‖P‖₂‖P⁻¹‖₂."""
        return float(np.linalg.norm(self.P, 2) * np.linalg.norm(self.inverse, 2))

    def moved(self, T: Floats, inverse: Floats) -> CircuitTruth:
        """The same circuit in the state space T h: W ↦ TWT⁻¹, U ↦ TU, R ↦ RT⁻¹."""
        return replace(self, P=T @ self.P, inverse=self.inverse @ inverse)

    def computing(self, C: Floats) -> CircuitTruth:
        """The circuit of another composition of this size, in the same basis."""
        return replace(self, C=C, composition=None)


def circuit(
    seed: Seed, s: int, kappa: int, *, hidden: int = 0, kinds: Sequence[str] = KINDS, shears: int = 2
) -> CircuitTruth:
    """A circuit of a random composition in a random unimodular basis of n = sκ + hidden units.

    >>> circuit(0, 2, 2, hidden=1).W.shape
    (5, 5)
    """
    rng = np.random.default_rng(seed)
    known = composition(rng, s, kappa, kinds=kinds)
    P, inverse = unimodular(rng, s * kappa + hidden, shears=shears)
    return CircuitTruth(known.C, P, inverse, rng.choice(_TRANSIENTS, hidden), known)


def conditioned(seed: Seed, known: CompositionTruth, *, hidden: int = 0, condition: float = 1.0) -> CircuitTruth:
    """The circuit in a basis with singular values from 1 to 1/condition; orthogonal for 1. W is rounded.

    >>> truth = conditioned(0, composition(0, 2, 1), condition=8.0)
    >>> bool(abs(truth.condition - 8) < 1e-12)
    True
    """
    rng = np.random.default_rng(seed)
    n = known.s * known.kappa + hidden
    left, right = (np.linalg.qr(rng.standard_normal((n, n)))[0] for _ in range(2))
    sizes = np.geomspace(1.0, 1.0 / condition, n)
    P, inverse = left * sizes @ right, right.T / sizes @ left.T
    return CircuitTruth(known.C, P, inverse, rng.choice(_TRANSIENTS, hidden), known)


@dataclass(frozen=True, eq=False)
class JordanTruth:
    """W = P J P⁻¹ (n × n), exactly, with its spectral radius and what bounds the eigenvalues that floats can find.

    Attributes:
        W: the matrix.
        radius: the largest modulus of an eigenvalue.
        condition: of a basis in which W has its Jordan form.
        block: the size of the largest Jordan block.
    """

    W: Floats
    radius: float
    condition: float
    block: int


def jordan_matrix(seed: Seed, blocks: Sequence[tuple[complex, int]], *, shears: int = 2) -> JordanTruth:
    """A matrix with these Jordan blocks (real eigenvalue, size), or (imaginary eigenvalue, 1), which means ±iy.

    >>> truth = jordan_matrix(0, [(0.5, 2), (2j, 1)])
    >>> truth.W.shape, truth.radius, truth.block
    ((4, 4), 2.0, 2)
    """
    parts: list[Floats] = []
    for value, size in blocks:
        if value.imag:
            parts.append(np.array([[0.0, -value.imag], [value.imag, 0.0]]))
        else:
            parts.append(value.real * np.eye(size) + np.eye(size, k=1))
    n = sum(len(part) for part in parts)
    J, at = np.zeros((n, n)), 0
    for part in parts:
        J[at : at + len(part), at : at + len(part)] = part
        at += len(part)
    P, inverse = unimodular(seed, n, shears=shears)
    condition = float(np.linalg.norm(P, 2) * np.linalg.norm(inverse, 2))
    radius = max(abs(value) for value, _ in blocks)
    return JordanTruth(P @ J @ inverse + 0.0, radius, condition, max(size for _, size in blocks))


def compositions(*, max_s: int = 4, max_kappa: int = 3) -> SearchStrategy[CompositionTruth]:
    """A hypothesis strategy of `composition`; it shrinks to s = κ = 1.

    >>> from hypothesis import find
    >>> find(compositions(), lambda truth: True).C.shape
    (1, 1, 1)
    """
    from hypothesis import strategies as st

    return st.builds(composition, st.integers(0, 2**32 - 1), st.integers(1, max_s), st.integers(1, max_kappa))


def circuits(*, max_s: int = 4, max_kappa: int = 3, max_hidden: int = 2) -> SearchStrategy[CircuitTruth]:
    """A hypothesis strategy of `circuit`; it shrinks to one unit.

    >>> from hypothesis import find
    >>> find(circuits(), lambda truth: True).n
    1
    """
    from hypothesis import strategies as st

    sizes = st.integers(1, max_s), st.integers(1, max_kappa)
    return st.builds(circuit, st.integers(0, 2**32 - 1), *sizes, hidden=st.integers(0, max_hidden))
