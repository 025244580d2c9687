"""False: the Gram matrix multiplies from the wrong side."""

from dataclasses import replace

from emtheory.judges.exact import exactly
from emtheory.theorems.files import bundled, load

TRUE = load(bundled() / "hebbian-dual.py").record


def transpose_by_gram(xi, dual, phi, alpha, beta):
    """Ξ Φ Ξᵀ = Ξ G Φ Ξ†."""
    return exactly(xi @ phi @ xi.T, xi @ xi.T @ xi @ phi @ dual)  # wrong


THEOREM = replace(TRUE, conclusions=(transpose_by_gram,))
