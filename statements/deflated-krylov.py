"""The variable memories and the algorithm of a circuit are read off its weights by deflated powers.

A circuit W = Xi Phi Dual with write operator U = Xi E_s and read operator R = E_sᵀ Dual (any dual) has R U = I. With
A = (I - U R) W: the memories are Psi_k = A^(s-k) U, the powers end, A^s U = 0, what is read is gone, R A = 0, and the
composition is C_k = R W Psi_k. So s is the nilpotency index of A on the range of U, and memories, number of variables
and algorithm come from (W, U, R) alone.
Idea: W moves variable k to place k - 1 and adds Psi_s C_k; subtracting U R removes just what was added.
"""

from emtheory.formulas import Theorem, by_theorem, case, define, equal, sibling, within
from emtheory.letters import A, C, Dual, E, Phi, R, U, W, Xi, identity, k, kappa, n, s, t, zero
from emtheory.theorems.cases import circuits

companion_action, memory_basis = sibling(__file__, "companion-action"), sibling(__file__, "memory-basis")

duality = memory_basis.duality
written = equal(U, Xi @ E(s)).called("inputs are written, unscaled, into the last variable memory")
reader = define(R, E(s).T @ Dual)
deflated = define(A, W - U @ R @ W)

each = within(1, k, s)
reads_itself = equal(R @ U, identity(kappa)).called("what is written is read")
memories = equal(A ** (s - k) @ U, Xi @ E(k), *each).called("deflated powers of what is written are the memories")
ended = equal(A**s @ U, zero(n, kappa)).called("and they end after s steps")
unread = equal(R @ A, zero(kappa, n)).called("what is read is gone")
composition = equal(R @ W @ Xi @ E(k), C(k), *each).called("the composition is read off the memories")


def proof(prove):
    action, stored = by_theorem(companion_action.THEOREM, companion_action.action), memory_basis.stored
    prove(reads_itself).by_rewriting(reader, written, duality)
    row = prove(equal(E(s).T @ Phi @ E(k), C(k), *each), "the last row of Phi is C").by_rewriting(action)
    prove(composition).by_rewriting(reader, stored, duality, row)
    using = (deflated, stored, written, reader, duality, row, action)
    moved = prove(
        equal(A @ Xi @ E(k), Xi @ E(k - 1), *within(2, k, s)), "deflated, variable k moves to k - 1, nothing is added"
    ).by_rewriting(*using)
    gone = prove(equal(A @ Xi @ E(1), zero(n, kappa)), "and the first variable vanishes").by_rewriting(*using)
    powers = prove(
        equal(A**t @ Xi @ E(s), Xi @ E(s - t), *within(0, t, s - 1)), "t deflated steps lead from place s to s - t"
    ).by_induction(t, moved)
    prove(memories).by_rewriting(written, powers)
    first = prove(equal(A ** (s - 1) @ Xi @ E(s), Xi @ E(1)), "after s - 1 steps to the first").by_rewriting(powers)
    prove(ended).by_rewriting(written, first, gone)
    prove(unread).by_rewriting(deflated, reader, written, duality)


def circuit(c):
    task, basis = c.task, c.basis
    last = basis.xi[:, (task.s - 1) * task.kappa :]
    return case(C=list(task.blocks), s=task.s, Xi=basis.xi, Dual=basis.dual, U=last)


THEOREM = Theorem(
    given=(C, s, Xi, Dual, U),
    hypotheses={
        duality: case(C=[[[0]], [[1]]], s=2, Xi=[[1, 1], [0, 1]], Dual=[[1, 0], [1, 1]], U=[[1], [1]]),
        written: case(C=[[[1]]], s=1, Xi=[[1]], Dual=[[1]], U=[[2]]),
    },
    definitions=(companion_action.companion, memory_basis.stored, reader, deflated),
    conclusions=(reads_itself, memories, ended, unread, composition),
    proof=proof,
    examples={
        "the smallest circuit that plain powers get wrong": case(
            C=[[[0]], [[1]]], s=2, Xi=[[1, 1], [0, 1], [1, 0]], Dual=[[0, 0, 1], [0, 1, 0]], U=[[1], [1], [0]]
        ),
    },
    cases=circuits(max_n=8).map(circuit),
    uses=(companion_action.THEOREM,),
    source="Karuvally, DelMastro, Siegelmann, Episodic Memory Theory of RNNs, PMLR 221 (2023), section 5, corrected",
)
