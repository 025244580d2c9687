"""Small errors in the weights make small errors in the recovered memories, with the constant written out.

The deflated recursion recovers Psi_k = A^(s-k) U; it is run on A', U' instead. Let the rows of A sum to α at most in
absolute value, those of A' - A to ε, and for a vector v let |U v| ≤ υ and |(U' - U) v| ≤ ω, entry by entry. After
t = s - k steps |(A'^t U' - A^t U) v| ≤ (α + ε)^t (υ + ω) - α^t υ, which scalars attain; over all v with |v| ≤ 1 this is
the bound in the maximum norm. What R W reads of it, C_k v, is off by ρ times that and η (α + ε)^t (υ + ω) at most: the
product rule, with ρ for the rows of R W and η for those of its error.
Idea: the error moves by A, and A' - A adds what it does to the noisy memory; the bound obeys the same recursion.
"""

from hypothesis import strategies as st
from sympy import oo

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
    within,
)
from emtheory.formulas import norm_inf as norm
from emtheory.letters import A, U, e, e_n, i, identity, j, kappa, n, t, total
from emtheory.theorems.cases import matrices

GIVEN = (
    letter("A'", n, n, "is the deflated hidden matrix with errors"),
    letter("U'", n, kappa, "writes an input, with errors"),
    letter("Q", kappa, n, "reads what the network composes, R W"),
    letter("Q'", kappa, n, "reads it with errors"),
    letter("v", kappa, 1, "is any vector"),
    scalar("alpha", "bounds the rows of A"),
    scalar("epsilon", "bounds the rows of A' - A"),
    scalar("upsilon", "bounds U v"),
    scalar("omega", "bounds (U' - U) v"),
    scalar("rho", "bounds the rows of Q"),
    scalar("eta", "bounds the rows of Q' - Q"),
)
A_, U_, Q, Q_, v, alpha, epsilon, upsilon, omega, rho, eta = (given.symbol for given in GIVEN)
x, x_, d, f, worst, plain = (
    letters(name, rows_, 1, first=0, last=oo, phrase="").symbol
    for name, rows_ in {"x": n, "x'": n, "d": n, "f": kappa, "worst": 1, "plain": 1}.items()
)


def size(term):
    return entrywise("abs", term)


def rows(matrix, unit, bound, last):
    """The rows of a matrix sum to the bound at most, in absolute value."""
    return at_most(total(size(unit(i).T @ matrix @ e_n(j)), (j, 1, n)), bound, *within(1, i, last))


each = within(1, i, n)
row_sums = rows(A, e_n, alpha, n)
rows_of_error = rows(A_ - A, e_n, epsilon, n)
written = at_most(size(e_n(i).T @ U @ v), upsilon, *each)
written_wrong = at_most(size(e_n(i).T @ (U_ - U) @ v), omega, *each)
read_sums = rows(Q, e, rho, kappa)
rows_of_misreading = rows(Q_ - Q, e, eta, kappa)

true = define(x(t), A**t @ U @ v, t >= 0)
noisy = define(x_(t), A_**t @ U_ @ v, t >= 0)
error = define(d(t), x_(t) - x(t), t >= 0)
misread = define(f(t), Q_ @ x_(t) - Q @ x(t), t >= 0)
scalars = (
    define(worst(0), (upsilon + omega) * identity(1)),
    define(worst(t + 1), (alpha + epsilon) * worst(t), t >= 0),
    define(plain(0), upsilon * identity(1)),
    define(plain(t + 1), alpha * plain(t), t >= 0),
)

largest = (alpha + epsilon) ** t * (upsilon + omega)
bound = largest - alpha**t * upsilon
stable = at_most(size(e_n(i).T @ d(t)), bound, t >= 0, *each).called("the recovered memory is off by the bound at most")
composed = at_most(size(e(i).T @ f(t)), rho * bound + eta * largest, t >= 0, *within(1, i, kappa)).called(
    "and what is read of it by the product rule"
)
attained = equal(worst(t) - plain(t), bound, t >= 0).called("the scalars α and α + ε attain it")
in_norm = at_most(
    norm(A_**t @ U_ - A**t @ U),
    (alpha + epsilon) ** t * (norm(U) + norm(U_ - U)) - alpha**t * norm(U),
    t >= 0,
).called("as matrices too, in the maximum norm")


def proof(prove):
    def grown(matrix, row_sums, bounded, by):
        """|matrix x| ≤ by · c, from |x| ≤ c, as a factor."""
        row, c = (e if matrix in (Q, Q_ - Q) else e_n)(i).T @ matrix, bounded.rhs
        state = bounded.lhs.term.right
        return lemma("row-sum", n, row, state, row @ state, by, c, using=[None, row_sums, at(bounded, i=j)])

    row = e_n(i).T
    sized = at_most(size(row @ x_(t)), largest, t >= 0, *each)
    begin = prove(equal(row @ x_(0), row @ U @ v + row @ (U_ - U) @ v, *each), "U' is U and its error").by_rewriting(
        noisy
    )
    own, added = row @ A @ x_(t), row @ (A_ - A) @ x_(t)
    step = prove(equal(row @ x_(t + 1), own + added, t >= 0, *each), "A' is A and its error").by_rewriting(noisy)
    prove(sized, "the noisy memory is (α + ε)^t (υ + ω) at most").by_induction(
        t,
        base=[
            lemma("triangle", row @ U @ v, row @ (U_ - U) @ v, row @ x_(0), using=[begin]),
            written,
            written_wrong,
        ],
        parts=[
            lemma("triangle", own, added, row @ x_(t + 1), using=[step]),
            grown(A, row_sums, sized, alpha),
            grown(A_ - A, rows_of_error, sized, epsilon),
        ],
    )
    begin = prove(equal(row @ (U_ - U) @ v, row @ d(0), *each), "at first U is wrong alone").by_rewriting(
        error, true, noisy
    )
    carried = row @ A @ d(t)
    step = prove(equal(row @ d(t + 1), carried + added, t >= 0, *each), "the error moves by A").by_rewriting(
        error, true, noisy
    )
    prove(stable).by_induction(
        t,
        base=[
            lemma("absolute-of-equals", row @ (U_ - U) @ v, row @ d(0), using=[begin]),
            written_wrong,
        ],
        parts=[
            lemma("triangle", carried, added, row @ d(t + 1), using=[step]),
            grown(A, row_sums, stable, alpha),
            grown(A_ - A, rows_of_error, sized, epsilon),
        ],
    )
    read, wrong = e(i).T @ Q @ d(t), e(i).T @ (Q_ - Q) @ x_(t)
    split = prove(
        equal(e(i).T @ f(t), read + wrong, t >= 0, *within(1, i, kappa)), "what is read is off by two parts"
    ).by_rewriting(misread, error)
    prove(composed).by_parts(
        lemma("triangle", read, wrong, e(i).T @ f(t), using=[split]),
        grown(Q, read_sums, stable, rho),
        grown(Q_ - Q, rows_of_misreading, sized, eta),
    )
    grows = prove(equal(worst(t), (alpha + epsilon) ** t * (upsilon + omega) * identity(1), t >= 0)).by_induction(
        t, *scalars
    )
    shrinks = prove(equal(plain(t), alpha**t * upsilon * identity(1), t >= 0)).by_induction(t, *scalars)
    prove(attained).by_combining(grows, shrinks)


@st.composite
def noisy_weights(draw):
    size_, width, most = draw(st.integers(1, 3)), draw(st.integers(1, 2)), draw(st.sampled_from((0, 0, 1)))
    a, da = draw(matrices(size_, size_)) / 2, draw(matrices(size_, size_)) / 8
    u, du, v_ = draw(matrices(size_, width)), draw(matrices(size_, width)) / 8, draw(matrices(width, 1))
    q, dq = draw(matrices(width, size_)), draw(matrices(width, size_)) / 8
    return weights(a, a + da, u, u + du, q, q + dq, v_, most)


def weights(a, a_, u, u_, q, q_, v_, most):
    return case(
        A=a, U=u, Q=q, v=v_, alpha=a.norm_inf() + most, epsilon=(a_ - a).norm_inf(), upsilon=(u @ v_).norm_inf(),
        omega=((u_ - u) @ v_).norm_inf(), rho=q.norm_inf() + most, eta=(q_ - q).norm_inf(),
        **{"A'": a_, "U'": u_, "Q'": q_},
    )  # fmt: skip


def scalar_case(**changed):
    ones = dict.fromkeys(("A", "A'", "U", "U'", "Q", "Q'", "v"), 1)
    values = ones | {"alpha": 1, "epsilon": 0, "upsilon": 1, "omega": 0, "rho": 1, "eta": 0} | changed
    return case(**{name: [[value]] if name in ones else value for name, value in values.items()})


THEOREM = Theorem(
    given=(A, U, *GIVEN),
    hypotheses={
        row_sums: scalar_case(**{"A": 2, "A'": 2, "U'": 2, "omega": 1}),
        rows_of_error: scalar_case(**{"A'": 2}),
        written: scalar_case(**{"A'": 2, "epsilon": 1, "upsilon": 0}),
        written_wrong: scalar_case(**{"U'": 2}),
        read_sums: scalar_case(**{"U'": 2, "omega": 1, "rho": 0}),
        rows_of_misreading: scalar_case(**{"Q'": 2}),
    },
    definitions=(true, noisy, error, misread, *scalars),
    conclusions=(stable, composed, attained, in_norm),
    proof=proof,
    examples={
        "scalars, where the bound is attained": scalar_case(
            **{"A'": "11/10", "U'": "11/10", "epsilon": "1/10", "omega": "1/10"}
        ),
    },
    cases=noisy_weights(),
    source="perturbation of products; N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., 3.5",
)  # fmt: skip
