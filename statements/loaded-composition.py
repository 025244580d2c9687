"""A circuit that holds its inputs composes them as the task says, for ever.

If the hidden state holds the inputs at t = s, Dual h(s) = (u(1), …, u(s)), and h(t+1) = W h(t) from then on, then
Dual h(t) = (x(t-s+1), …, x(t)) for every t ≥ s and every composition C: variable memory k holds x(t-s+k), and the
output is y(t) = x(t).
Idea: induction on t. A step of Phi moves x(t-s+k) from memory k to k - 1 and puts Σ_k C_k x(t-s+k), which is x(t+1),
into the last one.
"""

from hypothesis import strategies as st

from emtheory.formulas import Theorem, by_theorem, case, define, equal, letter, sibling, within
from emtheory.judges.exact import vstack
from emtheory.letters import C, Dual, E, W, Xi, delta, h, k, n, s, t, total, u, x, zero
from emtheory.theorems.cases import circuits, input_sequences, matrices

companion_action, memory_basis = sibling(__file__, "companion-action"), sibling(__file__, "memory-basis")

STATE = letter("loaded", n, 1, "is the hidden state at t = s")
BIAS = letter("b", n, 1, "is added at every step")
LATE = letter("late", n, 1, "is what an input at t = s + 1 writes")
state, bias, late = STATE.symbol, BIAS.symbol, LATE.symbol

duality = memory_basis.duality
holds = equal(Dual @ state, total(E(k) @ u(k), (k, 1, s))).called("the state holds the inputs, variable k in memory k")
no_bias = equal(bias, zero(n, 1)).called("there is no bias")
no_late_input = equal(late, zero(n, 1)).called("there is no input at s + 1")
begin = define(h(s), state)
step = define(h(t + 1), W @ h(t) + bias + delta(t, s) * late, t >= s)
given = define(x(t), u(t), *within(1, t, s))
composed = define(x(t), total(C(k) @ x(t - s - 1 + k), (k, 1, s)), t >= s + 1)

follows = equal(Dual @ h(t), total(E(k) @ x(t - s + k), (k, 1, s)), t >= s).called("memory k holds x(t-s+k)")
outputs = equal(E(s).T @ Dual @ h(t), x(t), t >= s).called("so the output is x(t)")


def proof(prove):
    action = by_theorem(companion_action.THEOREM, companion_action.action)
    start = prove(equal(Dual @ h(s), total(E(k) @ x(k), (k, 1, s))), "at t = s the inputs are held").by_rewriting(
        begin, holds, given
    )
    plain = prove(equal(h(t + 1), W @ h(t), t >= s), "without bias and input, W alone acts").by_rewriting(
        step, no_bias, no_late_input
    )
    prove(follows).by_induction(t, start, plain, composed, memory_basis.stored, duality, action)
    prove(outputs).by_rewriting(follows)


@st.composite
def loaded_circuits(draw):
    circuit = draw(circuits())
    task, basis = circuit.task, circuit.basis
    inputs = draw(input_sequences(task))
    held = basis.xi @ vstack(inputs[:, i : i + 1] for i in range(task.s))
    unread = basis.xi @ basis.dual
    junk = draw(matrices(basis.n, 1))
    return case(
        C=list(task.blocks), Xi=basis.xi, Dual=basis.dual, s=task.s, u=[inputs[:, i : i + 1] for i in range(task.s)],
        loaded=held + junk - unread @ junk, b=0 * held, late=0 * held,
    )  # fmt: skip


PLAIN = {"C": [[[1]]], "Xi": [[1]], "Dual": [[1]], "s": 1, "u": [[[1]]], "loaded": [[1]], "b": [[0]], "late": [[0]]}
SWAP = {"C": [[[1]], [[0]]], "s": 2, "u": [[[1]], [[0]]], "b": [[0], [0]], "late": [[0], [0]]}
THEOREM = Theorem(
    given=(C, Xi, Dual, s, u, STATE, BIAS, LATE),
    hypotheses={
        duality: case(**SWAP, Xi=[[1, 1], [0, 1]], Dual=[[1, 0], [1, 1]], loaded=[[1], [-1]]),
        holds: case(**{**PLAIN, "loaded": [[2]]}),
        no_bias: case(**{**PLAIN, "b": [[1]]}),
        no_late_input: case(**{**PLAIN, "late": [[1]]}),
    },
    definitions=(companion_action.companion, memory_basis.stored, begin, step, given, composed),
    conclusions=(follows, outputs),
    proof=proof,
    examples={"one number": case(**PLAIN)},
    cases=loaded_circuits(),
    uses=(companion_action.THEOREM,),
    source="Karuvally, DelMastro, Siegelmann, Episodic Memory Theory of RNNs, PMLR 221 (2023)",
)
