"""k steps of the network are k steps of the memories, and the duals of the variables read each its own one.

W = Xi Phi Dual with Dual Xi = I. Idea: in Wᵏ every inner Dual Xi cancels.
"""

from emtheory.formulas import Theorem, case, define, equal, within
from emtheory.letters import Dual, E, Phi, W, Xi, delta, identity, j, k, kappa, m, s
from emtheory.theorems.cases import circuits

duality = equal(Dual @ Xi, identity(m)).called("the dual reads back what the basis writes")
stored = define(W, Xi @ Phi @ Dual)
powers = equal(W**k, Xi @ Phi**k @ Dual, k >= 1).called("k steps of the network are k steps of the memories")
apart = equal((E(j).T @ Dual) @ (Xi @ E(k)), delta(j, k) * identity(kappa), *within(1, j, k, s)).called(
    "the dual of variable j reads variable k as δ_jk: segregation"
)


def proof(prove):
    prove(powers).by_induction(k, duality, stored)
    prove(apart).by_rewriting(duality)


def circuit(c):
    return case(Xi=c.basis.xi, Dual=c.basis.dual, Phi=c.Phi, s=c.task.s)


THEOREM = Theorem(
    given=(Xi, Dual, Phi, s),
    hypotheses={duality: case(Xi=[[1, 1]], Dual=[["1/2"], ["1/2"]], Phi=[[1, 0], [0, 0]], s=2)},
    definitions=(stored,),
    conclusions=(powers, apart),
    proof=proof,
    examples={
        "two memories, three neurons": case(
            Xi=[[1, 1], [0, 1], [1, 0]], Dual=[[0, 0, 1], [0, 1, 0]], Phi=[[0, 1], [1, 0]], s=2
        ),
    },
    cases=circuits().map(circuit),
)
