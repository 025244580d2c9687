"""Replacing Ξᵀ by Ξ† gives another operator, unless Ξ is a partial isometry.

In pseudoinverse memories the transpose is replaced by the Moore-Penrose dual "analogously". But Ξᵀ = G Ξ† with the Gram
matrix G = ΞᵀΞ, so the interactions Phi become Phi G; hebbian-dual has the equivalence.
"""

from emtheory.formulas import Erratum, case, equal, sibling, times
from emtheory.letters import Dual, Phi, Xi, s

hebbian = sibling(__file__, "hebbian-dual")

claim = equal(Xi @ Phi @ Xi.T, Xi @ Phi @ Dual).called("the transpose may be replaced by the dual")
right = equal(Xi @ Phi @ Xi.T, Xi @ Phi @ hebbian.G @ Dual).called("it is the dual of other interactions, Phi G")


def proof(prove):
    again = prove(equal(Xi.T @ Dual.T @ Xi.T, Xi.T), "Xi Dual Xi = Xi, transposed").by_rewriting(hebbian.reproduces)
    turned = times(hebbian.symmetric, left=Xi @ Phi @ Xi.T)
    prove(right).by_combining(times(again, left=Xi @ Phi), turned)


def alone(c):
    return case(**{name: c[name] for name in ("Xi", "Dual", "Phi", "s")})


LONG = case(Xi=[[2]], Dual=[["1/2"]], Phi=[[1]], s=1)
ERRATUM = Erratum(
    number=5,
    printed="Ξᵀ becomes Ξ†, analogous to pseudoinverse memories",
    why="Ξᵀ = ΞᵀΞ Ξ†: with one memory of length 2 the weights are 4 times as large",
    corrected="Ξ Φ Ξᵀ = Ξ Φ G Ξ†, G = ΞᵀΞ; the same operator for all Φ iff Ξ is a partial isometry",
    given=(Xi, Dual, Phi, s),
    hypotheses={
        hebbian.reproduces: case(Xi=[[1]], Dual=[[0]], Phi=[[1]], s=1),
        hebbian.symmetric: case(Xi=[[1], [0]], Dual=[[1, 1]], Phi=[[1]], s=1),
    },
    claim=claim,
    counterexample=LONG,
    correction=right,
    examples={"one memory of length 2": LONG, "orthonormal": case(Xi=[[0], [1]], Dual=[[0, 1]], Phi=[[1]], s=1)},
    cases=hebbian.THEOREM.cases.map(alone),
    proof=proof,
    theorem="hebbian-dual",
    source="Karuvally, DelMastro, Siegelmann, arXiv:2310.02430, from the memory model to the RNN",
)
