"""Three formulas of the memory basis are ill-formed: a bra for a ket, two indices for one, targets out of range.

Printed: |h⟩ = ⟨ε^j|h⟩ |e_i⟩, summed over j, with i and j unequal; and Ψ*_i = Σ_μ |e_μ⟩⟨ψ*_μ| over the columns μ of
variable i, (i-1)κ < μ ≤ iκ, with targets e_μ in ℝ^κ, which ends at e_κ. Right: one index, memories are kets, and the
targets are e_(μ-(i-1)κ), e_j for memory E_i e_j. For h in the span of the memories h = Σ_i Xi E_i Psi*_i h; the printed
form has one ket for all coefficients. Idea: Σ_j e_j e_jᵀ = I and Σ_i E_i E_iᵀ = I.
"""

from hypothesis import strategies as st

from emtheory.formulas import Erratum, case, define, equal, letter, letters, sibling, times, within
from emtheory.letters import Dual, E, Xi, e, i, identity, j, kappa, m, n, q, s, total
from emtheory.theorems.cases import matrices, memory_bases, tasks

basis = sibling(__file__, "memory-basis")

COORDINATES = letter("a", m, 1, "is any combination of memories")
a, h = COORDINATES.symbol, letter("v", n, 1, "").symbol
P = letters("P", kappa, n, first=1, last=s, phrase="").symbol
held = define(h, Xi @ a)
reader = define(P(i), total(e(j) @ (E(i) @ e(j)).T @ Dual, (j, 1, kappa)), *within(1, i, s))

corrected = equal(h, total(Xi @ E(i) @ P(i) @ h, (i, 1, s)))


def proof(prove):
    entries = prove(equal(total(e(j) @ e(j).T, (j, 1, kappa)), identity(kappa)), "Σ e eᵀ = I").by_lemma(
        "selectors-complete", kappa, 1
    )
    places = prove(equal(total(E(i) @ E(i).T, (i, 1, s)), identity(m)), "Σ E Eᵀ = I").by_lemma(
        "selectors-complete", s, kappa
    )
    reads = prove(equal(P(i), E(i).T @ Dual, *within(1, i, s)), "Psi*_i reads variable i").by_combining(
        reader, times(entries, right=E(i).T @ Dual)
    )
    parts = prove(equal(total(Xi @ E(i) @ P(i) @ h, (i, 1, s)), total(Xi @ E(i) @ E(i).T @ a, (i, 1, s))), "each one")
    parts = parts.by_rewriting(reads, held, basis.duality)
    prove(corrected).by_combining(held, parts, times(places, left=Xi, right=a))


def networks(task):
    """A basis of s κ memories and coordinates."""
    size = task.s * task.kappa
    return st.builds(
        lambda basis, a: case(Xi=basis.xi, Dual=basis.dual, s=task.s, a=a),
        memory_bases(m=size, max_n=6), matrices(size, 1),
    )  # fmt: skip


EYE = [[1, 0], [0, 1]]
ERRATUM = Erratum(
    number=4,
    printed="|h⟩ = ⟨ε^j|h⟩ |e_i⟩, the basis a bra; Ψ*_i = Σ_μ |e_μ⟩⟨ψ*_μ| for (i-1)κ < μ ≤ iκ",
    why="two indices where one is summed, and for i = 2, κ = 1 the target e_2 is no vector of ℝ¹",
    corrected="|h⟩ = Σ_i ⟨ε^i|h⟩ |e_i⟩, memories are kets; Ψ*_i has the targets e_(μ-(i-1)κ)",
    given=(Xi, Dual, s, COORDINATES),
    hypotheses={basis.duality: case(Xi=[[1]], Dual=[[2]], s=1, a=[[1]])},
    definitions=(held, reader),
    claim=equal(h, total(Xi @ E(q) @ P(i) @ h, (i, 1, s)), *within(1, q, s)),
    counterexample=case(Xi=EYE, Dual=EYE, s=2, a=[[1], [2]]),
    correction=corrected,
    examples={"two variables of one number": case(Xi=EYE, Dual=EYE, s=2, a=[[1], [2]])},
    cases=tasks(max_s=3, max_kappa=2).flatmap(networks),
    proof=proof,
    theorem="memory-basis",
    source="Karuvally, DelMastro, Siegelmann, arXiv:2310.02430, the definitions of the memory basis",
)
