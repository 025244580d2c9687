"""Memories with their dual determine their interactions, and what weights they hold.

W = Xi Phi Dual with Dual Xi = I. Then Phi = Dual W Xi is read off, and the change to Xi T, T⁻¹ Dual, T⁻¹ Phi T leaves W
as it is. W acts as Phi ⊕ 0 on [Xi N], N unread, so any two representations of W by as many memories have similar
interactions; that they have one characteristic polynomial is proved here without N. With N completing the memories to
a basis, weights V are held iff V N = 0 and V stays in the span of the memories.
Idea: Xi Dual + N O = I.
"""

from hypothesis import strategies as st

from emtheory.formulas import Theorem, Variable, case, define, det, equal, implies, letter, size, times
from emtheory.judges.exact import hstack, zeros
from emtheory.letters import Dual, Phi, W, Xi, block, identity, m, n, s, zero
from emtheory.theorems.cases import interactions, invertible_matrices, matrices, memory_bases, tasks

WIDTH = size("d", "is the number of directions in N")
d = WIDTH.symbol
LETTERS = (
    letter("N", n, d, "has directions beside the memories"),
    letter("M", d, n, "reads N"),
    letter("V", n, n, "is any weights"),
    letter("T", m, m, "is a change of memories"),
    letter("T_back", m, m, "undoes T"),
    letter("Xi_2", n, m, "is another basis"),
    letter("Dual_2", m, n, "is its dual"),
    letter("Phi_2", m, m, "is its interactions"),
)
N, M, V, T, T_back, Xi_2, Dual_2, Phi_2 = (given.symbol for given in LETTERS)
x = Variable("x")

duality = equal(Dual @ Xi, identity(m)).called("the dual reads back what the basis writes")
stored = define(W, Xi @ Phi @ Dual)
read_off = equal(Dual @ W @ Xi, Phi).called("the interactions are read off the weights")
undone = equal(T @ T_back, identity(m))
gauge = equal((Xi @ T) @ (T_back @ Phi @ T) @ (T_back @ Dual), W).called("a change of memories leaves the weights")

whole = equal(Xi @ Dual + N @ M, identity(n)).called("N completes the memories")
unread = equal(Dual @ N, zero(m, d)).called("and is not read")
killed, inside = equal(V @ N, zero(n, d)), equal(M @ V, zero(d, n))
unseen = equal(M @ Xi, zero(d, m))
held = equal(Xi @ (Dual @ V @ Xi) @ Dual, V).called("then the memories hold V")
basis = block([[Xi, N]])
acts = equal(W @ basis, basis @ block([[Phi, zero(m, d)], [zero(d, m), zero(d, d)]])).called("W acts as Phi ⊕ 0")
duality_2 = equal(Dual_2 @ Xi_2, identity(m))
stored_2 = equal(W, Xi_2 @ Phi_2 @ Dual_2)
alike = equal(det(x * identity(m) - Phi), det(x * identity(m) - Phi_2)).called("Phi has one characteristic polynomial")


def proof(prove):
    prove(read_off).by_rewriting(stored, duality)
    with prove.assuming(undone):
        prove(gauge).by_rewriting(stored, undone)
    with prove.assuming(whole, killed, inside):
        prove(held).by_combining(
            times(whole, left=Xi @ Dual @ V), times(killed, left=Xi @ Dual, right=M), times(whole, right=V),
            times(inside, left=N),
        )  # fmt: skip
    with prove.assuming(held, unread):
        prove(killed).by_combining(times(held, right=N), times(unread, left=Xi @ Dual @ V @ Xi))
    with prove.assuming(held, unseen):
        prove(inside).by_combining(times(held, left=M), times(unseen, right=Dual @ V @ Xi @ Dual))
    with prove.assuming(unread):
        prove(acts).by_rewriting(stored, duality, unread)
    ours = spectrum(prove, Xi, Phi, Dual, [stored], duality)
    with prove.assuming(duality_2, stored_2):
        theirs = spectrum(prove, Xi_2, Phi_2, Dual_2, [stored_2], duality_2)
        product = x**n * det(x * identity(m) - Phi), x**n * det(x * identity(m) - Phi_2)
        both = prove(equal(*product), "both are that of W").by_determinants(ours, theirs)
        prove(alike).by_cancelling(x, n, both)


def spectrum(prove, basis, inner, dual, told, dual_of):
    """x^m det(x - W) = x^n det(x - inner), as in the transfer of the spectrum."""
    a = block([[x * identity(n), basis @ inner], [dual, identity(m)]])
    b = block([[identity(n), zero(n, m)], [-dual, x * identity(m)]])
    with_w = prove(equal(det(a @ b), x**m * det(x * identity(n) - W))).by_determinants(*told)
    with_inner = prove(equal(det(b @ a), x**n * det(x * identity(m) - inner))).by_determinants(dual_of)
    swapped = prove(equal(det(a @ b), det(b @ a))).by_determinants()
    said = equal(x**m * det(x * identity(n) - W), x**n * det(x * identity(m) - inner))
    return prove(said, "the eigenvalues are those of W").by_determinants(with_w, with_inner, swapped)


@st.composite
def representations(draw):
    """A representation, a completion of its basis, and another one of the same weights, or anything in their places."""
    task = draw(tasks(max_s=2, max_kappa=2))
    size = task.s * task.kappa
    given, phi = draw(memory_bases(m=size, max_n=4)), draw(interactions(size))
    xi, dual, count = given.xi, given.dual, given.n
    change = draw(invertible_matrices(size))
    beside = dual.kernel() if count > size else zeros(count, 1)
    values = {
        "N": beside, "M": hstack([xi, beside]).inv()[size:, :] if count > size else zeros(1, count),
        "V": xi @ draw(matrices(size, size)) @ dual, "T": change, "T_back": change.inv(),
        "Xi_2": xi @ change, "Dual_2": change.inv() @ dual, "Phi_2": change.inv() @ phi @ change,
    }  # fmt: skip
    for name in draw(st.lists(st.sampled_from(sorted(values)), max_size=2)):
        values[name] = draw(matrices(*values[name].shape))
    return case(Xi=xi, Dual=dual, Phi=phi, s=task.s, d=beside.shape[1], **values)


ONE = {
    "s": 1, "d": 1, "Phi": [[1]], "Xi": [[1]], "N": [[0]], "M": [[0]], "V": [[1]], "T": [[1]], "T_back": [[1]],
    "Xi_2": [[1]], "Dual_2": [[1]], "Phi_2": [[1]],
}  # fmt: skip
THEOREM = Theorem(
    given=(Xi, Dual, Phi, s, WIDTH, *LETTERS),
    hypotheses={duality: case(Dual=[[2]], **ONE)},
    definitions=(stored,),
    conclusions=(
        read_off, implies(undone, gauge), implies(unread, acts), implies(duality_2, stored_2, alike),
        implies(whole, killed, inside, held), implies(held, unread, killed), implies(held, unseen, inside),
    ),
    proof=proof,
    examples={"one": case(Dual=[[1]], **ONE)},
    cases=representations(),
    source="ranks of idempotent factorisations; R. A. Horn, C. R. Johnson, Matrix Analysis, section 0.4",
)  # fmt: skip
