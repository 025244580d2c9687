"""The spectrum of a circuit is that of its composition: det(x - Phi_C) = det(x^s - Σ_k x^(k-1) C_k).

For any number of variables s, any dimension kappa and any blocks C_1 … C_s, over any commutative ring, the companion
matrix Phi_C has the characteristic polynomial of the matrix polynomial A(x) = x^s I - Σ_k x^(k-1) C_k. It linearises
A: geometric and partial multiplicities agree too, (x - Phi_C) V(x) = E_s A(x) with V(x) = Σ_k x^(k-1) E_k.
Idea: M = [[x - N, E_s], [C, I]], N the shift and C = [C_1 … C_s], is made block triangular from the left, where
x - Phi_C appears, and from the right, where A(x) does. No division: x may be 0, and entries need no inverse.
"""

from math import comb

from sympy import Symbol

from emtheory.judges.exact import blocks, charpoly, exactly, eye, matrix, rational, vstack, zeros
from emtheory.judges.floats import chain, close
from emtheory.judges.symbolic import (
    CANCELLATION,
    DET_OF_PRODUCT,
    DET_OF_SCALAR,
    DET_OF_TRIANGULAR,
    STRICTLY_TRIANGULAR,
    block,
    cancelled,
    cited,
    definition,
    det,
    identical,
    identity,
    letter,
    total,
    zero,
)
from emtheory.theorems.cases import tasks
from emtheory.theorems.theorem import Theorem
from emtheory.theory.algebra import COMPANION, SELECT, C, E, Phi, j, k, kappa, m, s, task_meaning
from emtheory.theory.circuits import companion, selector
from emtheory.theory.tasks import Task

x = Symbol("x")
N = letter("N", m, m)
SHIFT = definition(N, total(E(j) @ E(j + 1).T, (j, 1, s - 1)))
ROW = total(C(k) @ E(k).T, (k, 1, s))
V = total(x ** (k - 1) * E(k), (k, 1, s))
A = x**s * identity(kappa) - total(x ** (k - 1) * C(k), (k, 1, s))


def derivation():
    yield (
        "Phi_C linearises A: (x - Phi_C) V(x) = E_s A(x)",
        identical((x * identity(m) - Phi) @ V, E(s) @ A, [COMPANION, SELECT]),
    )
    both = block([[x * identity(m) - N, E(s)], [ROW, identity(kappa)]])
    left = block([[identity(m), -E(s)], [zero(kappa, m), identity(kappa)]])
    right = block([[identity(m), -V], [zero(kappa, m), x**s * identity(kappa)]])
    triangular = [DET_OF_TRIANGULAR, DET_OF_SCALAR]
    plain = identical(det(left @ both), det(both), [DET_OF_PRODUCT, *triangular])
    yield "subtracting E_s times the second block row keeps det M", plain
    with_phi = identical(det(left @ both), det(x * identity(m) - Phi), [*triangular, COMPANION, SHIFT])
    yield "and leaves x - Phi_C", with_phi
    is_phi = identical(det(both), det(x * identity(m) - Phi), [plain, with_phi])
    yield "so det M = det(x - Phi_C)", is_phi
    scaled = identical(det(both @ right), x ** (s * kappa) * det(both), [DET_OF_PRODUCT, *triangular])
    yield "from the right, det M is multiplied by x^(s kappa)", scaled
    nilpotent = cited(STRICTLY_TRIANGULAR, det(x * identity(m) - N), x**m)
    with_a = identical(det(both @ right), x**m * det(A), [DET_OF_TRIANGULAR, SHIFT, SELECT, nilpotent])
    yield "and A(x) is left beside the shift", with_a
    product = identical(x**m * det(x * identity(m) - Phi), x**m * det(A), [is_phi, scaled, with_a])
    yield "together, x^m det(x - Phi_C) = x^m det A(x)", product
    yield (
        "where x^m may be cancelled",
        cancelled(product, x**m, det(x * identity(m) - Phi), det(A), CANCELLATION),
    )


def meaning(task):
    empty, unit_block = zeros(task.kappa, task.kappa), eye(task.kappa)
    places = range(task.s)
    shift = blocks([[unit_block if col == row + 1 else empty for col in places] for row in places])
    return {**task_meaning(task), N: shift}


def _polynomial(task, at, order=0):
    """The Taylor coefficient of (y - at)^order of A(y)."""
    value = (
        comb(task.s, order) * at ** (task.s - order) * eye(task.kappa) if order <= task.s else zeros(*[task.kappa] * 2)
    )
    for i, c in enumerate(task.blocks):
        if order <= i and not c.is_zero():
            value = value - comb(i, order) * at ** (i - order) * c
    return value


def one_characteristic_polynomial(task):
    """det(x - Phi_C) = det A(x) at s kappa + 1 points, hence as polynomials of degree s kappa."""
    found, degree = charpoly(companion(task)), task.s * task.kappa
    points = [rational(p) for p in range(-(degree // 2), degree - degree // 2 + 1)]
    return exactly([found(p) for p in points], [_polynomial(task, p).det() for p in points])


def partial_multiplicities_agree(task):
    """dim ker (Phi_C - c)^p is the nullity of the Toeplitz matrix of A at c, for c = 0, 1, -1 and p = 1, 2, 3."""
    phi, found, expected = companion(task), [], []
    for c in (rational(0), rational(1), rational(-1)):
        taylor = [_polynomial(task, c, order) for order in range(3)]
        empty = zeros(task.kappa, task.kappa)
        for p in (1, 2, 3):
            chains = blocks([[taylor[row - col] if row >= col else empty for col in range(p)] for row in range(p)])
            found.append(len(phi) - ((phi - c * eye(len(phi))) ** p).rank())
            expected.append(len(chains) - chains.rank())
    return exactly(found, expected)


def floats_linearise(task):
    """In floats (c - Phi_C) V(c) = E_s A(c) at c = 3/2, within the error bound of the product."""
    c = rational(3) / 2
    powers = vstack(c**i * eye(task.kappa) for i in range(task.s))
    computed = chain(c * eye(task.s * task.kappa) - companion(task), powers)
    exact = selector(task.s, task.kappa, task.s) @ _polynomial(task, c)
    return close(computed.value, exact, computed.bound)


def alone(task):
    return (task,)


FIBONACCI = Task.from_blocks([matrix([[1]]), matrix([[1]])])
DEFECTIVE = Task.from_blocks([matrix([[-1]]), matrix([[2]])])
THEOREM = Theorem(
    derivation=derivation,
    meaning=meaning,
    conclusions=(one_characteristic_polynomial, partial_multiplicities_agree),
    numeric=(floats_linearise,),
    examples={
        "Fibonacci: x² - x - 1": (FIBONACCI,),
        "a double eigenvalue with one eigenvector: (x - 1)²": (DEFECTIVE,),
        "compose copy": (Task.compose_copy(3),),
    },
    cases=tasks(max_m=24).map(alone),
    source="Gohberg, Lancaster, Rodman, Matrix Polynomials, Academic Press 1982, section 1.1",
)
