"""Repeat copy has the s-th roots of unity for a spectrum, each kappa-fold and semisimple.

With C_1 = I and all other blocks 0, in any basis with a dual: det(x - W) = x^(n - s kappa) (x^s - 1)^kappa, Phi^s = I,
and the minimal polynomial of W is x^s - 1, times x if n > s kappa. So every eigenvalue of the memories lies on the unit
circle and nothing grows or fades: what is stored is stored for ever.
Idea: A(x) = (x^s - 1) I; variables go round in s steps; x^s - 1 has no double root, for
x (x^s - 1)' - s (x^s - 1) = s.
"""

from sympy import Symbol

from emtheory.judges.exact import (
    charpoly,
    exactly,
    eye,
    left_inverse,
    matrix,
    minpoly,
    monomial,
    polynomial,
    vstack,
    zeros,
)
from emtheory.judges.floats import Eigenvalues, half_gaps, roots_of_unity, spectrum_within
from emtheory.judges.symbolic import (
    DET_OF_SCALAR,
    det,
    hypothesis,
    identical,
    identity,
    induction,
    theorem,
    total,
    zero,
)
from emtheory.theorems.cases import memory_bases, selections
from emtheory.theorems.theorem import Theorem
from emtheory.theory.algebra import ACTION, PARTITION, C, E, Phi, W, basis_meaning, k, kappa, m, n, s, t
from emtheory.theory.circuits import Circuit, companion
from emtheory.theory.memories import MemoryBasis
from emtheory.theory.tasks import Task

x = Symbol("x")


def reads_back(task, basis):
    """The dual reads back what the basis writes: Dual Xi = I."""
    return basis.duality()


def copies(task, basis):
    """The task is repeat copy: C_1 = I and C_2 = … = C_s = 0."""
    return exactly(list(task.blocks), [eye(task.kappa)] + [zeros(task.kappa, task.kappa)] * (task.s - 1))


def derivation():
    first = hypothesis(copies, C(1), identity(kappa))
    rest = hypothesis(copies, C(k), zero(kappa, kappa), where=[k >= 2, k <= s])
    polynomial_of_c = theorem(
        "companion-spectrum",
        det(x * identity(m) - Phi),
        det(x**s * identity(kappa) - total(x ** (k - 1) * C(k), (k, 1, s))),
    )
    spectrum = identical(det(x * identity(m) - Phi), (x**s - 1) ** kappa, [polynomial_of_c, DET_OF_SCALAR, first, rest])
    yield "the characteristic polynomial of Phi is det((x^s - 1) I)", spectrum
    transfer = theorem("spectrum-transfer", x**m * det(x * identity(n) - W), x**n * det(x * identity(m) - Phi))
    yield (
        "in the hidden layer n - m zeros come along",
        identical(x**m * det(x * identity(n) - W), x**n * (x**s - 1) ** kappa, [transfer, spectrum]),
    )
    yield (
        "x^s - 1 has no double root: a combination of it and its derivative is the number s",
        identical(x * (s * x ** (s - 1)) - s * (x**s - 1), s),
    )
    yield "Phi moves variable k to place k - 1 and adds C_k to the last one", ACTION
    back = identical(Phi @ E(k), E(k - 1), [ACTION, rest], where=[k >= 2, k <= s])
    yield "here nothing is added for k ≥ 2", back
    wrap = identical(Phi @ E(1), E(s), [ACTION, first])
    yield "and the first variable becomes the last one", wrap
    moved = induction(t, 0, Phi**t @ E(k), E(k - t), [back], where=[k >= 1, k <= s, t <= k - 1])
    yield "t steps move variable k to place k - t, for t < k", moved
    to_first = identical(Phi ** (k - 1) @ E(k), E(1), [moved], where=[k >= 1, k <= s])
    yield "so k - 1 steps bring it to the first place", to_first
    around = identical(Phi**k @ E(k), E(s), [to_first, wrap], where=[k >= 1, k <= s])
    yield "and one more to the last", around
    full = identical(Phi**s @ E(k), E(k), [around, moved], where=[k >= 1, k <= s])
    yield "after s steps every variable is back", full
    yield "so Phi^s fixes Σ_k E_k E_kᵀ, which is the identity", identical(Phi**s @ PARTITION, PARTITION, [full])


def meaning(task, basis):
    return basis_meaning(task, basis.xi, basis.dual)


def _cycle_polynomial(size):
    return monomial(size) - polynomial([1])


def characteristic_polynomial(task, basis):
    """det(x - W) = x^(n - s kappa) (x^s - 1)^kappa."""
    expected = monomial(basis.n - basis.m)
    for _ in range(task.kappa):
        expected = expected * _cycle_polynomial(task.s)
    return exactly(charpoly(Circuit(task, basis).W), expected)


def semisimple(task, basis):
    """The minimal polynomial of W is x^s - 1, times x if n > s kappa: W (W^s - 1) = 0 and nothing shorter."""
    expected = _cycle_polynomial(task.s) * monomial(int(basis.n > basis.m))
    return exactly(minpoly(Circuit(task, basis).W), expected)


def period_s(task, basis):
    """Phi^s = I, and no smaller power of Phi is."""
    phi, identity_matrix = companion(task), eye(basis.m)
    return exactly([phi**power == identity_matrix for power in range(1, task.s + 1)], [False] * (task.s - 1) + [True])


def lapack_agrees(task, basis):
    """In floats as many eigenvalues of W as predicted lie nearest to each s-th root of unity, and to 0.

    Nearest among all eigenvalues that signed selections of this size can have (`half_gaps`).
    """
    expected = roots_of_unity(task.s, count=task.kappa)
    if basis.n > basis.m:
        expected = expected + Eigenvalues.of([(0, basis.n - basis.m)])
    return spectrum_within(Circuit(task, basis).W, expected, half_gaps(expected, 2 * basis.m))


def in_a_basis(task):
    """Repeat copy of the sizes of a task."""
    copy = Task.repeat_copy(task.s, task.kappa)
    return memory_bases(m=task.s * task.kappa).map(lambda basis: (copy, basis))


ONE = MemoryBasis(eye(1), eye(1))
TRANSPOSE = MemoryBasis(matrix([[1, 1], [0, 1]]), matrix([[1, 0], [1, 1]]))
TALL = vstack([eye(4), matrix([[1, 1, 0, 1]])])
THEOREM = Theorem(
    hypotheses={
        reads_back: (Task.repeat_copy(2, 1), TRANSPOSE),
        copies: (Task.from_blocks([matrix([[-1]])]), ONE),
    },
    derivation=derivation,
    meaning=meaning,
    conclusions=(characteristic_polynomial, semisimple, period_s),
    numeric=(lapack_agrees,),
    examples={
        "three numbers: the cube roots of unity": (Task.repeat_copy(3, 1), MemoryBasis(eye(3), eye(3))),
        "two variables of two entries, five neurons": (Task.repeat_copy(2, 2), MemoryBasis(TALL, left_inverse(TALL))),
    },
    cases=selections(max_m=20).flatmap(in_a_basis),
    uses=("companion-spectrum", "spectrum-transfer"),
    source="Karuvally, DelMastro, Siegelmann, Episodic Memory Theory of RNNs, PMLR 221 (2023), section 5",
)
