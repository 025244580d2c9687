"""Writing one input a step loads effective inputs, which are the inputs themselves iff C_2 = … = C_s = 0.

From h(0) = 0 the circuit h(t) = W h(t-1) + Psi_s u(t) composes while it is written. At t = s it holds
Dual h(s) = (x_e(1), …, x_e(s)) with x_e(t) = u(t) + Σ_{k ≥ s+2-t} C_k x_e(t-s-1+k): a unit lower block-triangular
Toeplitz recoding of the inputs by the impulse response, x_e(t) = Σ_i G_(t-i) u(i), whose inverse is banded, with blocks
I and -C_k. It is the identity for all inputs iff C_2 = … = C_s = 0, and G_t = 0 for t = 1 … s - 1 says the same.
Writing v(t) = u(t) - Σ_{k ≥ s+2-t} C_k u(t-s-1+k) instead loads u exactly.
Idea: induction on t for the last t memories; by strong induction the correction cancels what is composed.
"""

from hypothesis import strategies as st

from emtheory.formulas import Theorem, at, by_theorem, case, define, equal, iff, letter, letters, sibling, within
from emtheory.letters import C, Dual, E, G, Phi, W, Xi, h, i, k, kappa, n, s, t, total, u, zero
from emtheory.theorems.cases import circuits, input_sequences, matrices

response = sibling(__file__, "impulse-response")
companion_action, memory_basis = sibling(__file__, "companion-action"), sibling(__file__, "memory-basis")

START = letter("start", n, 1, "is the state before the first input")
start = START.symbol
x_e = letters("x_e", kappa, 1, first=1, last=s, phrase="is the effective input").symbol
v = letters("v", kappa, 1, first=1, last=s, phrase="is what is written instead").symbol
loaded = letters("x_v", kappa, 1, first=1, last=s, phrase="is the effective input of v").symbol

duality = memory_basis.duality
from_rest = equal(start, zero(n, 1)).called("the network starts at rest")
begin = define(h(0), start)
written = define(h(t + 1), W @ h(t) + Xi @ E(s) @ u(t + 1), *within(0, t, s - 1))
earlier = (k, s + 2 - t, s)
effect = define(x_e(t), u(t) + total(C(k) @ x_e(t - s - 1 + k), earlier), *within(1, t, s))
corrected = define(v(t), u(t) - total(C(k) @ u(t - s - 1 + k), earlier), *within(1, t, s))
recoded = define(loaded(t), v(t) + total(C(k) @ loaded(t - s - 1 + k), earlier), *within(1, t, s))

held = equal(Dual @ h(s), total(E(k) @ x_e(k), (k, 1, s))).called("at t = s memory k holds x_e(k)")
toeplitz = equal(x_e(t), total(G(t - i) @ u(i), (i, 1, t)), *within(1, t, s)).called("the recoding is Toeplitz")
exact = equal(loaded(t), u(t), *within(1, t, s)).called("corrected inputs load u exactly")
quiet = equal(G(t), zero(kappa, kappa), *within(1, t, s - 1)).called("the response is silent while inputs are written")
plain = equal(C(k), zero(kappa, kappa), *within(2, k, s)).called("nothing is composed of later variables")


def proof(prove):
    action = by_theorem(companion_action.THEOREM, companion_action.action)
    queue = prove(
        equal(Dual @ h(t), total(E(k) @ x_e(t - s + k), (k, s + 1 - t, s)), *within(0, t, s)),
        "after t ≤ s steps the last t memories hold x_e(1) … x_e(t), the others nothing",
    ).by_induction(t, begin, from_rest, written, at(effect, t=t + 1), memory_basis.stored, duality, action)
    prove(held).by_rewriting(queue)
    prove(exact).by_strong_induction(t, at(recoded, t=t), corrected)
    young, first = (by_theorem(response.THEOREM, f) for f in (response.young, response.start))
    with prove.assuming(plain):
        prove(quiet).by_rewriting(young, plain)
    with prove.assuming(quiet):
        sum_ = total(C(k) @ G(t - s - 1 + k), (k, s + 1 - t, s))
        alone = prove(equal(sum_, C(s + 1 - t), *within(1, t, s - 1)), "only G_0 = I is left").by_rewriting(
            quiet, first
        )
        gone = prove(equal(C(s + 1 - t), zero(kappa, kappa), *within(1, t, s - 1)), "so C vanishes").by_combining(
            quiet, young, alone
        )
        prove(plain).by_combining(at(gone, t=s + 1 - k))
    echo = prove(
        equal(Dual @ h(t), total(Phi ** (t - i) @ E(s) @ u(i), (i, 1, t)), *within(0, t, s)), "each input moves by Phi"
    ).by_induction(t, begin, from_rest, written, memory_basis.stored, duality)
    last = E(s).T @ Dual @ h(t)
    read = prove(equal(last, x_e(t), *within(1, t, s)), "the last memory holds x_e(t)").by_rewriting(queue)
    heard = prove(
        equal(last, total(G(t - i) @ u(i), (i, 1, t)), *within(1, t, s)), "which is what is heard of the inputs"
    ).by_rewriting(echo, response.response)
    prove(toeplitz).by_combining(read, heard)


@st.composite
def writings(draw):
    circuit = draw(circuits(max_n=8))
    task, basis = circuit.task, circuit.basis
    inputs = draw(input_sequences(task))
    blocks = [block * draw(st.sampled_from((0, 1, 1))) if j else block for j, block in enumerate(task.blocks)]
    return case(
        C=blocks, s=task.s, Xi=basis.xi, Dual=basis.dual, u=[inputs[:, j : j + 1] for j in range(task.s)],
        start=0 * draw(matrices(basis.n, 1)),
    )  # fmt: skip


STANDARD = {"s": 2, "Xi": [[1, 0], [0, 1]], "Dual": [[1, 0], [0, 1]], "start": [[0], [0]]}
THEOREM = Theorem(
    given=(C, s, Xi, Dual, u, START),
    hypotheses={
        duality: case(
            C=[[[1]], [[0]]], s=2, Xi=[[1, 1], [0, 1]], Dual=[[1, 0], [1, 1]], u=[[[1]], [[0]]], start=[[0], [0]]
        ),
        from_rest: case(**{**STANDARD, "start": [[1], [0]]}, C=[[[1]], [[0]]], u=[[[0]], [[0]]]),
    },
    definitions=(*response.THEOREM.definitions, memory_basis.stored, begin, written, effect, corrected, recoded),
    conclusions=(held, exact, iff(quiet, plain), toeplitz),
    proof=proof,
    examples={
        "repeat copy loads what is written": case(**STANDARD, C=[[[1]], [[0]]], u=[[[1]], [[2]]]),
        "x(t) = x(t-1) adds up its inputs": case(**STANDARD, C=[[[0]], [[1]]], u=[[[1]], [[2]]]),
    },
    cases=writings(),
    uses=(companion_action.THEOREM, response.THEOREM),
    source="Karuvally, DelMastro, Siegelmann, Episodic Memory Theory of RNNs, PMLR 221 (2023), corrected",
)
