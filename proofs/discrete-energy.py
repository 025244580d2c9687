"""Every step of the leaky potential network lowers its energy, whatever the step size and the norm of its weights.

L is convex, σ a selection of its subgradients, S = Xi Xiᵀ, c any vector, 0 < a ≤ 1, and x' = (1-a) x + a (S σ(x) + c).
With y = σ(x), E(x) = xᵀy - L(x) - ½ yᵀS y - cᵀy and the Bregman divergence D(p, q) = L(p) - L(q) - σ(q)ᵀ(p - q),
E(x) - E(x') = D(x', x)/a + (1/a - 1) D(x, x') + ½ ‖Xiᵀ(y' - y)‖² ≥ 0. At a = 1 equality needs y' = y: a fixed point.
Idea: insert x' and collect; what is left is a sum of divergences, which convexity makes ≥ 0, and of a square.
"""

from sympy import Rational, Symbol

from emtheory.cases import matrices, tasks
from emtheory.judges.balls import less
from emtheory.judges.exact import exactly, matrix, rational, zeros
from emtheory.judges.symbolic import at_least_zero, definition, hypothesis, letter, nonnegative, sizes
from emtheory.theorem import Theorem
from emtheory.theory.gsemm import POTENTIALS, tanh_energy

n, m = sizes("n m")
Xi, S = letter("Xi", n, m), letter("S", n, n)
x, y, x_next, y_next, c = (letter(name, n, 1) for name in ("x", "y", "x'", "y'", "c"))
L, L_next = letter("L", 1, 1), letter("L'", 1, 1)
forward, backward = letter("D(x',x)", 1, 1), letter("D(x,x')", 1, 1)
leak = Symbol("b", nonnegative=True)  # a = 1/(1 + b) takes all values in (0, 1]
a = 1 / (1 + leak)


def convex(xi, s, bias, state, potential, slowness):
    """L is convex: D(x', x) ≥ 0 and D(x, x') ≥ 0."""
    values = meaning(xi, s, bias, state, potential, slowness)
    return exactly([values[forward][0, 0] >= 0, values[backward][0, 0] >= 0], [True, True])


def stored(xi, s, bias, state, potential, slowness):
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


def meaning(xi, s, bias, state, potential, slowness):
    value, slope = POTENTIALS[potential]
    later = _step(s, bias, state, potential, slowness)
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
        leak: slowness,
    }


def _total(state, value):
    """Σ L(x_i) as a 1 x 1 matrix."""
    return matrix([[sum((value(row[0]) for row in state), rational(0))]])


def _step(s, bias, state, potential, slowness):
    """x' = (1-a) x + a (S σ(x) + c), a = 1/(1 + slowness)."""
    rate = 1 / (1 + rational(slowness))
    return (1 - rate) * state + rate * (s @ state.map(POTENTIALS[potential][1]) + bias)


def _energy(s, bias, state, potential):
    value, slope = POTENTIALS[potential]
    y_of = state.map(slope)
    return (state.T @ y_of - _total(state, value) - rational(1) / 2 * (y_of.T @ s @ y_of) - bias.T @ y_of)[0, 0]


def energy_falls(xi, s, bias, state, potential, slowness):
    """E(x') ≤ E(x) along four steps; at a = 1 it stays only if y' = y."""
    held = []
    for _ in range(4):
        later = _step(s, bias, state, potential, slowness)
        drop = _energy(s, bias, state, potential) - _energy(s, bias, later, potential)
        slope = POTENTIALS[potential][1]
        rests = drop != 0 or slowness != 0 or later.map(slope) == state.map(slope)
        held.append(drop >= 0 and rests)
        state = later
    return exactly(held, [True] * 4)


def tanh_falls(xi, s, bias, state, potential, slowness):
    """For σ = tanh, L = Σ log cosh, enclosed: E(x') < E(x), unless x is exactly a fixed point."""
    rate = 1 / (1 + rational(slowness))
    if s.is_zero() and bias == state:
        return exactly((1 - rate) * state + rate * bias, state)
    started = state if not state.is_zero() else state.map(lambda entry: entry + 1)
    if s.is_zero() and bias == started:
        return exactly((1 - rate) * started + rate * bias, started)
    before, after = (lambda k=k: tanh_energy(s, bias, started, rate, steps=k) for k in (0, 1))
    return less(after, before, bits=256)


def networks(task):
    """A random network of the size of a task, one of the potentials, and a step size."""
    n_of, m_of = task.s, task.kappa
    names = [name for name in POTENTIALS if name != "concave"]

    def case(parts):
        xi, bias, state = parts[:, :m_of], parts[:, m_of : m_of + 1], parts[:, m_of + 1 :]
        return xi, xi @ xi.T, bias, state, names[(n_of + m_of) % len(names)], (n_of * m_of) % 3

    return matrices(n_of, m_of + 2).map(case)


ONE, NONE = matrix([[1]]), matrix([[0]])
HALF = matrix([["1/2"]])
TURN = matrix([[0, -2], [2, 0]])
THEOREM = Theorem(
    hypotheses={
        convex: (HALF, HALF @ HALF, NONE, ONE, "concave", 0),
        stored: (ONE, matrix([[-2]]), NONE, ONE, "identity", 0),
    },
    derivation=derivation,
    meaning=meaning,
    conclusions=(energy_falls,),
    numeric=(tanh_falls,),
    examples={
        "one neuron, ReLU": (ONE, ONE, HALF, ONE, "relu", 0),
        "signs: a Hopfield step": (
            matrix([[1, 1], [1, -1]]),
            matrix([[2, 0], [0, 2]]),
            zeros(2, 1),
            matrix([[1], [-3]]),
            "sign",
            0,
        ),
        "a slow step, clipped": (matrix([[2]]), matrix([[4]]), ONE, matrix([[-3]]), "clip", 2),
    },
    cases=tasks(max_s=6, max_kappa=6).flatmap(networks),
    source="open in the notes to Karuvally, Sejnowski, Siegelmann, ICML 2023; proof by Bregman divergences",
)
