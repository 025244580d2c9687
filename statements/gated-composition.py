"""One gate that composes only after the last input lets a network solve every task.

h(t) = (N + g(t) Psi_s [C_1 … C_s] Dual) h(t-1) + Psi_s u(t), with N = Σ_{k<s} Psi_k Psi*_(k+1) the shift, g = 0 while
inputs are written (t ≤ s) and g = 1 afterwards, puts out y(t) = x(t) for every t > s, every C and all inputs, whatever
its state was at t = 0: the shift forgets it.
Idea: while the gate is closed the inputs queue up unchanged; open, the network is the circuit that holds them.
"""

from hypothesis import strategies as st

from emtheory.formulas import Theorem, at, by_theorem, case, define, equal, letter, letters, sibling, times, within
from emtheory.letters import C, Dual, E, Phi, Xi, h, identity, j, k, kappa, m, n, s, t, total, u, x, zero
from emtheory.theorems.cases import circuits, input_sequences, matrices

companion_action, memory_basis = sibling(__file__, "companion-action"), sibling(__file__, "memory-basis")

START = letter("start", n, 1, "is any state before the first input")
GATE = letters("g", 1, 1, first=1, last=s, phrase="is how far the gate is open while inputs are written")
start, g = START.symbol, GATE.symbol
shift = letter("N", m, m, "moves each variable to the place before").symbol
ROW = total(C(k) @ E(k).T, (k, 1, s))

duality = memory_basis.duality
closed = equal(g(t), zero(1, 1), *within(1, t, s)).called("the gate is closed while inputs are written")
shifted = define(shift, total(E(j) @ E(j + 1).T, (j, 1, s - 1)))
begin = define(h(0), start)
write = Xi @ E(s) @ u(t + 1)
written = define(
    h(t + 1), Xi @ shift @ Dual @ h(t) + Xi @ E(s) @ ROW @ Dual @ h(t) @ g(t + 1) + write, *within(0, t, s - 1)
)
opened = define(h(t + 1), Xi @ shift @ Dual @ h(t) + Xi @ E(s) @ ROW @ Dual @ h(t), t >= s)
given = define(x(t), u(t), *within(1, t, s))
composed = define(x(t), total(C(k) @ x(t - s - 1 + k), (k, 1, s)), t >= s + 1)

held = equal(Dual @ h(s), total(E(k) @ u(k), (k, 1, s))).called(
    "at t = s memory k holds u(k), and nothing else is held"
)
follows = equal(Dual @ h(t), total(E(k) @ x(t - s + k), (k, 1, s)), t >= s).called("from then on it holds x(t-s+k)")
solves = equal(E(s).T @ Dual @ h(t), x(t), t >= s + 1).called("every task is solved")


def proof(prove):
    moved = prove(equal(shift @ E(k), E(k - 1), *within(2, k, s)), "the shift moves variable k to k - 1").by_rewriting(
        shifted
    )
    prove(equal(shift @ E(1), zero(m, kappa)), "and forgets the first").by_rewriting(shifted)
    queue = prove(
        equal(Dual @ h(t), shift**t @ Dual @ h(0) + total(E(k) @ u(t - s + k), (k, s + 1 - t, s)), *within(0, t, s)),
        "closed, the inputs queue up behind what was there",
    ).by_induction(t, at(written, t=t), closed, duality, moved)
    row = prove(equal(E(k).T @ shift, E(k + 1).T, *within(1, k, s - 1)), "row k of the shift").by_rewriting(shifted)
    last = prove(equal(E(s).T @ shift, zero(kappa, m)), "and its last row").by_rewriting(shifted)
    rows = prove(equal(E(k).T @ shift**t, E(k + t).T, k >= 1, k <= s - t, t >= 0), "t steps shift by t").by_induction(
        t, row
    )
    arrived = prove(equal(E(k).T @ shift ** (s - k), E(s).T, *within(1, k, s)), "row k becomes the last").by_rewriting(
        rows
    )
    wiped = prove(equal(E(k).T @ shift**s, zero(kappa, m), *within(1, k, s)), "and is gone after s").by_rewriting(
        arrived, last
    )
    loaded = prove(equal(E(j).T @ Dual @ h(s), u(j), *within(1, j, s)), "so variable j holds u(j)").by_rewriting(
        at(queue, t=s), wiped
    )
    whole = prove(equal(total(E(k) @ E(k).T, (k, 1, s)), identity(m)), "there are no other variables").by_lemma(
        "selectors-complete", s, kappa
    )
    parts = total(E(k) @ E(k).T @ Dual @ h(s), (k, 1, s))
    known = prove(equal(parts, total(E(k) @ u(k), (k, 1, s))), "so all of them are known").by_rewriting(loaded)
    prove(held).by_combining(known, times(whole, right=Dual @ h(s)))
    action = by_theorem(companion_action.THEOREM, companion_action.action)
    split = prove(equal(Phi, shift + E(s) @ ROW), "open, the network moves by Phi").by_rewriting(
        companion_action.companion, shifted
    )
    start_ = prove(equal(Dual @ h(s), total(E(k) @ x(k), (k, 1, s))), "from what it holds").by_rewriting(held, given)
    circuit = prove(
        equal(Xi @ Phi @ Dual @ h(t), Xi @ shift @ Dual @ h(t) + Xi @ E(s) @ ROW @ Dual @ h(t), t >= s), "as it says"
    ).by_combining(times(split, left=Xi, right=Dual @ h(t)))
    step = prove(equal(h(t + 1), Xi @ Phi @ Dual @ h(t), t >= s), "a circuit that holds its inputs").by_combining(
        opened, circuit
    )
    prove(follows).by_induction(t, start_, step, composed, duality, action)
    prove(solves).by_rewriting(follows)


@st.composite
def gates(draw):
    circuit = draw(circuits(max_n=8))
    task, basis, inputs = circuit.task, circuit.basis, draw(input_sequences(circuit.task))
    return case(
        C=list(task.blocks), s=task.s, Xi=basis.xi, Dual=basis.dual, start=draw(matrices(basis.n, 1)),
        u=[inputs[:, i : i + 1] for i in range(task.s)], g=[[[0]]] * task.s,
    )  # fmt: skip


STANDARD = {"Xi": [[1, 0], [0, 1]], "Dual": [[1, 0], [0, 1]], "s": 2, "start": [[5], [7]], "u": [[[1]], [[1]]]}
THEOREM = Theorem(
    given=(C, s, Xi, Dual, START, u, GATE),
    hypotheses={
        duality: case(
            C=[[[1]], [[0]]], s=2, Xi=[[1, 1], [0, 1]], Dual=[[1, 0], [1, 1]], start=[[0], [0]], u=[[[1]], [[0]]],
            g=[[[0]], [[0]]],
        ),
        closed: case(**{**STANDARD, "start": [[0], [0]]}, C=[[[0]], [[1]]], g=[[[1]], [[1]]]),
    },
    definitions=(companion_action.companion, shifted, begin, written, opened, given, composed),
    conclusions=(held, follows, solves),
    proof=proof,
    uses=(companion_action.THEOREM,),
    examples={
        "the smallest task that no linear network solves": case(**STANDARD, C=[[[0]], [[1]]], g=[[[0]], [[0]]]),
    },
    cases=gates(),
    source="a multiplicative repair of the circuit of Karuvally, DelMastro, Siegelmann, PMLR 221 (2023)",
)  # fmt: skip
