"""Near a fixed point a tanh network is its linearisation up to a quadratic remainder with the constant 2/(3√3).

At h* = tanh(z*), z* = W h* + b, with D = diag(1 - h*²): δ(t+1) = D (W δ(t) + U u(t+1)) + r, and with w = W δ + U u
every component satisfies |r_i| ≤ (2/(3√3)) w_i²; where z*_i = 0 even |r_i| ≤ |w_i|³/3, derived in `shadowing`. The
slope is taken at the pre-activation z*, not at the state h*.
Idea: tanh'' = -2 t (1 - t²), t = tanh, and c = 2/(3√3) is half of its supremum, as c ∓ t (1 - t²) is the square of
t ∓ 1/√3 times 2/√3 ± t > 0. Integrated twice from w = 0 this gives c w² ∓ r ≥ 0, for w ≥ 0; tanh is odd.
"""

import numpy as np
from sympy import S, Symbol, cosh, diff, exp, sqrt, tanh

from emtheory.judges.balls import arb, at_most, less, precision
from emtheory.judges.exact import dyadic, exactly, matrix, rational
from emtheory.judges.floats import gamma
from emtheory.judges.symbolic import INCREASING, at, identical, identity, integrated, nonnegative
from emtheory.theorems.cases import matrices, tasks
from emtheory.theorems.theorem import Theorem
from emtheory.theory.gsemm import tanh_remainder, tanh_slope
from emtheory.verdict import all_of

z_point, push, anywhere = Symbol("z", real=True), Symbol("w", nonnegative=True), Symbol("x", real=True)
BOUND = rational(4) / 27  # the square of 2/(3√3)


def slope_at_the_preactivation(weights, write, z, move, drive, place):
    """The slopes are taken at z*."""
    return exactly(place, "z")


def derivation():
    one, most = identity(1), 2 / (3 * sqrt(S(3)))
    slope = tanh(z_point + push)
    yield (
        "the curvature of tanh is -2 t (1 - t²)",
        identical(diff(tanh(z_point), z_point, 2), -2 * tanh(z_point) * (1 - tanh(z_point) ** 2)),
    )
    for sign, side in ((1, "above"), (-1, "below")):
        small = nonnegative((1 + sign * tanh(anywhere)) * one, [(exp(sign * anywhere) / cosh(anywhere), one.T @ one)])
        yield f"tanh lies {side} {-sign}", small
        square = ((slope - sign / sqrt(S(3))) * one).T @ ((slope - sign / sqrt(S(3))) * one)
        bent = nonnegative(
            (2 * most - 2 * sign * slope * (1 - slope**2)) * one,
            [(2 * (2 / sqrt(S(3)) - 1), square), (2, ((1 + sign * slope) * one) @ square)],
            [at(small.bound(), {anywhere: z_point + push})],
        )
        yield f"the curvature is bounded from {side}: a square times 2/√3 ± t > 0", bent
        remainder = slope - tanh(z_point) - (1 - tanh(z_point) ** 2) * push
        rises = integrated(bent, push, diff(most * push**2 + sign * remainder, push), INCREASING)
        yield f"so the slope of the remainder is bounded from {side} by 2cw", rises
        yield (
            f"and the remainder by c w² from {side}",
            integrated(rises, push, most * push**2 + sign * remainder, INCREASING),
        )


def meaning(weights, write, z, move, drive, place):
    return {push: abs(move[0, 0]) + rational(1) / 3, z_point: z[0, 0], anywhere: z[0, 0] + 1}


def _pushes(weights, write, move, drive):
    """w = W δ + U u, component by component."""
    return [row[0] for row in weights @ move + write @ drive]


def _remainders(weights, write, z, move, drive, place):
    """(w_i, the enclosed |r_i|), the slope taken where `place` says."""
    pairs = zip(_pushes(weights, write, move, drive), [row[0] for row in z], strict=True)
    return [(w, at, lambda w=w, at=at: tanh_remainder(at, w, at_state=place == "h")) for w, at in pairs]


def quadratic_remainder(weights, write, z, move, drive, place):
    """|r_i| < (2/(3√3)) w_i² in every component that moves, squared: r_i² < (4/27) w_i⁴."""
    return all_of(
        less(lambda r=r: r() ** 2, BOUND * w**4, bits=192) if w else exactly(w, 0)
        for w, _, r in _remainders(weights, write, z, move, drive, place)
    )


def cubic_at_zero(weights, write, z, move, drive, place):
    """At z* = 0: |r_i| < |w_i|³/3 in every component that moves."""
    return all_of(
        less(r, abs(w) ** 3 / 3, bits=192) if w else exactly(w, 0)
        for w, _, r in _remainders(weights, write, 0 * z, move, drive, "z")
    )


def differences_of_floats(weights, write, z, move, drive, place):
    """Forward differences by scipy, of step ε, are within ε (2/(3√3)) W_ij² of D W, and what rounding adds."""
    from scipy.optimize import approx_fprime

    inner, outer, values, width = weights.numpy(), z.numpy()[:, 0], [], rational(1) / 2**20

    def step(push):
        values.append(np.tanh(inner @ push + outer))
        return values[-1]

    found = dyadic(np.reshape(approx_fprime(np.zeros(len(z)), step, float(width)), inner.shape))
    verdicts = []
    with precision(192):
        for j in range(len(z)):
            for i in range(len(z)):
                ends = (values[0][i], z[i, 0]), (values[1 + j][i], z[i, 0] + width * weights[i, j])
                missed = sum((abs(arb(value) - arb(exact).tanh()) for value, exact in ends), arb(0)) / arb(width)
                rounded = missed + arb(gamma(2)) * abs(arb(found[i, j]))  # the quotient is rounded twice
                gap = abs(arb(found[i, j]) - tanh_slope(z[i, 0]) * arb(weights[i, j]))
                verdicts.append(at_most(gap, _curvature() * arb(width * weights[i, j] ** 2) + rounded, bits=192))
    return all_of(verdicts)


def _curvature():
    """2/(3√3)."""
    return 2 / (3 * arb(3).sqrt())


def networks(task):
    """Weights, a pre-activation, a displacement and an input of the size of a task."""
    size, width = task.s, task.kappa

    def case(parts):
        rows = parts[:, : size + width]
        z, move = parts[:, size + width : size + width + 1], parts[:, size + width + 1 :] / 4
        return rows[:, :size], rows[:, size:], z, move, (rows.T @ move)[:width, :] / 8, "z"

    return matrices(size, size + width + 2).map(case)


ONE, NONE, SMALL = matrix([[1]]), matrix([[0]]), matrix([["1/100"]])
THEOREM = Theorem(
    hypotheses={slope_at_the_preactivation: (ONE, NONE, ONE, SMALL, NONE, "h")},
    derivation=derivation,
    meaning=meaning,
    conclusions=(quadratic_remainder, cubic_at_zero),
    numeric=(differences_of_floats,),
    examples={
        "a small push at z* = 1": (ONE, NONE, ONE, SMALL, NONE, "z"),
        "a large push at z* = 0": (matrix([[3]]), ONE, NONE, ONE, ONE, "z"),
    },
    cases=tasks(max_s=6, max_kappa=3).flatmap(networks),
    uses=("shadowing",),
    source="Taylor's theorem with the Lagrange remainder; W. Rudin, Principles of Mathematical Analysis, theorem 5.15",
)
