"""What theorem files prove with `spectrum_within` is proved on their own cases, whatever the kernel."""

from __future__ import annotations

import functools

import pytest

from emtheory.theorems.files import bundled, load
from emtheory.theorems.search import draw
from emtheory.verdict import Outcome

NAMES = ["compose-copy-spectrum", "selection-spectrum", "spectrum-transfer", "repeat-copy-spectrum"]


@functools.cache
def cases(name):
    record = load(bundled() / f"{name}.py").record
    drawn, trouble = draw(hypotheses=tuple(record.hypotheses), cases=record.cases, count=12, seed=1)
    assert not trouble
    assert len(drawn) >= 10
    return [*record.examples.values(), *drawn]


@pytest.mark.parametrize("name", NAMES)
def test_the_float_twin_of_a_predicted_spectrum_is_proved_on_every_case(name):
    check = next(f for f in load(bundled() / f"{name}.py").record.numeric if f.__name__ == "lapack_agrees")
    for case in cases(name):
        assert check(*case).outcome is Outcome.PROVED, case


def test_these_are_all_the_theorem_files_that_claim_a_spectrum():
    assert sorted(NAMES) == sorted(
        path.stem for path in bundled().rglob("*.py") if "spectrum_within" in path.read_text()
    )
