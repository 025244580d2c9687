"""`check`: every step of a derivation, symbolically and on concrete instances, with its warrants.

A step is PROVED if its warrants are good, its proof leaves no remainder, and it and every relation that it uses
were evaluated on concrete matrices and held there. It is REFUTED if an evaluation fails. Else it is UNDECIDED.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any

from emtheory.judges.symbolic.claims import (
    Bound,
    Cancelled,
    Claim,
    Equation,
    Relation,
    conditions_text,
    quantified,
)
from emtheory.judges.symbolic.instances import Counterexample, Instance, check_equation, find_negative
from emtheory.judges.symbolic.lemmas import TRUSTED, Lemma
from emtheory.judges.symbolic.proving import remaining
from emtheory.judges.symbolic.rewriting import UnsettledError
from emtheory.judges.symbolic.signs import Integrated, NeverNegative, Nonnegative
from emtheory.judges.symbolic.terms import same
from emtheory.judges.symbolic.traversal import atoms_of, symbols_of
from emtheory.verdict import Kind, Outcome, Verdict, proved, refuted, undecided

__all__ = ["check"]

Step = tuple[str, Claim]


def check(
    derivation: Sequence[Step],
    *,
    hypotheses: frozenset[Callable[..., Any]],
    uses: frozenset[str],
    instances: Sequence[Mapping[Any, Any]],
    seed: int,
) -> list[tuple[str, Verdict]]:
    """The verdict on each step of a derivation, in order.

    Arguments:
        derivation: sentences with their claims; a claim may be given to later ones.
        hypotheses: the hypothesis functions of the theorem; a relation that names another one is not accepted.
        uses: the names of the theorems that may be used.
        instances: values for the letters, sizes and scalars (see `Instance`), which satisfy the hypotheses.
        seed: of the random indices and scalars.
    """
    concrete = [Instance(meaning) for meaning in instances]
    ambiguous = _ambiguous([claim for _, claim in derivation])
    settled: list[Claim] = []
    verdicts = []
    for position, (sentence, claim) in enumerate(derivation):
        if ambiguous:
            verdict = undecided(Kind.DERIVED, _scope(claim.equation), reason=ambiguous)
        else:
            verdict = _judged(claim, settled, hypotheses, uses, concrete, Random(f"{seed} {position}"))
        if verdict.outcome is Outcome.PROVED:
            settled.append(claim)
        verdicts.append((sentence, verdict))
    return verdicts


def _ambiguous(claims: Sequence[Claim]) -> str | None:
    """Why the letters of a derivation do not have one meaning each, or None."""
    shapes: dict[tuple[str, bool], tuple[Any, Any]] = {}
    meanings: dict[str, str] = {}
    for claim in claims:
        for equation in (claim.equation, *(relation.equation for relation in claim.relations())):
            for atom in sorted(atoms_of(equation.lhs) | atoms_of(equation.rhs), key=str):
                rows, cols = shapes.setdefault((atom.name, bool(atom.index)), (atom.rows, atom.cols))
                if not (same(rows, atom.rows) and same(cols, atom.cols)):
                    return f"the name {atom.name} stands for a {rows} x {cols} and for a {atom.shape} matrix"
        for relation in claim.relations():
            letter, body = relation.equation.lhs, str(relation.equation.rhs)
            if relation.warrant == "definition" and not letter.index and meanings.setdefault(letter.name, body) != body:
                return f"the letter {letter} is defined twice: as {meanings[letter.name]} and as {body}"
    return None


def _judged(
    claim: Claim,
    settled: Sequence[Claim],
    hypotheses: frozenset[Callable[..., Any]],
    uses: frozenset[str],
    instances: Sequence[Instance],
    random: Random,
) -> Verdict:
    scope = _scope(claim.equation)
    facts: dict[str, Any] = {"formula": str(claim.equation), "lemmas": [lemma.name for lemma in claim.lemmas()]}
    complaint = _unwarranted(claim, settled, hypotheses, uses)
    if complaint:
        return undecided(Kind.DERIVED, scope, reason=complaint, **facts)
    equations = [claim.equation, *(relation.equation for relation in claim.relations())]
    if isinstance(claim, NeverNegative):
        equations.append(claim.first())
    try:
        counts, failure = _evaluated(equations, instances, random)
    except (ValueError, ZeroDivisionError) as error:
        return undecided(Kind.DERIVED, scope, reason=f"an instance could not be evaluated: {error}", **facts)
    if failure:
        equation, case = failure
        reason = "the claim is false" if equation is claim.equation else f"the declared relation {equation} is false"
        return refuted(Kind.DERIVED, scope, reason=reason, at=case.assignment, lhs=case.lhs, rhs=case.rhs, **facts)
    below = _below_zero(claim, instances, random)
    if below:
        return refuted(Kind.DERIVED, scope, reason=f"the bound {below[0]} ≥ 0 is false", at=below[1], **facts)
    if 0 in counts:
        unseen = equations[counts.index(0)]
        return undecided(Kind.DERIVED, scope, reason=f"no instance evaluates {unseen}", **facts)
    try:
        left = remaining(claim)
    except (UnsettledError, ValueError) as error:
        return undecided(Kind.DERIVED, scope, reason=str(error), **facts)
    if left:
        return undecided(Kind.DERIVED, scope, reason="a remainder is left", remainder="; ".join(left), **facts)
    return proved(Kind.DERIVED, scope, evaluations=sum(counts), **facts)


def _unwarranted(
    claim: Claim, settled: Sequence[Claim], hypotheses: frozenset[Callable[..., Any]], uses: frozenset[str]
) -> str | None:
    """Why a relation may not be used, or None."""
    if not isinstance(claim, (Cancelled, Integrated)) and _trivial(claim.equation):
        return "both sides are written alike, so nothing is checked"
    for given in claim.given:
        step = given.source if isinstance(given, Relation) and given.warrant == "step" else given
        if isinstance(step, Claim):
            if not any(step is earlier for earlier in settled):
                return f"it rests on {step.equation}, which was not proved before it"
        elif isinstance(given, Lemma):
            if given not in TRUSTED:
                return f"the lemma {given.name} is not in the trusted base"
        elif isinstance(given, Bound):
            complaint = _bad_source(given.source, settled, hypotheses)
            if complaint:
                return complaint
        elif isinstance(given, Relation):
            complaint = _bad_warrant(given, hypotheses, uses)
            if complaint:
                return complaint
    return None


def _bad_source(source: Any, settled: Sequence[Claim], hypotheses: frozenset[Callable[..., Any]]) -> str | None:
    """Why a bound may not be used, or None."""
    if isinstance(source, Claim):
        earlier = any(source is claim for claim in settled)
        return None if earlier else f"it rests on {source}, which was not proved before it"
    if isinstance(source, Lemma):
        return None if source in TRUSTED else f"the lemma {source.name} is not in the trusted base"
    return None if source in hypotheses else f"{source.__name__} is not among the theorem's hypotheses"


def _trivial(equation: Equation) -> bool:
    return str(equation.lhs) == str(equation.rhs)


def _bad_warrant(relation: Relation, hypotheses: frozenset[Callable[..., Any]], uses: frozenset[str]) -> str | None:
    match relation.warrant:
        case "definition":
            return None
        case "hypothesis" if relation.source in hypotheses:
            return None
        case "hypothesis":
            return f"{relation.source.__name__} is not among the theorem's hypotheses"
        case "theorem" if relation.source in uses:
            return None
        case "theorem":
            return f"the theorem {relation.source} is not listed in uses"
        case "lemma" if relation.source in TRUSTED:
            return None
    return f"the relation {relation.equation} has no warrant"


def _evaluated(
    equations: Sequence[Equation], instances: Sequence[Instance], random: Random
) -> tuple[list[int], tuple[Equation, Counterexample] | None]:
    counts = [0] * len(equations)
    for instance in instances:
        for position, equation in reversed(list(enumerate(equations))):  # a false relation explains a false claim
            tried, failure = check_equation(equation, instance, random)
            counts[position] += tried
            if failure:
                return counts, (equation, failure)
    return counts, None


def _below_zero(claim: Claim, instances: Sequence[Instance], random: Random) -> tuple[str, str] | None:
    """A given bound, or the bound that is claimed, that is false on an instance, and where."""
    bounds = [given for given in claim.given if isinstance(given, Bound)]
    if isinstance(claim, Nonnegative):
        bounds.append(claim.bound())
    for bound in bounds:
        for instance in instances:
            at = find_negative(bound.term, bound.where, instance, random)
            if at is not None:
                return str(bound.term), at
    return None


def _scope(equation: Equation) -> str:
    """For which sizes and indices the equation is claimed, read off its symbols."""
    symbols = symbols_of(equation.lhs) | symbols_of(equation.rhs)
    sizes = sorted(str(s) for s in symbols if s.is_integer and s.is_positive)
    parts = [f"all {', '.join(sizes)}"] if sizes else []
    conditions = conditions_text(c for c in equation.where if c not in (True, False))
    free = [str(s) for s in quantified(equation)]
    if free:
        parts.append(f"all {', '.join(free)}" + (f" with {conditions}" if conditions else ""))
    scalars = sorted(str(s) for s in symbols if not s.is_integer)
    if scalars:
        parts.append(f"all {', '.join(scalars)}")
    return "; ".join(parts) or "the matrices as written"
