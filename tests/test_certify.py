"""Protects certify: its four answers, the log that survives kill -9, the JSON, the figure and the command."""

import json
import os
import signal
import subprocess
import sys
import time
from importlib.resources import files

import jsonschema
import numpy as np
import pytest

from emtheory.build import build
from emtheory.certificate_checker import check
from emtheory.certify import certify, document, random_patterns
from emtheory.theory.certificates import Answer, Certificate
from emtheory.theory.circuits import companion
from emtheory.theory.equations import facts
from emtheory.theory.networks import Network
from emtheory.theory.tasks import Task
from emtheory.verdict import Outcome
from emtheory.weights import load, save

SCHEMA = json.loads((files("emtheory") / "schemas" / "certificate.schema.json").read_text("utf-8"))
TASK = Task.repeat_copy(2, 2)


def saturating(gain, noise=0.0):
    write = np.vstack([np.zeros((2, 2)), np.eye(2)])
    W = gain * (companion(TASK).numpy() + noise * np.random.default_rng(0).normal(size=(4, 4)))
    return Network(W, 3 * write, write.T)


def holds(network, task=TASK, **options):
    return {answer.holds for answer in certify(network, task, patterns=4, **options)}


def test_a_memory_that_holds_that_is_lost_and_that_fades():
    assert holds(saturating(1.5)) == {"forever"}
    assert holds(saturating(1.5, noise=0.3)) == {"until"}
    fading = certify(saturating(0.9), TASK, patterns=2, steps=300)
    assert {answer.holds for answer in fading} == {"at least"}
    assert all(answer.reason and 8 < answer.steps <= 300 for answer in fading)


def test_what_cannot_be_told_is_undecided():
    nothing = Network(np.zeros((4, 4)), np.zeros((4, 2)), np.ones((2, 4)))  # every output is exactly 0
    answers = certify(nothing, TASK, patterns=2)
    assert {answer.holds for answer in answers} == {"undecided"}
    assert "not proved" in answers[0].reason


def test_proofs_are_saved_and_hold_for_the_checker(tmp_path):
    for network in (saturating(1.5), saturating(1.5, noise=0.3)):
        for answer in certify(network, TASK, patterns=2, save=tmp_path / "proofs"):
            assert check(network, TASK, Certificate.load(answer.certificate)).outcome is Outcome.PROVED


def test_answers_do_not_depend_on_the_number_of_processes():
    def plain(answers):
        return [(a.input, a.holds, a.steps, a.period, a.margin) for a in answers]

    network = saturating(1.5)
    assert plain(certify(network, TASK, patterns=3, jobs=2)) == plain(certify(network, TASK, patterns=3))
    more = random_patterns(TASK, 5, 7)
    assert np.array_equal(more[:3], random_patterns(TASK, 3, 7))


def test_inputs_need_not_be_signs():
    u = np.array([[[0.5, -2.0], [1.5, 1.0]], [[0.5, -2.0], [0.0, 1.0]]])
    kept, unstable = certify(saturating(1.5), TASK, inputs=u, steps=300)
    assert (kept.holds, kept.period) == ("forever", 2)
    assert unstable.holds == "at least"  # a 0 is held, but not against any error
    assert "does not attract" in unstable.reason


def test_wrong_use_is_refused_in_a_sentence(tmp_path):
    with pytest.raises(ValueError, match="without leak"):
        certify(Network([[1.0]], [[1.0]], [[1.0]], activation="identity"), TASK)
    with pytest.raises(ValueError, match="has k=2"):
        certify(Network([[1.0]], [[1.0]], [[1.0]]), TASK)
    with pytest.raises(ValueError, match="shape"):
        certify(saturating(1.5), TASK, inputs=np.ones((2, 2)))
    with pytest.raises(ValueError, match="steps must be above"):
        certify(saturating(1.5), TASK, steps=2)
    with pytest.raises(ValueError, match="number of patterns"):
        certify(saturating(1.5), TASK, patterns=0)
    (tmp_path / "c.npz").write_text("no")
    with pytest.raises(ValueError, match="no certificate"):
        Certificate.load(tmp_path / "c.npz")


# --- the log ----------------------------------------------------------------------------------------------------------


def test_finished_patterns_are_not_proved_again_and_a_torn_line_is_dropped(tmp_path):
    log, network = tmp_path / "log", saturating(1.5)
    first = certify(network, TASK, patterns=3, resume=log)
    whole = log.read_bytes()
    log.write_bytes(whole[:-20])  # as after kill -9 in the middle of a line
    told = []
    again = certify(network, TASK, patterns=3, resume=log, watch=lambda done, total: told.append((done, total)))
    assert told == [(2, 3), (3, 3)]
    assert again[:2] == first[:2]
    assert len(log.read_bytes().splitlines()) == 4


def test_a_log_of_other_work_is_refused(tmp_path):
    log = tmp_path / "log"
    certify(saturating(1.5), TASK, patterns=1, resume=log)
    for other in ({"network": saturating(1.4)}, {"network": saturating(1.5), "steps": 99}):
        with pytest.raises(ValueError, match="cannot be resumed"):
            certify(other.pop("network"), TASK, patterns=1, resume=log, **other)
    log.write_text("no log\n")
    with pytest.raises(ValueError, match="cannot be resumed"):
        certify(saturating(1.5), TASK, patterns=1, resume=log)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no kill -9")
def test_a_run_that_was_killed_goes_on_where_it_was(tmp_path):
    log, weights = tmp_path / "log", tmp_path / "w.safetensors"
    save(saturating(1.01), weights)
    words = ["certify", weights, "--task", TASK.name, "--patterns", "16", "--jobs", "1", "--resume", log]
    command = [sys.executable, "-m", "emtheory", *map(str, words)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env={**os.environ, "OMP_NUM_THREADS": "1"})
    while process.poll() is None and (not log.exists() or len(log.read_bytes().splitlines()) < 4):
        time.sleep(0.01)
    process.kill()
    process.wait()
    done = [json.loads(line) for line in log.read_bytes().splitlines()[1:4]]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    lines = [json.loads(line) for line in log.read_bytes().splitlines()]
    assert lines[1:4] == done
    answers = [Answer.from_json(line) for line in lines[1:]]
    assert len({answer.input for answer in answers}) == len(answers) > 4


# --- what people see --------------------------------------------------------------------------------------------------


def test_the_document_fits_its_schema():
    answers = [*certify(saturating(1.5), TASK, patterns=2), *certify(saturating(1.5, noise=0.3), TASK, patterns=2)]
    about = {"name": "w", **facts(saturating(1.5))}
    jsonschema.validate(document(about, TASK, None, answers), SCHEMA)


def test_a_built_circuit_is_proved_for_all_inputs(run, tmp_path):
    weights, path = tmp_path / "w.safetensors", tmp_path / "c.json"
    task = Task.compose_copy(8)
    save(build(task).network, weights)
    status, out, _ = run("certify", weights, "--task", task.name, "--json", path)
    assert status == 0
    assert "all 2^64 inputs" in out
    assert "0.532" in out
    found = json.loads(path.read_text())
    jsonschema.validate(found, SCHEMA)
    assert found["patterns"] == []


def test_a_lost_pattern_is_exit_status_1_and_its_proof_is_checked_again(run, tmp_path):
    weights, folder, figure = tmp_path / "w.safetensors", tmp_path / "proofs", tmp_path / "s.svg"
    save(saturating(1.5, noise=0.3), weights)
    words = ("certify", weights, "--task", TASK.name)
    status, out, _ = run(*words, "--patterns", "3", "--jobs", "1", "--save", folder, "--figure", figure)
    assert status == 1
    assert "3 proved lost" in out
    assert figure.stat().st_size > 1000
    proofs = sorted(folder.iterdir())
    assert len(proofs) == 3
    status, out, _ = run(*words, "--check", proofs[0])
    assert (status, "holds" in out) == (0, True)
    save(saturating(1.5), weights)
    status, out, _ = run(*words, "--check", proofs[0])
    assert (status, "rejected" in out) == (1, True)


def test_given_inputs_come_as_text_or_file(run, tmp_path):
    weights, inputs = tmp_path / "w.safetensors", tmp_path / "u.npy"
    save(saturating(1.5, noise=0.01), weights)
    np.save(inputs, np.ones((3, 2, 2)))
    words = ("certify", weights, "--task", TASK.name, "--jobs", "1", "--input")
    assert "1 proved kept for ever" in run(*words, "1,-1; 1,1")[1]
    assert "3 patterns" in run(*words, inputs)[1]
    assert run(*words, "1,-1")[0] == 2


def test_a_trained_network_keeps_compose_copy_for_ever():
    answers = certify(load("zoo:t3-n64"), Task.compose_copy(8), patterns=3)
    assert {answer.holds for answer in answers} == {"forever"}
    assert all(840 % answer.period == 0 and answer.seconds < 5 for answer in answers)
