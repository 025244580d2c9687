"""What the steps of a derivation are given, as a statement of the kernel that grows while proofs are emitted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from emtheory.kernel.statements import read
from emtheory.kernel.substitution import Context, fact_image, free, inside, put
from emtheory.kernel.terms import Fact, Fn, Letter, Poly, Var, poly
from emtheory.tactics.farkas import certificate
from emtheory.tactics.printing import application, fact_text, scalar_text
from emtheory.tactics.words import UnsettledError, solved

__all__ = ["Theory"]


@dataclass
class Theory:
    """Sizes, hypotheses by name, and the facts that were replayed: (name, fact, proof)."""

    sizes: tuple[Var, ...]
    hypotheses: dict[Fact, str] = field(default_factory=dict)
    steps: list[tuple[str, Fact, str]] = field(default_factory=list)

    @property
    def context(self) -> Context:
        """The sizes are at least 1."""
        return tuple(poly(v) - 1 for v in self.sizes)

    def hypothesis(self, fact: Fact) -> str:
        """The name of what is given."""
        return self.hypotheses.setdefault(fact, f"given-{len(self.hypotheses) + 1}")

    def texts(
        self, proved: Iterable[tuple[str, Fact, str]], assumed: Iterable[tuple[str, Fact]] = ()
    ) -> tuple[str, str]:
        """A statement with these conclusions, and its proof.

        Raises:
            UnsettledError: a goal of the statement was not shown.
        """
        premises = [*((n, f) for f, n in self.hypotheses.items()), *assumed]
        conclusions = list(proved)
        everything = [f for _, f in premises] + [f for _, f, _ in conclusions]
        parts = [application("hypothesis", n, fact_text(f)) for n, f in premises]
        parts += [application("conclusion", n, fact_text(f)) for n, f, _ in conclusions]
        statement = application("statement", "1", application("given", *self._given(everything)), *parts)
        goals = []
        for goal, context in read(statement).goals:
            found = certificate(goal, context)
            if found is None:
                raise UnsettledError(f"the statement speaks of {goal} < 0, where it means nothing")
            goals.append(found)
        proof = [application("conclusion", n, text) for n, _, text in conclusions]
        return statement, application("proof", "1", application("goals", *goals), *proof)

    def _given(self, facts: list[Fact]) -> list[str]:
        letters: dict[str, str] = {}
        reals: set[Var] = set()
        bound = {v for f in facts for v in f.variables}
        for f in facts:
            for x, _ in inside(replace(f, variables=())):
                if isinstance(x, Letter):
                    ranges = ["(* *)"] * len(x.index)
                    text = application("letter", x.name, scalar_text(x.rows), scalar_text(x.cols), *ranges)
                    if letters.setdefault(x.name, text) != text:
                        raise UnsettledError(f"{x.name} has two shapes")
                elif isinstance(x, Var) and x.sort != "size" and x not in bound:
                    reals.add(x)
        numbers = [application(v.sort, v.name) for v in sorted(reals, key=str)]
        return [*(application("size", v.name, "1") for v in self.sizes), *numbers, *letters.values()]


def at(fact: Fact, values: dict[Var, Poly], variables: tuple[Var, ...]) -> Fact:
    """A fact with numbers in place of variables."""
    return fact_image(fact, lambda x: put(x, values), variables)


def _functions(p: Poly) -> list[Fn]:
    return [g for m, _ in p.parts for g in m if isinstance(g, Fn)]


def matched(base: Fact, other: Fact) -> dict[Var, Poly]:
    """Values of the variables of a fact that make it the other one.

    Raises:
        UnsettledError: none were found.
    """
    found: dict[Var, Poly] = {}
    names = {v: Var(f"m.{i}", v.sort) for i, v in enumerate(base.variables)}

    def walk(a: Any, b: Any) -> None:
        if isinstance(a, Poly) and isinstance(b, Poly):
            a = put(a, {names[v]: p for v, p in found.items()})
            unknown = [v for v in base.variables if v not in found and names[v] in free(a)]
            if put(a, {names[v]: poly(v) for v in unknown}) == b:
                found.update({v: poly(v) for v in unknown})
            elif len(unknown) == 1:
                value = solved(a - b, names[unknown[0]])
                if value is not None:
                    found[unknown[0]] = value
            for g, h in zip(_functions(a), _functions(b), strict=False):
                walk(g.argument, h.argument)
        elif type(a) is type(b) and isinstance(a, tuple):
            for x, y in zip(a, b, strict=False):
                walk(x, y)
        elif type(a) is type(b) and hasattr(a, "__match_args__"):
            walk(tuple(getattr(a, n) for n in a.__match_args__), tuple(getattr(b, n) for n in b.__match_args__))

    renamed = at(base, {v: poly(w) for v, w in names.items()}, ())
    for _ in range(3):
        walk(renamed.lhs, other.lhs)
        walk(renamed.rhs, other.rhs)
    if set(found) != set(base.variables):
        raise UnsettledError("the values of an instance were not found")
    return found
