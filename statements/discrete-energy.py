"""No step of the leaky potential network raises its energy, whatever the norm of its weights.

x' = (1-a) x + a (S σ(x) + c) with 0 < a ≤ 1, that is (1+b) x' = b x + S σ(x) + c with b = 1/a - 1 ≥ 0; y = σ(x) and
y' = σ(x') are subgradients of a convex L with values L, L'. With E(x) = xᵀy - L - ½ yᵀS y - cᵀy and the divergences
F = D(x', x) = L' - L - yᵀ(x' - x) and B = D(x, x'): E(x) - E(x') = F/a + (1/a - 1) B + ½ (y'-y)ᵀ S (y'-y) ≥ 0 if
S = Xi Xiᵀ, which is iota = 0 here. If σ is 1/iota-Lipschitz, then G = F - (iota/2) ‖y'-y‖² ≥ 0, and Xi Xiᵀ - iota I
will do. E stays iff G = b F = b B = 0 and Xiᵀ(y'-y) = 0; at b = iota = 0 then x' is a fixed point. And y' = y if L is
differentiable at x', so that L(x' + τ(y-y')) is above its tangent by at most ½ τ ‖y'-y‖² for one τ > 0.
Idea: c is eliminated by the step; what is left is a sum of divergences and a square. If F = 0, x' minimises D(·, x).
"""

from hypothesis import strategies as st
from sympy import Rational

from emtheory.formulas import (
    Theorem,
    at_most,
    case,
    define,
    equal,
    iff,
    implies,
    less,
    letter,
    opaque,
    scalar,
    size,
    times,
)
from emtheory.judges.balls import precision
from emtheory.judges.exact import eye, matrix, rational
from emtheory.letters import identity, n, zero
from emtheory.theorems.cases import matrices
from emtheory.theory.gsemm import POTENTIALS, tanh_energy

WIDTH = size("m", "is the number of memories")
m = WIDTH.symbol
LETTERS = (
    letter("Xi", n, m, "holds the memories"),
    letter("S", n, n, "is the weights"),
    letter("x", n, 1, "is the state"),
    letter("x_next", n, 1, "is the state after a step"),
    letter("y", n, 1, "is the activation of x, a subgradient of L there"),
    letter("y_next", n, 1, "is the activation of x_next"),
    letter("L", 1, 1, "is the potential of x"),
    letter("L_next", 1, 1, "is the potential of x_next"),
    letter("L_near", 1, 1, "is the potential of a point near x_next"),
    scalar("b", "is 1/a - 1, a the step"),
    scalar("iota", "is the strength of convexity of L along y"),
    scalar("tau", "is the distance of that point, in parts of y - y_next"),
)
Xi, S, x, x_next, y, y_next, L, L_next, L_near, b, iota, tau = (given.symbol for given in LETTERS)
c = letter("c", n, 1, "").symbol
E, E_next, F, B, G = (letter(name, 1, 1, "").symbol for name in ("energy", "energy_next", "F", "B", "G"))
half, change = Rational(1, 2), y_next - y
moved, squared = Xi.T @ change, change.T @ change

step = define(c, (1 + b) * x_next - b * x - S @ y)
energy = define(E, x.T @ y - L - half * (y.T @ S @ y) - c.T @ y)
later = define(E_next, x_next.T @ y_next - L_next - half * (y_next.T @ S @ y_next) - c.T @ y_next)
ahead = define(F, L_next - L - y.T @ (x_next - x))
back = define(B, L - L_next - y_next.T @ (x - x_next))
beyond = define(G, F - half * iota * squared)

stored = equal(S, Xi @ Xi.T - iota * identity(n)).called("the weights are Xi Xiᵀ, or less by iota")
leak = at_most(0, b).called("0 < a ≤ 1")
strength = at_most(0, iota)
convex = at_most(0, G).called("L is convex; for iota > 0 its activation is 1/iota-Lipschitz")
convex_too = at_most(0, B).called("L is convex, seen from x_next")

drop = equal(E - E_next, G + b * F + b * B + half * (moved.T @ moved)).called(
    "the energy falls by two divergences and a square"
)
falls = at_most(E_next, E).called("the energy does not rise")
stays = equal(E_next, E).called("the energy stays")
tight, resting = equal(G, zero(1, 1)), equal(moved, zero(m, 1))
idle, idle_too = equal(b * F, zero(1, 1)), equal(b * B, zero(1, 1))
full = equal(b, 0).called("the step is a = 1")
fixed = equal(S @ y_next + c, x_next - iota * change).called("then x_next is a fixed point, if iota = 0")
level = equal(F, zero(1, 1)).called("D(x', x) = 0")
above = at_most(L + y.T @ (x_next - tau * change - x), L_near).called("L is convex at a point near x_next")
forward = less(0, tau)
smooth = at_most(L_near - L_next + tau * (y_next.T @ change), half * tau * squared).called("L is differentiable there")
same = equal(y_next, y).called("then the activation stays")


@opaque
def tanh_falls(S, x, b, **_):
    """For σ = tanh, L = Σ log cosh and no bias the energy falls from every rational x but 0, enclosed in balls."""
    if x.is_zero():
        return True
    with precision(192):  # S tanh(x) = x has no rational solution but 0, by Lindemann and Weierstrass
        before, after = (tanh_energy(S, 0 * x, x, 1 / (1 + b), steps=steps) for steps in (0, 1))
        return bool(after < before)


def proof(prove):
    prove(drop).by_rewriting(energy, later, ahead, back, beyond, step, stored)
    positive = prove(at_most(0, F), "convexity").by_parts((1, [convex]), (half, [strength, change]), using=[beyond])
    parts = (1, [leak, positive]), (1, [leak, convex_too]), (half, [moved])
    definitions = energy, later, ahead, back, beyond, step, stored
    prove(falls).by_parts((1, [convex]), *parts, using=definitions)
    one = identity(1)
    with prove.assuming(stays):
        left = prove(equal(G, -b * F - b * B - half * (moved.T @ moved)), "nothing is left").by_combining(drop, stays)
        terms = {tight: (G, (1, [convex])), idle: (b * F, parts[0]), idle_too: (b * B, parts[1])}
        for goal, (term, part) in terms.items():
            others = [other for _, other in terms.values() if other != part]
            least = prove(at_most(0, term)).by_parts(part)
            most = prove(at_most(term, 0)).by_parts(*others, parts[2], using=[left])
            prove(goal, "no part is").by_lemma("antisymmetric", term, 0 * one, using=[least, most])
        least = prove(at_most(0, moved.T @ moved)).by_parts((1, [moved]))
        most = prove(at_most(moved.T @ moved, 0)).by_parts(
            (2, [convex]), (2, [leak, positive]), (2, [leak, convex_too]), using=[left]
        )
        nothing = prove(equal(moved.T @ moved, zero(1, 1))).by_lemma(
            "antisymmetric", moved.T @ moved, 0 * one, using=[least, most]
        )
        prove(resting, "nor is the square").by_lemma("definite", m, moved, using=[nothing])
        with prove.assuming(full):
            onward = x_next - iota * change + Xi @ moved + b * (x_next - x)
            step_on = prove(equal(S @ y_next + c, onward), "a step from x_next").by_rewriting(step, stored)
            prove(fixed).by_combining(step_on, times(resting, left=Xi), times(full, left=x_next - x))
    with prove.assuming(tight, idle, idle_too, resting):
        prove(stays).by_combining(drop, tight, idle, idle_too, times(resting, left=half * moved.T))
    with prove.assuming(level, above, forward, smooth):
        value = prove(equal(L_next, F + L + y.T @ (x_next - x)), "the value at x_next").by_combining(ahead)
        least = prove(at_most(0, half * tau * squared)).by_parts((half, [forward, change]))
        most = prove(at_most(half * tau * squared, 0), "L rises by too little").by_parts(
            (1, [smooth]), (1, [above]), using=[value, level]
        )
        scaled = prove(equal(half * tau * squared, zero(1, 1))).by_lemma(
            "antisymmetric", half * tau * squared, 0 * one, using=[least, most]
        )
        nothing = prove(equal(squared, zero(1, 1))).by_combining(
            times(scaled, left=2 / tau * one), times(forward, left=squared)
        )
        gone = prove(equal(change, zero(n, 1))).by_lemma("definite", n, change, using=[nothing])
        prove(same).by_combining(gone)


@st.composite
def numbers(draw):
    """No network: any two states with activations that are monotone between them, and values of a potential."""
    size = draw(st.integers(1, 2))
    xi, columns, near = draw(matrices(size, 1)), draw(matrices(size, 4)), draw(matrices(1, 1))
    here, there, active, later = (columns[:, i : i + 1] for i in range(4))
    rise = ((later - active).T @ (there - here))[0, 0]
    if rise < 0:
        active, later, rise = -active, -later, -rise
    low = draw(st.sampled_from((0, 1))) * rise
    return case(
        m=1, Xi=xi, S=xi @ xi.T, x=here, x_next=there, y=active, y_next=later, L=0 * near, L_near=near,
        L_next=active.T @ (there - here) + matrix([[low]]), b=draw(st.integers(0, 1)), iota=0, tau=1,
    )  # fmt: skip


@st.composite
def networks(draw):
    """A step of a network with a convex potential; sometimes at a fixed point."""
    size, width = draw(st.integers(1, 3)), draw(st.integers(1, 2))
    xi, columns = draw(matrices(size, width)), draw(matrices(size, 2))
    kind = draw(st.sampled_from(("identity", "relu", "sign", "clip")))
    potential, slope = POTENTIALS[kind]
    iota, b, near = (rational(draw(st.sampled_from(some))) for some in ((0, 0, 1), (0, 0, 1, 4), (1, 2)))
    iota = 0 * iota if kind == "sign" else iota  # a jump is not Lipschitz
    weights, here = xi @ xi.T - iota * eye(size), columns[:, :1]
    active = here.map(slope)
    bias = here - weights @ active if draw(st.booleans()) else columns[:, 1:]
    there = (b * here + weights @ active + bias) * (1 / (1 + b))
    later, near = there.map(slope), near / 2

    def value(point):
        return matrix([[sum((potential(row[0]) for row in point), rational(0))]])

    return case(
        m=width, Xi=xi, S=weights, x=here, x_next=there, y=active, y_next=later, L=value(here), L_next=value(there),
        L_near=value(there + near * (active - later)), b=b, iota=iota, tau=near,
    )  # fmt: skip


def one_neuron(**values):
    """One neuron, at rest but for what is given."""
    names = ("Xi", "S", "x", "x_next", "y", "y_next", "L", "L_next", "L_near")
    numbers = {name: values.get(name, 0) for name in ("b", "iota")}
    return case(m=1, tau=1, **{name: [[values.get(name, 0)]] for name in names}, **numbers)


THEOREM = Theorem(
    given=(WIDTH, *LETTERS),
    hypotheses={
        stored: one_neuron(Xi=1, S=-2, x=1, y=1, L="1/2", x_next=-2, y_next=-2, L_next=2),
        leak: one_neuron(x=1, y=1, L="1/2", x_next=-2, y_next=-2, L_next=2, b="-2/3"),
        strength: one_neuron(S=1, x="1/2", L="1/2", y_next=1, b=1, iota=-1),
        convex: one_neuron(Xi=1, S=1, x=1, L_next=-1),
        convex_too: one_neuron(x=1, y_next=1, b=1),
    },
    definitions=(step, energy, later, ahead, back, beyond),
    conclusions=(
        drop, falls, iff([stays], [tight, idle, idle_too, resting]), implies(stays, full, fixed),
        implies(level, above, forward, smooth, same), tanh_falls,
    ),
    proof=proof,
    examples={
        "a square, half a step": one_neuron(Xi=1, S=1, x=1, y=1, L="1/2", x_next=1, y_next=1, L_next="1/2", b=1),
        "signs: the energy stays although y jumps": one_neuron(y=1),
        "two states in turn, at the limit iota = 1": one_neuron(
            S=-1, x=1, y=1, L="1/2", x_next=-1, y_next=-1, L_next="1/2", iota=1
        ),
        "no equality although the next point is fixed": one_neuron(x=1, y=1, L="1/2"),
    },
    cases=networks() | numbers(),
    source="open in the notes to Karuvally, Sejnowski, Siegelmann, ICML 2023; proof by Bregman divergences",
)  # fmt: skip
