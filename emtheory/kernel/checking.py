"""`check`: whether a proof proves a statement. Nothing else makes an `Accepted`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from emtheory.kernel.axioms import AXIOMS
from emtheory.kernel.integers import show
from emtheory.kernel.rules import Known, prove
from emtheory.kernel.statements import VERSION, Statement, read
from emtheory.kernel.terms import ProofError, demand
from emtheory.kernel.text import Node, brief, fact, parse


@dataclass(frozen=True)
class Accepted:
    """The statement is proved, from the axioms, the cited lemmas and the conclusions of the used theorems.

    `unused` names the hypotheses and definitions that the proof does not use.
    """

    statement: str
    lemmas: tuple[str, ...]
    theorems: tuple[str, ...]
    unused: tuple[str, ...]


@dataclass(frozen=True)
class Refused:
    """The text proves nothing, for this reason, found at this step."""

    reason: str
    step: str


def check(statement: str, proof: str, *, theorems: Mapping[str, Accepted] | None = None) -> Accepted | Refused:
    """Whether the proof, a text, proves every conclusion of the statement, a text.

    Arguments:
        theorems: what the proof may use by name, each as this function accepted it.

    >>> check("(statement 1 (given (size n 1) (letter A n n)) (conclusion twice (= (+ A A) (scale 2 A))))",
    ...       "(proof 1 (goals) (conclusion twice (identity)))").unused
    ()
    """
    try:
        with _at("statement"):
            stated = read(statement)
        with _at("theorems"):
            known = Known(stated.scope, stated.premises, stated.context,
                          {name: read(each.statement) for name, each in (theorems or {}).items()}, set())  # fmt: skip
        with _at("proof"):
            _replay(stated, parse(proof), known)
    except ProofError as error:
        return Refused(str(error), error.step)
    except RecursionError:
        return Refused("terms that nest too deeply", "proof")
    names = sorted(known.used)
    lemmas = tuple(name[6:] for name in names if name.startswith("axiom ") and AXIOMS[name[6:]][1])
    cited = tuple(name[8:] for name in names if name.startswith("theorem "))
    return Accepted(statement, lemmas, cited, tuple(name for name in stated.premises if name not in known.used))


@contextmanager
def _at(step: str) -> Iterator[None]:
    """Say where a proof fails."""
    try:
        yield
    except ProofError as error:
        error.step = error.step or step
        raise


def _replay(statement: Statement, node: Node, known: Known) -> None:
    """(proof 1 (goals certificate …) step … conclusion …): the goals of the statement, then facts and conclusions."""
    match node:
        case ("proof", version, ("goals", *certificates), *steps) if version == VERSION:
            pass
        case _:
            raise ProofError(f"a proof is (proof {VERSION} (goals …) step …)")
    with _at("goals"):
        demand(
            len(certificates) == len(statement.goals),
            f"{len(certificates)} certificates for {len(statement.goals)} goals",
        )
        for (goal, context), certificate in zip(statement.goals, certificates, strict=True):
            show(goal, context, certificate)
    open_ = dict(statement.conclusions)
    for step in steps:
        match step:
            case ("conclusion", str(name), *local, rule) if name in open_:
                conclusion = open_.pop(name)
                inner = known
                for label, assumed in conclusion.assumed:
                    inner = inner.having(label, assumed)
                inner = _steps(local, inner)
                with _at(name):
                    prove(conclusion.fact, rule, inner)
                if not conclusion.assumed:
                    known = known.having(name, conclusion.fact)
            case _:
                known = _steps([step], known)
    demand(not open_, f"nothing proves {', '.join(open_)}")


def _steps(steps: Sequence[Node], known: Known) -> Known:
    """(step NAME fact proof): more facts, each proved by what stands above it."""
    for step in steps:
        match step:
            case ("step", str(name), node, rule):
                with _at(name):
                    stated = fact(node, known.scope)
                    prove(stated, rule, known)
                    known = known.having(name, stated)
            case _:
                raise ProofError(f"{brief(step)} is neither a step nor a conclusion that is still open")
    return known
