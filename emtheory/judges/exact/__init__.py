"""The exact judge: rational matrices and polynomials, equality without tolerance.

Main objects: `Matrix`, an immutable matrix over the rationals (python-flint does the arithmetic), its builders
(`matrix`, `eye`, `zeros`, `cycle`, `direct_sum`, `hstack`, `vstack`, `blocks`), and the judge `exactly(lhs, rhs)`.
Floats enter through one door with a name: `dyadic(array)`, because every finite float64 *is* a dyadic rational.

>>> xi = matrix([[1, 1], [0, 1], [1, 0]])
>>> exactly(left_inverse(xi) @ xi, eye(2)).outcome
<Outcome.PROVED: 'proved'>
"""

from emtheory.judges.exact.building import (
    blocks,
    cycle,
    direct_sum,
    dyadic,
    eye,
    hstack,
    left_inverse,
    matrix,
    unit,
    vstack,
    zeros,
)
from emtheory.judges.exact.deciding import exactly
from emtheory.judges.exact.matrices import Matrix, Rational, rational
from emtheory.judges.exact.polynomials import charpoly, minpoly, monomial, polynomial

__all__ = [
    "Matrix",
    "Rational",
    "blocks",
    "charpoly",
    "cycle",
    "direct_sum",
    "dyadic",
    "exactly",
    "eye",
    "hstack",
    "left_inverse",
    "matrix",
    "minpoly",
    "monomial",
    "polynomial",
    "rational",
    "unit",
    "vstack",
    "zeros",
]
