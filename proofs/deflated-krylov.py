"""The variable memories and the algorithm of a circuit are read off its weights by deflated powers.

A circuit W = Xi Phi Dual with write operator U = Xi E_s and read operator R = E_sᵀ Dual (any dual) has R U = I. With
A = (I - U R) W: the memories are Psi_k = A^(s-k) U, the powers end, A^s U = 0, what is read is gone, R A = 0, and the
composition is C_k = R W Psi_k. So s is the nilpotency index of A on the range of U, and memories, number of variables
and algorithm come from (W, U, R) alone.
Idea: W moves variable k to place k - 1 and adds Psi_s C_k; subtracting U R removes just what was added.
"""

from emtheory.judges.exact import exactly, eye, left_inverse, matrix
from emtheory.judges.floats import chain, close
from emtheory.judges.symbolic import definition, hypothesis, identical, identity, induction, letter, zero
from emtheory.theorems.cases import circuits
from emtheory.theorems.theorem import Theorem
from emtheory.theory.algebra import ACTION, SELECT, STORED, C, Dual, E, Phi, W, Xi, basis_meaning, k, kappa, m, n, s, t
from emtheory.theory.tasks import Task
from emtheory.verdict import all_of

U, R, A = letter("U", n, kappa), letter("R", kappa, n), letter("A", n, n)
WRITE, READ = definition(U, Xi @ E(s)), definition(R, E(s).T @ Dual)
DEFLATED = definition(A, W - U @ R @ W)


def reads_back(task, xi, dual, write):
    """The dual reads back what the basis writes: Dual Xi = I."""
    return exactly(dual @ xi, eye(xi.shape[1]))


def writes_last(task, xi, dual, write):
    """Inputs are written, unscaled, into the last variable memory: U = Xi E_s."""
    return exactly(write, xi[:, (task.s - 1) * task.kappa :])


def derivation():
    duality = hypothesis(reads_back, Dual @ Xi, identity(m))
    written = hypothesis(writes_last, U, Xi @ E(s))
    yield "Phi moves variable k to place k - 1 and adds C_k to the last one", ACTION
    yield "what is written is read", identical(R @ U, identity(kappa), [READ, written, duality, SELECT])
    last_row = identical(E(s).T @ Phi @ E(k), C(k), [ACTION, SELECT], where=[k >= 1, k <= s])
    yield "the read operator sees C_k of variable k after a step", last_row
    compose = identical(R @ W @ Xi @ E(k), C(k), [READ, STORED, duality, last_row], where=[k >= 1, k <= s])
    yield "the composition is read off: C_k = R W Psi_k", compose
    moved = identical(
        A @ Xi @ E(k),
        Xi @ E(k - 1),
        [DEFLATED, STORED, written, READ, duality, last_row, ACTION],
        where=[k >= 2, k <= s],
    )
    yield "deflated, variable k moves to place k - 1 and nothing is added", moved
    gone = identical(A @ Xi @ E(1), zero(n, kappa), [DEFLATED, STORED, written, READ, duality, last_row, ACTION])
    yield "and the first variable vanishes", gone
    powers = induction(t, 0, A**t @ Xi @ E(s), Xi @ E(s - t), [moved], where=[t <= s - 1])
    yield "t deflated steps after writing, the input is in memory s - t", powers
    first = identical(A ** (s - 1) @ Xi @ E(s), Xi @ E(1), [powers])
    yield "after s - 1 steps it is in the first memory", first
    yield "the powers end: A^s U = 0", identical(A**s @ U, zero(n, kappa), [written, first, gone])
    yield "what is read is gone: R A = 0", identical(R @ A, zero(kappa, n), [DEFLATED, READ, written, duality, SELECT])


def meaning(task, xi, dual, write):
    letters = basis_meaning(task, xi, dual)
    read = letters[E](task.s).T @ dual
    return {**letters, U: write, R: read, A: letters[W] - write @ read @ letters[W]}


def _weights(task, xi, dual, write):
    """W, R and the deflated A = (I - U R) W."""
    letters = meaning(task, xi, dual, write)
    return letters[W], letters[R], letters[A]


def memories_recovered(task, xi, dual, write):
    """The powers A^(s-k) U are the variable memories Psi_k = Xi E_k, and A^s U = 0, R A = 0."""
    _, read, a = _weights(task, xi, dual, write)
    powers = [write]
    for _ in range(task.s):
        powers.append(a @ powers[-1])
    memories = [xi[:, i * task.kappa : (i + 1) * task.kappa] for i in reversed(range(task.s))]
    return exactly([*powers, read @ a], [*memories, 0 * write, 0 * read])


def composition_recovered(task, xi, dual, write):
    """C_k = R W A^(s-k) U, for every k."""
    w, read, a = _weights(task, xi, dual, write)
    return exactly([read @ w @ a ** (task.s - i) @ write for i in range(1, task.s + 1)], list(task.blocks))


def floats_recover(task, xi, dual, write):
    """The same powers in floats give every C_k, within the error bound of the products."""
    w, read, a = _weights(task, xi, dual, write)
    krylov, verdicts = chain(write), []
    for i in reversed(range(1, task.s + 1)):
        block = chain(read @ w, krylov)
        verdicts.append(close(block.value, task.C(i), block.bound))
        krylov = chain(a, krylov)
    return all_of(verdicts)


def unscaled(circuit):
    return circuit.task, circuit.basis.xi, circuit.basis.dual, circuit.U


ONE, XI = matrix([[1]]), matrix([[1, 1], [0, 1], [1, 0]])
COPY = Task.from_blocks([ONE])
LATE = Task.from_blocks([matrix([[0]]), ONE])
THEOREM = Theorem(
    hypotheses={
        reads_back: (LATE, matrix([[1, 1], [0, 1]]), matrix([[1, 0], [1, 1]]), matrix([[1], [1]])),
        writes_last: (COPY, ONE, ONE, matrix([[2]])),
    },
    derivation=derivation,
    meaning=meaning,
    conclusions=(memories_recovered, composition_recovered),
    numeric=(floats_recover,),
    examples={
        "the smallest circuit that plain powers get wrong": (LATE, XI, left_inverse(XI), XI[:, 1:]),
        "compose copy of two variables": (Task.compose_copy(2), eye(4), eye(4), eye(4)[:, 2:]),
    },
    cases=circuits(max_n=30).map(unscaled),
    source="Karuvally, DelMastro, Siegelmann, Episodic Memory Theory of RNNs, PMLR 221 (2023), section 5, corrected",
)
