"""Near a fixed point a tanh network is its linearisation up to a quadratic remainder with the constant 2/(3√3).

Every vector z is the pre-activation of a fixed point, h_z = tanh(z), for the bias b = z - W h_z. From the state
h_z + g with the input c the network moves to h_z + D (W g + U c) + r, D = diag(1 - tanh² z); with w = W g + U c each
component satisfies |r_i| ≤ (2/(3√3)) w_i², and |r_i| ≤ |w_i|³/3 at z = 0. The slope is taken at the pre-activation z,
not at the state h_z.
Idea: the components see each one z_i and one w_i; |tanh''| ≤ 4/(3√3), and tanh''(0) = 0, in Taylor's theorem.
"""

from hypothesis import strategies as st
from sympy import Rational, sqrt

from emtheory.formulas import (
    Theorem,
    at_most,
    case,
    define,
    entrywise,
    equal,
    implies,
    lemma,
    letter,
    tanh,
    times,
    within,
)
from emtheory.letters import U, W, e_n, i, identity, kappa, n, total, zero
from emtheory.theorems.cases import matrices

GIVEN = (
    letter("z", n, 1, "is the pre-activation of the fixed point"),
    letter("g", n, 1, "is how far the state is from it"),
    letter("c", kappa, 1, "is the input"),
)
z, g, c = (given.symbol for given in GIVEN)
h, b, w, later, r = (letter(name, n, 1, "").symbol for name in ("h_z", "b", "w", "h'", "r"))
D = letter("D", n, n, "").symbol
row, each = e_n(i).T, within(1, i, n)
slope = identity(1) - tanh(row @ z) @ tanh(row @ z)

state = define(h, total(e_n(i) @ tanh(row @ z), (i, 1, n)))
bias = define(b, z - W @ h)
slopes = define(D, total(e_n(i) @ slope @ row, (i, 1, n)))
push = define(w, W @ g + U @ c)
step = define(later, total(e_n(i) @ tanh(row @ (W @ (h + g) + U @ c + b)), (i, 1, n)))
rest = define(r, later - h - D @ w)

fixed = equal(row @ h, tanh(row @ (W @ h + b)), *each).called("h_z is a fixed point")
quadratic = at_most(entrywise("abs", row @ r), 2 / (3 * sqrt(3)) * (row @ w @ row @ w), *each).called(
    "the linearisation at z misses a quadratic remainder"
)
origin = equal(z, zero(n, 1)).called("the fixed point is the origin")
size = entrywise("abs", row @ w)
cubic = at_most(entrywise("abs", row @ r), Rational(1, 3) * (size @ size @ size), *each).called("there it is cubic")


def proof(prove):
    at_h = row @ (W @ h + b)
    same = prove(equal(row @ z, at_h, *each), "z is its pre-activation").by_rewriting(bias)
    alike = prove(equal(tanh(row @ z), tanh(at_h), *each), "so both have one tanh").by_lemma(
        "tanh-of-equal", row @ z, at_h, using=[same]
    )
    known = prove(equal(row @ h, tanh(row @ z), *each), "h_z is the tanh of z").by_rewriting(state)
    prove(fixed).by_combining(known, alike)
    before = row @ (W @ (h + g) + U @ c + b)
    moved = prove(equal(before, row @ z + row @ w, *each), "the pre-activation moves by w").by_rewriting(bias, push)
    missed = prove(
        equal(row @ r, tanh(before) - (tanh(row @ z) + slope @ (row @ w)), *each), "the remainder, row by row"
    ).by_rewriting(rest, step, state, slopes)
    prove(quadratic).by_parts(lemma("tanh-quadratic", row @ z, row @ w, before, row @ r, using=[moved, missed]))
    with prove.assuming(origin):
        nothing = prove(equal(row @ z, zero(1, 1), *each), "z_i = 0").by_rewriting(origin)
        flat = prove(equal(tanh(row @ z), zero(1, 1), *each), "so tanh z_i = 0").by_lemma(
            "tanh-of-zero", row @ z, using=[nothing]
        )
        pushed = prove(equal(before, row @ w, *each), "and the pre-activation is w").by_combining(moved, nothing)
        missed_there = prove(equal(row @ r, tanh(before) - row @ w, *each), "the remainder at 0").by_combining(
            missed, flat, times(flat, right=tanh(row @ z) @ (row @ w))
        )
        prove(cubic).by_parts(lemma("tanh-cubic", before, row @ w, row @ r, using=[pushed, missed_there]))


@st.composite
def networks(draw):
    size_, width = draw(st.integers(1, 3)), draw(st.integers(1, 2))
    z_ = draw(matrices(size_, 1))
    return case(
        W=draw(matrices(size_, size_)), U=draw(matrices(size_, width)), c=draw(matrices(width, 1)) / 2,
        z=0 * z_ if draw(st.booleans()) else z_, g=draw(matrices(size_, 1)) / 4,
    )  # fmt: skip


THEOREM = Theorem(
    given=(W, U, *GIVEN),
    definitions=(state, bias, slopes, push, step, rest),
    conclusions=(fixed, quadratic, implies(origin, cubic)),
    proof=proof,
    examples={
        "a small push at z = 1": case(W=[[1]], U=[[0]], z=[[1]], g=[["1/100"]], c=[[0]]),
        "a large push at z = 0": case(W=[[3]], U=[[1]], z=[[0]], g=[[1]], c=[[1]]),
    },
    cases=networks(),
    source="Taylor's theorem with the Lagrange remainder; W. Rudin, Principles of Mathematical Analysis, theorem 5.15",
)
