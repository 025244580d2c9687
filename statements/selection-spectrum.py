"""The spectrum of a signed selection is read off its cycles, exactly and without an eigensolver.

If each row of [C_1 … C_s] has at most one nonzero entry, and that is ±1, Phi_C is a signed partial functional graph on
s kappa nodes. A cycle of length l with sign product ε contributes x^l - ε to the characteristic polynomial, every other
node a factor x. Eigenvalues on the unit circle are semisimple, the operator norm of Phi_C on the maximum norm is at
most 1, and rank Phi_C^k is the number of nodes at which a path of length k ends: heights give the Jordan blocks at 0.
What is proved: nodes Q that read each other alone (Qᵀ F = Z Qᵀ) split off the factor det(x - Z) from all others, which
read them by X and each other by Y; a cycle S of any blocks a(1) … a(s) has det(x - S) = det(x^s - a(s) a(1) … a(s-1)),
which is x^l - ε for signs, and is orthogonal then; and nodes whose paths end have x^q. Cycle by cycle that is the whole
polynomial, and Qᵀ F = Z Qᵀ has all eigenvalues on the circle, semisimple.
Idea: A B and B A below are block triangular with F in the one, Y and Z in the other; a cycle is a shift and one row.
"""

import sympy
from hypothesis import strategies as st

from emtheory.formulas import (
    Theorem,
    Variable,
    at,
    case,
    define,
    det,
    equal,
    implies,
    letter,
    letters,
    opaque,
    times,
    within,
)
from emtheory.judges.exact import charpoly, cycle, eye, matrix
from emtheory.letters import C, E, block, delta, identity, j, k, kappa, m, n, s, t, total, zero
from emtheory.theorems.cases import matrices, selections
from emtheory.theory.circuits import companion
from emtheory.theory.spectra import jordan_at_zero, predicted_spectrum
from emtheory.theory.tasks import Task

x = Variable("x")
p, q = (sympy.Symbol(name, integer=True, positive=True) for name in ("p", "q"))
GRAPH = (
    letter("Q", n, p, "picks nodes that read each other alone"),
    letter("K", n, q, "picks the others"),
    letter("Z", p, p, "is how those nodes read each other"),
    letter("X", q, p, "is how the others read them"),
    letter("Y", q, q, "is how the others read each other"),
)
STEPS = letters("a", kappa, kappa, first=1, last=s, phrase="are the steps around a cycle")
Q, K, Z, X, Y = (given.symbol for given in GRAPH)
a = STEPS.symbol
F, N, S = letter("F", n, n, "").symbol, letter("N", m, m, "").symbol, letter("S", m, m, "").symbol
b = letters("b", kappa, kappa, first=0, last=s - 1, phrase="").symbol

picked = equal(Q.T @ Q, identity(p)).called("Q picks each node once")
others = equal(K.T @ K, identity(q)).called("K picks each node once")
disjoint = equal(Q.T @ K, zero(p, q)).called("no node is picked by both")
graph = define(F, Q @ Z @ Q.T + K @ X @ Q.T + K @ Y @ K.T)
path = define(N, total(E(j) @ a(j) @ E(j + 1).T, (j, 1, s - 1)))
closed = define(S, N + E(s) @ a(s) @ E(1).T)
begin = define(b(0), identity(kappa))
product = define(b(t + 1), a(s - t - 1) @ b(t), *within(0, t, s - 2))

splits = equal(
    x ** (p + q) * det(x * identity(n) - F), x**n * (det(x * identity(q) - Y) * det(x * identity(p) - Z))
).called("F has the eigenvalues of Z and of Y, and 0 for nodes in neither")
around = equal(det(x * identity(m) - S), det(x**s * identity(kappa) - a(s) @ b(s - 1))).called(
    "a cycle contributes x^s minus the product of its steps"
)
alone = equal(Q.T @ F**t, Z**t @ Q.T, t >= 0).called("the nodes of Q move by Z alone")
signs = equal(a(k) @ a(k).T, identity(kappa), *within(1, k, s)).called("each step is a sign, or orthogonal")
turns = equal(S @ S.T, identity(m)).called("a cycle of signs is orthogonal: semisimple, on the circle")
ends = equal(Y**q, zero(q, q)).called("the paths of the others end")
zeros = equal(x ** (p + q) * det(x * identity(n) - F), x ** (n + q) * det(x * identity(p) - Z)).called(
    "then each of them contributes a factor x"
)


def selected(C):
    """The task, if it is a signed selection."""
    task = Task.from_blocks(list(C))
    return task if task.selection is not None else None


@opaque
def polynomial_of_cycles(C, **_):
    """For a signed selection det(x - Phi_C) is the product of x^l - ε over its cycles, and of x for the rest."""
    task = selected(C)
    return task is None or predicted_spectrum(task).charpoly() == charpoly(companion(task))


@opaque
def heights(C, **_):
    """The Jordan blocks of a signed selection at 0 are those of the heights of nodes, and ‖Phi_C‖_∞ ≤ 1."""
    task = selected(C)
    if task is None:
        return True
    phi = companion(task)
    ranks = [(phi**power).rank() for power in range(len(phi) + 2)]
    found = {size: ranks[size - 1] - 2 * ranks[size] + ranks[size + 1] for size in range(1, len(phi) + 1)}
    return jordan_at_zero(task) == {size: count for size, count in found.items() if count} and phi.norm_inf() <= 1


def proof(prove):
    disjoint_too = prove(equal(K.T @ Q, zero(q, p)), "nor the other way").by_rewriting(disjoint)
    reads = X @ Q.T + Y @ K.T
    one = block([[x * identity(n), K, Q], [reads, identity(q), zero(q, p)], [Z @ Q.T, zero(p, q), identity(p)]])
    two = block(
        [
            [identity(n), zero(n, q), zero(n, p)],
            [-reads, x * identity(q), zero(q, p)],
            [-Z @ Q.T, zero(p, q), x * identity(p)],
        ]
    )
    with_f = prove(equal(det(one @ two), x ** (p + q) * det(x * identity(n) - F)), "A B has F").by_determinants(graph)
    with_parts = prove(
        equal(det(two @ one), x**n * (det(x * identity(q) - Y) * det(x * identity(p) - Z))), "B A has its parts"
    ).by_determinants(picked, others, disjoint, disjoint_too)
    swapped = prove(equal(det(one @ two), det(two @ one)), "both have one determinant").by_determinants()
    prove(splits, "F has the polynomials of both parts").by_determinants(with_f, with_parts, swapped)
    prove(alone).by_induction(t, graph, picked, disjoint)
    complete = prove(equal(total(E(k) @ E(k).T, (k, 1, s)), identity(m)), "Σ E Eᵀ = I").by_lemma(
        "selectors-complete", s, kappa
    )
    with prove.assuming(signs):
        each = prove(equal(S @ S.T, total(E(k) @ E(k).T, (k, 1, s))), "step by step").by_rewriting(path, closed, signs)
        prove(turns).by_combining(each, complete)
    with prove.assuming(ends):
        lost = prove(equal(det(x * identity(q) - Y), x**q), "a nilpotent part").by_lemma(
            "det-of-nilpotent", q, Y, x * identity(q) - Y, x, -1, q, using=[ends, None]
        )
        prove(zeros).by_determinants(splits, lost)
    row = prove(equal(E(k).T @ N, a(k) @ E(k + 1).T, *within(1, k, s - 1)), "a step").by_rewriting(path)
    last = prove(equal(E(s).T @ N, zero(kappa, m)), "the path ends").by_rewriting(path)
    gone = prove(equal(E(s - t).T @ N ** (t + 1), zero(kappa, m), *within(0, t, s - 1)), "after t steps").by_induction(
        t, last, row
    )
    rows = prove(equal(E(k).T @ N**s, zero(kappa, m), *within(1, k, s)), "from every place").by_rewriting(
        at(gone, t=s - k)
    )
    parts = prove(equal(total(E(k) @ E(k).T @ N**s, (k, 1, s)), zero(m, m)), "all block rows are 0").by_rewriting(rows)
    power = prove(equal(N**s, zero(m, m)), "and the power").by_combining(times(complete, right=N**s), parts)
    nilpotent = prove(equal(det(x * identity(m) - N), x**m), "the path is nilpotent").by_lemma(
        "det-of-nilpotent", m, N, x * identity(m) - N, x, -1, s, using=[power, None]
    )
    V = total(x ** (k - 1) * E(k) @ b(s - k), (k, 1, s))
    both = block([[x * identity(m) - N, E(s)], [a(s) @ E(1).T, identity(kappa)]])
    left = block([[identity(m), -E(s)], [zero(kappa, m), identity(kappa)]])
    right = block([[identity(m), -V], [zero(kappa, m), x**s * identity(kappa)]])
    moved = prove(
        equal(N @ E(k), total(delta(j + 1, k) * E(j) @ a(j), (j, 1, s - 1)), *within(1, k, s)), "N moves k to k - 1"
    ).by_rewriting(path)
    factor = prove(equal(a(k) @ b(s - k - 1), b(s - k), *within(1, k, s - 1)), "products").by_rewriting(
        at(product, t=s - k - 1)
    )
    with_s = prove(equal(det(left @ both), det(x * identity(m) - S)), "from the left").by_determinants(closed)
    plain = prove(equal(det(left @ both), det(both)), "which keeps the determinant").by_determinants()
    is_s = prove(equal(det(both), det(x * identity(m) - S)), "so it is that of S").by_determinants(with_s, plain)
    with_a = prove(
        equal(det(both @ right), x**m * det(x**s * identity(kappa) - a(s) @ b(s - 1))), "from the right"
    ).by_determinants(moved, factor, nilpotent, begin)
    scaled = prove(equal(det(both @ right), x ** (s * kappa) * det(both)), "which scales").by_determinants()
    whole = prove(
        equal(x**m * det(x * identity(m) - S), x**m * det(x**s * identity(kappa) - a(s) @ b(s - 1))), "together"
    ).by_determinants(is_s, with_a, scaled)
    prove(around).by_cancelling(x, m, whole)


@st.composite
def graphs(draw):
    """A signed selection, and a graph with a cycle and a rest that is nilpotent or not; steps around a cycle."""
    task = draw(selections(max_s=3, max_kappa=2))
    width, rest, spare = draw(st.integers(1, 3)), draw(st.integers(1, 2)), draw(st.integers(0, 1))
    order = draw(st.permutations(range(width + rest + spare)))
    columns = eye(width + rest + spare)
    places = matrix([[row[c] for c in order] for row in columns])
    y = draw(matrices(rest, rest))
    if draw(st.booleans()):
        y = matrix([[y[r, c] if r < c else 0 for c in range(rest)] for r in range(rest)])
    steps = [draw(matrices(task.kappa, task.kappa)) for _ in range(task.s)]
    if draw(st.booleans()):
        steps = [draw(st.sampled_from((1, -1))) * cycle(task.kappa) ** draw(st.integers(0, 1)) for _ in steps]
    return case(
        C=list(task.blocks), s=task.s, Q=places[:, :width], K=places[:, width : width + rest], Z=cycle(width), Y=y,
        X=draw(matrices(rest, width)), a=steps,
    )  # fmt: skip


ONE = {"C": [[[-1]]], "s": 1, "Z": [[1]], "X": [[1]], "Y": [[1]], "a": [[[-1]]]}
UNITS = {"Q": [[1], [0]], "K": [[0], [1]]}
THEOREM = Theorem(
    given=(C, s, *GRAPH, STEPS),
    hypotheses={
        picked: case(**ONE | UNITS | {"Q": [[2], [0]]}),
        others: case(**ONE | UNITS | {"K": [[0], [2]]}),
        disjoint: case(**ONE | {"Q": [[1]], "K": [[1]]}),
    },
    definitions=(graph, path, closed, begin, product),
    conclusions=(
        splits, alone, around, implies(signs, turns), implies(ends, zeros), polynomial_of_cycles, heights,
    ),
    proof=proof,
    examples={"a negative fixed point": case(**ONE, **UNITS)},
    cases=graphs(),
    source="Karuvally, DelMastro, Siegelmann, Episodic Memory Theory of RNNs, PMLR 221 (2023), generalised",
)  # fmt: skip
