"""From weights to memories: the deflated Krylov recursion and the spectral projector.

`memories` and `composition` take exact matrices and float arrays alike; `spectral_projector` is exact.

References: `deflated-krylov`, `privileged-basis-unique` and `transient-projection` among the theorems.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from flint import fmpq_poly

from emtheory.judges.exact import Matrix, charpoly, eye

__all__ = ["composition", "deflated", "memories", "plain_memories", "spectral_projector"]

M = TypeVar("M", Matrix, Any)  # an exact matrix, or a float array


def deflated(W: M, U: M, R: M) -> M:
    """A = (I − UR)W, which moves memories and adds nothing: W (n × n), U (n × κ), R (κ × n)."""
    return W - U @ (R @ W)


def memories(W: M, U: M, R: M, s: int) -> list[M]:
    """Ψ_1, …, Ψ_s with Ψ_k = A^{s−k}U, n × κ each.

    >>> from emtheory.judges.exact import matrix
    >>> memories(matrix([[0, 1], [0, 1]]), matrix([[0], [1]]), matrix([[0, 1]]), 2)
    [matrix([[1], [0]]), matrix([[0], [1]])]
    """
    A, found = deflated(W, U, R), [U]
    for _ in range(s - 1):
        found.append(A @ found[-1])
    return found[::-1]


def plain_memories(W: M, U: M, s: int) -> list[M]:
    """W^{s−1}U, …, WU, U: the published recursion, which gives Ψ_1, …, Ψ_s only if C_2 = … = C_s = 0.

    It is here as a baseline; see `power-iteration-validity`.

    >>> from emtheory.judges.exact import matrix
    >>> plain_memories(matrix([[0, 1], [0, 1]]), matrix([[0], [1]]), 2)
    [matrix([[1], [1]]), matrix([[0], [1]])]
    """
    found = [U]
    for _ in range(s - 1):
        found.append(W @ found[-1])
    return found[::-1]


def composition(W: M, R: M, psi: Sequence[M]) -> list[M]:
    """C_1, …, C_s with C_k = RWΨ_k, κ × κ each."""
    read = R @ W
    return [read @ memory for memory in psi]


def spectral_projector(W: Matrix, kept: fmpq_poly) -> Matrix:
    """The projector on ker p(W) along ker q(W), where χ_W = p q with p and q coprime; n × n.

    It is (v q)(W), with u p + v q = 1 by Euclid, so a polynomial in W, and oblique unless W is normal.

    Arguments:
        kept: p, the monic polynomial of the eigenvalues that are kept, with their full multiplicities.

    Raises:
        ValueError: p does not divide χ_W, or shares a root with the rest.

    >>> from emtheory.judges.exact import matrix, polynomial
    >>> spectral_projector(matrix([[1, 1], [0, 0]]), polynomial([-1, 1]))
    matrix([[1, 1], [0, 0]])
    """
    rest, left = divmod(charpoly(W), kept)
    if left.degree() >= 0:  # the zero polynomial has degree -1
        raise ValueError("the polynomial of the kept eigenvalues does not divide the characteristic polynomial")
    common, _, v = kept.xgcd(rest)
    if common.degree() > 0:
        raise ValueError("kept and discarded eigenvalues overlap; keep an eigenvalue with its full multiplicity")
    return _at(v * rest / common[0], W)


def _at(p: fmpq_poly, W: Matrix) -> Matrix:
    """p(W), by Horner's rule."""
    one, value = eye(len(W)), 0 * W
    for coefficient in reversed(p.coeffs()):
        value = value @ W + coefficient * one
    return value
