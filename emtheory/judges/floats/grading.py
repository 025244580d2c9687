"""Bases for defective matrices: eigenvectors where there are enough, a graded chain where the matrix is nilpotent.

A circuit that forgets has Jordan blocks at 0, and no basis of eigenvectors for `eigenvalue_discs` to start from. With
ℝⁿ = range Aᵖ ⊕ ker Aᵖ and a basis of ker Aᵖ along ker A ⊂ ker A² ⊂ … ⊂ ker Aᵖ, A takes each layer into the lower ones;
scaling layer j by δʲ shrinks what it leaves there to O(δ), at the price of rounding errors grown by δ⁻ᵖ. The discs
around 0 then have a radius of about δ = 2^(−b/p), b ≈ 40 bits: that is all a Jordan block of size p allows in double
precision. Nothing here is proved or needs to be: the bases are starts for discs that prove what they claim.

References: R. A. Horn, C. R. Johnson, Matrix Analysis, 2nd ed., section 3.1 (nested kernels) and 6.1 (scaled discs).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from flint import nmod_mat

from emtheory.judges.exact import Matrix
from emtheory.judges.floats import kernels
from emtheory.system.array_types import Array, Floats

__all__ = ["graded_bases"]

_BITS = (40, 34, 28, 46)  # b: of 53 bits, the size and the conditioning of the basis cost some; the likeliest first
_PRIME = 2**61 - 1


def graded_bases(a: Matrix) -> Iterator[Array]:
    """X (n x n, float or complex), for several δ: X⁻¹AX is nearly diagonal if A is semisimple but for the eigenvalue 0.

    Give one to `eigenvalue_discs(a, basis=X)`.

    >>> from emtheory.judges.exact import matrix
    >>> abs(next(graded_bases(matrix([[0, 1], [0, 0]])))).tolist() == [[1.0, 0.0], [0.0, 2.0**-20]]
    True
    """
    n = len(a)
    ranks = _power_ranks(a)
    values = a.numpy()
    values = values / (np.abs(values).sum(axis=1).max(initial=0.0) or 1.0)
    power, chain, levels = np.eye(n), np.zeros((n, 0)), list[int]()
    for level, rank in enumerate(ranks):
        power = kernels.product(power, values)
        fresh = _next_layer(power, chain, n - rank)
        chain, levels = np.hstack([chain, fresh]), levels + [level] * fresh.shape[1]
    eigenvectors = _eigenvectors(values, kernels.svd(power)[0][:, : n - len(levels)])
    for bits in _BITS if levels else ():
        yield np.hstack([eigenvectors, chain * 2.0 ** (-bits / len(ranks) * np.array(levels))])


def _power_ranks(a: Matrix) -> list[int]:
    """rank A, rank A², … until the rank stays; modulo a prime, which can only err downwards and is fast."""
    numerators, _ = a.flint.numer_denom()
    residues = nmod_mat(numerators, _PRIME)
    power, ranks, before = residues, [], len(a)
    while (rank := int(power.rank())) < before:
        ranks.append(rank)
        power, before = power * residues, rank
    return ranks


def _next_layer(power: Floats, chain: Floats, nullity: int) -> Floats:
    """What the kernel of this power adds to the kernels before it, orthonormal."""
    kernel = kernels.svd(power)[1][len(power) - nullity :].T
    beyond = kernel - kernels.product(chain, kernels.product(chain.T, kernel))
    return np.asarray(kernels.svd(beyond)[0][:, : nullity - chain.shape[1]])


def _eigenvectors(a: Floats, span: Floats) -> Array:
    """Eigenvectors of A within the invariant subspace that these orthonormal columns span."""
    within = kernels.product(kernels.product(span.T, a), span)
    return kernels.product(span, kernels.eig(within)[1])
