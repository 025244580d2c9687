"""No linear network of any size, started at zero, solves a task whose compositions interfere; compose copy is one.

A linear time-invariant network h(t) = W h(t-1) + U u(t), y(t) = R h(t), h(0) = 0, answers input u(i) at time t by
M_(t-i) u(i) with its Markov parameters M_τ = R W^τ U: it sees the age t - i of an input, never t and i apart. The
task answers with E_sᵀ Phi^(t-s) E_i. So y(t) = x(t) for all t > s and all inputs needs M_τ = G_τ (from i = s), then
E_sᵀ Phi^t d_i = 0: just the condition C_j C_k = 0 (k ≥ 2) under which the circuit itself succeeds.
For compose copy C_k C_k = e_k e_kᵀ ≠ 0: it fails for every s ≥ 2, and for u ∈ {±1} every such network errs by at
least (T-1)/T over T outputs, since M_τ has to repeat one input and to forget the one before it. y = 0 errs by 1.
"""

from emtheory.cases import interference_free_tasks, matrices, memory_bases, selections
from emtheory.judges.exact import exactly, eye, matrix, rational, unit, zeros
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
from emtheory.theorem import Theorem
from emtheory.theory.algebra import C, E, Phi, W, j, k, kappa, m, n, ranged, s, t, task_meaning
from emtheory.theory.circuits import Circuit, companion, impulse, selector
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
    """A signed selection is solvable, or asks for two answers to one age that differ by at least 1 in an entry:
    then every linear network errs by at least 1/2."""
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
    """On compose copy, s = 2, any linear network errs by at least (T-1)/T over T outputs, for u ∈ {±1}."""
    outputs = selection.s
    error = _worst_error(_markov(network_of_two, outputs + 2), outputs)
    return exactly(error >= rational(outputs - 1) / outputs, True)


def bound_is_attained(task, network, network_of_two, selection):
    """Fading linearly, a_τ = 1 - (τ-1)/T, a network errs by exactly (T-1)/T; answering 0 always errs by 1."""
    outputs = selection.s
    ages = range(outputs + 2)
    fading = [matrix([[int(age % 2 == 0), 0], [0, rational(outputs + 1 - age) / outputs]]) for age in ages]
    silent = [zeros(2, 2) for _ in ages]
    return exactly([_worst_error(fading, outputs), _worst_error(silent, outputs)], [rational(outputs - 1) / outputs, 1])


def _worst_error(markov, outputs):
    """The largest |y_i(t) - x_i(t)| over u ∈ {±1} and T outputs: the sum of |entries| of what is wrong in a row."""
    task, worst = Task.compose_copy(2), rational(0)
    row = selector(2, 2, 2).T
    for time in range(3, outputs + 3):
        row = row @ companion(task)
        wrong = [markov[time - 1] - row[:, :2], markov[time - 2] - row[:, 2:]]
        worst = max(
            [
                worst,
                *(sum((abs(list(block)[p][c]) for block in wrong for c in range(2)), rational(0)) for p in range(2)),
            ]
        )
    return worst


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
IDENTITY = MemoryBasis(eye(2), eye(2))
SILENT = (zeros(1, 1), zeros(1, 2), zeros(2, 1))
THEOREM = Theorem(
    hypotheses={reproduces: (LATE, weights(Circuit(LATE, IDENTITY)), SILENT, COMPOSE)},
    derivation=derivation,
    meaning=meaning,
    conclusions=(products_vanish, two_answers_for_one_age, errs, bound_is_attained),
    numeric=(floats_agree,),
    examples={
        "repeat copy is solved; compose copy asks for two answers": (
            Task.repeat_copy(2, 1),
            weights(Circuit(Task.repeat_copy(2, 1), IDENTITY)),
            SILENT,
            COMPOSE,
        ),
    },
    cases=interference_free_tasks(max_m=12).flatmap(solving),
    uses=("write-interference",),
    source="Karuvally, DelMastro, Siegelmann, Episodic Memory Theory of RNNs, PMLR 221 (2023), corrected",
)
