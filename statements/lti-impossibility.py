"""No linear network of any size, started at zero, solves a task whose compositions interfere; compose copy is one.

A linear time-invariant network h(t) = W h(t-1) + U u(t), y(t) = R h(t), h(0) = 0, answers input u(i) at time t by
M_(t-i) u(i) with its Markov parameters M_τ = R W^τ U: it sees the age t - i of an input, never t and i apart. The
task answers with E_sᵀ Phi^(t-s) E_i. So y(t) = x(t) for all t > s and all inputs needs M_τ = G_τ (from i = s), then
E_sᵀ Phi^t d_i = 0: just the condition C_j C_k = 0 (k ≥ 2) under which the circuit itself succeeds.
An output that repeats its last input, as the last one of compose copy does, has to forget input s - 1, which is one
step older: over T outputs and inputs ±1 it errs by (T-1)/T at least, whatever the M_τ are and whatever depends on time
alone is added (a bias, h(0) ≠ 0, a clock). For s = 2 that is attained, and y = 0 errs by 1. Two answers to one age that
are 1 apart cost an error of 1/2: so for a signed selection it is 0 or at least 1/2. Signs alone are linear.
Idea: the error of an output for inputs ±1 is a sum of moduli; in the sum over t the unknown M_τ cancel.
"""

from hypothesis import strategies as st
from sympy import oo

from emtheory.formulas import (
    Theorem,
    at,
    at_most,
    by_theorem,
    case,
    entrywise,
    equal,
    implies,
    lemma,
    letters,
    opaque,
    scalar,
    sibling,
    within,
)
from emtheory.judges.exact import blocks, hstack, matrix, rational, vstack, zeros
from emtheory.letters import (
    C,
    E,
    G,
    M,
    Phi,
    R,
    T,
    U,
    W,
    d,
    delta,
    e,
    i,
    identity,
    k,
    kappa,
    q,
    r,
    s,
    t,
    total,
    u,
    zero,
)
from emtheory.theorems.cases import (
    input_sequences,
    interference_free_tasks,
    invertible_matrices,
    matrices,
    selections,
    tasks,
)
from emtheory.theory.circuits import companion, selector
from emtheory.theory.tasks import Task

response, interference = sibling(__file__, "impulse-response"), sibling(__file__, "write-interference")

OFFSET = letters("c", 1, 1, first=1, last=oo, phrase="is what depends on time alone", padded=True)
ERROR = scalar("epsilon", "is the error of the network")
c, error = OFFSET.symbol, ERROR.symbol


def size(number):
    """|a| of a 1 x 1 term."""
    return entrywise("abs", number)


answers = equal(R @ W ** (t - i) @ U, E(s).T @ Phi ** (t - s) @ E(i), t >= s + 1, *within(1, i, s)).called(
    "a linear network answers every input as the task does"
)
vanish = interference.vanish

last = e(kappa).T @ E(s).T
repeats = equal(e(kappa).T @ C(k), delta(k, s) * e(kappa).T, *within(1, k, s)).called(
    "the last output repeats its last input, as in compose copy"
)


def newest(time):
    """What is wrong in how the last output hears its newest input, `time` steps after s."""
    return e(kappa).T @ (M(time) - E(s).T @ Phi**time @ E(s)) @ e(kappa)


def older(time):
    """And the input before."""
    return e(kappa).T @ (M(time + 1) - E(s).T @ Phi**time @ E(s - 1)) @ e(kappa)


off = at_most(size(c(t)) + size(newest(t)) + size(older(t)), error, *within(1, t, T), s >= 2).called(
    "for any signs of its last two inputs it is off by ε at most, T times"
)
bound = at_most(T - 1, T * error, s >= 2).called("then ε is (T-1)/T at least")
heard = total(last @ Phi ** (t - i) @ E(s) @ u(i), (i, 1, s)) - last @ Phi ** (t - s) @ total(E(i) @ u(i), (i, 1, s))
misses = equal(heard, total(e(kappa).T @ u(i), (i, 1, s - 1)), t >= s + 1).called(
    "the circuit is off by the sum of the earlier inputs: by s - 1 if all are 1"
)
answer = E(s).T @ Phi ** (t - s) @ E(i)
other = E(s).T @ Phi ** (t - i) @ E(s)
both = within(1, q, r, kappa)
apart = (t >= s + 1, *within(1, i, s), *both)
close = at_most(size(e(q).T @ (M(t - i) - answer) @ e(r)), error, t >= s + 1, *within(1, i, s), *both).called(
    "no entry of an answer is off by more than ε"
)
gap = at_most(size(e(q).T @ (answer - other) @ e(r)), 2 * error, *apart).called(
    "then two answers to one age, that of input i and of a later input s, are 2 ε apart at most"
)


def proof(prove):
    heard_of, triangular = (by_theorem(response.THEOREM, f) for f in (response.heard, response.triangular))
    with prove.assuming(answers):
        unheard = prove(
            equal(E(s).T @ Phi**t @ d(i), zero(kappa, kappa), t >= 1, *within(1, i, s)), "nothing is heard of d"
        ).by_combining(*same_age(prove))
        silent = prove(
            equal(G(t) @ C(k), zero(kappa, kappa), t >= 1, *within(2, k, s)), "hence G_t C_k = 0 for k ≥ 2"
        ).by_rewriting(heard_of, unheard)
        prove(vanish).by_rewriting(triangular, silent)
    with prove.assuming(repeats):
        row = prove(equal(last @ Phi, last), "the last output stays").by_rewriting(response.companion, repeats)
        rows = prove(equal(last @ Phi**t, last, t >= 0), "for ever").by_induction(t, row)
        prove(misses).by_rewriting(rows)
        with prove.assuming(off):
            least_error(prove, rows)
    with prove.assuming(close):
        two_answers(prove)


def same_age(prove):
    """Input i at time s + t is as old as input s at time 2 s + t - i."""
    mine = prove(
        equal(R @ W ** (t + s - i) @ U, E(s).T @ Phi**t @ E(i), t >= 1, *within(1, i, s)), "what is heard of input i"
    ).by_combining(at(answers, t=s + t, i=i))
    its = prove(
        equal(R @ W ** (t + s - i) @ U, E(s).T @ Phi ** (t + s - i) @ E(s), t >= 1, *within(1, i, s)), "and of input s"
    ).by_combining(at(answers, t=2 * s + t - i, i=s))
    left = E(s).T @ Phi ** (t + s - i) @ E(s) - E(s).T @ Phi**t @ E(i)
    over = prove(equal(E(s).T @ Phi**t @ d(i), left, t >= 1, *within(1, i, s)), "by definition").by_rewriting(
        response.left_over
    )
    return over, mine, its


def least_error(prove, rows):
    """t ε ≥ t - 1 + |M_(t+1)|: in each step what is heard of the input before is to be forgotten, and is needed."""
    flipped = prove(equal(newest(t), -1 * (-newest(t)), t >= 1), "a sign").by_rewriting()
    missing = lemma("absolute-of-opposite", newest(t + 1), -newest(t + 1), using=[at(flipped, t=t + 1)])
    goal = at_most((t - 1) * identity(1) + size(older(t)), t * error * identity(1), *within(1, t, T), s >= 2)
    sums = prove(goal, "t outputs").by_induction(
        t,
        rows,
        base=[
            (1, [at(off, t=1)]),
            (1, [lemma("absolute-at-least-0", c(1))]),
            (1, [lemma("absolute-at-least-0", newest(1))]),
        ],
        parts=[
            (1, [goal]),
            (1, [at(off, t=t + 1)]),
            (1, [lemma("absolute-at-least-0", c(t + 1))]),
            (1, [missing]),
            (1, [lemma("absolute-above", -newest(t + 1))]),
            (1, [lemma("absolute-above", older(t))]),
        ],
    )
    prove(bound).by_parts((1, [at(sums, t=T)]), (1, [lemma("absolute-at-least-0", older(T))]))


def two_answers(prove):
    """|D - D'| ≤ |D - M| + |M - D'|."""
    mine, its = e(q).T @ (answer - M(t - i)) @ e(r), e(q).T @ (M(t - i) - other) @ e(r)
    sums = prove(equal(e(q).T @ (answer - other) @ e(r), mine + its, *apart), "M_(t-i) between").by_rewriting()
    triangle = prove(
        at_most(size(e(q).T @ (answer - other) @ e(r)), size(mine) + size(its), *apart), "the triangle"
    ).by_lemma("triangle", mine, its, e(q).T @ (answer - other) @ e(r), using=[sums])
    back = e(q).T @ (M(t - i) - answer) @ e(r)
    sign = prove(equal(back, -mine, *apart), "a sign").by_rewriting()
    same = prove(at_most(size(mine), size(back), *apart), "has no modulus").by_lemma(
        "absolute-of-opposite", back, mine, using=[sign]
    )
    prove(gap).by_parts((1, [triangle]), (1, [same]), (1, [at(close, t=t, i=i)]), (1, [at(close, t=t - i + s, i=s)]))


@opaque
def two_answers_for_one_age(C, s, **_):
    """A signed selection with some C_j C_k ≠ 0, k ≥ 2, wants two answers to one age, ≥ 1 apart: the error is ≥ 1/2.

    If all of those products vanish, every age has one answer.
    """
    task = _selection(C, int(s.p))
    free = all((b @ c).is_zero() for b in task.blocks for c in task.blocks[1:])
    width, row = task.kappa, selector(task.s, task.kappa, task.s).T
    asked, apart = {}, rational(0)
    for time in range(1, 2 * task.s * width + 1):
        row = row @ companion(task)
        for place in range(task.s):
            block = row[:, place * width : (place + 1) * width]
            first = asked.setdefault(task.s + time - place - 1, block)
            apart = max([apart, *(abs(x) for line in first - block for x in line)])
    return apart == 0 if free else apart >= 1


@opaque
def bound_is_attained(T, **_):
    """Compose copy, s = 2: M_τ with 1 - (τ-1)/T for component 2 errs by exactly (T-1)/T over T outputs, y = 0 by 1."""
    outputs = int(T.p)
    return [_worst(_fading(outputs), outputs), _worst([zeros(2, 2)] * (outputs + 2), outputs)] == [
        rational(outputs - 1) / outputs, 1
    ]  # fmt: skip


@opaque
def signs_are_linear(C, s, **_):
    """For any signed selection h(t) = Phi h(t-1)/2 + E_s u(t) gives every sign of x(t), s < t ≤ 3s, for all u ∈ {±1}.

    The input that is asked for outweighs all others together, by a margin that fades with t.
    """
    task = _selection(C, int(s.p))
    phi, last = companion(task), selector(task.s, task.kappa, task.s)
    asked, echo = last.T, [last.T @ (phi / 2) ** age @ last for age in range(3 * task.s)]
    for time in range(task.s + 1, 3 * task.s + 1):
        asked = asked @ phi
        told = hstack(echo[time - place] for place in range(1, task.s + 1))
        for wanted, given in zip(asked, told, strict=True):
            margin = sum(
                (2 * a * g - abs(g) if a else -abs(g) for a, g in zip(wanted, given, strict=True)), rational(0)
            )
            if not (margin > 0 if any(wanted) else margin == 0):
                return False
    return True


def _selection(composition, number):
    """The signed selection of the first nonzero entry of each row of a composition."""
    rows = list(hstack(composition))
    hits = [next((column for column, entry in enumerate(row) if entry != 0), None) for row in rows]
    signs = [0 if hit is None else (1 if row[hit] > 0 else -1) for hit, row in zip(hits, rows, strict=True)]
    return Task.from_selection(number, len(rows), [hit or 0 for hit in hits], signs)


def _fading(outputs):
    """Markov parameters M_0 … M_(T+1): component 1 returns every second step, component 2 fades linearly."""
    return [matrix([[int(age % 2 == 0), 0], [0, rational(outputs + 1 - age) / outputs]]) for age in range(outputs + 2)]


def _worst(markov, outputs, task=None):
    """The largest |y_i(t) - x_i(t)| over u ∈ {±1} and T outputs: the sum of |entries| of what is wrong in a row."""
    task = task or Task.compose_copy(2)
    row, worst = selector(task.s, task.kappa, task.s).T, rational(0)
    for time in range(task.s + 1, task.s + outputs + 1):
        row = row @ companion(task)
        worst = max(worst, (hstack(markov[time - i] for i in range(1, task.s + 1)) - row).norm_inf())
    return worst


@st.composite
def networks(draw):
    """The circuit beside anything that is not heard, in any coordinates, and Markov parameters of another network."""
    kinds = interference_free_tasks(max_s=3, max_kappa=2), selections(max_s=3, max_kappa=2), tasks(max_s=3, max_kappa=2)
    task = draw(st.one_of(*kinds, st.just(Task.compose_copy(2)), st.just(Task.compose_copy(3))))
    size_, width, extra = task.s * task.kappa, task.kappa, draw(st.integers(0, 2))
    junk, fed, turn = (
        draw(matrices(extra, extra)),
        draw(matrices(extra, width)),
        draw(invertible_matrices(size_ + extra)),
    )
    last_ = selector(task.s, width, task.s)
    outputs, inputs = draw(st.integers(1, 3)), draw(input_sequences(task))
    markov = [last_.T @ companion(task) ** age @ last_ for age in range(task.s + outputs)]
    if draw(st.booleans()):
        markov = [draw(matrices(width, width)) for _ in range(task.s + outputs)]
    if task == Task.compose_copy(2):
        markov = _fading(outputs)
    return case(
        C=list(task.blocks), s=task.s, T=outputs, M=markov, epsilon=_worst(markov, outputs, task), c=[[[0]]],
        W=turn @ blocks([[companion(task), zeros(size_, extra)], [zeros(extra, size_), junk]]) @ turn.inv(),
        U=turn @ vstack([last_, fed]), R=hstack([last_.T, zeros(width, extra)]) @ turn.inv(),
        u=[inputs[:, place : place + 1] for place in range(task.s)],
    )  # fmt: skip


TWO = {"C": [[[1, 0], [0, 0]], [[0, 0], [0, 1]]], "s": 2, "u": [[[1], [1]], [[1], [1]]], "T": 2, "epsilon": "1/2"}
FADING = [[[1, 0], [0, "3/2"]], [[0, 0], [0, 1]], [[1, 0], [0, "1/2"]], [[0, 0], [0, 0]]]
THEOREM = Theorem(
    given=(C, W, U, R, s, M, OFFSET, T, ERROR, u),
    definitions=response.THEOREM.definitions,
    conclusions=(
        implies(answers, vanish), implies(repeats, off, bound), implies(repeats, misses), implies(close, gap),
        two_answers_for_one_age, bound_is_attained, signs_are_linear,
    ),
    proof=proof,
    examples={
        "one input, repeated": case(
            C=[[[1]]], W=[[1]], U=[[1]], R=[[1]], s=1, T=1, M=[[[1]], [[1]]], c=[[[0]]], epsilon=0, u=[[[1]]]
        ),
        "compose copy of two, two outputs, error one half": case(
            **TWO, W=[[0]], U=[[0, 0]], R=[[0], [0]], M=FADING, c=[[[0]], [[0]]]
        ),
    },
    cases=networks(),
    uses=(response.THEOREM,),
    source="Karuvally, DelMastro, Siegelmann, Episodic Memory Theory of RNNs, PMLR 221 (2023), corrected",
)  # fmt: skip
