"""Integers: an inequality follows from others by a Farkas certificate."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import floor, gcd, lcm

from emtheory.kernel.substitution import Context
from emtheory.kernel.terms import Poly, ProofError, demand, poly
from emtheory.kernel.text import Node, bounded, items, rational


def show(goal: Poly, context: Context, certificate: Node) -> None:
    """goal ≥ 0 follows from the context: from goal ≤ -1 the certificate derives a number < 0.

    Row 0, 1, … of the certificate are the context, the next one is -goal - 1 ≥ 0. Each line adds a row: (+ i w j v …)
    the sum of w times row i and v times row j, w, v ≥ 0, or (* i j) the product of two rows. A goal that is a natural
    number by its form needs no line.

    Raises:
        ProofError: it does not follow by these lines.
    """
    demand(all(p.integral for p in (goal, *context)), f"{goal} >= 0 is no question about integers")
    if goal.is_size and certificate == ():
        return
    rows = [*context, -goal - 1]
    for line in items(certificate):
        match line:
            case ("+", *pairs) if len(pairs) % 2 == 0:
                rows.append(tightened(_combined(rows, pairs)))
            case ("*", i, j):
                rows.append(rows[bounded(i, len(rows))] * rows[bounded(j, len(rows))])
            case _:
                raise ProofError("a line of a certificate is (+ row weight …) or (* row row)")
    last = rows[-1].constant
    demand(last is not None and last < 0, f"{goal} >= 0 is not shown")


def _combined(rows: Sequence[Poly], pairs: Sequence[Node]) -> Poly:
    result = poly(0)
    for i, w in zip(pairs[::2], pairs[1::2], strict=True):
        weight = rational(w)
        demand(weight >= 0, "a negative weight in a certificate")
        result = result + rows[bounded(i, len(rows))] * weight
    return result


def tightened(row: Poly) -> Poly:
    """The row over what its coefficients have in common, the constant rounded down: the other part is an integer."""
    scale = lcm(*(c.denominator for _, c in row.parts), 1)
    divisor = gcd(*(int(c * scale) for m, c in row.parts if m))
    if not divisor:
        return row
    return Poly({m: Fraction(floor(c * scale / divisor)) for m, c in row.parts})
