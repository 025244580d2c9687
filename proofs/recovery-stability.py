"""Small errors in the weights make small errors in the recovered memories, with the constant written out.

The deflated recursion Psi_s = U, Psi_(k-1) = A Psi_k is run on Â, Û with ‖Â - A‖ ≤ ε and ‖Û - U‖ ≤ δ instead. In
every operator norm ‖Psi_k^ - Psi_k‖ ≤ (‖A‖ + ε)^(s-k) (‖U‖ + δ) - ‖A‖^(s-k) ‖U‖, which scalars attain; and
Ĉ_k = R W Psi_k^ obeys ‖Ĉ_k - C_k‖ ≤ (‖RW‖ + η) ‖Psi_k^ - Psi_k‖ + η ‖Psi_k‖, η the error of R W.
Idea: Psi_(j+1)^ - Psi_(j+1) = Â (Psi_j^ - Psi_j) + (Â - A) Psi_j, j counting steps; the bound obeys the same
recursion with equality, so by induction it stays above.
"""

from fractions import Fraction
from math import sqrt

import numpy as np
from sympy import Symbol

from emtheory.judges.exact import dyadic, exactly, matrix, rational
from emtheory.judges.symbolic import (
    NORMS,
    at_least_zero,
    definition,
    family,
    identical,
    identity,
    indices,
    letter,
    never_negative,
    nonnegative,
    sizes,
)
from emtheory.theorems.cases import matrices, tasks
from emtheory.theorems.theorem import Theorem
from emtheory.theory.memories import norm_bound

n, kappa = sizes("n kappa")
j = indices("j")
A, A_hat = letter("A", n, n), letter("Â", n, n)
U, U_hat = letter("U", n, kappa), letter("Û", n, kappa)
Psi, Psi_hat = family("Psi", n, kappa), family("Psi^", n, kappa)
e, q, miss = family("e", 1, 1), family("q", 1, 1), family("f", 1, 1)  # ‖Psi^ - Psi‖, ‖Psi‖, ‖Ĉ - C‖ after j steps
alpha, eps, upsilon, delta, rho, eta = (Symbol(name, nonnegative=True) for name in ("α", "ε", "υ", "δ", "ρ", "η"))


def weights_within(a, a_hat, u, u_hat, r, r_hat, errors):
    """‖Â - A‖ ≤ ε, ‖Û - U‖ ≤ δ and ‖RŴ - RW‖ ≤ η."""
    gaps = [a_hat - a, u_hat - u, r_hat - r]
    return exactly([gap.norm_inf() <= error for gap, error in zip(gaps, errors, strict=True)], [True] * 3)


def derivation():
    one = identity(1)
    true = definition(Psi(j), A**j @ U, where=[j >= 0])
    noisy = definition(Psi_hat(j), A_hat**j @ U_hat, where=[j >= 0])
    yield (
        "the error is carried by Â, and what A does wrong is added",
        identical(
            Psi_hat(j + 1) - Psi(j + 1),
            A_hat @ (Psi_hat(j) - Psi(j)) + (A_hat - A) @ Psi(j),
            [true, noisy],
            where=[j >= 0],
        ),
    )
    grows = at_least_zero(NORMS, alpha * q(j) - q(j + 1), where=[j >= 0])
    first = at_least_zero(weights_within, upsilon * one - q(0))
    size = alpha**j * upsilon * one - q(j)
    sizes_bounded = never_negative(
        j, 0, size, [(1, upsilon * one - q(0))], [(alpha, size), (1, grows.term)], [grows, first]
    )
    yield "the true memory is at most α^j υ after j steps", sizes_bounded
    carried = at_least_zero(NORMS, (alpha + eps) * e(j) + eps * q(j) - e(j + 1), where=[j >= 0])
    start = at_least_zero(weights_within, delta * one - e(0))
    bound = ((alpha + eps) ** j * (upsilon + delta) - alpha**j * upsilon) * one - e(j)
    bounded = never_negative(
        j,
        0,
        bound,
        [(1, delta * one - e(0))],
        [(alpha + eps, bound), (eps, size), (1, carried.term)],
        [carried, start, sizes_bounded],
    )
    yield "and the error at most (α+ε)^j (υ+δ) - α^j υ", bounded
    read = at_least_zero(NORMS, (rho + eta) * e(j) + eta * q(j) - miss(j), where=[j >= 0])
    final = (rho + eta) * ((alpha + eps) ** j * (upsilon + delta) - alpha**j * upsilon) + eta * alpha**j * upsilon
    yield (
        "reading adds its own error by the product rule",
        nonnegative(
            final * one - miss(j),
            [(rho + eta, bound), (eta, size), (1, read.term)],
            [read, bounded, sizes_bounded],
            where=[j >= 0],
        ),
    )


def meaning(a, a_hat, u, u_hat, r, r_hat, errors):
    def true(steps):
        return a**steps @ u

    def noisy(steps):
        return a_hat**steps @ u_hat

    def norm(value):
        return lambda steps: matrix([[value(steps).norm_inf()]])

    return {
        kappa: u.shape[1],
        A: a,
        A_hat: a_hat,
        U: u,
        U_hat: u_hat,
        Psi: true,
        Psi_hat: noisy,
        e: norm(lambda steps: noisy(steps) - true(steps)),
        q: norm(true),
        miss: norm(lambda steps: r_hat @ noisy(steps) - r @ true(steps)),
        alpha: a.norm_inf(),
        upsilon: u.norm_inf(),
        rho: r.norm_inf(),
        eps: errors[0],
        delta: errors[1],
        eta: errors[2],
    }


def _bound(a, u, errors, steps):
    return _product_bound(a.norm_inf(), u.norm_inf(), errors[0], errors[1], steps)


def _product_bound(size, write, off_a, off_u, steps):
    """(α + ε)^j (υ + δ) - α^j υ."""
    return (size + off_a) ** steps * (write + off_u) - size**steps * write


def memories_within(a, a_hat, u, u_hat, r, r_hat, errors):
    """After 0 … 6 steps the memory is off by at most the bound, in the maximum norm."""
    gaps = [(a_hat**steps @ u_hat - a**steps @ u).norm_inf() for steps in range(7)]
    return exactly([gap <= _bound(a, u, errors, steps) for steps, gap in enumerate(gaps)], [True] * 7)


def composition_within(a, a_hat, u, u_hat, r, r_hat, errors):
    """And what is read of it by at most (‖RW‖ + η) times that, plus η ‖A‖^j ‖U‖."""
    held = []
    for steps in range(7):
        gap = (r_hat @ a_hat**steps @ u_hat - r @ a**steps @ u).norm_inf()
        most = (r.norm_inf() + errors[2]) * _bound(a, u, errors, steps)
        held.append(gap <= most + errors[2] * a.norm_inf() ** steps * u.norm_inf())
    return exactly(held, [True] * 7)


def scalars_attain_it(a, a_hat, u, u_hat, r, r_hat, errors):
    """For 1 x 1 weights |A|, |U| and errors of one sign the bound is an equality."""
    grown, write = matrix([[a.norm_inf() + errors[0]]]), matrix([[u.norm_inf() + errors[1]]])
    size, start = matrix([[a.norm_inf()]]), matrix([[u.norm_inf()]])
    gaps = [(grown**steps @ write - size**steps @ start)[0, 0] for steps in range(7)]
    return exactly(gaps, [_bound(a, u, errors, steps) for steps in range(7)])


def two_norm_by_lapack(a, a_hat, u, u_hat, r, r_hat, errors):
    """In the 2-norm too: the error stretches the singular vector that LAPACK finds by the bound at most."""
    norms, held = [_root(norm_bound(part)) for part in (a, u, a_hat - a, u_hat - u)], []
    for steps in range(5):
        gap = a_hat**steps @ u_hat - a**steps @ u
        vector = dyadic(np.linalg.svd(gap.numpy())[2][:1]).T
        stretched, bound = gap @ vector, _product_bound(*norms, steps)
        held.append((stretched.T @ stretched)[0, 0] <= bound**2 * (vector.T @ vector)[0, 0])
    return exactly(held, [True] * 5)


def _root(square):
    """A rational at or a little above the root."""
    root = dyadic([[sqrt(Fraction(int(square.p), int(square.q))) * (1 + 2.0**-40)]])[0, 0]
    if root * root < square:
        raise ValueError(f"{root} is no upper bound of the root of {square}")
    return root


def noisy_weights(task):
    """Weights of n = s units and errors of at most about a tenth of them."""
    size, width = task.s, task.kappa

    def case(parts):
        a, d = parts[:, :size] / 2, parts[:, size : 2 * size] / 10
        u, du = parts[:, 2 * size : 2 * size + width], parts[:, 2 * size + width : 2 * size + 2 * width] / 20
        r, dr = parts[:, 2 * size + 2 * width : 2 * size + 3 * width].T, (du / 2).T
        return a, a + d, u, u + du, r, r + dr, (d.norm_inf(), du.norm_inf(), dr.norm_inf())

    return matrices(size, 2 * size + 3 * width).map(case)


ONE, TWO = matrix([[1]]), matrix([[2]])
TENTH = rational(1) / 10
THEOREM = Theorem(
    hypotheses={weights_within: (ONE, TWO, ONE, ONE, ONE, ONE, (TENTH, TENTH, TENTH))},
    derivation=derivation,
    meaning=meaning,
    conclusions=(memories_within, composition_within, scalars_attain_it),
    numeric=(two_norm_by_lapack,),
    examples={
        "scalars, where the bound is attained": (
            ONE,
            matrix([["11/10"]]),
            ONE,
            matrix([["11/10"]]),
            ONE,
            ONE,
            (TENTH, TENTH, rational(0)),
        ),
        "a nilpotent recursion": (
            matrix([[0, 1], [0, 0]]),
            matrix([["1/10", 1], [0, "-1/10"]]),
            matrix([[0], [1]]),
            matrix([[0], [1]]),
            matrix([[1, 0]]),
            matrix([[1, "1/10"]]),
            (TENTH, rational(0), TENTH),
        ),
    },
    cases=tasks(max_s=5, max_kappa=3).flatmap(noisy_weights),
    uses=("deflated-krylov",),
    source="perturbation of products; N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., 3.5",
)
