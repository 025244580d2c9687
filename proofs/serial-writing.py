"""Writing one input a step loads effective inputs, which are the inputs themselves iff C_2 = … = C_s = 0.

From h(0) = 0 the circuit h(t) = W h(t-1) + Psi_s u(t) composes while it is written. At t = s it holds
Dual h(s) = (x̃(1), …, x̃(s)) with x̃(t) = u(t) + Σ_{k ≥ s+2-t} C_k x̃(t-s-1+k): a unit lower block-triangular Toeplitz
recoding of the inputs by the impulse response G, whose inverse is banded, with blocks I and -C_k. It is the identity
for all inputs iff C_2 = … = C_s = 0. Writing v(t) = u(t) - Σ_{k ≥ s+2-t} C_k u(t-s-1+k) instead loads u exactly.
Idea: induction on t for the last t memories; by strong induction the correction cancels what is composed.
"""

from emtheory.judges.exact import blocks, exactly, eye, hstack, matrix, unit, vstack, zeros
from emtheory.judges.floats import chain, close, run_bound
from emtheory.judges.symbolic import (
    at,
    definition,
    family,
    hypothesis,
    identical,
    identity,
    induction,
    strong_induction,
    total,
    zero,
)
from emtheory.networks.elman import linear_run
from emtheory.theorems.cases import circuits, input_sequences
from emtheory.theorems.theorem import Theorem
from emtheory.theory.algebra import ACTION, STORED, C, Dual, E, W, Xi, basis_meaning, k, kappa, m, n, ranged, s, t
from emtheory.theory.circuits import Circuit, impulse
from emtheory.theory.memories import MemoryBasis
from emtheory.theory.tasks import Task
from emtheory.verdict import equivalent

u, h, effective = family("u", kappa, 1), family("h", n, 1), family("x̃", kappa, 1)
v, recoded = family("v", kappa, 1), family("ṽ", kappa, 1)


def reads_back(task, basis, inputs, start):
    """The dual reads back what the basis writes: Dual Xi = I."""
    return basis.duality()


def starts_at_zero(task, basis, inputs, start):
    """The network starts at h(0) = 0."""
    return exactly(start, zeros(basis.n, 1))


def derivation():
    duality = hypothesis(reads_back, Dual @ Xi, identity(m))
    origin = hypothesis(starts_at_zero, h(0), zero(n, 1))
    step = definition(h(t + 1), W @ h(t) + Xi @ E(s) @ u(t + 1), where=[t >= 0, t <= s - 1])
    earlier = total(C(k) @ effective(t - s - 1 + k), (k, s + 2 - t, s))
    effect = definition(effective(t), u(t) + earlier, where=[t >= 1, t <= s])
    yield "Phi moves variable k to place k - 1 and adds C_k to the last one", ACTION
    queue = induction(
        t,
        0,
        Dual @ h(t),
        total(E(k) @ effective(t - s + k), (k, s + 1 - t, s)),
        [origin, step, at(effect, {t: t + 1}), STORED, duality, ACTION],
        where=[t <= s],
    )
    yield "after t ≤ s steps the last t memories hold x̃(1) … x̃(t), the others nothing", queue
    yield "so at t = s memory k holds x̃(k)", identical(Dual @ h(s), total(E(k) @ effective(k), (k, 1, s)), [queue])
    correction = total(C(k) @ u(t - s - 1 + k), (k, s + 2 - t, s))
    corrected = definition(v(t), u(t) - correction, where=[t >= 1, t <= s])
    again = total(C(k) @ recoded(t - s - 1 + k), (k, s + 2 - t, s))
    recoding = definition(recoded(t), v(t) + again, where=[t >= 1, t <= s])
    yield (
        "the corrected inputs v have the effective inputs u",
        strong_induction(t, 1, recoded(t), u(t), [at(recoding, {t: t}), corrected], where=[t <= s]),
    )


def meaning(task, basis, inputs, start):
    circuit, size = Circuit(task, basis), task.s
    states = [start, *_columns(linear_run(circuit.W, circuit.U, circuit.R, inputs, size, start).states)]
    written = _corrected(task, inputs)

    def columns(name, values):
        return ranged(name, 1, size, lambda time: values[:, time - 1 : time])

    return {
        **basis_meaning(task, basis.xi, basis.dual),
        u: columns("u", inputs),
        v: columns("v", written),
        effective: columns("x̃", _effective(task, inputs)),
        recoded: columns("ṽ", _effective(task, written)),
        h: ranged("h", 0, size, states.__getitem__),
    }


def _columns(values):
    return [values[:, i : i + 1] for i in range(values.shape[1])]


def _earlier(task, values, time):
    """Σ C_k values(time-s-1+k) over k ≥ s + 2 - time."""
    found = zeros(task.kappa, 1)
    for i in range(max(2, task.s + 2 - time), task.s + 1):
        found = found + task.C(i) @ values[time - task.s - 2 + i]
    return found


def _effective(task, inputs):
    """x̃(1 … s) by its recursion."""
    found = []
    for time, column in enumerate(_columns(inputs), start=1):
        found.append(column + _earlier(task, found, time))
    return hstack(found)


def _corrected(task, inputs):
    """v(1 … s)."""
    columns = _columns(inputs)
    return hstack([column - _earlier(task, columns, time) for time, column in enumerate(columns, start=1)])


def _held(task, basis, inputs, start):
    """Dual h(s) after writing."""
    circuit = Circuit(task, basis)
    return basis.dual @ linear_run(circuit.W, circuit.U, circuit.R, inputs, task.s, start).states[:, -1:]


def effective_inputs_are_held(task, basis, inputs, start):
    """Dual h(s) = (x̃(1), …, x̃(s))."""
    return exactly(_held(task, basis, inputs, start), vstack(_columns(_effective(task, inputs))))


def corrected_writing_loads(task, basis, inputs, start):
    """Writing v instead of u, Dual h(s) = (u(1), …, u(s))."""
    return exactly(_held(task, basis, _corrected(task, inputs), start), vstack(_columns(inputs)))


def recoding_is_toeplitz(task, basis, inputs, start):
    """x̃ = L u, L with blocks G_(t-i), and L has a banded inverse with blocks I and -C_(s+1-(t-i))."""
    size, empty = task.s, zeros(task.kappa, task.kappa)
    response = [impulse(task, lag) for lag in range(size)]
    band = [eye(task.kappa)] + [-task.C(size + 1 - lag) for lag in range(1, size)]
    recode, inverse = (
        blocks([[values[row - col] if row >= col else empty for col in range(size)] for row in range(size)])
        for values in (response, band)
    )
    return exactly(
        [recode @ vstack(_columns(inputs)), recode @ inverse],
        [vstack(_columns(_effective(task, inputs))), eye(size * task.kappa)],
    )


def plain_writing_is_exact_iff(task, basis, inputs, start):
    """x̃ = u for every unit input iff C_2 = … = C_s = 0."""
    size, width = task.s, task.kappa
    units = [hstack(_columns_of(unit(size * width, i), size, width)) for i in range(size * width)]
    same = exactly(all(_effective(task, values) == values for values in units), True)
    return equivalent(same, exactly(all(block.is_zero() for block in task.blocks[1:]), True))


def _columns_of(stacked, size, width):
    return [stacked[i * width : (i + 1) * width, :] for i in range(size)]


def floats_agree(task, basis, inputs, start):
    """A float run of s steps holds the effective inputs, within the error bound of the run."""
    circuit = Circuit(task, basis)
    states = run_bound(circuit.W, circuit.U, inputs, task.s)
    held = chain(basis.dual, (states.value[:, -1:], states.bound[:, -1:]))
    return close(held.value, vstack(_columns(_effective(task, inputs))), held.bound)


def from_zero(circuit):
    task, basis = circuit.task, circuit.basis
    return input_sequences(task).map(lambda inputs: (task, basis, inputs, zeros(basis.n, 1)))


STANDARD = MemoryBasis(eye(2), eye(2))
TRANSPOSE = MemoryBasis(matrix([[1, 1], [0, 1]]), matrix([[1, 0], [1, 1]]))
COPY, LATE = Task.repeat_copy(2, 1), Task.from_blocks([matrix([[0]]), matrix([[1]])])
THEOREM = Theorem(
    hypotheses={
        reads_back: (COPY, TRANSPOSE, matrix([[1, 0]]), zeros(2, 1)),
        starts_at_zero: (COPY, STANDARD, matrix([[0, 0]]), matrix([[1], [0]])),
    },
    derivation=derivation,
    meaning=meaning,
    conclusions=(
        effective_inputs_are_held,
        corrected_writing_loads,
        recoding_is_toeplitz,
        plain_writing_is_exact_iff,
    ),
    numeric=(floats_agree,),
    examples={
        "repeat copy loads what is written": (COPY, STANDARD, matrix([[1, 2]]), zeros(2, 1)),
        "x(t) = x(t-1) adds up its inputs": (LATE, STANDARD, matrix([[1, 2]]), zeros(2, 1)),
        "compose copy": (Task.compose_copy(2), MemoryBasis(eye(4), eye(4)), matrix([[1, 1], [1, 1]]), zeros(4, 1)),
    },
    cases=circuits(max_n=24).flatmap(from_zero),
    source="Karuvally, DelMastro, Siegelmann, Episodic Memory Theory of RNNs, PMLR 221 (2023), corrected",
)
