"""The least number of memories that can hold weights W is 2 rank W - rank W², whatever dual they are read with.

W = Xi Phi Dual with Dual Xi = I_m. If X W Y = I_r, so that rank W ≥ r, and the range of W has q independent vectors K
that W sends to 0, then m ≥ r + q; with r = rank W, q = rank W - rank W² that is the bound. With Xi Dual symmetric (the
Moore-Penrose dual) m ≥ rank [W, Wᵀ]. Every m from the bound to n occurs. The smallest W for which the two numbers
differ is [[1, 1], [0, 0]]: 1 and 2. (What determines Phi, and which weights are held: representation-unique.)
Idea: Dual K and Dual W Y are independent in m dimensions, as Xi Dual fixes the range of W.
"""

from hypothesis import strategies as st

from emtheory.formulas import Theorem, at_most, case, define, equal, implies, letter, opaque, size, times
from emtheory.judges.exact import eye, hstack, left_inverse, zeros
from emtheory.letters import Dual, Phi, W, Xi, identity, m, n, s, zero
from emtheory.theorems.cases import interactions, invertible_matrices, memory_bases, tasks

SIZES = (
    size("r", "is a rank that W has at least"),
    size("q", "is a number of independent vectors of range W that W sends to 0"),
    size("l", "is a rank that [W, Wᵀ] has at least"),
)
r, q, l = (given.symbol for given in SIZES)  # noqa: E741
LETTERS = (
    letter("X", r, n, "shows with Y the rank of W"),
    letter("Y", n, r, "shows with X the rank of W"),
    letter("K", n, q, "has vectors of range W that W sends to 0"),
    letter("Z", n, q, "has what W sends to K"),
    letter("B", q, n, "reads K"),
    letter("P", l, n, "shows with Q and R the rank of [W, Wᵀ]"),
    letter("Q", n, l, "is for W"),
    letter("R", n, l, "is for Wᵀ"),
    letter("V", n, n, "is any other weights"),
)
X, Y, K, Z, B, P, Q, R, V = (given.symbol for given in LETTERS)

duality = equal(Dual @ Xi, identity(m)).called("the dual reads back what the basis writes")
stored = define(W, Xi @ Phi @ Dual)
ranked = equal(X @ W @ Y, identity(r)).called("rank W ≥ r")
silent, reached, apart = equal(W @ K, zero(n, q)), equal(K, W @ Z), equal(B @ K, identity(q))
enough = at_most(r, m).called("m ≥ r")
least = at_most(r + q, m).called("m ≥ r + q, at best 2 rank W - rank W²")
orthogonal = equal(Dual.T @ Xi.T, Xi @ Dual).called("the dual is the Moore-Penrose one")
ranked_too = equal(P @ (W @ Q + W.T @ R), identity(l)).called("rank [W, Wᵀ] ≥ l")
least_too = at_most(l, m).called("m ≥ l, at best rank [W, Wᵀ]")


@opaque
def every_number_occurs(Xi, Dual, Phi, **_):
    """W is held by m memories for every m from 2 rank W - rank W² to n, and by no fewer than that."""
    w = Xi @ Phi @ Dual
    image, some = independent(columns(w)), 2 * w.rank() - (w @ w).rank()
    aside = independent(image + columns(w.kernel()))[len(image) :]  # a part of ker W beside range W
    return len(Phi) >= some == len(w) - len(aside) and all(
        is_held(w, independent(image + aside[: len(w) - m] + columns(eye(len(w)))), image, aside[: len(w) - m])
        for m in range(some, len(w) + 1)
    )


@opaque
def every_number_occurs_with_moore_penrose(Xi, Dual, Phi, **_):
    """W is held with a Moore-Penrose dual by m memories for every m from rank [W, Wᵀ] to n."""
    w = Xi @ Phi @ Dual
    both = independent(columns(hstack([w, w.T])))
    spanning = independent(both + columns(eye(len(w))))
    chosen = (hstack(spanning[:m]) for m in range(max(len(both), 1), len(w) + 1))
    return all(psi @ (left_inverse(psi) @ w @ psi) @ left_inverse(psi) == w for psi in chosen)


def columns(a):
    return [a[:, i : i + 1] for i in range(a.shape[1])]


def independent(candidates):
    """Those candidates that are independent of all before."""
    kept = []
    for one in candidates:
        if hstack([*kept, one]).rank() == len(kept) + 1:
            kept.append(one)
    return kept


def is_held(w, spanning, image, aside):
    """Whether memories that span all but `aside`, read with a dual that is 0 there, hold w."""
    left = [one for one in spanning if not any(one == other for other in aside)]
    if not left:
        return w.is_zero()
    psi, star = hstack(left), hstack(left + aside).inv()[: len(left), :]
    return star @ psi == eye(len(left)) and psi @ (star @ w @ psi) @ star == w


def proof(prove):
    fixes = prove(equal(Xi @ Dual @ W, W), "the memories hold the range of W").by_rewriting(stored, duality)
    turned = prove(equal(W @ Xi @ Dual, W), "and what W sees").by_rewriting(stored, duality)
    with prove.assuming(ranked):
        ends = (X @ W @ Xi) @ (Dual @ Y)
        one = prove(equal(ends, identity(r)), "X W Y through the memories").by_rewriting(turned, ranked)
        prove(enough).by_lemma("left-inverse", r, m, X @ W @ Xi, Dual @ Y, using=[one])
        with prove.assuming(silent, reached, apart):
            first, second = X @ W @ Xi, B @ Xi - B @ Xi @ Dual @ Y @ X @ W @ Xi
            kept = prove(equal(Xi @ Dual @ K, K), "the memories hold K").by_rewriting(reached, fixes)
            other = prove(equal(second @ (Dual @ Y), zero(q, r)), "what is apart").by_rewriting(turned, ranked)
            unit_ = prove(equal(second @ (Dual @ K), identity(q)), "K is read").by_rewriting(
                turned, silent, kept, apart
            )
            prove(least).by_lemma(
                "left-inverses", r, q, m, first, second, Dual @ Y, Dual @ K, using=[one, other, unit_]
            )
    with prove.assuming(orthogonal, ranked_too):
        seen = prove(equal(Dual.T @ Xi.T @ W.T, W.T), "transposed").by_rewriting(turned)
        back = prove(equal(Xi @ Dual @ W.T, W.T), "the memories hold the range of Wᵀ").by_combining(
            times(orthogonal, right=W.T), seen
        )
        through = prove(equal((P @ Xi) @ (Dual @ (W @ Q + W.T @ R)), identity(l)), "through them").by_combining(
            times(fixes, left=P, right=Q), times(back, left=P, right=R), ranked_too
        )
        prove(least_too).by_lemma("left-inverse", l, m, P @ Xi, Dual @ (W @ Q + W.T @ R), using=[through])


def shown(a):
    """X, Y with X a Y = I of size rank a, or of size 1 and 0 if a is 0."""
    if a.is_zero():
        return zeros(1, a.shape[0]), zeros(a.shape[1], 1)
    left = left_inverse(hstack(independent(columns(a))))
    return left, left_inverse((left @ a).T).T


@st.composite
def representations(draw):
    """A representation with witnesses of its ranks; or with witnesses that show something else."""
    task = draw(tasks(max_s=2, max_kappa=2))
    size = task.s * task.kappa
    given, phi = draw(memory_bases(m=size, max_n=4)), draw(interactions(size))
    w, kind, count = given.xi @ phi @ given.dual, draw(st.sampled_from(("ranks", "ranks", "other", "range"))), given.n
    other = draw(invertible_matrices(count)) if kind == "other" else zeros(count, count)
    x_of, y_of = shown(other if kind == "other" else w)
    p_of, both = shown(hstack([w, w.T]))
    tried = columns(eye(count) if kind == "range" else (w @ w).kernel())
    sent = independent([w @ one for one in tried])
    sources = [next(one for one in tried if w @ one == image) for image in sent] or [zeros(count, 1)]
    k_of = hstack(sent or sources)
    return case(
        Xi=given.xi, Dual=given.dual, Phi=phi, s=task.s, r=len(x_of), q=k_of.shape[1], l=len(p_of), X=x_of, Y=y_of,
        K=k_of, Z=hstack(sources), B=left_inverse(k_of) if sent else k_of.T, P=p_of, Q=both[:count, :],
        R=both[count:, :], V=other,
    )  # fmt: skip


OBLIQUE = {
    "s": 1, "r": 1, "q": 1, "l": 1, "Phi": [[1]], "X": [[1, 0]], "Y": [[0], [1]], "K": [[1], [0]], "Z": [[0], [1]],
    "B": [[1, 0]], "P": [[1, 0]], "Q": [[0], [1]], "R": [[0], [0]], "V": [[1, 0], [0, 0]],
}  # fmt: skip
THEOREM = Theorem(
    given=(Xi, Dual, Phi, s, *SIZES, *LETTERS),
    hypotheses={duality: case(Xi=[[1], [0]], Dual=[[0, 1]], **OBLIQUE)},
    definitions=(stored,),
    conclusions=(
        implies(ranked, enough), implies(ranked, silent, reached, apart, least),
        implies(orthogonal, ranked_too, least_too), every_number_occurs, every_number_occurs_with_moore_penrose,
    ),
    proof=proof,
    examples={
        "one oblique memory, two with the Moore-Penrose dual": case(
            Xi=[[1], [0]], Dual=[[1, 1]], **OBLIQUE | {"Y": [[1], [0]]}
        ),
    },
    cases=representations(),
    source="ranks of idempotent factorisations, by the argument of the docstring; Horn, Johnson, section 0.4",
)  # fmt: skip
