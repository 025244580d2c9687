"""Near a fixed point a tanh network is its linearisation up to a quadratic remainder with the constant 2/(3√3).

At h* = tanh(z*), z* = W h* + b, with D = diag(1 - h*²): δ(t+1) = D (W δ(t) + U u(t+1)) + r, and with w = W δ + U u
every component satisfies |r_i| ≤ (2/(3√3)) w_i²; where z*_i = 0 even |r_i| ≤ |w_i|³/3. The slope is taken at the
pre-activation z*, not at the state h*.
Idea: Taylor with tanh'' = -2 t (1 - t²), t = tanh z, and t² (1 - t²)² ≤ 4/27, since with v = t² ≤ 1
4/27 - v (1-v)² = (1/3 - v)² (4/3 - v) ≥ 0. So |tanh''|²/4 ≤ 4/27, and half of sup |tanh''| is 2/(3√3).
"""

from sympy import Rational, Symbol, diff, tanh

from emtheory.cases import matrices, tasks
from emtheory.judges.balls import less
from emtheory.judges.exact import exactly, hstack, matrix, rational, vstack
from emtheory.judges.floats import chain, close
from emtheory.judges.symbolic import identical, identity, nonnegative
from emtheory.theorem import Theorem
from emtheory.theory.gsemm import tanh_remainder
from emtheory.verdict import all_of

rest = Symbol("ρ", nonnegative=True)  # 1 - t², so that v = t² = 1 - ρ and 4/3 - v = 1/3 + ρ ≥ 0
v, z_point = 1 - rest, Symbol("z")
BOUND = rational(4) / 27  # the square of 2/(3√3)


def slope_at_the_preactivation(weights, write, z, move, drive, place):
    """The slopes are taken at z*."""
    return exactly(place, "z")


def derivation():
    one = identity(1)
    yield (
        "the curvature of tanh is -2 t (1 - t²)",
        identical(diff(tanh(z_point), z_point, 2), -2 * tanh(z_point) * (1 - tanh(z_point) ** 2)),
    )
    yield (
        "the largest curvature: 4/27 - t² (1 - t²)² is a square times something ≥ 0",
        nonnegative(
            (Rational(4, 27) - v * (1 - v) ** 2) * one,
            [((Rational(1, 3) - v) ** 2 * (Rational(1, 3) + rest), one.T @ one)],
        ),
    )


def meaning(weights, write, z, move, drive, place):
    return {rest: rational(1) / 2, z_point: z[0, 0]}


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


def floats_agree(weights, write, z, move, drive, place):
    """In floats W δ + U u agrees with its exact value, within the error bound of the product."""
    both, inputs = hstack([weights, write]), vstack([move, drive])
    computed = chain(both, inputs)
    return close(computed.value, both @ inputs, computed.bound)


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
    numeric=(floats_agree,),
    examples={
        "a small push at z* = 1": (ONE, NONE, ONE, SMALL, NONE, "z"),
        "a large push at z* = 0": (matrix([[3]]), ONE, NONE, ONE, ONE, "z"),
    },
    cases=tasks(max_s=6, max_kappa=3).flatmap(networks),
    source="Taylor's theorem with the Lagrange remainder; W. Rudin, Principles of Mathematical Analysis, theorem 5.15",
)
