"""A tanh network follows its linear model for as long as the cubes of the linear states, carried by W, stay small.

h(t) = tanh(W h(t-1) + d(t)) and l(t) = W l(t-1) + d(t) start at the same state and get the same inputs and bias d(t).
Component by component |h - l| ≤ f with f(t) = |W| f(t-1) + |l(t)|³/3 and f(0) = 0. If the rows of W sum to w at most
and the cubes of l(t) are c(t) at most, then |h(t) - l(t)| ≤ (1/3) Σ_{k≤t} w^(t-k) c(k): the bound in the maximum norm.
It says nothing where w is far above 1 and t is large.
Idea: tanh is 1-Lipschitz and |tanh z - z| ≤ |z|³/3. So a step multiplies the distance by |W| at most and adds at most
|l|³/3; the sum follows by induction.
"""

from hypothesis import strategies as st
from sympy import Rational, oo

from emtheory.formulas import (
    Theorem,
    at,
    at_most,
    case,
    define,
    entrywise,
    equal,
    lemma,
    letter,
    letters,
    scalar,
    tanh,
    within,
)
from emtheory.letters import T, W, e_n, h, i, j, k, n, t, total, zero
from emtheory.theorems.cases import matrices

GIVEN = (
    letters("d", n, 1, first=1, last=T, phrase="are the inputs and the bias"),
    letter("start", n, 1, "is where the network starts"),
    letter("start_l", n, 1, "is where the linear model starts"),
    scalar("w", "bounds the rows of W"),
    letters("c", 1, 1, first=1, last=T, phrase="bound the cubes of the linear states"),
)
d, start, start_l, w, c = (given.symbol for given in GIVEN)
line, f = (letters(name, n, 1, first=0, last=oo, phrase="").symbol for name in ("l", "f"))
sizes = letter("M", n, n, "").symbol
THIRD, row = Rational(1, 3), e_n(i).T
each, before, until = within(1, i, n), within(0, t, T - 1), within(0, t, T)


def size(term):
    return entrywise("abs", term)


def cube(term):
    return size(term) @ size(term) @ size(term)


same_start = equal(start, start_l).called("both start at the same state")
rows = at_most(total(size(row @ W @ e_n(j)), (j, 1, n)), w, *each).called("the rows of W sum to w at most")
cubes = at_most(cube(row @ line(t)), c(t), *within(1, t, T), *each).called("the cubes of l(t) are c(t) at most")
begin, begin_l = define(h(0), start), define(line(0), start_l)
step = define(h(t + 1), total(e_n(i) @ tanh(row @ (W @ h(t) + d(t + 1))), (i, 1, n)), *before)
step_l = define(line(t + 1), W @ line(t) + d(t + 1), *before)
absolute = define(sizes, total(e_n(i) @ total(size(row @ W @ e_n(j)) @ e_n(j).T, (j, 1, n)), (i, 1, n)))
nothing = define(f(0), zero(n, 1))
grows = define(f(t + 1), sizes @ f(t) + THIRD * total(e_n(i) @ cube(row @ line(t + 1)), (i, 1, n)), *before)

componentwise = at_most(size(row @ (h(t) - line(t))), row @ f(t), *until, *each).called("|h - l| ≤ f by components")
in_norm = at_most(size(row @ (h(t) - line(t))), THIRD * total(w ** (t - k) * c(k), (k, 1, t)), *until, *each).called(
    "and in the maximum norm the sum of the cubes, carried by w, bounds it"
)


def proof(prove):
    there, here = row @ (W @ h(t) + d(t + 1)), row @ line(t + 1)
    tanhs, bent = tanh(there) - tanh(here), tanh(here) - here
    gap, carried = row @ (h(t + 1) - line(t + 1)), row @ W @ (h(t) - line(t))
    apart = [*before, *each]
    split = prove(equal(gap, tanhs + bent, *apart), "a step is off by two parts").by_rewriting(step)
    driven = prove(equal(carried, there - here, *apart), "what is driven alike differs by W").by_rewriting(step_l)
    at_0 = prove(equal(row @ (h(0) - line(0)), zero(1, 1), *each), "they start together").by_rewriting(
        begin, begin_l, same_start
    )
    one_step = at_most(size(gap), size(carried) + THIRD * cube(here), *apart)
    prove(one_step, "a step carries the distance by W and adds a third of a cube").by_parts(
        lemma("triangle", tanhs, bent, gap, using=[split]),
        lemma("tanh-lipschitz", there, here, carried, tanhs, using=[driven, None]),
        lemma("tanh-cubic", here, here, bent, using=[None, None]),
    )
    begins = lemma("absolute-of-zero", row @ (h(0) - line(0)), using=[at_0])
    difference = h(t) - line(t)
    prove(componentwise).by_induction(
        t,
        nothing,
        grows,
        absolute,
        base=[begins],
        parts=[
            one_step,
            lemma("row-bound", n, row @ W, difference, carried, f(t), using=[None, at(componentwise, i=j)]),
        ],
    )
    so_far = in_norm.rhs
    prove(in_norm).by_induction(
        t,
        base=[begins],
        parts=[
            one_step,
            lemma("row-sum", n, row @ W, difference, carried, w, so_far, using=[None, rows, at(in_norm, i=j)]),
            (THIRD, [at(cubes, t=t + 1)]),
        ],
    )


@st.composite
def networks(draw):
    size_, steps = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    W_, start_ = draw(matrices(size_, size_)) / 2, draw(matrices(size_, 1)) / 3
    drive = draw(matrices(size_, steps)) / 4
    return run(W_, [drive[:, i : i + 1] for i in range(steps)], start_)


def run(W_, drive, start_):
    bounds, state = [], start_
    for column in drive:
        state = W_ @ state + column
        bounds.append([[state.norm_inf() ** 3]])
    return case(W=W_, d=drive, T=len(drive), start=start_, start_l=start_, w=W_.norm_inf(), c=bounds)


ONE = {"W": [[1]], "d": [[[0]]], "T": 1, "start": [[1]], "start_l": [[1]], "w": 1, "c": [[[1]]]}
THEOREM = Theorem(
    given=(W, T, *GIVEN),
    hypotheses={
        same_start: case(**ONE | {"start_l": [[0]], "c": [[[0]]]}),
        rows: case(**ONE | {"T": 2, "d": [[[0]], [[0]]], "c": [[[1]], [[1]]], "w": 0}),
        cubes: case(**ONE | {"c": [[[0]]]}),
    },
    definitions=(begin_l, step_l, begin, step, absolute, nothing, grows),
    conclusions=(componentwise, in_norm),
    proof=proof,
    examples={
        "one neuron that forgets slowly": case(
            W=[[1]], d=[[["1/10"]], [[0]], [[0]]], T=3, start=[[0]], start_l=[[0]], w=1, c=[[["1/1000"]]] * 3
        ),
    },
    cases=networks(),
    source="Taylor and Gronwall's inequality in discrete time; here with explicit constants",
)
