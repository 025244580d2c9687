"""A gain above 1 turns every sign pattern on the cycles of Phi into an attracting periodic orbit: 2^c stored patterns.

Phi has one entry ±1 in each row and h(t+1) = tanh(γ Phi h(t)), with γ = y / tanh y for a number y > 0: every γ > 1 is
of this form, as y / tanh y rises from 1 without bound (this is not shown here). Then a = tanh y is a positive root of
a = tanh γa. The signs q(t) = Phi^t q(0) of a pattern stay signs, and a q(t) is a run of the network, periodic if the
pattern is; its multiplier is γ (1 - a²) = 2y / sinh 2y, at most 1 / (1 + 2y²/3). A memory M(t+1) = tanh γM(t) stays on
its side of a: from above its distance shrinks by this factor a step at least; from below it rises, and the distance
shrinks in each step as it did in the first one at least (that the first step is strict is not shown here). A network
that starts with the signs of q(0), its entries between two memories, keeps the signs q(t) and stays between them.
2^c patterns recur, c the number of nodes on cycles: 2^(sκ) in repeat copy, 2^36 in compose copy with s = 8. If Phi
permutes n nodes, 3^n patterns of signs and zeros recur.
Idea: tanh is odd, so a memory and its sign move apart; it is concave for positive numbers: tangents and chords.
"""

from itertools import product

from hypothesis import strategies as st
from sympy import Rational, cosh, oo, sinh

from emtheory.formulas import (
    Theorem,
    at,
    at_most,
    case,
    define,
    det,
    equal,
    implies,
    lemma,
    less,
    letter,
    letters,
    opaque,
    scalar,
    size,
    tanh,
    times,
    within,
)
from emtheory.judges.exact import rational
from emtheory.letters import e_n, h, i, identity, j, n, t, total
from emtheory.theorems.cases import rationals

GIVEN = (
    letter("Phi", n, n, "moves the memories in one step"),
    scalar("y", "is γ times the level"),
    letter("p", n, 1, "is a pattern of signs"),
    letter("x", n, 1, "is where the network starts"),
    letter("start", 1, 1, "is where a memory starts"),
    letter("top", 1, 1, "is where an upper memory starts"),
    size("P", "is a number of steps"),
)
Phi, y, p, x, start, top, P = (given.symbol for given in GIVEN)
gain, a, mu = (letter(name, 1, 1, "").symbol for name in ("gamma", "a", "mu"))
q, v = (letters(name, n, 1, first=0, last=oo, phrase="").symbol for name in ("q", "v"))
M, N = (letters(name, 1, 1, first=0, last=oo, phrase="").symbol for name in ("M", "N"))
row, each = e_n(i).T, within(1, i, n)
square = det(row @ Phi @ e_n(j)) ** 2

single = equal(Phi.T @ e_n(i) @ row @ Phi, total(square * (e_n(j) @ e_n(j).T), (j, 1, n)), *each).called(
    "no row of Phi has two entries"
)
unit = equal(total(square * identity(1), (j, 1, n)), identity(1), *each).called("and the square of its entry is 1")
signs = equal(p.T @ e_n(i) @ row @ p, identity(1), *each).called("the pattern consists of signs")
positive = less(0, y)
alive = less(0, start)
from_below = at_most(start, p.T @ e_n(i) @ row @ x, *each).called("the network starts with the signs of the pattern")
from_above = at_most(p.T @ e_n(i) @ row @ x, top, *each).called("and no entry is larger than the upper memory")

gains = define(gain, (y / tanh(y)) * identity(1))
level = define(a, tanh(y) * identity(1))
multiplier = define(mu, gain - gain @ a @ a)
patterns = define(q(0), p), define(q(t + 1), Phi @ q(t), t >= 0)
run = (
    define(h(0), x),
    define(h(t + 1), total(e_n(i) @ tanh(gain @ (row @ Phi @ h(t))), (i, 1, n)), t >= 0),
)
signed = define(v(t), total(e_n(i) @ (q(t).T @ e_n(i) @ row @ h(t)), (i, 1, n)), t >= 0)
memory = define(M(0), start), define(M(t + 1), tanh(gain @ M(t)), t >= 0)
upper = define(N(0), top), define(N(t + 1), tanh(gain @ N(t)), t >= 0)

later, one = t >= 0, identity(1)


def stays_at(time):
    return q(time).T @ e_n(i) @ row @ q(time)


above_one = at_most(1, gain).called("the gain is 1 at least")
fixed = equal(a, tanh(gain @ a)).called("a is its level")
stays = equal(q(t).T @ e_n(i) @ row @ q(t), one, later, *each).called("signs stay signs")
stored = equal(row @ q(t + 1) @ a, tanh(gain @ (row @ Phi @ q(t)) @ a), later, *each).called(
    "a times the pattern is a run of the network"
)
comes_back = equal(Phi**P @ p, p).called("the pattern comes back after P steps")
periodic = equal(q(t + P), q(t), later).called("then so does the run")
shrinks_by = equal(sinh(2 * y) * mu, 2 * y * one).called("the multiplier γ (1 - a²) is 2y / sinh 2y")
below_one = at_most(y * (1 + Rational(2, 3) * y**2) * mu, y * one).called("so it is below 1, as y > 0")
high, low = at_most(a, start), at_most(start, a)
stays_above = at_most(a, M(t), later).called("a memory that starts above the level stays there")
falls = at_most(M(t) - a, mu**t @ (start - a), later).called("and comes down by the multiplier a step at least")
stays_below = at_most(M(t), a, later).called("one that starts below it stays there")
rises = at_most(M(t), M(t + 1), later).called("rises")
nears = at_most((a - start) @ (a - M(t + 1)), (a - tanh(gain @ start)) @ (a - M(t)), later).called(
    "and its distance shrinks in each step as in the first one at least"
)
signed_above = at_most(M(t), row @ v(t), later, *each).called("the network keeps the signs, above the lower memory")
signed_below = at_most(row @ v(t), N(t), later, *each).called("and below the upper one")


def proof(prove):
    above = (positive, gains)
    gained = prove(equal(tanh(y) * gain, y * one), "γ tanh y = y").by_lemma("tanh-gain", y, gain, using=above)
    prove(above_one).by_lemma("tanh-gain-at-least-1", y, gain, using=above)
    # the pattern
    carried = row @ Phi @ q(t)
    mixed = total(square * (q(t).T @ e_n(j) @ e_n(j).T @ q(t)), (j, 1, n))
    moved = prove(equal(stays_at(t + 1), mixed, later, *each), "squares of signs move by Phi").by_rewriting(
        patterns[1], single
    )
    scaled = total(square * one, (j, 1, n))
    moves = prove(equal(stays_at(t + 1), mixed - scaled + one, later, *each), "a row of Phi keeps them").by_combining(
        moved, unit
    )
    prove(stays).by_induction(t, moves, patterns[0], signs)
    driven = prove(equal(gain @ carried @ a, tanh(y) * gain @ carried, later, *each), "by its level").by_rewriting(
        level
    )
    next_ = prove(equal(row @ q(t + 1), carried, later, *each), "the next pattern").by_rewriting(patterns[1])
    input_ = prove(equal(gain @ carried @ a, y * (row @ q(t + 1)), later, *each), "is y times a sign").by_combining(
        driven, times(gained, right=carried), times(next_, left=y * one)
    )
    odd = prove(equal(tanh(gain @ carried @ a), tanh(y) * (row @ q(t + 1)), later, *each), "tanh is odd").by_lemma(
        "tanh-of-sign", y, gain @ carried @ a, row @ q(t + 1), using=[at(stays, t=t + 1), input_]
    )
    height = prove(equal(row @ q(t + 1) @ a, tanh(y) * (row @ q(t + 1)), later, *each), "at the level").by_rewriting(
        level
    )
    prove(stored).by_combining(height, odd)
    power = prove(equal(q(t), Phi**t @ p, later), "t steps of the pattern").by_induction(t, *patterns)
    with prove.assuming(comes_back):
        prove(periodic).by_rewriting(power, comes_back)
    # the level and the multiplier
    by_level = prove(equal(gain @ a, tanh(y) * gain), "γ a").by_rewriting(level)
    at_level = prove(equal(gain @ a, y * one), "is y").by_combining(by_level, gained)
    known = prove(equal(tanh(gain @ a), tanh(y) * one), "whose tanh").by_lemma(
        "tanh-of-sign", y, gain @ a, one, using=[None, at_level]
    )
    meant = prove(equal(a, tanh(y) * one), "is a").by_rewriting(level)
    prove(fixed).by_combining(meant, known)
    bent = gain - tanh(y) ** 2 * gain
    meant = prove(equal(sinh(2 * y) * mu, sinh(2 * y) * bent), "the multiplier").by_rewriting(multiplier, level)
    double = prove(equal(sinh(2 * y), 2 * sinh(y) * cosh(y)), "sinh 2y").by_lemma("sinh-of-double", y)
    quotient = prove(equal(tanh(y) * cosh(y), sinh(y)), "tanh y").by_lemma("tanh", y)
    hyperbola = prove(equal(cosh(y) ** 2, 1 + sinh(y) ** 2), "cosh² y").by_lemma("unit-hyperbola", y)
    prove(shrinks_by).by_combining(
        meant,
        times(double, right=bent),
        times(quotient, right=2 * cosh(y) * bent),
        times(quotient, right=2 * tanh(y) * (tanh(y) * cosh(y) + sinh(y)) * gain),
        times(hyperbola, right=2 * tanh(y) * gain),
        times(gained, right=2 * one),
    )
    # one memory
    g0 = prove(at_most(0, gain), "γ ≥ 0").by_parts(above_one, (1, []))
    a0 = prove(at_most(0, a), "a ≥ 0").by_parts(lemma("tanh-level", y, using=[positive]), using=[level])
    mu0 = prove(at_most(0, mu), "the multiplier is ≥ 0").by_parts(
        (1, [g0, lemma("tanh-at-most-1", gain @ a)]), using=[multiplier, fixed]
    )
    double_0 = prove(at_most(0, 2 * y), "2y ≥ 0").by_parts((2, [positive]))
    prove(below_one).by_parts(
        (Rational(1, 2), [lemma("at-least-of-equals", 2 * y * one, sinh(2 * y) * mu, using=[shrinks_by])]),
        (Rational(1, 2), [mu0, lemma("sinh-cubic", 2 * y, using=[double_0])]),
    )
    M0 = at_most(0, M(t), later)
    prove(M0, "a memory stays ≥ 0").by_induction(
        t, *memory, base=[alive], parts=[lemma("tanh-at-least-0", gain, M(t), using=[g0, M0])]
    )
    tangent = lemma("tanh-tangent", gain, a, M(t), using=[g0, a0, M0])
    known = (multiplier, *memory, fixed)
    prove(falls).by_induction(t, *known, parts=[tangent, (1, [mu0, falls])])
    with prove.assuming(high):
        prove(stays_above).by_induction(
            t,
            *memory,
            fixed,
            base=[high],
            parts=[
                lemma("tanh-tangent", gain, M(t), a, using=[g0, M0, a0]),
                (1, [lemma("tanh-at-most-1", gain @ M(t)), g0, stays_above]),
            ],
        )
    with prove.assuming(low):
        prove(stays_below).by_induction(t, *known, base=[low], parts=[tangent, (1, [mu0, stays_below])])
        risen = prove(at_most(a, tanh(gain @ a)), "a is no more than its tanh").by_parts(using=[fixed])
        prove(rises).by_parts(
            lemma("tanh-above-chord", gain, M(t), a, 1, using=[g0, M0, stays_below, risen]), using=memory
        )
        above_start = at_most(start, M(t), later)
        prove(above_start, "it stays above its start").by_induction(t, memory[0], parts=[rises, above_start])
        prove(nears).by_parts(
            lemma("tanh-chord", gain, start, M(t), a, using=[g0, alive, above_start, stays_below]),
            using=(*memory, fixed),
        )

    # the network between two memories
    for claim, side, memory_, start_ in (
        (signed_above, "above", memory, from_below),
        (signed_below, "below", upper, from_above),
    ):
        level_ = M(t) if side == "above" else N(t)
        mean = lemma(f"row-mean-{side}", n, row @ Phi, v(t), level_, using=[unit, at(claim, i=j)])
        turned = lemma(
            f"tanh-of-signed-{side}",
            row @ q(t + 1),
            gain,
            row @ Phi @ h(t),
            level_,
            using=[at(stays, t=t + 1), g0, mean],
        )
        prove(claim).by_induction(t, signed, *patterns, *run, *memory_, single, base=[start_], parts=[turned])


def recurring(Phi_, values):
    """How many patterns come back: what is left after as many steps as there are nodes."""
    rows = [next((j, int(w)) for j, w in enumerate(line) if w) for line in Phi_]
    found = set(product(values, repeat=len(rows)))
    for _ in rows:
        found = {tuple(sign * pattern[j] for j, sign in rows) for pattern in found}
    return len(found)


def counted(**case_):
    """2^c patterns of signs recur, c the rank of Phi^n: the nodes on cycles; 3^n with zeros, if Phi permutes."""
    Phi_ = case_["Phi"]
    size_ = len(Phi_)
    cycles = (Phi_**size_).rank()
    return recurring(Phi_, (1, -1)) == 2**cycles and (cycles < size_ or recurring(Phi_, (1, 0, -1)) == 3**size_)


@st.composite
def networks(draw):
    size_ = draw(st.integers(1, 4))
    anywhere = st.lists(st.integers(0, size_ - 1), min_size=size_, max_size=size_)
    sources = draw(st.one_of(anywhere, st.permutations(range(size_))))
    flips, pattern = (draw(st.lists(st.sampled_from((1, -1)), min_size=size_, max_size=size_)) for _ in range(2))
    begins = draw(st.lists(rationals(), min_size=size_, max_size=size_))
    sizes = [abs(rational(w)) / 3 or rational(1) for w in begins]
    return case(
        Phi=[[flips[i] * int(j == sources[i]) for j in range(size_)] for i in range(size_)],
        p=[[sign] for sign in pattern], x=[[sign * w] for sign, w in zip(pattern, sizes, strict=True)],
        y=rational(draw(st.integers(1, 12))) / 4, P=draw(st.integers(1, 4)),
        start=[[min(sizes)]], top=[[max(sizes)]],
    )  # fmt: skip


ONE = {"Phi": [[1]], "y": 2, "p": [[1]], "x": [["1/10"]], "start": [["1/10"]], "top": [["1/10"]], "P": 1}
THEOREM = Theorem(
    given=(*GIVEN,),
    hypotheses={
        single: case(**ONE | {"Phi": [["3/5", "4/5"], [0, 1]], "p": [[1], [1]], "x": [["1/10"], ["1/10"]]}),
        unit: case(**ONE | {"Phi": [[2]]}),
        signs: case(**ONE | {"p": [[2]], "start": [["1/5"]], "top": [["1/5"]]}),
        positive: case(**ONE | {"y": -2}),
        alive: case(**ONE | {"start": [["-1/10"]]}),
        from_below: case(**ONE | {"start": [[1]]}),
        from_above: case(**ONE | {"top": [["1/20"]]}),
    },
    definitions=(gains, level, multiplier, *patterns, *run, signed, *memory, *upper),
    conclusions=(
        above_one, fixed, stays, stored, implies(comes_back, periodic), shrinks_by, below_one,
        implies(high, stays_above),
        falls, implies(low, stays_below), implies(low, rises), implies(low, nears), signed_above,
        signed_below,
        opaque(counted),
    ),
    proof=proof,
    examples={
        "one neuron holds one bit": case(**ONE),
        "a tail on a negative cycle": case(
            Phi=[[-1, 0], [1, 0]], y=2, p=[[1], [-1]], x=[[1], [-1]], start=[[1]], top=[[1]], P=2
        ),
    },
    cases=networks(),
    source="attractors of tanh networks with permutation weights; the count and the multiplier are proved here",
)  # fmt: skip
