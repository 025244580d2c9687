"""Replacing Ξᵀ by Ξ† gives another operator, unless Ξ is a partial isometry.

In pseudoinverse memories the transpose is replaced by the Moore-Penrose dual "analogously". For independent columns
Ξ Φ Ξᵀ = Ξ Φ Ξ† holds for every Φ iff ΞᵀΞ = I; otherwise Ξᵀ = G Ξ† with the Gram matrix G = ΞᵀΞ, and the
interactions become Φ G.
"""

from emtheory.judges.exact import exactly, eye, left_inverse, matrix
from emtheory.theorems.cases import interactions, memory_bases, selections
from emtheory.theorems.theorem import Erratum
from emtheory.verdict import all_of, equivalent


def printed(xi, phi):
    """Ξ Φ Ξᵀ = Ξ Φ Ξ†."""
    return exactly(xi @ phi @ xi.T, xi @ phi @ left_inverse(xi))


def corrected(xi, phi):
    """Ξ Φ Ξᵀ = Ξ Φ G Ξ† with G = ΞᵀΞ; and Ξ Ξᵀ = Ξ Ξ† iff G = I."""
    gram, dual = xi.T @ xi, left_inverse(xi)
    same = exactly(xi @ phi @ xi.T, xi @ phi @ gram @ dual)
    return all_of([same, equivalent(exactly(xi @ xi.T, xi @ dual), exactly(gram, eye(len(gram))))])


def stored(task):
    """Random interactions in a random basis."""
    size = task.s * task.kappa
    return memory_bases(m=size, max_n=12, oblique=False).flatmap(
        lambda basis: interactions(size).map(lambda phi: (basis.xi, phi))
    )


ERRATUM = Erratum(
    number=5,
    printed="Ξᵀ becomes Ξ†, analogous to pseudoinverse memories",
    why="Ξᵀ = ΞᵀΞ Ξ†: with one memory of length 2 the weights are 4 times as large",
    corrected="Ξ Φ Ξᵀ = Ξ Φ G Ξ†, G = ΞᵀΞ; the same operator for all Φ iff Ξ is a partial isometry",
    claim=printed,
    counterexample=(matrix([[2]]), matrix([[1]])),
    correction=corrected,
    examples={
        "orthonormal columns: no difference": (matrix([[0], [1]]), matrix([[1]])),
        "two memories at an angle": (matrix([[1, 1], [0, 1], [0, 0]]), matrix([[0, 1], [1, 0]])),
    },
    cases=selections(max_m=6).flatmap(stored),
    source="Karuvally, DelMastro, Siegelmann, arXiv:2310.02430, from the memory model to the RNN",
)
