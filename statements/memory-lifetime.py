"""How long a linear memory lasts: exactly γ^t when W is scaled, for ever on the unit circle if it is semisimple there.

Given h(s), replacing W by γW scales what is read t steps later by γ^t. If γ acts during writing too, repeat copy reads
γ^(s(q+1)) u(r) at time s + qs + r, r = 1 … s: γ^(s⌈t/s⌉) for t = qs + r. The powers of Phi stay bounded if and only if
every eigenvalue has |λ| ≤ 1 and those with |λ| = 1 are semisimple. On columns V with Phi V = V Z, Z the eigenvalue as
it acts on real and imaginary parts (ZᵀZ = |λ|² I), Phi^t V = V Z^t, which never grows for |λ| ≤ 1 and exceeds
every bound for |λ| > 1; on a Jordan chain
Phi V' = V' Z + V of length two Phi^t V' = V' Z^t + t V Z^(t-1), and t Z^(t-1) grows like t for |λ| = 1.
For 0 < |λ| < 1, semisimple, the memory falls by 1/e in -1/log|λ| steps.
Idea: γ commutes with everything; the impulse response of repeat copy is I every s steps and 0 in between.
"""

import sympy
from hypothesis import strategies as st

from emtheory.formulas import (
    Theorem,
    at,
    at_most,
    by_theorem,
    case,
    define,
    equal,
    implies,
    letter,
    opaque,
    scalar,
    sibling,
    within,
)
from emtheory.judges.balls import arb, precision
from emtheory.judges.exact import eye, hstack, matrix, vstack
from emtheory.letters import (
    C,
    Dual,
    E,
    Phi,
    R,
    W,
    Xi,
    gamma,
    h,
    identity,
    k,
    kappa,
    m,
    n,
    q,
    r,
    s,
    t,
    total,
    u,
    zero,
)
from emtheory.theorems.cases import input_sequences, matrices, memory_bases, rationals, selections
from emtheory.theory.tasks import Task

spectra = sibling(__file__, "repeat-copy-spectrum")

p = sympy.Symbol("p", integer=True, positive=True)  # 1 for a real eigenvalue, 2 for a complex one
FOUND = (
    letter("F", n, n, "is any hidden matrix"),
    letter("V", n, p, "spans eigenvectors, if F V = V Z"),
    letter("L", n, p, "ends chains of length two, if F L = L Z + V"),
    letter("Z", p, p, "is an eigenvalue"),
    letter("a", p, 1, "is any vector of coordinates"),
    scalar("rho", "is its squared modulus"),
)
F, V, L, Z, a, rho = (given.symbol for given in FOUND)
A = letter("A", n, n, "").symbol

duality, first, others = spectra.duality, spectra.first, spectra.others
slower = define(A, gamma * F)
begin = define(h(0), zero(n, 1))
written = define(h(t + 1), gamma * W @ h(t) + Xi @ E(s) @ u(t + 1), *within(0, t, s - 1))
silent = define(h(t + 1), gamma * W @ h(t), t >= s)

scaled = equal(R @ A**t @ V, gamma**t * (R @ F**t @ V), t >= 0).called("γW reads γ^t of what W reads")
outputs = equal(E(s).T @ Dual @ h(s + q * s + r), gamma ** (s * (q + 1)) * u(r), q >= 0, *within(1, r, s)).called(
    "if γ acts from the start, repeat copy reads γ^(s⌈t/s⌉) of its input"
)
eigen = equal(F @ V, V @ Z).called("V spans eigenvectors")
moves = equal(F**t @ V, V @ Z**t, t >= 0).called("on which F^t is the power of the eigenvalue")
linked = equal(F @ L, L @ Z + V).called("L ends chains of length two")
chain = equal(F**t @ L, L @ Z**t + t * V @ Z ** (t - 1), t >= 1).called("on which t λ^(t-1) is added")
modulus = equal(Z.T @ Z, rho * identity(p)).called("the eigenvalue has the squared modulus rho")
conformal = equal((Z**t @ a).T @ (Z**t @ a), rho**t * (a.T @ a), t >= 0).called("so have its powers rho^t")
inside, nonnegative = at_most(rho, 1), at_most(0, rho)
orthogonal = equal(Z.T @ Z, identity(p)).called("the eigenvalue is on the circle")
bounded = at_most((Z**t @ a).T @ (Z**t @ a), a.T @ a, t >= 0).called("no coordinate grows for |λ| ≤ 1")
outside = at_most(1, rho)
escapes = at_most((1 + t * (rho - 1)) * (a.T @ a), (Z**t @ a).T @ (Z**t @ a), t >= 0).called(
    "and every one grows without bound for |λ| > 1"
)
grows = equal((t * Z ** (t - 1) @ a).T @ (t * Z ** (t - 1) @ a), t**2 * (a.T @ a), t >= 1).called(
    "what a chain adds on the circle grows like t"
)


@opaque
def lifetime(rho, **_):
    """For 0 < |λ| < 1, |λ|^t is above 1/e before -1/log|λ| steps and below it after them."""
    if not 0 < rho < 1:
        return True
    with precision(128):
        steps = int((-2 / arb(rho).log()).floor().unique_fmpz())  # |λ|² is rho
        return bool(arb(rho) ** steps >= arb(-2).exp() and arb(rho) ** (steps + 1) < arb(-2).exp())


def proof(prove):
    powers = prove(equal(A**t, gamma**t * F**t, t >= 0), "the powers of γF are γ^t F^t").by_induction(t, slower)
    prove(scaled).by_rewriting(powers)
    around = by_theorem(spectra.THEOREM, spectra.around, c=(k, zero(1, 1)))
    companion, stored = spectra.companion, spectra.stored
    row = prove(equal(E(k).T @ Phi, E(k + 1).T, *within(1, k, s - 1)), "row k reads variable k + 1").by_rewriting(
        companion
    )
    last = prove(equal(E(s).T @ Phi, E(1).T), "and the last row the first one").by_rewriting(companion, first, others)
    rows = prove(equal(E(k).T @ Phi**t, E(k + t).T, k >= 1, k + t <= s, t >= 0), "t steps").by_induction(t, row)
    heard = prove(equal(E(s).T @ Phi**t, E(t).T, *within(1, t, s)), "the output comes from place t").by_rewriting(
        last, rows
    )
    rounds = prove(equal(Phi ** (q * s), identity(m), q >= 0), "q rounds change nothing").by_induction(q, around)
    queue = prove(
        equal(h(t), total(gamma ** (t - k) * Xi @ Phi ** (t - k) @ E(s) @ u(k), (k, 1, t)), *within(0, t, s))
    ).by_induction(t, begin, written, stored, duality)
    full = prove(equal(h(s), total(gamma ** (s - k) * Xi @ Phi ** (s - k) @ E(s) @ u(k), (k, 1, s)))).by_rewriting(
        queue
    )
    aged = total(gamma ** (s + t - k) * Xi @ Phi ** (s + t - k) @ E(s) @ u(k), (k, 1, s))
    later = prove(equal(h(s + t), aged, t >= 0), "input k has the age s + t - k").by_induction(
        t, full, silent, stored, duality
    )
    same = prove(equal(E(s).T @ Phi ** (s + q * s) @ E(s), identity(kappa), q >= 0), "after whole rounds").by_rewriting(
        at(rounds, q=q + 1)
    )
    sooner = prove(
        equal(E(s).T @ Phi ** (s + q * s + r - k) @ E(s), zero(kappa, kappa), q >= 0, k >= 1, k <= r - 1, r <= s)
    ).by_rewriting(at(rounds, q=q + 1), heard)
    other = prove(
        equal(E(s).T @ Phi ** (s + q * s + r - k) @ E(s), zero(kappa, kappa), q >= 0, r >= 1, k >= r + 1, k <= s)
    ).by_rewriting(at(rounds, q=q), heard)

    def part(k):
        return gamma ** (s + q * s + r - k) * E(s).T @ Phi ** (s + q * s + r - k) @ E(s) @ u(k)

    cut = prove(
        equal(
            E(s).T @ Dual @ h(s + q * s + r), total(part(k), (k, 1, r - 1)) + part(r) + total(part(k), (k, r + 1, s)),
            q >= 0, *within(1, r, s),
        )
    ).by_rewriting(later, duality)  # fmt: skip
    at_once = (q >= 0, *within(1, r, s))
    before = prove(equal(total(part(k), (k, 1, r - 1)), zero(kappa, 1), *at_once)).by_rewriting(at(sooner, q=q, r=r))
    after = prove(equal(total(part(k), (k, r + 1, s)), zero(kappa, 1), *at_once)).by_rewriting(at(other, q=q, r=r))
    now = prove(equal(part(r), outputs.rhs, *at_once)).by_rewriting(at(same, q=q))
    prove(outputs).by_combining(cut, before, after, now)
    with prove.assuming(eigen):
        prove(moves).by_induction(t, eigen)
    with prove.assuming(eigen, linked):
        prove(chain).by_induction(t, linked, eigen)
    with prove.assuming(modulus):
        kept = prove(equal((Z**t).T @ Z**t, rho**t * identity(p), t >= 0)).by_induction(t, modulus)
        prove(conformal).by_rewriting(kept)
    with prove.assuming(modulus, inside, nonnegative):
        kept = prove(equal((Z**t).T @ Z**t, rho**t * identity(p), t >= 0)).by_induction(t, modulus)
        positive = prove(at_most(0, rho**t, t >= 0)).by_induction(
            t, base=[(1, [])], parts=[(1, [nonnegative, at_most(0, rho**t, t >= 0)])]
        )
        falls = prove(at_most(rho**t, 1, t >= 0)).by_induction(
            t, base=[], parts=[(1, [at_most(rho**t, 1, t >= 0)]), (1, [inside, positive])]
        )
        prove(bounded).by_parts((1, [a, falls]), using=[kept])
    with prove.assuming(modulus, outside):
        kept = prove(equal((Z**t).T @ Z**t, rho**t * identity(p), t >= 0)).by_induction(t, modulus)
        counted = at_most(0, t, t >= 0)
        prove(counted, "a number of steps is at least 0").by_induction(t, parts=[(1, [counted]), (1, [])])
        bernoulli = at_most(1 + t * (rho - 1), rho**t, t >= 0)
        prove(bernoulli, "Bernoulli's inequality").by_induction(
            t, parts=[(1, [bernoulli]), (1, [outside, bernoulli]), (1, [counted, outside, outside])]
        )
        prove(escapes).by_parts((1, [a, bernoulli]), using=[kept])
    with prove.assuming(orthogonal):
        kept = prove(equal((Z**t).T @ Z**t, identity(p), t >= 0)).by_induction(t, orthogonal)
        prove(grows).by_rewriting(at(kept, t=t - 1))


@st.composite
def memories(draw):
    """A hidden matrix with a chain of one eigenvalue, and repeat copy in a random basis."""
    sizes = draw(selections(max_s=3, max_m=4))
    task = Task.repeat_copy(sizes.s, sizes.kappa)
    basis, inputs = draw(memory_bases(m=task.s * task.kappa, max_n=5)), draw(input_sequences(task))
    kinds = [([[1]], 1), ([[-1]], 1), ([["1/2"]], "1/4"), ([[0]], 0), ([[2]], 4), ([[0, -1], [1, 0]], 1)]
    kinds += [([["3/5", "-4/5"], ["4/5", "3/5"]], 1), ([["1/2", "-1/2"], ["1/2", "1/2"]], "1/2")]
    value, rho = draw(st.sampled_from(kinds))
    turn, size = matrix(value), len(basis.xi)
    width, chained = len(turn), len(basis.xi) >= 2 * len(turn)
    hidden, top = draw(matrices(size, size)), draw(matrices(size, width))
    if chained:  # [V L] are the first columns of the identity
        held = vstack([hstack([turn, eye(width)]), hstack([0 * turn, turn])])
        rest = hstack([0 * hidden[:, : 2 * width], hidden[:, 2 * width :]])
        block = eye(size)[:, : 2 * width] @ held @ eye(size)[:, : 2 * width].T
        hidden, top = rest + block, eye(size)[:, :width]
    return case(
        C=list(task.blocks), Xi=basis.xi, Dual=basis.dual, u=[inputs[:, i : i + 1] for i in range(task.s)], s=task.s,
        R=draw(matrices(task.kappa, size)), gamma=draw(rationals()), F=hidden, V=top, Z=turn, rho=rho,
        L=eye(size)[:, width : 2 * width] if chained else top, a=draw(matrices(width, 1)),
    )  # fmt: skip


EYE = [[1, 0], [0, 1]]
REST = {"u": [[[3]], [[5]]], "s": 2, "Z": [[1]], "a": [[1]], "rho": 1, "F": [[1, 1], [0, 1]], "R": [[1, 1]], "gamma": 2}
CHAIN = {"V": [[1], [0]], "L": [[0], [1]]}
ONE = {"F": [[1]], "V": [[1]], "L": [[0]], "Z": [[1]], "a": [[1]], "rho": 1}
ONE |= {"R": [[1]], "gamma": 1, "u": [[[1]]], "s": 1}
THEOREM = Theorem(
    given=(C, Xi, Dual, u, s, R, gamma, *FOUND),
    hypotheses={
        duality: case(C=[[[1]], [[0]]], Xi=[[1, 1], [0, 1]], Dual=[[1, 0], [1, 1]], **REST, **CHAIN),
        first: case(C=[[[-1]]], Xi=[[1]], Dual=[[1]], **ONE),
        others: case(C=[[[1]], [[1]]], Xi=EYE, Dual=EYE, **REST, **CHAIN),
    },
    definitions=(spectra.companion, spectra.stored, begin, written, silent, slower),
    conclusions=(
        scaled, outputs, implies(eigen, moves), implies(eigen, linked, chain), implies(modulus, conformal),
        implies(modulus, inside, nonnegative, bounded), implies(modulus, outside, escapes),
        implies(orthogonal, grows), lifetime,
    ),
    proof=proof,
    examples={"a chain on the circle: x(t) = 2 x(t-1) - x(t-2)": case(
        C=[[[1]], [[0]]], Xi=EYE, Dual=EYE, **REST, **CHAIN
    )},
    cases=memories(),
    uses=(spectra.THEOREM,),
    source="R. A. Horn, C. R. Johnson, Matrix Analysis, 2nd ed., 3.2.5; Karuvally et al., arXiv:2310.02430",
)  # fmt: skip
