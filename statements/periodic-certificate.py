"""A tube that closes proves that a tanh network keeps a pattern for ever.

f(h) = tanh(W h + b). Around centers c(t) let the Jacobian D W of f have rows of sum α(t) at most, D = diag(1 - z²) with
z = tanh(W c(t) + b); let the rows of W sum to w, and c(t+1) miss f(c(t)) by e(t) at most. If
α(t) r(t) + β r(t)²/2 + e(t) ≤ r(t+1), β = (4/(3√3)) w², then each run that starts within r(0) of c(0), in the maximum
norm, stays within r(t) of c(t) for ever. Two runs within r(t) come together by the factor α(t) + β r(t) a step at
least. The sign of a readout m with Σ|m_j| ≤ ρ is that of m c(t) wherever |m c(t)| > ρ r(t).
If c and r have a period and the product of α(t) + β r(t) over it is below 1, f^p is then a contraction of the closed
tube into itself; so by Banach's theorem exactly one orbit of this period lies in the tube, and it attracts all of it.
Idea: the recursion of radii dominates that of distances, by induction.
"""

from fractions import Fraction
from math import sqrt as root
from math import tanh as float_tanh

from hypothesis import strategies as st
from sympy import Rational, oo, sqrt

from emtheory.formulas import (
    Theorem,
    at,
    at_most,
    case,
    define,
    entrywise,
    equal,
    lemma,
    letter,
    letters,
    scalar,
    tanh,
    within,
)
from emtheory.judges.exact import matrix
from emtheory.letters import T, W, e_n, h, i, identity, j, n, t, total
from emtheory.theorems.cases import matrices

GIVEN = (
    letter("b", n, 1, "is the bias"),
    letters("c", n, 1, first=0, last=T, phrase="are the centers"),
    letters("r", 1, 1, first=0, last=T, phrase="are the radii"),
    letters("alpha", 1, 1, first=0, last=T, phrase="bound the Jacobians at the centers"),
    letters("f", 1, 1, first=0, last=T, phrase="bound what a step misses the next center by"),
    scalar("w", "bounds the rows of W"),
    letter("x", n, 1, "is where a run starts"),
    letter("x'", n, 1, "is where another run starts"),
    letter("gap", 1, 1, "bounds the distance of the two starts"),
    letter("m", 1, n, "reads an output"),
    scalar("rho", "bounds the entries of m"),
)
b, c, r, alpha, f, w, x, x_, gap, m, rho = (given.symbol for given in GIVEN)
h_ = letters("h'", n, 1, first=0, last=oo, phrase="").symbol
D = letters("D", 1, 1, first=0, last=oo, phrase="").symbol
row, each, before, until = e_n(i).T, within(1, i, n), within(0, t, T - 1), within(0, t, T)
at_center = row @ (W @ c(t) + b)
slope = identity(1) - tanh(at_center) @ tanh(at_center)
BEND = 2 / (3 * sqrt(3))


def size(term):
    return entrywise("abs", term)


rows = at_most(total(size(row @ W @ e_n(j)), (j, 1, n)), w, *each).called("the rows of W sum to w at most")
jacobian = at_most(total(size(slope @ (row @ W) @ e_n(j)), (j, 1, n)), alpha(t), *before, *each).called(
    "those of the Jacobian at c(t) to α(t)"
)
missed = at_most(size(tanh(at_center) - row @ c(t + 1)), f(t), *before, *each).called("a step misses c(t+1) by f(t)")
closes = at_most(alpha(t) @ r(t) + BEND * w**2 * (r(t) @ r(t)) + f(t), r(t + 1), *before).called("the tube closes")
starts = at_most(size(row @ (x - c(0))), r(0), *each).called("a run starts in the tube")
starts_too = at_most(size(row @ (x_ - c(0))), r(0), *each).called("and another one")
near = at_most(size(row @ (x - x_)), gap, *each).called("they start at this distance")
reads = at_most(total(size(m @ e_n(j)), (j, 1, n)), rho).called("the entries of m sum to ρ at most")

run = define(h(0), x), define(h(t + 1), total(e_n(i) @ tanh(row @ (W @ h(t) + b)), (i, 1, n)), *before)
other = define(h_(0), x_), define(h_(t + 1), total(e_n(i) @ tanh(row @ (W @ h_(t) + b)), (i, 1, n)), *before)
distance = define(D(0), gap), define(D(t + 1), (alpha(t) + 2 * BEND * w**2 * r(t)) @ D(t), *before)

stays = at_most(size(row @ (h(t) - c(t))), r(t), *until, *each).called("a run that starts in the tube stays in it")
stays_too = at_most(size(row @ (h_(t) - c(t))), r(t), *until, *each).called("so does the other one")
together = at_most(size(row @ (h(t) - h_(t))), D(t), *until, *each).called(
    "two runs come together by α + β r a step at least"
)
sign = at_most(m @ c(t) - rho * r(t), m @ h(t), *until).called("an output is that of the center up to ρ r")


def carried(matrix, state, by, sums, claim):
    """|matrix state| ≤ by · most, as a factor, where the claim is that the state is most at most."""
    return lemma("row-sum", n, matrix, state, matrix @ state, by, claim.rhs, using=[None, sums, at(claim, i=j)])


def proof(prove):
    root3 = lemma("root-at-least-0", 3, using=[prove(at_most(0, 3), "3 ≥ 0").by_parts((3, []))])
    apart, jump = (*before, *each), slope @ (row @ W)
    for claim, state, begin, definition, start in (
        (stays, h, x, run, starts),
        (stays_too, h_, x_, other, starts_too),
    ):
        gap_ = state(t) - c(t)
        push, there = row @ W @ gap_, row @ (W @ state(t) + b)
        rest, linear, miss = (
            tanh(there) - (tanh(at_center) + slope @ push),
            jump @ gap_,
            tanh(at_center) - row @ c(t + 1),
        )
        target, first = row @ (state(t + 1) - c(t + 1)), row @ (state(0) - c(0))
        split = prove(equal(target, rest + (linear + miss), *apart), "a step is off by three parts").by_rewriting(
            definition[1]
        )
        same = prove(equal(row @ (begin - c(0)), first, *each), "the start").by_rewriting(definition[0])
        wide = carried(row @ W, gap_, w, rows, claim)
        prove(claim).by_induction(
            t,
            base=[lemma("absolute-of-equals", row @ (begin - c(0)), first, using=[same]), start],
            parts=[
                lemma("triangle", rest, linear + miss, target, using=[split]),
                lemma("triangle", linear, miss, linear + miss, using=[None]),
                lemma("tanh-quadratic", at_center, push, there, rest, using=[None, None]),
                (Rational(2, 9), [root3, wide, wide]),
                (Rational(4, 9), [root3, wide, lemma("absolute-at-least-0", push)]),
                (Rational(2, 9), [root3, lemma("absolute-squared", push)]),
                carried(jump, gap_, alpha(t), jacobian, claim),
                missed,
                closes,
            ],
        )
    prove(sign).by_parts(lemma("absolute-of-minus", m @ (h(t) - c(t))), carried(m, h(t) - c(t), rho, reads, stays))
    u, v, between = (row @ W @ state for state in (h(t) - c(t), h_(t) - c(t), h(t) - h_(t)))
    here, there = row @ (W @ h(t) + b), row @ (W @ h_(t) + b)
    rest, linear = tanh(here) - (tanh(there) + slope @ (u - v)), jump @ (h(t) - h_(t))
    target, first = row @ (h(t + 1) - h_(t + 1)), row @ (h(0) - h_(0))
    split = prove(equal(target, rest + linear, *apart), "two runs differ by two parts").by_rewriting(run[1], other[1])
    same = prove(equal(row @ (x - x_), first, *each), "their starts").by_rewriting(run[0], other[0])
    wide, wide_too = (carried(row @ W, s - c(t), w, rows, claim) for s, claim in ((h(t), stays), (h_(t), stays_too)))
    moved = carried(row @ W, h(t) - h_(t), w, rows, together)
    bent = lemma(
        "tanh-between", at_center, here, there, rest, u, v, between, w * r(t),
        using=[None, None, None, None, wide, wide_too],
    )  # fmt: skip
    prove(together).by_induction(
        t,
        *distance,
        base=[lemma("absolute-of-equals", row @ (x - x_), first, using=[same]), near],
        parts=[
            lemma("triangle", rest, linear, target, using=[split]),
            bent,
            (Rational(4, 9), [root3, moved, wide]),
            (Rational(4, 9), [root3, moved, lemma("absolute-at-least-0", u)]),
            carried(jump, h(t) - h_(t), alpha(t), jacobian, together),
        ],
    )


def rational_above(value):
    """A rational a little above a float."""
    return Fraction(value) + Fraction(1, 2**30)


@st.composite
def tubes(draw):
    size_, steps = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    W_, b_ = draw(matrices(size_, size_)) / 2, draw(matrices(size_, 1)) / 4
    first, radius = draw(matrices(size_, 1)) / 4, Fraction(1, draw(st.sampled_from((8, 64))))
    moved, moved_too, m_ = draw(matrices(size_, 1)), draw(matrices(size_, 1)), draw(matrices(1, size_))
    return tube(W_, b_, first, first + moved * radius / 3, first + moved_too * radius / 3, m_, radius, steps)


def tube(W_, b_, first, x1, x2, m_, radius, steps):
    """Centers along a float run, and bounds a little above what floats say; nothing of it is trusted."""
    w_ = Fraction(str(W_.norm_inf()))
    centers, radii, alphas, misses = [first], [radius], [], []
    for _ in range(steps):
        inputs = [Fraction(str(z)) for (z,) in W_ @ centers[-1] + b_]
        values = [Fraction(float_tanh(z)).limit_denominator(1000) for z in inputs]
        sums = [(1 - float_tanh(z) ** 2) * sum(abs(float(Fraction(str(q)))) for q in line)
                for z, line in zip(inputs, W_, strict=True)]  # fmt: skip
        alphas.append(rational_above(max(sums)))
        misses.append(rational_above(max(abs(float_tanh(z) - float(q)) for z, q in zip(inputs, values, strict=True))))
        wide = rational_above(2 / (3 * root(3))) * w_**2 * radii[-1] ** 2
        radii.append((alphas[-1] * radii[-1] + wide + misses[-1]).limit_denominator(2**24) + Fraction(1, 2**20))
        centers.append(matrix([[value] for value in values]))
    ends = [*alphas, 0], [*misses, 0]
    return case(
        W=W_, T=steps, b=b_, c=centers, r=scalars(radii), alpha=scalars(ends[0]), f=scalars(ends[1]), w=w_, x=x1,
        gap=[[(x1 - x2).norm_inf()]], m=m_, rho=m_.norm_inf(), **{"x'": x2},
    )  # fmt: skip


def scalars(values):
    return [[[value]] for value in values]


# a neuron with W = 2 whose center is near its level a = 0.9575…
LEVEL = matrix([["9575/10000"]])
ONE = {
    "W": [[2]], "T": 1, "b": [[0]], "c": [LEVEL, LEVEL], "r": scalars(["1/10", "1/10"]), "alpha": scalars(["1/4", 0]),
    "f": scalars(["1/10000", 0]), "w": 2, "x": [["1"]], "x'": [["91/100"]], "gap": [["9/100"]], "m": [[1]], "rho": 1,
}  # fmt: skip
STEEP = {
    "W": [[10]], "b": [[3]], "c": [[[0]], [["995/1000"]]], "r": scalars(["3/10", "1/20"]), "alpha": scalars(["1/8", 0]),
    "f": scalars(["1/1000", 0]), "w": 0, "x": [["-3/10"]], "x'": [[0]], "gap": [["3/10"]],
}  # fmt: skip
FLAT = {
    "W": [[1]], "c": [[[0]], [[0]]], "r": scalars(["1/10", "1/100"]), "alpha": scalars([0, 0]), "w": 1,
    "x": [["1/10"]], "x'": [[0]], "gap": [["1/10"]],
}  # fmt: skip
THEOREM = Theorem(
    given=(W, T, *GIVEN),
    hypotheses={
        rows: case(**ONE | STEEP), jacobian: case(**ONE | FLAT), missed: case(**ONE | {"c": [LEVEL, [[0]]]}),
        closes: case(**ONE | {"r": scalars(["1/10", 0])}), starts: case(**ONE | {"x": [[2]], "gap": [[2]]}),
        starts_too: case(**ONE | {"x'": [[2]], "gap": [[1]]}), near: case(**ONE | {"gap": [[0]]}),
        reads: case(**ONE | {"rho": 0, "x": [["93/100"]]}),
    },
    definitions=(*run, *other, *distance),
    conclusions=(stays, stays_too, together, sign),
    proof=proof,
    examples={"one neuron holds one bit": case(**ONE)},
    cases=tubes(),
    source="S. M. Rump, Verification methods, Acta Numerica 19 (2010), fixed point theorems; here with a periodic tube",
)  # fmt: skip
