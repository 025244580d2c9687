"""The serially written circuit solves its task if and only if no compositions interfere: C_j C_k = 0 for k ≥ 2."""

from hypothesis import strategies as st

from emtheory.cases import interference_free_tasks, tasks
from emtheory.formulas.case import case
from emtheory.formulas.formula import define, equal, iff, within
from emtheory.formulas.theorem import Theorem
from emtheory.letters import C, E, Phi, i, j, k, kappa, s, t, total, zero

companion = define(Phi, total(E(j) @ E(j + 1).T, (j, 1, s - 1)) + total(E(s) @ C(k) @ E(k).T, (k, 1, s)))
solved = equal(E(s).T @ Phi ** (t - i) @ E(s), E(s).T @ Phi ** (t - s) @ E(i), t >= s + 1, *within(1, i, s))
apart = equal(C(j) @ C(k), zero(kappa, kappa), *within(1, j, s), *within(2, k, s))

THEOREM = Theorem(
    given=(C, s),
    definitions=(companion,),
    conclusions=(iff(solved, apart),),
    examples={"repeat copy": case(C=[[[1]], [[0]]], s=2)},
    cases=st.one_of(tasks(max_m=6, max_s=3), interference_free_tasks(max_m=6, max_s=3)).map(
        lambda task: case(C=list(task.blocks), s=task.s)
    ),
)
