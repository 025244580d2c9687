"""Compose copy looks back s + 1 - i steps for component i, not s + 2 - i.

The printed task x(t) = Σ_i ⟨e^i, x(t-s-2+i)⟩ e_i reaches back s + 1 steps for i = 1, to a value that no variable
memory holds any more: with s = 1 the first output would be x(0). With t-s-1+i each component is a stored one; so it is
for every composition C, of which compose copy is C_k = e_k e_kᵀ.
"""

from hypothesis import strategies as st
from sympy import oo

from emtheory.formulas import Erratum, by_theorem, case, define, equal, letters, sibling, within
from emtheory.letters import C, E, Phi, k, kappa, s, t, total, u, x, z, zero
from emtheory.theorems.cases import input_sequences, tasks

companion_action = sibling(__file__, "companion-action")

p = letters("p", kappa, 1, first=0, last=oo, phrase="is the printed sequence").symbol

begin = define(z(s), total(E(k) @ u(k), (k, 1, s)))
step = define(z(t + 1), Phi @ z(t), t >= s)
given = define(x(t), u(t), *within(1, t, s))
composed = define(x(t), total(C(k) @ x(t - s - 1 + k), (k, 1, s)), t >= s + 1)
before = define(p(0), zero(kappa, 1))
same = define(p(t), u(t), *within(1, t, s))
printed = define(p(t), total(C(k) @ p(t - s - 2 + k), (k, 1, s)), t >= s + 1)

claim = equal(E(s).T @ z(t), p(t), t >= s + 1).called("the circuit that holds the inputs puts out the printed sequence")
right = equal(E(s).T @ z(t), x(t), t >= s + 1).called("it puts out the sequence that looks back s + 1 - k steps")


def proof(prove):
    action = by_theorem(companion_action.THEOREM, companion_action.action)
    start = prove(equal(z(s), total(E(k) @ x(k), (k, 1, s))), "at t = s the inputs are held").by_rewriting(begin, given)
    held = prove(equal(z(t), total(E(k) @ x(t - s + k), (k, 1, s)), t >= s), "variable k holds x(t-s+k)").by_induction(
        t, start, step, composed, action
    )
    prove(right).by_rewriting(held)


@st.composite
def written(draw):
    task = draw(tasks(max_s=4, max_kappa=3))
    inputs = draw(input_sequences(task))
    return case(C=list(task.blocks), s=task.s, u=[inputs[:, i : i + 1] for i in range(task.s)])


ERRATUM = Erratum(
    number=1,
    printed="compose copy is x(t) = Σ_i ⟨e^i, x(t-s-2+i)⟩ e_i",
    why="for i = 1 it reaches back s + 1 steps, and only s variables are stored; s = 1 asks for x(0)",
    corrected="x(t) = Σ_i ⟨e^i, x(t-s-1+i)⟩ e_i",
    given=(C, s, u),
    definitions=(companion_action.companion, begin, step, given, composed, before, same, printed),
    claim=claim,
    counterexample=case(C=[[[1]]], s=1, u=[[[1]]]),
    correction=right,
    examples={
        "compose copy of two variables": case(C=[[[1, 0], [0, 0]], [[0, 0], [0, 1]]], s=2, u=[[[1], [3]], [[2], [4]]]),
        "one input": case(C=[[[1]]], s=1, u=[[[5]]]),
    },
    cases=written(),
    proof=proof,
    uses=(companion_action.THEOREM,),
    theorem="loaded-composition",
    source="Karuvally, DelMastro, Siegelmann, arXiv:2310.02430, the definition of compose copy",
)
