"""Substitution, and walks through what terms are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from operator import is_
from typing import Any, TypeAlias

from emtheory.kernel.terms import (
    Bound,
    Delta,
    Det,
    Fact,
    Fn,
    Letter,
    Level,
    Poly,
    SPow,
    Sum,
    Term,
    Var,
    delta,
    poly,
    spow,
)

Leaf: TypeAlias = Callable[[Any, int], Any]


def image(thing: Any, leaf: Leaf, depth: int = 0) -> Any:
    """The thing with leaf(x, number of sums around x) in place of each variable, bound index and letter x."""
    match thing:
        case Poly():
            images = [[image(g, leaf, depth) for g in m] for m, _ in thing.parts]
            if all(map(is_, chain(*(m for m, _ in thing.parts)), chain(*images))):
                return thing
            result = Poly({})
            for (_, c), news in zip(thing.parts, images, strict=True):
                product = Poly({(): c})
                for new in news:
                    product = product * new
                result = result + product
            return result
        case Var() | Bound() | Level():
            return leaf(thing, depth)
        case Sum(lower, upper, body, oriented):
            return Sum(image(lower, leaf, depth), image(upper, leaf, depth), image(body, leaf, depth + 1), oriented)
        case tuple():
            return tuple(image(part, leaf, depth) for part in thing)
        case str():
            return thing
    fields = [image(getattr(thing, field), leaf, depth) for field in thing.__match_args__]
    match thing:
        case Delta():
            return delta(*fields)
        case SPow():
            return spow(*fields)
        case Det() | Fn():
            return poly(type(thing)(*fields))
        case Letter():
            return leaf(Letter(*fields), depth)
    return type(thing)(*fields)


def lifted(thing: Any, by: int) -> Any:
    """The thing as it is written inside of `by` more sums: indices of sums outside of it are further out."""

    def leaf(x: Any, depth: int) -> Any:
        return poly(Bound(x.up + by)) if isinstance(x, Bound) and x.up >= depth else x

    return image(thing, leaf) if by else thing


def put(thing: Any, values: Mapping[Var, Poly]) -> Any:
    """Variables replaced, everywhere at once: in indices, exponents and scalars alike."""
    return image(thing, lambda x, depth: lifted(values[x], depth) if x in values else x) if values else thing


def opened(body: Term, value: Poly) -> Any:
    """The body of a sum, no other sum around it, at a value of its index."""
    return image(body, lambda x, depth: value if isinstance(x, Bound) and x.up == depth else x)


def total(var: Var, lower: Poly, upper: Poly, body: Term, oriented: bool = False) -> Term:
    """Σ body over var = lower … upper, outside of which no sum is open."""
    return Sum(lower, upper, image(body, lambda x, depth: poly(Bound(depth)) if x == var else x), oriented)


Family: TypeAlias = tuple[tuple[Var, ...], Term]


def instantiated(thing: Any, values: Mapping[Var, Poly], letters: Mapping[str, Family]) -> Any:
    """Numbers and letters replaced, everywhere at once; a family by a term in its index variables."""

    def leaf(x: Any, depth: int) -> Any:
        if isinstance(x, Letter) and x.name in letters:
            variables, body = letters[x.name]
            return put(body, dict(zip(variables, x.index, strict=True)))
        return values.get(x, x) if isinstance(x, Var) else x

    return image(thing, leaf)


def fact_image(fact: Fact, change: Callable[[Any], Any], variables: tuple[Var, ...]) -> Fact:
    """A fact with its numbers and terms changed, for all of these variables."""
    return replace(fact, variables=variables, conditions=tuple(map(change, fact.conditions)),
                   lhs=change(fact.lhs), rhs=change(fact.rhs))  # fmt: skip


Context: TypeAlias = tuple[Poly, ...]  # integers that are known to be ≥ 0


def inside(thing: Any, context: Context = (), depth: int = 0) -> Iterator[tuple[Any, Context]]:
    """The thing and all that it is made of, each with what is known at its place: the ranges of the sums around it."""
    yield thing, context
    match thing:
        case Sum(lower, upper, body, oriented):
            here = poly(Level(depth))
            yield from inside((lower, upper), context, depth)
            ranged = context if oriented else (*context, here - lower, upper - here)
            yield from inside(opened(body, here), ranged, depth + 1)
        case Poly():
            yield from (part for m, _ in thing.parts for g in m for part in inside(g, context, depth))
        case tuple():
            yield from (part for one in thing for part in inside(one, context, depth))
        case Var() | Bound() | Level() | str():
            pass
        case _:
            yield from inside(tuple(getattr(thing, field) for field in thing.__match_args__), context, depth)


def free(thing: Any) -> set[Var]:
    """The variables in a number or a term."""
    return {x for x, _ in inside(thing) if isinstance(x, Var)}
