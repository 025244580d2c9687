"""Saturating circuits h(t) = tanh(γ Φ_C h(t−1) + β E_s u(t)), u ∈ {±1}: levels, margins, and enclosed runs.

In the memory basis a memory that is copied with gain γ > 1 goes to the level a*, the positive root of a = tanh γa, and
stays there: what was stored as a sign is stored for ever. All numbers are Arb balls at the precision in force.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flint import arb, arb_mat, fmpq

from emtheory.judges.exact import Matrix, Rational, hstack, rational

__all__ = ["critical_noise", "level", "margin", "midpoint", "rounding_noise", "tanh_run"]


def level(gain: Rational) -> arb:
    """a*, the positive root of a = tanh γa, enclosed by bisection: f(a) = tanh γa − a is > 0 below it and < 0 above.

    >>> level(2).str(6, radius=False)
    '0.957504'

    Raises:
        ValueError: γ ≤ 1, where 0 is the only root.
    """
    gain = _above_one(gain)
    low, high = (gain - 1) / gain**2, rational(1)  # f(low) > 0 by tanh x > x − x³/3, and f(1) < 0
    while True:
        middle = _short((low + high) / 2)
        rise = (arb(gain) * arb(middle)).tanh() - arb(middle)
        if rise > 0:
            low = middle
        elif rise < 0:
            high = middle
        else:  # the precision in force tells no more
            return arb(low).union(arb(high))


def _short(q: fmpq) -> fmpq:
    """A rational close by with few digits, the midpoint of its ball."""
    return midpoint(arb(q))


def midpoint(ball: arb) -> fmpq:
    """The midpoint of a ball, exactly.

    >>> midpoint(arb(fmpq(3, 4)))
    3/4
    """
    mantissa, exponent = ball.mid().man_exp()
    return fmpq(int(mantissa)) * fmpq(2) ** int(exponent)


def _above_one(gain: Rational) -> fmpq:
    value = rational(gain)
    if value <= 1:
        raise ValueError(f"the gain must be above 1, where tanh holds a level for ever, but is {value}")
    return value


def margin(gain: Rational, drive: Rational) -> arb:
    """min(tanh(β − γ), a*): every output of the circuit is at least so far from 0.

    Raises:
        ValueError: γ ≤ 1, or β ≤ γ.
    """
    gain, drive = _above_one(gain), rational(drive)
    if drive <= gain:
        raise ValueError(f"the drive must be above the gain {gain}, so that an input wins over memory, but is {drive}")
    return arb(drive - gain).tanh().min(level(gain))


def critical_noise(gain: Rational) -> arb:
    """ν_c = γr − artanh r with r = √(1 − 1/γ): below it, noise in the argument of tanh leaves a level that holds.

    >>> critical_noise(2).str(6, radius=False)
    '0.532840'

    Raises:
        ValueError: γ ≤ 1.
    """
    gain = _above_one(gain)
    root = arb(1 - 1 / gain).sqrt()
    return arb(gain) * root - root.atanh()


def tanh_run(weights: Matrix, drive: Sequence[Matrix], start: Matrix, steps: int) -> Iterator[arb_mat]:
    """h(1), …, h(T) of h(t) = tanh(W h(t−1) + d(t)), enclosed.

    Arguments:
        weights: W, n × n, exact.
        drive: d(1), …, each n × 1; 0 afterwards.
        start: h(0), n × 1; or n × N with drives alike, for N runs side by side.
        steps: T.
    """
    moved = arb_mat(weights.flint)
    sums = weights @ start + drive[0] if drive else weights @ start
    arguments = arb_mat(sums.flint)  # rounded only here, so an exact 0 stays one
    for t in range(1, steps + 1):
        state = arb_mat(len(weights), start.shape[1], [z.tanh() for z in arguments.entries()])
        yield state
        arguments = moved * state
        if t < len(drive):
            arguments = arguments + arb_mat(drive[t].flint)


def rounding_noise(weights: Matrix, drive: Matrix, start: Matrix, states: Matrix) -> arb:
    """max |artanh h(t) − W h(t−1) − d(t)|: the noise in the argument of tanh that would give these states exactly.

    What a float run is off by is such noise, so a theorem that bears noise holds for the run as it is.

    Arguments:
        weights: W, n × n.
        drive: d(1), …, d(T), n × T.
        start: h(0), n × 1.
        states: h(1), …, h(T), n × T, entries in (−1, 1).

    >>> from emtheory.judges.exact import matrix
    >>> rounding_noise(matrix([[0]]), matrix([[0]]), matrix([[1]]), matrix([["1/2"]])).str(6, radius=False)
    '0.549306'
    """
    arguments = weights @ hstack([start, states[:, :-1]]) + drive
    pairs = zip(states.flint.entries(), arguments.flint.entries(), strict=True)
    gaps = [abs(arb(h).atanh() - arb(z)) for h, z in pairs]
    return max(gaps, key=lambda gap: float(gap.upper()))
