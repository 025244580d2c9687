"""The ball judge: Arb enclosures. A ball (midpoint ± radius) provably contains the true value.

What balls can and cannot decide: disjoint balls prove that two numbers differ, and order them; overlapping balls prove
nothing. The equality of two numbers that are not exactly representable can therefore never be proved here, only that
they agree within a stated margin (`close_within`); `exactly` is the judge of equality.

A side of a comparison is an `arb`, `acb`, `arb_mat`, `acb_mat`, an exact rational or `Matrix`, or a function without
arguments that computes one; a function runs at the precision of the comparison, so raising `bits` sharpens it.

>>> from flint import arb
>>> less(lambda: arb(2).sqrt(), lambda: arb.pi() / 2, bits=64).outcome
<Outcome.PROVED: 'proved'>
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flint import acb, acb_mat, arb, arb_mat, ctx, fmpq

from emtheory.judges.exact import Matrix, Rational, rational
from emtheory.verdict import Kind, Verdict, proved, refuted, undecided

__all__ = ["acb", "agree", "arb", "arb_mat", "at_most", "close_within", "contains", "less", "precision"]

Ball = arb | acb | arb_mat | acb_mat
Side = Ball | Rational | Matrix | Callable[[], Any]


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """Arb works with `bits` bits inside the block; whatever happens, the precision of before comes back.

    Raises:
        ValueError: bits < 2.
    """
    if bits < 2:
        raise ValueError(f"a precision of {bits} bits is too small; Arb needs at least 2")
    before = ctx.prec
    ctx.prec = bits
    try:
        yield
    finally:
        ctx.prec = before


def agree(a: Side, b: Side, *, bits: int) -> Verdict:
    """a = b, entry by entry. Refuted if two balls are disjoint; proved only if all are exact (radius 0) and equal.

    Undecided otherwise: overlap is no equality. See `close_within` for what balls can prove.

    Raises:
        ValueError: different shapes, bits < 2. TypeError: floats, or something that is no ball.
    """
    with precision(bits):
        pairs, scope = _pairs(a, b, bits)
        gaps = [x - y for x, y in pairs]
    apart = [k for k, gap in enumerate(gaps) if not gap.contains(0)]
    if apart:
        x, y = pairs[apart[0]]
        return refuted(Kind.ENCLOSED, scope, position=apart[0], lhs=str(x), rhs=str(y))
    if not pairs:
        return undecided(Kind.ENCLOSED, scope, reason="nothing was compared")
    if all(_is_exact(x) and _is_exact(y) and _is_exact(gap) for (x, y), gap in zip(pairs, gaps, strict=True)):
        return proved(Kind.ENCLOSED, scope)
    return undecided(Kind.ENCLOSED, scope, reason="the balls overlap", overlap=_widest(gaps))


def close_within(a: Side, b: Side, margin: Rational, *, bits: int) -> Verdict:
    """|a − b| < margin, entry by entry. The margin is what the claim at hand withstands, an exact rational.

    >>> from flint import arb
    >>> close_within(lambda: arb.pi(), fmpq(22, 7), fmpq(1, 700), bits=64).outcome
    <Outcome.PROVED: 'proved'>

    Raises:
        ValueError: different shapes, margin ≤ 0, bits < 2. TypeError: floats, or something that is no ball.
    """
    if rational(margin) <= 0:
        raise ValueError(f"a margin of {margin} leaves no room; it must be positive")
    with precision(bits):
        pairs, scope = _pairs(a, b, bits)
        return _ordered([(abs(x - y), arb(rational(margin))) for x, y in pairs], f"{scope}, within {margin}")


def less(a: Side, b: Side, *, bits: int) -> Verdict:
    """a < b, entry by entry, for real numbers. Proved and refuted (a ≥ b) are decided by the balls; else undecided.

    Raises:
        ValueError: different shapes, bits < 2. TypeError: complex or float sides.
    """
    return _compared(a, b, bits, strictly=True)


def at_most(a: Side, b: Side, *, bits: int) -> Verdict:
    """a ≤ b, entry by entry, for real numbers; equality is proved where both balls are exact.

    Raises:
        ValueError: different shapes, bits < 2. TypeError: complex or float sides.
    """
    return _compared(a, b, bits, strictly=False)


def contains(ball: Ball | Callable[[], Ball], value: Rational | Matrix, *, bits: int) -> Verdict:
    """The enclosure contains the exact value, entry by entry: decided exactly, proved or refuted.

    Raises:
        ValueError: different shapes, bits < 2. TypeError: `value` is not rational.
    """
    with precision(bits):
        entries, shape = _entries(ball() if callable(ball) else ball)
        exact, exact_shape = _rationals(value)
    scope = _scope(shape, exact_shape, bits)
    if not entries:
        return undecided(Kind.ENCLOSED, scope, reason="nothing was compared")
    for k, (x, q) in enumerate(zip(entries, exact, strict=True)):
        if not x.contains(q):
            return refuted(Kind.ENCLOSED, scope, position=k, ball=str(x), value=str(q))
    return proved(Kind.ENCLOSED, scope)


def _compared(a: Side, b: Side, bits: int, *, strictly: bool) -> Verdict:
    with precision(bits):
        pairs, scope = _pairs(a, b, bits)
        if any(isinstance(x, acb) for pair in pairs for x in pair):
            raise TypeError("complex numbers have no order; compare real parts or moduli")
        return _ordered(pairs, scope, strictly=strictly)


def _ordered(pairs: list[tuple[arb, arb]], scope: str, *, strictly: bool = True) -> Verdict:
    if not pairs:
        return undecided(Kind.ENCLOSED, scope, reason="nothing was compared")
    for k, (x, y) in enumerate(pairs):
        if x >= y if strictly else x > y:
            return refuted(Kind.ENCLOSED, scope, position=k, lhs=str(x), rhs=str(y))
    for k, (x, y) in enumerate(pairs):
        if not (x < y if strictly else x <= y):
            return undecided(Kind.ENCLOSED, scope, reason="the balls overlap", position=k, lhs=str(x), rhs=str(y))
    return proved(Kind.ENCLOSED, scope)


def _pairs(a: Side, b: Side, bits: int) -> tuple[list[tuple[Any, Any]], str]:
    """The entries of both sides as balls at the current precision, and the scope."""
    (left, shape), (right, other) = (_entries(side() if callable(side) else side) for side in (a, b))
    scope = _scope(shape, other, bits)
    return list(zip(left, right, strict=True)), scope


def _scope(shape: tuple[int, int], other: tuple[int, int], bits: int) -> str:
    if shape != other:
        raise ValueError(f"shapes {shape} and {other} differ; a comparison needs equal shapes")
    return f"{shape[0]} x {shape[1]} balls of {bits} bits" if shape != (1, 1) else f"balls of {bits} bits"


def _entries(side: Any) -> tuple[list[Any], tuple[int, int]]:
    if isinstance(side, (arb_mat, acb_mat)):
        return list(side.entries()), (int(side.nrows()), int(side.ncols()))
    if isinstance(side, (arb, acb)):
        return [side], (1, 1)
    exact, shape = _rationals(side)
    return [arb(q) for q in exact], shape


def _rationals(value: Any) -> tuple[list[fmpq], tuple[int, int]]:
    if isinstance(value, Matrix):
        return [q for row in value for q in row], value.shape
    return [rational(value)], (1, 1)


def _is_exact(x: Any) -> bool:
    return bool(x.is_exact()) if isinstance(x, arb) else bool(x.real.is_exact() and x.imag.is_exact())


def _widest(gaps: list[Any]) -> str:
    widths = [abs(gap).upper() for gap in gaps]
    return str(max(widths, key=float))
