"""Protects the search: what it finds is shrunk and replayable, and what it did not decide it does not call proved."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import assume
from hypothesis import strategies as st

import emtheory
from emtheory.judges.exact import Matrix, exactly, eye, matrix
from emtheory.theorems.cases import tasks
from emtheory.theorems.search import draw, judged, search
from emtheory.theory.tasks import Task
from emtheory.verdict import Kind, Outcome, proved, undecided

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(emtheory.__file__).parent.parent)}
INTEGERS = st.tuples(st.integers(-1000, 1000))


def holds(x):
    """x is itself."""
    return exactly(x, x)


def small(x):
    """x is below 50."""
    return exactly(x < 50, True)


def fails_for_large(x):
    """Crashes from 50 on."""
    if x >= 50:
        raise KeyError(x)
    return exactly(x, x)


def unsure_for_large(x):
    """Undecided from 50 on."""
    return exactly(x, x) if x < 50 else undecided(Kind.BOUNDED, "one number", reason="too large")


def positive(x):
    """x is at least 0."""
    return exactly(x >= 0, True)


def found(check, cases=INTEGERS, *, hypotheses=(), examples=100, seed=0):
    return search((check,), hypotheses=hypotheses, cases=cases, examples=examples, seed=seed)[check]


def test_a_claim_that_holds_is_proved_over_as_many_cases_as_asked():
    verdict = found(holds, examples=37)
    assert verdict.outcome is Outcome.PROVED
    assert verdict.kind is Kind.SEARCHED
    assert verdict.evidence["cases"] == 37
    assert verdict.scope.startswith("37 cases")


def test_a_counterexample_is_shrunk_and_can_be_pasted():
    verdict = found(small)
    assert verdict.outcome is Outcome.REFUTED
    assert eval(verdict.evidence["case"]) == (50,)
    assert verdict.evidence["line"] == small.__code__.co_firstlineno


def test_a_matrix_counterexample_can_be_pasted():
    def symmetric(a):
        """a is symmetric."""
        return exactly(a, a.T)

    grids = st.lists(st.lists(st.integers(-3, 3), min_size=2, max_size=2), min_size=2, max_size=2)
    verdict = found(symmetric, st.tuples(grids.map(matrix)))
    (case,) = eval(verdict.evidence["case"], {"matrix": matrix})
    assert isinstance(case, Matrix)
    assert symmetric(case).outcome is Outcome.REFUTED


@pytest.mark.parametrize("check", [fails_for_large, unsure_for_large])
def test_a_crash_or_an_undecided_case_is_undecided_and_shrunk(check):
    verdict = found(check)
    assert verdict.outcome is Outcome.UNDECIDED
    assert eval(verdict.evidence["case"]) == (50,)
    assert verdict.evidence["undecided_cases"] > 0


def test_one_failing_function_does_not_lend_its_verdict_to_another():
    verdicts = search((holds, small), hypotheses=(), cases=INTEGERS, examples=100, seed=0)
    assert verdicts[small].outcome is Outcome.REFUTED
    assert verdicts[holds].outcome is Outcome.PROVED
    assert verdicts[holds].evidence["cases"] < 100


def test_refuted_wins_over_undecided():
    verdicts = search((unsure_for_large, small), hypotheses=(), cases=INTEGERS, examples=100, seed=0)
    assert verdicts[unsure_for_large].outcome is Outcome.UNDECIDED
    assert verdicts[small].outcome is Outcome.REFUTED


def test_cases_outside_of_the_hypotheses_prove_nothing():
    verdict = found(holds, hypotheses=(positive,))
    assert verdict.outcome is Outcome.UNDECIDED
    assert "do not satisfy the hypotheses" in verdict.evidence["reason"]
    assert found(holds, st.tuples(st.integers(0, 999)), hypotheses=(positive,)).outcome is Outcome.PROVED


@pytest.mark.parametrize(
    ("cases", "reason"),
    [
        (INTEGERS.filter(lambda case: case[0] == 777), "FailedHealthCheck|Unsatisfiable"),
        (st.integers(), "cases drew int"),
        (st.tuples(st.integers()).map(lambda case: 1 // 0), "ZeroDivisionError"),
        (st.nothing(), "Unsatisfiable|nothing"),
    ],
)
def test_a_strategy_that_does_not_work_proves_nothing(cases, reason):
    verdict = found(holds, cases)
    assert verdict.outcome is Outcome.UNDECIDED
    assert any(part in verdict.evidence["reason"] for part in reason.split("|"))


def test_a_conclusion_cannot_wave_cases_away():
    def picky(x):
        """Assumes what it should show."""
        assume(x < 50)
        return exactly(x, x)

    assert found(picky).outcome is Outcome.UNDECIDED


def test_a_function_that_changes_its_mind_is_undecided():
    calls = []

    def moody(x):
        """Refuted once."""
        calls.append(x)
        return exactly(len(calls) == 5, False)

    assert found(moody).outcome is Outcome.UNDECIDED


def test_a_small_strategy_is_searched_as_far_as_it_goes_and_says_so():
    verdict = found(holds, st.tuples(st.sampled_from([3, 5])))
    assert verdict.outcome is Outcome.PROVED
    assert verdict.scope.startswith("2 cases")
    assert verdict.evidence["requested"] == 100


def test_the_seed_determines_the_cases():
    def drawn(seed):
        return draw(hypotheses=(), cases=INTEGERS, count=20, seed=seed)[0]

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)


def test_cases_of_small_integers_do_not_depend_on_the_modules_that_are_loaded(tmp_path):
    (tmp_path / "bystander.py").write_text(f"NUMBERS = {list(range(-99, 100))}\nLARGE = 10**9 + 7\n")
    script = """
import sys
sys.path.insert(0, ".")
{load}
from hypothesis import strategies as st
from emtheory.theorems.search import draw
print(draw(hypotheses=(), cases=st.tuples(st.integers(-99, 99)), count=150, seed=3))
"""
    folder = tmp_path / "elsewhere"
    folder.mkdir()

    def drawn(load, cwd):
        code = script.format(load=load)
        run = subprocess.run([sys.executable, "-c", code], cwd=cwd, env=ENVIRONMENT, capture_output=True, text=True)
        assert run.returncode == 0, run.stderr
        return run.stdout

    assert drawn("import bystander", tmp_path) == drawn("", folder)


def test_the_scope_says_how_large_the_cases_were():
    def grows(task, a, k):
        """Anything."""
        return exactly(k, k)

    cases = st.tuples(
        st.sampled_from([Task.repeat_copy(3, 2), Task.repeat_copy(2, 4)]), st.just(eye(5)), st.integers(0, 7)
    )
    scope = found(grows, cases).scope
    assert "s ≤ 3, κ ≤ 4, a ≤ 5 x 5, k ≤ 7" in scope


def test_sizes_come_from_what_was_drawn_and_not_from_what_could_be():
    largest = []

    def remember(task):
        """Anything."""
        largest.append(task.s)
        return exactly(task.s, task.s)

    scope = found(remember, st.tuples(tasks(max_s=9)), examples=10).scope
    assert f"s ≤ {max(largest)}," in scope


def test_the_worst_ratio_and_its_case_are_kept():
    def near(x):
        """Within its bound."""
        return proved(Kind.BOUNDED, "one number", ratio=1 / (1 + abs(x - 7)))

    evidence = found(near, st.tuples(st.integers(0, 9))).evidence
    assert evidence["ratio"] == 1.0
    assert evidence["case"] == "(7,)"


def leaves(x):
    """Leaves the program."""
    sys.exit(0)


def says_true(x):
    """Returns no verdict."""
    return True


def only_observes(x):
    """Measures."""
    return proved(Kind.OBSERVED, "one network")


@pytest.mark.parametrize(
    ("check", "reason"),
    [
        (leaves, "leaves raised SystemExit: 0"),
        (says_true, "says_true returned bool, not a Verdict"),
        (only_observes, "an observation proves nothing"),
    ],
)
def test_leaving_and_other_things_than_verdicts_are_undecided(check, reason):
    verdict = judged(check, (1,))
    assert verdict.outcome is Outcome.UNDECIDED
    assert reason in verdict.evidence["reason"]
    assert found(check).outcome is Outcome.UNDECIDED


def test_a_crash_names_the_line_of_the_theorem_file():
    verdict = judged(fails_for_large, (60,))
    assert verdict.evidence["line"] == fails_for_large.__code__.co_firstlineno + 3
    assert verdict.evidence["reason"] == "fails_for_large raised KeyError: 60"
