"""Equal eigenvalues do not show that a network has learned its task.

Replacing every C_k by T⁻¹ C_k T, T any change of the components, keeps the whole spectrum of the circuit: Phi of the
new task is similar to the old one by the block-diagonal matrix of T. But the outputs at s + 1 are E_sᵀ Phi E_k = C_k of
the inputs, and so they are other ones unless T commutes with every C_k: to keep one component and to keep another have
one spectrum. And equal characteristic polynomials do not even make circuits similar: for s = 1, C_1 = I + K with
K² = 0 has that of I, (x - 1)^kappa, and is similar to I for K = 0 alone. What does show the task are W, U, R together.
Idea: E_kᵀ and C_k pass through the block diagonal one by one.
"""

from hypothesis import strategies as st

from emtheory.formulas import (
    Theorem,
    Variable,
    at,
    case,
    define,
    det,
    equal,
    iff,
    implies,
    letter,
    letters,
    sibling,
    times,
    within,
)
from emtheory.judges.exact import eye
from emtheory.letters import C, E, Phi, identity, j, k, kappa, m, s, total, zero
from emtheory.theorems.cases import invertible_matrices, matrices, tasks

action = sibling(__file__, "companion-action")

x = Variable("x")
CHANGE, BACK = letter("T", kappa, kappa, "changes the components"), letter("S", kappa, kappa, "changes them back")
T, S = CHANGE.symbol, BACK.symbol
D = letters("D", kappa, kappa, first=1, last=s, phrase="").symbol
Other, B, Bi = (letter(name, m, m, "").symbol for name in ("Psi", "B", "H"))

inverse = equal(S @ T, identity(kappa)).called("S undoes T")
changed = define(D(k), S @ C(k) @ T, *within(1, k, s))
other = define(Other, total(E(j) @ E(j + 1).T, (j, 1, s - 1)) + total(E(s) @ D(k) @ E(k).T, (k, 1, s)))
gauge = define(B, total(E(k) @ T @ E(k).T, (k, 1, s)))
gauge_back = define(Bi, total(E(k) @ S @ E(k).T, (k, 1, s)))

similar = equal(B @ Other, Phi @ B).called("the circuits of C and T⁻¹ C T are similar")
undone = equal(Bi @ B, identity(m)).called("by the block diagonal of T, which S undoes")
spectrum = equal(det(x * identity(m) - Other), det(x * identity(m) - Phi)).called("so they have one spectrum")
answers = equal(E(s).T @ Other @ E(k), E(s).T @ Phi @ E(k), *within(1, k, s)).called(
    "the outputs at s + 1 are the same for all inputs"
)
commutes = equal(T @ C(k), C(k) @ T, *within(1, k, s)).called("T commutes with every block")
always = equal(Other, Phi).called("then the circuits are the same, and so are all outputs")
SHEAR = letter("K", kappa, kappa, "shears the components, if its square is 0")
PAIR = letter("P", kappa, kappa, "is any change of the components"), letter("Q", kappa, kappa, "may undo it")
K, (P, Q) = SHEAR.symbol, (given.symbol for given in PAIR)
square = equal(K**2, zero(kappa, kappa)).called("K shears")
sheared = equal(det(x * identity(kappa) - (identity(kappa) + K)), (x - 1) ** kappa).called(
    "a shear has the spectrum of the identity"
)
undoes, between = equal(Q @ P, identity(kappa)), equal(P @ (identity(kappa) + K), P)
trivial = equal(K, zero(kappa, kappa)).called("the only one that is similar to the identity is the identity")


def proof(prove):
    inverse_too = prove(equal(T @ S, identity(kappa)), "T undoes S").by_lemma(
        "two-sided-inverse", kappa, S, T, using=[inverse]
    )
    complete = prove(equal(total(E(k) @ E(k).T, (k, 1, s)), identity(m)), "Σ E Eᵀ = I").by_lemma(
        "selectors-complete", s, kappa
    )
    prove(similar).by_rewriting(gauge, other, action.companion, changed, inverse_too)
    parts = prove(equal(Bi @ B, total(E(k) @ E(k).T, (k, 1, s))), "block by block").by_rewriting(
        gauge, gauge_back, inverse
    )
    prove(undone).by_combining(parts, complete)
    moved = prove(equal(Bi @ (x * identity(m) - Phi) @ B, x * identity(m) - Other), "x - Phi becomes x - Psi")
    moved = moved.by_combining(times(undone, left=x * identity(m)), times(similar, left=Bi), times(undone, right=Other))
    around = prove(equal(det(Bi @ ((x * identity(m) - Phi) @ B)), det(x * identity(m) - Other))).by_lemma(
        "det-of-equals", m, Bi @ ((x * identity(m) - Phi) @ B), x * identity(m) - Other, using=[moved]
    )
    inverse_of_b = prove(equal(B @ Bi, identity(m)), "both ways").by_lemma(
        "two-sided-inverse", m, Bi, B, using=[undone]
    )
    inner = (x * identity(m) - Phi) @ B
    back = prove(equal(inner @ Bi, x * identity(m) - Phi), "B undone").by_combining(
        times(inverse_of_b, left=x * identity(m) - Phi)
    )
    after = prove(equal(det(inner @ Bi), det(x * identity(m) - Phi))).by_lemma(
        "det-of-equals", m, inner @ Bi, x * identity(m) - Phi, using=[back]
    )
    swapped = prove(equal(det(Bi @ inner), det(inner @ Bi)), "both have one determinant").by_determinants()
    prove(spectrum).by_combining(around, after, swapped)
    theirs = prove(equal(E(s).T @ Other @ E(k), S @ C(k) @ T, *within(1, k, s)), "input k is heard as D_k")
    theirs = theirs.by_rewriting(other, changed)
    ours = prove(equal(E(s).T @ Phi @ E(k), C(k), *within(1, k, s)), "or as C_k").by_rewriting(action.companion)
    with prove.assuming(answers):
        alike = prove(equal(S @ C(k) @ T, C(k), *within(1, k, s)), "one answer").by_combining(
            at(theirs, k=k), at(ours, k=k), at(answers, k=k)
        )
        prove(commutes).by_combining(times(alike, left=T), times(inverse_too, right=C(k) @ T))
    with prove.assuming(commutes):
        same = prove(equal(S @ C(k) @ T, C(k), *within(1, k, s)), "D_k = C_k").by_combining(
            times(commutes, left=S), times(inverse, right=C(k))
        )
        prove(answers).by_combining(at(theirs, k=k), at(ours, k=k), at(same, k=k))
        prove(always).by_rewriting(other, changed, same, action.companion)
    with prove.assuming(square):
        prove(sheared).by_lemma(
            "det-of-nilpotent", kappa, K, x * identity(kappa) - (identity(kappa) + K), x - 1, -1, 2,
            using=[square, None],
        )  # fmt: skip
    with prove.assuming(undoes, between):
        gone = prove(equal(P @ K, zero(kappa, kappa)), "P K = 0").by_combining(between)
        prove(trivial).by_combining(times(gone, left=Q), times(undoes, right=K))


def with_change(task):
    """A task and an invertible change of its components; half of the time one that commutes."""
    kappa = task.kappa
    changes = st.one_of(invertible_matrices(kappa), st.sampled_from([2 * eye(kappa), -1 * eye(kappa)]))
    shears = st.one_of(matrices(kappa, kappa), st.builds(lambda a, b: a @ b.T, *[matrices(kappa, 1)] * 2))
    return st.builds(
        lambda change, shear, p: case(
            C=list(task.blocks), T=change, S=change.inv(), s=task.s, K=shear, P=p, Q=p.inv() if p.rank() == kappa else p
        ),
        changes, shears, matrices(kappa, kappa),
    )  # fmt: skip


SWAP, FIRST, EYE = [[0, 1], [1, 0]], [[1, 0], [0, 0]], [[1, 0], [0, 1]]
REST = {"K": [[0, 1], [0, 0]], "P": EYE, "Q": EYE}
THEOREM = Theorem(
    given=(C, s, CHANGE, BACK, SHEAR, *PAIR),
    hypotheses={inverse: case(C=[FIRST], T=SWAP, S=EYE, s=1, **REST)},
    definitions=(action.companion, changed, other, gauge, gauge_back),
    conclusions=(
        similar, undone, spectrum, iff(answers, commutes), implies(commutes, always), implies(square, sheared),
        implies(undoes, between, trivial),
    ),
    proof=proof,
    examples={
        "keeping the first component, or the second": case(C=[FIRST], T=SWAP, S=SWAP, s=1, **REST),
        "a change that commutes": case(C=[EYE, SWAP], T=SWAP, S=SWAP, s=2, **REST),
    },
    cases=tasks(max_s=3, max_kappa=2).flatmap(with_change),
    source="similarity of companion matrices: Gohberg, Lancaster, Rodman, Matrix Polynomials, 1982, section 1.1",
)  # fmt: skip
