"""A saturating nonlinearity repairs writing without a gate: the signs are right for ever, for all 2^(sκ) inputs.

h(t) = tanh(γ Phi_C h(t-1) + β E_s u(t)), u ∈ {±1}, γ > 0, in the memory basis (neurons up to order and sign), C a
signed selection with one entry a row. If the network stays within a level B, |h(0)| ≤ B and tanh(γB + β) ≤ B, and
inputs win over it, β > γB, then sign y(t) = x(t) for all t > s and all inputs, |y(t)| ≥ (tanh γ)^(t-1) tanh(β - γB).
B = 1 does so for β > γ, from any start in the cube; B = tanh 2β does for β > γ tanh 2β, from h(0) = 0. The margin stays
above a level a > 0 if tanh γa ≥ a and tanh(β - γB) ≥ a, which needs γ > 1; with γ > 1 and β > γ, |y(t)| ≥
min(tanh(β - γ), a*), a* the positive root of a = tanh γa. With noise of at most ν in the argument of tanh, tanh(γB + β
+ ν) ≤ B and β - ν > γB, a level a > 0 holds if tanh(γa - ν) ≥ a and tanh(β - γB - ν) ≥ a; that needs ν ≤ γr - artanh r,
r = √(1 - 1/γ). Repeat copy from h(0) = 0 needs only γ, β > 0: at time t ≤ s place s copies a place that is 0.
Idea: going back from y(t), each step has one source, up to the writing of u_j(τ), where h has the sign of u_j(τ) and
modulus tanh(β - γB) at least. From there on tanh, odd and increasing, carries sign and level along; from M it goes to
tanh γM ≥ M tanh γ, as y / tanh y increases and M ≤ 1.
"""

from itertools import product
from random import Random

import numpy as np
from hypothesis import strategies as st
from sympy import S, Symbol, cosh, diff, tanh

from emtheory.judges.balls import arb, arb_mat, at_most, less, precision
from emtheory.judges.exact import dyadic, exactly, eye, hstack, matrix, rational, unit, vstack, zeros
from emtheory.judges.symbolic import (
    INCREASING,
    MEAN_VALUE,
    at,
    at_least_zero,
    cited,
    definition,
    family,
    identical,
    identity,
    indices,
    integrated,
    letter,
    never_negative,
    nonnegative,
)
from emtheory.networks.elman import Network
from emtheory.theorems.cases import selections
from emtheory.theorems.theorem import Theorem
from emtheory.theory.circuits import companion, selector
from emtheory.theory.saturating import critical_noise, level, midpoint, rounding_noise, tanh_run
from emtheory.theory.tasks import Task
from emtheory.verdict import all_of

t = indices("t")
y = Symbol("y", nonnegative=True)
gain = Symbol("γ", positive=True)  # by `gain_positive`
drive, low, most, noise = (Symbol(name, nonnegative=True) for name in ("β", "a", "B", "ν"))
M, slope, shake = family("M", 1, 1), family("θ", 1, 1), family("ξ", 1, 1)
F, rise = family("F", 1, 1), family("ρ", 1, 1)  # the memory if it is not disturbed after it was written
held, wrong_sign, start_slope = letter("v", 1, 1), letter("w", 1, 1), letter("θ'", 1, 1)
BITS = 128


def one_entry_a_row(task, gains, levels, turn, start):
    """C is a signed selection with one entry ±1 in each row."""
    chosen = task.selection is not None and bool((task.selection.sign != 0).all())
    return exactly(chosen, True)


def memory_basis(task, gains, levels, turn, start):
    """The memories are the neurons, up to order and sign."""
    return exactly([turn @ turn.T, turn.map(lambda x: x * x) @ turn.map(abs).T], [eye(len(turn)), eye(len(turn))])


def gain_positive(task, gains, levels, turn, start):
    """γ > 0."""
    return exactly(gains[0] > 0, True)


def inputs_win(task, gains, levels, turn, start):
    """β - ν > γB, where B holds what the network can reach: tanh(γB + β + ν) ≤ B."""
    (gamma, beta), (top, _, nu) = gains, levels
    return all_of([exactly(beta - nu > gamma * top, True), _reaches(gamma * top + beta + nu, top)])


def _reaches(argument, top):
    return at_most(lambda: arb(argument).tanh(), top, bits=BITS)


def level_holds(task, gains, levels, turn, start):
    """tanh(γa - ν) ≥ a and tanh(β - γB - ν) ≥ a."""
    (gamma, beta), (top, least, nu) = gains, levels
    arguments = (gamma * least - nu, beta - gamma * top - nu)
    return all_of(at_most(least, lambda z=z: arb(z).tanh(), bits=BITS) for z in arguments)


def level_positive(task, gains, levels, turn, start):
    """ν ≥ 0 and a > 0; without noise, ν = 0, a = 0 will do."""
    _, least, nu = levels
    return exactly(nu >= 0 and (least > 0 or (nu == 0 and least == 0)), True)


def starts_inside(task, gains, levels, turn, start):
    """|h(0)| ≤ B."""
    return exactly(all(abs(row[0]) <= levels[0] for row in start), True)


def derivation():
    one = identity(1)
    won = tanh(drive - gain * most - noise)
    wins = cited(
        MEAN_VALUE,
        M(0),
        won * one + start_slope @ (gain * (most * one + wrong_sign @ held) + noise * one + shake(0)),
    )
    inside = at_least_zero(starts_inside, most * one + wrong_sign @ held)
    shaken = at_least_zero(level_positive, noise * one + shake(t), where=[t >= 0])
    increases = at_least_zero(MEAN_VALUE, start_slope)
    at_writing = nonnegative(
        M(0) - won * one,
        [(gain, start_slope @ inside.term), (1, start_slope @ (noise * one + shake(0)))],
        [wins, inside, at(shaken, {t: 0}), increases],
    )
    yield "an input wins over what its place held, by tanh(β - γB - ν) at least", at_writing
    written = at_least_zero(level_holds, (won - low) * one)
    above = nonnegative(M(0) - low * one, [(1, written.term), (1, M(0) - won * one)], [written, at_writing])
    yield "so by the level a", above
    step = cited(
        MEAN_VALUE,
        M(t + 1),
        tanh(gain * low - noise) * one + slope(t) @ (gain * (M(t) - low * one) + noise * one + shake(t + 1)),
        where=[t >= 0],
    )
    rising = at_least_zero(MEAN_VALUE, slope(t), where=[t >= 0])
    kept = at_least_zero(level_holds, (tanh(gain * low - noise) - low) * one)
    yield (
        "from then on each step copies it, sign and level: M(t) ≥ a for ever",
        never_negative(
            t,
            0,
            M(t) - low * one,
            [(1, M(0) - low * one)],
            [
                (1, kept.term),
                (gain, slope(t) @ (M(t) - low * one)),
                (1, slope(t) @ (noise * one + shake(t + 1))),
            ],
            [step, rising, kept, at(shaken, {t: t + 1}), above],
        ),
    )
    yield from _chord(one)
    yield from _fading(one, won, at_writing)
    tolerance = gain * tanh(y) - y
    yield (
        "the noise that a level a = tanh y bears, γa - y, is stationary where cosh² y = γ, that is a² = 1 - 1/γ",
        identical(diff(gain * tanh(y), y).subs(gain, cosh(y) ** 2), S.One),
    )
    yield (
        "and concave for y ≥ 0, so that is its maximum",
        nonnegative(-diff(tolerance, y, 2) * one, [(2 * gain * tanh(y), (1 / cosh(y) * one).T @ (1 / cosh(y) * one))]),
    )


def _chord(one):
    """y / tanh y increases: its derivative times tanh² y is ≥ 0."""
    bend = nonnegative(
        2 * y * tanh(y) * (1 - tanh(y) ** 2) * one, [(2 * y * tanh(y), (1 / cosh(y) * one).T @ (1 / cosh(y) * one))]
    )
    yield "tanh y ≥ 0 has slope 1 - tanh² y = 1/cosh² y", bend
    yield (
        "so y / tanh y increases, its derivative times tanh² y being ≥ 0: tanh γM ≥ M tanh γ for 0 ≤ M ≤ 1",
        integrated(bend, y, tanh(y) - y * (1 - tanh(y) ** 2), INCREASING),
    )


def _fading(one, won, at_writing):
    """Without noise F(t+1) = γ ρ(t) F(t) with γ ρ(t) ≥ tanh γ: positive for ever, whatever γ > 0 is."""
    undisturbed = cited(MEAN_VALUE, F(t + 1), gain * rise(t) @ F(t), where=[t >= 0])
    steep = at_least_zero(MEAN_VALUE, gain * rise(t) - tanh(gain) * one, where=[t >= 0])
    begins = definition(F(0), M(0))
    winning = at_least_zero(inputs_win, won * one)
    positive = nonnegative(F(0), [(1, winning.term), (1, M(0) - won * one)], [begins, winning, at_writing])
    yield "after writing the sign is right", positive
    slack = gain * rise(t) - tanh(gain) * one
    stays = never_negative(
        t, 0, F(t), [(1, F(0))], [(1, slack @ F(t)), (tanh(gain), F(t))], [undisturbed, steep, positive]
    )
    yield "and without noise it stays so", stays
    fades = never_negative(
        t,
        0,
        F(t) - tanh(gain) ** t * won * one,
        [(1, M(0) - won * one)],
        [(1, slack @ F(t)), (tanh(gain), F(t) - tanh(gain) ** t * won * one)],
        [undisturbed, steep, stays, begins, at_writing],
    )
    yield "by (tanh γ)^t tanh(β - γB) at least", fades


def meaning(task, gains, levels, turn, start):
    """The first memory: written against what its place held, then copied, the noise against it."""
    (gamma, beta), (top, least, nu) = gains, levels
    before = -abs(start[0, 0])

    def argument(steps, later=nu):
        """What goes into tanh at each step."""
        value = arb(beta + gamma * before - nu)
        for _ in range(steps):
            value = arb(gamma) * value.tanh() - arb(later)
        return value

    def between(high, low_argument):
        gap = high - low_argument
        return (high.tanh() - low_argument.tanh()) / gap if gap > 0 else 1 - low_argument.tanh() ** 2

    def scalar(values):
        return lambda *index: arb_mat(1, 1, [values(*index)])

    return {
        gain: gamma,
        drive: beta,
        low: least,
        most: top,
        noise: nu,
        y: gamma * least,
        F: scalar(lambda steps: argument(steps, rational(0)).tanh()),
        rise: scalar(lambda steps: argument(steps + 1, rational(0)).tanh() / argument(steps + 1, rational(0))),
        held: matrix([[before]]),
        wrong_sign: matrix([[1]]),
        shake: lambda steps: matrix([[-nu]]),
        M: scalar(lambda steps: argument(steps).tanh()),
        slope: scalar(lambda steps: between(argument(steps + 1), arb(gamma * least - nu))),
        start_slope: scalar(lambda: between(argument(0), arb(beta - gamma * top - nu)))(),
    }


def _outputs(task, gains, nu, turn, start, inputs, steps):
    """y(1 … T) for N inputs side by side, κ × N each, enclosed; the noise works against the right sign."""
    (gamma, beta), size = gains, task.s * task.kappa
    weights = turn @ (gamma * companion(task)) @ turn.T
    last = selector(task.s, task.kappa, task.s)
    wanted = _memories(task, inputs, steps)
    drive = []
    for now in range(steps):
        written = beta * (last @ inputs[now]) if now < task.s else zeros(size, len(inputs[0].T))
        drive.append(turn @ (written - nu * wanted[now]))
    begin = turn @ start @ matrix([[1] * len(inputs[0].T)])
    read = arb_mat((last.T @ turn.T).flint)
    return [read * state for state in tanh_run(weights, drive, begin, steps)]


def _memories(task, inputs, steps):
    """What each memory should hold after t steps, m × N; 0 where nothing was written yet."""
    history = [zeros(task.kappa, inputs[0].shape[1])] * (task.s - 1) + _wanted(task, inputs, steps)
    return [vstack(history[now : now + task.s]) for now in range(steps)]


def _wanted(task, inputs, steps):
    """x(1 … T), κ × N each, exact."""
    values = list(inputs)
    while len(values) < steps:
        recent = values[-task.s :]
        total = zeros(task.kappa, recent[0].shape[1])
        for block, value in zip(task.blocks, recent, strict=True):
            total = total + block @ value
        values.append(total)
    return values[:steps]


def _inputs(task):
    """u(1 … s), κ × N each: every pattern of signs in a column of its own if m ≤ 4, else 8 of them."""
    size = task.s * task.kappa
    columns = list(product((1, -1), repeat=size)) if size <= 4 else _some(size)
    table = matrix([[column[i] for column in columns] for i in range(size)])
    return [table[i * task.kappa : (i + 1) * task.kappa, :] for i in range(task.s)]


def _some(size):
    random = Random(size)
    return [[random.choice((1, -1)) for _ in range(size)] for _ in range(8)]


def _margins(task, gains, nu, turn, start):
    """The least x_i(t) y_i(t) over inputs and components, for s < t ≤ 3s + 4, enclosed."""
    steps, inputs = 3 * task.s + 4, _inputs(task)
    outputs, wanted = _outputs(task, gains, nu, turn, start, inputs, steps), _wanted(task, inputs, steps)
    found = []
    for t_now in range(task.s, steps):
        pairs = zip(outputs[t_now].entries(), wanted[t_now].flint.entries(), strict=True)
        found.append(min((value * arb(sign) for value, sign in pairs), key=lambda ball: float(ball.lower())))
    return found


def _worst(task, gains, nu, turn, start):
    return min(_margins(task, gains, nu, turn, start), key=lambda ball: float(ball.lower()))


def signs_right(task, gains, levels, turn, start):
    """x_i(t) y_i(t) > 0 and ≥ a for all inputs (8 if m > 4) and s < t ≤ 3s + 4, with noise ν against the right sign."""
    (_, least, nu) = levels
    with precision(BITS):
        worst = _worst(task, gains, nu, turn, start)
    return all_of([less(0, worst, bits=BITS), at_most(least, worst, bits=BITS)])


def margin_fades(task, gains, levels, turn, start):
    """Without noise x_i(t) y_i(t) ≥ (tanh γ)^(t-1) tanh(β - γB) for s < t ≤ 3s + 4."""
    (gamma, beta), top = gains, levels[0]
    with precision(BITS):
        margins = _margins(task, gains, rational(0), turn, start)
        bounds = [arb(gamma).tanh() ** (task.s + i) * arb(beta - gamma * top).tanh() for i in range(len(margins))]
    return all_of(at_most(bound, margin, bits=BITS) for bound, margin in zip(bounds, margins, strict=True))


def margin_in_closed_form(task, gains, levels, turn, start):
    """For γ > 1 and β > γ, without noise, |y(t)| ≥ min(tanh(β - γ), a*)."""
    gamma, beta = max(gains[0], rational(5) / 4), max(gains[1], rational(5) / 4 + gains[0])
    with precision(BITS):
        worst = _worst(task, (gamma, beta), rational(0), turn, start)
        least = arb(beta - gamma).tanh().min(level(gamma))
    return at_most(least, worst, bits=BITS)


def repeat_copy_needs_no_strength(task, gains, levels, turn, start):
    """Repeat copy from h(0) = 0 is right for every β > 0: here β = 1/8."""
    copy = Task.repeat_copy(task.s, task.kappa)
    with precision(BITS):
        worst = _worst(copy, (gains[0], rational(1) / 8), rational(0), turn, 0 * start)
    return less(0, worst, bits=BITS)


def compose_copy_threshold(task, gains, levels, turn, start):
    """Compose copy of two variables from h(0) = 0 is right just above β = γ a*, and wrong just below, γ > 1."""
    gamma, copy = max(gains[0], rational(5) / 4), Task.compose_copy(2)
    with precision(BITS):
        star = midpoint(level(gamma))
        sides = [gamma * star * (1 + rational(side) / 256) for side in (1, -1)]
        above, below = (_worst(copy, (gamma, beta), rational(0), eye(4), zeros(4, 1)) for beta in sides)
    return all_of([less(0, above, bits=BITS), less(below, 0, bits=BITS)])


def noise_limit(task, gains, levels, turn, start):
    """γr - artanh r with r = √(1 - 1/γ) is not below γa - artanh a at a = 1/8, 2/8 … 7/8, γ > 1."""
    gamma = max(gains[0], rational(5) / 4)
    tries = [rational(i) / 8 for i in range(1, 8)]
    return all_of(
        at_most(lambda a=a: arb(gamma * a) - arb(a).atanh(), lambda: critical_noise(gamma), bits=BITS) for a in tries
    )


def floats_keep_the_signs(task, gains, levels, turn, start):
    """A run of numpy, its roundings counted as noise ν in the argument of tanh, stays above the level that ν leaves."""
    gamma = max(gains[0], rational(5) / 4)
    beta = max(gains[1], gamma + 1)
    weights, last = turn @ (gamma * companion(task)) @ turn.T, selector(task.s, task.kappa, task.s)
    write, steps, inputs = turn @ (beta * last), 3 * task.s + 4, [u[:, -4:] for u in _inputs(task)]
    network = Network(W_hh=weights.numpy(), W_uh=write.numpy(), W_r=(last.T @ turn.T).numpy())
    run = network.run(np.array([u.numpy().T for u in inputs]).swapaxes(0, 1), steps, start=start.numpy()[:, 0])
    wanted = [x.numpy().T for x in _wanted(task, inputs, steps)]
    right = [run.outputs[:, t_now] * wanted[t_now] for t_now in range(task.s, steps)]  # times ±1: exact
    with precision(BITS):
        noise = arb(0)
        for i, states in enumerate(run.states):
            drive = hstack([write @ u[:, i : i + 1] for u in inputs] + [zeros(len(turn), steps - task.s)])
            noise = noise.max(rounding_noise(weights, drive, start, dyadic(states.T)))
        nu = noise.upper()
        least = _level_left(gamma, beta, nu)
        held = at_most(least, (gamma * least - nu).tanh(), bits=BITS)
    return all_of([held, at_most(least, dyadic([[np.min(right)]]), bits=BITS)])


def _level_left(gamma, beta, nu):
    """A level for B = 1 and small noise: 2ν / (1 - γ(1 - a*²)) below a*, or what writing leaves."""
    star = level(gamma)
    return (arb(beta - gamma) - nu).tanh().min(star - 2 * nu / (1 - gamma * (1 - star * star)))


@st.composite
def networks(draw):
    """Selections with one entry a row, neurons in any order and of any sign; gains above 1, with a level, and below."""
    task = draw(selections(max_s=5, max_kappa=4, max_m=10))
    signs = [sign or 1 for sign in task.selection.sign.tolist()]
    task = Task.from_selection(task.s, task.kappa, task.selection.source, signs)
    size = task.s * task.kappa
    order = draw(st.permutations(range(size)))
    flips = draw(st.lists(st.sampled_from((1, -1)), min_size=size, max_size=size))
    turn = matrix([[flips[i] * int(j == order[i]) for j in range(size)] for i in range(size)])
    values = draw(st.lists(st.integers(-8, 8), min_size=size, max_size=size))
    start = matrix([[rational(v) / 8] for v in values])
    gamma = rational(draw(st.sampled_from((6, 12, 8, 7, 3, 1)))) / 4 - draw(st.integers(0, 1)) * rational(1) / 8
    beta = gamma + rational(draw(st.integers(1, 8))) / 4
    least, nu = rational(0), rational(0)
    if gamma > 1 and beta >= gamma + 1:
        least = (gamma - 1) / gamma**2 / 2  # γa - artanh a is above a (γ - 1)/2 there
        nu = least * (gamma - 1) / 4 * draw(st.integers(0, 1))
    return task, (gamma, beta), (rational(1), least, nu), turn, start


def standard(task, gamma, beta, top=1, least=0, *, noise_of=0, start=0, turn=None):
    """A case in the neurons' own basis."""
    size = task.s * task.kappa
    gamma, beta, top, least, nu = (matrix([[x]])[0, 0] for x in (gamma, beta, top, least, noise_of))
    begin = start * unit(size, 0)
    return task, (gamma, beta), (top, least, nu), eye(size) if turn is None else turn, begin


COMPOSE, COPY = Task.compose_copy(2), Task.repeat_copy(2, 1)
SUM = Task.from_blocks([matrix([[1]]), matrix([[1]])])
TURNED = matrix([["3/5", "-4/5"], ["4/5", "3/5"]])
THEOREM = Theorem(
    hypotheses={
        one_entry_a_row: standard(SUM, 2, 3),
        memory_basis: standard(COPY, 2, 3, turn=TURNED),
        gain_positive: standard(COPY, 0, 1),
        inputs_win: standard(COMPOSE, 2, 1, top="1/4"),
        level_holds: standard(COMPOSE, 2, 3, least="99/100"),
        level_positive: standard(COPY, "3/2", 3, least=-1, noise_of="1/2"),
        starts_inside: standard(COPY, 2, 3, start=-10),
    },
    derivation=derivation,
    meaning=meaning,
    conclusions=(
        signs_right,
        margin_fades,
        margin_in_closed_form,
        repeat_copy_needs_no_strength,
        compose_copy_threshold,
        noise_limit,
    ),
    numeric=(floats_keep_the_signs,),
    examples={
        "compose copy of two variables, all 16 inputs": standard(COMPOSE, 2, 3, least="1/2"),
        "compose copy of three variables, with noise": standard(
            Task.compose_copy(3), 2, 3, least="1/2", noise_of="1/8"
        ),
        "a gain below 1: the signs stay, the margin fades": standard(COMPOSE, "1/2", 1),
        "a drive below the gain: B = tanh 2β does, from rest": standard(COMPOSE, "51/50", 1, top="193/200"),
    },
    cases=networks(),
    uses=("limit-cycles",),
    source="compare the trained tanh networks of Karuvally et al., arXiv:2310.02430; its conditions are proved here",
)
