"""In repeat copy every variable travels through all memories and is read again once in s steps.

C_1 = I, all others 0, inputs u(1) … u(s) written one a step from h(0) = 0. For t ≥ 0 the state is
h(s+t) = Σ_k Psi_(((k-t-1) mod s)+1) u(k), and for t ≥ 1 the output is y(s+t) = u(((t-1) mod s)+1).
Idea: Phi^r moves variable k to memory k - r, or k - r + s for k ≤ r, and Phi^s = I; with t = q s + r the remainder r
alone counts. Nothing is composed before t = s, so writing loads exactly the inputs.
"""

from emtheory.judges.exact import exactly, eye, hstack, matrix, vstack, zeros
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
    total,
    zero,
)
from emtheory.networks.elman import linear_run
from emtheory.theorems.cases import input_sequences, memory_bases, selections
from emtheory.theorems.theorem import Theorem
from emtheory.theory.algebra import (
    ACTION,
    SELECT,
    STORED,
    C,
    Dual,
    E,
    Phi,
    W,
    Xi,
    basis_meaning,
    k,
    kappa,
    m,
    n,
    ranged,
    s,
    t,
)
from emtheory.theory.circuits import Circuit
from emtheory.theory.memories import MemoryBasis
from emtheory.theory.tasks import Task

q, r = indices("q r")
u, h = family("u", kappa, 1), family("h", n, 1)


def reads_back(task, basis, inputs):
    """The dual reads back what the basis writes: Dual Xi = I."""
    return basis.duality()


def copies(task, basis, inputs):
    """The task is repeat copy: C_1 = I and C_2 = … = C_s = 0."""
    return exactly(list(task.blocks), [eye(task.kappa)] + [zeros(task.kappa, task.kappa)] * (task.s - 1))


def derivation():
    duality = hypothesis(reads_back, Dual @ Xi, identity(m))
    first = hypothesis(copies, C(1), identity(kappa))
    rest = hypothesis(copies, C(k), zero(kappa, kappa), where=[k >= 2, k <= s])
    run = definition(h(t + 1), W @ h(t) + Xi @ E(s) @ u(t + 1), where=[t >= 0, t <= s - 1])
    silent = definition(h(t + 1), W @ h(t), where=[t >= s])
    start = definition(h(0), zero(n, 1))
    yield "Phi moves variable k to place k - 1 and adds C_k to the last one", ACTION
    back = identical(Phi @ E(k), E(k - 1), [ACTION, rest], where=[k >= 2, k <= s])
    yield "here nothing is added for k ≥ 2", back
    wrap = identical(Phi @ E(1), E(s), [ACTION, first])
    yield "and the first variable becomes the last one", wrap
    written = induction(
        t, 0, h(t), total(Xi @ E(k) @ u(t - s + k), (k, s + 1 - t, s)), [start, run, STORED, duality, back],
        where=[t <= s],
    )  # fmt: skip
    yield "while they are written, the inputs queue up in the last memories", written
    loaded = identical(h(s), total(Xi @ E(k) @ u(k), (k, 1, s)), [written])
    yield "after s steps input k is in memory k", loaded
    moved = induction(t, 0, Phi**t @ E(k), E(k - t), [back], where=[k >= 1, k <= s, t <= k - 1])
    yield "Phi^t moves variable k to place k - t, for t < k", moved
    to_first = identical(Phi ** (k - 1) @ E(k), E(1), [moved], where=[k >= 1, k <= s])
    yield "so k - 1 steps bring it to the first place", to_first
    around = identical(Phi**k @ E(k), E(s), [to_first, wrap], where=[k >= 1, k <= s])
    yield "and one more to the last", around
    beyond = identical(Phi**r @ E(k), E(s + k - r), [around, moved], where=[k >= 1, k <= r, r <= s - 1])
    yield "Phi^r moves variable k to place k - r + s, for k ≤ r < s", beyond
    full = identical(Phi**s @ E(k), E(k), [around, moved], where=[k >= 1, k <= s])
    yield "after s steps every variable is back", full
    rounds = induction(q, 0, Phi ** (q * s) @ E(k), E(k), [full], where=[k >= 1, k <= s])
    yield "and after q rounds too", rounds
    onward = induction(t, 0, h(s + t), total(Xi @ Phi**t @ E(k) @ u(k), (k, 1, s)), [loaded, silent, STORED, duality])
    yield "from then on every variable moves by powers of Phi", onward
    part = Xi @ Phi**r @ E(k) @ u(k)
    within = [q >= 0, r >= 0, r <= s - 1]
    cut = identical(
        h(s + q * s + r), total(part, (k, 1, r)) + total(part, (k, r + 1, s)), [onward, at(rounds, {q: q})], within
    )
    yield "only the remainder r of t = q s + r counts", cut
    places = total(Xi @ E(s + k - r) @ u(k), (k, 1, r)) + total(Xi @ E(k - r) @ u(k), (k, r + 1, s))
    state = identical(h(s + q * s + r), places, [at(cut, {q: q, r: r}), beyond, moved], within)
    yield "so variable k is in memory ((k - r - 1) mod s) + 1", state
    yield (
        "the output is u(r) when r ≥ 1",
        identical(
            E(s).T @ Dual @ h(s + q * s + r),
            u(r),
            [at(state, {q: q, r: r}), duality, SELECT],
            where=[q >= 0, r >= 1, r <= s - 1],
        ),
    )
    yield (
        "and u(s) when s divides t",
        identical(E(s).T @ Dual @ h(s + q * s), u(s), [at(state, {q: q, r: 0}), duality, SELECT], where=[q >= 0]),
    )


def meaning(task, basis, inputs):
    circuit, last = Circuit(task, basis), task.s * (2 * task.s + 5)
    states = linear_run(circuit.W, circuit.U, circuit.R, inputs, last).states

    def state(time):
        return states[:, time - 1 : time] if time else zeros(basis.n, 1)

    return {
        **basis_meaning(task, basis.xi, basis.dual),
        u: ranged("u", 1, task.s, lambda i: inputs[:, i - 1 : i]),
        h: ranged("h", 0, last, state),
    }


def _run(task, basis, inputs):
    circuit = Circuit(task, basis)
    return linear_run(circuit.W, circuit.U, circuit.R, inputs, 3 * task.s)


def states_rotate(task, basis, inputs):
    """h(s+t) = Σ_k Psi_(((k-t-1) mod s)+1) u(k) for t = 0 … 2s."""
    size, width, states = task.s, task.kappa, _run(task, basis, inputs).states

    def memory(place):
        return basis.xi[:, (place - 1) * width : place * width]

    expected = []
    for time in range(2 * size + 1):
        total_state = zeros(basis.n, 1)
        for i in range(1, size + 1):
            total_state = total_state + memory((i - time - 1) % size + 1) @ inputs[:, i - 1 : i]
        expected.append(total_state)
    return exactly([states[:, size + time - 1 : size + time] for time in range(2 * size + 1)], expected)


def inputs_return(task, basis, inputs):
    """y(s+t) = u(((t-1) mod s)+1) for t = 1 … 2s."""
    size, outputs = task.s, _run(task, basis, inputs).outputs
    return exactly(outputs[:, size:], hstack([inputs, inputs]))


def floats_return(task, basis, inputs):
    """A float run of the network puts out the inputs again and again, within the error bound of the run."""
    circuit, size = Circuit(task, basis), task.s
    output = chain(circuit.R, run_bound(circuit.W, circuit.U, inputs, 3 * size))
    return close(output.value[:, size:], hstack([inputs, inputs]), output.bound[:, size:])


def with_basis(task):
    return memory_bases(m=task.s * task.kappa, max_n=40).flatmap(
        lambda basis: input_sequences(task).map(lambda inputs: (task, basis, inputs))
    )


def copy_of(task):
    return Task.repeat_copy(task.s, task.kappa)


NEGATED = Task.from_blocks([matrix([[-1]])])
SHEARED = MemoryBasis(matrix([[1, 1], [0, 1]]), matrix([[1, 0], [1, 1]]))  # the transpose for a dual
THEOREM = Theorem(
    hypotheses={
        reads_back: (Task.repeat_copy(2, 1), SHEARED, matrix([[1, 0]])),
        copies: (NEGATED, MemoryBasis(eye(1), eye(1)), matrix([[1]])),
    },
    derivation=derivation,
    meaning=meaning,
    conclusions=(states_rotate, inputs_return),
    numeric=(floats_return,),
    examples={
        "three numbers in the standard basis": (
            Task.repeat_copy(3, 1),
            MemoryBasis(eye(3), eye(3)),
            matrix([[1, 2, 3]]),
        ),
        "two variables of two entries, an oblique basis": (
            Task.repeat_copy(2, 2),
            MemoryBasis.moore_penrose(vstack([eye(4), matrix([[1, 1, 0, 1]])])),
            matrix([[1, -1], [1, 1]]),
        ),
    },
    cases=selections(max_m=24).map(copy_of).flatmap(with_basis),
    source="Karuvally, DelMastro, Siegelmann, Episodic Memory Theory of RNNs, PMLR 221 (2023), corrected",
)
