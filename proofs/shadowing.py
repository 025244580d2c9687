"""A tanh network follows its linear model for as long as the cubes of the linear states, carried by W, stay small.

h(t) = tanh(W h(t-1) + d(t)) and l(t) = W l(t-1) + d(t) start at the same state and get the same inputs and bias d(t).
In every absolute norm ‖h(T) - l(T)‖ ≤ (1/3) Σ_{t≤T} ‖W‖^(T-t) ‖ |l(t)|³ ‖; component by component |h - l| ≤ e with
e(T) = |W| e(T-1) + |l(T)|³/3 and e(0) = 0. The bound says nothing where ‖W‖ is far above 1 and T is large.
Idea: tanh is 1-Lipschitz and |tanh z - z| ≤ |z|³/3, both by integration of a sign. So a step multiplies the distance
by ‖W‖ at most and adds at most |l|³/3; the sum follows by induction.
"""

import numpy as np
from sympy import Rational, Symbol, tanh

from emtheory.judges.balls import arb, at_most, precision
from emtheory.judges.exact import dyadic, exactly, hstack, matrix, zeros
from emtheory.judges.symbolic import (
    INCREASING,
    NORMS,
    at_least_zero,
    family,
    hypothesis,
    identity,
    indices,
    integrated,
    never_negative,
    nonnegative,
    total,
    zero,
)
from emtheory.networks.elman import linear_run
from emtheory.networks.shadowing import shadowing_bounds, shadowing_norm
from emtheory.theorems.cases import matrices, tasks
from emtheory.theorems.theorem import Theorem
from emtheory.theory.saturating import midpoint, tanh_run
from emtheory.verdict import all_of

t, k = indices("t k")
z, base = Symbol("z", nonnegative=True), Symbol("b")
norm = Symbol("w", nonnegative=True)  # ‖W‖
e, c = family("e", 1, 1), family("c", 1, 1)  # e(t) = ‖h(t) - l(t)‖, c(t) = ‖ |l(t)|³ ‖
BITS = 192


def same_start(weights, drive, start, linear_start):
    """Both networks start at the same state."""
    return exactly(start, linear_start)


def derivation():
    one = identity(1)
    flat = nonnegative(tanh(base + z) ** 2 * one, [(1, (tanh(base + z) * one).T @ (tanh(base + z) * one))])
    yield "the slope of tanh is 1 less a square", flat
    apart = integrated(flat, z, z - tanh(base + z) + tanh(base), INCREASING)
    yield "so tanh brings no two numbers further apart", apart
    square = nonnegative(tanh(z) ** 2 * one, [(1, (tanh(z) * one).T @ (tanh(z) * one))])
    yield "at the origin too", square
    below = integrated(square, z, z - tanh(z), INCREASING)
    yield "tanh z ≤ z", below
    bent = nonnegative((z**2 - tanh(z) ** 2) * one, [(z + tanh(z), (z - tanh(z)) * one)], [below])
    yield "so tanh² z ≤ z²", bent
    yield "and z - tanh z ≤ z³/3, both being odd", integrated(bent, z, z**3 / 3 - z + tanh(z), INCREASING)
    slack = norm * e(t) + Rational(1, 3) * c(t + 1) - e(t + 1)
    step = at_least_zero(NORMS, slack, where=[t >= 0])
    bound = Rational(1, 3) * total(norm ** (t - k) * c(k), (k, 1, t)) - e(t)
    yield (
        "a step carries the distance and adds a third of a cube, so by induction the sum bounds it",
        never_negative(t, 0, bound, [], [(norm, bound), (1, slack)], [step, hypothesis(same_start, e(0), zero(1, 1))]),
    )


def meaning(weights, drive, start, linear_start):
    """Distances and cubes as rationals, the tanh run to 192 bits."""
    steps = drive.shape[1]
    linear = _linear(weights, drive, linear_start)
    with precision(BITS):
        states = [
            matrix([[midpoint(row)] for row in state.entries()])
            for state in tanh_run(weights, _columns(drive), start, steps)
        ]
    far = [(start - linear_start).norm_inf()]
    far += [(state - linear[:, i : i + 1]).norm_inf() for i, state in enumerate(states)]
    cubes = [0] + [linear[:, i : i + 1].norm_inf() ** 3 for i in range(steps)]

    def known(values):
        """The run is continued by bounds that hold with equality, as if W were its norm and tanh the identity."""
        return lambda at: matrix([[values(at)]])

    size = weights.norm_inf()
    return {
        norm: size,
        e: known(lambda at: far[at] if at <= steps else far[-1] * size ** (at - steps)),
        c: known(lambda at: cubes[at] if at <= steps else 0),
    }


def _columns(a):
    return [a[:, i : i + 1] for i in range(a.shape[1])]


def _linear(weights, drive, start):
    """l(1), …, l(T), exact."""
    n = len(weights)
    one = matrix([[int(i == j) for j in range(n)] for i in range(n)])
    return linear_run(weights, one, one, drive, drive.shape[1], start).states


def _distances(weights, drive, start, linear):
    """|h(t) - l(t)| for t = 1 … T, enclosed at the precision in force."""
    states = tanh_run(weights, _columns(drive), start, drive.shape[1])
    return [state - linear[:, i : i + 1].flint for i, state in enumerate(states)]


def componentwise(weights, drive, start, linear_start):
    """|h(t) - l(t)| ≤ e(t) in every component and at every step."""
    linear = _linear(weights, drive, linear_start)
    with precision(BITS):
        far = [[abs(x) for x in gap.entries()] for gap in _distances(weights, drive, start, linear)]
    bounds = list(shadowing_bounds(weights, linear))
    pairs = [(x, row[0]) for xs, bound in zip(far, bounds, strict=True) for x, row in zip(xs, bound, strict=True)]
    return all_of(at_most(x, bound, bits=BITS) for x, bound in pairs)


def in_norm(weights, drive, start, linear_start):
    """‖h(T) - l(T)‖_∞ ≤ (1/3) Σ ‖W‖^(T-t) ‖l(t)‖³."""
    linear = _linear(weights, drive, linear_start)
    with precision(BITS):
        far = [abs(x) for x in _distances(weights, drive, start, linear)[-1].entries()]
    return all_of(at_most(x, shadowing_norm(weights, linear), bits=BITS) for x in far)


def floats_within_the_sum(weights, drive, start, linear_start):
    """A run of numpy is within (1/3) Σ ‖W‖^(T-t) ‖l(t)‖³ of the linear one, its own rounding added to each term."""
    linear, columns, inner = _linear(weights, drive, linear_start), _columns(drive), weights.numpy()
    states, missed, verdicts = [start], [], []
    with precision(BITS):
        for column in columns:
            found = dyadic(np.tanh(inner @ states[-1].numpy() + column.numpy()))
            exact = [arb(z).tanh() for z in (weights @ states[-1] + column).flint.entries()]
            gaps = [abs(arb(h) - value) for h, value in zip(found.flint.entries(), exact, strict=True)]
            missed.append(max(gaps, key=lambda gap: float(gap.upper())))
            states.append(found)
        for last in range(1, len(states)):
            far = (states[last] - linear[:, last - 1 : last]).norm_inf()
            terms = [(linear[:, i : i + 1].norm_inf(), missed[i]) for i in range(last)]
            verdicts.append(at_most(far, _sum(weights.norm_inf(), terms), bits=BITS))
    return all_of(verdicts)


def _sum(size, terms):
    """Σ ‖W‖^(T-t) (‖l(t)‖³/3 + miss), written out."""
    powers = range(len(terms) - 1, -1, -1)
    return sum((arb(size**k) * (arb(x**3 / 3) + miss) for k, (x, miss) in zip(powers, terms, strict=True)), arb(0))


def networks(task):
    """A network of s neurons, driven for up to five steps."""
    n, steps = task.s, min(5, task.kappa + 1)

    def case(parts):
        drive, start = parts[:, n : n + steps] / 4, parts[:, n + steps :] / 3
        return parts[:, :n] / 2, drive, start, start

    return matrices(n, n + steps + 1).map(case)


ONE, NONE = matrix([[1]]), matrix([[0]])
SMALL = matrix([["1/10"]])
THEOREM = Theorem(
    hypotheses={same_start: (ONE, NONE, ONE, NONE)},
    derivation=derivation,
    meaning=meaning,
    conclusions=(componentwise, in_norm),
    numeric=(floats_within_the_sum,),
    examples={
        "one neuron that forgets slowly": (ONE, hstack([SMALL, zeros(1, 3)]), NONE, NONE),
        "a rotation, driven": (
            matrix([[0, -1], [1, 0]]),
            matrix([["1/2", 0, "1/4"], [0, "1/3", 0]]),
            matrix([["1/5"], [0]]),
            matrix([["1/5"], [0]]),
        ),
    },
    cases=tasks(max_s=5, max_kappa=4).flatmap(networks),
    source="Taylor and Gronwall's inequality in discrete time; here with explicit constants",
)
