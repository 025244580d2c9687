"""A circuit that holds its inputs composes them as the task says, for ever.

If the hidden state holds the inputs at t = s, Dual h(s) = (u(1), …, u(s)), and h(t+1) = W h(t) from then on, then
Dual h(t) = (x(t-s+1), …, x(t)) for every t ≥ s and every composition C: variable memory k holds x(t-s+k), and the
output is y(t) = x(t).
Idea: induction on t. A step of Phi moves x(t-s+k) from memory k to k - 1 and puts Σ_k C_k x(t-s+k), which is x(t+1),
into the last one.
"""

from emtheory.judges.exact import exactly, eye, hstack, matrix, vstack, zeros
from emtheory.judges.floats import chain, close, run_bound
from emtheory.judges.symbolic import definition, family, hypothesis, identical, identity, induction, total
from emtheory.theorems.cases import circuits, input_sequences
from emtheory.theorems.theorem import Theorem
from emtheory.theory.algebra import (
    ACTION,
    SELECT,
    STORED,
    C,
    Dual,
    E,
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

x, h = family("x", kappa, 1), family("h", n, 1)


def reads_back(task, basis, inputs, state, bias, late):
    """The dual reads back what the basis writes: Dual Xi = I."""
    return basis.duality()


def loaded(task, basis, inputs, state, bias, late):
    """The state holds the inputs: Dual h(s) = (u(1), …, u(s))."""
    return exactly(basis.dual @ state, _stacked(inputs))


def no_bias(task, basis, inputs, state, bias, late):
    """There is no bias."""
    return exactly(bias, zeros(basis.n, 1))


def no_late_input(task, basis, inputs, state, bias, late):
    """There is no input at s + 1."""
    return exactly(late, zeros(task.kappa, 1))


def derivation():
    duality = hypothesis(reads_back, Dual @ Xi, identity(m))
    held = hypothesis(loaded, Dual @ h(s), total(E(k) @ x(k), (k, 1, s)))
    step = definition(h(t + 1), W @ h(t), where=[t >= s])
    composed = definition(x(t), total(C(k) @ x(t - s - 1 + k), (k, 1, s)), where=[t >= s + 1])
    yield "Phi moves variable k to place k - 1 and adds C_k to the last one", ACTION
    holds = induction(
        t, s, Dual @ h(t), total(E(k) @ x(t - s + k), (k, 1, s)), [held, step, composed, STORED, duality, ACTION]
    )
    yield "memory k holds x(t-s+k) at every t ≥ s", holds
    yield "so the output is x(t)", identical(E(s).T @ Dual @ h(t), x(t), [holds, SELECT], where=[t >= s])


def meaning(task, basis, inputs, state, bias, late):
    last = 4 * task.s + 8
    states = _states(task, basis, state, bias, late, last)
    outputs = task.outputs(inputs, last)
    return {
        **basis_meaning(task, basis.xi, basis.dual),
        x: ranged("x", 1, last, lambda time: outputs[:, time - 1 : time]),
        h: ranged("h", task.s, last, lambda time: states[time - task.s]),
    }


def _stacked(columns):
    """The columns one below the other."""
    return vstack(columns[:, i : i + 1] for i in range(columns.shape[1]))


def _states(task, basis, state, bias, late, last):
    """h(s), …, h(last); the late input is written at s + 1."""
    circuit = Circuit(task, basis)
    states = [state]
    for time in range(task.s + 1, last + 1):
        written = circuit.U @ late if time == task.s + 1 else zeros(basis.n, 1)
        states.append(circuit.W @ states[-1] + written + bias)
    return states


def memories_follow(task, basis, inputs, state, bias, late):
    """Dual h(t) = (x(t-s+1), …, x(t)) for t = s … 3s."""
    outputs = task.outputs(inputs, 3 * task.s)
    states = _states(task, basis, state, bias, late, 3 * task.s)
    return exactly(
        [basis.dual @ h for h in states],
        [_stacked(outputs[:, time - task.s : time]) for time in range(task.s, 3 * task.s + 1)],
    )


def outputs_follow(task, basis, inputs, state, bias, late):
    """y(t) = x(t) for t = s + 1 … 3s."""
    states = _states(task, basis, state, bias, late, 3 * task.s)
    read = Circuit(task, basis).R
    return exactly(hstack([read @ h for h in states[1:]]), task.outputs(inputs, 3 * task.s)[:, task.s :])


def floats_follow(task, basis, inputs, state, bias, late):
    """A float run from h(s) puts out x(t) up to t = 3s, within the error bound of the run."""
    circuit, steps = Circuit(task, basis), 2 * task.s
    output = chain(circuit.R, run_bound(circuit.W, circuit.U, zeros(task.kappa, 1), steps, h0=state))
    return close(output.value, task.outputs(inputs, 3 * task.s)[:, task.s :], output.bound)


def holding(circuit):
    """Inputs, and a state that holds them: Xi u plus anything that the dual does not read."""
    task, basis = circuit.task, circuit.basis
    unread = (eye(basis.n) - basis.xi @ basis.dual)[:, :1]
    return input_sequences(task).map(
        lambda u: (task, basis, u, basis.xi @ _stacked(u) + unread, zeros(basis.n, 1), zeros(task.kappa, 1))
    )


ONE, NONE = matrix([[1]]), matrix([[0]])
HELD, TINY = Task.repeat_copy(1, 1), MemoryBasis(ONE, ONE)
TRANSPOSE = MemoryBasis(matrix([[1, 1], [0, 1]]), matrix([[1, 0], [1, 1]]))
U = matrix([[1, 0]])
THEOREM = Theorem(
    hypotheses={
        reads_back: (Task.repeat_copy(2, 1), TRANSPOSE, U, matrix([[1], [-1]]), zeros(2, 1), NONE),
        loaded: (HELD, TINY, ONE, NONE, NONE, NONE),
        no_bias: (HELD, TINY, ONE, ONE, ONE, NONE),
        no_late_input: (HELD, TINY, ONE, ONE, NONE, ONE),
    },
    derivation=derivation,
    meaning=meaning,
    conclusions=(memories_follow, outputs_follow),
    numeric=(floats_follow,),
    examples={
        "the swap": (Task.repeat_copy(2, 1), MemoryBasis(eye(2), eye(2)), U, U.T, zeros(2, 1), NONE),
        "Fibonacci: x(t) = x(t-2) + x(t-1)": (
            Task.from_blocks([ONE, ONE]),
            MemoryBasis(eye(2), eye(2)),
            matrix([[1, 1]]),
            matrix([[1], [1]]),
            zeros(2, 1),
            NONE,
        ),
    },
    cases=circuits(max_n=24).flatmap(holding),
    source="Karuvally, DelMastro, Siegelmann, Episodic Memory Theory of RNNs, PMLR 221 (2023), section 4",
)
