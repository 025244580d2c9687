"""Repeat copy has the s-th roots of unity for a spectrum, each kappa-fold and semisimple.

With C_1 = I and all other blocks 0, in any basis with a dual: x^m det(x - W) = x^n (x^s - 1)^kappa with m = s kappa,
Phi^s = I, and the minimal polynomial of W is x^s - 1, times x if n > m. So every eigenvalue of the memories lies on the
unit circle and nothing grows or fades: what is stored is stored for ever.
Idea: A(x) = (x^s - 1) I; variables go round in s steps; x^s - 1 has no double root, for
x (x^s - 1)' - s (x^s - 1) = s; and Σ_t c_t Phi^t E_1 = Σ_t c_t E_(s-t+1) is 0 only if all c_t are.
"""

from emtheory.formulas import (
    Theorem,
    Variable,
    by_theorem,
    case,
    det,
    equal,
    letters,
    sibling,
    times,
    within,
)
from emtheory.letters import C, Dual, E, Phi, W, Xi, identity, j, k, kappa, m, n, s, t, total, zero
from emtheory.theorems.cases import memory_bases, selections
from emtheory.theory.tasks import Task

action, spectra = sibling(__file__, "companion-action"), sibling(__file__, "companion-spectrum")
transfers = sibling(__file__, "spectrum-transfer")

x = Variable("x")
NUMBERS = letters("c", 1, 1, first=1, last=s, phrase="are the coefficients of a polynomial of degree below s")
c = NUMBERS.symbol

duality = transfers.duality
first = equal(C(1), identity(kappa)).called("the first block is the identity")
others = equal(C(k), zero(kappa, kappa), *within(2, k, s)).called("all other blocks are 0")
companion, stored = action.companion, transfers.stored

spectrum = equal(det(x * identity(m) - Phi), (x**s - 1) ** kappa).called("Phi has the roots of unity, kappa-fold")
hidden = equal(x**m * det(x * identity(n) - W), x**n * (x**s - 1) ** kappa).called("in W n - m zeros come along")
simple = equal(x * (s * x ** (s - 1)) - s * (x**s - 1), s).called("x^s - 1 has no double root")
around = equal(Phi**s, identity(m)).called("Phi^s = I")
returns = equal(W ** (s + 1), W).called("so x^(s+1) - x is 0 at W: all its eigenvalues are semisimple")
projected = equal(W**s, Xi @ Dual).called("W^s - I is 0 only where the memories fill the space")
independent = equal(
    E(s + 1 - t).T @ total(det(c(j)) * Phi**j, (j, 1, s)) @ E(1), det(c(t)) * identity(kappa), *within(1, t, s)
).called("a combination of Phi … Phi^s shows its coefficients: no polynomial of degree below s is 0 at Phi")
independent_too = equal(
    E(s + 1 - t).T @ Dual @ total(det(c(j)) * W**j, (j, 1, s)) @ Xi @ E(1),
    det(c(t)) * identity(kappa),
    *within(1, t, s),
).called("nor a multiple of x of degree up to s at W")


def proof(prove):
    acts = by_theorem(action.THEOREM, action.action)
    of_c = by_theorem(spectra.THEOREM, spectra.spectrum, N=spectra.shift.rhs)
    prove(spectrum).by_determinants(of_c, first, others)
    transfer = by_theorem(transfers.THEOREM, transfers.kept, r=1, N=zero(n, 1))
    prove(hidden).by_determinants(transfer, spectrum)
    prove(simple).by_rewriting()
    back = prove(equal(Phi @ E(k), E(k - 1), *within(2, k, s)), "nothing is added for k ≥ 2").by_rewriting(acts, others)
    wrap = prove(equal(Phi @ E(1), E(s)), "and the first variable becomes the last one").by_rewriting(acts, first)
    moved = prove(equal(Phi**t @ E(k), E(k - t), *within(1, k, s), *within(0, t, k - 1)), "t steps").by_induction(
        t, back
    )
    to_first = prove(equal(Phi ** (k - 1) @ E(k), E(1), *within(1, k, s)), "k - 1 steps").by_rewriting(moved)
    to_last = prove(equal(Phi**k @ E(k), E(s), *within(1, k, s)), "k steps").by_rewriting(to_first, wrap)
    full = prove(equal(Phi**s @ E(k), E(k), *within(1, k, s)), "after s steps every variable is back").by_rewriting(
        to_last, moved
    )
    complete = prove(equal(total(E(k) @ E(k).T, (k, 1, s)), identity(m)), "Σ E Eᵀ = I").by_lemma(
        "selectors-complete", s, kappa
    )
    kept = prove(
        equal(Phi**s @ total(E(k) @ E(k).T, (k, 1, s)), total(E(k) @ E(k).T, (k, 1, s))), "in all places"
    ).by_rewriting(full)
    prove(around).by_combining(kept, complete, times(complete, left=Phi**s))
    powers = prove(equal(W**t, Xi @ Phi**t @ Dual, t >= 1), "the network steps as the memories do").by_induction(
        t, stored, duality
    )
    prove(projected).by_rewriting(powers, around)
    prove(returns).by_rewriting(projected, stored, duality)
    fanned = prove(equal(Phi**t @ E(1), E(s + 1 - t), *within(1, t, s)), "powers move variable 1 apart").by_rewriting(
        wrap, moved
    )
    prove(independent).by_rewriting(fanned)
    read = prove(equal(Dual @ W**t @ Xi, Phi**t, t >= 1), "read back").by_rewriting(powers, duality)
    prove(independent_too).by_rewriting(read, fanned)


def in_a_basis(task):
    """Repeat copy of the sizes of a task, in a random basis."""
    copy = Task.repeat_copy(task.s, task.kappa)
    numbers = [[[(i * i + task.kappa) % 5 - 1]] for i in range(task.s)]
    return memory_bases(m=task.s * task.kappa, max_n=7).map(
        lambda basis: case(C=list(copy.blocks), Xi=basis.xi, Dual=basis.dual, s=task.s, c=numbers)
    )


THEOREM = Theorem(
    given=(C, Xi, Dual, s, NUMBERS),
    hypotheses={
        duality: case(C=[[[1]], [[0]]], Xi=[[1, 1], [0, 1]], Dual=[[1, 0], [1, 1]], s=2, c=[[[1]], [[2]]]),
        first: case(C=[[[-1]]], Xi=[[1]], Dual=[[1]], s=1, c=[[[1]]]),
        others: case(C=[[[1]], [[1]]], Xi=[[1, 0], [0, 1]], Dual=[[1, 0], [0, 1]], s=2, c=[[[1]], [[2]]]),
    },
    definitions=(companion, stored),
    conclusions=(spectrum, hidden, simple, around, projected, returns, independent, independent_too),
    proof=proof,
    examples={
        "three numbers: the cube roots of unity": case(
            C=[[[1]], [[0]], [[0]]],
            Xi=[[1, 0, 0], [0, 1, 0], [0, 0, 1]],
            Dual=[[1, 0, 0], [0, 1, 0], [0, 0, 1]],
            s=3,
            c=[[[1]], [[2]], [[3]]],
        ),
    },
    cases=selections(max_m=6).flatmap(in_a_basis),
    uses=(action.THEOREM, spectra.THEOREM, transfers.THEOREM),
    source="Karuvally, DelMastro, Siegelmann, Episodic Memory Theory of RNNs, PMLR 221 (2023), section 5",
)
