"""The companion matrix moves variable k to place k - 1 and adds its part C_k to the last one.

Phi has identity blocks above the diagonal and C_1 … C_s as its last block row. Idea: E_jᵀ E_k = δ_jk I.
"""

from emtheory.formulas import Theorem, case, define, equal, within
from emtheory.letters import C, E, Phi, delta, j, k, s, total
from emtheory.theorems.cases import tasks

companion = define(Phi, total(E(j) @ E(j + 1).T, (j, 1, s - 1)) + total(E(s) @ C(k) @ E(k).T, (k, 1, s)))
action = equal(Phi @ E(k), total(delta(j + 1, k) * E(j), (j, 1, s - 1)) + E(s) @ C(k), *within(1, k, s))


def proof(prove):
    prove(action, "Phi moves variable k to place k - 1, and adds C_k to the last").by_rewriting(companion)


THEOREM = Theorem(
    given=(C, s),
    definitions=(companion,),
    conclusions=(action,),
    proof=proof,
    examples={"one variable": case(C=[[[2]]], s=1)},
    cases=tasks(max_s=4, max_kappa=3).map(lambda task: case(C=list(task.blocks), s=task.s)),
)
