"""Analyses: what is said about a network is proved, measured or left open, and never more than that."""

from __future__ import annotations

import json
from importlib.resources import files

import jsonschema
import numpy as np
import pytest

from emtheory.analysis.analyze import HORIZON, INPUTS, Analysis, analyze
from emtheory.networks import zoo
from emtheory.networks.elman import Network
from emtheory.report.sentences.analysis import sentences
from emtheory.theory.circuits import companion
from emtheory.theory.matching import argument_errors
from emtheory.theory.spectra import predicted_spectrum
from emtheory.theory.tasks import Task
from emtheory.verdict import Kind, Outcome

PROVED, REFUTED, UNDECIDED = Outcome.PROVED, Outcome.REFUTED, Outcome.UNDECIDED
SCHEMA = json.loads((files("emtheory.report") / "schemas" / "analysis.schema.json").read_text("utf-8"))
REPEAT_COPY = Task.repeat_copy(8, 8)


def circuit(task: Task, *, extra: int = 0, seed: int = 0) -> Network:
    """The linear circuit of a task in a random orthogonal basis, with `extra` units that remember nothing."""
    m, rng = task.s * task.kappa, np.random.default_rng(seed)
    basis = np.linalg.qr(rng.standard_normal((m + extra, m + extra)))[0][:, :m]
    last = basis[:, -task.kappa :]
    return Network(basis @ companion(task).numpy() @ basis.T, last, last.T, activation="identity")


def outcomes(analysis: Analysis) -> list[Outcome]:
    """Of the claims about the spectrum; those about memories have tests of their own in test_reader.py."""
    about = [f for f in analysis.findings if "eigenvalues" in f.claim and "memories" not in f.claim]
    return [finding.verdict.outcome for finding in about]


def valid_json(analysis: Analysis) -> dict:
    """The JSON form, held against the schema, with no NaN in it."""
    form = json.loads(json.dumps(analysis.to_json(), allow_nan=False))
    jsonschema.validate(form, SCHEMA)
    return form


@pytest.fixture(scope="module")
def trained() -> Analysis:
    return analyze(zoo.load("repeat-copy-s8-k8-n128"), REPEAT_COPY, name="zoo:repeat-copy-s8-k8-n128")


def test_the_trained_network_shows_the_published_spectrum(trained):
    spectrum = valid_json(trained)["spectrum"]
    assert (spectrum["persistent"], spectrum["predicted_persistent"]) == (64, 64)
    assert f"{spectrum['argument_error_mean']:.2e}" == "5.48e-04"
    assert f"{spectrum['argument_error_max']:.2e}" == "1.52e-03"
    assert spectrum["enclosed"]["threshold"] == {"outside": 64, "inside": 64, "undecided": 0}
    assert sum(spectrum["enclosed"]["unit_circle"].values()) == 64
    assert outcomes(trained) == [PROVED, PROVED, PROVED]
    assert {finding.verdict.kind for finding in trained.findings} == {Kind.ENCLOSED}


def test_the_proved_bound_on_argument_errors_is_just_above_the_measured_maximum(trained):
    measured, evidence = valid_json(trained)["spectrum"]["argument_error_max"], trained.findings[2].verdict.evidence
    assert measured <= evidence["reach"] <= measured + 1e-9
    assert evidence["half_gap"] == pytest.approx(np.pi / 8)


def test_argument_errors_are_those_of_the_matching_judge(trained):
    judged = argument_errors(np.linalg.eigvals(trained.network.W_hh), predicted_spectrum(REPEAT_COPY).eigenvalues())
    form = valid_json(trained)["spectrum"]
    assert form["argument_error_mean"] == pytest.approx(judged.mean)
    assert form["argument_error_max"] == pytest.approx(judged.maximum)


def test_the_sentences_tell_the_figures_and_each_verdict(trained):
    text = "\n".join(sentences(trained))
    for part in ("128 tanh units", "float32", "64 persistent", "above 0.8", "5.48e-04", "1.52e-03", "seed 0"):
        assert part in text
    assert text.count("proved, enclosed:") == 5
    assert trained.findings[0].replay == "emtheory analyze zoo:repeat-copy-s8-k8-n128 --task repeat-copy:s=8,k=8"


def test_without_a_task_nothing_is_predicted_and_nothing_measured():
    analysis = analyze(zoo.load("repeat-copy-s8-k8-n128"))
    form = valid_json(analysis)
    assert form["task"] is None
    assert form["accuracy"] is None
    assert [form["spectrum"][key] for key in ("predicted_persistent", "argument_error_mean", "distance")] == [None] * 3
    assert outcomes(analysis) == [PROVED]


def test_a_task_with_another_number_of_persistent_eigenvalues_is_refuted():
    analysis = analyze(zoo.load("repeat-copy-s8-k8-n128"), Task.compose_copy(8))
    form = valid_json(analysis)
    assert (form["spectrum"]["persistent"], form["spectrum"]["predicted_persistent"]) == (64, 36)
    assert form["spectrum"]["argument_error_mean"] is None
    assert outcomes(analysis)[:3] == [PROVED, REFUTED, REFUTED]


def test_a_spectrum_halfway_between_the_predictions_is_not_proved_to_be_the_predicted_one():
    turned = Task.from_selection(8, 8, np.arange(8), -np.ones(8, dtype=int))
    analysis = analyze(zoo.load("repeat-copy-s8-k8-n128"), turned)
    assert valid_json(analysis)["spectrum"]["argument_error_mean"] == pytest.approx(np.pi / 8, rel=0.01)
    assert outcomes(analysis)[:3] == [PROVED, PROVED, UNDECIDED]  # the real ones are as near to two predictions


def test_one_eigenvalue_too_many_at_one_argument_is_refuted():
    analysis = analyze(
        Network(np.diag([1.0, 1.0, -1.0, 1.0]), np.ones((4, 2)), np.ones((2, 4))), Task.repeat_copy(2, 2)
    )
    assert outcomes(analysis)[:3] == [PROVED, PROVED, REFUTED]
    evidence = analysis.findings[2].verdict.evidence
    assert (evidence["argument"], evidence["found"], evidence["predicted"]) == (0.0, 3, 2)


def test_an_ideal_circuit_meets_its_prediction_and_its_circle_stays_undecided():
    analysis = analyze(circuit(Task.repeat_copy(5, 3), extra=4), Task.repeat_copy(5, 3))
    form = valid_json(analysis)
    assert form["spectrum"]["argument_error_max"] < 1e-12
    assert form["spectrum"]["enclosed"]["unit_circle"] == {"outside": 0, "inside": 0, "undecided": 15}
    assert (form["accuracy"]["share"], form["accuracy"]["first_wrong"]) == (1.0, None)
    assert outcomes(analysis) == [PROVED, PROVED, PROVED]


def test_a_defective_matrix_has_no_discs_and_nothing_of_its_spectrum_is_proved():
    task = Task.compose_copy(4)
    network = Network(companion(task).numpy(), np.eye(16)[:, 12:], np.eye(16)[12:], activation="identity")
    analysis = analyze(network, task)
    assert valid_json(analysis)["spectrum"]["enclosed"] is None
    assert outcomes(analysis) == [UNDECIDED] * 3
    assert all(f.verdict.evidence["reason"] for f in analysis.findings if f.verdict.outcome is UNDECIDED)
    assert analysis.reading.near.task == task  # its memories need no eigenvectors


def test_an_eigenvalue_at_the_threshold_is_undecided_whichever_side_its_float_lies_on():
    basis = np.linalg.qr(np.random.default_rng(0).standard_normal((3, 3)))[0]
    for modulus in (0.8, np.nextafter(0.8, 1), np.nextafter(0.8, 0)):
        W = basis @ np.diag([1.0, -1.0, modulus]) @ basis.T
        assert (
            outcomes(analyze(Network(W, np.ones((3, 1)), np.ones((1, 3))), Task.repeat_copy(2, 1))) == [UNDECIDED] * 3
        )


def test_a_prediction_at_the_threshold_is_undecided():
    network = Network(np.diag([2.0, -2.0]), np.ones((2, 1)), np.ones((1, 2)))
    assert outcomes(analyze(network, Task.repeat_copy(2, 1), threshold=1.0))[:2] == [PROVED, UNDECIDED]


def test_tasks_that_are_no_selections_are_compared_by_their_matrix_polynomial():
    task = Task.from_blocks(np.array([[[0.0, 2.0], [0.5, 0.0]], [[1.0, 0.0], [0.0, -1.0]]]))
    analysis = analyze(circuit(task, extra=2), task, threshold=0.5)
    assert valid_json(analysis)["spectrum"]["predicted_persistent"] == 4 == len(analysis.persistent)
    assert outcomes(analysis)[:3] == [PROVED, PROVED, PROVED]


def test_accuracy_counts_signs_and_only_refutes():
    task = Task.repeat_copy(3, 2)
    good = circuit(task)
    bad = Network(good.W_hh, good.W_uh, -good.W_r, activation="identity")
    analysis = analyze(bad, task, seed=3)
    assert analysis.comparison is not None
    accuracy = analysis.comparison.accuracy
    assert (accuracy.share, accuracy.first_wrong, accuracy.seed) == (0.0, 1, 3)
    assert (accuracy.inputs, accuracy.horizon) == (INPUTS, HORIZON)
    last = analysis.findings[-1].verdict
    assert (last.kind, last.outcome) == (Kind.OBSERVED, REFUTED)
    fading = Network(good.W_hh * 0.5, good.W_uh, good.W_r, activation="identity")
    fades = analyze(fading, task, threshold=0.1).comparison.accuracy
    assert fades.share == 1.0  # signs outlive the values


def test_accuracy_finds_the_first_wrong_step():
    task = Task.repeat_copy(2, 1)
    W = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.2]])  # a third unit grows and drowns the outputs
    network = Network(W, [[0.0], [1.0], [0.1]], [[0.0, 1.0, 0.9]], activation="identity")
    accuracy = analyze(network, task).comparison.accuracy
    u = np.array([[[a], [b]] for a in (-1.0, 1.0) for b in (-1.0, 1.0)])
    steps = 2 + HORIZON
    wrong = np.sign(network.run(u, steps).outputs) != task.outputs(u, steps)
    assert accuracy.first_wrong == 1 + int(wrong[:, 2:].any(axis=(0, 2)).argmax()) > 1


def test_accuracy_is_seeded():
    network, task = zoo.load("repeat-copy-s8-k8-n128"), REPEAT_COPY
    shares = [analyze(network, task, seed=seed).comparison.accuracy.share for seed in (0, 0, 1)]
    assert shares[0] == shares[1] != shares[2]
    assert 0.999 < shares[2] < 1


def test_a_task_without_signs_has_no_accuracy():
    silent = Task.from_selection(2, 1, [0], [0])
    explosive = Task.from_blocks(np.array([[[1e3]], [[1e3]]]))
    network = Network([[0.5, 0.0], [0.0, 0.4]], [[1.0], [0.0]], [[1.0, 1.0]])
    for task in (silent, explosive):
        assert valid_json(analyze(network, task))["accuracy"] is None


@pytest.mark.parametrize(
    ("task", "words"),
    [
        (Task.repeat_copy(8, 7), r"dimension 7, but W_uh of shape \(128, 8\)"),
        (Task.repeat_copy(17, 8), r"136 memories, but a network with 128 units"),
    ],
)
def test_a_task_that_does_not_fit_the_network_is_refused(task, words):
    with pytest.raises(ValueError, match=words):
        analyze(zoo.load("repeat-copy-s8-k8-n128"), task)


@pytest.mark.parametrize("threshold", [0.0, -1.0, np.nan, np.inf])
def test_a_threshold_that_is_no_positive_number_is_refused(threshold):
    with pytest.raises(ValueError, match="threshold must be positive and finite"):
        analyze(zoo.load("repeat-copy-s8-k8-n128"), threshold=threshold)


def test_the_threshold_is_reported_with_the_gap_around_it():
    network = Network(np.diag([0.3, 0.6, 1.5]), np.ones((3, 1)), np.ones((1, 3)))
    for threshold, gap, persistent in ((0.5, [0.3, 0.6], 2), (0.1, [0.0, 0.3], 3), (2.0, [1.5, None], 0)):
        spectrum = valid_json(analyze(network, threshold=threshold))["spectrum"]
        assert (spectrum["threshold"], spectrum["gap"], spectrum["persistent"]) == (threshold, gap, persistent)
        assert any(f"above {threshold:g}" in line for line in sentences(analyze(network, threshold=threshold)))


def test_precision_is_the_narrowest_that_holds_every_weight():
    for entry, precision in ((0.5, "float16"), (np.float32(0.1), "float32"), (0.1, "float64"), (1e300, "float64")):
        network = Network([[float(entry)]], [[1.0]], [[1.0]])
        assert valid_json(analyze(network))["network"]["precision"] == precision


def test_weights_near_the_end_of_the_float_range_give_an_answer_or_a_sentence():
    W = np.full((3, 3), 1.7e308) * np.array([[1, -1, 1], [1, 1, -1], [-1, 1, 1]])
    try:
        analysis = analyze(Network(W, np.ones((3, 1)), np.ones((1, 3))))
    except ValueError as error:
        assert "\n" not in str(error)  # noqa: PT017
    else:
        assert set(outcomes(analysis)) == {UNDECIDED}


def test_a_leak_is_part_of_what_is_analyzed_and_a_kink_is_refused():
    """(1 - a) I + a W is the swap for W = I + (swap - I)/a."""
    swap, a = np.array([[0.0, 1.0], [1.0, 0.0]]), 0.5
    network = Network(np.eye(2) + (swap - np.eye(2)) / a, [[0.0], [1 / a]], [[0.0, 1.0]], activation="identity", leak=a)
    assert np.abs(np.sort(analyze(network, Task.repeat_copy(2, 1)).eigenvalues.real) - [-1, 1]).max() <= 2.0**-50
    with pytest.raises(ValueError, match="fixed-points"):
        analyze(Network(swap, [[0.0], [1.0]], [[0.0, 1.0]], activation="relu"))
