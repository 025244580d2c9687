"""`close` and `within`: does a computed float matrix lie within a bound of the exact one? Decided in rationals."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike

from emtheory.judges.exact import Matrix
from emtheory.judges.floats.derived import is_derived
from emtheory.system.array_types import Array, Floats
from emtheory.verdict import Kind, Verdict, proved, refuted, undecided

__all__ = ["close", "within"]


def close(computed: Array, exact: Matrix | Array, bound: Floats) -> Verdict:
    """Decide |computed − exact| ≤ bound for a *derived* bound: `within`, which takes no number that somebody typed.

    Raises:
        TypeError: the bound does not come from `chain`, `run_bound`, `tight_residual` or `enclose`; a tolerance
            proves nothing. ValueError: as for `within`.

    Example:
        >>> from emtheory.judges.exact import matrix
        >>> from emtheory.judges.floats.products import chain
        >>> value, bound = chain(matrix([["1/10"]]), matrix([[3]]))
        >>> close(value, matrix([["3/10"]]), bound).outcome
        <Outcome.PROVED: 'proved'>
        >>> close(value, matrix([["3/10"]]), 1e-9)
        Traceback (most recent call last):
            ...
        TypeError: the bound is no derived one: take it, unscaled, from chain, run_bound, tight_residual or enclose
    """
    if not is_derived(bound):
        raise TypeError(
            "the bound is no derived one: take it, unscaled, from chain, run_bound, tight_residual or enclose"
        )
    return within(computed, exact, bound)


def within(computed: Array, exact: Matrix | Array, bound: ArrayLike) -> Verdict:
    """Decide |computed − exact| ≤ bound, entry by entry; floats count as the dyadic rationals that they are.

    Evidence: `ratio`, the largest |computed − exact| / bound (where both are 0, nothing). Undecided when the
    bound overflowed or nothing is compared.

    Args:
        computed: real or complex array. exact: a rational matrix or an array, of the same shape. bound: broadcasts.

    Raises:
        ValueError: different shapes, a negative bound, or NaN or infinity in `exact`.

    Example:
        >>> from emtheory.judges.exact import matrix
        >>> within(np.array([[0.1]]), matrix([["1/10"]]), 2.0**-55).outcome
        <Outcome.PROVED: 'proved'>
    """
    computed = np.asarray(computed)
    shape = exact.shape if isinstance(exact, Matrix) else np.asarray(exact).shape
    if computed.shape != shape:
        raise ValueError(f"computed has shape {computed.shape} but exact has {shape}; they must agree")
    if not isinstance(exact, Matrix) and not np.isfinite(exact).all():
        raise ValueError("the exact side has NaN or infinite entries; there is nothing to be close to")
    limits = np.broadcast_to(np.asarray(bound, dtype=np.float64), shape)
    if (limits < 0).any():
        raise ValueError(f"a bound of {limits.min()} is negative; no difference is below it")
    scope = f"{' x '.join(map(str, shape))} float64 entries"
    if not computed.size:
        return undecided(Kind.BOUNDED, scope, reason="nothing was compared")
    if not np.isfinite(limits).all():
        return undecided(Kind.BOUNDED, scope, reason="the error bound overflowed")
    if not np.isfinite(computed).all():
        return refuted(Kind.BOUNDED, scope, reason="the computed side has NaN or infinite entries")
    return _compare(computed, _fractions(exact if isinstance(exact, Matrix) else np.asarray(exact)), limits, scope)


def _compare(computed: Array, exact: list[tuple[Fraction, Fraction]], limits: Array, scope: str) -> Verdict:
    worst = 0.0
    pairs = zip(np.ndindex(computed.shape), _fractions(computed), exact, limits.flat, strict=True)
    for index, (re, im), (exact_re, exact_im), limit in pairs:
        square, allowed = (re - exact_re) ** 2 + (im - exact_im) ** 2, Fraction(float(limit)) ** 2
        if square > allowed:
            difference = _root(square)
            return refuted(Kind.BOUNDED, scope, entry=list(index), difference=difference, bound=float(limit))
        if square:
            worst = max(worst, _root(square / allowed))
    return proved(Kind.BOUNDED, scope, ratio=worst, largest_bound=float(limits.max()))


def _fractions(a: Matrix | Array) -> list[tuple[Fraction, Fraction]]:
    """The entries, row by row, as exact (real, imaginary) parts."""
    if isinstance(a, Matrix):
        return [(Fraction(int(q.p), int(q.q)), Fraction(0)) for row in a for q in row]
    if a.dtype.kind in "iu":
        return [(Fraction(int(x)), Fraction(0)) for x in a.flat]
    if a.dtype not in (np.float32, np.float64, np.complex128):
        raise ValueError(f"entries of dtype {a.dtype} are not compared; convert to float64 or complex128")
    return [(Fraction(float(z.real)), Fraction(float(z.imag))) for z in a.flat]


def _root(square: Fraction) -> float:
    """√square for display; the comparison itself is exact."""
    scale = max(square.numerator.bit_length() - square.denominator.bit_length(), -2000) // 2
    return float(np.ldexp(np.sqrt(float(square / Fraction(4) ** scale)), scale))
