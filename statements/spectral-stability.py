"""A small error in the weights moves no eigenvalue further than κ₂(Xi) κ₂(F) ‖D‖₂.

Phi = F Λ F⁻¹ with Λ normal, the columns of Xi are independent, Dual is its Moore-Penrose inverse and W = Xi Phi Dual.
Then every eigenvalue μ of W + D lies within κ₂(Xi) κ₂(F) ‖D‖₂ of one of W (κ₂(F) = 1 for normal Phi), and each
connected union of the discs of that radius around the eigenvalues of W holds equally many of both.
In numbers: low ≤ σ(Xi)² ≤ high, low_f ≤ σ(F)² ≤ high_f, err ≥ ‖D‖² and gap ≤ |μ - λ|² for all λ of W have
low low_f gap ≤ high high_f err. Each norm is used for the one vector that it is said of, so that less is assumed.
Idea: an eigenvector is v = Xi F a + b with Xiᵀ b = 0, and D v = Xi F (μ - Λ) a + μ b. Both are orthogonal sums, and
size = low low_f ‖a‖² + ‖b‖² compares them: Bauer and Fike's argument in the basis [Xi F, c N]. A complex μ acts by M on
states and by K on coordinates, which then hold real and imaginary part one below the other; a real one by μ I.
The count holds along W + τD, τ from 0 to 1.
"""

from hypothesis import strategies as st

from emtheory.formulas import Theorem, at_most, case, define, equal, letter, opaque, scalar, times
from emtheory.judges.balls import arb, precision
from emtheory.judges.exact import charpoly, direct_sum, eye, hstack, left_inverse, matrix, rational, vstack
from emtheory.letters import Dual, Phi, W, Xi, identity, m, n, s, zero
from emtheory.theorems.cases import invertible_matrices, matrices, memory_bases, rationals
from emtheory.theory.memories import norm_bound, singular_bounds

GIVEN = (
    letter("F", m, m, "has eigenvectors of Phi for columns"),
    letter("Lambda", m, m, "is Phi in them"),
    letter("D", n, n, "is the error of the weights"),
    letter("M", n, n, "is the eigenvalue as it acts on states"),
    letter("K", m, m, "is the eigenvalue as it acts on coordinates"),
    letter("a", m, 1, "has the coordinates of the eigenvector"),
    letter("b", n, 1, "is what is left of the eigenvector beside the memories"),
    scalar("low", "is at most the squared singular values of Xi"),
    scalar("high", "is at least those"),
    scalar("low_f", "is at most the squared singular values of F"),
    scalar("high_f", "is at least those"),
    scalar("err", "is at least the squared norm of D"),
    scalar("gap", "is at most the squared distance of the eigenvalue from those of W"),
)
F, Lambda, D, M, K, a, b, low, high, low_f, high_f, err, gap = (given.symbol for given in GIVEN)
v, y = letter("v", n, 1, "").symbol, letter("y", m, 1, "").symbol


def squared(term):
    """‖term‖² of a column."""
    return term.T @ term


stored, split, moved_away = define(W, Xi @ Phi @ Dual), define(v, Xi @ F @ a + b), define(y, (K - Lambda) @ a)
duality = equal(Dual @ Xi, identity(m)).called("the columns of Xi are independent, and Dual is a left inverse")
symmetric = equal(Dual.T @ Xi.T, Xi @ Dual).called("Xi Dual is symmetric: Dual is the Moore-Penrose inverse")
beside = equal(Xi.T @ b, zero(m, 1)).called("b is orthogonal to the memories")
diagonal = equal(Phi @ F, F @ Lambda).called("F diagonalises Phi")
acts = equal(M @ Xi @ F, Xi @ F @ K).called("the eigenvalue acts alike on states and on coordinates")
stays = equal(Xi.T @ M @ b, zero(m, 1)).called("and keeps orthogonal what is so")
eigen = equal(D @ v, M @ v - W @ v).called("v is an eigenvector of W + D")
at_least_0 = [at_most(0, x) for x in (low, high, low_f, err)]
ordered = at_most(low * low_f, high * high_f).called("the bounds are in order")
xi_high = at_most(squared(Xi @ F @ a), high * squared(F @ a)).called("‖Xi F a‖² ≤ high ‖F a‖²")
f_high = at_most(squared(F @ a), high_f * squared(a)).called("‖F a‖² ≤ high_f ‖a‖²")
xi_low = at_most(low * squared(F @ y), squared(Xi @ F @ y)).called("low ‖F y‖² ≤ ‖Xi F y‖²")
f_low = at_most(low_f * squared(y), squared(F @ y)).called("low_f ‖y‖² ≤ ‖F y‖²")
small = at_most(squared(D @ v), err * squared(v)).called("‖D v‖² ≤ err ‖v‖²")
far = at_most(gap * squared(a), squared(y)).called("the eigenvalue is far from those of Phi")
far_zero = at_most(gap * squared(b), squared(M @ b)).called("and from 0")
size = low * low_f * squared(a) + squared(b)

pushed = equal(D @ v, Xi @ F @ y + M @ b).called("the error moves v by (μ - Λ) a and μ b")
above = at_most(low * low_f * squared(v), high * high_f * size).called("‖v‖² is no larger than high high_f allows")
below = at_most(gap * size, squared(D @ v)).called("‖D v‖² is no smaller than the distance demands")
bound = at_most(low * low_f * gap * size, high * high_f * err * size).called(
    "μ is within κ₂(Xi) κ₂(F) ‖D‖₂ of an eigenvalue of W"
)


def proof(prove):
    across = prove(equal(Xi @ Dual @ b, zero(n, 1)), "Xi Dual b = Dualᵀ Xiᵀ b").by_combining(
        times(symmetric, right=b), times(beside, left=Dual.T)
    )
    unread = prove(equal(Dual @ b, zero(m, 1)), "the dual reads nothing of b").by_combining(
        times(across, left=Dual), times(duality, right=Dual @ b)
    )
    moved = prove(equal(W @ v, Xi @ F @ Lambda @ a), "W acts as Λ and kills b").by_rewriting(
        stored, split, duality, unread, diagonal
    )
    prove(pushed).by_combining(eigen, moved, times(split, left=M), times(acts, right=a), times(moved_away, left=Xi @ F))
    gram = prove(equal(squared(v), squared(Xi @ F @ a) + squared(b)), "an orthogonal sum").by_rewriting(split, beside)
    gram_too = prove(equal(squared(D @ v), squared(Xi @ F @ y) + squared(M @ b)), "and so is D v").by_rewriting(
        pushed, stays
    )
    a_low, a_high, a_low_f, a_err = at_least_0
    prove(above).by_parts(
        (1, [a_low, a_low_f, xi_high]), (1, [a_low, a_low_f, a_high, f_high]), (1, [ordered, b]), using=[gram]
    )
    prove(below).by_parts(
        (1, [xi_low]), (1, [a_low, f_low]), (1, [a_low, a_low_f, far]), (1, [far_zero]), using=[gram_too]
    )
    prove(bound).by_parts((1, [a_low, a_low_f, below]), (1, [a_low, a_low_f, small]), (1, [a_err, above]))


@opaque
def as_many_in_each_union(Xi, Dual, Phi, F, Lambda, D, **_):
    """For invertible F and normal Λ each connected union of discs holds as many eigenvalues of W + D as of W."""
    if F.rank() < len(F) or Lambda @ Lambda.T != Lambda.T @ Lambda:
        return True
    (least, most), (least_f, most_f) = singular_bounds(Xi), singular_bounds(F)
    w, reach = Xi @ Phi @ Dual, most * most_f * norm_bound(D) / (least * least_f)
    with precision(192):
        old, new = (charpoly(x).complex_roots() for x in (w, w + D))
        unions = connected([root for root, _ in old], 4 * reach)
        found = [0] * len(unions)
        for root, count in new:
            homes = [i for i, union in enumerate(unions) if any(not apart(root, old[j][0], reach) for j in union)]
            if len(homes) != 1:
                return False
            found[homes[0]] += count
        return found == [sum(old[j][1] for j in union) for union in unions]


def apart(x, y, square):
    """Whether |x - y|² > square for certain."""
    real, imaginary = (x - y).real, (x - y).imag
    return real * real + imaginary * imaginary > arb(square)


def connected(points, square):
    """Indices of points whose discs may touch, directly or through others."""
    unions = [{i} for i in range(len(points))]
    for i, x in enumerate(points):
        for j in range(i):
            if not apart(x, points[j], square):
                one = set().union(*(u for u in unions if i in u or j in u))
                unions = [u for u in unions if not u & one] + [one]
    return unions


@st.composite
def perturbed(draw):
    """Phi with rational eigenvalues, or rotations, and the least D that makes a drawn number an eigenvalue."""
    turns = draw(st.integers(0, 1))
    values = [rational(draw(rationals())) for _ in range(draw(st.integers(1, 2)))]
    diagonal = direct_sum(*[matrix([[x]]) for x in values], *[matrix([[values[0], -1], [1, values[0]]])] * turns)
    basis, count = draw(invertible_matrices(len(diagonal))), len(diagonal)
    memories = draw(memory_bases(m=count, max_n=4, oblique=False))
    at, beta = draw(matrices(memories.n, 2)), rational(draw(st.integers(0, 1))) / 8
    if at.rank() < 2 or not beta:  # a real eigenvalue with a real eigenvector
        column = memories.xi[:, :1] if at[:, :1].is_zero() else at[:, :1]
        at, beta = hstack([column, 0 * column]), rational(0)
    return eigenpair(memories, basis, diagonal, (values[-1] + rational(draw(rationals())) / 8, beta), at)


def eigenpair(memories, basis, diagonal, mu, at):
    """The case of an eigenvalue μ = α + iβ; every matrix stands twice, for real and imaginary parts."""
    (alpha, beta), xi, dual, size, count = mu, memories.xi, memories.dual, memories.n, len(diagonal)
    phi, real, imaginary = basis @ diagonal @ basis.inv(), at[:, :1], at[:, 1:]
    w, held = xi @ phi @ dual, at if beta else real
    wanted = hstack([alpha * real - beta * imaginary, beta * real + alpha * imaginary])[:, : held.shape[1]]
    error = (wanted - w @ held) @ left_inverse(held)
    coordinates = vstack([basis.inv() @ dual @ part for part in (real, imaginary)])
    (low, high), (low_f, high_f) = singular_bounds(xi), singular_bounds(basis)

    def twice(x):
        return direct_sum(x, x)

    def turn(k):
        return vstack([hstack([alpha * eye(k), -beta * eye(k)]), hstack([beta * eye(k), alpha * eye(k)])])

    return case(
        s=2 * count, Xi=twice(xi), Dual=twice(dual), Phi=twice(phi), F=twice(basis), Lambda=twice(diagonal),
        D=twice(error), M=turn(size), K=turn(count), a=coordinates,
        b=vstack([real, imaginary]) - twice(xi @ basis) @ coordinates,
        low=low, high=high, low_f=low_f, high_f=high_f, err=norm_bound(error), gap=distance_squared(xi, diagonal, mu),
    )  # fmt: skip


def distance_squared(xi, diagonal, mu):
    """The squared distance of μ from the eigenvalues of W: those of the blocks, and 0 if there is room."""
    alpha, beta = mu
    rows = range(len(diagonal))
    pairs = [(diagonal[i, i], max((abs(diagonal[i, j]) for j in rows if j != i), default=rational(0))) for i in rows]
    pairs += [(rational(0), rational(0))] * (len(xi) - len(diagonal))
    return min((alpha - x) ** 2 + (abs(beta) - abs(y)) ** 2 for x, y in pairs)


ATTAINED = {
    "s": 1, "Xi": [[1]], "Dual": [[1]], "Phi": [[1]], "F": [[1]], "Lambda": [[1]], "D": [["1/2"]], "M": [["3/2"]],
    "K": [["3/2"]], "a": [[1]], "b": [[0]], "low": 1, "high": 1, "low_f": 1, "high_f": 1, "err": "1/4", "gap": "1/4",
}  # fmt: skip
TALL = ATTAINED | {"Xi": [[1], [0]], "Dual": [[1, 0]], "D": [["1/2", 0], [0, 0]]}
TALL |= {"M": [["3/2", 0], [0, "3/2"]], "b": [[0], [0]]}
BESIDE = TALL | {"b": [[0], [1]], "a": [[0]], "D": [[0, 0], [0, "3/2"]], "err": "9/4", "gap": "9/4"}
EYE, HALF = [[1, 0], [0, 1]], [["1/2", 0], [0, "1/2"]]
JORDAN = ATTAINED | {
    "s": 2, "Xi": EYE, "Dual": EYE, "Phi": [[0, 1], [0, 0]], "F": EYE, "Lambda": [[0, 0], [0, 0]], "M": HALF, "K": HALF,
    "D": [[0, 0], ["1/4", 0]], "a": [[2], [1]], "b": [[0], [0]], "err": "1/16",
}  # fmt: skip
OBLIQUE = {"Dual": [[1, 4]], "D": [[0, 0], ["1/2", 0]], "M": [[2, 0], [0, 2]], "K": [[2]], "a": [[4]], "b": [[0], [1]]}
READ = {"M": [["3/2", "-3/2"], [0, "3/2"]], "D": [["-1/4", 0], ["3/4", 0]], "b": [[1], [1]], "err": 100}
MIXED = {"M": [["3/2", "-1/2"], [0, 0]], "D": [[0, 0], [0, 0]], "b": [[0], [1]]}
THEOREM = Theorem(
    given=(s, Xi, Dual, Phi, *GIVEN),
    hypotheses={
        duality: case(**ATTAINED | {"Dual": [[2]], "D": [["-1/2"]]}),
        symmetric: case(**TALL | OBLIQUE | {"gap": 1}),
        beside: case(**TALL | READ),
        diagonal: case(**JORDAN),
        acts: case(**ATTAINED | {"K": [[2]], "gap": 1}),
        stays: case(**TALL | MIXED),
        eigen: case(**ATTAINED | {"D": [["1/4"]], "err": "1/16"}),
        at_least_0[0]: case(**ATTAINED | {"low": -1}),
        at_least_0[1]: None,  # it follows from ‖Xi F a‖² ≤ high ‖F a‖², unless F a is 0
        at_least_0[2]: case(**ATTAINED | {"low_f": -1}),
        at_least_0[3]: None,  # it follows from ‖D v‖² ≤ err ‖v‖², unless v is 0
        ordered: case(**BESIDE | {"low": 4}),
        xi_high: case(**ATTAINED | {"Xi": [[2]], "Dual": [["1/2"]]}),
        f_high: case(**ATTAINED | {"F": [[2]]}),
        xi_low: case(**ATTAINED | {"Xi": [["1/2"]], "Dual": [[2]]}),
        f_low: case(**ATTAINED | {"F": [["1/2"]]}),
        small: case(**ATTAINED | {"err": "1/16"}),
        far: case(**ATTAINED | {"gap": 1}),
        far_zero: case(**BESIDE | {"gap": 4}),
    },
    definitions=(stored, split, moved_away),
    conclusions=(pushed, above, below, bound, as_many_in_each_union),
    proof=proof,
    examples={"the bound is attained: Phi = 1, Xi = 1": case(**ATTAINED)},
    cases=perturbed(),
    source="F. L. Bauer, C. T. Fike, Norms and exclusion theorems, Numer. Math. 2 (1960), 137-141",
)
