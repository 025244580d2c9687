"""The rate form and the potential form of a network have the same orbits, for any activation and any weights.

For any two maps sigma: X → Y and S: Y → X (nonlinear, with bias, not invertible), f = S∘sigma on X, g = sigma∘S on Y.
Then sigma∘f^k = g^k∘sigma and S∘g^k = f^k∘S; sigma maps the points of period tau of f one to one onto those of g, with
inverse S∘g^(tau-1), and S maps them back. If sigma is injective f is conjugate to g on sigma(X), if S is to g on Y.
A map of points is a matrix of zeros and ones, a point a column of the identity, and composition is the product; what
is shown for all matrices is shown for all maps, as nothing but associativity is used. Along an orbit with the slopes
D_t of sigma and B_t of S the multipliers of f and g, products of slopes, have one characteristic polynomial, up to a
power of x. (That injective continuous maps of ℝⁿ are open is topology, and not said here.)
Idea: regroup the word S sigma S sigma … sigma. Both multipliers are A D_1 and D_1 A, A the product without D_1.
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
    implies,
    letter,
    letters,
    size,
    times,
    within,
)
from emtheory.judges.exact import left_inverse, matrix, zeros
from emtheory.letters import block, identity, k, t, zero
from emtheory.theorems.cases import matrices

SIZES = (
    size("p", "is the number of points of X"),
    size("q", "is the number of points of Y"),
    size("tau", "is a period"),
)
p, q, tau = (given.symbol for given in SIZES)
LETTERS = (
    letter("sigma", q, p, "maps X to Y"),
    letter("S", p, q, "maps Y to X"),
    letter("v", p, 1, "is a point of X"),
    letter("w", q, 1, "is a point of Y"),
    letter("L", p, q, "undoes sigma, if it is injective"),
    letter("T", q, p, "undoes S, if it is injective"),
    letters("D", q, p, first=1, last=tau + 1, phrase="is the slope of sigma at a point of an orbit"),
    letters("B", p, q, first=1, last=tau, phrase="is the slope of S at its image"),
)
sigma, S, v, w, L, T, D, B = (given.symbol for given in LETTERS)
x = Variable("x")
f, g = letter("f", p, p, "").symbol, letter("g", q, q, "").symbol
A, P, Q = (letters(name, *shape, first=0, last=tau, phrase="").symbol
           for name, shape in (("A", (p, q)), ("P", (p, p)), ("Q", (q, q))))  # fmt: skip

forth, back = define(f, S @ sigma), define(g, sigma @ S)
steps = within(0, t, tau - 1)
first_f, next_f = define(P(0), identity(p)), define(P(t + 1), B(t + 1) @ D(t + 1) @ P(t), *steps)
first_g, next_g = define(Q(0), identity(q)), define(Q(t + 1), D(t + 2) @ B(t + 1) @ Q(t), *steps)
first, following = define(A(1), B(1)), define(A(t + 1), B(t + 1) @ D(t + 1) @ A(t), *within(1, t, tau - 1))
closed = equal(D(tau + 1), D(1)).called("after tau steps the orbit is where it began")

over = equal(sigma @ f**k, g**k @ sigma, k >= 0).called("sigma carries every orbit of f to one of g")
under = equal(S @ g**k, f**k @ S, k >= 0).called("and S every orbit of g to one of f")
there = equal(f**tau @ v, v).called("a point has the period tau under f")
here = equal(g**tau @ w, w).called("a point has the period tau under g")
image = equal(g**tau @ sigma @ v, sigma @ v).called("then its image has it under g")
undone = equal(S @ g ** (tau - 1) @ sigma @ v, v).called("and comes back")
source = equal(f**tau @ S @ w, S @ w).called("then its image under S has it under f")
redone = equal(sigma @ f ** (tau - 1) @ S @ w, w).called("and comes back, so sigma reaches every such point")
injective, embedded = equal(L @ sigma, identity(p)), equal(f**k, L @ g**k @ sigma, k >= 0)
faithful, carried = equal(T @ S, identity(q)), equal(g**k, T @ f**k @ S, k >= 0)
multipliers = equal(x**q * det(x * identity(p) - P(tau)), x**p * det(x * identity(q) - Q(tau))).called(
    "the multipliers of corresponding orbits have one characteristic polynomial"
)


def proof(prove):
    once = prove(equal(sigma @ f, g @ sigma), "both are sigma S sigma").by_rewriting(forth, back)
    prove(over).by_induction(k, once)
    once = prove(equal(S @ g, f @ S), "both are S sigma S").by_rewriting(forth, back)
    prove(under).by_induction(k, once)
    round_f = prove(equal(S @ g ** (k - 1) @ sigma, f**k, k >= 1), "S g^(k-1) undoes sigma").by_induction(
        k, forth, back
    )
    round_g = prove(equal(sigma @ f ** (k - 1) @ S, g**k, k >= 1), "sigma f^(k-1) undoes S").by_induction(
        k, forth, back
    )
    with prove.assuming(there):
        prove(image).by_combining(times(at(over, k=tau), right=v), times(there, left=sigma))
        prove(undone).by_combining(times(at(round_f, k=tau), right=v), there)
    with prove.assuming(here):
        prove(source).by_combining(times(at(under, k=tau), right=w), times(here, left=S))
        prove(redone).by_combining(times(at(round_g, k=tau), right=w), here)
    with prove.assuming(injective):
        prove(embedded).by_combining(times(over, left=L), times(injective, right=f**k))
    with prove.assuming(faithful):
        prove(carried).by_combining(times(under, left=T), times(faithful, right=g**k))
    orbit = within(1, t, tau)
    of_f = prove(equal(A(t) @ D(1), P(t), *orbit), "the multiplier of f is A D_1").by_induction(
        t, first, at(following, t=t), first_f, at(next_f, t=0), at(next_f, t=t)
    )
    of_f = prove(equal(A(tau) @ D(1), P(tau)), "after the whole orbit").by_combining(at(of_f, t=tau))
    of_g = prove(equal(D(t + 1) @ A(t), Q(t), *orbit), "that of g is D A").by_induction(
        t, first, at(following, t=t), first_g, at(next_g, t=0), at(next_g, t=t)
    )
    back_again = prove(equal(D(1) @ A(tau), Q(tau)), "and D is D_1 again").by_combining(
        at(of_g, t=tau), times(closed, right=A(tau))
    )
    one = block([[x * identity(p), A(tau)], [D(1), identity(q)]])
    other = block([[identity(p), zero(p, q)], [-D(1), x * identity(q)]])
    with_f = prove(equal(det(one @ other), x**q * det(x * identity(p) - P(tau)))).by_determinants(of_f)
    with_g = prove(equal(det(other @ one), x**p * det(x * identity(q) - Q(tau)))).by_determinants(back_again)
    swapped = prove(equal(det(one @ other), det(other @ one)), "both orders have one determinant").by_determinants()
    prove(multipliers).by_determinants(with_f, with_g, swapped)


def as_matrix(values, size):
    """The matrix of a map i ↦ values[i] into a set of this size."""
    return matrix([[int(value == row) for value in values] for row in range(size)])


def undo(a):
    """A left inverse, or 0 if there is none."""
    return left_inverse(a) if a.rank() == a.shape[1] else zeros(*reversed(a.shape))


@st.composite
def maps(draw):
    """Maps of finite sets or matrices, and points, of which many are periodic."""
    X, Y, period = (draw(st.integers(1, 4)) for _ in range(3))
    if draw(st.booleans()):
        inner, outer = draw(matrices(Y, X)), draw(matrices(X, Y))
    else:
        inner = as_matrix(draw(st.lists(st.integers(0, Y - 1), min_size=X, max_size=X)), Y)
        outer = as_matrix(draw(st.lists(st.integers(0, X - 1), min_size=Y, max_size=Y)), X)
    points = [draw(matrices(X, 1)), draw(matrices(Y, 1))]
    for place, step in enumerate((outer @ inner, inner @ outer)):
        fixed = (step**period - step**0).kernel()
        if fixed.shape[1] and draw(st.booleans()):
            points[place] = fixed[:, :1]
    slopes = [draw(matrices(Y, X)) for _ in range(period)]
    return case(
        p=X, q=Y, tau=period, sigma=inner, S=outer, v=points[0], w=points[1], L=undo(inner), T=undo(outer),
        D=[*slopes, slopes[0]], B=[draw(matrices(X, Y)) for _ in range(period)],
    )  # fmt: skip


SWAP = {
    "p": 2, "q": 3, "tau": 2, "sigma": [[1, 0], [0, 1], [0, 0]], "S": [[0, 1, 1], [1, 0, 0]], "v": [[1], [0]],
    "w": [[0], [1], [0]], "L": [[1, 0, 0], [0, 1, 0]], "T": [[0, 0], [0, 0], [0, 0]],
    "D": [[[1, 2], [0, 1], [1, 0]], [[1, 0], [0, 1], [2, 0]], [[1, 2], [0, 1], [1, 0]]],
    "B": [[[0, 1, 1], [1, 0, 0]], [[1, 1, 0], [0, 0, 1]]],
}  # fmt: skip
ONE = {"p": 1, "q": 1, "tau": 1, "sigma": [[1]], "S": [[1]], "v": [[1]], "w": [[1]], "L": [[1]], "T": [[1]]}
FLAT = {"D": [[[1]], [[1]]], "B": [[[1]]]}
SHEAR = {
    "p": 2, "q": 2, "tau": 1, "sigma": [[1, 0], [0, 1]], "S": [[1, 1], [0, 1]], "v": [[0], [1]], "w": [[0], [1]],
    "L": [[1, 0], [0, 1]], "T": [[1, -1], [0, 1]], "D": 2 * [[[1, 0], [0, 1]]], "B": [[[1, 1], [0, 1]]],
}  # fmt: skip
THEOREM = Theorem(
    given=(*SIZES, *LETTERS),
    hypotheses={closed: case(**ONE, D=[[[1]], [[2]]], B=[[[1]]])},
    definitions=(forth, back, first_f, next_f, first_g, next_g, first, following),
    conclusions=(
        over, under, implies(there, image), implies(there, undone), implies(here, source), implies(here, redone),
        implies(injective, embedded), implies(faithful, carried), multipliers,
    ),
    proof=proof,
    examples={
        "a swap seen from a larger set": case(**SWAP),
        "L undoes T, and not sigma": case(**ONE | {"sigma": [["1/2"]], "S": [[2]], "L": [[3]], "T": [["1/3"]]} | FLAT),
        "fixed by the transposes alone": case(**SHEAR),
    },
    cases=maps(),
    source="Karuvally, DelMastro, Siegelmann, arXiv:2310.02430, the two forms of an RNN, without its norm bound",
)  # fmt: skip
