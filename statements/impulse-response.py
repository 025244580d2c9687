"""The impulse response of the circuit composes: G_t = Σ C_k G_(t-s-1+k), and what an input leaves over is heard in it.

G_t = E_sᵀ Phi^t E_s, d_i = Phi^(s-i) E_s - E_i. Idea: the last row of Phi composes, every other row shifts.
"""

from emtheory.formulas import Theorem, at, by_theorem, case, define, equal, sibling, within
from emtheory.letters import C, E, G, Phi, d, i, identity, j, k, kappa, m, s, t, total, zero
from emtheory.theorems.cases import tasks

companion_action = sibling(__file__, "companion-action")

companion = companion_action.companion
response = define(G(t), E(s).T @ Phi**t @ E(s), t >= 0)
left_over = define(d(i), Phi ** (s - i) @ E(s) - E(i), *within(1, i, s))

young = equal(G(t), total(C(k) @ G(t - s - 1 + k), (k, s + 1 - t, s)), *within(1, t, s)).called("G composes")
old = equal(G(t), total(C(k) @ G(t - s - 1 + k), (k, 1, s)), t >= s + 1).called("over all k for t > s")
start = equal(G(0), identity(kappa)).called("G_0 = I")
collected = equal(
    E(s).T @ Phi**t @ d(s - j), total(G(t + k - s + j - 1) @ C(k), (k, s - j + 1, s)), t >= 1, *within(0, j, s - 1)
).called("t steps later Σ G C_k of the later inputs is heard")
heard = equal(
    G(t) @ C(i), E(s).T @ Phi**t @ d(i - 1) - E(s).T @ Phi ** (t + 1) @ d(i), t >= 1, *within(2, i, s)
).called("what input i - 1 leaves over, one step later and without that of input i, is heard as G_t C_i")
triangular = equal(
    C(s + 1 - t) @ C(k),
    G(t) @ C(k) - total(C(j) @ G(t - s - 1 + j) @ C(k), (j, s + 2 - t, s)),
    *within(1, t, s),
    *within(1, k, s),
).called("each C_j C_k is G_t C_k without those of larger j")


def proof(prove):
    action, each = by_theorem(companion_action.THEOREM, companion_action.action), within(1, k, s)
    last_row = prove(equal(E(s).T @ Phi, total(C(k) @ E(k).T, (k, 1, s))), "the last row composes").by_rewriting(
        companion
    )
    row = prove(equal(E(k).T @ Phi, E(k + 1).T, *within(1, k, s - 1)), "others shift").by_rewriting(companion)
    rows = prove(equal(E(k).T @ Phi**t, E(k + t).T, k >= 1, k <= s - t, t >= 0), "t steps shift by t").by_induction(
        t, row
    )
    early = prove(
        equal(E(k).T @ Phi**t @ E(s), zero(kappa, kappa), k >= 1, t >= 0, k + t <= s - 1), "not yet at place k"
    ).by_rewriting(rows)
    arrives = prove(equal(E(k).T @ Phi ** (s - k), E(s).T, *each), "place k becomes the last one").by_rewriting(rows)
    late = prove(equal(E(k).T @ Phi ** (t + s - k) @ E(s), G(t), *each, t >= 0), "and is G from then on").by_rewriting(
        arrives, response
    )
    term = C(k) @ E(k).T @ Phi ** (t - 1) @ E(s)
    unfolded = prove(equal(E(s).T @ Phi**t @ E(s), total(term, (k, 1, s)), t >= 1), "one step").by_rewriting(last_row)
    parts = total(term, (k, 1, s - t)) + total(term, (k, s + 1 - t, s))
    cut = prove(equal(E(s).T @ Phi**t @ E(s), parts, *within(1, t, s)), "young places apart").by_rewriting(unfolded)
    prove(young).by_rewriting(at(response, t=t), cut, late, early)
    prove(old).by_rewriting(at(response, t=t), unfolded, late)
    prove(start).by_rewriting(response)
    forward = prove(equal(Phi @ E(k), E(k - 1) + E(s) @ C(k), *within(2, k, s)), "Phi moves back").by_rewriting(action)
    lag = prove(equal(d(i - 1), Phi @ d(i) + E(s) @ C(i), *within(2, i, s)), "d grows by C_i").by_rewriting(
        left_over, forward
    )
    nothing = prove(equal(d(s), zero(m, kappa)), "the last input leaves nothing over").by_rewriting(left_over)
    sum_ = prove(
        equal(d(s - j), total(Phi ** (k - s + j - 1) @ E(s) @ C(k), (k, s - j + 1, s)), *within(0, j, s - 1)),
        "d collects",
    ).by_induction(j, at(lag, i=s - j), nothing)
    prove(collected).by_rewriting(sum_, late)
    prove(heard).by_rewriting(response, at(lag, i=i))
    prove(triangular).by_rewriting(at(young, t=t), start)


THEOREM = Theorem(
    given=(C, s),
    definitions=(companion, response, left_over),
    conclusions=(young, old, start, collected, heard, triangular),
    proof=proof,
    examples={"two": case(C=[[[2]], [[3]]], s=2), "three": case(C=[[[1]], [[2]], [[-1]]], s=3)},
    cases=tasks(max_s=4, max_kappa=2).map(lambda task: case(C=list(task.blocks), s=task.s)),
    uses=(companion_action.THEOREM,),
)
