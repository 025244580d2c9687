"""The rate form and the potential form of a network have the same orbits, for any activation and any weights.

For any two maps σ: X → Y and S: Y → X (nonlinear, with bias, not invertible), let f = S∘σ on X and g = σ∘S on Y. Then
σ∘f^k = g^k∘σ and S∘g^k = f^k∘S, and σ maps the points of period k of f one to one onto those of g, with inverse
S∘g^(k-1). At corresponding points the linearisations SD and DS have one characteristic polynomial (up to
powers of x, if X and Y differ in dimension).
Idea: regroup the word S σ S σ … σ; composition of maps is associative, and nothing else is used. A map of finite sets
is a matrix of zeros and ones, and composition is the product of these matrices.
"""

from hypothesis import strategies as st

from emtheory.judges.exact import charpoly, exactly, matrix, monomial
from emtheory.judges.floats import chain, close
from emtheory.judges.symbolic import definition, hypothesis, identical, induction, letter, sizes
from emtheory.theorems.cases import matrices
from emtheory.theorems.theorem import Theorem
from emtheory.theory.algebra import k

p, q = sizes("p q")
sigma, S = letter("σ", q, p), letter("S", p, q)
f, g = letter("f", p, p), letter("g", q, q)


def one_after_the_other(outer, inner, f_values, weights, slopes):
    """f is S after σ, and nothing else."""
    return exactly([outer[y] for y in inner], list(f_values))


def derivation():
    forth, back = hypothesis(one_after_the_other, f, S @ sigma), definition(g, sigma @ S)
    over = identical(sigma @ f, g @ sigma, [forth, back])
    yield "σ f = σ S σ = g σ", over
    yield "so σ carries every orbit of f to one of g", induction(k, 1, sigma @ f**k, g**k @ sigma, [over])
    under = identical(S @ g, f @ S, [forth, back])
    yield "S g = S σ S = f S", under
    yield "and S every orbit of g to one of f", induction(k, 1, S @ g**k, f**k @ S, [under])
    yield (
        "on points of period k, S g^(k-1) undoes σ: f^k = S g^(k-1) σ",
        induction(k, 1, S @ g ** (k - 1) @ sigma, f**k, [forth, back]),
    )
    yield (
        "and σ f^(k-1) undoes S: g^k = σ f^(k-1) S",
        induction(k, 1, sigma @ f ** (k - 1) @ S, g**k, [forth, back]),
    )


def _as_matrix(values, size):
    """The matrix of a map i ↦ values[i] into a set of this size."""
    return matrix([[int(value == row) for value in values] for row in range(size)])


def meaning(outer, inner, f_values, weights, slopes):
    to_y, to_x = _as_matrix(inner, len(outer)), _as_matrix(outer, len(inner))
    return {sigma: to_y, S: to_x, f: _as_matrix(f_values, len(inner)), g: to_y @ to_x}


def _periodic(values, period):
    """The points that return after `period` steps."""
    found = []
    for start in range(len(values)):
        point = start
        for _ in range(period):
            point = values[point]
        if point == start:
            found.append(start)
    return found


def periodic_points_correspond(outer, inner, f_values, weights, slopes):
    """σ maps the points of period k of f one to one onto those of g, for k = 1 … 4."""
    g_values = [inner[x] for x in outer]
    images = [[inner[x] for x in _periodic(f_values, period)] for period in range(1, 5)]
    return exactly(str([sorted(image) for image in images]), str([_periodic(g_values, k) for k in range(1, 5)]))


def one_linearisation(outer, inner, f_values, weights, slopes):
    """det(x - SD) x^q = det(x - DS) x^p, S: p x q and D: q x p the slopes at corresponding points."""
    rows, cols = weights.shape
    return exactly(charpoly(weights @ slopes) * monomial(cols), charpoly(slopes @ weights) * monomial(rows))


def floats_agree(outer, inner, f_values, weights, slopes):
    """In floats (S D)^3 S = S (D S)^3, within the error bounds of the products."""
    left = chain(*[weights, slopes] * 3, weights)
    right = chain(weights, *[slopes, weights] * 3)
    return close(left.value, right.value, left.bound + right.bound)


@st.composite
def maps(draw):
    """Maps between two sets of up to eight points, most often more than one, beside weights and slopes."""
    points = st.sampled_from((2, 3, 4, 5, 6, 7, 8, 1))
    x_size, y_size = draw(points), draw(points)
    inner = draw(st.lists(st.integers(0, y_size - 1), min_size=x_size, max_size=x_size))
    if x_size == y_size and draw(st.booleans()):
        inner = list(draw(st.permutations(range(y_size))))
    outer = draw(st.lists(st.integers(0, x_size - 1), min_size=y_size, max_size=y_size))
    weights, slopes = draw(matrices(x_size, y_size)), draw(matrices(y_size, x_size))
    return outer, inner, [outer[y] for y in inner], weights, slopes


ONE = matrix([[1]])
THEOREM = Theorem(
    hypotheses={one_after_the_other: ([0, 0], [0, 1], [1, 0], ONE, ONE)},
    derivation=derivation,
    meaning=meaning,
    conclusions=(periodic_points_correspond, one_linearisation),
    numeric=(floats_agree,),
    examples={
        "a swap seen from a larger set": ([1, 0, 0], [0, 1], [1, 0], ONE, ONE),
        "neither map is one to one": ([0, 0, 1], [2, 0], [1, 0], matrix([[1, 2]]), matrix([[3], [1]])),
    },
    cases=maps(),
    source="Karuvally, DelMastro, Siegelmann, arXiv:2310.02430, the two forms of an RNN, without its norm bound",
)
