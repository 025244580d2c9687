"""The linearised network takes the slope of σ at the pre-activation z*, not at the state h* = σ(z*).

The notes print J(h*) where D = diag σ'(z*) belongs. At z* = 1 the state is tanh 1 = 0.76; the slope there is
1 - tanh² 1 = 0.42, and at h* it would be 1 - tanh²(0.76) = 0.59: a push of 1/10 misses the linearised network by more
than its quadratic remainder allows.
"""

from sympy import sqrt

from emtheory.formulas import Erratum, at_most, by_theorem, case, entrywise, sibling, tanh, within
from emtheory.letters import e_n, i, identity, n

linearisation = sibling(__file__, "linearisation")
right, row = linearisation.THEOREM, e_n(i).T
h, w, later = linearisation.h, linearisation.w, linearisation.later
slope = identity(1) - tanh(row @ h) @ tanh(row @ h)
misses = row @ (later - h) - slope @ (row @ w)


def proof(prove):
    used = by_theorem(right, linearisation.quadratic)
    prove(linearisation.quadratic).by_parts(used)


ERRATUM = Erratum(
    number=9,
    printed="the linearised equation has J at h*, and h(t+1) on both sides",
    why="at z* = 1 the slope of tanh is 0.42, and at h* = 0.76 it would be 0.59: not within the quadratic remainder",
    corrected="δ(t+1) = D W δ(t) + D U u(t+1) + r with D = diag σ'(z*) at the pre-activation",
    given=right.given,
    definitions=right.definitions,
    claim=at_most(entrywise("abs", misses), 2 / (3 * sqrt(3)) * (row @ w @ row @ w), *within(1, i, n)),
    counterexample=case(W=[[1]], U=[[0]], z=[[1]], g=[["1/10"]], c=[[0]]),
    correction=linearisation.quadratic,
    examples=right.examples,
    cases=right.cases,
    proof=proof,
    uses=(right,),
    theorem="linearisation",
    source="the notes to Karuvally, DelMastro, Siegelmann, arXiv:2310.02430",
)
