"""The energy of the memory model rises once its delayed state follows the others: it is no Lyapunov function there.

σ = id, all constants 1, V_h = Xiᵀ x + Phiᵀ Xiᵀ x at its equilibrium and V_f = V_d = x. On two orthonormal directions
p and q let Xi = diag(1, 2) and Phi = [[-1, 1/2], [1/2, -1]]. Then the step S = Xi (I + Phiᵀ) Xiᵀ swaps p and q, so its
orbit has the period 2 and no energy falls along it; from q to p this one rises from 0 to 3/8.
Idea: inserted, the energy is ½ ‖x‖² - ½ ‖V_h‖², and V_h is p at q and q/2 at p.
"""

from hypothesis import strategies as st
from sympy import Rational

from emtheory.formulas import Theorem, case, define, equal, letter
from emtheory.judges.exact import eye
from emtheory.letters import identity, n
from emtheory.theorems.cases import matrices

LETTERS = letter("p", n, 1, "is one direction"), letter("q", n, 1, "is another one")
p, q = (given.symbol for given in LETTERS)
Xi, Phi, S = (letter(name, n, n, "").symbol for name in ("Xi", "Phi", "S"))
at_p, at_q = (letter(name, n, 1, "").symbol for name in ("V_p", "V_q"))
half = Rational(1, 2)

unit_p, unit_q, apart = equal(p.T @ p, 1), equal(q.T @ q, 1), equal(p.T @ q, 0)
memories = define(Xi, p @ p.T + 2 * (q @ q.T))
interactions = define(Phi, half * (p @ q.T + q @ p.T) - p @ p.T - q @ q.T)
weights = define(S, Xi @ (identity(n) + Phi.T) @ Xi.T)
hidden_p, hidden_q = define(at_p, Xi.T @ p + Phi.T @ Xi.T @ p), define(at_q, Xi.T @ q + Phi.T @ Xi.T @ q)


def energy(x, hidden):
    """E at V_f = V_d = x and V_h = hidden."""
    return half * (x.T @ x) + half * (hidden.T @ hidden) - x.T @ Xi @ hidden - x.T @ Xi @ Phi @ hidden


there, back = equal(S @ q, p).called("a step takes q to p"), equal(S @ p, q).called("and p to q")
before = equal(energy(q, at_q), 0).called("at q the energy is 0")
after = equal(energy(p, at_p), Rational(3, 8)).called("at p it is 3/8")


def proof(prove):
    known = unit_p, unit_q, apart
    rules = memories, interactions, *known
    prove(there).by_rewriting(weights, *rules)
    prove(back).by_rewriting(weights, *rules)
    seen_q = prove(equal(at_q, p), "at q the hidden state is p").by_rewriting(hidden_q, *rules)
    seen_p = prove(equal(at_p, half * q), "at p it is q/2").by_rewriting(hidden_p, *rules)
    written = [prove(equal(Xi.T @ x, c * x)).by_rewriting(memories, *known) for x, c in ((p, 1), (q, 2))]
    prove(before).by_rewriting(seen_q, *written, interactions, *known)
    prove(after).by_rewriting(seen_p, *written, interactions, *known)


@st.composite
def pairs(draw):
    """Two columns of a reflection."""
    size = draw(st.integers(2, 4))
    v = draw(matrices(size, 1).filter(lambda v: not v.is_zero()))
    mirror = eye(size) - v @ v.T * (2 / (v.T @ v)[0, 0])
    first, second = draw(st.permutations(range(size)))[:2]
    sign = draw(st.sampled_from((1, -1)))
    return case(p=mirror[:, first : first + 1] * sign, q=mirror[:, second : second + 1])


E_1, E_2 = [[1], [0]], [[0], [1]]
THEOREM = Theorem(
    given=LETTERS,
    hypotheses={
        unit_p: case(p=[[2], [0]], q=E_2),
        unit_q: case(p=E_1, q=[[0], [2]]),
        apart: case(p=E_1, q=[["3/5"], ["4/5"]]),
    },
    definitions=(memories, interactions, weights, hidden_p, hidden_q),
    conclusions=(there, back, before, after),
    proof=proof,
    examples={"two units": case(p=E_1, q=E_2)},
    cases=pairs(),
    source="the open notes to Karuvally, Sejnowski, Siegelmann, ICML 2023",
)
