"""The text of statements and proofs: nested lists of words, and how numbers, terms and facts are read from them.

A name is read in a *scope*, which says what it stands for; a name that is in the scope cannot be given a second
meaning, so that nothing is ever hidden or captured. `emtheory.kernel` describes the grammar.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from emtheory.kernel.monomials import NUMBER, shape
from emtheory.kernel.substitution import total
from emtheory.kernel.terms import (
    Block,
    Det,
    Fact,
    Fn,
    Identity,
    Letter,
    Plus,
    Poly,
    Power,
    Product,
    ProofError,
    Scaled,
    Term,
    Transposed,
    Var,
    Zero,
    delta,
    demand,
    number,
    poly,
    spow,
)

Node: TypeAlias = str | tuple["Node", ...]

MOST_CHARACTERS, MOST_DEPTH, LONGEST_WORD = 16_000_000, 60, 100
FUNCTIONS = frozenset({"exp", "tanh", "sinh", "cosh", "sqrt", "inv"})
RESERVED = FUNCTIONS | {"identity", "zero", "transpose", "scale", "sum", "oriented", "block", "selector", "number",
                        "delta", "det", "for", "condition", "axiom", "theorem"}  # fmt: skip
TOKEN, NAME = re.compile(r"[()]|[^\s()]+"), re.compile(r"[^\W\d_][\w'.-]*")
RATIONAL = re.compile(r"-?[0-9]+(/0*[1-9][0-9]*)?")


def parse(text: str) -> Node:
    """The one list that a text is.

    Raises:
        ProofError: it is not, or it is too large.
    """
    demand(type(text) is str, "a statement and a proof are text")
    demand(len(text) <= MOST_CHARACTERS, f"a text of more than {MOST_CHARACTERS} characters")
    open_lists: list[list[Node]] = [[]]
    for found in TOKEN.finditer(text):
        word = found.group()
        if word == "(":
            open_lists.append([])
            demand(len(open_lists) <= MOST_DEPTH, f"lists in lists, more than {MOST_DEPTH} deep")
        elif word == ")":
            demand(len(open_lists) > 1, "a ) without its (")
            done = tuple(open_lists.pop())
            open_lists[-1].append(done)
        else:
            demand(len(word) <= LONGEST_WORD, f"a word of more than {LONGEST_WORD} characters")
            open_lists[-1].append(word)
    demand(len(open_lists[0]) == 1, "a text is one list, with a ) for each (")
    return open_lists[0][0]


def brief(node: object) -> str:
    """What was found, short enough for a reason."""
    text = f"({' '.join(map(brief, node))})" if isinstance(node, tuple) else str(node)
    return text if len(text) <= 60 else text[:57] + "..."


def items(node: Node, count: int | None = None) -> tuple[Node, ...]:
    """The parts of a list, of which there may have to be `count`."""
    if not isinstance(node, tuple) or count not in (None, len(node)):
        raise ProofError(f"{brief(node)} is not a list" + ("" if count is None else f" of {count}"))
    return node


def rational(node: Node) -> Fraction:
    """A number in digits: 3, -1/2."""
    if not isinstance(node, str) or not RATIONAL.fullmatch(node):
        raise ProofError(f"{brief(node)} is not a number")
    return Fraction(node)


def bounded(node: Node, size: int) -> int:
    """The number of a row or a condition, of which there are `size`."""
    value = rational(node)
    demand(value.denominator == 1 and 0 <= value < size, f"there is no row {value}")
    return int(value)


@dataclass(frozen=True)
class Signature:
    """A letter with its shape, and the lowest and the highest value of each of its indices."""

    name: str
    rows: Poly
    cols: Poly
    ranges: tuple[tuple[Poly | None, Poly | None], ...] = ()


Scope: TypeAlias = Mapping[str, Var | Signature]


def new(node: Node, taken: Container[str]) -> str:
    """A name that means nothing yet."""
    if not isinstance(node, str) or not NAME.fullmatch(node):
        raise ProofError(f"{brief(node)} is not a name")
    demand(node not in RESERVED, f"{node} is a word of the language")
    demand(node not in taken, f"{node} has a meaning already")
    return node


def scalar(node: Node, scope: Scope) -> Poly:
    """A number: a rational, a variable, (+ p …), (- p), (- p q), (* p …), (^ p e), (delta i j), (det A), (exp p) …"""
    match node:
        case str() if RATIONAL.fullmatch(node):
            return poly(Fraction(node))
        case str():
            found = scope.get(node)
            if isinstance(found, Var):
                return poly(found)
        case ("+" | "*", first, *rest):
            result = scalar(first, scope)
            for part in rest:
                result = result + scalar(part, scope) if node[0] == "+" else result * scalar(part, scope)
            return result
        case ("-", p):
            return -scalar(p, scope)
        case ("-", p, q):
            return scalar(p, scope) - scalar(q, scope)
        case ("^", p, e):
            return spow(scalar(p, scope), integer(e, scope))
        case ("delta", i, j):
            return delta(integer(i, scope), integer(j, scope))
        case ("det", a):
            inner = term(a, scope)
            demand(len(set(shape(inner))) == 1, "the determinant of a matrix that is not square")
            return poly(Det(inner))
        case (str(name), p) if name in FUNCTIONS:
            return poly(Fn(name, scalar(p, scope)))
    raise ProofError(f"{brief(node)} is not a number")


def integer(node: Node, scope: Scope) -> Poly:
    """A number that is an integer by its form."""
    p = scalar(node, scope)
    demand(p.integral, f"{brief(node)} is not an integer")
    return p


def size(node: Node, scope: Scope) -> Poly:
    """A number that is a natural one by its form."""
    p = scalar(node, scope)
    demand(p.is_size, f"{brief(node)} is not a size: sizes and naturals, with + and *")
    return p


def term(node: Node, scope: Scope) -> Term:  # noqa: C901 - a case for each word of the language
    """A matrix: a letter, (E i …), (* A …), (+ A …), (- A), (- A B), (scale c A), (transpose A), (^ A e), (identity n),
    (zero n m), (sum i a b A), (oriented i a b A), (block (A …) …), (selector i s n), (number c)."""
    match node:
        case str():
            found = scope.get(node)
            if isinstance(found, Signature) and not found.ranges:
                return Letter(node, found.rows, found.cols)
        case ("*", first, *rest):
            return Product(tuple(term(a, scope) for a in (first, *rest)))
        case ("+", first, *rest):
            return Plus(tuple(term(a, scope) for a in (first, *rest)))
        case ("-", a):
            return Scaled(poly(-1), term(a, scope))
        case ("-", a, b):
            return term(a, scope) - term(b, scope)
        case ("scale", c, a):
            return Scaled(scalar(c, scope), term(a, scope))
        case ("transpose", a):
            return Transposed(term(a, scope))
        case ("^", a, e):
            return Power(term(a, scope), integer(e, scope))
        case ("identity", n):
            return Identity(size(n, scope))
        case ("zero", n, m):
            return Zero(size(n, scope), size(m, scope))
        case ("sum" | "oriented", name, a, b, body):
            var = Var(new(name, scope), "int")
            inner = term(body, {**scope, var.name: var})
            return total(var, integer(a, scope), integer(b, scope), inner, node[0] == "oriented")
        case ("block", (_, *_), *_):
            return Block(tuple(tuple(term(cell, scope) for cell in items(row)) for row in node[1:]))
        case ("selector", i, s, n):  # the i-th of s block columns of the identity, its blocks n x n
            count, width = size(s, scope), size(n, scope)
            return Letter("selector", count * width, width, (integer(i, scope), count))
        case ("number", c):
            return number(scalar(c, scope))
        case (str(name), first, *rest):
            family = scope.get(name)
            if isinstance(family, Signature) and len(family.ranges) == 1 + len(rest):
                index = tuple(integer(i, scope) for i in (first, *rest))
                return Letter(name, family.rows, family.cols, index)
    raise ProofError(f"{brief(node)} is not a matrix")


def condition(node: Node, scope: Scope) -> Poly:
    """(>= p q) or (<= p q), as the number that is ≥ 0."""
    match node:
        case (">=", p, q):
            return scalar(p, scope) - scalar(q, scope)
        case ("<=", p, q):
            return scalar(q, scope) - scalar(p, scope)
    raise ProofError(f"{brief(node)} is not a condition: (>= p q) or (<= p q)")


def fact(node: Node, scope: Scope) -> Fact:
    """(= A B), (>= a b), or (for ((int k) (real x) …) (condition …) (= A B)); shapes are compared.

    Raises:
        ProofError: it means nothing.
    """
    variables: Node = ()
    conditions: Node = ()
    body = node
    if isinstance(node, tuple) and len(node) == 4 and node[0] == "for":
        _, variables, conditions, body = node
    inner, bound = dict(scope), list[Var]()
    for variable in items(variables):
        match variable:
            case ("int" | "real" as sort, name):
                bound.append(Var(new(name, inner), sort))
                inner[bound[-1].name] = bound[-1]
            case _:
                raise ProofError(f"{brief(variable)} is no variable: (int k) or (real x)")
    match body:
        case ("=" | ">=" as relation, a, b):
            lhs, rhs = term(a, inner), term(b, inner)
            demand(shape(lhs) == shape(rhs), f"the sides of {brief(body)} have two shapes")
            demand(relation == "=" or shape(lhs) == NUMBER, "only a 1 x 1 matrix can be at least another")
            return Fact(tuple(bound), tuple(condition(c, inner) for c in items(conditions)), lhs, rhs, relation)
    raise ProofError(f"{brief(body)} is no fact: (= A B) or (>= a b)")
