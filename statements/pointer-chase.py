"""For a signed selection x_i(t) is an input with a sign, found by chasing pointers.

If each row of [C_1 … C_s] has at most one nonzero entry, ±1, then x_i(t) = ε x_j(t - l) for t > s with a lag
1 ≤ l ≤ s, so x_i(t) = ±u_j(τ) with 1 ≤ τ ≤ s, or 0. The pointers form a functional graph on κ nodes: signs multiply
and lags add along a chase, after at most κ of them it goes round a cycle, and q rounds of length l and sign ε take q l
steps and multiply by ε^q. So the time may be 10^18 or more, and the answer is exact.
Idea: the recursion read backwards; on a cycle, induction on the number of rounds.
"""

from hypothesis import strategies as st

from emtheory.formulas import Theorem, at, case, define, equal, implies, letter, opaque, scalar, size, times, within
from emtheory.judges.exact import hstack, matrix, unit, vstack
from emtheory.letters import C, delta, identity, k, kappa, q, s, t, total, u, x, zero
from emtheory.theorems.cases import input_sequences, selections
from emtheory.theory.circuits import companion
from emtheory.theory.pointers import PointerChase
from emtheory.theory.tasks import Task

HORIZON = 10**18

HERE, NEXT, LAST = (
    letter(name, kappa, 1, f"selects {what} component")
    for name, what in {"a": "one", "b": "the next", "c": "the last"}.items()
)
LAG, MORE = size("l", "is the lag of a pointer"), size("p", "is the lag of another one")
SIGN, OTHER = scalar("epsilon", "is the sign of a pointer"), scalar("rho", "is the sign of another one")
a, b, c, lag, more, epsilon, rho = (given.symbol for given in (HERE, NEXT, LAST, LAG, MORE, SIGN, OTHER))

given = define(x(t), u(t), *within(1, t, s))
composed = define(x(t), total(C(k) @ x(t - s - 1 + k), (k, 1, s)), t >= s + 1)

pointer = equal(a.T @ C(k), epsilon * delta(k, s + 1 - lag) * b.T, *within(1, k, s), lag <= s).called(
    "the row of a component has one entry: it points to component b, l steps before"
)
hop = equal(a.T @ x(t), epsilon * b.T @ x(t - lag), t >= s + 1, lag <= s).called(
    "then it is ε times that component, then"
)
nothing = equal(a.T @ C(k), zero(1, kappa), *within(1, k, s)).called("the row of a component is 0")
silent = equal(a.T @ x(t), zero(1, 1), t >= s + 1).called("then it is 0")
points = equal(a.T @ x(t), epsilon * b.T @ x(t - lag), t >= s + 1, lag <= s).called("a points to b")
goes_on = equal(b.T @ x(t), rho * c.T @ x(t - more), t >= s + 1, more <= s).called("and b to c")
chase = equal(a.T @ x(t), epsilon * rho * c.T @ x(t - lag - more), t >= s + 1 + lag, lag <= s, more <= s).called(
    "then a is c with both signs and both lags"
)
cycle = equal(a.T @ x(t), epsilon * a.T @ x(t - lag), t >= s + 1, t >= lag + 1).called(
    "pointers lead back after l steps, with a sign ε"
)
rounds = equal(a.T @ x(t + q * lag), epsilon**q * a.T @ x(t), t >= s + 1, q >= 0).called("q rounds multiply by ε^q")


def proof(prove):
    with prove.assuming(pointer):
        prove(hop).by_rewriting(at(composed, t=t), pointer)
    with prove.assuming(nothing):
        prove(silent).by_rewriting(at(composed, t=t), nothing)
    with prove.assuming(points, goes_on):
        then = equal(b.T @ x(t - lag), rho * c.T @ x(t - lag - more), t >= s + 1 + lag, more <= s)
        prove(then, "b, l steps before").by_combining(at(goes_on, t=t - lag))
        prove(chase).by_combining(points, times(then, left=epsilon * identity(1)))
    with prove.assuming(cycle):
        prove(rounds).by_induction(q, at(cycle, t=t + lag))


@opaque
def agrees_with_the_recursion(C, u, **_):
    """The chase gives x(t) for t = 1 … 3s + 2."""
    task, inputs = _task(C), hstack(u)
    horizon = 3 * task.s + 2
    outputs = task.outputs(inputs, horizon)
    return all(_read(task, inputs, time) == outputs[:, time - 1 : time] for time in range(1, horizon + 1))


@opaque
def agrees_for_ever(C, u, **_):
    """At t = 10^18 + κ the chase agrees with the power Phi^(t-s), by repeated squaring."""
    task, time = _task(C), HORIZON + len(C[0])
    power, base, exponent = vstack(u), companion(task), time - task.s
    while exponent:
        if exponent & 1:
            power = base @ power
        base, exponent = base @ base, exponent >> 1
    return _read(task, hstack(u), time) == power[-task.kappa :, :]


def _task(composition):
    """The signed selection of the first nonzero entry of each row of a composition."""
    rows = list(hstack(composition))
    hits = [next((column for column, entry in enumerate(row) if entry != 0), None) for row in rows]
    signs = [0 if hit is None else (1 if row[hit] > 0 else -1) for hit, row in zip(hits, rows, strict=True)]
    return Task.from_selection(len(composition), len(rows), [hit or 0 for hit in hits], signs)


def _read(task, inputs, time):
    """x(time) as a κ x 1 matrix, by pointer chase."""
    sign, component, source = PointerChase(task).read(range(task.kappa), time)
    return matrix(
        [[int(e) * inputs[int(j), int(tau) - 1] if e else 0] for e, j, tau in zip(sign, component, source, strict=True)]
    )


@st.composite
def chases(draw):
    """A signed selection, a component with its pointer, and the one after it."""
    task = draw(selections(max_s=4, max_kappa=4, max_m=12))
    inputs = draw(input_sequences(task))
    return of_component(task, draw(st.integers(0, task.kappa - 1)), inputs)


def of_component(task, first, inputs):
    """A component with its pointer and the next; a row of zeros points nowhere."""
    row = hstack(task.blocks)
    here, found = first, []
    for _ in range(2):
        column = next((i for i in range(task.s * task.kappa) if row[here, i] != 0), None)
        place, after = (task.s - 1, here) if column is None else divmod(column, task.kappa)
        found.append((after, task.s - place, 0 if column is None else row[here, column]))
        here = after
    (second, lag, sign), (third, more, other) = found
    return case(
        C=list(task.blocks), s=task.s, u=[inputs[:, i : i + 1] for i in range(task.s)], l=lag, p=more,
        a=unit(task.kappa, first), b=unit(task.kappa, second), c=unit(task.kappa, third), epsilon=sign, rho=other,
    )  # fmt: skip


THEOREM = Theorem(
    given=(C, u, s, HERE, NEXT, LAST, LAG, MORE, SIGN, OTHER),
    definitions=(given, composed),
    conclusions=(
        implies(pointer, hop), implies(nothing, silent), implies(points, goes_on, chase), implies(cycle, rounds),
        agrees_with_the_recursion, agrees_for_ever,
    ),
    proof=proof,
    examples={
        "compose copy": of_component(Task.compose_copy(2), 0, matrix([[1, 2], [3, 4]])),
        "a sign on the way": of_component(Task.from_selection(2, 1, [0], [-1]), 0, matrix([[1, 2]])),
    },
    cases=chases(),
    source="Karuvally, DelMastro, Siegelmann, Episodic Memory Theory of RNNs, PMLR 221 (2023), for all times",
)  # fmt: skip
