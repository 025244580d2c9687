"""The least linear memory that goes on with a task is rank Phi_C^s numbers, and no linear network has fewer units.

Over real inputs, x(t) for t > s depends on the inputs through R Phi, …, R Phi^s alone, and Phi_C^s is just these blocks
one below the other. Let p be its rank: Phi_C^s = L F with a left inverse V of L and a right inverse Y of F. The p
numbers F z determine all of x(t), t > s, move by themselves, by N = F Phi Y, and put out the impulse response one step
late, G_t = E_1ᵀ L N^(t-1) F E_s. Any linear state K z that determines x(s+1) … x(2s) has p numbers at least, and any
linear network with R W^t U = G_t, t ≥ 1, has p units: it is the rank of the Hankel matrix [G_(a+b-1)]. Repeat copy
needs s kappa numbers, compose copy s(s+1)/2. The number of persistent eigenvalues, rank Phi_C^(s kappa), is at most p.
For inputs of ±1 a linear state with a reader that is not linear needs one number: 2 u_1 + u_2 tells u_1 and u_2.
Idea: row block k of Phi_C^s is E_kᵀ Phi^(s-k) Phi^k = E_sᵀ Phi^k; if V X Y = I, X a product over q numbers, then p ≤ q.
"""

from hypothesis import strategies as st

from emtheory.formulas import (
    Theorem,
    at,
    at_most,
    backwards,
    by_theorem,
    case,
    define,
    equal,
    implies,
    letter,
    letters,
    opaque,
    sibling,
    size,
    times,
    within,
)
from emtheory.judges.exact import eye, left_inverse, matrix, vstack
from emtheory.letters import C, E, G, Phi, R, U, W, d, delta, i, identity, j, k, kappa, m, n, s, t, total, zero
from emtheory.theorems.cases import tasks
from emtheory.theory.circuits import companion, selector
from emtheory.theory.tasks import Task

response, companion_action = sibling(__file__, "impulse-response"), sibling(__file__, "companion-action")

RANK, WIDTH = size("p", "is the rank of Phi^s"), size("q", "is the dimension of a linear state")
p, q = RANK.symbol, WIDTH.symbol
LEFT, RIGHT = (
    letter("L", m, p, "has columns that span the range of Phi^s"),
    letter("F", p, m, "is a state of p numbers"),
)
OF_LEFT, OF_RIGHT = letter("V", p, m, "is a left inverse of L"), letter("Y", m, p, "is a right inverse of F")
STATE = letter("K", q, m, "is a linear state of the inputs")
READERS = letters("D", kappa, q, first=1, last=s, phrase="reads x(s+k) from that state")
ONE, OTHER = letter("a", 1, 1, "is one number"), letter("b", 1, 1, "is another one")
L, F, V, Y, K, D, a, b = (given.symbol for given in (LEFT, RIGHT, OF_LEFT, OF_RIGHT, STATE, READERS, ONE, OTHER))
M = letter("N", p, p, "moves the state of p numbers").symbol
Seen = letter("Seen", m, n, "reads the next s outputs of the network").symbol

each = within(1, k, s)
factors = equal(L @ F, Phi**s).called("L F is Phi^s")
reads = equal(V @ L, identity(p)).called("the columns of L are independent")
writes = equal(F @ Y, identity(p)).called("and so are the rows of F")
alone = define(M, F @ Phi @ Y)
heard = define(Seen, total(E(k) @ R @ W**k, (k, 1, s)))

future = equal(E(k).T @ Phi**s, E(s).T @ Phi**k, *each).called("row block k of Phi^s puts out x(s+k)")
enough = equal(Phi ** (s + t), Phi**t @ L @ F, t >= 0).called("p numbers determine all that follows, and what persists")
moves = equal(F @ Phi, M @ F).called("they move by themselves")
answers = equal(G(t), E(1).T @ L @ M ** (t - 1) @ F @ E(s), t >= 1).called("they answer inputs, one step late")
hankel = equal(E(k).T @ Phi ** (s + j - 1) @ E(s), G(k + j - 1), *within(1, j, k, s)).called(
    "Phi^s [E_s, Phi E_s, …] is the Hankel matrix"
)
bounded = at_most(p, s * kappa).called("more than s kappa numbers are never needed")
determines = equal(D(k) @ K, E(s).T @ Phi**k, *each).called("a linear state determines x(s+1) … x(2s)")
least = at_most(p, q).called("then it has p numbers at least")
responds = equal(R @ W**t @ U, G(t), t >= 1).called("a linear network has the circuit's impulse response")
units = at_most(p, n).called("then it has p units at least")
repeats = equal(C(k), delta(1, k) * identity(kappa), *each).called("the task is repeat copy")
all_needed = at_most(s * kappa, p).called("then all s kappa numbers are needed")
one_sign, other_sign = equal(a @ a, identity(1)), equal(b @ b, identity(1))
both = 2 * a + b
tells = equal(12 * a, 13 * both - both @ both @ both).called("of two numbers ±1 their sum 2 a + b tells the first")
tells_too = equal(6 * b, both @ both @ both - 7 * both).called("and the second")


@opaque
def compose_copy(s, **_):
    """Compose copy of s variables needs s(s+1)/2 numbers."""
    variables = int(s.p)
    power = companion(Task.compose_copy(variables)) ** variables
    return power.rank() == variables * (variables + 1) // 2


def proof(prove):
    action = by_theorem(companion_action.THEOREM, companion_action.action)
    row = prove(equal(E(k).T @ Phi, E(k + 1).T, *within(1, k, s - 1)), "row k reads variable k + 1").by_rewriting(
        companion_action.companion
    )
    rows = prove(equal(E(k).T @ Phi**t, E(k + t).T, k >= 1, k <= s - t, t >= 0), "t steps read k + t").by_induction(
        t, row
    )
    arrives = prove(equal(E(k).T @ Phi ** (s - k), E(s).T, *each), "after s - k steps the last").by_rewriting(rows)
    prove(future).by_rewriting(arrives)
    split = prove(equal(Phi ** (s + t), Phi**t @ Phi**s, t >= 0), "steps add up").by_rewriting()
    prove(enough).by_combining(split, times(factors, left=Phi**t))
    prove(hankel).by_rewriting(arrives, response.response)
    whole = prove(equal(total(E(k) @ E(k).T, (k, 1, s)), identity(m)), "there are no other variables").by_lemma(
        "selectors-complete", s, kappa
    )
    known = prove(equal(V @ L @ F @ Y, identity(p)), "V L F Y = I").by_rewriting(reads, writes)
    rank = prove(equal(V @ Phi**s @ Y, identity(p)), "so V Phi^s Y = I").by_combining(
        known, times(factors, left=V, right=Y)
    )
    prove(bounded).by_lemma("left-inverse", p, m, V, L, using=[reads])
    in_between(prove)
    smallest_state(prove, whole, rank)
    smallest_network(prove, whole, rank, action, arrives)
    with prove.assuming(repeats):
        back = prove(equal(Phi @ E(k), E(k - 1), *within(2, k, s)), "variables move back").by_rewriting(action, repeats)
        round_ = prove(equal(Phi @ E(1), E(s)), "the first one comes last").by_rewriting(action, repeats)
        down = prove(equal(Phi**t @ E(k), E(k - t), t >= 0, k >= t + 1, k <= s), "t steps").by_induction(t, back)
        first = prove(equal(Phi ** (k - 1) @ E(k), E(1), *each), "k - 1 steps lead to the first").by_rewriting(down)
        top = prove(equal(Phi**k @ E(k), E(s), *each), "k steps to the last").by_rewriting(first, round_)
        again = prove(equal(Phi**s @ E(k), E(k), *each), "s steps to itself").by_rewriting(top, down)
        places = total(E(k) @ E(k).T, (k, 1, s))
        sums = prove(equal(Phi**s @ places, places), "all of them").by_rewriting(again)
        same = prove(equal(L @ F, identity(m)), "so L F = I").by_combining(
            factors, sums, times(whole, left=Phi**s), whole
        )
        prove(all_needed).by_lemma("left-inverse", m, p, L, F, using=[same])
    with prove.assuming(one_sign, other_sign):
        prove(tells).by_rewriting(one_sign, other_sign)
        prove(tells_too).by_rewriting(one_sign, other_sign)


def in_between(prove):
    """The p numbers move by themselves, and answer."""
    swap = prove(equal(V @ Phi**s @ Phi, V @ Phi @ Phi**s), "Phi commutes with its powers").by_rewriting()
    led = prove(equal(F @ Phi, V @ Phi @ L @ F), "F Phi goes through F").by_combining(
        times(reads, right=F @ Phi), times(factors, left=V, right=Phi), swap, times(factors, left=V @ Phi)
    )
    there = prove(equal(V @ Phi @ L @ F @ Y @ F, V @ Phi @ L @ F), "F Y F = F").by_rewriting(writes)
    said = prove(equal(M @ F, F @ Phi @ Y @ F), "by its definition").by_rewriting(alone)
    prove(moves).by_combining(said, times(led, right=Y @ F), there, led)
    steps = prove(equal(F @ Phi**t, M**t @ F, t >= 0), "t steps as well").by_induction(t, moves)
    ahead = prove(equal(E(s).T @ Phi, E(1).T @ L @ F), "the next output").by_combining(
        at(future, k=1), times(factors, left=E(1).T)
    )
    prove(answers).by_rewriting(response.response, ahead, steps)


def smallest_state(prove, whole, rank):
    """A linear state that determines the future."""
    with prove.assuming(determines):
        parts = total(E(k) @ D(k), (k, 1, s))
        sums = prove(equal(total(E(k) @ E(k).T @ Phi**s, (k, 1, s)), parts @ K), "row by row").by_rewriting(
            future, backwards(determines)
        )
        through = prove(equal(Phi**s, parts @ K), "Phi^s goes through q numbers").by_combining(
            sums, times(whole, right=Phi**s)
        )
        one = prove(equal(V @ parts @ K @ Y, identity(p)), "and so does I").by_combining(
            rank, times(through, left=V, right=Y)
        )
        prove(least).by_lemma("left-inverse", p, q, V @ parts, K @ Y, using=[one])


def smallest_network(prove, whole, rank, action, arrives):
    """A linear network with the impulse response."""
    forward = prove(equal(Phi @ E(k), E(k - 1) + E(s) @ C(k), *within(2, k, s)), "Phi moves back").by_rewriting(action)
    rest = total(Phi ** (k - s + j - 1) @ E(s) @ C(k), (k, s - j + 1, s))
    lag = prove(equal(d(i - 1), Phi @ d(i) + E(s) @ C(i), *within(2, i, s)), "d grows by C_i").by_rewriting(
        response.left_over, forward
    )
    nothing = prove(equal(d(s), zero(m, kappa)), "from nothing").by_rewriting(response.left_over)
    collected = prove(equal(d(s - j), rest, *within(0, j, s - 1)), "to all of them").by_induction(
        j, at(lag, i=s - j), nothing
    )
    place = prove(equal(E(s - j), Phi**j @ E(s) - rest, *within(0, j, s - 1)), "each place is reached").by_combining(
        collected, at(response.left_over, i=s - j)
    )
    late = prove(equal(E(k).T @ Phi ** (s + t) @ E(s), G(k + t), *each, t >= 0), "what is heard").by_rewriting(
        arrives, response.response
    )
    with prove.assuming(responds):
        fed = total(W ** (k - i - 1) @ U @ C(k), (k, i + 1, s))
        sums = prove(
            equal(total(E(k) @ E(k).T @ Phi ** (s + t) @ E(s), (k, 1, s)), Seen @ W**t @ U, t >= 0), "is answered"
        ).by_rewriting(late, heard, responds)
        known = prove(equal(Phi ** (s + t) @ E(s), Seen @ W**t @ U, t >= 0), "by n units").by_combining(
            sums, times(whole, right=Phi ** (s + t) @ E(s))
        )
        each_one = prove(
            equal(Phi**s @ E(i), Seen @ (W ** (s - i) @ U - fed), *within(1, i, s)), "from each place"
        ).by_rewriting(at(place, j=s - i), known)
        all_ = total((W ** (s - i) @ U - fed) @ E(i).T, (i, 1, s))
        every = prove(equal(total(Phi**s @ E(i) @ E(i).T, (i, 1, s)), Seen @ all_), "so all of them").by_rewriting(
            each_one
        )
        through = prove(equal(Phi**s, Seen @ all_), "Phi^s goes through n units").by_combining(
            every, times(whole, left=Phi**s)
        )
        one = prove(equal(V @ Seen @ all_ @ Y, identity(p)), "and so does I").by_combining(
            rank, times(through, left=V, right=Y)
        )
        prove(units).by_lemma("left-inverse", p, n, V @ Seen, all_ @ Y, using=[one])


def factored(power):
    """L, F, V, Y of a matrix that is not 0."""
    rows = [i for i in range(len(power)) if power[: i + 1, :].rank() > (power[:i, :].rank() if i else 0)]
    f = vstack(power[i : i + 1, :] for i in rows)
    y = left_inverse(f.T).T
    return power @ y, f, left_inverse(power @ y), y


@st.composite
def memories(draw):
    task = draw(tasks(max_s=4, max_kappa=3, max_m=8).filter(lambda task: not (companion(task) ** task.s).is_zero()))
    return of_task(task, *draw(st.tuples(st.integers(0, 2), *[st.sampled_from((1, -1))] * 2)))


def of_task(task, kind=0, *signs):
    """The circuit, beside the least state, or all variables, or one number and one unit, which are too few if p > 1."""
    phi, last = companion(task), selector(task.s, task.kappa, task.s)
    left, f, v, y = factored(phi**task.s)
    state, back = ((f, y), (eye(len(phi)), eye(len(phi))), (f[:1, :], y[:, :1]))[kind]
    network = (matrix([[1]]), last[-1:, :], last[-task.kappa :, -1:]) if kind == 2 else (phi, last, last.T)
    return case(
        C=list(task.blocks), s=task.s, p=len(f), q=len(state), L=left, F=f, V=v, Y=y, K=state,
        D=[last.T @ phi ** (i + 1) @ back for i in range(task.s)],
        **dict(zip("WUR", network, strict=True)), **dict(zip("ab", map(_one, signs or (1, -1)), strict=True)),
    )  # fmt: skip


def _one(x):
    return matrix([[x]])


SUM = {"C": [[[0]], [[1]]], "s": 2, "p": 2, "q": 1, "K": [[0, 1]], "D": [[[1]], [[1]]], "a": [[1]], "b": [[1]]}
SUM = {**SUM, "W": [[0, 1], [0, 1]], "U": [[0], [1]], "R": [[0, 1]]}
EYE, POWER = [[1, 0], [0, 1]], [[0, 1], [0, 1]]
TINY = {"C": [[[1]]], "s": 1, "p": 1, "q": 1, "W": [[1]], "U": [[1]], "R": [[1]], "a": [[1]], "b": [[-1]]}
THEOREM = Theorem(
    given=(C, s, RANK, WIDTH, LEFT, RIGHT, OF_LEFT, OF_RIGHT, STATE, READERS, W, U, R, ONE, OTHER),
    hypotheses={
        factors: case(**TINY, L=[[2]], F=[[1]], V=[["1/2"]], Y=[[1]], K=[[1]], D=[[[1]]]),
        reads: case(**SUM, L=POWER, F=EYE, V=EYE, Y=EYE),
        writes: case(**SUM, L=EYE, F=POWER, V=EYE, Y=EYE),
    },
    definitions=(*response.THEOREM.definitions, alone, heard),
    conclusions=(
        future, enough, moves, answers, hankel, bounded, implies(determines, least), implies(responds, units),
        implies(repeats, all_needed), implies(one_sign, other_sign, tells), implies(one_sign, other_sign, tells_too),
        compose_copy,
    ),
    proof=proof,
    examples={
        "repeat copy needs all": of_task(Task.repeat_copy(2, 1)),
        "compose copy of two needs three of four": of_task(Task.compose_copy(2)),
    },
    cases=memories(),
    uses=(companion_action.THEOREM,),
    source="rank of the future: Kalman's Hankel realisation theory; for circuits, Karuvally et al., PMLR 221 (2023)",
)  # fmt: skip
