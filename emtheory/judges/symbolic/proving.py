"""Proofs of single claims: rewriting, induction, determinants, cancellation.

`remaining(claim)` returns what is left of lhs - rhs in each obligation of the claim; a claim is proved when nothing is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import sympy

from emtheory.judges.symbolic.claims import (
    Bound,
    Cancelled,
    Claim,
    Equation,
    Induction,
    Relation,
    conditions_text,
    quantified,
    side_text,
)
from emtheory.judges.symbolic.lemmas import DET_OF_PRODUCT, DET_OF_SCALAR, DET_OF_TRIANGULAR, INCREASING, Lemma
from emtheory.judges.symbolic.linear import Context, follows, inequalities
from emtheory.judges.symbolic.normal import grid, remainder, vanishes
from emtheory.judges.symbolic.rewriting import Rule, rules_from
from emtheory.judges.symbolic.signs import Integrated, NeverNegative, Nonnegative, Parts
from emtheory.judges.symbolic.terms import Det, Product, Term, same

__all__ = ["remaining"]

MOST_COMBINED = 6  # scalar equations that are tried in all ±1 combinations


@dataclass(frozen=True)
class Known:
    """What an obligation may use: rules for matrices, equations of scalars, lemmas."""

    rules: list[Rule] = field(default_factory=list)
    scalars: list[Equation] = field(default_factory=list)
    lemmas: Sequence[Lemma] = ()

    def add(self, equation: Equation, fixed: frozenset[Any] = frozenset()) -> None:
        """Use an equation for all values of its indices, but for the fixed ones."""
        if not isinstance(equation.lhs, Term):
            self.scalars.append(equation)
            return
        wild = [symbol for symbol in quantified(equation) if symbol not in fixed]
        self.rules.extend(rules_from(equation.lhs, equation.rhs, wild, inequalities(equation.where)))


def _known(claim: Claim) -> Known:
    known = Known(lemmas=claim.lemmas())
    for given in claim.given:
        if not isinstance(given, (Lemma, Bound, Nonnegative)):  # what is ≥ 0 is a bound, it rewrites nothing
            known.add(given.equation, given.fixed if isinstance(given, Relation) else frozenset())
    return known


def remaining(claim: Claim) -> list[str]:
    """What is left of each obligation that is not shown, empty when the claim is proved.

    Raises:
        UnsettledError: the relations do not come to rest. ValueError: a relation or a term that cannot be used.
    """
    if isinstance(claim, Induction):
        return _induction(claim)
    if isinstance(claim, Cancelled):
        return _cancelled(claim)
    if isinstance(claim, Integrated):
        return _integrated(claim)
    unsigned = _unsigned(claim, claim.parts, claim.equation.where) if isinstance(claim, Nonnegative) else []
    known = _known(claim)
    if isinstance(claim, NeverNegative):
        unsigned += _unsigned(claim, claim.base, claim.first().where) + _left(claim.first(), known, "at the base: ")
    return unsigned + _in_cases(claim, claim.equation, known, "")


def _unsigned(claim: Nonnegative, parts: Parts, where: tuple[Any, ...]) -> list[str]:
    """The parts that are not shown to be ≥ 0."""
    bounds = [given for given in claim.given if isinstance(given, Bound)]
    bounds += [given.bound() for given in claim.given if isinstance(given, Nonnegative)]
    if isinstance(claim, NeverNegative) and parts is claim.parts:
        bounds.append(claim.assumed())
    context = inequalities(where)
    bounded = [b.term for b in bounds if all(follows(condition, context) for condition in inequalities(b.where))]
    left = [f"the coefficient {side_text(c)} may be negative" for c, _ in parts if not c.is_nonnegative]
    return left + [f"{term} is neither a square nor bounded" for _, term in parts if not _at_least_zero(term, bounded)]


def _at_least_zero(term: Term, bounded: Sequence[Term]) -> bool:
    """Whether a 1 x 1 term is written as a square vᵀv, is bounded, or is a product of such terms."""
    if term in bounded or (isinstance(term, Product) and term.right == term.left.T):
        return True
    factors = (term.left, term.right) if isinstance(term, Product) else ()
    return bool(factors) and all(same(f.cols, 1) and same(f.rows, 1) and _at_least_zero(f, bounded) for f in factors)


SMOOTH = (sympy.Add, sympy.Mul, sympy.tanh, sympy.sinh, sympy.cosh, sympy.Number, sympy.Symbol)


def _integrated(claim: Integrated) -> list[str]:
    at_zero = claim.function.subs(claim.z, 0)
    left = [] if vanishes(at_zero) else [f"at {claim.z} = 0 the function is {side_text(at_zero)}"]
    if not claim.z.is_nonnegative:
        left.append(f"{claim.z} may be negative")
    parts = [e for e in sympy.preorder_traversal(claim.function) if claim.z in e.free_symbols]
    rough = [e for e in parts if not (isinstance(e, SMOOTH) or _is_natural_power(e))]
    left += [f"{side_text(e)} is not known to be differentiable" for e in rough]
    if INCREASING not in claim.lemmas():
        left.append("nothing says that a function with a derivative ≥ 0 increases")
    if claim.slope not in claim.given:
        left.append("the sign of the derivative is not given")
    return left + _left(claim.equation, Known(), "the derivative: ")


def _is_natural_power(e: Any) -> bool:
    return isinstance(e, sympy.Pow) and bool(e.exp.is_Integer) and e.exp > 0


def _in_cases(claim: Claim, equation: Equation, known: Known, where: str) -> list[str]:
    """The equation under each case, after showing that the cases leave nothing out."""
    if not claim.cases:
        return _left(equation, known, where)
    everywhere = inequalities(equation.where)
    left = []
    for failing in product(*(inequalities(case) for case in claim.cases)):
        if not follows(-1, (*everywhere, *(-condition - 1 for condition in failing))):
            left.append(
                f"{where}the cases may leave out {', '.join(f'{side_text(condition)} < 0' for condition in failing)}"
            )
    for case in claim.cases:
        inside = Equation(equation.lhs, equation.rhs, (*equation.where, *case))
        left += _left(inside, known, f"{where}in the case {conditions_text(case)}: ")
    return left


def _induction(claim: Induction) -> list[str]:
    known = _known(claim)
    left = [] if claim.strong else _left(claim.base(), known, "at the base: ")
    # the assumption comes first: a definition must not take the letters apart that it speaks of
    step = Known(lemmas=known.lemmas)
    step.add(claim.assumed(), frozenset({claim.k}))
    step.rules.extend(known.rules)
    step.scalars.extend(known.scalars)
    return left + _in_cases(claim, claim.step(), step, "in the step: ")


def _cancelled(claim: Cancelled) -> list[str]:
    base, exponent = claim.factor.as_base_exp()
    if not base.is_Symbol or isinstance(base, Det) or exponent.is_nonnegative is False:
        return [f"{claim.factor} is not a power of an indeterminate"]
    before, after = claim.product.equation, claim.equation
    left = claim.factor * (after.lhs - after.rhs) - (before.lhs - before.rhs)
    return [] if vanishes(left) else [side_text(left)]


def _left(equation: Equation, known: Known, where: str) -> list[str]:
    context = inequalities(equation.where)
    if isinstance(equation.lhs, Term) != isinstance(equation.rhs, Term):
        raise ValueError(f"{equation} compares a matrix with a scalar")
    if not isinstance(equation.lhs, Term):
        left = _scalar_left(equation, known, context)
        return [] if left == 0 else [where + side_text(left)]
    return [where + text for text in _matrix_left(equation.lhs - equation.rhs, known, context)]


def _matrix_left(difference: Term, known: Known, context: Context) -> list[str]:
    cells = grid(difference)
    if cells is None:
        left = remainder(difference, known.rules, context)
        return [] if left.is_zero else [str(left)]
    texts = []
    for i, row in enumerate(cells):
        for j, cell in enumerate(row):
            left = remainder(cell, known.rules, context)
            if not left.is_zero:
                texts.append(f"block ({i + 1}, {j + 1}): {left}")
    return texts


# --- scalars and determinants -----------------------------------------------------------------------------------------


def _scalar_left(equation: Equation, known: Known, context: Context) -> Any:
    """lhs - rhs after the determinant lemmas and the given equations, 0 when it is shown to vanish."""
    replaced: dict[Any, Any] = {}  # an equation det(A) = … replaces that determinant; the first one does

    def value(side: Any) -> Any:
        return _reduced(side, known, context).xreplace(replaced)

    for given in known.scalars:
        if isinstance(given.lhs, Det):
            replaced.setdefault(_reduced(given.lhs, known, context), value(given.rhs))
    left = value(equation.lhs) - value(equation.rhs)
    if vanishes(left):
        return sympy.S.Zero
    others = [value(given.lhs) - value(given.rhs) for given in known.scalars]
    if len(others) <= MOST_COMBINED:
        for signs in product((0, 1, -1), repeat=len(others)):
            if any(signs) and vanishes(left - sum(s * o for s, o in zip(signs, others, strict=True))):
                return sympy.S.Zero
    return sympy.expand(left)


def _reduced(side: Any, known: Known, context: Context) -> Any:
    side = sympy.sympify(side)
    return side.xreplace({d: _det(d.matrix, known, context) for d in side.atoms(Det)})


def _det(matrix: Term, known: Known, context: Context) -> Any:
    """The determinant in terms of determinants of normal forms, by the lemmas that are given."""
    if isinstance(matrix, Product) and DET_OF_PRODUCT in known.lemmas and same(matrix.left.rows, matrix.left.cols):
        return _det(matrix.left, known, context) * _det(matrix.right, known, context)
    cells = grid(matrix)
    if cells is None:
        return _det_of_form(matrix, known, context)
    forms = [[remainder(cell, known.rules, context) for cell in row] for row in cells]
    size = range(len(cells))
    square = all(same(cells[i][i].rows, cells[i][i].cols) for i in size) and len(cells[0]) == len(cells)
    lower = all(forms[i][j].is_zero for i in size for j in size if i < j) if square else False
    upper = all(forms[i][j].is_zero for i in size for j in size if i > j) if square else False
    if DET_OF_TRIANGULAR in known.lemmas and (lower or upper):
        return sympy.prod(_det(cells[i][i], known, context) for i in size)
    return sympy.Symbol("det[" + "; ".join(", ".join(map(str, row)) for row in forms) + f"]_({matrix.rows})")


def _det_of_form(matrix: Term, known: Known, context: Context) -> Any:
    form = remainder(matrix, known.rules, context)
    scalar = form.scalar()
    if DET_OF_SCALAR in known.lemmas and scalar is not None:
        return scalar**matrix.rows
    return sympy.Symbol(f"det({form})_({matrix.rows})")
