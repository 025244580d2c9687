"""Weights that are a circuit beside transients are read after projecting: with (PW, PU, RP) all formulas hold.

P is a projector, P² = P, that commutes with W: the oblique spectral projector on the persistent part. Xi holds memories
with W Xi = Xi Phi_C. If what P keeps of U is what it keeps of Psi_s = Xi E_s, and what P discards of Xi is not seen by
R, then W' = PW, U' = PU, R' = RP and A' = (I - U'R') W' obey R'U' = I, A'^(s-k) U' = P Psi_k, A'^s U' = 0 and
C_k = R' W' P Psi_k. A state h = Xi v + τ with Pτ = 0 is read by Ψ†P, Ψ = P Xi, and by Ψ† only where τ = 0.
Idea: P W P = P W, so on the range of P the weights move P Xi as Phi_C moves Xi, and R sees no difference.
"""

from hypothesis import strategies as st

from emtheory.formulas import Theorem, by_theorem, case, define, equal, implies, letter, sibling, within
from emtheory.judges.exact import charpoly, direct_sum, eye, hstack, left_inverse, matrix, monomial, vstack, zeros
from emtheory.letters import A, C, E, Phi, R, U, W, Xi, identity, k, kappa, m, n, s, t, zero
from emtheory.recovery.deflated import spectral_projector
from emtheory.theorems.cases import invertible_matrices, matrices, tasks
from emtheory.theory.circuits import companion, selector
from emtheory.theory.tasks import Task

companion_action = sibling(__file__, "companion-action")

KEPT = letter("P", n, n, "projects on what persists")
INVERSE = letter("Read", m, n, "is a dual of the memories that are kept")
STORED, REST = letter("v", m, 1, "is what a state stores"), letter("rest", n, 1, "is any state beside it")
P, Read, v, rest = KEPT.symbol, INVERSE.symbol, STORED.symbol, REST.symbol
W1, A1, U1, R1 = (letter(f"{a.name}'", a.rows, a.cols, "is what is kept of it").symbol for a in (W, A, U, R))
h = letter("h", n, 1, "is a state").symbol

projects = equal(P @ P, P).called("P is a projector")
commutes = equal(W @ P, P @ W).called("which commutes with W")
moves = equal(W @ Xi, Xi @ Phi).called("the memories span an invariant subspace, on which W is the circuit")
written = equal(P @ U, P @ Xi @ E(s)).called("what is kept of U is what is kept of the last memory")
seen = equal(R @ P @ Xi, E(s).T).called("R sees the last memory, and nothing of what P discards")
inner = equal(P @ Xi @ Read @ P @ Xi, P @ Xi).called("Read is an inner inverse of the kept memories")
projected = (define(W1, P @ W), define(U1, P @ U), define(R1, R @ P))
deflated = define(A1, W1 - U1 @ R1 @ W1)
state = define(h, Xi @ v + rest - P @ rest)

each = within(1, k, s)
reads_itself = equal(R1 @ U1, identity(kappa)).called("what is written is read")
carried = equal(W1 @ P @ Xi, P @ Xi @ Phi).called("on the kept memories W' is the circuit")
memories = equal(A1 ** (s - k) @ U1, P @ Xi @ E(k), *each).called("deflated powers of what is written are the memories")
ended = equal(A1**s @ U1, zero(n, kappa)).called("and they end after s steps")
composition = equal(R1 @ W1 @ P @ Xi @ E(k), C(k), *each).called("the composition is read off the memories")
held = equal(P @ Xi @ Read @ P @ h, P @ Xi @ v).called("a state is read by Ψ†P as the memories that it stores")
independent = equal(Read @ P @ Xi, identity(m)).called("if the kept memories are independent")
content = equal(Read @ P @ h, v).called("by their content")


def proof(prove):
    w1, u1, r1 = projected
    action = by_theorem(companion_action.THEOREM, companion_action.action)
    prove(reads_itself).by_rewriting(r1, u1, projects, written, seen)
    prove(carried).by_rewriting(w1, commutes, projects, moves)
    watched = prove(equal(R1 @ P @ Xi, E(s).T), "R' reads the last of them").by_rewriting(r1, projects, seen)
    row = prove(equal(E(s).T @ Phi @ E(k), C(k), *each), "the last row of Phi is C").by_rewriting(action)
    prove(composition).by_rewriting(carried, watched, row)
    using = (deflated, carried, watched, u1, written, row, action)
    moved = prove(
        equal(A1 @ P @ Xi @ E(k), P @ Xi @ E(k - 1), *within(2, k, s)), "deflated, variable k moves to place k - 1"
    ).by_rewriting(*using)
    gone = prove(equal(A1 @ P @ Xi @ E(1), zero(n, kappa)), "and the first one vanishes").by_rewriting(*using)
    powers = prove(
        equal(A1**t @ P @ Xi @ E(s), P @ Xi @ E(s - t), *within(0, t, s - 1)), "t steps lead from place s to s - t"
    ).by_induction(t, moved)
    prove(memories).by_rewriting(u1, written, powers)
    first = prove(equal(A1 ** (s - 1) @ P @ Xi @ E(s), P @ Xi @ E(1)), "s - 1 steps to the first").by_rewriting(powers)
    prove(ended).by_rewriting(u1, written, first, gone)
    kept = prove(equal(P @ h, P @ Xi @ v), "P discards what is beside the memories").by_rewriting(state, projects)
    prove(held).by_rewriting(kept, inner)
    with prove.assuming(independent):
        prove(content).by_rewriting(kept, independent)


RATES = ("1/7", "-3/11", "5/13")  # of the transients; no circuit drawn here has a multiple of 7, 11 or 13 below a line


def _persistent(phi, last):
    """The projector on what does not end, or all of it where R sees what ends."""
    p, x = charpoly(phi), monomial(1)
    while p % x == 0:
        p //= x
    kept = spectral_projector(phi, p)
    return kept if last.T @ kept == last.T else eye(len(phi))


def _dual_of(memories):
    """An inner inverse: the dual of independent columns, 0 for the others."""
    rows, chosen = [[0] * len(memories)] * memories.shape[1], []
    for i in range(memories.shape[1]):
        if hstack([memories[:, j : j + 1] for j in [*chosen, i]]).rank() == len(chosen) + 1:
            chosen.append(i)
    if chosen:
        dual = left_inverse(hstack([memories[:, j : j + 1] for j in chosen]))
        for place, i in enumerate(chosen):
            rows[i] = list(dual)[place]
    return matrix(rows)


def beside_transients(task, whole, mixing, states):
    """(Phi ⊕ transients) in the basis `whole`; U and R act on the transients too, P keeps as little as R lets it."""
    phi, width, size = companion(task), task.kappa, task.s * task.kappa
    last, fading, inverse = selector(task.s, width, task.s), len(whole) - size, whole.inv()
    projector = whole @ direct_sum(_persistent(phi, last), zeros(fading, fading)) @ inverse
    xi = whole[:, :size]
    return case(
        C=list(task.blocks), s=task.s, Xi=xi, P=projector, Read=_dual_of(projector @ xi), v=states[:size, :],
        W=whole @ direct_sum(phi, *(matrix([[rate]]) for rate in RATES[:fading])) @ inverse,
        U=whole @ vstack([last, mixing[:fading, :width]]), rest=states[size:, :],
        R=hstack([last.T, mixing[fading:, :width].T]) @ inverse,
    )  # fmt: skip


@st.composite
def networks(draw):
    """Circuits with one to three transients, in a random basis."""
    task = draw(tasks(max_s=4, max_kappa=3, max_m=6))
    size, fading = task.s * task.kappa, draw(st.integers(1, 3))
    whole, mixing = draw(invertible_matrices(size + fading)), draw(matrices(2 * fading, task.kappa))
    return beside_transients(task, whole, mixing, draw(matrices(2 * size + fading, 1)))


ONE = {"C": [[[1]]], "s": 1, "v": [[1]], "W": [[1]], "U": [[1]], "R": [[1]], "Xi": [[1]], "P": [[1]], "Read": [[1]]}
ONE = {**ONE, "rest": [[1]]}
PAIR = {"s": 1, "v": [[1]], "rest": [[1], [2]], "Xi": [[1], [1]], "P": [[1, 0], [0, 0]], "Read": [[1, 0]]}
EYE, SEEN = [[1, 0], [0, 1]], [[1, 0], [1, 0]]  # its eigenvalue 0 is seen by R = I
THEOREM = Theorem(
    given=(C, s, W, U, R, Xi, KEPT, INVERSE, STORED, REST),
    hypotheses={
        projects: case(**{**ONE, "P": [[2]], "R": [["1/2"]], "Read": [["1/2"]]}),
        commutes: case(**PAIR, C=[[[1]]], W=[[0, 1], [1, 0]], U=[[1], [0]], R=[[1, 0]]),
        moves: case(**{**ONE, "W": [[2]]}),
        written: case(**{**ONE, "U": [[2]]}),
        seen: case(C=[SEEN], s=1, W=SEEN, U=EYE, R=EYE, Xi=EYE, P=SEEN, Read=SEEN, v=[[1], [2]], rest=[[3], [4]]),
        inner: case(**{**ONE, "Read": [[2]]}),
    },
    definitions=(companion_action.companion, *projected, deflated, state),
    conclusions=(reads_itself, carried, memories, ended, composition, held, implies(independent, content)),
    proof=proof,
    examples={
        "one memory, one transient at an angle": beside_transients(
            Task.from_blocks([matrix([[1]])]), matrix([[1, 1], [0, 1]]), matrix([[3], [5]]), matrix([[1], [2], [3]])
        ),
        "compose copy, whose nilpotent part R never sees": beside_transients(
            Task.compose_copy(2), eye(5), matrix([[1, 2], [3, 4]]), matrix([[i] for i in range(9)])
        ),
    },
    cases=networks(),
    uses=(companion_action.THEOREM,),
    source="the code published with Karuvally, DelMastro, Siegelmann, arXiv:2310.02430, corrected",
)  # fmt: skip
