"""Protects certify: its four answers, the log that survives kill -9, the JSON, the figure and the command."""

import json
import os
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import jsonschema
import numpy as np
import pytest

import emtheory
from emtheory.certificates.certificate import Certificate
from emtheory.certificates.certify import certify, document, random_patterns
from emtheory.certificates.checker import check
from emtheory.networks.build import build
from emtheory.networks.elman import Network
from emtheory.networks.facts import facts
from emtheory.networks.weights import load, save
from emtheory.theory.circuits import companion
from emtheory.theory.tasks import Task
from emtheory.verdict import Outcome

SCHEMA = json.loads((files("emtheory.report") / "schemas" / "certificate.schema.json").read_text("utf-8"))
TASK = Task.repeat_copy(2, 2)
TRAINED = Path(__file__).parent.parent / "trained" / "repeat-copy-s4-k2-n32.safetensors"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(emtheory.__file__).parent.parent)}


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
    for content, told in (
        (b"no", "is no .npz file; it holds no certificate, name a file that certify --save wrote"),
        (b"", "is empty; it holds no certificate, name a file that certify --save wrote"),
        (b"PK\x03\x04", "is truncated or damaged"),
    ):
        (tmp_path / "c.npz").write_bytes(content)
        with pytest.raises(ValueError, match=told):
            Certificate.load(tmp_path / "c.npz")


def test_a_pattern_on_a_slow_orbit_of_a_trained_network_is_proved_although_a_round_stretches_some_directions():
    # its file says how it was trained: emtheory train repeat-copy:s=4,k=2 --hidden 32 --seed 0 --steps 1500
    network, task = load(str(TRAINED)), Task.repeat_copy(4, 2)
    inputs = [
        [[1.0, 1.0], [1.0, -1.0], [-1.0, -1.0], [-1.0, -1.0]],
        [[1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0], [1.0, 1.0]],
    ]
    answers = certify(network, task, inputs=np.array(inputs))
    assert [(answer.holds, answer.period) for answer in answers] == [("forever", 4)] * 2
    states = network.run(np.array(inputs), 8000).states[:, -4:]
    for loop in states:
        round_map = np.eye(32)
        for h in np.roll(loop, -1, axis=0):
            round_map = (1 - h**2)[:, np.newaxis] * (network.W_hh @ round_map)
        assert 0.97 < abs(np.linalg.eigvals(round_map)).max() < 0.99
        assert np.linalg.norm(round_map, 2) > 1.3


def test_a_run_that_comes_near_to_its_orbit_late_is_followed_beyond_the_steps():
    (answer,) = certify(saturating(1.004), TASK, patterns=1, steps=600)
    assert answer.holds == "forever"
    assert answer.steps > 600
    (answer,) = certify(saturating(1.001), TASK, patterns=1, steps=1500)
    assert answer.holds == "at least"
    assert "give more steps" in answer.reason


def test_what_is_undecided_is_told_in_words(tmp_path):
    for network, steps in ((saturating(1.004), 200), (saturating(0.9), 300), (saturating(1.0), 300)):
        for answer in certify(network, TASK, patterns=2, steps=steps):
            assert answer.holds in ("at least", "undecided")
            assert len(answer.reason.split()) > 5
            assert "inf" not in answer.reason.split()
            assert "nan" not in answer.reason


DEADLY = """
import json, os, sys
import numpy as np
from emtheory.certificates.certify import certify
from emtheory.networks.elman import Network
from emtheory.theory.tasks import Task

class Deadly(Network):
    def run(self, u, T, **options):
        if np.size(u) and np.abs(u).max() == 0.25:
            os._exit(5)
        return super().run(u, T, **options)

if __name__ == "__main__":
    write = np.array([[0.0, 0.0], [0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    W = 1.5 * np.roll(np.eye(4), 2, axis=1)
    inputs = np.ones((4, 2, 2))
    inputs[1] = 0.25
    inputs[2, 0] = -1
    inputs[3, 1] = -1
    network = Deadly(W, 3 * write, write.T)
    answers = certify(network, Task.repeat_copy(2, 2), inputs=inputs, jobs=2, resume=sys.argv[1])
    print(json.dumps([answer.to_json() for answer in answers]))
"""


def test_a_pattern_whose_process_dies_is_undecided_and_costs_no_other(tmp_path):
    script, log = tmp_path / "deadly.py", tmp_path / "log"
    script.write_text(DEADLY)
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, script, log], env=ENVIRONMENT, capture_output=True, text=True, check=True
        )
        answers = json.loads(done.stdout)
        assert [answer["holds"] for answer in answers] == ["forever", "undecided", "forever", "forever"]
        assert answers[1]["reason"] == "its process ended with exit status 5, twice"
        assert len(log.read_bytes().splitlines()) == 4  # the next run tries it again


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
    assert all(840 % answer.period == 0 for answer in answers)
