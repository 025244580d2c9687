"""An input enters with the state that it changes: h(t) = W h(t-1) + U u(t), not h(t+1) = W h(t) + U u(t).

The notes print h(t+1) = … + W_uh u(t) beside h(1) = ψ u(1). From h(0) = 0 the first gives h(1) = U u(0) = 0, as there
is no input at t = 0, and the second gives h(1) = Psi_s u(1): they contradict each other.
"""

from hypothesis import strategies as st
from sympy import oo

from emtheory.formulas import Erratum, case, define, equal, letters, within
from emtheory.letters import E, W, Xi, h, kappa, n, s, t, u, zero
from emtheory.theorems.cases import circuits, input_sequences

p = letters("p", n, 1, first=0, last=oo, phrase="is the state as printed").symbol
v = letters("v", kappa, 1, first=0, last=s, phrase="is the input, none before t = 1").symbol

nothing = define(v(0), zero(kappa, 1))
inputs = define(v(t), u(t), *within(1, t, s))
begin = define(h(0), zero(n, 1))
step = define(h(t + 1), W @ h(t) + Xi @ E(s) @ u(t + 1), *within(0, t, s - 1))
first = define(p(0), zero(n, 1))
printed = define(p(t + 1), W @ p(t) + Xi @ E(s) @ v(t), *within(0, t, s - 1))
claim = equal(p(1), Xi @ E(s) @ u(1)).called("with the input one step late the first state is Psi_s u(1)")
right = equal(h(1), Xi @ E(s) @ u(1)).called("with h(t) = W h(t-1) + U u(t) it is")


def proof(prove):
    prove(right).by_rewriting(step, begin)


@st.composite
def written(draw):
    circuit = draw(circuits(max_n=8))
    values = draw(input_sequences(circuit.task))
    return case(
        W=circuit.W, Xi=circuit.basis.xi, s=circuit.task.s, u=[values[:, i : i + 1] for i in range(circuit.task.s)]
    )


TINY = case(W=[[1]], Xi=[[1]], s=1, u=[[[1]]])
ERRATUM = Erratum(
    number=14,
    printed="h(t+1) = W h(t) + W_uh u(t), beside h(1) = ψ u(1)",
    why="from h(0) = 0 the first has h(1) = 0, as no input comes before t = 1",
    corrected="h(t) = W h(t-1) + U u(t)",
    given=(W, Xi, s, u),
    definitions=(nothing, inputs, begin, step, first, printed),
    claim=claim,
    counterexample=TINY,
    correction=right,
    examples={
        "one number": TINY,
        "two": case(W=[[0, 1], [1, 0]], Xi=[[1, 0], [0, 1]], s=2, u=[[[3]], [[4]]]),
    },
    cases=written(),
    proof=proof,
    source="the notes to Karuvally, DelMastro, Siegelmann, arXiv:2310.02430",
)
