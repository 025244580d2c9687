"""Protects what is replayed: the steps of the bundled derivations as proofs of the kernel, and why some are not."""

from pathlib import Path

import pytest

from emtheory.judges.symbolic.emitting import replay
from emtheory.kernel import Accepted, check
from emtheory.theorems.files import load

PROOFS = Path(__file__).parents[2] / "proofs"
NAMES = sorted(path.stem for path in PROOFS.glob("*.py"))

NOT_REPLAYED = {
    "companion-spectrum": {8: "no tactic for Cancelled"},  # x would have to be a variable of the definition of V too
    "discrete-energy": {2: "left"},  # b / (1 + b), of which nothing says that 1 + b is not 0
    "fourier-memories": dict.fromkeys((3, 4, 5), "the kernel has no number pi"),
    "limit-cycles": {1: "numbers left"},  # y / tanh y, of which nothing says that tanh y is not 0
    "saturating-write": {8: "left", 9: "is not a number"},  # functions of sums, and of a letter
}


def replayed(name):
    return replay(load(PROOFS / f"{name}.py").record.derivation())


@pytest.mark.parametrize("name", ["memory-basis", "shadowing", "spectral-stability", "selection-spectrum"])
def test_the_steps_of_a_derivation_are_replayed(name):
    result = replayed(name)
    assert [step.reason for step in result.steps] == [""] * len(result.steps)
    assert isinstance(check(result.statement, result.proof), Accepted)


def test_a_step_that_is_not_replayed_says_why_and_is_no_conclusion():
    result = replayed("companion-spectrum")
    assert [bool(step.reason) for step in result.steps] == [False] * 7 + [True]
    assert "no tactic for Cancelled" in result.steps[7].reason
    assert "conclusion step-7" in result.statement
    assert "conclusion step-8" not in result.statement


def test_a_derivation_of_something_false_is_not_replayed():
    from emtheory.judges.symbolic import identical
    from emtheory.judges.symbolic.terms import letter, sizes

    n = sizes("n")
    A, B = letter("A", n, n), letter("B", n, n)
    result = replay([("products commute", identical(A @ B, B @ A))])
    assert result.steps[0].reason.startswith("left")


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_every_step_is_replayed_or_listed_with_the_reason(name):
    result = replayed(name)
    reasons = {i: step.reason for i, step in enumerate(result.steps, 1) if step.reason}
    expected = NOT_REPLAYED.get(name, {})
    assert reasons.keys() == expected.keys()
    assert all(expected[i] in reason for i, reason in reasons.items())
    assert isinstance(check(result.statement, result.proof), Accepted)
