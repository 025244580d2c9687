"""Weights that pass the deflated recursion are a circuit, and only one.

Let W, U, R be any weights with R U = I, A = (I - U R) W and A^s U = 0, and Psi_k = A^(s-k) U, C_k = R W Psi_k,
Xi = [Psi_1 … Psi_s]. Then W Xi = Xi Phi_C and R Xi = E_sᵀ: the span of Xi is an invariant subspace on which (W, U, R)
*is* the circuit of C. Any memories P_k that W moves as a circuit does, by any composition D, are these: P_k = Psi_k and
D_k = C_k. What W does outside of the subspace is free, so the dual is unique only on it.
Idea: A moves Psi_k to Psi_(k-1), R A = 0, and W = A + U R W; A sees of P_k no more than that it moves to P_(k-1).
"""

from hypothesis import strategies as st

from emtheory.formulas import Theorem, at, case, define, equal, implies, letters, sibling, within
from emtheory.letters import A, C, E, Phi, Psi, R, U, W, Xi, identity, k, kappa, n, s, t, total, zero
from emtheory.theorems.cases import circuits, matrices

companion_action = sibling(__file__, "companion-action")

OTHERS = letters("P", n, kappa, first=1, last=s, phrase="are any memories")
RULE = letters("D", kappa, kappa, first=1, last=s, phrase="is any composition")
P, D = OTHERS.symbol, RULE.symbol

each, later = within(1, k, s), within(2, k, s)
reads_itself = equal(R @ U, identity(kappa)).called("what is written is read")
ended = equal(A**s @ U, zero(n, kappa)).called("deflated powers of what is written end")
deflated = define(A, W - U @ R @ W)
memory = define(Psi(k), A ** (s - k) @ U, *each)
composed = define(C(k), R @ W @ Psi(k), *each)
basis = define(Xi, total(Psi(k) @ E(k).T, (k, 1, s)))

moves = equal(W @ Psi(k), Psi(k - 1) + U @ C(k), *later).called("W moves memory k to k - 1 and writes C_k")
wraps = equal(W @ Psi(1), U @ C(1)).called("and of the first one it writes C_1 alone")
last = equal(Psi(s), U).called("the last memory is what is written")
heard = equal(R @ Psi(s), identity(kappa)).called("it is read")
silent = equal(R @ Psi(k), zero(kappa, kappa), *within(1, k, s - 1)).called("and no other memory is")
invariant = equal(W @ Xi, Xi @ Phi).called("the memories span an invariant subspace, on which W is the circuit")

same_end = equal(P(s), U).called("their last one is what is written")
same_move = equal(W @ P(k), P(k - 1) + U @ D(k), *later).called("W moves them as a circuit does")
unheard = equal(R @ P(k), zero(kappa, kappa), *within(1, k, s - 1)).called("only the last one is read")
same = equal(P(k), Psi(k), *each).called("then they are the same memories")
same_rule = equal(D(k), C(k), *later).called("and the same composition")


def proof(prove):
    companion = companion_action.companion
    down = prove(equal(A @ Psi(k), Psi(k - 1), *later), "A moves memory k to k - 1").by_rewriting(memory)
    gone = prove(equal(A @ Psi(1), zero(n, kappa)), "and the first one to 0").by_rewriting(memory, ended)
    unread = prove(equal(R @ A, zero(kappa, n)), "what A leaves is not read").by_rewriting(deflated, reads_itself)
    split = prove(equal(A @ Psi(k), W @ Psi(k) - U @ C(k), *each), "W is A and what C_k writes").by_rewriting(
        deflated, composed
    )
    prove(moves).by_combining(down, split)
    prove(wraps).by_combining(gone, at(split, k=1))
    prove(last).by_rewriting(memory)
    prove(heard).by_rewriting(last, reads_itself)
    prove(silent).by_rewriting(memory, unread)
    row = prove(equal(E(k).T @ Phi, E(k + 1).T, *within(1, k, s - 1)), "rows of Phi shift").by_rewriting(companion)
    last_row = prove(equal(E(s).T @ Phi, total(C(k) @ E(k).T, (k, 1, s))), "and the last one is C").by_rewriting(
        companion
    )
    prove(invariant).by_rewriting(basis, moves, wraps, row, last_row, last)
    with prove.assuming(same_end, same_move, unheard):
        alike = prove(equal(A @ P(k), P(k - 1), *later), "A moves any memories so").by_rewriting(
            deflated, same_move, reads_itself, unheard
        )
        before = within(0, t, s - 2)
        theirs = prove(equal(P(s - t - 1), A @ P(s - t), *before), "each from the next one").by_combining(
            at(alike, k=s - t)
        )
        ours = prove(equal(Psi(s - t - 1), A @ Psi(s - t), *before), "as ours").by_combining(at(down, k=s - t))
        back = prove(
            equal(P(s - t), Psi(s - t), *within(0, t, s - 1)), "from the last one back they are the same"
        ).by_induction(t, at(theirs, t=t), at(ours, t=t), same_end, last)
        prove(same).by_rewriting(at(back, t=s - k))
        written = prove(equal(R @ W @ P(k), D(k), *later), "a step of W reads D_k").by_rewriting(
            same_move, reads_itself, unheard
        )
        read = prove(equal(R @ W @ P(k), C(k), *later), "which is C_k").by_rewriting(same, composed)
        prove(same_rule).by_combining(written, read)


@st.composite
def weights(draw):
    circuit = draw(circuits(max_n=8))
    task, given = circuit.task, circuit.basis
    outside = 0 * (given.xi @ given.dual) - given.xi @ given.dual
    rest = draw(matrices(given.n, given.n))
    free = rest + rest @ outside  # rest (I - Xi Dual): whatever W does outside of the memories
    blocks = [given.xi[:, i * task.kappa : (i + 1) * task.kappa] for i in range(task.s)]
    return case(W=circuit.W + free, U=circuit.U, R=circuit.R, s=task.s, P=blocks, D=list(task.blocks))


THEOREM = Theorem(
    given=(W, U, R, s, OTHERS, RULE),
    hypotheses={
        reads_itself: case(W=[[0]], U=[[2]], R=[[1]], s=1, P=[[[1]]], D=[[[1]]]),
        ended: case(W=[[0, 1], [0, 1]], U=[[0], [1]], R=[[0, 1]], s=1, P=[[[1], [0]]], D=[[[1]]]),
    },
    definitions=(deflated, memory, composed, basis, companion_action.companion),
    conclusions=(
        moves, wraps, last, heard, silent, invariant,
        implies(same_end, same_move, unheard, same), implies(same_end, same_move, unheard, same_rule),
    ),
    proof=proof,
    examples={
        "x(t) = x(t-1), two memories": case(
            W=[[0, 1], [0, 1]], U=[[0], [1]], R=[[0, 1]], s=2, P=[[[1], [0]], [[0], [1]]], D=[[[0]], [[1]]]
        ),
    },
    cases=weights(),
    uses=(companion_action.THEOREM,),
    source="Karuvally, DelMastro, Siegelmann, Episodic Memory Theory of RNNs, PMLR 221 (2023), section 5, sharpened",
)  # fmt: skip
