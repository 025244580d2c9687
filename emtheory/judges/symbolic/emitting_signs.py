"""Claims of inequalities as proofs of the kernel: sums of products of numbers that are ≥ 0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import sympy

from emtheory.judges.symbolic import claims as C  # noqa: N812
from emtheory.judges.symbolic import signs as S  # noqa: N812
from emtheory.judges.symbolic import terms as T  # noqa: N812
from emtheory.judges.symbolic.theory import Theory, at, matched
from emtheory.judges.symbolic.translating import fact_of, scalar_of, term_of, variable
from emtheory.kernel.calculus import derivative
from emtheory.kernel.monomials import NUMBER, expand
from emtheory.kernel.substitution import Context, free, put
from emtheory.kernel.terms import (
    Fact,
    Fn,
    Plus,
    Poly,
    Product,
    Scaled,
    Term,
    Transposed,
    Var,
    Zero,
    number,
    poly,
)
from emtheory.tactics.farkas import certificate
from emtheory.tactics.printing import application, scalar_text, term_text
from emtheory.tactics.search import Search
from emtheory.tactics.words import Rule, UnsettledError

__all__ = ["Signs", "with_conditions"]


def with_conditions(fact: Fact, varying: set[Var]) -> Fact:
    """Numbers that an integration lets vary become variables ≥ 0."""
    reals = tuple(sorted((v for v in free(fact) if v in varying), key=str))
    return replace(fact, variables=(*fact.variables, *reals), conditions=(*fact.conditions, *map(poly, reals)))


Factor = tuple[str, Term]  # a factor ≥ 0 as text, and what the kernel reads


@dataclass
class Signs:
    """Proofs of inequalities; reals that the derivation takes for ≥ 0 or > 0 become hypotheses."""

    theory: Theory
    facts: dict[int, tuple[str, Fact]]
    varying: set[Var]
    at_least_0: set[Var]
    positive: set[Var]

    def _bounds(self, claim: S.Nonnegative) -> list[tuple[str, Fact]]:
        """The facts ≥ 0 that a claim may use."""
        out = []
        for g in claim.given:
            earlier = g if isinstance(g, S.Nonnegative) else g.source if isinstance(g, C.Bound) else None
            if isinstance(earlier, C.Claim):
                if id(earlier) not in self.facts:
                    raise UnsettledError("rests on a step that was not replayed")
                out.append(self.facts[id(earlier)])
            elif isinstance(g, C.Bound):
                zero = T.Zero(sympy.S.One, sympy.S.One)
                fact = with_conditions(fact_of(C.Equation(g.term, zero, g.where), ">="), self.varying)
                out.append((self.theory.hypothesis(fact), fact))
        return out

    def _integers(self, fact: Fact) -> Context:
        return self.theory.context + tuple(c for c in fact.conditions if c.integral)

    def _factors(self, t: Term, fact: Fact, bounds: Sequence[tuple[str, Fact]]) -> list[Factor]:
        """A 1 x 1 term as a product of numbers ≥ 0."""
        for name, bound in bounds:
            used = self._used(name, bound, t, fact)
            if used is not None:
                return [used]
        if isinstance(t, Product) and len(t.factors) == 2:
            a, b = t.factors
            if a == Transposed(b) or b == Transposed(a):
                return [(application("square", term_text(b)), Product((Transposed(b), b)))]
            return self._factors(a, fact, bounds) + self._factors(b, fact, bounds)
        raise UnsettledError(f"neither a square nor bounded: {str(t)[:80]}")

    def _used(self, name: str, bound: Fact, t: Term, fact: Fact) -> Factor | None:
        try:
            values = matched(bound, replace(bound, lhs=t))
        except UnsettledError:
            values = {v: poly(v) for v in bound.variables}
        if expand(put(bound.lhs, values)) != expand(t):
            return None
        try:
            shown = [self._condition(put(c, values), fact) for c in bound.conditions]
        except UnsettledError:
            return None
        texts = " ".join(scalar_text(values[v]) for v in bound.variables)
        return application("use", name, f"({texts})", *shown), put(bound.lhs, values) - put(bound.rhs, values)

    def _condition(self, p: Poly, fact: Fact) -> str:
        if not p.integral:
            parts = (f"({' '.join(text for text, _ in self._weight(Poly({m: c}), fact))})" for m, c in p.parts)
            return application("real", f"({' '.join(parts)})")
        found = certificate(p, self._integers(fact))
        if found is None:
            raise UnsettledError(f"not shown: {p} >= 0")
        return found

    def _weight(self, p: Poly, fact: Fact) -> list[Factor]:
        """A monomial ≥ 0: a rational, even powers, numbers that a condition or a hypothesis bounds, integers."""
        ((scalars, c),) = p.parts or (((), 0),)
        out: list[Factor] = [(application("rational", str(c)), number(poly(c)))]
        rest = list(scalars)
        while rest:
            g = rest.pop()
            if g in rest:
                rest.remove(g)
                out.append((application("square", term_text(number(g))), Product((Transposed(number(g)), number(g)))))
            else:
                out.append((self._bounded(g, fact), number(g)))
        return out

    def _bounded(self, g: Any, fact: Fact) -> str:
        reals = [c for c in fact.conditions if not c.integral]
        if poly(g) in reals:
            return f"(condition {reals.index(poly(g))})"
        if isinstance(g, Var) and g.sort != "real":
            return application("integer", scalar_text(poly(g)), self._condition(poly(g), fact))
        if isinstance(g, Var) and g in self.at_least_0:
            return self.theory.hypothesis(Fact((), (), number(g), number(0), ">="))
        if isinstance(g, Fn) and g.name == "inv":
            return self._inverse(g)
        raise UnsettledError(f"{g} may be negative")

    def _inverse(self, g: Fn) -> str:
        """1/x ≥ 0 for a number x > 0, as a step of its own: 1/x = x (1/x)²."""
        ((scalars, c),) = g.argument.parts if len(g.argument.parts) == 1 else (((), 0),)
        if c != 1 or len(scalars) != 1 or scalars[0] not in self.positive:
            raise UnsettledError(f"{g} may be negative")
        x, inverse = scalars[0], poly(g)
        name, goal = f"inverse-{x.name}", Fact((), (), number(g), number(0), ">=")
        if all(step[0] != name for step in self.theory.steps):
            bound = self.theory.hypothesis(Fact((), (), number(x), number(0), ">="))
            apart = self.theory.hypothesis(Fact((), (), number(inverse * poly(x)), number(1)))
            square = application("square", term_text(number(inverse)))
            zero = application("in", scalar_text(-inverse), "()", "_", apart, "_")
            self.theory.steps.append((name, goal, application("nonnegative", f"(({bound} {square}))", zero)))
        return name

    def nonnegative(self, claim: S.Nonnegative, parts: S.Parts, fact: Fact, rules: list[Rule],
                    more: Sequence[tuple[str, Fact]] = ()) -> str:  # fmt: skip
        """lhs - rhs as a sum of products of numbers ≥ 0."""
        bounds = [*more, *self._bounds(claim)]
        texts: list[str] = []
        whole: list[Term] = [Zero(*NUMBER)]
        for c, t in parts:
            product = self._factors(term_of(t), fact, bounds)
            for m, a in scalar_of(c).parts:
                factors = self._weight(Poly({m: a}), fact) + product
                texts.append(f"({' '.join(text for text, _ in factors)})")
                whole.append(Product(tuple(term for _, term in factors)))
        difference = Plus((fact.lhs, Scaled(poly(-1), fact.rhs), Scaled(poly(-1), Plus(tuple(whole)))))
        zeros = Search(rules, self._integers(fact), difference).zeros()
        return application("nonnegative", f"({' '.join(texts)})", zeros)

    def never_negative(self, claim: S.NeverNegative, fact: Fact, rules: list[Rule]) -> str:
        """By induction; the step may use the fact at k."""
        k, start = variable(claim.k), scalar_of(claim.start)
        others = tuple(v for v in fact.variables if v != k)
        later = at(fact, {k: poly(k) + 1}, others)
        later = replace(later, conditions=(*later.conditions, poly(k) - start))
        base = self.nonnegative(claim, claim.base, at(fact, {k: start}, others), rules)
        assumed = ("assumed", replace(fact, variables=others))
        step = self.nonnegative(claim, claim.parts, later, rules, [assumed])
        return application("induction", k.name, scalar_text(start), "assumed", base, step)

    def integrated(self, claim: S.Integrated, fact: Fact) -> str:
        """From the sign of the derivative."""
        z, f = variable(claim.z), scalar_of(claim.function)
        if id(claim.slope) not in self.facts:
            raise UnsettledError("rests on a step that was not replayed")
        name, slope = self.facts[id(claim.slope)]
        inner = replace(fact, lhs=number(derivative(f, z)), rhs=number(0))
        shown = [self._condition(c, inner) for c in slope.conditions]
        values = " ".join(v.name for v in slope.variables)
        used = application("use", name, f"({values})", *shown)
        zeros = Search([], self.theory.context, inner.lhs - (slope.lhs - slope.rhs)).zeros()
        begin = Search([], self.theory.context, number(put(f, {z: poly(0)}))).zeros()
        base = application("nonnegative", "()", begin)
        return application("integration", z.name, base, application("nonnegative", f"(({used}))", zeros))
