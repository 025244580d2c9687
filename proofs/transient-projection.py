"""Weights that are a circuit beside transients are read after projecting: with (PW, PU, RP) all formulas hold.

P is a projector, P² = P, that commutes with W: the oblique spectral projector on the persistent part. Xi holds memories
with W Xi = Xi Phi_C. If what P keeps of U is what it keeps of Psi_s = Xi E_s, and what P discards of Xi is not seen by
R, then W' = PW, U' = PU, R' = RP and A' = (I - U'R') W' obey R'U' = I, Psi'_k = A'^(s-k) U' = P Psi_k, A'^s U' = 0 and
C_k = R' W' Psi'_k. A state h = Xi z + τ with Pτ = 0 is read by Ψ†P, not by Ψ†, Ψ the projected memories.
Idea: P W P = P W, so on the range of P the weights move P Xi as Phi_C moves Xi, and R sees no difference.
"""

from hypothesis import strategies as st

from emtheory.judges.exact import (
    charpoly,
    direct_sum,
    exactly,
    eye,
    hstack,
    left_inverse,
    matrix,
    monomial,
    vstack,
    zeros,
)
from emtheory.judges.floats import chain, close
from emtheory.judges.symbolic import definition, hypothesis, identical, identity, induction, letter, zero
from emtheory.recovery.deflated import composition, deflated, memories, spectral_projector
from emtheory.theorems.cases import invertible_matrices, matrices, tasks
from emtheory.theorems.theorem import Theorem
from emtheory.theory.algebra import ACTION, SELECT, C, E, Phi, W, Xi, k, kappa, n, s, t, task_meaning
from emtheory.theory.circuits import companion, selector
from emtheory.theory.tasks import Task
from emtheory.verdict import all_of

P, U, R = letter("P", n, n), letter("U", n, kappa), letter("R", kappa, n)
W1, U1, R1, A1 = letter("W'", n, n), letter("U'", n, kappa), letter("R'", kappa, n), letter("A'", n, n)


def commutes(task, w, write, read, xi, kept, states):
    """P is a projector that commutes with W: P² = P, P W = W P."""
    return exactly([kept @ kept, kept @ w], [kept, w @ kept])


def memories_move(task, w, write, read, xi, kept, states):
    """Xi spans an invariant subspace on which W is the circuit: W Xi = Xi Phi."""
    return exactly(w @ xi, xi @ companion(task))


def last_memory_written(task, w, write, read, xi, kept, states):
    """What is kept of U is what is kept of the last memory: P U = P Xi E_s."""
    return exactly(kept @ write, kept @ xi @ _last(task))


def discarded_unseen(task, w, write, read, xi, kept, states):
    """R sees the last memory in Xi, and nothing of what P discards: R P Xi = E_sᵀ."""
    return exactly(read @ kept @ xi, _last(task).T)


def _last(task):
    return selector(task.s, task.kappa, task.s)


def derivation():
    idempotent, same = hypothesis(commutes, P @ P, P), hypothesis(commutes, W @ P, P @ W)
    moves = hypothesis(memories_move, W @ Xi, Xi @ Phi)
    written = hypothesis(last_memory_written, P @ U, P @ Xi @ E(s))
    seen = hypothesis(discarded_unseen, R @ P @ Xi, E(s).T)
    w1, u1, r1 = definition(W1, P @ W), definition(U1, P @ U), definition(R1, R @ P)
    a1 = definition(A1, W1 - U1 @ R1 @ W1)
    yield "Phi moves variable k to place k - 1 and adds C_k to the last one", ACTION
    yield (
        "what is written is read: R'U' = I",
        identical(R1 @ U1, identity(kappa), [r1, u1, idempotent, written, seen, SELECT]),
    )
    carried = identical(W1 @ P @ Xi, P @ Xi @ Phi, [w1, same, idempotent, moves])
    yield "on the kept memories W' is the circuit", carried
    watched = identical(R1 @ P @ Xi, E(s).T, [r1, idempotent, seen])
    yield "and R' reads the last of them", watched
    last_row = identical(E(s).T @ Phi @ E(k), C(k), [ACTION, SELECT], where=[k >= 1, k <= s])
    yield "the last row of Phi composes", last_row
    composed = identical(R1 @ W1 @ P @ Xi @ E(k), C(k), [carried, watched, last_row], where=[k >= 1, k <= s])
    yield "the composition is read off: C_k = R' W' Psi'_k", composed
    moved = identical(
        A1 @ P @ Xi @ E(k),
        P @ Xi @ E(k - 1),
        [a1, carried, watched, u1, written, last_row, ACTION],
        where=[k >= 2, k <= s],
    )
    yield "deflated, variable k moves to place k - 1 and nothing is added", moved
    gone = identical(A1 @ P @ Xi @ E(1), zero(n, kappa), [a1, carried, watched, u1, written, last_row, ACTION])
    yield "and the first variable vanishes", gone
    powers = induction(t, 0, A1**t @ P @ Xi @ E(s), P @ Xi @ E(s - t), [moved], where=[t <= s - 1])
    yield "t deflated steps after writing, the input is in the kept memory s - t", powers
    first = identical(A1 ** (s - 1) @ P @ Xi @ E(s), P @ Xi @ E(1), [powers])
    yield "after s - 1 steps it is in the first", first
    yield "the powers end: A'^s U' = 0", identical(A1**s @ U1, zero(n, kappa), [u1, written, first, gone])


def _projected(w, write, read, kept):
    return kept @ w, kept @ write, read @ kept


def meaning(task, w, write, read, xi, kept, states):
    w1, u1, r1 = _projected(w, write, read, kept)
    values = {n: len(w), P: kept, W: w, U: write, R: read, Xi: xi, W1: w1, U1: u1, R1: r1, A1: deflated(w1, u1, r1)}
    return {**task_meaning(task), **values}


def recovered(task, w, write, read, xi, kept, states):
    """R P U = I, A'^(s-k) U' = P Psi_k, A'^s U' = 0 and C_k = R' W' Psi'_k."""
    w1, u1, r1 = _projected(w, write, read, kept)
    found, width = memories(w1, u1, r1, task.s), task.kappa
    true = [kept @ xi[:, i * width : (i + 1) * width] for i in range(task.s)]
    ends = deflated(w1, u1, r1) @ found[0]
    return exactly([r1 @ u1, *found, ends, *composition(w1, r1, found)], [eye(width), *true, 0 * ends, *task.blocks])


def states_are_read(task, w, write, read, xi, kept, states):
    """h = Xi z + (I - P) x is read by Ψ†P as Ψ z, Ψ = P Xi; by the dual of its independent columns."""
    psi = kept @ xi
    basis = hstack([psi[:, i : i + 1] for i in _independent(psi)])
    z, rest = states[: xi.shape[1], :], states[xi.shape[1] :, :]
    h = xi @ z + (eye(len(w)) - kept) @ rest
    return exactly(basis @ left_inverse(basis) @ kept @ h, psi @ z)


def _independent(columns):
    """Indices of columns that span the same space."""
    chosen = []
    for i in range(columns.shape[1]):
        if hstack([columns[:, j : j + 1] for j in [*chosen, i]]).rank() == len(chosen) + 1:
            chosen.append(i)
    return chosen


def floats_agree(task, w, write, read, xi, kept, states):
    """In floats R'W' Psi'_k is C_k, within the error bound of the products."""
    w1, u1, r1 = _projected(w, write, read, kept)
    a, krylov, verdicts = deflated(w1, u1, r1), chain(u1), []
    for block in reversed(task.blocks):
        found = chain(r1 @ w1, krylov)
        verdicts.append(close(found.value, block, found.bound))
        krylov = chain(a, krylov)
    return all_of(verdicts)


RATES = ("1/7", "-3/11", "5/13")  # transients; no circuit drawn here has a multiple of 7, 11 or 13 in a denominator


def _persistent(phi):
    """The characteristic polynomial without its power of x."""
    p, x = charpoly(phi), monomial(1)
    while p % x == 0:
        p //= x
    return p


def beside_transients(task, whole, mixing, states):
    """(Phi ⊕ transients) in the basis `whole`; U and R act on the transients too, P keeps as little as R lets it."""
    phi, width, size = companion(task), task.kappa, task.s * task.kappa
    fading = len(whole) - size
    kept = spectral_projector(phi, _persistent(phi))
    if _last(task).T @ kept != _last(task).T:
        kept = eye(size)
    inverse = whole.inv()
    w = whole @ direct_sum(phi, *(matrix([[rate]]) for rate in RATES[:fading])) @ inverse
    write = whole @ vstack([_last(task), mixing[:fading, :width]])
    read = hstack([_last(task).T, mixing[fading:, :width].T]) @ inverse
    projector = whole @ direct_sum(kept, zeros(fading, fading)) @ inverse
    return task, w, write, read, whole[:, :size], projector, states


@st.composite
def networks(draw):
    """Circuits with one to three transients, in a random basis."""
    task = draw(tasks(max_s=4, max_kappa=3, max_m=8))
    size, fading = task.s * task.kappa, draw(st.integers(1, 3))
    whole, mixing = draw(invertible_matrices(size + fading)), draw(matrices(2 * fading, task.kappa))
    return beside_transients(task, whole, mixing, draw(matrices(2 * size + fading, 1)))


ONE, TWO, EYE = matrix([[1]]), matrix([[2]]), eye(2)
PAIR = matrix([[1], [1]])
KEEP = Task.from_blocks([ONE])
SEEN = matrix([[1, 0], [1, 0]])  # its eigenvalue 0 is seen by R = I
THEOREM = Theorem(
    hypotheses={
        commutes: (KEEP, ONE, ONE, matrix([["1/2"]]), ONE, TWO, PAIR),
        memories_move: (KEEP, TWO, ONE, ONE, ONE, ONE, PAIR),
        last_memory_written: (KEEP, ONE, TWO, ONE, ONE, ONE, PAIR),
        discarded_unseen: (Task.from_blocks([SEEN]), SEEN, EYE, EYE, EYE, SEEN, matrix([[1], [2], [3], [4]])),
    },
    derivation=derivation,
    meaning=meaning,
    conclusions=(recovered, states_are_read),
    numeric=(floats_agree,),
    examples={
        "one memory, one transient at an angle": beside_transients(
            KEEP, matrix([[1, 1], [0, 1]]), matrix([[3], [5]]), matrix([[1], [2], [3]])
        ),
        "compose copy, whose nilpotent part R never sees": beside_transients(
            Task.compose_copy(2), eye(5), matrix([[1, 2], [3, 4]]), matrix([[i] for i in range(9)])
        ),
    },
    cases=networks(),
    uses=("deflated-krylov",),
    source="the code published with Karuvally, DelMastro, Siegelmann, arXiv:2310.02430, corrected",
)
