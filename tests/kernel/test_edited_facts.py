"""Protects what a replayed step says: a fact that is edited (sign, factor, index, a dropped condition) is not proved by
the proof of the fact."""

from pathlib import Path

import pytest

from emtheory.judges.symbolic.emitting import replay
from emtheory.kernel import Accepted, check
from emtheory.kernel.statements import read
from emtheory.kernel.text import parse
from emtheory.tactics.farkas import certificate
from emtheory.theorems.files import load

PROOFS = Path(__file__).parents[2] / "proofs"
NAMES = sorted(path.stem for path in PROOFS.glob("*.py"))


TRUE = {  # these hold without the condition that a number is at least 0
    "limit-cycles step-2: without condition 1",
    "linearisation step-3: without condition 1",
    "linearisation step-7: without condition 1",
    "shadowing step-1: without condition 1",
    "shadowing step-3: without condition 1",
}


def written(node):
    return node if isinstance(node, str) else f"({' '.join(map(written, node))})"


def steps(name):
    """(name of the step, what is given and what was shown before, its fact, its proof) of each replayed step."""
    replayed = replay(load(PROOFS / f"{name}.py").record.derivation())
    _, _, given, *items = parse(replayed.statement)
    rules = {step[1]: step[2] for step in parse(replayed.proof)[3:]}
    before = [item for item in items if item[0] == "hypothesis"]
    for kind, step, fact in items:
        if kind == "conclusion":
            yield step, (given, *before), fact, rules[step]
            before = [*before, ("hypothesis", step, fact)]


def proved(premises, fact, rule):
    """Whether the rule proves the fact from what is given."""
    statement = written(("statement", "1", *premises, ("conclusion", "edited", fact)))
    goals = [certificate(*goal) for goal in read(statement).goals]
    if None in goals:
        return False
    return isinstance(
        check(statement, f"(proof 1 (goals {' '.join(goals)}) (conclusion edited {written(rule)}))"), Accepted
    )


def one_more(node):
    """The term with its first index, exponent or end of a sum one larger; None if it has none."""
    match node:
        case ("^", base, exponent):
            return ("^", base, ("+", exponent, "1"))
        case ("sum" | "oriented", i, low, high, body):
            return (node[0], i, low, ("+", high, "1"), body)
        case ("selector", i, s, n):
            return ("selector", ("+", i, "1"), s, n)
        case (_, *parts):
            for place, part in enumerate(parts, 1):
                changed = one_more(part)
                if changed is not None:
                    return (*node[:place], changed, *node[place + 1 :])
    return None


def edits(fact):
    """(what was done, the edited fact)."""
    head, (relation, lhs, rhs) = (fact[:3], fact[3]) if fact[0] == "for" else ((), fact)

    def again(left, conditions=None):
        body = (relation, left, rhs)
        return (*head[:2], head[2] if conditions is None else conditions, body) if head else body

    yield "sign", again(("-", lhs))
    yield "factor", again(("scale", "2", lhs))
    if one_more(lhs) is not None:
        yield "index", again(one_more(lhs))
    for i in range(len(head[2]) if head else 0):
        yield f"without condition {i + 1}", again(lhs, head[2][:i] + head[2][i + 1 :])


def survivors(name):
    """The edited facts of a theorem that are proved all the same."""
    for step, premises, fact, rule in steps(name):
        assert proved(premises, fact, rule)
        for what, edited in edits(fact):
            if proved(premises, edited, rule):
                yield f"{name} {step}: {what}"


@pytest.mark.parametrize("name", ["memory-basis", "hebbian-dual", "conjugacy", "minimal-memory", "selection-spectrum"])
def test_an_edited_fact_is_not_proved_by_the_proof_of_the_fact(name):
    assert list(survivors(name)) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_an_edited_fact_of_any_theorem_is_proved_only_where_it_is_true(name):
    assert set(survivors(name)) == {fact for fact in TRUE if fact.startswith(f"{name} ")}
