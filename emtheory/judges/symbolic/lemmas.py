"""The trusted base: lemmas that derivations cite, each with a reference and an exact spot check.

A derivation may use a lemma only by naming it in `given`; reports list every lemma that was used. `spot_check(seed)`
tries the lemma on random rational matrices, so that a misprint here is seen; that proves nothing for all sizes.

>>> [lemma.spot_check(0).outcome.value for lemma in TRUSTED] == ["proved"] * len(TRUSTED)
True
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from emtheory.judges.exact import Matrix, blocks, exactly, eye, hstack, matrix, rational, unit, vstack, zeros
from emtheory.verdict import Verdict, all_of

__all__ = [
    "CANCELLATION",
    "CHAIN_RULE",
    "COMPLEMENT",
    "DET_OF_PRODUCT",
    "DET_OF_SCALAR",
    "DET_OF_TRIANGULAR",
    "FUNCTIONAL_GRAPH",
    "INCREASING",
    "MEAN_VALUE",
    "NORMS",
    "SELECTORS",
    "STRICTLY_TRIANGULAR",
    "TRUSTED",
    "Lemma",
]

HORN_JOHNSON = "R. A. Horn, C. R. Johnson, Matrix Analysis, 2nd ed., Cambridge 2013"


@dataclass(frozen=True)
class Lemma:
    """A cited fact: its statement, where it is proved, and a check of it on one random instance."""

    name: str
    statement: str
    reference: str
    spot: Callable[[Random], Verdict]

    def spot_check(self, seed: int) -> Verdict:
        """The statement on ten random rational instances."""
        random = Random(f"{self.name} {seed}")
        return all_of(self.spot(random) for _ in range(10))


def _random(random: Random, rows: int, cols: int) -> Matrix:
    return matrix([[random.randint(-4, 4) for _ in range(cols)] for _ in range(rows)])


def _size(random: Random) -> int:
    return random.randint(1, 4)


def _product(random: Random) -> Verdict:
    n = _size(random)
    a, b = _random(random, n, n), _random(random, n, n)
    return exactly((a @ b).det(), a.det() * b.det())


def _triangular(random: Random) -> Verdict:
    sizes = [_size(random) for _ in range(3)]
    grid = [[_random(random, a, b) if i <= j else zeros(a, b) for j, b in enumerate(sizes)]
            for i, a in enumerate(sizes)]  # fmt: skip
    product = grid[0][0].det() * grid[1][1].det() * grid[2][2].det()
    upper = blocks(grid)
    return exactly([upper.det(), upper.T.det()], [product, product])


def _scalar(random: Random) -> Verdict:
    n, c = _size(random), random.randint(-5, 5)
    return exactly((c * eye(n)).det(), c**n)


def _strictly(random: Random) -> Verdict:
    sizes, x = [_size(random) for _ in range(3)], random.randint(-5, 5)
    grid = [[_random(random, a, b) if i < j else zeros(a, b) for j, b in enumerate(sizes)]
            for i, a in enumerate(sizes)]  # fmt: skip
    n = sum(sizes)
    return exactly((x * eye(n) - blocks(grid)).det(), x**n)


def _selectors(random: Random) -> Verdict:
    s, kappa = _size(random), _size(random)
    E = [vstack([eye(kappa) if i == k else zeros(kappa, kappa) for i in range(s)]) for k in range(s)]
    grams = [exactly(E[j].T @ E[k], eye(kappa) if j == k else zeros(kappa, kappa)) for j in range(s) for k in range(s)]
    partition = E[0] @ E[0].T
    for k in range(1, s):
        partition = partition + E[k] @ E[k].T
    return all_of([*grams, exactly(partition, eye(s * kappa))])


def _cancellation(random: Random) -> Verdict:
    from flint import fmpq_poly

    p = fmpq_poly([random.randint(-4, 4) for _ in range(4)])
    power = fmpq_poly([0] * _size(random) + [1])
    return exactly((p * power) // power, p)


def _complement(random: Random) -> Verdict:
    """Ξ of m independent columns, Dual any left inverse: [Ξ N] and [Dual; M] are inverse to each other."""
    m, extra = _size(random), random.randint(1, 3)
    n = m + extra
    xi = vstack([eye(m), _random(random, extra, m)])
    dual = hstack([eye(m), zeros(m, extra)])
    kernel = dual.kernel()
    both = hstack([xi, kernel])
    inverse = both.inv()
    return exactly([both @ inverse, inverse[:m, :]], [eye(n), dual])


def _graph(random: Random) -> Verdict:
    """A map of a finite set to itself, restricted to the points that recur, is a permutation."""
    size = random.randint(1, 8)
    image = [random.randrange(size) for _ in range(size)]
    recurrent = set(range(size))
    for _ in range(size):
        recurrent = {image[point] for point in recurrent}
    order = sorted(recurrent)
    p = hstack([unit(len(order), order.index(image[point])) for point in order])
    return exactly(p.T @ p, eye(len(order)))


def _chain_rule(random: Random) -> Verdict:
    """For Q(v) = ½ vᵀQv and a bilinear form, along v + τw: the coefficient of τ, by a symmetric difference."""
    n = _size(random)
    q, v, w = _random(random, n, n), _random(random, n, 1), _random(random, n, 1)
    symmetric = q + q.T

    def form(at: Matrix) -> Matrix:
        return at.T @ symmetric @ at / 2

    return exactly((form(v + w) - form(v - w)) / 2, v.T @ symmetric @ w)


def _increasing(random: Random) -> Verdict:
    """A polynomial that is 0 at 0, its derivative a square: it is ≥ 0 to the right."""
    from flint import fmpq_poly

    root = fmpq_poly([random.randint(-4, 4) for _ in range(3)])
    grown = (root * root).integral()
    return exactly([grown(0), *(grown(z) >= 0 for z in range(1, 6))], [0] + [True] * 5)


def _mean_value(random: Random) -> Verdict:
    """For f(x) = x², whose mean value lies half way."""
    x, y = rational(random.randint(-9, 9)), rational(random.randint(-9, 9)) / 2
    return exactly(x**2 - y**2, 2 * ((x + y) / 2) * (x - y))


def _norms(random: Random) -> Verdict:
    """The row-sum norm."""
    n = _size(random)
    a, b, c, d = (_random(random, n, n) for _ in range(4))
    return exactly((a @ b + c @ d).norm_inf() <= a.norm_inf() * b.norm_inf() + c.norm_inf() * d.norm_inf(), True)


DET_OF_PRODUCT = Lemma("det-product", "det(AB) = det A det B for square A, B.", f"{HORN_JOHNSON}, 0.3.5", _product)
DET_OF_TRIANGULAR = Lemma(
    "det-triangular",
    "The determinant of a block triangular matrix is the product of those of its diagonal blocks.",
    f"{HORN_JOHNSON}, 0.9.4",
    _triangular,
)
DET_OF_SCALAR = Lemma("det-scalar", "det(c I_n) = cⁿ.", f"{HORN_JOHNSON}, 0.3", _scalar)
STRICTLY_TRIANGULAR = Lemma(
    "det-unit-triangular",
    "det(x I - N) = x^n for a strictly block triangular n x n matrix N, whatever the number of blocks.",
    f"{HORN_JOHNSON}, 0.9.4",
    _strictly,
)
SELECTORS = Lemma(
    "block-selectors",
    "The block columns E_1 … E_s of an identity matrix satisfy E_jᵀE_k = δ_jk I and Σ_k E_kE_kᵀ = I.",
    f"{HORN_JOHNSON}, 0.7",
    _selectors,
)
CANCELLATION = Lemma(
    "cancellation",
    "A power of the indeterminate x is no zero divisor in a polynomial ring: xᵏp = xᵏq gives p = q.",
    "S. Lang, Algebra, 3rd ed., Springer 2002, IV.1",
    _cancellation,
)
COMPLEMENT = Lemma(
    "complement",
    "If Dual Ξ = I, a basis N of ker Dual completes Ξ to a basis; the inverse of [Ξ N] has Dual as its upper block.",
    f"{HORN_JOHNSON}, 0.2.3 and 0.7.3",
    _complement,
)
FUNCTIONAL_GRAPH = Lemma(
    "functional-graph",
    "A map of a finite set to itself permutes its recurrent points; a permutation is a product of disjoint cycles.",
    "P. Flajolet, R. Sedgewick, Analytic Combinatorics, Cambridge 2009, VII.3.3",
    _graph,
)
CHAIN_RULE = Lemma(
    "chain-rule",
    "Along a path, d/dt L(V) = ∇L(V)ᵀV̇ and d/dt ∇L(V) = J V̇, J the Hessian; products follow Leibniz.",
    "W. Rudin, Principles of Mathematical Analysis, 3rd ed., McGraw-Hill 1976, theorem 9.15",
    _chain_rule,
)
INCREASING = Lemma(
    "increasing",
    "A differentiable function with f(0) = 0 and f' ≥ 0 on [0, ∞) is ≥ 0 there.",
    "W. Rudin, Principles of Mathematical Analysis, 3rd ed., McGraw-Hill 1976, theorem 5.11",
    _increasing,
)
MEAN_VALUE = Lemma(
    "mean-value",
    "f(x) - f(y) = f'(ξ)(x - y) for some ξ between x and y; so for an increasing f the factor is ≥ 0.",
    "W. Rudin, Principles of Mathematical Analysis, 3rd ed., McGraw-Hill 1976, theorem 5.10",
    _mean_value,
)
NORMS = Lemma(
    "norms",
    "An operator norm is submultiplicative and subadditive: ‖AB + CD‖ ≤ ‖A‖‖B‖ + ‖C‖‖D‖.",
    f"{HORN_JOHNSON}, 5.6.1",
    _norms,
)
TRUSTED = (
    CHAIN_RULE,
    DET_OF_PRODUCT,
    DET_OF_TRIANGULAR,
    DET_OF_SCALAR,
    STRICTLY_TRIANGULAR,
    SELECTORS,
    CANCELLATION,
    COMPLEMENT,
    FUNCTIONAL_GRAPH,
    INCREASING,
    MEAN_VALUE,
    NORMS,
)
