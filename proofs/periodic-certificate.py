"""A tube that closes proves that a tanh network keeps a pattern for ever.

f(h) = tanh(W h + b). Around centers c_0 … c_(p-1), in norms N_t, let a step obey N(f(c_t + v) - c_(t+1)) ≤ α_t N(v) +
½ β_t N(v)² + e_t: α bounds the Jacobian at c_t, β its change, e = N(f(c_t) - c_(t+1)) what the centers miss. If radii
r_t > 0 obey α_t r_t + ½ β_t r_t² + e_t ≤ r_(t+1) around one period, r_p = r_0, and the product of all α_t + β_t r_t is
below 1, then exactly one orbit of period p lies in the tube, it attracts the whole tube, every run that enters stays,
and sign (R h)_i is that of (R c_t)_i wherever |(R c_t)_i| > ‖R_i‖ r_t. A run enters if its own tube, started with
radius 0, arrives inside of it. All numbers are enclosed, rounding included.
Idea: the recursion of radii dominates that of distances, by induction; on the closed tube f^p is a contraction into
itself, so Banach's theorem gives the orbit.
"""

import numpy as np
from hypothesis import strategies as st
from sympy import Rational, Symbol

from emtheory.judges.balls import arb, at_most, less, precision
from emtheory.judges.exact import cycle, dyadic, exactly, eye, matrix, rational
from emtheory.judges.floats import chain, eigenvalue_discs
from emtheory.judges.symbolic import (
    NORMS,
    at_least_zero,
    definition,
    family,
    identical,
    identity,
    indices,
    letter,
    never_negative,
    nonnegative,
    sizes,
)
from emtheory.theorems.cases import matrices
from emtheory.theorems.theorem import Theorem
from emtheory.theory.saturating import midpoint, tanh_run
from emtheory.verdict import Kind, all_of, undecided

n = sizes("n")
t = indices("t")
alpha, beta, sharp = (Symbol(name, nonnegative=True) for name in ("α", "β", "m"))
D, W = letter("D", n, n), letter("W", n, n)
v, before, after, moved, rest = (letter(name, n, 1) for name in ("v", "f(c)", "f(c+v)", "c'", "q"))
N, r, e = family("N", 1, 1), family("r", 1, 1), family("e", 1, 1)  # distance from the center, radius, defect
seen, center, reader = letter("(R h)_i", 1, 1), letter("(R c)_i", 1, 1), letter("m_i", 1, 1)
BITS = 192


def tube_closes(weights, centers, radius, moved_by):
    """α_t r + ½ β_t r² + e_t ≤ r at every step: one radius all around, enclosed."""
    with precision(BITS):
        steps = [(a * radius + b * radius * radius / 2 + miss) for a, b, miss in _constants(weights, centers)]
    return all_of(at_most(step, radius, bits=BITS) for step in steps)


def tube_contracts(weights, centers, radius, moved_by):
    """Π (α_t + β_t r) < 1 over the period."""
    with precision(BITS):
        product = arb(1)
        for a, b, _ in _constants(weights, centers):
            product *= a + b * radius
    return less(product, 1, bits=BITS)


def starts_in_the_tube(weights, centers, radius, moved_by):
    """N(v) ≤ r."""
    return exactly(moved_by.norm_inf() <= radius, True)


def derivation():
    one = identity(1)
    step = N(t + 1)
    yield (
        "a step from c + v misses the next center by D W v, a remainder and what the centers miss",
        identical(
            after - moved,
            D @ W @ v + rest + (before - moved),
            [definition(rest, after - before - D @ W @ v)],
        ),
    )
    slack = alpha * N(t) + Rational(1, 2) * beta * (N(t) @ N(t)) + e(t) - step
    bounded = at_least_zero(NORMS, slack, where=[t >= 0])
    grows = r(t + 1) - alpha * r(t) - Rational(1, 2) * beta * (r(t) @ r(t)) - e(t)
    closes = at_least_zero(tube_closes, grows, where=[t >= 0])
    inside = at_least_zero(starts_in_the_tube, r(0) - N(0))
    sum_of = at_least_zero(NORMS, r(t) + N(t), where=[t >= 0])
    room = r(t) - N(t)
    yield (
        "so the radii dominate the distances for ever: a run that enters the tube stays",
        never_negative(
            t,
            0,
            room,
            [(1, inside.term)],
            [(1, grows), (1, slack), (alpha, room), (Rational(1, 2) * beta, room @ (r(t) + N(t)))],
            [bounded, closes, inside, sum_of],
        ),
    )
    lower = at_least_zero(tube_closes, center - reader @ r(0) - sharp * one)
    near = at_least_zero(NORMS, seen - center + reader @ N(0))
    reads = at_least_zero(NORMS, reader)
    yield (
        "and a readout that clears ‖R_i‖ r by m at the center clears 0 by m at every state of the tube",
        nonnegative(
            seen - sharp * one,
            [(1, lower.term), (1, near.term), (1, reader @ (r(0) - N(0)))],
            [lower, near, reads, inside],
        ),
    )


def _constants(weights, centers):
    """(α_t, β_t, e_t) in the maximum norm, enclosed: row sums of D W, (4/(3√3)) max ‖W_i‖₁², and the defect."""
    size, found = len(weights), []
    rows = [sum((abs(x) for x in row), rational(0)) for row in weights]
    curve = arb(4) / (3 * arb(3).sqrt()) * arb(max(rows) * max(rows))
    for i in range(centers.shape[1]):
        here, later = centers[:, i : i + 1], centers[:, (i + 1) % centers.shape[1] :][:, :1]
        values = [arb((weights @ here)[k, 0]).tanh() for k in range(size)]
        slopes = [(1 - y * y) * arb(rows[k]) for k, y in enumerate(values)]
        misses = [abs(y - arb(later[k, 0])) for k, y in enumerate(values)]
        found.append((_largest(slopes), curve, _largest(misses)))
    return found


def _largest(balls):
    result = balls[0]
    for ball in balls[1:]:
        result = result.max(ball)
    return result


def meaning(weights, centers, radius, moved_by):
    """The first step of the case, then distances and radii as if it were repeated with its own constants."""
    with precision(BITS):
        constants = _constants(weights, centers)
        most = [midpoint(max((c[k].upper() for c in constants), key=float)) for k in range(3)]
    a, b, miss = (value + rational(1) / 2**BITS for value in most)
    distances = [moved_by.norm_inf()]
    for _ in range(12):
        last = distances[-1]
        distances.append(a * last + b * last * last / 2 + miss)
    radii = [radius] + [max(radius, distance) for distance in distances[1:]]
    for i in range(12):  # the least radii that close from here on
        radii[i + 1] = max(a * radii[i] + b * radii[i] * radii[i] / 2 + miss, distances[i + 1])
    first = weights @ centers[:, :1]
    slope = eye(len(weights)) / 2
    push = slope @ weights @ moved_by

    def known(values):
        return lambda at: matrix([[values[min(at, 12)]]])

    return {
        n: len(weights),
        alpha: a,
        beta: b,
        sharp: rational(1) / 8,
        D: slope,
        W: weights,
        v: moved_by,
        before: first,
        rest: moved_by,
        after: first + push + moved_by,
        moved: centers[:, :1],
        N: known(distances),
        r: known(radii),
        e: lambda at: matrix([[miss]]),
        center: matrix([[radius + 1]]),
        reader: matrix([[1]]),
        seen: matrix([[radius + 1 - moved_by.norm_inf()]]),
    }


def _run(weights, start, steps):
    """h(1), …, h(T) from a start, one list of balls a step."""
    return [state.entries() for state in tanh_run(weights, [], start, steps)]


def stays_in_the_tube(weights, centers, radius, moved_by):
    """|f^t(c_0 + v) - c_t| ≤ r for two periods, in every component."""
    period, verdicts = centers.shape[1], []
    with precision(BITS):
        states = _run(weights, centers[:, :1] + moved_by, 2 * period)
        gaps = [
            abs(value - arb(centers[i, t % period]))
            for t, state in enumerate(states, start=1)
            for i, value in enumerate(state)
        ]
    verdicts = [at_most(gap, radius, bits=BITS) for gap in gaps]
    return all_of(verdicts)


def runs_come_together(weights, centers, radius, moved_by):
    """After eight steps two runs of the tube are no further apart than the product of α_t + β_t r allows."""
    with precision(BITS):
        constants, bound = _constants(weights, centers), arb(2 * moved_by.norm_inf())
        for step in range(8):
            a, b, _ = constants[step % len(constants)]
            bound *= a + b * radius
        runs = [_run(weights, centers[:, :1] + push, 8)[-1] for push in (moved_by, -moved_by)]
        gap = _largest([abs(x - y) for x, y in zip(*runs, strict=True)])
    return at_most(gap, bound, bits=BITS)


def signs_are_kept(weights, centers, radius, moved_by):
    """The sign of each component with |c_t| > r is that of the center, for two periods."""
    period = centers.shape[1]
    with precision(BITS):
        states = _run(weights, centers[:, :1] + moved_by, 2 * period)
        signed = [
            value * arb(centers[i, t % period])
            for t, state in enumerate(states, start=1)
            for i, value in enumerate(state)
            if abs(centers[i, t % period]) > radius
        ]
    return all_of(less(0, value, bits=BITS) for value in signed)


def lapack_multipliers(weights, centers, radius, moved_by):
    """Eigenvalues of the Jacobian of f^p at the centers, by LAPACK with error discs, are at most Π α_t in modulus."""
    with precision(BITS):
        product = arb(1)
        for a, _, _ in _constants(weights, centers):
            product *= a
        slopes = [_rounded_slopes(weights, centers[:, i : i + 1]) for i in range(centers.shape[1])]
    discs = eigenvalue_discs(chain(*[factor for slope in reversed(slopes) for factor in (slope, weights)]))
    if discs.refused:
        return undecided(Kind.ENCLOSED, "error discs", reason=discs.refused)
    with precision(BITS):
        nearest = [
            (arb(z.real) ** 2 + arb(z.imag) ** 2).sqrt() - arb(r)
            for z, r in zip(discs.centers.tolist(), discs.radii.tolist(), strict=True)
        ]
    return all_of(at_most(modulus, product, bits=BITS) for modulus in nearest)


def _rounded_slopes(weights, here):
    """D = diag(1 - tanh²(W c)) as floats, with what rounding misses."""
    exact = [1 - arb(z).tanh() ** 2 for (z,) in weights @ here]
    floats = [float(slope.mid()) for slope in exact]
    missed = [np.nextafter(float(abs(s - arb(x)).upper()), np.inf) for s, x in zip(exact, floats, strict=True)]
    return np.diag(floats), np.diag(missed)


def _orbit(weights, start, period):
    """The float orbit that a run from `start` settles on, as exact centers; nothing of it is trusted."""
    w, h = weights.numpy(), start.numpy()[:, 0]
    for _ in range(60 * period):
        h = np.tanh(w @ h)
    columns = [h]
    for _ in range(period - 1):
        columns.append(np.tanh(w @ columns[-1]))
    return dyadic(np.array(columns).T)


def _period(order, signs, pattern):
    """After how many steps the signed permutation gives the pattern again."""
    later, steps = [sign * pattern[j] for sign, j in zip(signs, order, strict=True)], 1
    while later != list(pattern):
        later, steps = [sign * later[j] for sign, j in zip(signs, order, strict=True)], steps + 1
    return steps


@st.composite
def tubes(draw):
    """γ times a signed permutation of up to eight units, perturbed, with the orbit of a sign pattern."""
    size = draw(st.integers(1, 8))
    order = draw(st.permutations(range(size)))
    signs = draw(st.lists(st.sampled_from((1, -1)), min_size=2 * size, max_size=2 * size))
    gamma = rational(draw(st.integers(12, 20))) / 8
    shift = draw(matrices(size, size)) / 200
    weights = matrix([[gamma * signs[i] * int(j == order[i]) for j in range(size)] for i in range(size)]) + shift
    start = matrix([[sign] for sign in signs[size:]])
    centers = _orbit(weights, start, _period(order, signs[:size], signs[size:]))
    radius = rational(1) / draw(st.sampled_from((64, 256, 4096)))
    moved = matrix([[sign * radius / 2] for sign in signs[:size]])
    return weights, centers, radius, moved


ONE, NONE = matrix([[1]]), matrix([[0]])
TWO, TENTH = matrix([[2]]), rational(1) / 10
STAR = matrix([["9575/10000"]])  # a* = 0.95750… for γ = 2
THEOREM = Theorem(
    hypotheses={
        tube_closes: (TWO, matrix([["9/10"]]), rational(1) / 100, NONE),
        tube_contracts: None,
        starts_in_the_tube: (TWO, STAR, TENTH, matrix([[-2]])),
    },
    derivation=derivation,
    meaning=meaning,
    conclusions=(stays_in_the_tube, runs_come_together, signs_are_kept),
    numeric=(lapack_multipliers,),
    examples={
        "one neuron holds one bit": (TWO, STAR, TENTH, matrix([["1/20"]])),
        "repeat copy of two bits, one of them negative": (
            2 * cycle(2),
            matrix([["9575/10000", "-9575/10000"], ["-9575/10000", "9575/10000"]]),
            TENTH,
            matrix([["1/20"], ["-1/20"]]),
        ),
    },
    cases=tubes(),
    uses=("linearisation",),
    source="S. M. Rump, Verification methods, Acta Numerica 19 (2010), fixed point theorems; here with a periodic tube",
)
