"""Compose copy keeps s(s+1)/2 of its s² eigenvalues on the unit circle: the roots of unity of orders 1 to s.

With C_k = e_k e_kᵀ, det(x - Phi_C) = Π_i x^(i-1) (x^(s+1-i) - 1), i = 1 … s. A primitive d-th root of unity has
multiplicity ⌊s/d⌋; s(s+1)/2 eigenvalues lie on the circle (36 of 64 for s = 8), the others are 0.
Idea: the matrix polynomial is diagonal, A(x) e_i = (x^s - x^(i-1)) e_i, and x^s - x^(i-1) = x^(i-1) (x^(s+1-i) - 1).
"""

from sympy import Rational, Symbol

from emtheory.judges.exact import charpoly, exactly, eye, matrix, monomial, polynomial, unit
from emtheory.judges.floats import Eigenvalues, half_gaps, roots_of_unity, spectrum_within
from emtheory.judges.symbolic import (
    SELECTORS,
    cited,
    definition,
    delta,
    family,
    hypothesis,
    identical,
    identity,
    indices,
    induction,
    letter,
    total,
)
from emtheory.theorems.cases import selections
from emtheory.theorems.theorem import Theorem
from emtheory.theory.algebra import j, k, ranged, s, t
from emtheory.theory.circuits import companion
from emtheory.theory.tasks import Task

x, i = Symbol("x"), indices("i")
e, C = family("e", s, 1), family("C", s, s)
A, count = letter("A", s, s), family("p", 1, 1)


def composes(task):
    """The task is compose copy: κ = s and C_k = e_k e_kᵀ."""
    size = task.s
    units = [unit(size, place) @ unit(size, place).T for place in range(size)]
    return exactly(list(task.blocks), units)


def derivation():
    blocks = hypothesis(composes, C(k), e(k) @ e(k).T, where=[k >= 1, k <= s])
    orthonormal = cited(SELECTORS, e(j).T @ e(k), delta(j, k) * identity(1), where=[j >= 1, j <= s, k >= 1, k <= s])
    polynomial_of_c = definition(A, x**s * identity(s) - total(x ** (k - 1) * C(k), (k, 1, s)))
    yield (
        "the matrix polynomial is diagonal, with entries x^s - x^(i-1)",
        identical(
            A @ e(i), (x**s - x ** (i - 1)) * e(i), [polynomial_of_c, blocks, orthonormal], where=[i >= 1, i <= s]
        ),
    )
    yield (
        "each entry is i - 1 zeros and the roots of unity of order s + 1 - i",
        identical(x**s - x ** (i - 1), x ** (i - 1) * (x ** (s + 1 - i) - 1), where=[i >= 1, i <= s]),
    )
    start = definition(count(0), 0 * identity(1))
    more = definition(count(t), count(t - 1) + (s + 1 - t) * identity(1), where=[t >= 1])
    counted = induction(t, 0, count(t), (t * s - Rational(1, 2) * t * (t - 1)) * identity(1), [more, start])
    yield "the first t entries have t s - t (t-1)/2 roots on the circle", counted
    yield "all s of them s (s+1)/2", identical(count(s), Rational(1, 2) * s * (s + 1) * identity(1), [counted])


def meaning(task):
    size = task.s
    point = 3
    value = point**size * eye(size)
    for place, block in enumerate(task.blocks):
        value = value - point**place * block
    return {
        s: size,
        x: point,
        A: value,
        C: ranged("C", 1, size, task.C),
        e: ranged("e", 1, size, lambda place: unit(size, place - 1)),
        count: lambda number: matrix([[sum(size + 1 - place for place in range(1, number + 1))]]),
    }


def product_of_cycles(task):
    """det(x - Phi_C) = Π_i x^(i-1) (x^(s+1-i) - 1)."""
    expected = monomial(0)
    for place in range(1, task.s + 1):
        expected = expected * monomial(place - 1) * (monomial(task.s + 1 - place) - polynomial([1]))
    return exactly(charpoly(companion(task)), expected)


def multiplicities(task):
    """A primitive d-th root of unity is a root of det(x - Phi_C) ⌊s/d⌋ times, for d = 1 … s + 1."""
    left, found = charpoly(companion(task)), []
    for order in range(1, task.s + 2):
        cyclotomic, times = _cyclotomic(order), 0
        while left % cyclotomic == 0:
            left, times = left // cyclotomic, times + 1
        found.append(times)
    return exactly(found, [task.s // order for order in range(1, task.s + 2)])


def _cyclotomic(order):
    """The monic polynomial of the primitive roots of unity of an order."""
    value = monomial(order) - polynomial([1])
    for smaller in range(1, order):
        if order % smaller == 0:
            value = value // _cyclotomic(smaller)
    return value


def persistent(task):
    """rank Phi_C^(s²) = s(s+1)/2: so many eigenvalues are not 0."""
    return exactly((companion(task) ** task.s).rank(), task.s * (task.s + 1) // 2)


def lapack_agrees(task):
    """In floats as many eigenvalues as predicted lie nearest to each root of unity of orders 1 … s, and to 0.

    Nearest among all eigenvalues that signed selections of this size can have (`half_gaps`).
    """
    zeros = task.s * task.kappa - task.s * (task.s + 1) // 2
    expected = Eigenvalues.of([(0, zeros)] if zeros else [])
    for order in range(1, task.s + 1):
        expected = expected + roots_of_unity(order)
    return spectrum_within(companion(task), expected, half_gaps(expected, 2 * task.s * task.kappa))


def composed(task):
    """Compose copy with the number of variables of a task."""
    return (Task.compose_copy(task.s),)


THEOREM = Theorem(
    hypotheses={composes: (Task.from_blocks([matrix([[-1]])]),)},
    derivation=derivation,
    meaning=meaning,
    conclusions=(product_of_cycles, multiplicities, persistent),
    numeric=(lapack_agrees,),
    examples={"two variables": (Task.compose_copy(2),), "three": (Task.compose_copy(3),)},
    cases=selections(max_s=6, max_kappa=1).map(composed),
    uses=("companion-spectrum",),
    source="Karuvally, DelMastro, Siegelmann, Episodic Memory Theory of RNNs, PMLR 221 (2023), section 5",
)
