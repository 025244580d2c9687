"""Variable memories are deflated powers of the weights, not plain ones.

The printed algorithm takes Psi_k = W^(s-k) U. That holds only where C_2 = … = C_s = 0: in the smallest other circuit,
x(t) = x(t-1), W U is Psi_1 + Psi_2. With A = (I - U R) W the powers A^(s-k) U are the memories of every circuit.
"""

from emtheory.formulas import Erratum, case, equal, sibling
from emtheory.letters import E, U, W, Xi, k, s

krylov = sibling(__file__, "deflated-krylov")

LATE = {"C": [[[0]], [[1]]], "s": 2}
STANDARD = case(**LATE, Xi=[[1, 0], [0, 1]], Dual=[[1, 0], [0, 1]], U=[[0], [1]])
ERRATUM = Erratum(
    number=8,
    printed="the variable memories are Psi_k = W^(s-k) U",
    why="each step of W also adds Psi_s C_k: for x(t) = x(t-1), W U = Psi_1 + Psi_2",
    corrected="Psi_k = ((I - U R) W)^(s-k) U",
    given=krylov.THEOREM.given,
    hypotheses=krylov.THEOREM.hypotheses,
    definitions=krylov.THEOREM.definitions,
    claim=equal(W ** (s - k) @ U, Xi @ E(k), *krylov.each),
    counterexample=STANDARD,
    correction=krylov.memories,
    examples={
        "the same circuit": STANDARD,
        "in three neurons": case(**LATE, Xi=[[1, 1], [0, 1], [1, 0]], Dual=[[0, 0, 1], [0, 1, 0]], U=[[1], [1], [0]]),
    },
    cases=krylov.THEOREM.cases,
    proof=krylov.proof,
    uses=krylov.THEOREM.uses,
    theorem="deflated-krylov",
    source="Karuvally, DelMastro, Siegelmann, arXiv:2310.02430, the algorithm that finds variable memories",
)
