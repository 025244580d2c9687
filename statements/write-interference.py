"""A circuit that is written one input a step solves its task if and only if C_j C_k = 0 for all j and all k ≥ 2.

At time t > s it answers input i with E_sᵀ Phi^(t-i) E_s, the task with E_sᵀ Phi^(t-s) E_i; the difference is what
d_i leaves over. Idea: each answer is a sum of G_t C_k, and all of these vanish iff the products do.
"""

from emtheory.formulas import Theorem, at, by_theorem, case, equal, iff, sibling, within
from emtheory.letters import C, E, G, Phi, d, i, identity, j, k, kappa, s, t, zero
from emtheory.theorems.cases import interference_free_tasks, tasks

response = sibling(__file__, "impulse-response")

solves = equal(E(s).T @ Phi ** (t - i) @ E(s), E(s).T @ Phi ** (t - s) @ E(i), t >= s + 1, *within(1, i, s))
vanish = equal(C(j) @ C(k), zero(kappa, kappa), *within(1, j, s), *within(2, k, s))
criterion = iff(solves, vanish)


def proof(prove):
    young, old, collected, heard, triangular = (
        by_theorem(response.THEOREM, c)
        for c in (response.young, response.old, response.collected, response.heard, response.triangular)
    )
    start = prove(equal(G(0), identity(kappa)), "G_0 = I").by_rewriting(by_theorem(response.THEOREM, response.start))
    silence = equal(G(t) @ C(k), zero(kappa, kappa), t >= 1, *within(2, k, s))
    with prove.assuming(vanish):
        silent = prove(silence, "then G_t C_k = 0 for k ≥ 2").by_strong_induction(
            t, at(young, t=t), at(old, t=t), start, vanish, cases=[[t <= s], [t >= s + 1]]
        )
        nothing = prove(
            equal(E(s).T @ Phi**t @ d(s - j), zero(kappa, kappa), t >= 1, *within(0, j, s - 1)),
            "and nothing is left over",
        ).by_rewriting(collected, silent)
        each = equal(E(s).T @ Phi**t @ d(i), zero(kappa, kappa), t >= 1, *within(1, i, s))
        prove(each, "of any input").by_rewriting(at(nothing, j=s - i))
        heard_of = E(s).T @ Phi ** (t - s) @ d(i) + E(s).T @ Phi ** (t - s) @ E(i)
        split = prove(
            equal(E(s).T @ Phi ** (t - i) @ E(s), heard_of, t >= s + 1, *within(1, i, s)), "by the definition of d"
        ).by_rewriting(response.left_over)
        prove(solves, "so the circuit answers as the task").by_rewriting(at(split, t=t, i=i), at(each, t=t - s, i=i))
    with prove.assuming(solves):
        unheard = prove(
            equal(E(s).T @ Phi**t @ d(i), zero(kappa, kappa), t >= 1, *within(1, i, s)), "nothing is heard of d"
        ).by_rewriting(response.left_over, at(solves, t=s + t, i=i))
        silent = prove(silence, "hence G_t C_k = 0 for k ≥ 2").by_rewriting(heard, unheard)
        prove(vanish, "and C_j C_k = 0").by_rewriting(triangular, silent)


THEOREM = Theorem(
    given=(C, s),
    definitions=response.THEOREM.definitions,
    conclusions=(criterion,),
    proof=proof,
    examples={"interferes": case(C=[[[0]], [[1]]], s=2), "passes": case(C=[[[1, 0], [0, 0]], [[0, 0], [1, 0]]], s=2)},
    cases=(tasks(max_s=4, max_kappa=2) | interference_free_tasks(max_s=4, max_kappa=2)).map(
        lambda task: case(C=list(task.blocks), s=task.s)
    ),
    uses=(response.THEOREM,),
)
