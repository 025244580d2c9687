"""Verdicts have three outcomes, combine without ever growing stronger, and carry JSON-ready evidence."""

from __future__ import annotations

import dataclasses
import itertools
import json
import pickle

import pytest

from emtheory.verdict import Finding, Kind, Outcome, Verdict, all_of, equivalent, negated, proved, refuted, undecided

YES, NO = proved(Kind.EXACT, "yes"), refuted(Kind.EXACT, "no", at=3)
OPEN = undecided(Kind.ENCLOSED, "open", reason="wide")
EVERY = (YES, NO, OPEN)


@pytest.mark.parametrize("verdict", EVERY)
def test_a_verdict_has_no_truth_value(verdict):
    with pytest.raises(TypeError, match="three outcomes"):
        bool(verdict)
    with pytest.raises(TypeError, match="three outcomes"):
        assert verdict


def test_a_verdict_and_its_evidence_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        NO.outcome = Outcome.PROVED
    with pytest.raises(TypeError):
        NO.evidence["at"] = 4


def test_evidence_is_copied_from_what_the_judge_hands_over():
    evidence = {"at": 1}
    verdict = Verdict(Outcome.REFUTED, Kind.EXACT, "scope", evidence)
    evidence["at"] = 2
    assert verdict.evidence["at"] == 1


@pytest.mark.parametrize("verdict", EVERY)
def test_verdicts_cross_processes(verdict):
    assert pickle.loads(pickle.dumps(verdict)) == verdict


def test_kinds_fall_in_strength_in_their_order():
    strengths = [kind.strength for kind in Kind]
    assert strengths == sorted(strengths)
    assert Kind.DERIVED.strength < Kind.EXACT.strength < Kind.OBSERVED.strength


@pytest.mark.parametrize(("a", "b"), list(itertools.product(EVERY, EVERY)))
def test_a_conjunction_is_refuted_before_undecided_before_proved(a, b):
    outcomes = {a.outcome, b.outcome}
    expected = next(o for o in (Outcome.REFUTED, Outcome.UNDECIDED, Outcome.PROVED) if o in outcomes)
    assert all_of([a, b]).outcome is expected


def test_a_conjunction_is_as_weak_as_its_weakest_part_and_names_every_scope():
    both = all_of([proved(Kind.EXACT, "one"), proved(Kind.SEARCHED, "two"), proved(Kind.ENCLOSED, "one")])
    assert (both.outcome, both.kind, both.scope) == (Outcome.PROVED, Kind.SEARCHED, "one; two")


def test_a_conjunction_keeps_the_evidence_of_its_failure_or_the_worst_ratio():
    assert all_of([YES, OPEN, NO]).evidence == {"at": 3}
    bounded = [proved(Kind.BOUNDED, "n", ratio=ratio) for ratio in (0.1, 0.7, 0.3)]
    assert all_of(bounded).evidence == {"ratio": 0.7}


def test_the_conjunction_of_nothing_is_undecided():
    assert all_of([]).outcome is Outcome.UNDECIDED
    assert all_of(iter(())).outcome is Outcome.UNDECIDED


def test_negation_swaps_and_leaves_open_what_is_open():
    assert [negated(v).outcome for v in EVERY] == [Outcome.REFUTED, Outcome.PROVED, Outcome.UNDECIDED]
    assert negated(negated(NO)) == NO


@pytest.mark.parametrize(("a", "b"), list(itertools.product(EVERY, EVERY)))
def test_equivalence_needs_both_sides_decided(a, b):
    verdict = equivalent(a, b)
    if OPEN in (a, b):
        assert verdict.outcome is Outcome.UNDECIDED
    else:
        assert verdict.outcome is (Outcome.PROVED if a.outcome is b.outcome else Outcome.REFUTED)


def test_an_equivalence_is_as_strong_as_its_weaker_side():
    assert equivalent(YES, proved(Kind.BOUNDED, "other")).kind is Kind.BOUNDED


def test_a_finding_is_json_in_the_form_of_the_schema():
    finding = Finding("W keeps the spectrum.", NO, 0.25, "emtheory verify spectrum-transfer --seed 1")
    assert json.loads(json.dumps(finding.to_json())) == {
        "claim": "W keeps the spectrum.",
        "kind": "exact",
        "outcome": "refuted",
        "scope": "no",
        "evidence": {"at": 3},
        "seconds": 0.25,
        "replay": "emtheory verify spectrum-transfer --seed 1",
    }


def test_in_a_notebook_findings_and_theorems_are_text_whatever_they_hold():
    from emtheory.theorems.files import bundled, load

    hostile = Finding("<script>x_1 & 50 %</script>", proved(Kind.EXACT, "a < b"), 0.1, "")
    assert "<script>" not in hostile._repr_html_()
    assert "&lt;script&gt;" in hostile._repr_html_()
    assert hostile._repr_latex_().startswith(r"\textbf{proved}, exact: ")
    assert r"x\_1 \& 50 \%" in hostile._repr_latex_()
    file = load(bundled() / "memory-basis.py")
    assert file._repr_html_().startswith("<h4>memory-basis</h4>")
    assert "memory-basis" in file._repr_latex_()
