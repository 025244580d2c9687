"""Protects what theorems say: a case outside of one condition breaks that hypothesis alone, and a conclusion too."""

import pytest

from emtheory.judges.exact import eye, matrix, rational, zeros
from emtheory.theorems.files import bundled, load
from emtheory.theorems.search import judged
from emtheory.theory.tasks import Task
from emtheory.verdict import Outcome

ONE, NONE = matrix([[1]]), matrix([[0]])
FLIP = Task.from_selection(1, 1, [0], [-1])


def saturating(gamma, beta, level=0, noise=0, *, task=FLIP, top=1, start=0):
    """A case of saturating-write, without noise and level unless they are given."""
    gamma, beta, top, level, noise = (matrix([[x]])[0, 0] for x in (gamma, beta, top, level, noise))
    size = task.s * task.kappa
    return task, (gamma, beta), (top, level, noise), eye(size), start * matrix([[1]] * size)


@pytest.mark.parametrize(
    ("theorem", "hypothesis", "case"),
    [
        ("saturating-write", "gain_positive", saturating(0, 1)),
        ("saturating-write", "gain_positive", saturating("-11/4", "17/4")),
        ("saturating-write", "level_positive", saturating("3/2", 3, -1, "1/2")),
        ("saturating-write", "level_positive", saturating("1/2", 3, -1, 1)),
        ("saturating-write", "inputs_win", saturating(2, 1, task=Task.compose_copy(2), top="1/4")),
        ("saturating-write", "starts_inside", saturating(2, 3, start=-10)),
        ("discrete-energy", "step_size", (NONE, NONE, NONE, ONE, "identity", rational(3))),
        ("discrete-energy", "step_size", (NONE, NONE, NONE, ONE, "identity", rational(-1))),
        ("gsemm-energy", "forward_h", (ONE, ONE, ONE, ONE, (ONE, ONE, ONE), NONE, (1, -1, 1, 1))),
        ("gsemm-energy", "forward_f", (ONE, ONE, ONE, ONE, (ONE, 2 * ONE, ONE), NONE, (-1, 1, 1, 1))),
        ("limit-cycles", "open_orthant", (ONE, rational(2), ONE, NONE, NONE)),
        ("limit-cycles", "open_orthant", (eye(2), rational(2), eye(2), zeros(2, 1), matrix([[1], [0]]))),
        ("hebbian-dual", "coupled", (ONE, ONE, 2 * ONE, 1, 0)),
    ],
)
def test_outside_of_one_condition_a_conclusion_fails(theorem, hypothesis, case):
    record = load(bundled() / f"{theorem}.py").record
    found = {h.__name__: judged(h, case).outcome for h in record.hypotheses}
    assert found.pop(hypothesis) is Outcome.REFUTED
    assert set(found.values()) == {Outcome.PROVED}
    assert Outcome.REFUTED in {judged(conclusion, case).outcome for conclusion in record.conclusions}


@pytest.mark.parametrize("sizes", [(1, 1), (2, 1), (2, 2)])
def test_gains_of_at_most_one_keep_every_sign(sizes):
    record = load(bundled() / "saturating-write.py").record
    for gamma, beta in (("1/8", "1/4"), (1, "9/8"), ("7/8", 4)):
        case = saturating(gamma, beta, task=Task.repeat_copy(*sizes), start=1)
        for check in (*record.hypotheses, *record.conclusions, *record.numeric):
            assert judged(check, case).outcome is Outcome.PROVED, check.__name__


def test_equality_of_the_discrete_energy_needs_more_than_a_fixed_point():
    record = load(bundled() / "discrete-energy.py").record
    falls_onto_it = (NONE, NONE, NONE, ONE, "identity", rational(1))
    jumps_at_it = (NONE, NONE, NONE, ONE, "sign", rational(1))
    for case in (falls_onto_it, jumps_at_it):
        for check in (*record.hypotheses, *record.conclusions):
            assert judged(check, case).outcome is Outcome.PROVED, check.__name__
