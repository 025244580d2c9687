"""Calculus in one real variable."""

from __future__ import annotations

from emtheory.kernel.substitution import free
from emtheory.kernel.terms import Fn, Generator, Poly, ProofError, Var, poly

PRIMITIVES = {"exp": "exp", "sinh": "cosh", "cosh": "sinh"}


def derivative(p: Poly, z: Var) -> Poly:
    """dp/dz of a polynomial in numbers that do not depend on z, z itself, exp, sinh, cosh and tanh."""
    total = poly(0)
    for m, c in p.parts:
        for i, g in enumerate(m):
            total = total + Poly({m[:i] + m[i + 1 :]: c}) * _slope(g, z)
    return total


def _slope(g: Generator, z: Var) -> Poly:
    if g == z:
        return poly(1)
    if z not in free(g):
        return poly(0)
    if isinstance(g, Fn) and g.name == "tanh":
        return (poly(1) - poly(g) * poly(g)) * derivative(g.argument, z)
    if isinstance(g, Fn) and g.name in PRIMITIVES:
        return poly(Fn(PRIMITIVES[g.name], g.argument)) * derivative(g.argument, z)
    raise ProofError(f"{g} is not known to be differentiable")
