"""Tests of the arithmetic that the bounds of this judge assume: IEEE 754, to nearest, subnormals kept, in BLAS too.

Products of integers below 2²², with sums below 2⁵³, must come out exactly as in int64: a build that multiplies in
reduced precision, or a kernel that drops a tail, fails. That is a property of the library, tested once a process. How
a thread rounds is not: one call, or loading a library built with -ffast-math, changes it. So each enclosure asks anew.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from emtheory.judges.floats.rounding import TINY
from emtheory.verdict import Kind, Outcome, Verdict, proved, refuted

__all__ = ["arithmetic_fault", "blas_self_test", "integer_products", "require_sound_blas"]

# (rows, inner, columns): below, at and above the block sizes of common kernels, and matrix-vector shapes
_SHAPES = ((1, 1, 1), (3, 5, 7), (64, 64, 64), (65, 129, 33), (128, 257, 96), (96, 200, 1), (1, 200, 96))
_SUBNORMALS, _UNIT_MATRIX, _LARGE_SUBNORMALS = np.full((4, 4), TINY), np.eye(4), np.full((160, 160), TINY)
_LEAST_NORMAL, _ONE = 2.0**-1022, 1.0
_ONES, _NUDGES = np.ones(8), np.tile([2.0**-53, -(2.0**-54)], 4)


def blas_self_test() -> Verdict:
    """Whether this thread computes as IEEE 754 says, now, and integer-valued products agree with int64 exactly.

    A test of samples, hence `OBSERVED`, not a proof about the library.

    >>> blas_self_test().outcome
    <Outcome.PROVED: 'proved'>
    """
    fault = arithmetic_fault()
    return refuted(Kind.OBSERVED, "arithmetic of this thread", reason=fault) if fault else integer_products()


def arithmetic_fault() -> str | None:
    """What is wrong with the arithmetic of this thread, of Python, numpy or BLAS: flushed subnormals, another rounding.

    Takes a few microseconds. Bytes are compared, for a processor that reads subnormals as 0 finds them equal to 0.

    >>> arithmetic_fault() is None
    True
    """
    kept = _LEAST_NORMAL * 0.5 * 2.0 == _LEAST_NORMAL and (_SUBNORMALS * 1.0).tobytes() == _SUBNORMALS.tobytes()
    if not (kept and (_SUBNORMALS @ _UNIT_MATRIX).tobytes() == _SUBNORMALS.tobytes()):
        return "subnormal numbers are flushed to zero"
    # upwards the first sum of each pair is not 1, downwards and towards 0 the second is not
    if not (_ONE + 2.0**-53 == _ONE - 2.0**-54 == 1.0 and (_ONES + _NUDGES).tobytes() == _ONES.tobytes()):
        return "results are not rounded to nearest"
    return None


@cache
def integer_products() -> Verdict:
    """Whether integer-valued matrix products agree with int64 exactly, and BLAS keeps subnormals on all its threads."""
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
    # large enough to be shared out among the threads of BLAS, which keep the state they were started with
    if (_LARGE_SUBNORMALS @ np.eye(160)).tobytes() != _LARGE_SUBNORMALS.tobytes():
        return refuted(Kind.OBSERVED, scope, reason="subnormal numbers are flushed to zero")
    return proved(Kind.OBSERVED, scope)


def require_sound_blas() -> None:
    """Refuse to derive bounds on top of arithmetic that fails its self-test, now or in any thread of BLAS.

    Raises:
        FloatingPointError: the self-test failed.
    """
    verdict = blas_self_test()
    if verdict.outcome is not Outcome.PROVED:
        raise FloatingPointError(
            f"the arithmetic of this process fails its self-test ({verdict.evidence['reason']}); no error bound holds: "
            "use another build of numpy, and load no library that changes how the processor rounds (-ffast-math)"
        )
