"""Statements: what is given, the definitions, hypotheses and conclusions, and the goals that they leave by themselves.

A statement has to mean something at every admitted value: exponents are ≥ 0, the indices of a family lie in its range,
a definition gives each element at most one value, and a recursion looks back only. These goals are listed in the order
of the text; a proof begins with a certificate for each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from emtheory.kernel.axioms import AXIOMS
from emtheory.kernel.substitution import Context, free, inside, put
from emtheory.kernel.terms import Fact, Letter, Poly, Power, ProofError, SPow, Var, demand, poly
from emtheory.kernel.text import Node, Scope, Signature, brief, condition, fact, integer, items, new, parse, size

VERSION = "1"
Goal = tuple[Poly, Context]


@dataclass(frozen=True)
class Conclusion:
    """The facts of `assumed` imply the fact."""

    assumed: tuple[tuple[str, Fact], ...]
    fact: Fact


@dataclass
class Statement:
    """For all `symbols` with every number of the context ≥ 0 and every premise, the conclusions hold."""

    symbols: list[Var | Signature] = field(default_factory=list)
    context: Context = ()
    premises: dict[str, Fact] = field(default_factory=dict)  # hypotheses and definitions
    conclusions: dict[str, Conclusion] = field(default_factory=dict)
    goals: list[Goal] = field(default_factory=list)

    @property
    def scope(self) -> Scope:
        """What the names mean."""
        return {symbol.name: symbol for symbol in self.symbols}


def read(text: str) -> Statement:
    """The statement that a text is.

    Raises:
        ProofError: it means nothing.
    """
    match parse(text):
        case ("statement", version, ("given", *given), *items) if version == VERSION:
            statement = Statement()
            for symbol in given:
                _give(symbol, statement)
            for item in items:
                _add(item, statement)
            demand(bool(statement.conclusions), "a statement without a conclusion")
            return statement
    raise ProofError(f"a statement is (statement {VERSION} (given …) …)")


@cache
def axiom(name: str) -> Statement:
    """The axiom or lemma of this name."""
    return read(AXIOMS[name][0])


def _give(node: Node, statement: Statement) -> None:
    scope = statement.scope
    match node:
        case ("size", name, lower):
            var, least = Var(new(name, scope), "size"), size(lower, {})
            statement.symbols.append(var)
            statement.context = (*statement.context, poly(var) - least)
        case ("int" | "real" as sort, name):
            statement.symbols.append(Var(new(name, scope), sort))
        case ("letter", *_):
            statement.symbols.append(_letter(node, scope))
        case _:
            raise ProofError(f"{brief(node)} gives nothing: (size n 1), (int k), (real x), (letter A n m)")


def _letter(node: Node, scope: Scope) -> Signature:
    """(letter A n m), or a family with the range of each index: (letter E n m (1 s)), (letter u n m (0 *))."""
    match node:
        case ("letter", name, rows, cols, *ranges):
            ends: list[tuple[Poly | None, Poly | None]] = []
            for pair in ranges:
                low, high = (None if end == "*" else integer(end, scope) for end in items(pair, 2))
                ends.append((low, high))
            return Signature(new(name, scope), size(rows, scope), size(cols, scope), tuple(ends))
    raise ProofError(f"{brief(node)} is not a letter: (letter A rows columns range …)")


def _add(item: Node, statement: Statement) -> None:
    scope = statement.scope
    match item:
        case ("where", *conditions):
            for node in conditions:
                p = condition(node, scope)
                demand(p.integral, f"{brief(node)} is no condition on integers; state it as a hypothesis")
                statement.goals += _obligations(p, statement.context, scope)
                statement.context = (*statement.context, p)
        case ("hypothesis", name, node):
            _premise(name, fact(node, scope), statement)
        case ("definition", letter, *pieces) if pieces:
            signature = _letter(letter, scope)
            statement.symbols.append(signature)
            _define(signature, pieces, statement)
        case ("conclusion", name, *assumptions, node):
            assumed: dict[str, Fact] = {}
            for assumption in assumptions:
                match assumption:
                    case ("assuming", label, inner):
                        assumed[new(label, {**statement.premises, **assumed})] = fact(inner, scope)
                    case _:
                        raise ProofError(f"{brief(assumption)} is not (assuming NAME fact)")
            conclusion = Conclusion(tuple(assumed.items()), fact(node, scope))
            for f in (*assumed.values(), conclusion.fact):
                statement.goals += _obligations_of(f, statement)
            taken = {**statement.premises, **statement.conclusions}
            statement.conclusions[new(name, taken)] = conclusion
        case _:
            raise ProofError(f"{brief(item)} is no part of a statement: where, hypothesis, definition, conclusion")


def _premise(name: Node, premise: Fact, statement: Statement) -> None:
    statement.goals += _obligations_of(premise, statement)
    statement.premises[new(name, {**statement.premises, **statement.conclusions})] = premise


def _obligations_of(f: Fact, statement: Statement) -> Iterator[Goal]:
    return _obligations(f, statement.context + tuple(c for c in f.conditions if c.integral), statement.scope)


def _obligations(thing: Fact | Poly, context: Context, scope: Scope) -> Iterator[Goal]:
    """Exponents are ≥ 0 and indices in their ranges, at every place; what its context says is no goal."""
    seen: set[Goal] = set()
    for part, known in inside(thing, context):
        goals: list[Poly] = []
        match part:
            case SPow(_, exponent) | Power(_, exponent):
                goals = [exponent]
            case Letter("selector", _, _, (i, count)):
                goals = [i - 1, count - i]
            case Letter(name, _, _, index):
                signature = scope[name]
                assert isinstance(signature, Signature)
                for i, (low, high) in zip(index, signature.ranges, strict=True):
                    goals += ([] if low is None else [i - low]) + ([] if high is None else [high - i])
        for goal in goals:
            if goal not in known and (goal, known) not in seen and (goal.constant is None or goal.constant < 0):
                seen.add((goal, known))
                yield goal, known


def _define(signature: Signature, pieces: Sequence[Node], statement: Statement) -> None:
    """A new letter gets its values: no two pieces meet, and each looks back only, down to the lowest index."""
    done: list[Fact] = []
    for piece in pieces:
        name, node = items(piece, 2)
        f = fact(node, statement.scope)
        lhs = f.lhs
        if not isinstance(lhs, Letter) or lhs.name != signature.name or f.relation != "=":
            raise ProofError(f"a definition of {signature.name} is an equation {signature.name} = term")
        demand(all(c.integral for c in f.conditions), "the conditions of a definition are on integers")
        _determined(f, lhs)
        context = statement.context + f.conditions
        for part, known in inside(f.rhs, context):
            if isinstance(part, Letter) and part.name == signature.name:
                ends = signature.ranges and signature.ranges[0][0] is not None
                demand(bool(ends), f"{part.name} is defined by itself, without a lowest index")
                statement.goals.append((lhs.index[0] - part.index[0] - 1, known))
        for other in done:
            demand(bool(signature.ranges), f"{signature.name} is defined twice")
            there = put(other, {v: poly(Var(f"{v.name} there", v.sort)) for v in other.variables})  # a name of no text
            difference = lhs.index[0] - there.lhs.index[0]
            statement.goals.append((poly(-1), (*context, *there.conditions, difference, poly(0) - difference)))
        done.append(f)
        _premise(name, f, statement)


def _determined(f: Fact, lhs: Letter) -> None:
    """An element has one value: its first index is ±v + rest, the others are variables, and there are no more."""
    first, others = lhs.index[:1], lhs.index[1:]
    variables = [v for v in f.variables if any(v in free(i) for i in first)]
    for v in variables:
        rests = (first[0] - poly(v), first[0] + poly(v))
        demand(any(v not in free(rest) for rest in rests), f"{v.name} does not follow from the index")
    plain = [v for v in f.variables if poly(v) in others]
    distinct = len(set(others)) == len(others) == len(plain) and not set(plain) & set(variables)
    demand(len(variables) <= 1 and distinct, "the index of a definition determines its variables")
    demand(set(f.variables) == {*variables, *plain}, "the index of a definition determines its variables")
