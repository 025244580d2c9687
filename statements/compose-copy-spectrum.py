"""Compose copy keeps s(s+1)/2 of its s² eigenvalues on the unit circle: the roots of unity of orders 1 to s.

With C_k = e_k e_kᵀ and kappa ≤ s entries, det(x - Phi_C) = Π_i x^(i-1) (x^(s+1-i) - 1), i = 1 … kappa; compose copy is
kappa = s. Entry i goes round in s + 1 - i places, so that Phi_C has cycles of all lengths from s + 1 - kappa to s, and
what is left of entry i in the i - 1 places before them is lost in as many steps. A primitive d-th root of unity has
multiplicity ⌊s/d⌋ for kappa = s; s(s+1)/2 eigenvalues lie on the circle (36 of 64 for s = 8), the others are 0.
Idea: the matrix polynomial is diagonal, A(x) e_i = (x^s - x^(i-1)) e_i, and x^s - x^(i-1) = x^(i-1) (x^(s+1-i) - 1).
"""

from hypothesis import strategies as st

from emtheory.formulas import (
    Theorem,
    at,
    by_theorem,
    case,
    define,
    det,
    equal,
    letters,
    opaque,
    scalar,
    sibling,
    size,
    times,
    within,
)
from emtheory.judges.exact import charpoly, monomial, polynomial
from emtheory.letters import C, E, Phi, delta, e, i, identity, k, kappa, m, s, t, total, zero
from emtheory.theorems.cases import rationals
from emtheory.theory.circuits import companion as companion_of
from emtheory.theory.tasks import Task

action, spectra = sibling(__file__, "companion-action"), sibling(__file__, "companion-spectrum")

POINT = scalar("nu", "is any number")
ENTRIES = size("kappa", "is the number of entries that are composed, one of each of the first variables")
nu = POINT.symbol
p = letters("p", 1, 1, first=0, last=s, phrase="").symbol

composes = define(C(k), total(delta(i, k) * e(i) @ e(i).T, (i, 1, kappa)), *within(1, k, s))
companion = action.companion
nothing = define(p(0), identity(1))
more = define(p(t + 1), p(t) * (nu**t * (nu ** (s - t) - 1)), *within(0, t, s - 1))

product = equal(det(nu * identity(m) - Phi), p(kappa), s >= kappa).called(
    "the characteristic polynomial is the product of those of all cycles, and of x for every other place"
)
cycles = equal(e(i).T @ E(k).T @ Phi ** (s + 1 - i), e(i).T @ E(k).T, i >= 1, i <= kappa, k >= i, k <= s).called(
    "entry i goes round in s + 1 - i places"
)
lost = equal(Phi**k @ E(k) @ e(i), zero(m, 1), k >= 1, k <= i - 1, i <= kappa, i <= s).called(
    "and is lost from the i - 1 places before"
)


@opaque
def multiplicities(s, **_):
    """A primitive d-th root of unity is an eigenvalue of compose copy ⌊s/d⌋ times, for every d, s(s+1)/2 in all."""
    size = int(s)
    left, times = charpoly(companion_of(Task.compose_copy(size))), {}
    for order in range(1, size + 2):
        while left % cyclotomic(order) == 0:
            left, times[order] = left // cyclotomic(order), times.get(order, 0) + 1
    return times == {d: size // d for d in range(1, size + 1)} and left == monomial(size * (size - 1) // 2)


def cyclotomic(order):
    """The monic polynomial of the primitive roots of unity of an order."""
    value = monomial(order) - polynomial([1])
    for smaller in range(1, order):
        if order % smaller == 0:
            value = value // cyclotomic(smaller)
    return value


def proof(prove):
    of_c = by_theorem(spectra.THEOREM, spectra.spectrum, N=spectra.shift.rhs)
    composed = nu**s * identity(kappa) - total(nu ** (k - 1) * C(k), (k, 1, s))
    general = prove(equal(det(nu * identity(m) - Phi), det(composed)), "as of every circuit").by_combining(
        at(of_c, x=nu)
    )
    entry = nu ** (i - 1) * (nu ** (s + 1 - i) - 1) * identity(1)
    diagonal = total(e(i) @ entry @ e(i).T, (i, 1, kappa))
    complete = prove(equal(total(e(i) @ e(i).T, (i, 1, kappa)), identity(kappa)), "Σ e eᵀ = I").by_lemma(
        "selectors-complete", kappa, 1
    )
    opened = prove(
        equal(composed, nu**s * (identity(kappa) - total(e(i) @ e(i).T, (i, 1, kappa))) + diagonal, s >= kappa),
        "A is diagonal",
    ).by_rewriting(composes)
    same = prove(equal(composed, diagonal, s >= kappa), "with the entries x^s - x^(i-1)").by_combining(
        opened, times(complete, left=nu**s * identity(kappa))
    )
    step = prove(
        equal(p(t + 1), p(t) @ (nu**t * (nu ** (s - t) - 1) * identity(1)), *within(0, t, kappa - 1), s >= kappa)
    ).by_rewriting(more)
    multiplied = prove(equal(det(composed), p(kappa), s >= kappa), "its determinant is their product").by_lemma(
        "det-of-diagonal", kappa, (i, entry), (i, p(i)), composed, using=[nothing, step, same]
    )
    prove(product).by_combining(general, multiplied)
    row = prove(equal(e(i).T @ E(k).T @ Phi, e(i).T @ E(k + 1).T, *within(1, i, kappa), *within(1, k, s - 1)))
    onward = row.by_rewriting(companion)
    wrap = prove(equal(e(i).T @ E(s).T @ Phi, e(i).T @ E(i).T, *within(1, i, kappa), i <= s)).by_rewriting(
        companion, composes
    )
    rows = prove(
        equal(e(i).T @ E(k).T @ Phi**t, e(i).T @ E(k + t).T, *within(1, i, kappa), k >= 1, k + t <= s, t >= 0)
    ).by_induction(t, onward)
    to_last = prove(equal(e(i).T @ E(k).T @ Phi ** (s - k), e(i).T @ E(s).T, *within(1, i, kappa), *within(1, k, s)))
    to_last = to_last.by_rewriting(rows)
    around = prove(
        equal(e(i).T @ E(k).T @ Phi ** (s - k + 1), e(i).T @ E(i).T, *within(1, i, kappa), i <= s, *within(1, k, s))
    ).by_rewriting(to_last, wrap)
    prove(cycles).by_rewriting(around, rows)
    acts = by_theorem(action.THEOREM, action.action)
    back = prove(equal(Phi @ E(k) @ e(i), E(k - 1) @ e(i), k >= 2, k <= i - 1, i <= kappa, i <= s)).by_rewriting(
        acts, composes
    )
    out = prove(equal(Phi @ E(1) @ e(i), zero(m, 1), i >= 2, i <= kappa, i <= s)).by_rewriting(acts, composes)
    prove(lost).by_induction(k, at(back, k=k + 1), out)


THEOREM = Theorem(
    given=(s, ENTRIES, POINT),
    definitions=(composes, companion, nothing, more),
    conclusions=(product, cycles, lost, multiplicities),
    proof=proof,
    examples={"two variables": case(s=2, kappa=2, nu=2), "three": case(s=3, kappa=3, nu=-1)},
    cases=st.builds(
        lambda s, kappa, nu: case(s=s, kappa=min(s, kappa), nu=nu), st.integers(1, 5), st.integers(1, 5), rationals()
    ),
    uses=(action.THEOREM, spectra.THEOREM),
    source="Karuvally, DelMastro, Siegelmann, Episodic Memory Theory of RNNs, PMLR 221 (2023), section 5",
)
