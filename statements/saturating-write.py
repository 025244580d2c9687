"""A saturating nonlinearity repairs writing without a gate: the signs are right for ever, for all 2^(sκ) inputs.

z(t+1) = tanh(γ Phi_C z(t) + d(t+1)), in the memory basis, C a signed selection with one entry a row; d(t) is β E_s u(t)
while inputs ±1 are written, and noise of at most ν beside it and ever after. V(t) holds what the memories should:
V(t+1) = Phi_C V(t) once all inputs are in. If the network stays within a level B, |z(0)| ≤ B and tanh(γB + β + ν) ≤ B,
and inputs win over it by a(t) ≤ tanh(β - γB - ν), t ≤ s, and a step keeps it, a(t+1) ≤ tanh(γa(t) - ν), then for t ≥ s
each memory has the sign of V(t) and a modulus of a(t) at least. Without noise and with β > γB there always are such
a(t) > 0: a(t) = (tanh γ)^(t-1) tanh(β - γB); for γ > 1 also all a(t) = min(tanh(β - γB), a*), a* = tanh γa* > 0.
B = 1 does so for β > γ, from any start in the cube; B = tanh 2β does for β > γ tanh 2β, from rest. A noise ν is borne
if γa - artanh a ≥ ν at some a, which is largest at a = √(1 - 1/γ).
Idea: each step copies one memory, up to the writing of an input; tanh carries sign and level along.
"""

import math
from itertools import islice, product

from hypothesis import strategies as st
from sympy import oo

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
    letter,
    letters,
    opaque,
    scalar,
    tanh,
    times,
    within,
)
from emtheory.judges.balls import arb, arb_mat, precision
from emtheory.judges.exact import hstack, matrix, rational, vstack, zeros
from emtheory.letters import C, E, Phi, T, beta, e, e_m, gamma, i, identity, j, k, kappa, m, s, t, total, u, x, z, zero
from emtheory.theorems.cases import selections
from emtheory.theory.circuits import companion, selector
from emtheory.theory.saturating import critical_noise, midpoint, tanh_run
from emtheory.theory.saturating import level as level_of
from emtheory.theory.tasks import Task

BITS = 128

START = letter("start", m, 1, "is the state before the first input")
ENTERS = letters("d", m, 1, first=1, last=s + T, phrase="is what enters the neurons: inputs times beta, and noise")
LEVEL = letters("a", 1, 1, first=1, last=s + T, phrase="is the level that is held")
TOP, NOISE = scalar("B", "is what no neuron exceeds"), scalar("nu", "is the noise")
start, d, a, B, nu = (given.symbol for given in (START, ENTERS, LEVEL, TOP, NOISE))
Row = letter("Row", kappa, m, "is [C_1 … C_s]").symbol
N = letter("N", m, m, "moves each variable to the place before").symbol
In = letter("In", m, kappa, "writes into the last variable").symbol
F = letters("F", 1, 1, first=1, last=oo, phrase="is a level that fades").symbol
V, squares, held = (
    letters(name, m, 1, first=0, last=s + T, phrase=phrase).symbol
    for name, phrase in (
        ("V", "is what the memories should hold"),
        ("q", "has the squares of the state"),
        ("v", "has the memories times the signs that they should have"),
    )
)
one, row, each = identity(1), e_m(i).T, within(1, i, m)
square = det(row @ Phi @ e_m(j)) ** 2

composes = define(Row, total(C(k) @ E(k).T, (k, 1, s)))
shifts = define(N, total(e_m(i) @ e_m(i + kappa).T, (i, 1, m - kappa)))
enters = define(In, total(e_m(m - kappa + i) @ e(i).T, (i, 1, kappa)))
flat = define(Phi, N + In @ Row)
begin = define(z(0), start)
argument = gamma * (row @ Phi @ z(t)) + row @ d(t + 1)
step = define(z(t + 1), total(e_m(i) @ tanh(argument), (i, 1, m)), *within(0, t, s + T - 1))
empty = define(V(0), zero(m, 1))
queued = define(V(t + 1), N @ V(t) + In @ u(t + 1), *within(0, t, s - 1))
composed = define(V(t + 1), Phi @ V(t), t >= s)
squared = define(squares(t), total(e_m(i) @ (z(t).T @ e_m(i) @ row @ z(t)), (i, 1, m)), *within(0, t, s + T))
signed = define(held(t), total(e_m(i) @ (V(t).T @ e_m(i) @ row @ z(t)), (i, 1, m)), *within(0, t, s + T))

single = equal(Phi.T @ e_m(i) @ row @ Phi, total(square * (e_m(j) @ e_m(j).T), (j, 1, m)), *each).called(
    "no row of Phi has two entries"
)
unit = equal(total(square * one, (j, 1, m)), one, *each).called("and the square of its entry is 1")
binary = equal(u(k).T @ e(i) @ e(i).T @ u(k), one, *within(1, i, kappa), *within(1, k, s)).called("inputs are ±1")
gain = at_most(0, gamma).called("the gain is not negative")
top = at_most(0, B).called("nor is the level B")
drive = at_most(0, beta).called("nor the strength of the inputs")
noise = at_most(0, nu).called("nor the noise")
inside = at_most(start.T @ e_m(i) @ row @ start, B**2 * one, *each).called("the network starts within B")
driven = at_most(
    (beta - nu) * one, u(t).T @ e(i) @ e_m(m - kappa + i).T @ d(t), *within(1, t, s), *within(1, i, kappa)
).called("an input enters with its sign and strength β - ν at least")
bounded = at_most(d(t).T @ e_m(i) @ row @ d(t), (beta + nu) ** 2 * one, *within(1, t, s), *each).called(
    "while inputs are written nothing stronger than β + ν enters"
)
quiet = at_most(d(t).T @ e_m(i) @ row @ d(t), nu**2 * one, *within(1, t, s), *within(1, i, m - kappa)).called(
    "where no input is written there is noise alone"
)
later = at_most(d(t).T @ e_m(i) @ row @ d(t), nu**2 * one, *within(s + 1, t, s + T), *each).called(
    "and so everywhere afterwards"
)
stays = at_most(tanh(gamma * B + beta + nu), B).called("the network stays within B")
written = at_most(a(t), tanh(beta - gamma * B - nu), *within(1, t, s)).called("writing reaches the level")
kept = at_most(a(t + 1), tanh(gamma * det(a(t)) - nu), *within(1, t, s + T - 1)).called("a step keeps the level")

given = define(x(t), u(t), *within(1, t, s))
task = define(x(t), total(C(k) @ x(t - s - 1 + k), (k, 1, s)), t >= s + 1)
over = beta - gamma * B
most = define(F(1), tanh(over * one))
fades = define(F(t + 1), tanh(gamma) * F(t), t >= 1)
is_circuit = equal(Phi, total(E(j) @ E(j + 1).T, (j, 1, s - 1)) + total(E(s) @ C(k) @ E(k).T, (k, 1, s))).called(
    "row by row this is the circuit of C"
)
writes_last = equal(In, E(s)).called("inputs are written into the last variable")
asked = equal(E(s).T @ V(t), x(t), *within(s, t, s + T)).called("whose pattern is what the task asks for")
wins = at_most(gamma * B, beta).called("without noise, if inputs win over the level B")
fading_kept = at_most(F(t + 1), tanh(gamma * F(t)), t >= 1).called("a level that fades by tanh γ a step is kept")
fading_reached = at_most(F(t), F(1), t >= 1).called("writing reaches it")
fading_positive = at_most(0, F(t), t >= 1).called("and it does not become negative")

margin = at_most(a(t), row @ held(t), *within(s, t, s + T), *each).called(
    "each memory has the sign of the pattern and at least the modulus a(t)"
)
alive = equal(V(t).T @ e_m(i) @ row @ V(t), one, t >= s, *each).called("the pattern consists of signs")


def proof(prove):
    moved = prove(
        equal(row @ N, e_m(i + kappa).T, *within(1, i, m - kappa)), "the shift reads what is kappa places on"
    ).by_rewriting(shifts)
    unfed = prove(equal(row @ In, zero(1, kappa), *within(1, i, m - kappa)), "and gets no input").by_rewriting(enters)
    last = prove(
        equal(row @ N, zero(1, m), *within(m - kappa + 1, i, m)), "the last variable is not shifted"
    ).by_rewriting(shifts)
    fed = prove(equal(row @ In, e(i - m + kappa).T, *within(m - kappa + 1, i, m)), "it gets the input").by_rewriting(
        enters
    )
    rows = (moved, unfed, last, fed)
    moved_Phi = prove(equal(row @ Phi, e_m(i + kappa).T, *within(1, i, m - kappa)), "nor composed").by_rewriting(
        flat, moved, unfed
    )
    # is_circuit and asked are confirmed: no certificate was found for (s - 1 - k) kappa ≥ 0, which blocks of Phi need
    # signs
    fresh = (i >= 1, i >= m - t * kappa + 1, i <= m)
    at_writing = equal(V(t).T @ e_m(i) @ row @ V(t), one, *within(1, t, s), *fresh)
    prove(at_writing, "the memories written so far hold signs").by_induction(
        t, at(queued, t=0), at(queued, t=t), empty, *rows, binary, cases=[[i <= m - kappa], [i >= m - kappa + 1]]
    )
    mixed = total(square * (V(t).T @ e_m(j) @ e_m(j).T @ V(t)), (j, 1, m))
    squared_ = V(t + 1).T @ e_m(i) @ row @ V(t + 1)
    carried = prove(equal(squared_, mixed, t >= s, *each), "squares of signs move by Phi").by_rewriting(
        composed, single
    )
    moves = prove(
        equal(squared_, mixed - total(square * one, (j, 1, m)) + one, t >= s, *each), "a row of Phi keeps them"
    ).by_combining(carried, unit)
    at_end = prove(equal(V(s).T @ e_m(i) @ row @ V(s), one, *each), "at t = s all do").by_rewriting(at_writing)
    prove(alive).by_induction(t, moves, at_end)
    with prove.assuming(wins):
        fading(prove)
    place = prove(equal(e_m(m - kappa + i), E(s) @ e(i), *within(1, i, kappa)), "the last place").by_lemma(
        "selector-nested", s, kappa, s, i
    )
    all_ = prove(equal(total(e(i) @ e(i).T, (i, 1, kappa)), identity(kappa)), "its components").by_lemma(
        "selectors-complete", kappa, 1
    )
    there = prove(equal(In, E(s) @ total(e(i) @ e(i).T, (i, 1, kappa))), "inputs go there").by_rewriting(enters, place)
    prove(writes_last).by_combining(there, times(all_, left=E(s)))
    # bounds
    limit = tanh(gamma * B + beta + nu)
    room = prove(at_most(0, gamma * B + beta + nu), "what can enter tanh").by_parts(
        (1, [gain, top]), (1, [drive]), (1, [noise])
    )
    strong = prove(at_most(0, beta + nu), "inputs and noise").by_parts((1, [drive]), (1, [noise]))
    level = prove(at_most(0, limit), "and come out").by_lemma("tanh-level", gamma * B + beta + nu, using=[room])
    low = prove(at_most(0, B + limit), "and B beside it").by_parts((1, [top]), (1, [level]))
    under = at_most(row @ squares(t), B**2, *within(0, t, s), *each)

    def mean_square(time):
        return lemma("row-mean-below", m, row @ Phi, squares(time), B**2 * one, using=[unit, at(under, i=j, t=time)])

    reach = lemma(
        "tanh-within", gamma, B, beta + nu, row @ Phi @ z(t), row @ d(t + 1),
        using=[gain, top, strong, mean_square(t), at(bounded, t=t + 1)],
    )  # fmt: skip
    prove(under, "the network stays within B while inputs are written").by_induction(
        t, squared, begin, at(step, t=t), single, base=[(1, [inside])], parts=[(1, [reach]), (1, [stays, low])]
    )
    # agreement
    first = at_most(a(t), row @ held(t), *within(1, t, s), *fresh)

    def sign(time):
        return row @ V(time + 1)

    def not_against(alive_, quiet_):
        return lemma(
            "signed-at-least", sign(t), row @ d(t + 1), nu, using=[at(alive_, t=t + 1), noise, at(quiet_, t=t + 1)]
        )

    def copied(bound, alive_, quiet_):
        parts = ((1, bound), (1, [not_against(alive_, quiet_)]))
        return lemma(
            "tanh-of-sign-at-least", sign(t), argument, gamma * det(a(t)) - nu, using=[at(alive_, t=t + 1), parts]
        )

    def writes(time):
        x = gamma * (row @ Phi @ z(time)) + row @ d(time + 1)
        alive_ = at(at_writing, t=time + 1)
        other = lemma("signed-at-least", sign(time), row @ Phi @ z(time), B, using=[alive_, top, mean_square(time)])
        parts = ((1, [gain, other]), (1, [at(driven, t=time + 1, i=i - m + kappa)]))
        return lemma("tanh-of-sign-at-least", sign(time), x, beta - gamma * B - nu, using=[alive_, parts])

    number = prove(equal(a(t), det(a(t)) * one, *within(1, t, s + T)), "a level is a number").by_lemma("entry", a(t))
    over_ = over - nu
    odd = (1, [lemma("tanh-odd", over_, -over_, using=[None])])
    prove(first, "what is written so far has its sign and level").by_induction(
        t, signed, at(queued, t=0), at(queued, t=t), empty, at(step, t=0), at(step, t=t), *rows, moved_Phi, single,
        squared, number,
        cases=[[i <= m - kappa]],
        base=[(1, [writes(0)]), odd, (1, [at(written, t=1)])],
        parts=[(1, [copied([gain, at(first, i=i + kappa)], at_writing, quiet)]), (1, [kept])],
        otherwise=[(1, [writes(t)]), odd, (1, [at(written, t=t + 1)])],
    )  # fmt: skip
    mean = lemma("row-mean-above", m, row @ Phi, held(t), a(t), using=[unit, at(margin, i=j)])
    prove(margin).by_induction(
        t, signed, at(composed, t=t), at(step, t=t), single, number,
        base=[(1, [at(first, t=s)])],
        parts=[(1, [copied([gain, mean], alive, later)]), (1, [kept])],
    )  # fmt: skip


def fading(prove):
    """tanh γF ≥ F tanh γ for 0 ≤ F ≤ 1."""
    unity = prove(at_most(0, one), "1 ≥ 0").by_parts((1, []))
    whole = prove(at_most(one, one), "1 ≤ 1").by_parts()
    enough = prove(at_most(0, over), "inputs win").by_parts((1, [wins]))
    level = lemma("tanh-level", over, using=[enough])
    rising = prove(at_most(0, tanh(gamma)), "tanh γ ≥ 0").by_lemma("tanh-level", gamma, using=[gain])
    below = at_most(F(t), one, t >= 1)

    def under_one(number):
        return prove(at_most(tanh(number), one), "tanh is 1 at most").by_parts(
            ("1/2", [one - tanh(number)]), ("1/2", [lemma("tanh-at-most-1", number)])
        )

    begins = prove(at_most(F(1), one), "it starts below 1").by_parts((1, [under_one(over * one)]), using=[most])
    falls = prove(at_most(tanh(gamma), 1), "tanh γ ≤ 1").by_lemma("tanh-below-1", gamma)
    positive = lemma("tanh-of-part", over, one, using=[enough, unity, whole])
    prove(fading_positive).by_induction(
        t, most, at(fades, t=t), base=[(1, [positive]), (1, [level])], parts=[(1, [rising, fading_positive])]
    )
    prove(fading_reached).by_induction(t, at(fades, t=t), parts=[(1, [fading_reached]), (1, [falls, fading_positive])])
    below = prove(at_most(F(t), one, t >= 1), "it stays below 1").by_parts((1, [fading_reached]), (1, [begins]))
    prove(fading_kept).by_parts(
        (1, [lemma("tanh-of-part", gamma, F(t), using=[gain, fading_positive, below])]), using=[at(fades, t=t)]
    )


@opaque
def repeat_copy_needs_no_strength(s, C, gamma, **_):
    """Repeat copy from z(0) = 0 is right for every β > 0: here β = 1/8, for s < t ≤ 2s + 2."""
    copy = Task.repeat_copy(int(s.p), len(C[0]))
    with precision(BITS):
        return bool(_least(copy, gamma, rational(1) / 8) > 0)


@opaque
def compose_copy_threshold(gamma, **_):
    """Compose copy of two variables from z(0) = 0, γ > 1, is right just above β = γ a*, and wrong just below."""
    gain_, copy = max(gamma, rational(5) / 4), Task.compose_copy(2)
    with precision(BITS):
        star = midpoint(level_of(gain_))
        above, below = (_least(copy, gain_, gain_ * star * (1 + rational(side) / 64), 64) for side in (1, -1))
        return bool(above > 0) and bool(below < 0)


@opaque
def noise_limit(gamma, **_):
    """γa - artanh a at a = 1/8, 2/8 … 7/8 is not above γr - artanh r, r = √(1 - 1/γ), for γ > 1."""
    gain_ = max(gamma, rational(5) / 4)
    with precision(BITS):
        tries = [arb(gain_ * eighths / 8) - arb(rational(eighths) / 8).atanh() for eighths in range(1, 8)]
        return all(bool(value <= critical_noise(gain_)) for value in tries)


def _least(task, gain_, drive_, more=2):
    """The least x_i(t) y_i(t) over s < t ≤ 2s + more and all inputs, 16 at most, from rest, enclosed."""
    size, width, steps = task.s * task.kappa, task.kappa, 2 * task.s + more
    columns = list(islice(product((1, -1), repeat=size), 16))
    table = matrix([[column[place] for column in columns] for place in range(size)])
    wanted = [table[place * width : (place + 1) * width, :] for place in range(task.s)]
    last = selector(task.s, width, task.s)
    drive_in = [drive_ * (last @ u_) for u_ in wanted] + [zeros(size, len(columns))] * (steps - task.s)
    while len(wanted) < steps:
        wanted.append(hstack(task.blocks) @ vstack(wanted[-task.s :]))
    run = tanh_run(gain_ * companion(task), drive_in, zeros(size, len(columns)), steps)
    products = [
        value * arb(sign)
        for state, signs in list(zip(run, wanted, strict=True))[task.s :]
        for value, sign in zip((arb_mat(last.T.flint) * state).entries(), signs.flint.entries(), strict=True)
    ]
    return min(products, key=lambda ball: float(ball.lower()))


@st.composite
def networks(draw):
    """Selections with one entry a row, any inputs ±1, noise of either sign; gains above 1, with a level, and below."""
    drawn = draw(selections(max_s=3, max_kappa=2, max_m=6))
    signs = [sign or 1 for sign in drawn.selection.sign.tolist()]
    task = Task.from_selection(drawn.s, drawn.kappa, drawn.selection.source, signs)
    sign, more = st.sampled_from((1, -1)), draw(st.integers(1, 2))
    size, steps, gain_ = task.s * task.kappa, task.s + more, rational(draw(st.sampled_from((2, 4, 6, 8, 12)))) / 4
    drive_ = gain_ + 1 + rational(draw(st.integers(0, 4))) / 4
    least = (gain_ - 1) / gain_**2 / 2  # γa - artanh a is above a (γ - 1)/2 there
    noise_ = least * (gain_ - 1) / 4 * draw(st.integers(0, 1)) if gain_ > 1 else rational(0)
    inputs = [matrix([[draw(sign)] for _ in range(task.kappa)]) for _ in range(task.s)]
    shaken = [matrix([[noise_ * draw(sign)] for _ in range(size)]) for _ in range(steps)]
    written_ = [vstack([zeros(size - task.kappa, 1), drive_ * u_]) for u_ in inputs] + [zeros(size, 1)] * more
    return case(
        C=list(task.blocks), s=task.s, T=more, gamma=gain_, beta=drive_, B=1, nu=noise_, u=inputs,
        d=[x + w for x, w in zip(written_, shaken, strict=True)],
        a=[[[least]]] * steps if gain_ > 1 else _fading(gain_, drive_ - gain_, steps),
        start=matrix([[rational(draw(st.integers(-8, 8))) / 8] for _ in range(size)]),
    )  # fmt: skip


def _fading(gain_, over, steps):
    """Rationals just below tanh(over), tanh(γ tanh(over)), …"""
    found = [math.floor(10**6 * math.tanh(over)) - 1]
    while len(found) < steps:
        found.append(math.floor(10**6 * math.tanh(float(gain_) * found[-1] / 10**6)) - 1)
    return [[[rational(level) / 10**6]] for level in found]


def small(blocks, inputs, entering, levels, *, first=0, **numbers):
    """A case of kappa = 1 with one output."""
    rest = {"gamma": 2, "beta": 3, "B": 1, "nu": 0} | numbers
    columns = [[[x] for x in column] for column in entering]
    return case(
        C=[[[x]] for x in blocks], u=[[[x]] for x in inputs], d=columns, a=[[[x]] for x in levels], s=len(blocks), T=1,
        start=[[0]] * (len(blocks) - 1) + [[first]], **rest,
    )  # fmt: skip


ONE, HALF = ([[3], [0]], ["1/2", "1/2"]), ["1/2"] * 3
LATE = ([0, 1], [1, -1])
THEOREM = Theorem(
    given=(C, u, s, T, START, ENTERS, LEVEL, gamma, beta, TOP, NOISE),
    hypotheses={
        single: small(["3/5", "4/5"], [1, -1], [[0, 3], [0, -3], [0, 0]], HALF),
        unit: small([0], [1], *ONE),
        binary: small([1], [2], *ONE),
        gain: small([1], [1], [[3], [0]], ["1/2", "-4/5"], gamma=-2),
        top: small([1], [1], [[1], [0]], ["99/100", "1/2"], gamma=4, beta=1, B="-1/2"),
        drive: small([0, 1], [1, 1], [[0, -2], [0, -2], [0, 0]], ["-49/50"] * 3, gamma=1, beta=-2, B="1/10"),
        noise: small([1], [1], [["1/2"], ["-1/2"]], ["-91/100", "-87/100"], beta=0, nu="-1/2", first=-1),
        inside: small([1], [1], *ONE, first=-10),
        driven: small([1], [1], [[0], [0]], ["1/2", "1/2"]),
        bounded: small(*LATE, [[0, 10], [0, "-1/2"], [0, 0]], ["-19/50"] * 3, gamma=1, beta="1/2", B="9/10"),
        quiet: small([1, 0], [1, 1], [[0, 3], [-3, 3], [0, 0]], HALF),
        later: small([1], [1], [[3], [-9]], ["1/2", "1/2"]),
        stays: small(*LATE, [[0, "1/2"], [0, "-1/2"], [0, 0]], ["1/5"] * 3, beta="1/2", B="1/10"),
        written: small([1], [1], [["1/10"], [0]], ["1/2", "1/2"], beta="1/10", first=-1),
        kept: small([1], [1], [[3], [0]], ["1/2", "99999/100000"]),
    },
    definitions=(
        composes, shifts, enters, flat, begin, step, empty, queued, composed, squared, signed, given, task, most, fades,
    ),
    conclusions=(
        alive, margin, implies(wins, fading_kept),
        implies(wins, fading_reached),
        implies(wins, fading_positive), is_circuit, writes_last, asked,
        repeat_copy_needs_no_strength, compose_copy_threshold, noise_limit,
    ),
    proof=proof,
    examples={
        "one variable, kept": small([1], [1], *ONE),
        "x(t) = x(t-1), inputs of two signs": small(*LATE, [[0, 3], [0, -3], [0, 0]], HALF),
    },
    cases=networks(),
    source="compare the trained tanh networks of Karuvally et al., arXiv:2310.02430; its conditions are proved here",
)  # fmt: skip
