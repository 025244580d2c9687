"""A saturating nonlinearity repairs writing without a gate: the signs are right for ever, for all 2^(sκ) inputs.

h(t) = tanh(γ Phi_C h(t-1) + β E_s u(t)), u ∈ {±1}, in the memory basis (neurons up to order and sign), C a signed
selection with one entry a row. If the network stays within a level B, |h(0)| ≤ B and tanh(γB + β) ≤ B, and inputs win
over it, β > γB, then sign y(t) = x(t) for all t > s and all inputs. B = 1 does so for β > γ, from any start in the
cube; B = tanh 2β does for β ≥ γ tanh 2β, from h(0) = 0. With γ > 1 and β > γ, |y(t)| ≥ min(tanh(β - γ), a*), a* the
positive root of a = tanh γa. With noise of at most ν in the argument of tanh a level a holds if tanh(γa - ν) ≥ a, which
needs ν < γr - artanh r, r = √(1 - 1/γ). Repeat copy needs only β > 0: at time t ≤ s place s copies a place that is 0.
Idea: going back from y(t), each step has one source, up to the writing of u_j(τ), where h has the sign of u_j(τ) and
modulus tanh(β - γB) at least. From there on tanh, odd and increasing, carries sign and level along.
"""

from itertools import product

from hypothesis import strategies as st
from sympy import S, Symbol, cosh, diff, tanh

from emtheory.cases import selections
from emtheory.judges.balls import arb, arb_mat, at_most, less, precision
from emtheory.judges.exact import exactly, eye, matrix, rational, unit, vstack, zeros
from emtheory.judges.floats import chain, close
from emtheory.judges.symbolic import (
    MEAN_VALUE,
    at,
    at_least_zero,
    cited,
    family,
    identical,
    identity,
    indices,
    letter,
    never_negative,
    nonnegative,
)
from emtheory.theorem import Theorem
from emtheory.theory.circuits import companion, selector
from emtheory.theory.saturating import critical_noise, level, midpoint, tanh_run
from emtheory.theory.tasks import Task
from emtheory.verdict import all_of

t = indices("t")
y = Symbol("y", nonnegative=True)
gain, drive, low, most, noise = (Symbol(name, nonnegative=True) for name in ("γ", "β", "a", "B", "ν"))
M, slope, shake = family("M", 1, 1), family("θ", 1, 1), family("ξ", 1, 1)
held, wrong_sign, start_slope = letter("v", 1, 1), letter("w", 1, 1), letter("θ'", 1, 1)
BITS = 128


def one_entry_a_row(task, gains, levels, turn, start):
    """C is a signed selection with one entry ±1 in each row."""
    chosen = task.selection is not None and bool((task.selection.sign != 0).all())
    return exactly(chosen, True)


def memory_basis(task, gains, levels, turn, start):
    """The memories are the neurons, up to order and sign."""
    return exactly([turn @ turn.T, turn.map(lambda x: x * x) @ turn.map(abs).T], [eye(len(turn)), eye(len(turn))])


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


def starts_inside(task, gains, levels, turn, start):
    """|h(0)| ≤ B."""
    return exactly(all(abs(row[0]) <= levels[0] for row in start), True)


def derivation():
    one = identity(1)
    wins = cited(
        MEAN_VALUE,
        M(0),
        tanh(drive - gain * most - noise) * one
        + start_slope @ (gain * (most * one + wrong_sign @ held) + noise * one + shake(0)),
    )
    inside = at_least_zero(starts_inside, most * one + wrong_sign @ held)
    shaken = at_least_zero(inputs_win, noise * one + shake(t), where=[t >= 0])
    increases = at_least_zero(MEAN_VALUE, start_slope)
    written = at_least_zero(level_holds, (tanh(drive - gain * most - noise) - low) * one)
    at_writing = nonnegative(
        M(0) - low * one,
        [
            (1, written.term),
            (gain, start_slope @ inside.term),
            (1, start_slope @ (noise * one + shake(0))),
        ],
        [wins, inside, at(shaken, {t: 0}), increases, written],
    )
    yield "an input wins over what its place held, by a level a at least", at_writing
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
            [step, rising, kept, at(shaken, {t: t + 1}), at_writing],
        ),
    )
    tolerance = gain * tanh(y) - y
    yield (
        "the noise that a level a = tanh y bears, γa - y, is stationary where cosh² y = γ, that is a² = 1 - 1/γ",
        identical(diff(gain * tanh(y), y).subs(gain, cosh(y) ** 2), S.One),
    )
    yield (
        "and concave for y ≥ 0, so that is its maximum",
        nonnegative(-diff(tolerance, y, 2) * one, [(2 * gain * tanh(y), (1 / cosh(y) * one).T @ (1 / cosh(y) * one))]),
    )


def meaning(task, gains, levels, turn, start):
    """The first memory: written against what its place held, then copied, the noise against it."""
    (gamma, beta), (top, least, nu) = gains, levels
    before = -abs(start[0, 0])

    def argument(steps):
        """What goes into tanh at each step."""
        value = arb(beta + gamma * before - nu)
        for _ in range(steps):
            value = arb(gamma) * value.tanh() - arb(nu)
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


def _all_inputs(task):
    """u(1 … s), κ × 2^(sκ) each: every pattern of signs in a column of its own."""
    columns = list(product((1, -1), repeat=task.s * task.kappa))
    table = matrix([[column[i] for column in columns] for i in range(task.s * task.kappa)])
    return [table[i * task.kappa : (i + 1) * task.kappa, :] for i in range(task.s)]


def _worst(task, gains, nu, turn, start, inputs):
    """The least x_i(t) y_i(t) over inputs, components and s < t ≤ 3s + 4, enclosed at the precision in force."""
    steps = 3 * task.s + 4
    outputs, wanted = _outputs(task, gains, nu, turn, start, inputs, steps), _wanted(task, inputs, steps)
    products = [
        value * arb(x)
        for t_now in range(task.s, steps)
        for value, x in zip(outputs[t_now].entries(), wanted[t_now].flint.entries(), strict=True)
    ]
    return min(products, key=lambda ball: float(ball.lower()))


def signs_right(task, gains, levels, turn, start):
    """x_i(t) y_i(t) ≥ a and > 0 for all 2^(sκ) inputs and s < t ≤ 3s + 4, with noise ν against the right sign."""
    (_, least, nu) = levels
    with precision(BITS):
        worst = _worst(task, gains, nu, turn, start, _all_inputs(task))
    return all_of([less(0, worst, bits=BITS), at_most(least, worst, bits=BITS)])


def margin_in_closed_form(task, gains, levels, turn, start):
    """For γ > 1 and β > γ, without noise, |y(t)| ≥ min(tanh(β - γ), a*)."""
    gamma, beta = max(gains[0], rational(5) / 4), max(gains[1], rational(5) / 4 + gains[0])
    with precision(BITS):
        worst = _worst(task, (gamma, beta), rational(0), turn, start, _all_inputs(task))
        least = arb(beta - gamma).tanh().min(level(gamma))
    return at_most(least, worst, bits=BITS)


def repeat_copy_needs_no_strength(task, gains, levels, turn, start):
    """Repeat copy from h(0) = 0 is right for every β > 0: here β = 1/8."""
    copy = Task.repeat_copy(task.s, task.kappa)
    with precision(BITS):
        worst = _worst(copy, (gains[0], rational(1) / 8), rational(0), turn, 0 * start, _all_inputs(copy))
    return less(0, worst, bits=BITS)


def compose_copy_threshold(task, gains, levels, turn, start):
    """Compose copy of two variables from h(0) = 0 is right just above β = γ a*, and wrong just below, γ > 1."""
    gamma, copy = max(gains[0], rational(5) / 4), Task.compose_copy(2)
    with precision(BITS):
        star = midpoint(level(gamma))
        sides = [gamma * star * (1 + rational(side) / 256) for side in (1, -1)]
        above, below = (
            _worst(copy, (gamma, beta), rational(0), eye(4), zeros(4, 1), _all_inputs(copy)) for beta in sides
        )
    return all_of([less(0, above, bits=BITS), less(below, 0, bits=BITS)])


def noise_limit(task, gains, levels, turn, start):
    """γr - artanh r with r = √(1 - 1/γ) is not below γa - artanh a at a = 1/8, 2/8 … 7/8, γ > 1."""
    gamma = max(gains[0], rational(5) / 4)
    tries = [rational(i) / 8 for i in range(1, 8)]
    return all_of(
        at_most(lambda a=a: arb(gamma * a) - arb(a).atanh(), lambda: critical_noise(gamma), bits=BITS) for a in tries
    )


def floats_agree(task, gains, levels, turn, start):
    """In floats the first argument of tanh agrees with its exact value, within the error bound of the product."""
    phi = gains[0] * companion(task)
    computed = chain(turn, phi, turn.T, turn @ start)
    return close(computed.value, turn @ phi @ start, computed.bound)


@st.composite
def networks(draw):
    """Selections with one entry a row and at most four memories, in any order and sign of neurons."""
    task = draw(selections(max_s=4, max_kappa=3, max_m=4))
    signs = [sign or 1 for sign in task.selection.sign.tolist()]
    task = Task.from_selection(task.s, task.kappa, task.selection.source, signs)
    size = task.s * task.kappa
    order = draw(st.permutations(range(size)))
    flips = draw(st.lists(st.sampled_from((1, -1)), min_size=size, max_size=size))
    turn = matrix([[flips[i] * int(j == order[i]) for j in range(size)] for i in range(size)])
    values = draw(st.lists(st.integers(-8, 8), min_size=size, max_size=size))
    gamma = 1 + rational(draw(st.integers(2, 8))) / 4
    beta = gamma + 1 + rational(draw(st.integers(0, 4))) / 4
    least = (gamma - 1) / gamma**2 / 2  # γa - artanh a is above a (γ - 1)/2 there
    nu = least * (gamma - 1) / 4 * draw(st.integers(0, 1))
    return task, (gamma, beta), (rational(1), least, nu), turn, matrix([[rational(v) / 8] for v in values])


def standard(task, gamma, beta, top=1, least=0, *, start=0, turn=None):
    """A case without noise."""
    size = task.s * task.kappa
    numbers = [rational(x) if isinstance(x, int) else matrix([[x]])[0, 0] for x in (gamma, beta, top, least)]
    gamma, beta, top, least = numbers
    begin = start * unit(size, 0)
    return task, (gamma, beta), (top, least, rational(0)), eye(size) if turn is None else turn, begin


COMPOSE, COPY = Task.compose_copy(2), Task.repeat_copy(2, 1)
SUM = Task.from_blocks([matrix([[1]]), matrix([[1]])])
TURNED = matrix([["3/5", "-4/5"], ["4/5", "3/5"]])
THEOREM = Theorem(
    hypotheses={
        one_entry_a_row: standard(SUM, 2, 3),
        memory_basis: standard(COPY, 2, 3, turn=TURNED),
        inputs_win: standard(COMPOSE, 2, 1, least=-1),
        level_holds: standard(COMPOSE, 2, 3, least="99/100"),
        starts_inside: standard(COPY, 2, 3, start=-10),
    },
    derivation=derivation,
    meaning=meaning,
    conclusions=(
        signs_right,
        margin_in_closed_form,
        repeat_copy_needs_no_strength,
        compose_copy_threshold,
        noise_limit,
    ),
    numeric=(floats_agree,),
    examples={
        "compose copy of two variables, all 16 inputs": standard(COMPOSE, 2, 3, least="1/2"),
        "compose copy of three variables, all 512 inputs": standard(Task.compose_copy(3), 2, 3, least="1/2"),
        "below γ: B = tanh 2β does, from rest": standard(COMPOSE, "51/50", 1, top="193/200"),
    },
    cases=networks(),
    uses=("limit-cycles",),
    source="compare the trained tanh networks of Karuvally et al., arXiv:2310.02430; its conditions are proved here",
)
