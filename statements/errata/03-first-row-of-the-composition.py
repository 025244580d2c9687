"""The composition of the circuit starts in row (N-1) κ + 1 of Φ, not in row (N-1) κ.

Φ has N κ rows: the first (N-1) κ shift, the last κ compose. A composition sum that starts at μ = (N-1) κ has κ + 1
rows and overlaps the shift: row (N-1) κ, the last entry of variable N - 1, would compose too.
"""

from emtheory.formulas import Erratum, case, equal, sibling, within
from emtheory.letters import C, E, Phi, e, i, k, kappa, s, total

action = sibling(__file__, "companion-action")

composition = total(C(k) @ E(k).T, (k, 1, s))
corrected = equal(e(i).T @ E(s).T @ Phi, e(i).T @ composition, *within(1, i, kappa))


def proof(prove):
    prove(corrected, "row (N-1) κ + i composes entry i").by_rewriting(action.companion)


ERRATUM = Erratum(
    number=3,
    printed="the composition sum of Φ starts at μ = (N-1) κ",
    why="it has κ + 1 rows, one more than there are outputs, and overlaps the shift",
    corrected="it starts at μ = (N-1) κ + 1",
    given=action.THEOREM.given,
    definitions=action.THEOREM.definitions,
    claim=equal(e(kappa).T @ E(s - 1).T @ Phi, e(1).T @ composition, s >= 2),
    counterexample=case(C=[[[0]], [[0]]], s=2),
    correction=corrected,
    examples={"two variables": case(C=[[[1, 2], [3, 4]], [[5, 6], [7, 8]]], s=2)},
    cases=action.THEOREM.cases,
    proof=proof,
    theorem="companion-action",
    source="Karuvally, DelMastro, Siegelmann, arXiv:2310.02430, the definition of the circuit",
)
