"""Claims of inequalities as proofs of the kernel: sums of products of numbers that are ≥ 0."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import isqrt
from typing import Any

import sympy

from emtheory.judges.symbolic import claims as C  # noqa: N812
from emtheory.judges.symbolic import signs as S  # noqa: N812
from emtheory.judges.symbolic import terms as T  # noqa: N812
from emtheory.judges.symbolic.emitting_terms import fact_of, scalar_of, term_of, variable
from emtheory.judges.symbolic.emitting_theory import Theory, at, matched
from emtheory.kernel.calculus import derivative
from emtheory.kernel.monomials import NUMBER, as_scalar, expand
from emtheory.kernel.substitution import Context, free, inside, put
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
from emtheory.tactics.printing import application, axiom, scalar_text, term_text
from emtheory.tactics.search import Search
from emtheory.tactics.words import Rule, UnsettledError

__all__ = ["Signs", "with_conditions"]


def with_conditions(fact: Fact, varying: set[Var], anywhere: set[Var]) -> Fact:
    """Numbers that an integration lets vary become variables ≥ 0, numbers that are replaced become variables."""
    found = sorted(free(fact), key=str)
    reals = tuple(v for v in found if v in varying)
    others = tuple(v for v in found if v in anywhere - varying)
    variables = (*fact.variables, *reals, *others)
    return replace(fact, variables=variables, conditions=(*fact.conditions, *map(poly, reals)))


Factor = tuple[str, Term]  # a factor ≥ 0 as text, and what the kernel reads


def _square(root: Term) -> Factor:
    return application("square", term_text(root)), Product((Transposed(root), root))


@dataclass
class Signs:
    """Proofs of inequalities; reals that the derivation takes for ≥ 0 or > 0 become hypotheses."""

    theory: Theory
    facts: dict[int, tuple[str, Fact]]
    varying: set[Var]
    anywhere: set[Var]
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
                fact = with_conditions(fact_of(C.Equation(g.term, zero, g.where), ">="), self.varying, self.anywhere)
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
                return [_square(b)]
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

    def _weights(self, p: Poly, fact: Fact) -> list[list[Factor]]:
        """A number ≥ 0 as a sum of products of such: its monomials, or a √q - c by √q (√q - b)² for some b near √q."""
        roots = [m[0] for m, _ in p.parts if len(m) == 1 and isinstance(m[0], Fn) and m[0].name == "sqrt"]
        root = next((g for g in roots if isinstance(g, Fn)), Fn("sqrt", poly(1)))
        q, c = root.argument.constant, -dict(p.parts).get((), Fraction(0))
        if not roots or q is None or c <= 0 or len(p.parts) != 2:
            return [self._weight(Poly({m: a}), fact) for m, a in p.parts]
        b = Fraction(isqrt(int(q * 10_000)), 100)
        square, scale = _square(number(poly(root) - poly(b))), c / (2 * b * q)
        bound = [*self._weight(poly(root) * scale, fact), square]
        return [bound, self._weight(p + poly(c) - poly(root) * (scale * (q + b * b)), fact)]

    def _weight(self, p: Poly, fact: Fact) -> list[Factor]:
        """A monomial ≥ 0: a rational, even powers, numbers that a condition or a hypothesis bounds, integers."""
        ((scalars, c),) = p.parts or (((), 0),)
        out: list[Factor] = [(application("rational", str(c)), number(poly(c)))]
        rest = list(scalars)
        while rest:
            g = rest.pop()
            if g in rest:
                rest.remove(g)
                out.append(_square(number(g)))
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
        if isinstance(g, Fn):
            return self._function(g, fact)
        raise UnsettledError(f"{g} may be negative")

    def _function(self, g: Fn, fact: Fact) -> str:
        """A function that is ≥ 0: exp, 1/cosh, tanh on the right, and the inverse of a number > 0."""
        p = g.argument
        single = p.parts[0][0][0] if len(p.parts) == 1 and len(p.parts[0][0]) == 1 and p.parts[0][1] == 1 else None
        z = Var("z-sign", "real")
        if g.name == "sqrt" and p.constant is not None and p.constant >= 0:
            proof = f"(nonnegative (((rational {p.constant}))))"
            return application("use", axiom("root-at-least-0", [scalar_text(p)], (), proof), "()")
        if g.name == "exp":
            return self._exponential(p)
        if g.name == "tanh":
            rise = _square(number(Fn("inv", poly(Fn("cosh", poly(z))))))
            return self._of_any("tanh", number(Fn("tanh", poly(z))), [[rise]], p, fact, rises=True)
        if g.name == "inv" and isinstance(single, Fn) and single.name == "cosh":
            cosh = Fn("cosh", poly(z))
            at_least_1 = (axiom("cosh-at-least-1", [z.name]), number(cosh) - number(1))
            square = _square(number(Fn("inv", poly(cosh))))
            parts = [[at_least_1, square], [square]]
            return self._of_any("inverse-cosh", number(Fn("inv", poly(cosh))), parts, single.argument, fact)
        if g.name == "inv":
            return self._inverse(g)
        raise UnsettledError(f"{g} may be negative")

    def _exponential(self, p: Poly) -> str:
        """exp(z) = exp(z/2)² as a step of its own; used at z = p."""
        z = Var("z-sign", "real")
        half = scalar_text(poly(z) * Fraction(1, 2))
        known = Fact((z,), (), number(Fn("exp", poly(z))), number(0), ">=")
        proof = f"(nonnegative (((square (number (exp {half}))))) {axiom('exp-of-sum', [half, half])})"
        if all(step[0] != "exp-at-least-0" for step in self.theory.steps):
            self.theory.steps.append(("exp-at-least-0", known, proof))
        return application("use", "exp-at-least-0", f"({scalar_text(p)})")

    def _of_any(
        self, name: str, term: Term, parts: list[list[Factor]], p: Poly, fact: Fact, *, rises: bool = False
    ) -> str:
        """term(z) ≥ 0 as a step of its own, by its parts or, for z ≥ 0, by those of its slope; used at z = p."""
        z = Var("z-sign", "real")
        known = Fact((z,), (poly(z),) if rises else (), term, number(0), ">=")
        if all(step[0] != f"{name}-at-least-0" for step in self.theory.steps):
            goal = number(derivative(as_scalar(term), z)) if rises else term
            proof = self._parts(goal, parts)
            if rises:
                start = self._parts(number(put(as_scalar(term), {z: poly(0)})), [])
                proof = application("integration", z.name, start, proof)
            self.theory.steps.append((f"{name}-at-least-0", known, proof))
        shown = [self._condition(p, fact)] if rises else []
        return application("use", f"{name}-at-least-0", f"({scalar_text(p)})", *shown)

    def _parts(self, goal: Term, parts: list[list[Factor]]) -> str:
        whole = Plus((Zero(*NUMBER), *(Product(tuple(term for _, term in part)) for part in parts)))
        zeros = Search([], self.theory.context, goal - whole).zeros()
        texts = " ".join(f"({' '.join(text for text, _ in part)})" for part in parts)
        return application("nonnegative", f"({texts})", zeros)

    def inverses(self, facts: Iterable[Any]) -> dict[Fn, str]:
        """For each 1/p in these facts, p a sum of numbers > 0, the name of p (1/p) = 1."""
        found = {x for thing in facts for x, _ in inside(thing) if isinstance(x, Fn) and x.name == "inv"}
        out = {}
        for g in sorted(found, key=str):
            name = self._not_0(g.argument)
            if name is not None:
                out[g] = name
        return out

    def _not_0(self, p: Poly) -> str | None:
        """An equation p (1/p) = 1 for a number p > 0: a product of symbols > 0, and with numbers ≥ 0 added."""
        if len(p.parts) == 1 and p.parts[0][1] == 1:
            return self._product_not_0(p.parts[0][0])
        for m, a in p.parts:
            first = Poly({m: a})
            if a == 1 and (known := self._not_0(first)) is not None:
                nothing = Fact((), (), number(0), number(0))
                try:
                    texts = [self._sign(q, nothing) for q in (first, p - first)]
                except UnsettledError:
                    continue
                proofs = (application("identity", known), *texts)
                return axiom("sum-not-0", [scalar_text(first), scalar_text(p - first)], (), *proofs)
        return None

    def _product_not_0(self, symbols: Sequence[Any]) -> str | None:
        if any(x not in self.positive for x in symbols):
            return None
        inverses = [poly(Fn("inv", poly(x))) for x in symbols]
        known = [self.theory.hypothesis(Fact((), (), number(i * poly(x)), number(1)))
                 for i, x in zip(inverses, symbols, strict=True)]  # fmt: skip
        if len(symbols) == 1:
            return known[0]
        inverse, zeros = poly(1), []
        for i, x, name in zip(inverses, symbols, known, strict=True):  # x y i j - 1 = (x i - 1) y j + (y j - 1)
            zeros.append(application("in", scalar_text(inverse), "()", "_", name, "_"))
            inverse = inverse * i * poly(x)
        values = [Poly({tuple(symbols): Fraction(1)}), poly(1)]
        for i in inverses:
            values[1] = values[1] * i
        return axiom("inverse", map(scalar_text, values), (), application("identity", *zeros))

    def _sign(self, p: Poly, fact: Fact) -> str:
        """A proof that a sum of numbers ≥ 0 is ≥ 0."""
        parts = (f"({' '.join(text for text, _ in self._weight(Poly({m: c}), fact))})" for m, c in p.parts)
        return application("nonnegative", f"({' '.join(parts)})")

    def _inverse(self, g: Fn) -> str:
        """1/p ≥ 0 for a number p > 0, as a step of its own: 1/p = p (1/p)²."""
        p, equation = g.argument, self._not_0(g.argument)
        if equation is None:
            raise UnsettledError(f"{g} may be negative")
        goal = Fact((), (), number(g), number(0), ">=")
        name = next((n for n, f, _ in self.theory.steps if f == goal), f"inverse-{len(self.theory.steps)}")
        if all(step[0] != name for step in self.theory.steps):
            square = application("square", term_text(number(g)))
            weights = [self._weight(Poly({m: c}), Fact((), (), number(0), number(0))) for m, c in p.parts]
            texts = " ".join(f"({' '.join(text for text, _ in weight)} {square})" for weight in weights)
            zero = application("in", scalar_text(-poly(g)), "()", "_", equation, "_")
            self.theory.steps.append((name, goal, application("nonnegative", f"({texts})", zero)))
        return name

    def nonnegative(self, claim: S.Nonnegative, parts: S.Parts, fact: Fact, rules: list[Rule],
                    more: Sequence[tuple[str, Fact]] = ()) -> str:  # fmt: skip
        """lhs - rhs as a sum of products of numbers ≥ 0."""
        bounds = [*more, *self._bounds(claim)]
        texts: list[str] = []
        whole: list[Term] = [Zero(*NUMBER)]
        for c, t in parts:
            product = self._factors(term_of(t), fact, bounds)
            for weight in self._weights(scalar_of(c), fact):
                factors = weight + product
                texts.append(f"({' '.join(text for text, _ in factors)})")
                whole.append(Product(tuple(term for _, term in factors)))
        difference = Plus((fact.lhs, Scaled(poly(-1), fact.rhs), Scaled(poly(-1), Plus(tuple(whole)))))
        inverses = self.inverses([difference, *(rule.fact for rule in rules)])
        zeros = Search(rules, self._integers(fact), difference, inverses).zeros()
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
        difference = inner.lhs - (slope.lhs - slope.rhs)
        zeros = Search([], self.theory.context, difference, self.inverses([difference])).zeros()
        begin = Search([], self.theory.context, number(put(f, {z: poly(0)}))).zeros()
        base = application("nonnegative", "()", begin)
        return application("integration", z.name, base, application("nonnegative", f"(({used}))", zeros))
