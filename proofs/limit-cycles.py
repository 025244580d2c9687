"""A gain above 1 turns every sign pattern on the cycles of Phi into an attracting periodic orbit: 2^c stored patterns.

Phi has one entry ±1 in each row, γ > 1 and h(t+1) = tanh(γ Phi h(t)). For every sign pattern on the c nodes that lie on
cycles, a* times the pattern is on a periodic orbit, a* the positive root of a = tanh γa. The orbit attracts its open
orthant, the states without an entry 0, exponentially, with multiplier γ (1 - a*²) = 2y / sinh 2y < 1 a step in the
maximum norm, y = γ a*. Repeat copy stores 2^(sκ) patterns, compose copy with s = 8 stores 2^36. A signed permutation of
size N has 3^N periodic points, signs and zeros times a*, of which 2^N attract.
Idea: tanh is odd, so a memory and its sign move along a cycle without seeing the others: M(t+1) = tanh γ M(t). That
map of (0, ∞) has one fixed point, as y / tanh y increases, and no step takes a memory from one side of it to the other.
"""

from itertools import pairwise, product

import numpy as np
from hypothesis import strategies as st
from sympy import Symbol, cosh, sinh, tanh

from emtheory.judges.balls import arb, arb_mat, at_most, less, precision
from emtheory.judges.exact import cycle, dyadic, exactly, eye, matrix, rational, zeros
from emtheory.judges.symbolic import (
    INCREASING,
    MEAN_VALUE,
    at_least_zero,
    cited,
    family,
    identical,
    identity,
    indices,
    integrated,
    never_negative,
    nonnegative,
)
from emtheory.theorems.cases import rationals
from emtheory.theorems.theorem import Theorem
from emtheory.theory.saturating import level, tanh_run
from emtheory.verdict import all_of

t = indices("t")
y = Symbol("y", nonnegative=True)
gain, low = Symbol("γ", nonnegative=True), Symbol("a", nonnegative=True)
M, slope = family("M", 1, 1), family("θ", 1, 1)  # a memory times its sign along its cycle; a slope of tanh
BITS = 192


def one_sign_a_row(phi, gamma, turn, bias, start):
    """Each row of Phi has one entry, ±1."""
    return exactly([sum((abs(x) for x in row), rational(0)) for row in phi] + [_largest(phi)], [1] * len(phi) + [1])


def _largest(phi):
    return max(abs(x) for row in phi for x in row)


def gain_above_one(phi, gamma, turn, bias, start):
    """γ > 1."""
    return exactly(gamma > 1, True)


def no_bias(phi, gamma, turn, bias, start):
    """Nothing is added to γ Phi h."""
    return exactly(bias, 0 * bias)


def memory_basis(phi, gamma, turn, bias, start):
    """The memories are the neurons, up to order and sign."""
    return exactly([turn @ turn.T, turn.map(lambda x: x * x) @ turn.map(abs).T], [eye(len(turn)), eye(len(turn))])


def open_orthant(phi, gamma, turn, bias, start):
    """No memory starts at 0."""
    return exactly(all(row[0] != 0 for row in start), True)


def derivation():
    one = identity(1)
    yield (
        "where a = tanh y and y = γa, the multiplier γ(1 - a²) is 2y / sinh 2y",
        identical(y / tanh(y) * (1 - tanh(y) ** 2), 2 * y / sinh(2 * y)),
    )
    steep = nonnegative((2 * cosh(2 * y) - 2) * one, [(4, (sinh(y) * one).T @ (sinh(y) * one))])
    yield "cosh 2y ≥ 1", steep
    yield "so 2y ≤ sinh 2y: the multiplier is at most 1", integrated(steep, y, sinh(2 * y) - 2 * y, INCREASING)
    bend = nonnegative(
        2 * y * tanh(y) * (1 - tanh(y) ** 2) * one, [(2 * y * tanh(y), (1 / cosh(y) * one).T @ (1 / cosh(y) * one))]
    )
    yield "tanh y ≥ 0 has slope 1 - tanh² y = 1/cosh² y", bend
    yield (
        "so y / tanh y increases, and every γ > 1 has one level: its derivative times tanh² y is ≥ 0",
        integrated(bend, y, tanh(y) - y * (1 - tanh(y) ** 2), INCREASING),
    )
    step = cited(MEAN_VALUE, M(t + 1), tanh(gain * low) * one + gain * slope(t) @ (M(t) - low * one), where=[t >= 0])
    rising = at_least_zero(MEAN_VALUE, slope(t), where=[t >= 0])
    kept = at_least_zero(gain_above_one, (tanh(gain * low) - low) * one)
    starts = at_least_zero(open_orthant, M(0) - low * one)
    yield (
        "a memory that starts at or above a level with tanh γa ≥ a stays there",
        never_negative(
            t,
            0,
            M(t) - low * one,
            [(1, M(0) - low * one)],
            [(1, kept.term), (gain, slope(t) @ (M(t) - low * one))],
            [step, rising, kept, starts],
        ),
    )


def meaning(phi, gamma, turn, bias, start):
    """The first memory along its cycle, the level from which it starts, and the slopes between."""
    first = min(abs(start[0, 0]), (gamma - 1) / gamma**2)

    def memory(steps):
        value = arb(abs(start[0, 0]))
        for _ in range(steps):
            value = (arb(gamma) * value).tanh()
        return value

    def between(steps):
        value = memory(steps)
        rise = (arb(gamma) * value).tanh() - (arb(gamma) * arb(first)).tanh()
        gap = arb(gamma) * (value - arb(first))
        return rise / gap if gap > 0 else 1 - (arb(gamma) * arb(first)).tanh() ** 2

    def scalar(values):
        return lambda at: arb_mat(1, 1, [values(at)])

    return {gain: gamma, low: first, M: scalar(memory), slope: scalar(between), y: gamma * first}


def _run(phi, gamma, turn, bias, start):
    """Qᵀ h(t) for 2n + 4 steps from h(0) = Q start, enclosed."""
    steps = 2 * len(phi) + 4
    weights = turn @ (gamma * phi) @ turn.T
    back = arb_mat(turn.T.flint)
    return [back * state for state in tanh_run(weights, [bias] * steps, turn @ start, steps)]


def _sign(x):
    return rational((x > 0) - (x < 0))


def pattern_is_kept(phi, gamma, turn, bias, start):
    """At every step the signs are Phi^t times those of the start, not 0, and no memory falls below min(|start|, a)."""
    least, pattern, verdicts = (gamma - 1) / gamma**2, start.map(_sign), []
    floor = min([least, *(abs(row[0]) for row in start)])
    with precision(BITS):
        states = [state.entries() for state in _run(phi, gamma, turn, bias, start)]
    verdicts.append(exactly(least > 0, True))
    for state in states:
        pattern = phi @ pattern
        signed = [value * arb(row[0]) for value, row in zip(state, pattern, strict=True)]
        verdicts += [verdict for x in signed for verdict in (less(0, x, bits=BITS), at_most(floor, x, bits=BITS))]
    return all_of(verdicts)


def orbit_attracts(phi, gamma, turn, bias, start):
    """γ(1 - a*²) < 1, and the distance from the orbit shrinks over the run."""
    with precision(BITS):
        star = level(gamma)
        states = [[abs(abs(x) - star) for x in state.entries()] for state in _run(phi, gamma, turn, bias, start)]
        far = [max(gaps, key=float) for gaps in states]
        shrink = arb(gamma) * (1 - star * star)
    return all_of([less(shrink, 1, bits=BITS), less(far[-1], far[0], bits=BITS)])


def patterns_counted(phi, gamma, turn, bias, start):
    """2^c sign patterns recur under Phi, c its recurrent nodes; 3^n patterns of signs and zeros, if Phi permutes."""
    signs = _recurring(phi, (1, -1))
    verdicts = [exactly(len(signs), 2 ** _recurrent_nodes(phi))]
    if _recurrent_nodes(phi) == len(phi):
        verdicts.append(exactly(len(_recurring(phi, (1, 0, -1))), 3 ** len(phi)))
    return all_of(verdicts)


def _recurrent_nodes(phi):
    """The rank of Phi^n: the nodes that others read for ever."""
    return (phi ** len(phi)).rank()


def _recurring(phi, values):
    """The patterns that come back, found by stepping all of them, as often as there are nodes, then around."""
    rows = [next((j, int(x)) for j, x in enumerate(row) if x) for row in phi]
    patterns = set(product(values, repeat=len(rows)))
    while True:
        later = {tuple(sign * p[j] for j, sign in rows) for p in patterns}
        if later == patterns:
            return patterns
        patterns = later


def floats_are_multiplied(phi, gamma, turn, bias, start):
    """In a run of numpy, a step multiplies distances from a* by 2y / sinh 2y, up to a square and its rounding."""
    weights, size = gamma * phi, len(phi)
    states = _float_run(weights.numpy(), start.numpy()[:, 0], 4 * size + 24)
    with precision(BITS):
        star = level(gamma)
        curve = 2 * arb(gamma) ** 2 / (3 * arb(3).sqrt())  # half of the largest |tanh''|, 4/(3√3), of γ a
        verdicts = []
        for before, after in pairwise(states):
            exact = [arb(z).tanh() for z in (weights @ before).flint.entries()]
            for i, row in enumerate(phi):
                (source,) = (j for j, x in enumerate(row) if x)
                gap, later = abs(arb(before[source, 0])) - star, abs(arb(after[i, 0])) - star
                miss = abs(arb(after[i, 0]) - exact[i])
                verdicts.append(
                    at_most(abs(later - _multiplier(gamma, star) * gap), curve * gap * gap + miss, bits=BITS)
                )
    return all_of(verdicts)


def _multiplier(gamma, star):
    """2y / sinh 2y, y = γ a*."""
    y_star = arb(gamma) * star
    return 2 * y_star / (2 * y_star).sinh()


def _float_run(weights, state, steps):
    """h(0), …, h(T) of h(t+1) = tanh(W h(t)) in floats, exact from there on."""
    states = [state]
    for _ in range(steps):
        states.append(np.tanh(weights @ states[-1]))
    return [dyadic(state[:, None]) for state in states]


@st.composite
def networks(draw):
    """A map of up to eight nodes with signs, neurons in any order and of any sign, a start in an open orthant."""
    size = draw(st.integers(1, 8))
    anywhere = st.lists(st.integers(0, size - 1), min_size=size, max_size=size)
    sources = draw(st.one_of(anywhere, st.permutations(range(size))))
    signs = draw(st.lists(st.sampled_from((1, -1)), min_size=size, max_size=size))
    phi = matrix([[signs[i] * int(j == sources[i]) for j in range(size)] for i in range(size)])
    order = draw(st.permutations(range(size)))
    flips = draw(st.lists(st.sampled_from((1, -1)), min_size=size, max_size=size))
    turn = matrix([[flips[i] * int(j == order[i]) for j in range(size)] for i in range(size)])
    values = draw(st.lists(rationals(), min_size=size, max_size=size))
    start = matrix([[rational(x) / 3 or rational(1)] for x in values])
    gamma = 1 + rational(draw(st.integers(1, 12))) / 8
    return phi, gamma, turn, zeros(size, 1), start


ONE, TWO = matrix([[1]]), rational(2)
SUM = matrix([[1, -1], [1, -1]])
SWAP, UP = cycle(2), matrix([[1], [1]])
TURNED = matrix([["3/5", "-4/5"], ["4/5", "3/5"]])
THEOREM = Theorem(
    hypotheses={
        one_sign_a_row: (SUM, TWO, eye(2), zeros(2, 1), UP),
        gain_above_one: (ONE, rational(1), ONE, matrix([[0]]), ONE),
        no_bias: (ONE, TWO, ONE, matrix([[-1]]), ONE),
        open_orthant: (ONE, TWO, ONE, matrix([[0]]), matrix([[0]])),
        memory_basis: (SWAP, TWO, TURNED, zeros(2, 1), matrix([[1], ["1/10"]])),
    },
    derivation=derivation,
    meaning=meaning,
    conclusions=(pattern_is_kept, orbit_attracts, patterns_counted),
    numeric=(floats_are_multiplied,),
    examples={
        "one neuron holds one bit": (ONE, TWO, ONE, matrix([[0]]), matrix([["1/10"]])),
        "repeat copy of three bits": (cycle(3), rational(3) / 2, eye(3), zeros(3, 1), matrix([[1], [-1], ["1/2"]])),
        "a tail on a negative cycle": (matrix([[-1, 0], [1, 0]]), TWO, eye(2), zeros(2, 1), matrix([[1], [-1]])),
    },
    cases=networks(),
    source="attractors of tanh networks with permutation weights; the count and the multiplier are proved here",
)
