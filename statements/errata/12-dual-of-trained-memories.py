"""What trained weights store is read by the spectral projector, not by the pseudoinverse of the memories alone.

The published code reads a state h with the pseudoinverse of the estimated memories. A trained network also has
transient directions, which are not orthogonal to the memories: with a memory e_1 and a transient direction (1, 1),
the pseudoinverse reads h = (1, 1) as 1 where nothing is stored. With the oblique projector P on the memories along the
transients, Ψ†P reads exactly what is stored.
"""

from hypothesis import strategies as st

from emtheory.formulas import Erratum, case, define, equal, letter, size
from emtheory.letters import Dual, Xi, identity, m, n, s, zero
from emtheory.theorems.cases import invertible_matrices, matrices

EXTRA = size("r", "is the number of transient directions")
r = EXTRA.symbol
FADING = letter("N", n, r, "has the transient directions, one a column")
GRAM = letter("Inv", m, m, "is the inverse of Xiᵀ Xi")
STORED, REST = letter("v", m, 1, "is what the state stores"), letter("w", r, 1, "is how far the transients are")
N, Inv, v, w = (given.symbol for given in (FADING, GRAM, STORED, REST))
pinv, P, h = letter("pinv", m, n, "").symbol, letter("P", n, n, "").symbol, letter("h", n, 1, "").symbol

independent = equal(Inv @ Xi.T @ Xi, identity(m)).called("the memories are independent")
duality = equal(Dual @ Xi, identity(m)).called("the dual reads back what the memories hold")
blind = equal(Dual @ N, zero(m, r)).called("and nothing of the transients")
pseudoinverse, projector = define(pinv, Inv @ Xi.T), define(P, Xi @ Dual)
state = define(h, Xi @ v + N @ w)
claim = equal(pinv @ h, v).called("the pseudoinverse reads what is stored")
right = equal(pinv @ P @ h, v).called("after projecting it does")


def proof(prove):
    prove(right).by_rewriting(projector, state, pseudoinverse, duality, blind, independent)


@st.composite
def networks(draw):
    """An invertible matrix split into memories and transient directions, and a state."""
    kept, fading = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    whole, x = draw(invertible_matrices(kept + fading)), draw(matrices(kept + fading, 1))
    xi = whole[:, :kept]
    return case(
        Xi=xi, Dual=whole.inv()[:kept, :], N=whole[:, kept:], Inv=(xi.T @ xi).inv(), v=x[:kept, :], w=x[kept:, :],
        s=kept, r=fading,
    )  # fmt: skip


UNDER_WAY = {"Xi": [[1], [0]], "N": [[1], [1]], "Dual": [[1, -1]], "Inv": [[1]], "w": [[1]], "s": 1, "r": 1}
ERRATUM = Erratum(
    number=12,
    printed="(code) the dual is the pseudoinverse of the estimated basis of trained weights",
    why="it picks up transient directions: memory e_1, transient (1, 1), nothing stored, and it reads 1",
    corrected="Ψ†P, P the spectral projector on the persistent subspace",
    given=(Xi, Dual, FADING, GRAM, STORED, REST, s, EXTRA),
    hypotheses={
        independent: case(**{**UNDER_WAY, "Inv": [[2]]}, v=[[1]]),
        duality: case(**{**UNDER_WAY, "Dual": [[2, -2]]}, v=[[1]]),
        blind: case(**{**UNDER_WAY, "Dual": [[1, 0]]}, v=[[0]]),
    },
    definitions=(pseudoinverse, projector, state),
    claim=claim,
    counterexample=case(**UNDER_WAY, v=[[0]]),
    correction=right,
    examples={
        "nothing stored, a transient under way": case(**UNDER_WAY, v=[[0]]),
        "a stored number beside it": case(**UNDER_WAY, v=[[3]]),
    },
    cases=networks(),
    proof=proof,
    theorem="transient-projection",
    source="the code published with Karuvally, DelMastro, Siegelmann, arXiv:2310.02430",
)
