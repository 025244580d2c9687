"""A small error in the weights moves no eigenvalue further than κ₂(Xi) κ₂(F) ‖E‖₂.

Phi = F Λ F⁻¹ with Λ normal, the columns of Xi are independent, Dual is its Moore-Penrose inverse and W = Xi Phi Dual.
Then every eigenvalue of W + E lies within κ₂(Xi) κ₂(F) ‖E‖₂ of one of W (κ₂(F) = 1 for normal Phi), and each
connected union of the discs of that radius around the eigenvalues of W holds equally many of both.
Idea: with N orthonormal in ker Dual, X = [Xi F, c N] diagonalises W, and XᵀX = diag(Fᵀ Xiᵀ Xi F, c² I), so that for
c between σ_min(Xi) σ_min(F) and σ_max(Xi) σ_max(F) it is conditioned no worse than κ₂(Xi) κ₂(F). If (W + E) v = μ v
with v = X w, then (μ - Λ ⊕ 0) w = X⁻¹ E X w: Bauer and Fike's argument. A complex μ is a real 2 x 2 block, and w then
has real and imaginary part as its two columns; the letters below are real. The count holds along W + τE, τ from 0 to 1.
"""

import numpy as np
from hypothesis import strategies as st
from sympy import Symbol

from emtheory.judges.balls import acb, arb, at_most, precision
from emtheory.judges.exact import (
    charpoly,
    cycle,
    direct_sum,
    dyadic,
    exactly,
    eye,
    hstack,
    left_inverse,
    matrix,
    polynomial,
    rational,
    unit,
    vstack,
)
from emtheory.judges.symbolic import (
    at_least_zero,
    definition,
    hypothesis,
    identical,
    identity,
    letter,
    nonnegative,
    sizes,
    zero,
)
from emtheory.theorems.cases import invertible_matrices, matrices, memory_bases, rationals
from emtheory.theorems.theorem import Theorem
from emtheory.theory.memories import norm_bound, singular_bounds
from emtheory.verdict import Kind, all_of, undecided

n, m = sizes("n m")
Xi, Dual, Phi, W, E = (
    letter("Xi", n, m),
    letter("Dual", m, n),
    letter("Phi", m, m),
    letter("W", n, n),
    letter("E", n, n),
)
F, Lam = letter("F", m, m), letter("Λ", m, m)
M, K = letter("M", n, n), letter("K", m, m)  # μ as it acts on states and on coordinates
v, a, b = letter("v", n, 1), letter("a", m, 1), letter("b", n, 1)  # v = Xi F a + b, b orthogonal to Xi
p, q, top = (Symbol(name, positive=True) for name in ("p", "q", "P"))  # p ≤ σ(Xi)² ≤ P, q ≤ σ(F)²
g, h, e2, d2 = (Symbol(name, nonnegative=True) for name in ("g", "h", "e²", "d²"))  # e = ‖E‖, d the distance
c2 = p * q + g  # the scale of b, between p q and P Q
Q = (c2 + h) / top  # σ(F)² ≤ Q
BITS = 192


def diagonalised(xi, dual, phi, basis, diagonal, error, mu, at):
    """Phi F = F Λ with Λ normal and F invertible."""
    normal = diagonal @ diagonal.T == diagonal.T @ diagonal
    return exactly([phi @ basis, basis.rank(), normal], [basis @ diagonal, len(phi), True])


def independent(xi, dual, phi, basis, diagonal, error, mu, at):
    """The columns of Xi are independent."""
    return exactly(xi.rank(), xi.shape[1])


def moore_penrose(xi, dual, phi, basis, diagonal, error, mu, at):
    """Dual is the Moore-Penrose inverse of Xi."""
    one, two = xi @ dual, dual @ xi
    return exactly([one @ xi, dual @ one, one.T, two.T], [xi, dual, one, two])


def eigenvalue(xi, dual, phi, basis, diagonal, error, mu, at):
    """(W + E) v = μ v, μ = α + iβ; the columns of `at` are the real and the imaginary part of v."""
    (alpha, beta), total = mu, xi @ phi @ dual + error
    real, imaginary = at[:, :1], at[:, 1:]
    wanted = [alpha * real - beta * imaginary, beta * real + alpha * imaginary]
    return exactly([total @ real, total @ imaginary, at.is_zero()], [*wanted, False])


def derivation():
    duality = hypothesis(independent, Dual @ Xi, identity(m))
    across, orthogonal = hypothesis(moore_penrose, Dual @ b, zero(m, 1)), definition_of_b(b)
    orthogonal_moved = definition_of_b(M @ b)
    diagonal = hypothesis(diagonalised, Phi @ F, F @ Lam)
    stored, split = definition(W, Xi @ Phi @ Dual), definition(v, Xi @ F @ a + b)
    acts = hypothesis(eigenvalue, M @ Xi @ F, Xi @ F @ K)
    y = (K - Lam) @ a
    moved = identical(W @ v, Xi @ F @ Lam @ a, [stored, split, duality, across, diagonal])
    yield "W acts on v as Λ does on its coordinates, and kills what is orthogonal to Xi", moved
    pushed = identical(M @ v - W @ v, Xi @ F @ y + M @ b, [moved, split, acts])
    yield "so if (W + E) v = μ v, E v has the coordinates (μ - Λ) a, and μ b", pushed
    pushes = hypothesis(eigenvalue, E @ v, M @ v - W @ v)
    gram = identical(v.T @ v, (Xi @ F @ a).T @ (Xi @ F @ a) + b.T @ b, [split, orthogonal])
    yield "the Gram matrix is block diagonal: ‖v‖² = ‖Xi F a‖² + ‖b‖²", gram
    moved_gram = identical(
        (E @ v).T @ (E @ v),
        (Xi @ F @ y).T @ (Xi @ F @ y) + (M @ b).T @ (M @ b),
        [pushes, moved, split, acts, orthogonal_moved],
    )
    yield "and so is that of E v", moved_gram

    def squared(term):
        return term.T @ term

    xi_high = at_least_zero(independent, top * squared(F @ a) - squared(Xi @ F @ a))
    f_high = at_least_zero(diagonalised, Q * squared(a) - squared(F @ a))
    size = squared(a) + 1 / c2 * squared(b)
    above = nonnegative(
        top * Q * size - squared(v),
        [(1, xi_high.term), (top, f_high.term), (h / c2, squared(b))],
        [gram, xi_high, f_high],
    )
    yield "‖v‖² ≤ σ_max(Xi)² σ_max(F)² (‖a‖² + ‖b‖²/c²)", above
    xi_low = at_least_zero(independent, squared(Xi @ F @ y) - p * squared(F @ y))
    f_low = at_least_zero(diagonalised, squared(F @ y) - q * squared(y))
    push = squared(y) + 1 / c2 * squared(M @ b)
    below = nonnegative(
        squared(E @ v) - p * q * push,
        [(1, xi_low.term), (p, f_low.term), (g / c2, squared(M @ b))],
        [moved_gram, xi_low, f_low],
    )
    yield "‖E v‖² ≥ σ_min(Xi)² σ_min(F)² (‖(μ - Λ) a‖² + ‖μ b‖²/c²)", below
    small = at_least_zero(eigenvalue, e2 * squared(v) - squared(E @ v))
    far = at_least_zero(diagonalised, squared(y) - d2 * squared(a))
    far_zero = at_least_zero(moore_penrose, squared(M @ b) - d2 * squared(b))
    yield (
        "so d² ≤ κ₂(Xi)² κ₂(F)² ‖E‖² for the distance d of μ from the eigenvalues of W",
        nonnegative(
            (e2 * top * Q - p * q * d2) * size,
            [
                (e2, above.equation.lhs),
                (1, small.term),
                (1, below.equation.lhs),
                (p * q, far.term),
                (p * q / c2, far_zero.term),
            ],
            [above, below, small, far, far_zero],
        ),
    )


def definition_of_b(term):
    """b, and so μ b, is orthogonal to the memories."""
    return hypothesis(moore_penrose, Xi.T @ term, zero(m, 1))


def meaning(xi, dual, phi, basis, diagonal, error, mu, at):
    """Real and imaginary part one below the other: every matrix stands twice on the diagonal, μ is a rotation."""
    (alpha, beta), size, count = mu, len(xi), len(phi)
    w = xi @ phi @ dual

    def twice(x):
        return direct_sum(x, x)

    def turn(k):
        return vstack([hstack([alpha * eye(k), -beta * eye(k)]), hstack([beta * eye(k), alpha * eye(k)])])

    state = vstack([at[:, :1], at[:, 1:]])
    coordinates = twice(basis.inv() @ dual) @ state
    (low, high), (f_low, f_high) = singular_bounds(xi), singular_bounds(basis)
    return {
        n: 2 * size,
        m: 2 * count,
        **{key: twice(x) for key, x in {Xi: xi, Dual: dual, Phi: phi, W: w, E: error, F: basis, Lam: diagonal}.items()},
        M: turn(size),
        K: turn(count),
        v: state,
        a: coordinates,
        b: state - twice(xi @ basis) @ coordinates,
        p: low,
        q: f_low,
        top: high,
        g: 0,
        h: high * f_high - low * f_low,
        e2: norm_bound(error),
        d2: _distance_squared(xi, diagonal, mu),
    }


def _distance_squared(xi, diagonal, mu):
    alpha, beta = mu
    rows = range(len(diagonal))
    pairs = [(diagonal[i, i], max((abs(diagonal[i, j]) for j in rows if j != i), default=rational(0))) for i in rows]
    pairs += [(rational(0), rational(0))] * (len(xi) - len(diagonal))
    return min((alpha - x) ** 2 + (abs(beta) - abs(y)) ** 2 for x, y in pairs)


def eigenvalue_near(xi, dual, phi, basis, diagonal, error, mu, at):
    """μ lies within κ₂(Xi) κ₂(F) ‖E‖₂ of an eigenvalue of W."""
    reach = _reach_squared(xi, basis, error)
    with precision(BITS):
        gaps = [(root - acb(*mu)) for root, _ in _roots(xi @ phi @ dual)]
        nearest = min((_square(gap) for gap in gaps), key=float)
    if reach:
        return at_most(nearest, reach, bits=BITS)
    alpha, beta = mu
    factor = polynomial([alpha**2 + beta**2, -2 * alpha, 1]) if beta else polynomial([-alpha, 1])
    return exactly(charpoly(xi @ phi @ dual) % factor, 0 * factor)


def _reach_squared(xi, basis, error):
    """A rational at or a little above (κ₂(Xi) κ₂(F) ‖E‖₂)²."""
    return _condition_squared(xi, basis) * norm_bound(error)


def _condition_squared(xi, basis):
    """A rational at or a little above (κ₂(Xi) κ₂(F))²."""
    (low, high), (f_low, f_high) = singular_bounds(xi), singular_bounds(basis)
    return high / low * f_high / f_low


def _roots(w):
    """The eigenvalues of W with their multiplicities, enclosed."""
    return charpoly(w).complex_roots()


def as_many_in_each_union(xi, dual, phi, basis, diagonal, error, mu, at):
    """Each connected union of discs around the eigenvalues of W holds as many eigenvalues of W + E as of W."""
    w, reach = xi @ phi @ dual, _reach_squared(xi, basis, error)
    with precision(BITS):
        old, new = _roots(w), _roots(w + error)
        clusters = _connected([root for root, _ in old], 4 * reach)
        if clusters is None:
            return undecided(Kind.ENCLOSED, f"balls of {BITS} bits", reason="two discs touch, or nearly so")
        found = [0] * len(clusters)
        for root, count in new:
            homes = [i for i, c in enumerate(clusters) if any(not _apart(root, old[j][0], reach) for j in c)]
            if len(homes) != 1:
                return exactly(len(homes), 1)
            found[homes[0]] += count
    return exactly(found, [sum(old[j][1] for j in cluster) for cluster in clusters])


def _apart(x, y, square):
    """Whether |x - y|² > square for certain."""
    return _square(x - y) > arb(square)


def _square(gap):
    """|z|²; a product, as a power of a ball around 0 may be NaN."""
    return gap.real * gap.real + gap.imag * gap.imag


def _connected(points, square):
    """Indices of points whose discs touch, directly or through others; None if one pair is too close to call."""
    clusters = [{i} for i in range(len(points))]
    for i, x in enumerate(points):
        for j in range(i):
            if _apart(x, points[j], square):
                continue
            if not _square(x - points[j]) < arb(square):
                return None
            one, two = (next(c for c in clusters if k in c) for k in (i, j))
            if one is not two:
                clusters = [c for c in clusters if c is not one and c is not two] + [one | two]
    return clusters


def lapack_eigenvalues_near(xi, dual, phi, basis, diagonal, error, mu, at):
    """LAPACK's (μ, v) of W + E, r = (W + E - μ) v: μ is within κ₂(Xi) κ₂(F) (‖E‖ + ‖r‖/‖v‖) of W's eigenvalues."""
    total, verdicts = xi @ phi @ dual + error, []
    values, vectors = np.linalg.eig(total.numpy())
    with precision(BITS):
        condition, size = arb(_condition_squared(xi, basis)).sqrt(), arb(norm_bound(error)).sqrt()
        for value, vector in zip(values, vectors.T, strict=True):
            pair = dyadic([[value.real, value.imag]])
            real, imaginary = dyadic([vector.real]).T, dyadic([vector.imag]).T
            alpha, beta = pair[0, 0], pair[0, 1]
            missed = vstack(
                [total @ real - alpha * real + beta * imaginary, total @ imaginary - beta * real - alpha * imaginary]
            )
            length = (real.T @ real + imaginary.T @ imaginary)[0, 0]
            reach = condition * (size + arb((missed.T @ missed)[0, 0] / length).sqrt())
            verdicts.append(at_most(arb(_distance_squared(xi, diagonal, (alpha, beta))).sqrt(), reach, bits=BITS))
    return all_of(verdicts)


@st.composite
def perturbed(draw):
    """Phi with rational eigenvalues or rotations, a basis, and the least E that makes a drawn number an eigenvalue."""
    turns, count = draw(st.integers(0, 1)), draw(st.integers(1, 2))
    values = [rational(draw(rationals())) for _ in range(count)]
    parts = [matrix([[value]]) for value in values] + [matrix([[values[0], -1], [1, values[0]]])] * turns
    diagonal = direct_sum(*parts)
    basis, memories = (
        draw(invertible_matrices(len(diagonal))),
        draw(memory_bases(m=len(diagonal), max_n=5, oblique=False)),
    )
    phi, size = basis @ diagonal @ basis.inv(), memories.n
    at = draw(matrices(size, 2))
    shift = rational(draw(rationals())) / 8
    mu = (values[-1] + shift, rational(int(at.rank() == 2)) / 8)
    if at.rank() < 2:
        at = hstack([unit(size, 0), 0 * unit(size, 0)])
    return (
        memories.xi,
        memories.dual,
        phi,
        basis,
        diagonal,
        _least_error(memories.xi @ phi @ memories.dual, mu, at),
        mu,
        at,
    )


def _least_error(w, mu, at):
    """The least E with (W + E) v = μ v."""
    (alpha, beta), real, imaginary = mu, at[:, :1], at[:, 1:]
    wanted = hstack([alpha * real - beta * imaginary, beta * real + alpha * imaginary])
    held = at if beta else real
    return (wanted - w @ at)[:, : held.shape[1]] @ left_inverse(held)


def with_real(xi, dual, phi, diagonal, mu, at):
    """A case with F = I and a real eigenpair."""
    pair, state = (
        (matrix([[mu]])[0, 0], rational(0)),
        hstack([matrix([[x] for x in at]), matrix([[0] for _ in at])]),
    )
    return xi, dual, phi, eye(len(phi)), diagonal, _least_error(xi @ phi @ dual, pair, state), pair, state


ONE, EYE, HALF = matrix([[1]]), eye(2), rational(1) / 2
JORDAN, E1 = matrix([[0, 1], [0, 0]]), unit(2, 0)
TURN = cycle(3)
FLAT = matrix([[1, 0, 0], [0, 1, 0]])
THEOREM = Theorem(
    hypotheses={
        diagonalised: with_real(EYE, EYE, JORDAN, 0 * EYE, HALF, [2, 1]),
        independent: with_real(FLAT, FLAT.T, TURN, TURN, HALF, [2, 1]),
        moore_penrose: with_real(E1, matrix([[1, 4]]), ONE, ONE, 2, [4, 1]),
        eigenvalue: (ONE, ONE, ONE, ONE, ONE, matrix([[0]]), (rational(2), rational(0)), matrix([[1, 0]])),
    },
    derivation=derivation,
    meaning=meaning,
    conclusions=(eigenvalue_near, as_many_in_each_union),
    numeric=(lapack_eigenvalues_near,),
    examples={
        "the bound is attained: Phi = 1, Xi = 1": with_real(ONE, ONE, ONE, ONE, "3/2", [1]),
        "a skew eigenbasis: the shift is above ‖E‖": (
            EYE,
            EYE,
            matrix([[0, 4], [0, 1]]),
            matrix([[1, 4], [0, 1]]),
            matrix([[0, 0], [0, 1]]),
            matrix([[0, 0], ["5/64", 0]]),
            (rational(-1) / 4, rational(0)),
            matrix([[4, 0], ["-1/4", 0]]),
        ),
        "a rotation, pushed off the circle": (
            EYE,
            EYE,
            matrix([[0, -1], [1, 0]]),
            EYE,
            matrix([[0, -1], [1, 0]]),
            matrix([["1/8", 0], [0, "1/8"]]),
            (rational(1) / 8, rational(1)),
            matrix([[1, 0], [0, -1]]),
        ),
    },
    cases=perturbed(),
    source="F. L. Bauer, C. T. Fike, Norms and exclusion theorems, Numer. Math. 2 (1960), 137-141",
)
