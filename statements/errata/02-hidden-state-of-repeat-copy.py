"""In repeat copy, u_i(μ) is in memory ((μ-t-1) mod s) κ + i at time s + t, not κ places further on.

The printed state h(s+t) = Σ_μ u^i(μ) ψ_(((μ-t-1 mod s)+1) κ + i) contradicts its own t = 0, where input μ was written
into memory (μ-1) κ + i, and it names memories beyond the last one. The claim below is what it says of those that exist:
for μ > t, place μ - t + 1 of the variables holds u(μ).
"""

from emtheory.formulas import Erratum, case, equal, sibling
from emtheory.letters import Dual, E, h, k, q, r, s, u

retrieval = sibling(__file__, "repeat-copy-retrieval")

EYE = [[1, 0], [0, 1]]
ERRATUM = Erratum(
    number=2,
    printed="h(s+t) = Σ_μ u^i(μ) ψ_(((μ-t-1 mod s)+1) κ + i)",
    why="at t = 0 it is off by κ: input μ was written into memory (μ-1) κ + i",
    corrected="h(s+t) = Σ_μ u^i(μ) ψ_(((μ-t-1) mod s) κ + i)",
    given=retrieval.THEOREM.given,
    hypotheses=retrieval.THEOREM.hypotheses,
    definitions=retrieval.THEOREM.definitions,
    claim=equal(E(k - r + 1).T @ Dual @ h(s + q * s + r), u(k), q >= 0, r >= 0, k >= r + 1, k <= s + r - 1, k <= s),
    counterexample=case(C=[[[1]], [[0]]], Xi=EYE, Dual=EYE, u=[[[1]], [[2]]], s=2),
    correction=retrieval.places,
    examples=retrieval.THEOREM.examples,
    cases=retrieval.THEOREM.cases,
    proof=retrieval.proof,
    uses=retrieval.THEOREM.uses,
    theorem="repeat-copy-retrieval",
    source="Karuvally, DelMastro, Siegelmann, arXiv:2310.02430, the hidden state of repeat copy",
)
