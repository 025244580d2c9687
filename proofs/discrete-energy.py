"""No step of the leaky potential network raises its energy, whatever the norm of its weights.

L is convex, σ a selection of its subgradients, S = Xi Xiᵀ, c any vector, 0 < a ≤ 1, and x' = (1-a) x + a (S σ(x) + c).
With y = σ(x), E(x) = xᵀy - L(x) - ½ yᵀS y - cᵀy and the Bregman divergence D(p, q) = L(p) - L(q) - σ(q)ᵀ(p - q),
E(x) - E(x') = D(x', x)/a + (1/a - 1) D(x, x') + ½ ‖Xiᵀ(y' - y)‖² ≥ 0. At a = 1 equality holds iff D(x', x) = 0 and
Xiᵀ(y' - y) = 0; then x' is a fixed point of the step, and y' = y if L is differentiable. A selection may change there:
σ = sign, σ(0) = 0, Xi = 0, c = 0 takes x = 1 to 0, and E stays 0.
Idea: insert x' and collect; what is left is a sum of divergences, which convexity makes ≥ 0, and of a square. At a = 1
the next step moves x' by S (y' - y). If D(x', x) = 0, x' minimises D(·, x), whose gradient there is y' - y.
"""

from hypothesis import strategies as st
from sympy import Rational, Symbol

from emtheory.judges.balls import less
from emtheory.judges.exact import exactly, matrix, rational, vstack, zeros
from emtheory.judges.symbolic import at_least_zero, definition, hypothesis, identical, letter, nonnegative, sizes
from emtheory.theorems.cases import matrices, tasks
from emtheory.theorems.theorem import Theorem
from emtheory.theory.gsemm import POTENTIALS, tanh_energy

n, m = sizes("n m")
Xi, S = letter("Xi", n, m), letter("S", n, n)
x, y, x_next, y_next, c = (letter(name, n, 1) for name in ("x", "y", "x'", "y'", "c"))
L, L_next = letter("L", 1, 1), letter("L'", 1, 1)
forward, backward = letter("D(x',x)", 1, 1), letter("D(x,x')", 1, 1)
leak = Symbol("b", nonnegative=True)  # b = 1/a - 1 ≥ 0, by `step_size`
a = 1 / (1 + leak)


def convex(xi, s, bias, state, potential, rate):
    """L is convex: D(x', x) ≥ 0 and D(x, x') ≥ 0."""
    values = meaning(xi, s, bias, state, potential, rate)
    return exactly([values[forward][0, 0] >= 0, values[backward][0, 0] >= 0], [True, True])


def step_size(xi, s, bias, state, potential, rate):
    """0 < a ≤ 1."""
    return exactly(0 < rational(rate) <= 1, True)


def stored(xi, s, bias, state, potential, rate):
    """The weights are S = Xi Xiᵀ."""
    return exactly(s, xi @ xi.T)


def derivation():
    weights = hypothesis(stored, S, Xi @ Xi.T)
    step = definition(x_next, (1 - a) * x + a * (S @ y + c))
    ahead = definition(forward, L_next - L - y.T @ (x_next - x))
    back = definition(backward, L - L_next - y_next.T @ (x - x_next))
    before = x.T @ y - L - Rational(1, 2) * (y.T @ S @ y) - c.T @ y
    after = x_next.T @ y_next - L_next - Rational(1, 2) * (y_next.T @ S @ y_next) - c.T @ y_next
    moved = Xi.T @ (y_next - y)
    yield (
        "the energy falls by two Bregman divergences and a square",
        nonnegative(
            before - after,
            [(1 / a, forward), (1 / a - 1, backward), (Rational(1, 2), moved.T @ moved)],
            [step, ahead, back, weights, at_least_zero(convex, forward), at_least_zero(convex, backward)],
        ),
    )
    yield (
        "the step after x' moves it by S (y' - y), at a = 1: if Xiᵀ(y' - y) = 0 it rests",
        identical(
            S @ y_next + c - x_next,
            Xi @ moved + leak / (1 + leak) * (S @ y + c - x),
            [step, weights],
        ),
    )


def meaning(xi, s, bias, state, potential, rate):
    value, slope = POTENTIALS[potential]
    later = _step(s, bias, state, potential, rate)
    y_of, y_later = state.map(slope), later.map(slope)
    low, high = _total(state, value), _total(later, value)
    return {
        Xi: xi,
        S: s,
        c: bias,
        x: state,
        y: y_of,
        x_next: later,
        y_next: y_later,
        L: low,
        L_next: high,
        forward: high - low - y_of.T @ (later - state),
        backward: low - high - y_later.T @ (state - later),
        leak: 1 / rational(rate) - 1,
    }


def _total(state, value):
    """Σ L(x_i) as a 1 x 1 matrix."""
    return matrix([[sum((value(row[0]) for row in state), rational(0))]])


def _step(s, bias, state, potential, rate):
    """x' = (1-a) x + a (S σ(x) + c)."""
    rate = rational(rate)
    return (1 - rate) * state + rate * (s @ state.map(POTENTIALS[potential][1]) + bias)


def _energy(s, bias, state, potential):
    value, slope = POTENTIALS[potential]
    y_of = state.map(slope)
    return (state.T @ y_of - _total(state, value) - rational(1) / 2 * (y_of.T @ s @ y_of) - bias.T @ y_of)[0, 0]


def _orbit(s, bias, state, potential, rate):
    """(x, x') for four steps."""
    for _ in range(4):
        later = _step(s, bias, state, potential, rate)
        yield state, later
        state = later


def _parts(xi, s, bias, before, potential, rate):
    """D(x', x), D(x, x') and Xiᵀ(y' - y)."""
    values = meaning(xi, s, bias, before, potential, rate)
    return values[forward][0, 0], values[backward][0, 0], xi.T @ (values[y_next] - values[y])


def energy_falls(xi, s, bias, state, potential, rate):
    """E(x') ≤ E(x), and the drop is the sum of divergences and a square, along four steps."""
    drops, sums = [], []
    for before, after in _orbit(s, bias, state, potential, rate):
        ahead, back, moved = _parts(xi, s, bias, before, potential, rate)
        drops.append(_energy(s, bias, before, potential) - _energy(s, bias, after, potential))
        sums.append((ahead + (1 - rational(rate)) * back) / rational(rate) + (moved.T @ moved)[0, 0] / 2)
    return exactly([*drops, min(drops) >= 0], [*sums, True])


def equality_at_full_step(xi, s, bias, state, potential, rate):
    """At a = 1, E(x') = E(x) iff D(x', x) = 0 and Xiᵀ(y' - y) = 0; then x' rests, and y' = y for differentiable L."""
    equal, parts_vanish, follows = [], [], []
    slope = POTENTIALS[potential][1]
    for before, after in _orbit(s, bias, state, potential, 1):
        ahead, _, moved = _parts(xi, s, bias, before, potential, 1)
        equal.append(_energy(s, bias, before, potential) == _energy(s, bias, after, potential))
        parts_vanish.append(ahead == 0 and moved.is_zero())
        rests = _step(s, bias, after, potential, 1) == after
        same = potential == "sign" or before.map(slope) == after.map(slope)
        follows.append(not equal[-1] or (rests and same))
    return exactly([equal, follows], [parts_vanish, [True] * len(follows)])


def tanh_falls(xi, s, bias, state, potential, rate):
    """For σ = tanh, L = Σ log cosh, enclosed: E(x') < E(x) from x, or from x + 1 if x is a fixed point."""
    started = state.map(lambda entry: entry + 1) if _tanh_rests(s, bias, state) else state
    before, after = (lambda k=k: tanh_energy(s, bias, started, rational(rate), steps=k) for k in (0, 1))
    return less(after, before, bits=256)


def _tanh_rests(s, bias, state):
    """Whether S tanh(x) + c = x, decided exactly: over the rationals, 1 and tanh at different positive rationals are
    independent, as rational functions of one transcendental number, each with a pole that smaller ones do not have."""
    for row, fixed, here in zip(s, bias, state, strict=True):
        weights = {}
        for entry, (x_j,) in zip(row, state, strict=True):
            weights[abs(x_j)] = weights.get(abs(x_j), rational(0)) + (entry if x_j > 0 else -entry)
        if fixed != here or any(total for size, total in weights.items() if size):
            return False
    return True


@st.composite
def networks(draw, task):
    """A random network of the size of a task; sometimes at a fixed point, or at one but for a unit that goes to 0."""
    parts = draw(matrices(task.s, task.kappa + 2))
    xi, bias, state = parts[:, : task.kappa], parts[:, task.kappa : -1], parts[:, -1:]
    potential = draw(st.sampled_from([name for name in POTENTIALS if name != "concave"]))
    rate = draw(st.sampled_from((rational(1), rational(1) / 2, rational(3) / 4, rational(1) / 5)))
    special = draw(st.sampled_from(("no", "no", "fixed", "one unit goes to 0")))
    if special == "one unit goes to 0":
        xi = vstack([zeros(1, task.kappa), xi[1:, :]])
    if special != "no":
        bias = state - xi @ xi.T @ state.map(POTENTIALS[potential][1])
    if special == "one unit goes to 0":
        bias = vstack([zeros(1, 1), bias[1:, :]])
    return xi, xi @ xi.T, bias, state, potential, rate


ONE, NONE = matrix([[1]]), matrix([[0]])
HALF = matrix([["1/2"]])
FULL, HALF_STEP = rational(1), rational(1) / 2
THEOREM = Theorem(
    hypotheses={
        convex: (HALF, HALF @ HALF, NONE, ONE, "concave", FULL),
        step_size: (NONE, NONE, NONE, ONE, "identity", rational(3)),
        stored: (ONE, matrix([[-2]]), NONE, ONE, "identity", FULL),
    },
    derivation=derivation,
    meaning=meaning,
    conclusions=(energy_falls, equality_at_full_step),
    numeric=(tanh_falls,),
    examples={
        "one neuron, ReLU": (ONE, ONE, HALF, ONE, "relu", FULL),
        "signs: a Hopfield step": (
            matrix([[1, 1], [1, -1]]),
            matrix([[2, 0], [0, 2]]),
            zeros(2, 1),
            matrix([[1], [-3]]),
            "sign",
            FULL,
        ),
        "equality although σ changes, which jumps at 0": (NONE, NONE, NONE, ONE, "sign", FULL),
        "no equality although the next point is fixed": (NONE, NONE, NONE, ONE, "identity", FULL),
        "a small step, clipped": (matrix([[2]]), matrix([[4]]), ONE, matrix([[-3]]), "clip", HALF_STEP),
    },
    cases=tasks(max_s=6, max_kappa=6).flatmap(networks),
    source="open in the notes to Karuvally, Sejnowski, Siegelmann, ICML 2023; proof by Bregman divergences",
)
