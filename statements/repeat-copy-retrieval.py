"""In repeat copy every variable travels through all memories and is read again once in s steps.

Inputs u(1) … u(s) are written one a step from h(0) = 0. At time s + q s + r variable k is in memory
((k-r-1) mod s) + 1, and for r = 1 … s the output is u(r). Idea: Phi^r moves variable k to memory k - r, or k - r + s
for k ≤ r, and Phi^s = I; nothing is composed before t = s, so writing loads exactly the inputs.
"""

from emtheory.formulas import Theorem, at, by_theorem, case, define, equal, sibling, within
from emtheory.letters import C, Dual, E, Phi, W, Xi, h, identity, k, kappa, n, q, r, s, t, total, u, zero
from emtheory.theorems.cases import input_sequences, memory_bases, selections
from emtheory.theory.tasks import Task

companion_action, memory_basis = sibling(__file__, "companion-action"), sibling(__file__, "memory-basis")

duality = memory_basis.duality
first = equal(C(1), identity(kappa)).called("the first block is the identity")
others = equal(C(k), zero(kappa, kappa), *within(2, k, s)).called("all other blocks are 0")
companion, stored = companion_action.companion, memory_basis.stored
begin = define(h(0), zero(n, 1))
written = define(h(t + 1), W @ h(t) + Xi @ E(s) @ u(t + 1), *within(0, t, s - 1))
silent = define(h(t + 1), W @ h(t), t >= s)

rounds = (q >= 0, *within(0, r, s))
places = equal(
    h(s + q * s + r),
    total(Xi @ E(s + k - r) @ u(k), (k, 1, r)) + total(Xi @ E(k - r) @ u(k), (k, r + 1, s)),
    *rounds,
)
outputs = equal(E(s).T @ Dual @ h(s + q * s + r), u(r), q >= 0, *within(1, r, s))


def proof(prove):
    action, each = by_theorem(companion_action.THEOREM, companion_action.action), within(1, k, s)
    back = prove(equal(Phi @ E(k), E(k - 1), *within(2, k, s)), "nothing is added for k ≥ 2").by_rewriting(
        action, others
    )
    wrap = prove(equal(Phi @ E(1), E(s)), "the first variable becomes the last one").by_rewriting(action, first)
    queue = prove(
        equal(h(t), total(Xi @ E(k) @ u(t - s + k), (k, s + 1 - t, s)), *within(0, t, s)),
        "inputs queue up while written",
    ).by_induction(t, begin, written, stored, duality, back)
    loaded = prove(
        equal(h(s), total(Xi @ E(k) @ u(k), (k, 1, s))), "after s steps input k is in memory k"
    ).by_rewriting(queue)
    moved = prove(equal(Phi**t @ E(k), E(k - t), *each, *within(0, t, k - 1)), "Phi^t moves variable k").by_induction(
        t, back
    )
    to_first = prove(equal(Phi ** (k - 1) @ E(k), E(1), *each), "k - 1 steps bring it to the first place").by_rewriting(
        moved
    )
    around = prove(equal(Phi**k @ E(k), E(s), *each), "and one more to the last").by_rewriting(to_first, wrap)
    beyond = prove(
        equal(Phi**r @ E(k), E(s + k - r), *within(1, k, r), r <= s),
        "Phi^r moves variable k to k - r + s, for k ≤ r < s",
    ).by_rewriting(around, moved)
    full = prove(equal(Phi**s @ E(k), E(k), *each), "after s steps every variable is back").by_rewriting(around, moved)
    turns = prove(equal(Phi ** (q * s) @ E(k), E(k), *each, q >= 0), "and after q rounds").by_induction(q, full)
    onward = prove(
        equal(h(s + t), total(Xi @ Phi**t @ E(k) @ u(k), (k, 1, s)), t >= 0),
        "then every variable moves by powers of Phi",
    ).by_induction(t, loaded, silent, stored, duality)
    part = Xi @ Phi**r @ E(k) @ u(k)
    cut = prove(
        equal(h(s + q * s + r), total(part, (k, 1, r)) + total(part, (k, r + 1, s)), *rounds),
        "only the remainder r counts",
    ).by_rewriting(onward, at(turns, q=q))
    prove(places, "variable k is in memory ((k - r - 1) mod s) + 1").by_rewriting(at(cut, q=q, r=r), beyond, moved)
    prove(outputs, "the output is u(r)").by_rewriting(at(places, q=q, r=r), duality)


def copying(task):
    copy = Task.repeat_copy(task.s, task.kappa)
    return memory_bases(m=task.s * task.kappa, max_n=8).flatmap(
        lambda basis: input_sequences(copy).map(
            lambda inputs: case(
                C=list(copy.blocks),
                Xi=basis.xi,
                Dual=basis.dual,
                u=[inputs[:, i : i + 1] for i in range(task.s)],
                s=task.s,
            )
        )
    )


THEOREM = Theorem(
    given=(C, Xi, Dual, u, s),
    hypotheses={
        duality: case(C=[[[1]], [[0]]], Xi=[[1, 1], [0, 1]], Dual=[[1, 0], [1, 1]], u=[[[1]], [[0]]], s=2),
        first: case(C=[[[-1]]], Xi=[[1]], Dual=[[1]], u=[[[1]]], s=1),
        others: case(C=[[[1]], [[1]]], Xi=[[1, 0], [0, 1]], Dual=[[1, 0], [0, 1]], u=[[[1]], [[0]]], s=2),
    },
    definitions=(companion, stored, begin, written, silent),
    conclusions=(places, outputs),
    proof=proof,
    examples={
        "three numbers in the standard basis": case(
            C=[[[1]], [[0]], [[0]]],
            Xi=[[1, 0, 0], [0, 1, 0], [0, 0, 1]],
            Dual=[[1, 0, 0], [0, 1, 0], [0, 0, 1]],
            u=[[[1]], [[2]], [[3]]],
            s=3,
        ),
    },
    cases=selections(max_m=6).flatmap(copying),
    uses=(companion_action.THEOREM,),
    source="Karuvally, DelMastro, Siegelmann, Episodic Memory Theory of RNNs, PMLR 221 (2023), corrected",
)
