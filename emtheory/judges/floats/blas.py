"""A self-test of the BLAS behind numpy: the bounds of this judge assume one that rounds as IEEE 754 says.

Products of integers below 2²², with sums below 2⁵³, must come out exactly as in int64 (a build that multiplies in
reduced precision, or a kernel that drops a tail, fails), and the smallest subnormal must survive a product.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from emtheory.judges.floats.rounding import TINY
from emtheory.verdict import Kind, Outcome, Verdict, proved, refuted

__all__ = ["blas_self_test", "require_sound_blas"]

# (rows, inner, columns): below, at and above the block sizes of common kernels, and matrix-vector shapes
_SHAPES = ((1, 1, 1), (3, 5, 7), (64, 64, 64), (65, 129, 33), (128, 257, 96), (96, 200, 1), (1, 200, 96))


@cache
def blas_self_test() -> Verdict:
    """Whether integer-valued matrix products agree with int64 exactly, and subnormals survive; run once a process.

    A test of sample products, hence `OBSERVED`, not a proof about the library.

    >>> blas_self_test().outcome
    <Outcome.PROVED: 'proved'>
    """
    scope = f"{2 * len(_SHAPES)} integer products, subnormals"
    rng = np.random.default_rng(0)
    for rows, inner, cols in _SHAPES:
        a, b, c, d = (rng.integers(-(2**21), 2**21, size) for size in ((rows, inner), (inner, cols)) for _ in "12")
        expected = a @ c
        if not np.array_equal(a.astype(float) @ c.astype(float), expected):
            return refuted(Kind.OBSERVED, scope, reason="real product differs from int64", shape=[rows, inner, cols])
        computed = (a + 1j * b) @ (c + 1j * d)
        if not np.array_equal(computed, (expected - b @ d) + 1j * (a @ d + b @ c)):
            return refuted(Kind.OBSERVED, scope, reason="complex product differs from int64", shape=[rows, inner, cols])
    if not np.array_equal(np.full((64, 64), TINY) @ np.eye(64), np.full((64, 64), TINY)):
        return refuted(Kind.OBSERVED, scope, reason="subnormal numbers are flushed to zero")
    return proved(Kind.OBSERVED, scope)


def require_sound_blas() -> None:
    """Refuse to derive bounds on top of a BLAS that failed its self-test.

    Raises:
        RuntimeError: the self-test failed.
    """
    verdict = blas_self_test()
    if verdict.outcome is not Outcome.PROVED:
        reason = verdict.evidence["reason"]
        raise RuntimeError(
            f"the BLAS behind numpy fails its self-test ({reason}); no error bound holds, use another build"
        )
