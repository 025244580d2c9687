"""One gate that composes only after the last input lets a network solve every task.

h(t) = (N + g(t) Psi_s [C_1 … C_s] Dual) h(t-1) + Psi_s u(t), with N = Σ_{k<s} Psi_k Psi*_(k+1) the shift, g = 0 while
inputs are written (t ≤ s) and g = 1 afterwards, puts out y(t) = x(t) for every t > s, every C and all inputs, whatever
its state was at t = 0: the shift forgets it, N^s = 0.
Idea: while the gate is closed the inputs queue up unchanged; open, the network is the circuit that holds them.
"""

from hypothesis import strategies as st

from emtheory.judges.exact import blocks, exactly, eye, hstack, matrix, zeros
from emtheory.judges.floats import chain, close, run_bound
from emtheory.judges.symbolic import (
    at,
    definition,
    family,
    hypothesis,
    identical,
    identity,
    induction,
    letter,
    total,
    zero,
)
from emtheory.theorems.cases import circuits, input_sequences, matrices
from emtheory.theorems.theorem import Theorem
from emtheory.theory.algebra import SELECT, Dual, E, Xi, basis_meaning, j, k, kappa, m, n, ranged, s, t
from emtheory.theory.circuits import Circuit
from emtheory.theory.gated_circuit import gated_operators, gated_states
from emtheory.theory.memories import MemoryBasis
from emtheory.theory.tasks import Task

u, h, N = family("u", kappa, 1), family("h", n, 1), letter("N", m, m)


def reads_back(task, basis, inputs, start, open_while_writing):
    """The dual reads back what the basis writes: Dual Xi = I."""
    return basis.duality()


def gate_closed(task, basis, inputs, start, open_while_writing):
    """The gate is closed while inputs are written."""
    return exactly(open_while_writing, False)


def derivation():
    duality = hypothesis(reads_back, Dual @ Xi, identity(m))
    shift = definition(N, total(E(j) @ E(j + 1).T, (j, 1, s - 1)))
    closed = hypothesis(gate_closed, h(t + 1), Xi @ N @ Dual @ h(t) + Xi @ E(s) @ u(t + 1), where=[t >= 0, t <= s - 1])
    moved = identical(N @ E(k), E(k - 1), [shift, SELECT], where=[k >= 2, k <= s])
    yield "the shift moves variable k to place k - 1", moved
    queue = induction(
        t,
        0,
        Dual @ h(t),
        N**t @ Dual @ h(0) + total(E(k) @ u(t - s + k), (k, s + 1 - t, s)),
        [closed, duality, moved],
        where=[t <= s],
    )
    yield "while the gate is closed the inputs queue up behind what was there", queue
    row = identical(E(k).T @ N, E(k + 1).T, [shift, SELECT], where=[k >= 1, k <= s - 1])
    yield "row k of the shift is row k + 1 of the identity", row
    last = identical(E(s).T @ N, zero(kappa, m), [shift, SELECT])
    yield "and the last row is 0", last
    rows = induction(t, 0, E(k).T @ N**t, E(k + t).T, [row], where=[k >= 1, k <= s - t])
    yield "t steps shift by t", rows
    arrived = identical(E(k).T @ N ** (s - k), E(s).T, [rows], where=[k >= 1, k <= s])
    yield "so row k becomes the last one after s - k steps", arrived
    wiped = identical(E(k).T @ N**s, zero(kappa, m), [arrived, last], where=[k >= 1, k <= s])
    yield "and is gone after s: N^s = 0", wiped
    loaded = identical(E(j).T @ Dual @ h(s), u(j), [at(queue, {t: s}), wiped, SELECT], where=[j >= 1, j <= s])
    yield "at t = s variable j holds u(j) and nothing else, as a loaded circuit does", loaded


def meaning(task, basis, inputs, start, open_while_writing):
    states = _states(task, basis, inputs, start, open_while_writing, task.s)
    empty, one = zeros(task.kappa, task.kappa), eye(task.kappa)
    shift = [[one if col == row + 1 else empty for col in range(task.s)] for row in range(task.s)]
    return {
        **basis_meaning(task, basis.xi, basis.dual),
        N: blocks(shift),
        u: ranged("u", 1, task.s, lambda time: inputs[:, time - 1 : time]),
        h: ranged("h", 0, task.s, states.__getitem__),
    }


def _states(task, basis, inputs, start, open_while_writing, horizon):
    """h(0) … h(horizon)."""
    return gated_states(Circuit(task, basis), inputs, start, horizon, open_while_writing=open_while_writing)


def solves_every_task(task, basis, inputs, start, open_while_writing):
    """y(t) = x(t) for s < t ≤ 3s."""
    states = _states(task, basis, inputs, start, open_while_writing, 3 * task.s)
    read = Circuit(task, basis).R
    found = hstack([read @ state for state in states[task.s + 1 :]])
    return exactly(found, task.outputs(inputs, 3 * task.s)[:, task.s :])


def floats_agree(task, basis, inputs, start, open_while_writing):
    """A float run with the gate puts out x(t) for s < t ≤ 2s, within the error bound of the run."""
    circuit = Circuit(task, basis)
    shift, composition = gated_operators(circuit)
    writing = run_bound(shift, circuit.U, inputs, task.s, h0=start)
    held = writing.value[:, -1:], writing.bound[:, -1:]
    output = chain(circuit.R, run_bound(shift + composition, circuit.U, zeros(task.kappa, 1), task.s, h0=held))
    return close(output.value, task.outputs(inputs, 2 * task.s)[:, task.s :], output.bound)


def gated(circuit):
    """Inputs, and any state at t = 0, most often outside of the memories' span."""
    task, basis = circuit.task, circuit.basis
    return st.tuples(st.just(task), st.just(basis), input_sequences(task), matrices(basis.n, 1), st.just(False))


LATE, STANDARD = Task.from_blocks([matrix([[0]]), matrix([[1]])]), MemoryBasis(eye(2), eye(2))
TRANSPOSE = MemoryBasis(matrix([[1, 1], [0, 1]]), matrix([[1, 0], [1, 1]]))
ONES = matrix([[1, 1]])
COMPOSE = Task.compose_copy(2)
THEOREM = Theorem(
    hypotheses={
        reads_back: (Task.repeat_copy(2, 1), TRANSPOSE, matrix([[1, 0]]), zeros(2, 1), False),
        gate_closed: (LATE, STANDARD, ONES, zeros(2, 1), True),
    },
    derivation=derivation,
    meaning=meaning,
    conclusions=(solves_every_task,),
    numeric=(floats_agree,),
    examples={
        "the smallest task that no linear network solves": (LATE, STANDARD, ONES, matrix([[5], [7]]), False),
        "compose copy": (COMPOSE, MemoryBasis(eye(4), eye(4)), matrix([[1, 1], [1, 1]]), zeros(4, 1), False),
    },
    cases=circuits(max_n=24).flatmap(gated),
    uses=("loaded-composition",),
    source="a multiplicative repair of the circuit of Karuvally, DelMastro, Siegelmann, PMLR 221 (2023)",
)
