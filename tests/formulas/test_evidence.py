"""Protects evidence: what cannot fail is told, and an empty range, too few cases or one side of an iff stay open."""

import pytest
from hypothesis import strategies as st

from emtheory.formulas.case import case
from emtheory.formulas.deciding import Reader
from emtheory.formulas.evidence import ENOUGH, confirmed, sharpness
from emtheory.formulas.formula import equal, iff, within
from emtheory.formulas.generic import generic
from emtheory.formulas.theorem import Theorem
from emtheory.letters import C, E, Phi, Xi, identity, j, k, kappa, s, u
from emtheory.theorems.search import draw
from tests.formulas.statements import memory_basis, saturating_step, write_interference

THEOREMS = {
    "memory-basis": memory_basis.THEOREM,
    "saturating-step": saturating_step.THEOREM,
    "write-interference": write_interference.THEOREM,
}


def readers(theorem, count=40):
    found, trouble = draw(hypotheses=(), cases=theorem.cases.map(lambda c: (c,)), count=count, seed=0)
    assert not trouble
    return [Reader(theorem, c) for c in (*theorem.examples.values(), *(c for (c,) in found))]


@pytest.mark.parametrize("name", THEOREMS)
def test_true_conclusions_are_confirmed_by_their_cases_and_by_generic_ones(name):
    theorem = THEOREMS[name]
    own = readers(theorem)
    assert all(r.read(h).holds for r in own for h in theorem.hypotheses)
    for conclusion in theorem.conclusions:
        assert confirmed(conclusion, [*own, *generic(theorem, tries=50, seed=0)]).holds is True


@pytest.mark.parametrize("name", THEOREMS)
def test_each_breaking_case_breaks_its_hypothesis_alone(name):
    theorem = THEOREMS[name]
    for hypothesis, broken in theorem.hypotheses.items():
        reader = Reader(theorem, broken)
        assert [h for h in theorem.hypotheses if reader.read(h).holds is not True] == [hypothesis]


def test_a_false_conclusion_is_refuted_with_its_case():
    wrong = equal(C(j) @ C(k), 0 * C(1), *within(1, j, k, s))
    evidence = confirmed(wrong, readers(write_interference.THEOREM))
    assert evidence.holds is False
    assert evidence.failing is not None
    assert evidence.reading.at is not None


def test_one_case_many_times_confirms_nothing():
    theorem = memory_basis.THEOREM
    one = next(iter(theorem.examples.values()))
    evidence = confirmed(theorem.conclusions[0], [Reader(theorem, one) for _ in range(3 * ENOUGH)])
    assert (evidence.cases, evidence.distinct, evidence.holds) == (3 * ENOUGH, 1, None)


def test_a_range_that_is_always_empty_confirms_nothing():
    never = equal(C(k), 2 * C(k), *within(2, k, 1))
    evidence = confirmed(never, readers(write_interference.THEOREM))
    assert (evidence.readings, evidence.holds) == (0, None)


def test_an_equivalence_whose_sides_never_fail_confirms_nothing():
    always = iff(equal(C(1), C(1)), equal(C(1) + C(1), 2 * C(1)))
    evidence = confirmed(always, readers(write_interference.THEOREM))
    assert 0 in evidence.truths
    assert evidence.holds is None


def test_every_letter_of_a_sharp_conclusion_is_pinned_by_an_edit_that_some_case_refutes():
    theorem = memory_basis.THEOREM
    for conclusion in theorem.conclusions:
        assert sharpness(theorem, conclusion, readers(theorem)).blunt == ()


def test_a_conclusion_that_its_cases_cannot_tell_from_another_is_blunt():
    """With symmetric interactions alone nobody sees a transpose."""
    told = equal(E(k).T @ Phi @ E(k), (E(k).T @ Phi.T @ E(k)), *within(1, k, s))
    symmetric = st.integers(-3, 3).map(lambda x: case(Phi=[[x]], Xi=[[1]], s=1))
    theorem = Theorem(
        given=(Phi, Xi, s),
        conclusions=(told,),
        examples={"one": case(Phi=[[1]], Xi=[[1]], s=1)},
        cases=symmetric,
    )
    blunt = sharpness(theorem, told, readers(theorem, 7)).blunt
    assert "Phi, lhs side" in blunt


def test_a_wider_range_that_holds_too_is_told_as_stronger():
    told = equal(u(k) - u(k), 0 * u(k), k >= 2, k <= s)
    theorem = Theorem(
        given=(u, s),
        conclusions=(told,),
        examples={"one": case(u=[[[1]], [[2]]], s=2)},
        cases=st.integers(2, 3).map(lambda x: case(u=[[[i]] for i in range(x)], s=x)),
    )
    assert sharpness(theorem, told, readers(theorem, 4)).stronger == ("k >= 2 made k >= 1",)


def test_generic_cases_refute_what_a_narrow_strategy_lets_pass():
    told = equal(C(1), identity(kappa))
    theorem = Theorem(
        given=(C, s),
        conclusions=(told,),
        examples={"repeat copy": case(C=[[[1]]], s=1)},
        cases=st.integers(1, 4).map(lambda x: case(C=[[[1]], *[[[0]]] * (x - 1)], s=x)),
    )
    assert all(r.read(told).holds for r in readers(theorem, 4))
    assert any(r.read(told).holds is False for r in generic(theorem, tries=20, seed=0))
