"""Hebbian weights are pseudoinverse weights of other interactions, those multiplied by the Gram matrix.

For the Moore-Penrose dual Ξ† and G = ΞᵀΞ: Ξᵀ = G Ξ†, at any rank. So S = Ξ (α_s I + √α_s α_c Φᵀ) Ξᵀ of the memory
model is the network Ξ Φ_eff Ξ† with Φ_eff = (α_s I + √α_s α_c Φᵀ) G; for independent columns and α_s, α_c ≠ 0 every
Φ_eff is reached, by √α_s α_c Φᵀ = Φ_eff G⁻¹ - α_s I. Ξᵀ may replace Ξ† for all Φ iff Ξ is a partial isometry.
Idea: Ξᵀ = (Ξ Ξ† Ξ)ᵀ = Ξᵀ (Ξ Ξ†)ᵀ = Ξᵀ Ξ Ξ†.
"""

from hypothesis import strategies as st
from sympy import Symbol

from emtheory.judges.exact import exactly, eye, hstack, left_inverse, matrix, rational, vstack
from emtheory.judges.floats import chain, close
from emtheory.judges.symbolic import definition, hypothesis, identical, identity, letter, sizes
from emtheory.theorems.cases import interactions, memory_bases, rationals, selections
from emtheory.theorems.theorem import Theorem
from emtheory.verdict import equivalent

n, m = sizes("n m")
Xi, Dual, Phi, S = letter("Xi", n, m), letter("Dual", m, n), letter("Phi", m, m), letter("S", n, n)
strength, coupling = Symbol("α_s"), Symbol("β")  # β = √α_s α_c


def reproduces(xi, dual, phi, alpha, beta):
    """Ξ Ξ† Ξ = Ξ."""
    return exactly(xi @ dual @ xi, xi)


def symmetric_projector(xi, dual, phi, alpha, beta):
    """Ξ Ξ† is symmetric."""
    return exactly((xi @ dual).T, xi @ dual)


def coupled(xi, dual, phi, alpha, beta):
    """√α_s α_c ≠ 0."""
    return exactly(rational(beta) != 0, True)


def derivation():
    penrose = hypothesis(reproduces, Xi @ Dual @ Xi, Xi)
    symmetry = hypothesis(symmetric_projector, Dual.T @ Xi.T, Xi @ Dual)
    turned = identical(Xi.T @ Xi @ Dual, Xi.T @ Dual.T @ Xi.T, [symmetry])
    yield "the projector Ξ Ξ† may be transposed", turned
    gram = identical(Xi.T @ Xi @ Dual, Xi.T, [turned, penrose])
    yield "so G Ξ† = Ξᵀ", gram
    hebbian = definition(S, Xi @ (strength * identity(m) + coupling * Phi.T) @ Xi.T)
    effective = (strength * identity(m) + coupling * Phi.T) @ (Xi.T @ Xi)
    yield (
        "and the Hebbian weights are Ξ Φ_eff Ξ† with Φ_eff = (α_s I + β Φᵀ) G",
        identical(Xi @ effective @ Dual, S, [hebbian, gram]),
    )


def meaning(xi, dual, phi, alpha, beta):
    return {Xi: xi, Dual: dual, Phi: phi, S: _hebbian(xi, phi, alpha, beta), strength: alpha, coupling: beta}


def _hebbian(xi, phi, alpha, beta):
    return xi @ (alpha * eye(len(phi)) + beta * phi.T) @ xi.T


def transpose_by_gram(xi, dual, phi, alpha, beta):
    """Ξᵀ = G Ξ† and S = Ξ (α_s I + β Φᵀ) G Ξ†."""
    gram = xi.T @ xi
    effective = (alpha * eye(len(phi)) + beta * phi.T) @ gram
    return exactly([gram @ dual, xi @ effective @ dual], [xi.T, _hebbian(xi, phi, alpha, beta)])


def every_interaction_is_reached(xi, dual, phi, alpha, beta):
    """For independent columns, β Φᵀ = Φ_eff G⁻¹ - α_s I gives any Φ_eff, here phi itself; β = 0 leaves but α_s G."""
    gram = xi.T @ xi
    if beta == 0:
        return exactly(alpha * gram, phi)
    if gram.rank() < len(gram):
        return exactly(xi.rank() < xi.shape[1], True)
    wanted = (1 / rational(beta)) * (phi @ gram.inv() - alpha * eye(len(phi))).T
    return exactly(_hebbian(xi, wanted, alpha, beta), xi @ phi @ dual)


def isometry_iff(xi, dual, phi, alpha, beta):
    """Ξ Ξᵀ = Ξ Ξ† iff Ξ is a partial isometry, Ξ Ξᵀ Ξ = Ξ."""
    return equivalent(exactly(xi @ xi.T, xi @ dual), exactly(xi @ xi.T @ xi, xi))


def floats_agree(xi, dual, phi, alpha, beta):
    """In floats G Ξ† is Ξᵀ, within the error bound of the product."""
    computed = chain(xi.T, xi, dual)
    return close(computed.value, xi.T, computed.bound)


def twice(basis, repeated):
    """A basis with its dual, or every memory twice and the Moore-Penrose inverse of that, of half the rank."""
    if not repeated:
        return basis.xi, basis.dual
    return hstack([basis.xi, basis.xi]), vstack([basis.dual, basis.dual]) / 2


def stored(task):
    """Random interactions of memories, each stored twice if κ is even, with strengths ≠ 0."""
    size, repeated = task.s, task.kappa % 2 == 0

    def case(basis):
        xi, dual = twice(basis, repeated)
        return st.tuples(st.just(xi), st.just(dual), interactions(xi.shape[1]), rationals(), rationals().filter(bool))

    return memory_bases(m=size, max_n=24, oblique=False).flatmap(case)


ONE = matrix([[1]])
E1 = matrix([[1], [0]])
XI = matrix([[1, 1], [0, 1], [0, 0]])
THEOREM = Theorem(
    hypotheses={
        reproduces: (ONE, matrix([[0]]), ONE, 1, 1),
        symmetric_projector: (E1, matrix([[1, 1]]), ONE, 1, 1),
        coupled: (ONE, ONE, 2 * ONE, 1, 0),
    },
    derivation=derivation,
    meaning=meaning,
    conclusions=(transpose_by_gram, every_interaction_is_reached, isometry_iff),
    numeric=(floats_agree,),
    examples={
        "one memory of length 2": (matrix([[2]]), matrix([["1/2"]]), ONE, 1, 1),
        "two memories at an angle": (XI, left_inverse(XI), matrix([[0, 1], [1, 0]]), 1, 2),
        "one memory stored twice": (hstack([E1, E1]), vstack([E1.T, E1.T]) / 2, matrix([[0, 1], [2, 0]]), 2, 1),
    },
    cases=selections(max_s=10, max_kappa=4).flatmap(stored),
    source="R. Penrose, A generalized inverse for matrices, Proc. Camb. Phil. Soc. 51 (1955), 406-413",
)
