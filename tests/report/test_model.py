"""The document says what the findings say, and adds from theorem files only what was checked."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest

from emtheory.report.pages.document import digest, document
from emtheory.report.sentences import words


def part(made, name):
    return next(part for part in made.parts if part.name == name)


def test_a_theorem_has_statement_hypotheses_steps_examples_and_commands(findings, files):
    theorem = part(document(findings, files), "write-interference")
    assert theorem.statement.startswith("The circuit h(t)")
    (hypothesis,) = theorem.hypotheses
    assert hypothesis.formulas[0].latex == r"C_{j} \, C_{k} = 0"
    assert hypothesis.necessity["outcome"] == "proved"
    assert "matrix" in hypothesis.necessity["evidence"]["case"]
    assert len(theorem.steps) == 22
    assert all(step.finding["outcome"] == "proved" and step.rule and step.formula for step in theorem.steps)
    assert {use.name for use in theorem.steps[9].uses if use.kind == "step"} == {"5", "7", "9"}
    assert theorem.examples[0].name == "repeat copy, beside compose copy"
    assert all(len(example.findings) == 5 and example.case for example in theorem.examples)
    assert 0 <= theorem.worst.ratio < 1
    assert theorem.worst.case
    assert theorem.replays[:2] == (
        "emtheory verify write-interference --seed 0 --examples 3",
        "emtheory show write-interference",
    )
    assert "emtheory verify write-interference::derivation --seed 0 --examples 3" in theorem.replays
    assert len(theorem.replays) == 2 + 5
    assert theorem.badges[0].text == "derived 22/22"


def test_uses_go_both_ways(findings, files):
    made = document(findings, files)
    assert part(made, "compose-copy-spectrum").uses == ("companion-spectrum",)
    assert part(made, "companion-spectrum").used_by == ("compose-copy-spectrum",)


def test_an_erratum_has_both_forms_and_its_counterexample(findings, files):
    erratum = part(document(findings, files), "02-hidden-state-of-repeat-copy")
    assert erratum.printed_finding["outcome"] == "refuted"
    assert erratum.corrected_finding["outcome"] == "proved"
    assert erratum.counterexample == "(matrix([[1]]), 0)"
    assert erratum.theorem == "repeat-copy-retrieval"


@pytest.mark.parametrize("outcome", ["proved", "refuted", "undecided"])
def test_it_decides_nothing(findings, files, outcome):
    changed = copy.deepcopy(findings)
    changed["theorems"][0]["outcome"] = outcome
    made = document(changed, files)
    assert made.theorems[0].outcome == outcome
    assert words.headline(made)[0] == outcome


def test_what_is_not_proved_is_in_the_headline(findings, files):
    changed = copy.deepcopy(findings)
    changed["theorems"][0] |= {"outcome": "undecided", "reason": "a finding is undecided"}
    outcome, sentence = words.headline(document(changed, files))
    assert outcome == "undecided"
    assert changed["theorems"][0]["name"] in sentence


@pytest.mark.parametrize("trouble", [{"errors": ["x.py: it is broken"]}, {"interrupted": True}])
def test_an_incomplete_run_is_not_called_proved(findings, files, trouble):
    changed = copy.deepcopy(findings)
    changed["errors"] = trouble.get("errors", [])
    changed["summary"]["interrupted"] = trouble.get("interrupted", False)
    assert words.headline(document(changed, files))[0] == "undecided"


def test_the_summary_has_five_lines(findings, files):
    assert len(words.summary(document(findings, files))) == 5


def test_a_step_that_was_not_checked_has_no_finding(findings, files):
    changed = copy.deepcopy(findings)
    own = next(entry for entry in changed["theorems"] if entry["name"] == "write-interference")
    own["findings"] = [finding for finding in own["findings"] if not finding["node"].endswith("derivation.3")]
    steps = part(document(changed, files), "write-interference").steps
    assert [step.number for step in steps if step.finding is None] == [3]


def test_a_file_that_changed_since_adds_nothing(findings, files):
    other = files | {"write-interference": replace(files["write-interference"], digest="0" * 64)}
    theorem = part(document(findings, other), "write-interference")
    assert "changed since" in theorem.note
    assert theorem.statement == ""
    assert [step.formula for step in theorem.steps] == [None] * 22
    assert all(step.text for step in theorem.steps)
    assert theorem.hypotheses[0].sentence.startswith("C_j C_k = 0")


def test_findings_alone_are_enough(findings):
    made = document(findings, {})
    assert all("was not given" in entry.note for entry in made.parts)
    erratum = part(made, "02-hidden-state-of-repeat-copy")
    assert erratum.printed.startswith("h(s+t)")
    assert erratum.counterexample == "(matrix([[1]]), 0)"


def test_the_digest_leaves_out_times_and_places_alone(findings):
    later, other = copy.deepcopy(findings), copy.deepcopy(findings)
    later["summary"]["seconds"] += 1
    later["theorems"][0]["findings"][0]["seconds"] += 1
    later["errata"][0]["printed"]["evidence"]["file"] = "/elsewhere/x.py"
    other["theorems"][0]["findings"][0]["outcome"] = "refuted"
    assert digest(findings) == digest(later) != digest(other)


def test_one_theorem_keeps_its_lemmas_alone(findings, files):
    made = document(findings, files, theorem="write-interference")
    assert [entry.name for entry in made.parts] == ["write-interference"]
    assert [lemma["name"] for lemma in made.trusted_base] == ["block-selectors"]


def test_wrong_words_are_explained(findings, files):
    with pytest.raises(ValueError, match=r"no theorem 'nothing'; they have: .*write-interference"):
        document(findings, files, theorem="nothing")
    with pytest.raises(ValueError, match=r"schema 'emtheory.analysis/1', not 'emtheory.findings/1'"):
        document({"schema": "emtheory.analysis/1"}, files)
    with pytest.raises(ValueError, match=r"not 'emtheory.analysis/1'"):
        document(findings, files, analyses=[findings])
    with pytest.raises(ValueError, match=r"not complete"):
        document({"schema": "emtheory.findings/1", "theorems": [{}]}, files)
