"""The rules: how a proof, read as text, is replayed.

A fact says: for all its variables with every condition, lhs = rhs (or lhs - rhs ≥ 0). An equation is proved by writing
lhs - rhs as a sum of *zeros*: left · (a - b) · right, times a number, summed over indices, where a = b is an instance
of an axiom or of a known fact. So a proof of an equation is a list of zeros, in any order, and the check is that both
sides have the same monomials.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from emtheory.kernel.axioms import AXIOMS
from emtheory.kernel.calculus import derivative
from emtheory.kernel.integers import show
from emtheory.kernel.monomials import NUMBER, add, as_scalar, blocks, expand, shape
from emtheory.kernel.statements import Conclusion, Statement, axiom
from emtheory.kernel.substitution import Context, Family, fact_image, free, inside, instantiated, put, total
from emtheory.kernel.terms import (
    Fact,
    Fn,
    Poly,
    Product,
    ProofError,
    Scaled,
    Term,
    Transposed,
    Var,
    Zero,
    demand,
    number,
    poly,
    spow,
)
from emtheory.kernel.text import (
    Node,
    Scope,
    Signature,
    bounded,
    brief,
    integer,
    items,
    new,
    rational,
    scalar,
    size,
    term,
)


@dataclass(frozen=True)
class Known:
    """What a proof may use at a place: names, facts, integers ≥ 0, real conditions in force, theorems."""

    scope: Scope
    facts: Mapping[str, Fact]
    context: Context
    theorems: Mapping[str, Statement]
    used: set[str]  # the names of all facts, axioms and theorems that were used anywhere
    bounds: tuple[Fact, ...] = ()

    def under(self, *more: Poly) -> Known:
        """With more integers ≥ 0."""
        return replace(self, context=self.context + more)

    def binding(self, variables: Sequence[Var]) -> Known:
        """With new variables, of which nothing is known."""
        scope = dict(self.scope)
        for v in variables:
            scope[new(v.name, scope)] = v
        return replace(self, scope=scope)

    def having(self, name: Node, fact: Fact) -> Known:
        """With one more fact."""
        return replace(self, facts={**self.facts, new(name, self.facts): fact})

    def fresh(self, var: Var, taken: Scope) -> Var:
        """The variable, with primes behind its name until it is new here and there."""
        while var.name in self.scope or var.name in taken:
            var = Var(f"{var.name}'", var.sort)
        return var


# --- facts that are used ----------------------------------------------------------------------------------------------


def source(node: Node, known: Known) -> Fact:
    """The fact of a name: (condition i) in force, an axiom, a conclusion of a theorem, or what is known here.

    (axiom NAME (value …) (certificate …) proof …) and (theorem NAME CONCLUSION (value …) (certificate …) proof …) give
    a value to each symbol of the statement in order, a certificate for each number of its context, and a proof of each
    of its premises.
    """
    match node:
        case str() if node in known.facts:
            known.used.add(node)
            return known.facts[node]
        case ("condition", i):
            return known.bounds[bounded(i, len(known.bounds))]
        case ("axiom", str(name), values, certificates, *proofs) if name in AXIOMS:
            known.used.add(f"axiom {name}")
            return _cited(axiom(name), axiom(name).conclusions["it"], (values, certificates, proofs), known)
        case ("theorem", str(name), str(it), values, certificates, *proofs) if name in known.theorems:
            statement = known.theorems[name]
            demand(it in statement.conclusions, f"{name} has no conclusion {it}")
            known.used.add(f"theorem {name}")
            return _cited(statement, statement.conclusions[it], (values, certificates, proofs), known)
    raise ProofError(f"nothing known is called {brief(node)}")


def _cited(statement: Statement, conclusion: Conclusion, given: Sequence[Any], known: Known) -> Fact:
    """A conclusion for these values; conditions and premises are shown there."""
    values, certificates, proofs = given
    numbers, letters = dict[Var, Poly](), dict[str, Family]()
    for symbol, node in zip(statement.symbols, items(values, len(statement.symbols)), strict=True):
        if isinstance(symbol, Var):
            read = {"size": size, "int": integer, "real": scalar}[symbol.sort]
            numbers[symbol] = read(node, known.scope)
        else:
            letters[symbol.name] = _family(symbol, node, numbers, known)

    def here(fact: Fact) -> Fact:  # its variables get new names first, or they would catch those of the values
        names, taken = dict[Var, Poly](), dict(statement.scope)
        for v in fact.variables:
            w = known.fresh(v, taken)
            names[v], taken[w.name] = poly(w), w
        variables = tuple(w for p in names.values() for w in free(p))
        return fact_image(fact, lambda x: instantiated(put(x, names), numbers, letters), variables)

    for p, certificate in zip(statement.context, items(certificates, len(statement.context)), strict=True):
        show(put(p, numbers), known.context, certificate)
    premises = [*statement.premises.values(), *(fact for _, fact in conclusion.assumed)]
    demand(len(premises) == len(proofs), "one proof for each premise of what is cited")
    for premise, proof in zip(premises, proofs, strict=True):
        prove(here(premise), proof, known)
    return here(conclusion.fact)


def _family(letter: Signature, node: Node, numbers: Mapping[Var, Poly], known: Known) -> Family:
    """The value of a letter: a term of its shape, or ((i …) term) for a family."""
    names, node = items(node, 2) if letter.ranges else ((), node)  # a family is ((index …) term)
    variables = tuple(Var(str(name), "int") for name in items(names, len(letter.ranges)))
    body = term(node, known.binding(variables).scope)
    demand(shape(body) == (put(letter.rows, numbers), put(letter.cols, numbers)), f"{letter.name} has another shape")
    return variables, body


def instance(fact: Fact, values: Node, certificates: Sequence[Node], known: Known) -> Fact:
    """The fact at these values, in the order of its variables; every condition is shown there."""
    at = {v: (scalar if v.sort == "real" else integer)(node, known.scope)
          for v, node in zip(fact.variables, items(values, len(fact.variables)), strict=True)}  # fmt: skip
    here = fact_image(fact, lambda x: put(x, at), ())
    demand(len(certificates) == len(here.conditions), "one certificate for each condition of a fact")
    for p, certificate in zip(here.conditions, certificates, strict=True):
        match certificate:
            case ("real", parts, *zeros):  # a number that is a sum of products of numbers ≥ 0
                nonnegative(number(p), parts, zeros, known)
            case _:
                show(p, known.context, certificate)
    return here


def used(node: Node, known: Known) -> Fact:
    """(use SOURCE (value …) certificate …), or a source that has no variables."""
    match node:
        case ("use", name, values, *certificates):
            return instance(source(name, known), values, certificates, known)
    return instance(source(node, known), (), (), known)


def equation(node: Node, known: Known) -> tuple[Term, Term]:
    """Two terms that are equal: what is used, its transpose, or equal numbers in front of a matrix."""
    match node:
        case ("transpose", inner):
            a, b = equation(inner, known)
            return Transposed(a), Transposed(b)
        case ("scaled", inner, body):
            a, b = equation(inner, known)
            matrix = term(body, known.scope)
            return Scaled(as_scalar(a), matrix), Scaled(as_scalar(b), matrix)
    fact = used(node, known)
    demand(fact.relation == "=", f"{brief(node)} is no equation")
    return fact.lhs, fact.rhs


def zero(node: Node, known: Known) -> Term:
    """A term that is 0: (in c (binder …) left EQUATION right) is Σ c · left (a - b) right, _ no factor; or a - b."""
    match node:
        case ("in", c, binders, left, inner, right):
            ranges = []
            for binder in items(binders):
                match binder:
                    case ("sum" | "oriented" as kind, str(name), low, high):
                        lower, upper, var = integer(low, known.scope), integer(high, known.scope), Var(name, "int")
                    case _:
                        raise ProofError(f"{brief(binder)} is not (sum i a b) or (oriented i a b)")
                ranges.append((var, lower, upper, kind == "oriented"))
                known = known.binding((var,))
                if kind == "sum":  # an oriented sum says nothing of its index
                    known = known.under(poly(var) - lower, upper - poly(var))
            a, b = equation(inner, known)
            ends = [() if end == "_" else (term(end, known.scope),) for end in (left, right)]
            result: Term = Scaled(scalar(c, known.scope), Product((*ends[0], a - b, *ends[1])))
            for var, lower, upper, oriented in reversed(ranges):
                result = total(var, lower, upper, result, oriented)
            return result
    a, b = equation(node, known)
    return a - b


# --- the rules --------------------------------------------------------------------------------------------------------


def identity(lhs: Term, rhs: Term, zeros: Sequence[Node], known: Known) -> None:
    """lhs - rhs is the sum of the zeros, monomial by monomial."""
    target = shape(lhs - rhs)
    left = expand(lhs - rhs)
    for node in zeros:
        gone = zero(node, known)
        demand(shape(gone) == target, "a zero of another shape")
        add(left, ((key, -c) for key, c in expand(gone).items()))
    if left:
        raise ProofError(f"left over: {brief(next(iter(left)))}" + f" and {len(left) - 1} more" * (len(left) > 1))


def nonnegative(goal: Term, parts: Node, zeros: Sequence[Node], known: Known) -> None:
    """The 1 x 1 goal is a sum of products of numbers ≥ 0, up to the zeros. All numbers are real."""
    whole: Term = Zero(*NUMBER)
    for part in items(parts):
        product = number(1)
        for factor in items(part):
            product = Product((product, _factor(factor, known)))
        whole = whole + product
    identity(goal, whole, zeros, known)


def _factor(node: Node, known: Known) -> Term:
    """A number ≥ 0: (rational c), (square v) for vᵀv, (integer p certificate), or lhs - rhs of a used fact."""
    match node:
        case ("rational", c):
            demand(rational(c) >= 0, f"{brief(c)} < 0")
            return number(poly(rational(c)))
        case ("square", v):
            root = term(v, known.scope)
            return Product((Transposed(root), root))
        case ("integer", p, certificate):
            show(integer(p, known.scope), known.context, certificate)
            return number(integer(p, known.scope))
    fact = used(node, known)
    return fact.lhs - fact.rhs


def prove(fact: Fact, node: Node, known: Known) -> None:
    """Replay a proof of a fact, for all of its variables.

    Rules: identity, blocks, nonnegative, cases, induction, strong-induction, integration, cancellation. (A lemma is
    used as an axiom is, in a zero.)

    Raises:
        ProofError: the reason why this proves nothing.
    """
    _prove(fact, node, known.binding(fact.variables))


def _prove(fact: Fact, node: Node, known: Known) -> None:
    integers = tuple(c for c in fact.conditions if c.integral)
    reals = tuple(Fact((), (), number(c), number(0), ">=") for c in fact.conditions if not c.integral)
    inner = replace(known, context=known.context + integers, bounds=known.bounds + reals)
    match node:
        case ("identity", *zeros) if fact.relation == "=":
            identity(fact.lhs, fact.rhs, zeros, inner)
        case ("blocks", *cells) if fact.relation == "=":
            _blocks(fact, cells, inner)
        case ("nonnegative", parts, *zeros) if fact.relation == ">=":
            nonnegative(fact.lhs - fact.rhs, parts, zeros, inner)
        case ("cases", p, yes, no):  # an integer is ≥ 0 or ≤ -1, a real number ≥ 0 or ≤ 0
            split = scalar(p, known.scope)
            other = poly(-1) - split if split.integral else -split
            _prove(replace(fact, conditions=(*fact.conditions, split)), yes, known)
            _prove(replace(fact, conditions=(*fact.conditions, other)), no, known)
        case ("induction", str(k), start, name, base, step):
            var, first, others = _split(fact, k, start, known)
            _prove(_at(fact, {var: first}, others), base, known)
            later = _at(fact, {var: poly(var) + 1}, others)
            later = replace(later, conditions=(*later.conditions, poly(var) - first))
            _prove(later, step, known.having(name, replace(fact, variables=others)))
        case ("strong-induction", str(k), start, name, step):
            var, first, others = _split(fact, k, start, known)
            smaller = known.fresh(Var(f"{k}'", "int"), {})
            assumed = _at(fact, {var: poly(smaller)}, (*others, smaller))
            range_ = (poly(smaller) - first, poly(var) - 1 - poly(smaller))
            assumed = replace(assumed, conditions=(*assumed.conditions, *range_))
            _prove(replace(fact, variables=others), step, known.having(name, assumed))
        case ("integration", str(z), base, slope) if fact.relation == ">=":
            _integration(fact, z, base, slope, known)
        case ("cancellation", str(x), count, product) if fact.relation == "=":
            _cancellation(fact, x, count, product, known)
        case _:
            raise ProofError(f"{brief(node)} is no proof of such a fact")


def _blocks(fact: Fact, cells: Sequence[Node], known: Known) -> None:
    """Two block matrices are equal block by block: (blocks ((zero …) …) …)."""
    a, b = blocks(fact.lhs), blocks(fact.rhs)
    demand([len(row) for row in a] == [len(row) for row in b], "two partitions")
    for left, right, proofs in zip(a, b, items(tuple(cells), len(a)), strict=True):
        for x, y, zeros in zip(left, right, items(proofs, len(left)), strict=True):
            identity(x, y, items(zeros), known)


def _integration(fact: Fact, z: str, base: Node, slope: Node, known: Known) -> None:
    """f(z) ≥ 0 for z ≥ 0, where f(0) ≥ 0, and f'(z) ≥ 0 for z ≥ 0."""
    var = _variable(fact, z, "real")
    demand(poly(var) in fact.conditions, f"integration needs the condition {z} >= 0")
    rest = tuple(c for c in fact.conditions if c != poly(var))
    demand(all(var not in free(c) for c in rest), f"another condition on {z}")
    f = as_scalar(fact.lhs - fact.rhs)
    others = tuple(v for v in fact.variables if v != var)
    _prove(Fact(others, rest, number(put(f, {var: poly(0)})), number(0), ">="), base, known)
    _prove(replace(fact, lhs=number(derivative(f, var)), rhs=number(0)), slope, known)


def _cancellation(fact: Fact, x: str, count: Node, product: Node, known: Known) -> None:
    """p = q, where xⁿ p = xⁿ q for all x, and p and q are polynomials in x."""
    var = _variable(fact, x, "real")
    demand(all(var not in free(c) for c in fact.conditions), f"a condition on {x}")
    demand(shape(fact.lhs) == NUMBER, "only polynomials are cancelled")
    rough = [p for p, _ in inside((fact.lhs, fact.rhs)) if isinstance(p, Fn) and var in free(p)]
    demand(not rough, f"{x} enters as no polynomial")
    power = spow(poly(var), integer(count, known.scope))
    _prove(replace(fact, lhs=Scaled(power, fact.lhs), rhs=Scaled(power, fact.rhs)), product, known)


def _at(fact: Fact, values: Mapping[Var, Poly], variables: tuple[Var, ...]) -> Fact:
    return fact_image(fact, lambda x: put(x, values), variables)


def _variable(fact: Fact, name: str, sort: str) -> Var:
    demand(Var(name, sort) in fact.variables, f"{name} is no {sort} variable of the fact")
    return Var(name, sort)


def _split(fact: Fact, k: str, start: Node, known: Known) -> tuple[Var, Poly, tuple[Var, ...]]:
    """The variable of an induction, where it starts, and the other variables, of which the start is free."""
    var, first = _variable(fact, k, "int"), integer(start, known.scope)
    demand(poly(var) - first in fact.conditions, f"{k} does not run from {first}")
    demand(not free(first) & set(fact.variables), f"the start {first} is not one number")
    return var, first, tuple(v for v in fact.variables if v != var)
