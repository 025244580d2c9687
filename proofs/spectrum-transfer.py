"""Storing memories in a hidden basis keeps the spectrum of their interactions.

Phi (m x m) moves m memories, Xi (n x m) writes them into n neurons, Dual (m x n) reads them, W = Xi Phi Dual.
If Dual Xi = I, then x^m det(x - W) = x^n det(x - Phi): W has the eigenvalues of Phi, and n - m zeros. More is true:
with N a basis of ker Dual, W [Xi N] = [Xi N] (Phi ⊕ 0) and [Xi N] is invertible, so all Jordan blocks transfer; the
minimal polynomial of W is that of Phi, or its least common multiple with x if n > m.
Idea: A B and B A below are block triangular with W in the one and Phi in the other, and det AB = det BA.
"""

from sympy import Symbol

from emtheory.judges.exact import charpoly, cycle, exactly, eye, hstack, left_inverse, matrix, minpoly, monomial, zeros
from emtheory.judges.floats import Eigenvalues, chain, close, half_gaps, roots_of_unity, spectrum_within
from emtheory.judges.symbolic import (
    COMPLEMENT,
    DET_OF_PRODUCT,
    DET_OF_SCALAR,
    DET_OF_TRIANGULAR,
    block,
    cited,
    det,
    hypothesis,
    identical,
    identity,
    letter,
    sizes,
    zero,
)
from emtheory.theorems.cases import interactions, memory_bases, selections
from emtheory.theorems.theorem import Theorem
from emtheory.theory.algebra import STORED, Dual, Phi, W, Xi, kappa, m, n, s
from emtheory.theory.circuits import companion
from emtheory.theory.tasks import Task

x, r = Symbol("x"), sizes("r")
N, M = letter("N", n, r), letter("M", r, n)


def reads_back(xi, dual, phi, task):
    """The dual reads back what the basis writes: Dual Xi = I."""
    return exactly(dual @ xi, eye(len(phi)))


def derivation():
    duality = hypothesis(reads_back, Dual @ Xi, identity(m))
    A = block([[x * identity(n), Xi @ Phi], [Dual, identity(m)]])
    B = block([[identity(n), zero(n, m)], [-Dual, x * identity(m)]])
    triangular = [DET_OF_TRIANGULAR, DET_OF_SCALAR]
    with_w = identical(det(A @ B), x**m * det(x * identity(n) - W), [*triangular, STORED])
    yield "A B is block triangular, with x - W and x I on its diagonal", with_w
    with_phi = identical(det(B @ A), x**n * det(x * identity(m) - Phi), [*triangular, duality])
    yield "B A is block triangular, with x I and x - Phi on its diagonal", with_phi
    swapped = identical(det(A @ B), det(B @ A), [DET_OF_PRODUCT])
    yield "both have one determinant", swapped
    yield (
        "so the characteristic polynomials agree up to powers of x",
        identical(x**m * det(x * identity(n) - W), x**n * det(x * identity(m) - Phi), [with_w, with_phi, swapped]),
    )
    unread = cited(COMPLEMENT, Dual @ N, zero(m, r))
    basis, inverse = block([[Xi, N]]), block([[Dual], [M]])
    yield (
        "W acts on [Xi N] as Phi on the memories and as 0 on what is never read",
        identical(W @ basis, basis @ block([[Phi, zero(m, r)], [zero(r, m), zero(r, r)]]), [STORED, duality, unread]),
    )
    apart, own = cited(COMPLEMENT, M @ Xi, zero(r, m)), cited(COMPLEMENT, M @ N, identity(r))
    yield (
        "[Dual; M] [Xi N] = I",
        identical(
            inverse @ basis,
            block([[identity(m), zero(m, r)], [zero(r, m), identity(r)]]),
            [duality, unread, apart, own],
        ),
    )
    whole = cited(COMPLEMENT, Xi @ Dual, identity(n) - N @ M)
    yield "[Xi N] [Dual; M] = I: [Xi N] is a similarity", identical(basis @ inverse, block([[identity(n)]]), [whole])


def meaning(xi, dual, phi, task):
    kernel = dual.kernel()
    below = hstack([xi, kernel]).inv()[len(phi) :, :]
    letters = {Xi: xi, Dual: dual, Phi: phi, W: xi @ phi @ dual, N: kernel, M: below}
    return {**letters, s: task.s, kappa: task.kappa, n: len(xi), r: kernel.shape[1]}


def spectrum_kept(xi, dual, phi, task):
    """x^m det(x - W) = x^n det(x - Phi)."""
    w = xi @ phi @ dual
    return exactly(charpoly(w) * monomial(len(phi)), charpoly(phi) * monomial(len(w)))


def minimal_polynomial_kept(xi, dual, phi, task):
    """The minimal polynomial of W is that of Phi, made divisible by x if n > m."""
    expected = minpoly(phi)
    if len(xi) > len(phi) and expected(0) != 0:
        expected = expected * monomial(1)
    return exactly(minpoly(xi @ phi @ dual), expected)


def jordan_blocks_kept(xi, dual, phi, task):
    """rank (W - c)^k = rank (Phi - c)^k + (n - m if c ≠ 0) for c = 0, 1, -1 and k = 1, 2, 3."""
    w, found, expected = xi @ phi @ dual, [], []
    for c in (0, 1, -1):
        for power in (1, 2, 3):
            found.append(((w - c * eye(len(w))) ** power).rank())
            extra = len(w) - len(phi) if c else 0
            expected.append(((phi - c * eye(len(phi))) ** power).rank() + extra)
    return exactly(found, expected)


def floats_intertwine(xi, dual, phi, task):
    """In floats W [Xi N] = [Xi N] (Phi ⊕ 0), N a basis of ker Dual, within the error bound of the product."""
    kernel = dual.kernel()
    computed = chain(xi @ phi @ dual, hstack([xi, kernel]))
    return close(computed.value, hstack([xi @ phi, 0 * kernel]), computed.bound)


def lapack_agrees(xi, dual, phi, task):
    """In floats, for stored signed cycles, as many eigenvalues as predicted lie nearest to each root of -1, and to 0.

    Nearest among all eigenvalues that signed selections of this size can have (`half_gaps`).
    """
    negated = Task.from_blocks([-eye(task.kappa)] + [zeros(task.kappa, task.kappa)] * (task.s - 1))
    expected = roots_of_unity(task.s, sign=-1, count=task.kappa)
    if len(xi) > len(phi):
        expected = expected + Eigenvalues.of([(0, len(xi) - len(phi))])
    return spectrum_within(xi @ companion(negated) @ dual, expected, half_gaps(expected, 2 * len(phi)))


def stored(task):
    """Random interactions of the size of a task, in a random basis."""
    size = task.s * task.kappa
    return memory_bases(m=size).flatmap(
        lambda basis: interactions(size).map(lambda phi: (basis.xi, basis.dual, phi, task))
    )


XI, ONE = matrix([[1, 1], [0, 1], [1, 0]]), matrix([[1]])
COPY = Task.repeat_copy(2, 1)
THEOREM = Theorem(
    hypotheses={reads_back: (ONE, matrix([[2]]), ONE, Task.repeat_copy(1, 1))},
    derivation=derivation,
    meaning=meaning,
    conclusions=(spectrum_kept, minimal_polynomial_kept, jordan_blocks_kept),
    numeric=(floats_intertwine, lapack_agrees),
    examples={
        "two memories, three neurons": (XI, left_inverse(XI), cycle(2), COPY),
        "a Jordan block in an oblique basis": (XI, matrix([[0, 0, 1], [0, 1, 0]]), matrix([[1, 1], [0, 1]]), COPY),
    },
    cases=selections(max_m=16).flatmap(stored),
    source="Horn, Johnson, Matrix Analysis, 2nd ed., theorem 1.3.22; for memories: Karuvally et al., PMLR 221 (2023)",
)
