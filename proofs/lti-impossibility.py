"""No linear network of any size, started at zero, solves a task whose compositions interfere; compose copy is one.

A linear time-invariant network h(t) = W h(t-1) + U u(t), y(t) = R h(t), h(0) = 0, answers input u(i) at time t by
M_(t-i) u(i) with its Markov parameters M_τ = R W^τ U: it sees the age t - i of an input, never t and i apart. The
task answers with E_sᵀ Phi^(t-s) E_i. So y(t) = x(t) for all t > s and all inputs needs M_τ = G_τ (from i = s), then
E_sᵀ Phi^t d_i = 0: just the condition C_j C_k = 0 (k ≥ 2) under which the circuit itself succeeds.
For compose copy C_k C_k = e_k e_kᵀ ≠ 0: it fails for every s ≥ 2. Component s has to repeat input s for ever and to
forget input s - 1, which is one step older; averaging T such demands over u ∈ {±1} bounds the error from below by
(T-1)/T over T outputs (attained for s = 2), whatever the M_τ are and whatever depends on time alone is added (a bias,
h(0) ≠ 0, a clock). So the best error for all t is 1, that of y = 0. For a signed selection it is 0 or at least 1/2; its
signs alone are linear, with a margin that fades.
"""

from emtheory.judges.exact import exactly, eye, hstack, matrix, rational, unit, zeros
from emtheory.judges.floats import chain, close
from emtheory.judges.symbolic import (
    SELECTORS,
    cited,
    definition,
    delta,
    family,
    hypothesis,
    identical,
    identity,
    indices,
    letter,
    theorem,
    total,
    zero,
)
from emtheory.theorems.cases import interference_free_tasks, matrices, memory_bases, selections
from emtheory.theorems.theorem import Theorem
from emtheory.theory.algebra import C, E, Phi, W, j, k, kappa, m, n, ranged, s, t, task_meaning
from emtheory.theory.circuits import Circuit, companion, impulse, ring_buffer, selector
from emtheory.theory.memories import MemoryBasis
from emtheory.theory.tasks import Task
from emtheory.verdict import all_of

i, T = indices("i T")
U, R = letter("U", n, kappa), letter("R", kappa, n)
G, d = family("G", kappa, kappa), family("d", m, kappa)
e, D, a = family("e", s, 1), family("D", s, s), family("a", 1, 1)
LEFT_OVER = definition(d(i), Phi ** (s - i) @ E(s) - E(i), where=[i >= 1, i <= s])


def reproduces(task, network, network_of_two, selection):
    """The network answers every input as the task does: R W^(t-i) U = E_sᵀ Phi^(t-s) E_i for all t > s."""
    steps = len(network[0]) + task.s * task.kappa  # sequences of orders n and m that agree so far agree for ever
    markov = _markov(network, task.s + steps)
    answers = [selector(task.s, task.kappa, task.s).T]
    for _ in range(steps):
        answers.append(answers[-1] @ companion(task))
    width = task.kappa
    return exactly(
        [markov[task.s + time - place] for time in range(1, steps + 1) for place in range(1, task.s + 1)],
        [row[:, p * width : (p + 1) * width] for row in answers[1:] for p in range(task.s)],
    )


def signed_selection(task, network, network_of_two, selection):
    """The second task is a signed selection."""
    return exactly(selection.selection is not None, True)


def derivation():
    answers = hypothesis(
        reproduces,
        E(s).T @ Phi ** (t - s) @ E(i),
        R @ W ** (t - i) @ U,
        where=[t >= s + 1, i >= 1, i <= s],
    )
    yield (
        "the Markov parameters are the circuit's impulse response",
        identical(E(s).T @ Phi**t @ E(s), R @ W**t @ U, [answers], where=[t >= 1]),
    )
    unheard = identical(
        E(s).T @ Phi**t @ d(i), zero(kappa, kappa), [LEFT_OVER, answers], where=[t >= 1, i >= 1, i <= s]
    )
    yield "so nothing is heard of what an input leaves over", unheard
    converse = theorem(
        "write-interference",
        G(t) @ C(i),
        E(s).T @ Phi**t @ d(i - 1) - E(s).T @ Phi ** (t + 1) @ d(i),
        where=[t >= 1, i >= 2, i <= s],
    )
    silent = identical(G(t) @ C(k), zero(kappa, kappa), [converse, unheard], where=[t >= 1, k >= 2, k <= s])
    yield "hence G_t C_k = 0 for t ≥ 1 and k ≥ 2", silent
    triangular = theorem(
        "write-interference",
        C(s + 1 - t) @ C(k),
        G(t) @ C(k) - total(C(j) @ G(t - s - 1 + j) @ C(k), (j, s + 2 - t, s)),
        where=[t >= 1, t <= s, k >= 1, k <= s],
    )
    yield (
        "and C_j C_k = 0 for all j and all k ≥ 2",
        identical(C(j) @ C(k), zero(kappa, kappa), [triangular, silent], where=[j >= 1, j <= s, k >= 2, k <= s]),
    )
    units = definition(D(k), e(k) @ e(k).T, where=[k >= 1, k <= s])
    orthonormal = cited(SELECTORS, e(j).T @ e(k), delta(j, k) * identity(1), where=[j >= 1, j <= s, k >= 1, k <= s])
    yield (
        "but for compose copy entry (k, k) of C_k C_k is 1",
        identical(e(k).T @ D(k) @ D(k) @ e(k), identity(1), [units, orthonormal], where=[k >= 1, k <= s]),
    )
    yield (
        "the bound: with ε ≥ 1 - a_τ + a_(τ+1) for τ = 2 … T - 1, ε ≥ a_2 and ε ≥ 1 - a_T, the a cancel in the sum",
        identical(total(a(t + 1) - a(t), (t, 2, T - 1)), a(T) - a(2), where=[T >= 2]),
    )


def meaning(task, network, network_of_two, selection):
    w, write, read = network
    last, phi, ages = selector(task.s, task.kappa, task.s), companion(task), _markov(network_of_two, 60)
    return {
        **task_meaning(task),
        n: len(w),
        W: w,
        U: write,
        R: read,
        G: lambda time: impulse(task, time),
        d: ranged("d", 1, task.s, lambda p: phi ** (task.s - p) @ last - selector(task.s, task.kappa, p)),
        e: ranged("e", 1, task.s, lambda p: unit(task.s, p - 1)),
        D: ranged("D", 1, task.s, lambda p: unit(task.s, p - 1) @ unit(task.s, p - 1).T),
        a: ranged("a", 0, 60, lambda age: ages[age][1:, 1:]),
    }


def _markov(network, most):
    """R W^τ U for τ = 0 … most."""
    w, write, read = network
    state, found = write, []
    for _ in range(most + 1):
        found.append(read @ state)
        state = w @ state
    return found


def products_vanish(task, network, network_of_two, selection):
    """C_j C_k = 0 for all j = 1 … s and k = 2 … s."""
    return exactly(all((b @ c).is_zero() for b in task.blocks for c in task.blocks[1:]), True)


def two_answers_for_one_age(task, network, network_of_two, selection):
    """A signed selection with some C_j C_k ≠ 0, k ≥ 2, wants two answers to one age, ≥ 1 apart: the error is ≥ 1/2.

    If all of those products vanish, every age has one answer.
    """
    free = all((b @ c).is_zero() for b in selection.blocks for c in selection.blocks[1:])
    width, size, row = selection.kappa, selection.s, selector(selection.s, selection.kappa, selection.s).T
    asked, gap = {}, rational(0)
    for time in range(1, 2 * size * width + 1):
        row = row @ companion(selection)
        for place in range(size):
            block = row[:, place * width : (place + 1) * width]
            first = asked.setdefault(size + time - place - 1, block)
            gap = max([gap, *(abs(x) for line in first - block for x in line)])
    return exactly([gap >= 1, gap == 0], [not free, free])


def errs(task, network, network_of_two, selection):
    """On compose copy, s = 2, a network, alone or beside the best one, errs by at least (T-1)/T over T outputs."""
    outputs = selection.s
    alone = _markov(network_of_two, outputs + 1)
    beside_best = [best + other for best, other in zip(_fading(outputs), alone, strict=True)]
    errors = [_worst_error(markov, outputs) for markov in (alone, beside_best)]
    return exactly(min(errors) >= rational(outputs - 1) / outputs, True)


def bound_is_attained(task, network, network_of_two, selection):
    """Fading linearly, a_τ = 1 - (τ-1)/T, a network errs by exactly (T-1)/T; answering 0 always errs by 1."""
    outputs = selection.s
    silent = [zeros(2, 2)] * (outputs + 2)
    errors = [_worst_error(_fading(outputs), outputs), _worst_error(silent, outputs)]
    return exactly(errors, [rational(outputs - 1) / outputs, 1])


def _fading(outputs):
    """Markov parameters M_0 … M_(T+1): component 1 returns every second step, component 2 fades linearly."""
    ages = range(outputs + 2)
    return [matrix([[int(age % 2 == 0), 0], [0, rational(outputs + 1 - age) / outputs]]) for age in ages]


def _worst_error(markov, outputs):
    """The largest |y_i(t) - x_i(t)| over u ∈ {±1} and T outputs: the sum of |entries| of what is wrong in a row."""
    phi, row, worst = companion(Task.compose_copy(2)), selector(2, 2, 2).T, rational(0)
    for time in range(3, outputs + 3):
        row = row @ phi
        worst = max(worst, (hstack([markov[time - 1], markov[time - 2]]) - row).norm_inf())
    return worst


def certified(task, network, network_of_two, selection):
    """Compose copy, s ≥ 2, over T outputs: no Markov parameters and no offset c(t) err by less than (T-1)/T, u ∈ {±1}.

    Certificate: an average of ±(x_s(t) - y_s(t)) in which every unknown cancels, and which equals (T-1)/T.
    """
    size, outputs = max(2, selection.s), selection.s * selection.kappa
    weight, total_weight, average = rational(1) / (4 * outputs), rational(0), rational(0)
    response, offset = {}, {}  # what the average holds of the row s of M_age, and of c(time)
    for time, inputs, sign in _demands(size, outputs):
        total_weight += weight
        average += sign * weight * Task.compose_copy(size).outputs(inputs, time)[size - 1, time - 1]
        offset[time] = offset.get(time, rational(0)) + sign * weight
        for place in range(1, size + 1):
            heard = (sign * weight) * inputs[:, place - 1 : place]
            response[time - place] = response.get(time - place, zeros(size, 1)) + heard
    cancels = all(part.is_zero() for part in response.values()) and not any(offset.values())
    return exactly([cancels, total_weight, average], [True, 1, rational(outputs - 1) / outputs])


def _demands(size, outputs):
    """Which (t, u, sign) are averaged: u_s(s) = 1 is to be heard (not at the first t), u_s(s-1) = -1 not (nor at the
    last t); all other inputs occur with both signs, and each u together with -u."""
    for step in range(1, outputs + 1):
        for other in (1, -1):
            table = [[other] * size for _ in range(size)]
            if step > 1:
                table[-1][-1] = 1
            if step < outputs:
                table[-1][-2] = -1
            yield size + step, matrix(table), 1
            yield size + step, -matrix(table), -1


def circuit_is_off(task, network, network_of_two, selection):
    """Written one input a step with u(t) = (1, …, 1), the circuit of compose copy errs by s - 1, s ≥ 2."""
    size = max(2, selection.s)
    compose, ones = Task.compose_copy(size), matrix([[1] * size] * size)
    wrong = ring_buffer(compose, ones, 3 * size) - compose.outputs(ones, 3 * size)
    return exactly(max(abs(x) for row in wrong[:, size:] for x in row), size - 1)


def signs_are_linear(task, network, network_of_two, selection):
    """For any signed selection h(t) = Phi h(t-1)/2 + E_s u(t) gives every sign of x(t), s < t ≤ 3s, for all u ∈ {±1}.

    The input that is asked for outweighs all others together, by a margin that fades with t.
    """
    size, width, phi = selection.s, selection.kappa, companion(selection)
    last = selector(size, width, size)
    answer, markov = last.T, _markov((phi / 2, last, last.T), 3 * size)
    right = []
    for time in range(size + 1, 3 * size + 1):
        answer = answer @ phi
        heard = hstack(markov[time - place] for place in range(1, size + 1))
        for asked, given in zip(answer, heard, strict=True):
            margin = sum((2 * a * g - abs(g) if a else -abs(g) for a, g in zip(asked, given, strict=True)), rational(0))
            right.append(margin > 0 if any(asked) else margin == 0)
    return exactly(all(right), True)


def floats_agree(task, network, network_of_two, selection):
    """Float Markov parameters agree with the answers that the task asks for, within the error bound of the products."""
    w, write, read = network
    state, verdicts, answer = chain(write), [], selector(task.s, task.kappa, task.s).T
    for _ in range(task.s):
        state, answer = chain(w, state), answer @ companion(task)
        found = chain(read, state)
        verdicts.append(close(found.value, answer[:, -task.kappa :], found.bound))
    return all_of(verdicts)


def weights(circuit):
    return circuit.W, circuit.U, circuit.R


def beside(network):
    """Any linear network with two inputs and two outputs, and any signed selection."""

    def split(parts):
        return parts[:, :3], parts[:, 3:5], parts[:, 5:].T

    return matrices(3, 7).map(split).flatmap(lambda two: selections(max_m=12).map(lambda task: (*network, two, task)))


def solving(task):
    return memory_bases(m=task.s * task.kappa, max_n=16).flatmap(
        lambda basis: beside((task, weights(Circuit(task, basis))))
    )


COMPOSE = Task.compose_copy(2)
LATE = Task.from_blocks([matrix([[0]]), matrix([[1]])])
COPY = Task.repeat_copy(2, 1)
HALVED = Task.from_blocks([matrix([[0]]), matrix([["1/2"]])])  # its two answers to one age are 1/4 apart
IDENTITY = MemoryBasis(eye(2), eye(2))
SILENT = (zeros(1, 1), zeros(1, 2), zeros(2, 1))
LAST = Task.from_selection(3, 1, [2], [1])  # x(t) = x(t-1): with Phi/2 the last input outweighs 1/2 + 1/4 of the others
THEOREM = Theorem(
    hypotheses={
        reproduces: (LATE, weights(Circuit(LATE, IDENTITY)), SILENT, COMPOSE),
        signed_selection: (COPY, weights(Circuit(COPY, IDENTITY)), SILENT, HALVED),
    },
    derivation=derivation,
    meaning=meaning,
    conclusions=(
        products_vanish,
        two_answers_for_one_age,
        certified,
        errs,
        bound_is_attained,
        circuit_is_off,
        signs_are_linear,
    ),
    numeric=(floats_agree,),
    examples={
        "repeat copy is solved; compose copy asks for two answers": (
            COPY,
            weights(Circuit(COPY, IDENTITY)),
            SILENT,
            COMPOSE,
        ),
        "the last of three inputs is repeated": (
            Task.repeat_copy(1, 2),
            (eye(2), eye(2), eye(2)),
            (eye(2), eye(2), eye(2)),
            LAST,
        ),
    },
    cases=interference_free_tasks(max_m=12).flatmap(solving),
    uses=("write-interference",),
    source="Karuvally, DelMastro, Siegelmann, Episodic Memory Theory of RNNs, PMLR 221 (2023), corrected",
)
