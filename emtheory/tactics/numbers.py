"""Equations of numbers as proofs of the kernel: determinants by lemmas, then a combination of what is given."""

from __future__ import annotations

from itertools import product

from emtheory.kernel.monomials import as_scalar, blocks, shape
from emtheory.kernel.substitution import Context
from emtheory.kernel.terms import (
    Block,
    Det,
    Fact,
    Identity,
    Plus,
    Poly,
    Product,
    ProofError,
    Scaled,
    Term,
    Var,
    Zero,
    number,
    poly,
    spow,
)
from emtheory.tactics.farkas import certificate
from emtheory.tactics.printing import application, axiom, scalar_text, term_text
from emtheory.tactics.search import Search
from emtheory.tactics.words import UnsettledError, rules_from

__all__ = ["Numbers", "is_number"]

MOST_STEPS, MOST_COMBINED = 60, 5
Equation = tuple[str, Poly]  # the text of det(A) = value, and the value


class Numbers:
    """One equation of numbers and what it may use; with `products`, det AB is taken apart first."""

    def __init__(
        self, context: Context, fact: Fact, given: list[tuple[str, Fact, dict[Var, Poly]]], *, products: bool
    ) -> None:
        self.fact, self.products = fact, products
        self.context = context + tuple(c for c in fact.conditions if c.integral)
        self.numbers = [(text, f) for name, f, _ in given if is_number(f) and (text := self._here(name, f))]
        self.rules = [rule for one in given if not is_number(one[1]) for rule in rules_from(*one)]
        self.values: dict[Det, Equation | None] = {}

    def _here(self, name: str, f: Fact) -> str:
        """What is given, for the variables of the goal; empty if it is not known to hold for them."""
        if not set(f.variables) <= set(self.fact.variables):
            return ""
        shown = [certificate(p, self.context) for p in f.conditions]
        texts = [c for c in shown if c is not None]
        if len(texts) < len(shown):
            return ""
        return application("use", name, f"({' '.join(v.name for v in f.variables)})", *texts) if f.variables else name

    def proof(self) -> str:
        """The equation as a combination, with coefficients 0 and ±1, of what is given."""
        for name, f in self.numbers:  # det(A) = … replaces that determinant
            lhs = as_scalar(f.lhs)
            det = lhs.parts[0][0][0] if len(lhs.parts) == 1 and len(lhs.parts[0][0]) == 1 else None
            if isinstance(det, Det) and det not in self.values:
                self.values[det] = (name, as_scalar(f.rhs))
        left, zeros = self._reduced(as_scalar(self.fact.lhs) - as_scalar(self.fact.rhs), poly(1))
        if not left.parts:
            return application("identity", *zeros)
        others = self.numbers[:MOST_COMBINED]
        reduced = [self._reduced(as_scalar(f.lhs) - as_scalar(f.rhs), poly(1))[0] for _, f in others]
        for signs in product((0, 1, -1), repeat=len(others)):
            rest = left
            for s, r in zip(signs, reduced, strict=True):
                rest = rest - r * s
            if rest.parts:
                continue
            for s, (name, f) in zip(signs, others, strict=True):
                if s:
                    zeros.append(_times(poly(s), name))
                    zeros += self._reduced(as_scalar(f.lhs) - as_scalar(f.rhs), poly(-s))[1]
            return application("identity", *zeros)
        raise UnsettledError(f"numbers left: {left}"[:300])

    def _reduced(self, p: Poly, sign: Poly) -> tuple[Poly, list[str]]:
        """p without determinants that can be taken apart, and zeros of sign · (p - that)."""
        zeros: list[str] = []
        for _ in range(MOST_STEPS):
            hit = next(((m, c, i, v) for m, c in p.parts for i, g in enumerate(m)
                        if isinstance(g, Det) and (v := self._value(g)) is not None), None)  # fmt: skip
            if hit is None:
                search = Search([], self.context, Scaled(sign, number(p)))
                left = as_scalar(search.normal()) * sign
                return left, zeros + search.ledger.zeros
            m, c, i, (text, value) = hit
            rest = Poly({m[:i] + m[i + 1 :]: c})
            zeros.append(_times(rest * sign, text))
            p = p - Poly({m: c}) + rest * value
        raise UnsettledError("determinants do not come to rest")

    def _value(self, g: Det) -> Equation | None:
        if g not in self.values:
            self.values[g] = self._found(g.term)
        return self.values[g]

    def _found(self, t: Term) -> Equation | None:
        """det(t) = … by a lemma, with its text."""
        rows = shape(t)[0]
        n, trivial = scalar_text(rows), ("()",)
        if self.products and isinstance(t, Product) and len(set(map(shape, t.factors))) == 1:
            a, b = t.factors
            if len(set(shape(a))) == 1:
                text = axiom("det-of-product", [n, term_text(a), term_text(b)], trivial)
                return text, poly(Det(a)) * poly(Det(b))
        cells = blocks(t)
        if len(cells) == len(cells[0]) == 1:
            if isinstance(t, Scaled) and isinstance(t.term, Identity):
                return axiom("det-of-scalar", [n, scalar_text(t.scalar)], trivial), spow(t.scalar, rows)
            normal, zeros = self._normal(cells[0][0])
            proof = application("identity", zeros) if cells[0][0] == t else application("blocks", f"(({zeros}))")
            return None if normal == t else self._equal(t, normal, proof)
        normals = [[self._normal(cell) for cell in row] for row in cells]
        grid = Block(tuple(tuple(form for form, _ in row) for row in normals))
        if grid != t:
            rows_of = (f"({' '.join(f'({zeros})' for _, zeros in row)})" for row in normals)
            return self._equal(t, grid, application("blocks", *rows_of))
        return self._triangular(grid.grid)

    def _normal(self, t: Term) -> tuple[Term, str]:
        search = Search(self.rules, self.context, t)
        form = _plain(search.normal())
        return form, " ".join(search.ledger.zeros)

    def _equal(self, a: Term, b: Term, proof: str) -> Equation:
        values = [scalar_text(shape(a)[0]), term_text(a), term_text(b)]
        return axiom("det-of-equals", values, ("()",), proof), poly(Det(b))

    def _triangular(self, grid: tuple[tuple[Term, ...], ...]) -> Equation | None:
        size = range(len(grid))
        if len(grid) not in (2, 3) or len(grid[0]) != len(grid) or any(len(set(shape(grid[i][i]))) > 1 for i in size):
            return None
        for kind, above in (("upper", True), ("lower", False)):
            others = [grid[i][j] for i in size for j in size if (i > j if above else i < j)]
            if all(isinstance(cell, Zero) for cell in others):
                kept = [grid[i][j] for i in size for j in size if (i < j if above else i > j)]
                diagonal = [grid[i][i] for i in size]
                widths = [shape(cell)[0] for cell in diagonal]
                names = [*map(scalar_text, widths), *map(term_text, (*diagonal, *kept))]
                text = axiom(f"det-of-{kind}-{len(grid)}", names, ("()",) * len(grid))
                value = poly(1)
                for cell in diagonal:
                    value = value * poly(Det(cell))
                return text, value
        return None


def _times(c: Poly, equation: str) -> str:
    return application("in", scalar_text(c), "()", "_", equation, "_")


def _plain(t: Term) -> Term:
    """1 A as A."""
    if isinstance(t, Scaled) and t.scalar == poly(1) and not isinstance(t.term, Identity):
        return t.term
    return Plus(tuple(map(_plain, t.terms))) if isinstance(t, Plus) else t


def is_number(f: Fact) -> bool:
    """Whether an equation compares numbers."""
    try:
        as_scalar(f.lhs)
    except ProofError:
        return False
    return True
