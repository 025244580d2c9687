"""A circuit that is written one input a step solves its task if and only if C_j C_k = 0 for all j and all k ≥ 2.

The circuit h(t) = Phi h(t-1) + E_s u(t), y(t) = E_sᵀ h(t), h(0) = 0, composes while it is still being written. It
puts out the task's x(t) for every t > s and all inputs iff C_j C_k = 0 for j = 1 … s and k = 2 … s; equivalently iff
G_m C_k = 0 for k ≥ 2 and m = 1 … s, where G_t = E_sᵀ Phi^t E_s is the impulse response.
Idea: what input i leaves behind differs from variable i by d_i = Phi^(s-i) E_s - E_i, which obeys
d_(i-1) = Phi d_i + E_s C_i. So E_sᵀ Phi^t d_i = Σ_{k>i} G_(t+k-i-1) C_k, and with
G_t = Σ_k C_k G_(t-s-1+k) all of these vanish iff the products C_j C_k do.
"""

from emtheory.judges.exact import exactly, matrix
from emtheory.judges.floats import chain, close, run_bound
from emtheory.judges.symbolic import (
    at,
    definition,
    family,
    hypothesis,
    identical,
    identity,
    indices,
    induction,
    strong_induction,
    total,
    zero,
)
from emtheory.theorems.cases import input_sequences, interference_free_tasks, tasks
from emtheory.theorems.theorem import Theorem
from emtheory.theory.algebra import ACTION, COMPANION, SELECT, C, E, Phi, j, k, kappa, m, ranged, s, t, task_meaning
from emtheory.theory.circuits import companion, impulse, ring_buffer, selector
from emtheory.theory.tasks import Task
from emtheory.verdict import all_of, equivalent

i = indices("i")
G, d, u = family("G", kappa, kappa), family("d", m, kappa), family("u", kappa, 1)
RESPONSE = definition(G(t), E(s).T @ Phi**t @ E(s), where=[t >= 0])
LEFT_OVER = definition(d(i), Phi ** (s - i) @ E(s) - E(i), where=[i >= 1, i <= s])


def no_interference(task, inputs, other):
    """C_j C_k = 0 for all j = 1 … s and k = 2 … s."""
    return _products_vanish(task)


def derivation():
    yield "Phi moves variable k to place k - 1 and adds C_k to the last one", ACTION
    last_row = identical(E(s).T @ Phi, total(C(k) @ E(k).T, (k, 1, s)), [COMPANION, SELECT])
    yield "the last row of Phi composes", last_row
    row = identical(E(k).T @ Phi, E(k + 1).T, [COMPANION, SELECT], where=[k >= 1, k <= s - 1])
    yield "every other row shifts", row
    rows = induction(t, 0, E(k).T @ Phi**t, E(k + t).T, [row], where=[k >= 1, k <= s - t])
    yield "so t steps shift by t", rows
    early = identical(
        E(k).T @ Phi**t @ E(s), zero(kappa, kappa), [rows, SELECT], where=[k >= 1, t >= 0, k + t <= s - 1]
    )
    yield "what was just written is not yet at place k", early
    arrives = identical(E(k).T @ Phi ** (s - k), E(s).T, [rows], where=[k >= 1, k <= s])
    yield "place k becomes the last one after s - k steps", arrives
    late = identical(E(k).T @ Phi ** (t + s - k) @ E(s), G(t), [arrives, RESPONSE], where=[k >= 1, k <= s, t >= 0])
    yield "and is the impulse response from then on", late
    term = C(k) @ E(k).T @ Phi ** (t - 1) @ E(s)
    unfolded = identical(E(s).T @ Phi**t @ E(s), total(term, (k, 1, s)), [last_row], where=[t >= 1])
    yield "one step of the impulse response composes all places", unfolded
    cut = identical(
        E(s).T @ Phi**t @ E(s),
        total(term, (k, 1, s - t)) + total(term, (k, s + 1 - t, s)),
        [unfolded],
        where=[t >= 1, t <= s],
    )
    yield "the places below s + 1 - t apart, for t ≤ s", cut
    young = identical(
        G(t),
        total(C(k) @ G(t - s - 1 + k), (k, s + 1 - t, s)),
        [at(RESPONSE, {t: t}), cut, late, early],
        where=[t >= 1, t <= s],
    )
    yield "G_t = Σ C_k G_(t-s-1+k) over k > s - t, for t ≤ s", young
    old = identical(
        G(t), total(C(k) @ G(t - s - 1 + k), (k, 1, s)), [at(RESPONSE, {t: t}), unfolded, late], where=[t >= s + 1]
    )
    yield "and over all k for t > s", old
    start = identical(G(0), identity(kappa), [RESPONSE, SELECT])
    yield "G_0 = I", start

    forward = identical(Phi @ E(k), E(k - 1) + E(s) @ C(k), [ACTION], where=[k >= 2, k <= s])
    yield "for k ≥ 2 the action of Phi is E_(k-1) + E_s C_k", forward
    lag = identical(d(i - 1), Phi @ d(i) + E(s) @ C(i), [LEFT_OVER, forward], where=[i >= 2, i <= s])
    yield "what input i leaves over grows by C_i on the way to input i - 1", lag
    nothing = identical(d(s), zero(m, kappa), [LEFT_OVER])
    yield "the last input leaves nothing over", nothing
    collected = induction(
        j,
        0,
        d(s - j),
        total(Phi ** (k - s + j - 1) @ E(s) @ C(k), (k, s - j + 1, s)),
        [at(lag, {i: s - j}), nothing],
        where=[j <= s - 1],
    )
    yield "so d_(s-j) collects the C_k of all later inputs", collected
    heard = identical(
        E(s).T @ Phi**t @ d(s - j),
        total(G(t + k - s + j - 1) @ C(k), (k, s - j + 1, s)),
        [collected, late],
        where=[t >= 1, j >= 0, j <= s - 1],
    )
    yield "t steps later the read operator hears Σ G C_k of it", heard

    run = total(E(s).T @ Phi ** (t - i) @ E(s) @ u(i), (i, 1, s))
    loaded = total(E(s).T @ Phi ** (t - s) @ E(i) @ u(i), (i, 1, s))
    yield (
        "the output differs from x(t), which loading all inputs at once gives, by what is left over",
        identical(run - loaded, total(E(s).T @ Phi ** (t - s) @ d(i) @ u(i), (i, 1, s)), [LEFT_OVER], where=[t >= s]),
    )

    products = hypothesis(no_interference, C(j) @ C(k), zero(kappa, kappa), where=[j >= 1, j <= s, k >= 2, k <= s])
    silent = strong_induction(
        t,
        1,
        G(t) @ C(k),
        zero(kappa, kappa),
        [at(young, {t: t}), at(old, {t: t}), start, products],
        where=[k >= 2, k <= s],
        cases=[[t <= s], [t >= s + 1]],
    )
    yield "if all C_j C_k vanish, so does G_t C_k for every t ≥ 1", silent
    yield (
        "then the read operator hears nothing of what was left over: y(t) = x(t)",
        identical(E(s).T @ Phi**t @ d(s - j), zero(kappa, kappa), [heard, silent], where=[t >= 1, j >= 0, j <= s - 1]),
    )
    yield (
        "conversely, if nothing is heard of any d_i, then G_t C_i vanishes for all t ≥ 1 and i ≥ 2",
        identical(
            G(t) @ C(i),
            E(s).T @ Phi**t @ d(i - 1) - E(s).T @ Phi ** (t + 1) @ d(i),
            [RESPONSE, at(lag, {i: i})],
            where=[t >= 1, i >= 2, i <= s],
        ),
    )
    yield (
        "and if G_1 C_k … G_s C_k vanish, so does each C_j C_k, one after the other from j = s down",
        identical(
            C(s + 1 - t) @ C(k),
            G(t) @ C(k) - total(C(j) @ G(t - s - 1 + j) @ C(k), (j, s + 2 - t, s)),
            [at(young, {t: t}), start],
            where=[t >= 1, t <= s, k >= 1, k <= s],
        ),
    )


def meaning(task, inputs, other):
    letters = task_meaning(task)
    last, phi = selector(task.s, task.kappa, task.s), companion(task)
    return {
        **letters,
        G: lambda time: impulse(task, time),
        u: ranged("u", 1, task.s, lambda i: inputs[:, i - 1 : i]),
        d: ranged("d", 1, task.s, lambda i: phi ** (task.s - i) @ last - selector(task.s, task.kappa, i)),
    }


def _products_vanish(task):
    products = [a @ b for a in task.blocks for b in task.blocks[1:]]
    return exactly(all(product.is_zero() for product in products), True)


def _responses_vanish(task):
    responses = [impulse(task, time) for time in range(1, task.s + 1)]
    return exactly(all((g @ c).is_zero() for g in responses for c in task.blocks[1:]), True)


def _solves(task):
    """y(t) = x(t) for s < t ≤ 3s and every unit input, hence for all inputs."""
    horizon, m, verdicts = 3 * task.s, task.s * task.kappa, []
    for unit in range(m):
        u = matrix([[int(c * task.kappa + r == unit) for c in range(task.s)] for r in range(task.kappa)])
        verdicts.append(exactly(ring_buffer(task, u, horizon)[:, task.s :], task.outputs(u, horizon)[:, task.s :]))
    return all_of(verdicts)


def solved(task, inputs, other):
    """The serially written circuit puts out x(t) for s < t ≤ 3s, for every unit input."""
    return _solves(task)


def responses_decide(task, inputs, other):
    """For any other task: C_j C_k = 0 for all j, k ≥ 2 iff G_m C_k = 0 for m = 1 … s and k ≥ 2."""
    return equivalent(_products_vanish(other), _responses_vanish(other))


def products_decide(task, inputs, other):
    """For any other task: the circuit solves it iff C_j C_k = 0 for all j and k ≥ 2."""
    return equivalent(_products_vanish(other), _solves(other))


def floats_agree(task, inputs, other):
    """A dense float run of the circuit puts out x(t) for s < t ≤ 3s, within the error bound of the run."""
    last, horizon = selector(task.s, task.kappa, task.s), 3 * task.s
    output = chain(last.T, run_bound(companion(task), last, inputs, horizon))
    return close(output.value[:, task.s :], task.outputs(inputs, horizon)[:, task.s :], output.bound[:, task.s :])


def with_inputs(task):
    return input_sequences(task).flatmap(lambda u: tasks(max_m=12).map(lambda other: (task, u, other)))


ONES = matrix([[1, 1]])
LATE = Task.from_blocks([matrix([[0]]), matrix([[1]])])
PASSING = Task.from_blocks([matrix([[1, 0], [0, 0]]), matrix([[0, 0], [1, 0]])])
THEOREM = Theorem(
    hypotheses={no_interference: (LATE, ONES, LATE)},
    derivation=derivation,
    meaning=meaning,
    conclusions=(solved, responses_decide, products_decide),
    numeric=(floats_agree,),
    examples={
        "repeat copy, beside compose copy": (Task.repeat_copy(2, 1), ONES, Task.compose_copy(2)),
        "C_2 is not zero, and yet nothing interferes": (PASSING, matrix([[1, 2], [3, 4]]), PASSING),
    },
    cases=interference_free_tasks(max_m=24).flatmap(with_inputs),
    source="Karuvally, DelMastro, Siegelmann, Episodic Memory Theory of RNNs, PMLR 221 (2023), corrected",
)
