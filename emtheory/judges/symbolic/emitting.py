"""The steps of a derivation as proofs that the kernel replays: `replay(derivation)`.

What a step is given (definitions, hypotheses, lemmas, theorems) becomes a hypothesis of the kernel's statement, and
each step a conclusion. So a replayed step follows from what it is given, by the kernel; whether what it is given is
warranted is not looked at here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sympy

from emtheory.judges.symbolic import claims as C  # noqa: N812
from emtheory.judges.symbolic import signs as S  # noqa: N812
from emtheory.judges.symbolic import terms as T  # noqa: N812
from emtheory.judges.symbolic.emitting_numbers import Numbers, is_number
from emtheory.judges.symbolic.emitting_signs import Signs, with_conditions
from emtheory.judges.symbolic.emitting_terms import fact_of, scalar_of, variable
from emtheory.judges.symbolic.emitting_theory import Theory, at, matched
from emtheory.judges.symbolic.linear import inequalities
from emtheory.judges.symbolic.traversal import symbols_of
from emtheory.kernel import Refused, check
from emtheory.kernel.monomials import blocks
from emtheory.kernel.substitution import Context
from emtheory.kernel.terms import Fact, Poly, ProofError, Var, poly
from emtheory.tactics.farkas import certificate
from emtheory.tactics.printing import application, scalar_text
from emtheory.tactics.search import Search
from emtheory.tactics.words import Rule, UnsettledError, rules_from

__all__ = ["Replay", "Step", "replay"]

Given = list[tuple[str, Fact, dict[Var, Poly]]]


@dataclass(frozen=True)
class Step:
    """A step of a derivation: `reason` says why the kernel did not replay it, empty if it did."""

    sentence: str
    kind: str
    reason: str


@dataclass(frozen=True)
class Replay:
    """The steps of a derivation, and the statement and the proof of those that the kernel replays, if there are any."""

    steps: tuple[Step, ...]
    statement: str
    proof: str


def replay(derivation: Iterable[tuple[str, C.Claim]]) -> Replay:
    """Emit a proof of each step, and let the kernel replay it.

    >>> from emtheory.judges.symbolic import identical, letter, sizes
    >>> n = sizes("n")
    >>> A, B = letter("A", n, n), letter("B", n, n)
    >>> result = replay([("turned", identical((A @ B).T, B.T @ A.T)), ("swapped", identical(A @ B, B @ A))])
    >>> [step.reason for step in result.steps]
    ['', 'left: -1 B A; 1 A B']
    >>> type(check(result.statement, result.proof)).__name__
    'Accepted'
    """
    listed = list(derivation)
    emitter = _Emitter([claim for _, claim in listed])
    steps = tuple(Step(sentence, type(claim).__name__, emitter.emit(f"step-{i}", claim))
                  for i, (sentence, claim) in enumerate(listed, 1))  # fmt: skip
    replayed = emitter.theory.steps
    return Replay(steps, *(emitter.theory.texts(replayed) if replayed else ("", "")))


def _symbols(claims: Sequence[C.Claim]) -> set[Any]:
    found: set[Any] = set()
    for claim in claims:
        sides = [claim.equation, *(relation.equation for relation in claim.relations())]
        for equation in sides:
            found |= symbols_of(equation.lhs) | symbols_of(equation.rhs)
            found |= set().union(*(getattr(c, "free_symbols", set()) for c in equation.where))
        for c, t in getattr(claim, "parts", ()):
            found |= symbols_of(t) | c.free_symbols
    return found


def _replaced(claims: Sequence[C.Claim]) -> set[Var]:
    """The numbers of earlier claims that a later one uses at other values."""
    bounds = [
        g for claim in claims for g in claim.given if isinstance(g, C.Bound) and isinstance(g.source, S.Nonnegative)
    ]
    found = (symbols_of(g.source.bound().term) - symbols_of(g.term) for g in bounds)
    return {variable(symbol) for symbols in found for symbol in symbols if not symbol.is_integer}


class _Emitter:
    def __init__(self, claims: Sequence[C.Claim]) -> None:
        symbols = _symbols(claims)
        sizes = sorted({variable(s) for s in symbols if s.is_integer and s.is_positive}, key=str)
        self.theory = Theory(tuple(sizes))
        self.facts: dict[int, tuple[str, Fact]] = {}
        self.varying = {variable(c.z) for c in claims if isinstance(c, S.Integrated)}
        self.anywhere = _replaced(claims)
        at_least_0 = {variable(s) for s in symbols if s.is_nonnegative}
        positive = {variable(s) for s in symbols if s.is_positive}
        self.signs = Signs(self.theory, self.facts, self.varying, self.anywhere, at_least_0, positive)

    def emit(self, name: str, claim: C.Claim) -> str:
        """Prove a claim; why it was not, or nothing."""
        before = len(self.theory.steps)
        try:
            fact = self._goal(claim)
            proof = self._proof(claim, fact)
            assumed = [(n, f) for n, f, _ in self.theory.steps]
            verdict = check(*self.theory.texts([(name, fact, proof)], assumed))
        except (UnsettledError, ProofError) as error:
            del self.theory.steps[before:]
            return str(error) or type(error).__name__
        if isinstance(verdict, Refused):
            del self.theory.steps[before:]
            return f"refused: {verdict.reason}"
        self.theory.steps.append((name, fact, proof))
        self.facts[id(claim)] = (name, fact)
        return ""

    def _goal(self, claim: C.Claim) -> Fact:
        """What a claim says."""
        if isinstance(claim, S.Nonnegative):
            bound = claim.bound()
            zero = T.Zero(sympy.S.One, sympy.S.One)
            return with_conditions(
                fact_of(C.Equation(bound.term, zero, bound.where), ">="), self.varying, self.anywhere
            )
        return fact_of(claim.equation)

    def _given(self, claim: C.Claim) -> Given:
        out: Given = []
        for g in claim.given:
            if isinstance(g, C.Relation):
                fact = fact_of(g.equation)
                fixed = {variable(s) for s in g.fixed}
                if g.warrant == "step":
                    name, base = self._fact(g.source)
                    values = matched(base, fact)
                    out.append((name, base, {v: p for v, p in values.items() if p != poly(v) or v in fixed}))
                else:
                    out.append((self.theory.hypothesis(fact), fact, {v: poly(v) for v in fact.variables if v in fixed}))
            elif isinstance(g, C.Claim) and not isinstance(g, S.Nonnegative):
                out.append((*self._fact(g), {}))
        return out

    def _fact(self, claim: Any) -> tuple[str, Fact]:
        if id(claim) not in self.facts:
            raise UnsettledError("rests on a step that was not replayed")
        return self.facts[id(claim)]

    def _proof(self, claim: C.Claim, fact: Fact) -> str:
        given = self._given(claim)
        rules = [rule for one in given if not is_number(one[1]) for rule in rules_from(*one)]
        if isinstance(claim, C.Induction):
            return self._induction(claim, fact, rules)
        if isinstance(claim, S.Integrated):
            return self.signs.integrated(claim, fact)
        if isinstance(claim, S.NeverNegative):
            return self.signs.never_negative(claim, fact, rules)
        if isinstance(claim, S.Nonnegative):
            return self.signs.nonnegative(claim, claim.parts, fact, rules)
        if type(claim) is not C.Identical:
            raise UnsettledError(f"no tactic for {type(claim).__name__}")
        if not isinstance(claim.equation.lhs, T.Term):
            return Numbers(self.theory, {lemma.name for lemma in claim.lemmas()}, fact, given).proof()
        return self._in_cases(fact, claim.cases, rules)

    def _equation(self, fact: Fact, rules: list[Rule]) -> str:
        context: Context = self.theory.context + fact.conditions
        a, b = blocks(fact.lhs), blocks(fact.rhs)
        if (a, b) == (((fact.lhs,),), ((fact.rhs,),)):
            return application("identity", Search(rules, context, fact.lhs - fact.rhs).zeros())
        rows = (" ".join(f"({Search(rules, context, x - y).zeros()})" for x, y in zip(p, q, strict=True))
                for p, q in zip(a, b, strict=True))  # fmt: skip
        return application("blocks", *(f"({row})" for row in rows))

    def _in_cases(self, fact: Fact, cases: C.Cases, rules: list[Rule]) -> str:
        """A tree of cases on integers; each leaf is contradictory or lies in one of the cases."""
        splits = [scalar_of(c) for case in cases for c in inequalities(case)]

        def tree(f: Fact, rest: list[Poly]) -> str:
            context = self.theory.context + f.conditions
            todo = [p for p in rest if certificate(p, context) is None and certificate(-p - 1, context) is None]
            if not todo:
                return self._equation(f, rules)
            p = todo[0]
            branches = (tree(replace(f, conditions=(*f.conditions, q)), todo[1:]) for q in (p, -p - 1))
            return application("cases", scalar_text(p), *branches)

        return tree(fact, splits)

    def _induction(self, claim: C.Induction, fact: Fact, rules: list[Rule]) -> str:
        k, start = variable(claim.k), scalar_of(claim.start)
        others = tuple(v for v in fact.variables if v != k)
        head = [k.name, scalar_text(start), "assumed"]
        if claim.strong:
            smaller = Var(f"{k.name}'", "int")
            assumed = at(fact, {k: poly(smaller)}, (*others, smaller))
            between = (poly(smaller) - start, poly(k) - 1 - poly(smaller))
            assumed = replace(assumed, conditions=(*assumed.conditions, *between))
            step = self._in_cases(
                replace(fact, variables=others), claim.cases, [*rules_from("assumed", assumed), *rules]
            )
            return application("strong-induction", *head, step)
        base, later = at(fact, {k: start}, others), at(fact, {k: poly(k) + 1}, others)
        later = replace(later, conditions=(*later.conditions, poly(k) - start))
        hypothesis = rules_from("assumed", replace(fact, variables=others))
        return application(
            "induction", *head, self._equation(base, rules), self._equation(later, [*hypothesis, *rules])
        )
