"""Protects the log of certify: what is finished is never proved again, and no file of anybody is harmed."""

import json
import os

import numpy as np
import pytest

from emtheory.certificates.certify import certify
from emtheory.certificates.log import Log
from emtheory.networks.elman import Network
from emtheory.networks.weights import save
from emtheory.theory.circuits import companion
from emtheory.theory.tasks import Task

TASK = Task.repeat_copy(2, 2)
WRITE = np.vstack([np.zeros((2, 2)), np.eye(2)])


def network(gain=1.5):
    return Network(gain * companion(TASK).numpy(), 3 * WRITE, WRITE.T)


def logged(path, gain=1.5, steps=5000):
    with Log(path, network(gain), TASK, steps) as log:
        return log.known


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "log"
    certify(network(), TASK, patterns=3, resume=path)
    return path


def test_finished_patterns_are_not_proved_again_and_a_torn_line_is_dropped(log):
    first, whole, told = certify(network(), TASK, patterns=3), log.read_bytes(), []
    log.write_bytes(whole[:-20])  # as after kill -9 in the middle of a line
    again = certify(network(), TASK, patterns=3, resume=log, watch=lambda done, total: told.append((done, total)))
    assert told == [(2, 3), (3, 3)]
    assert [(a.input, a.steps, a.margin) for a in again] == [(a.input, a.steps, a.margin) for a in first]
    assert len(log.read_bytes().splitlines()) == 4


def test_a_log_that_ends_anywhere_goes_on_with_what_is_whole(log):
    whole = log.read_bytes()
    answers = logged(log)
    for end in [*range(0, len(whole), 9), len(whole) - 1]:
        log.write_bytes(whole[:end])
        lines = whole[:end].count(b"\n")
        assert logged(log) == answers[: max(0, lines - 1)]
        assert log.read_bytes() == whole[: max(whole.rfind(b"\n", 0, end) + 1, whole.index(b"\n") + 1)]


FOREIGN = {
    "a line of text": b"no log\n",
    "text without an end of line": b"my notes",
    "JSON without an end of line": b'{"a": 1}',
    "a number": b"7\n",
    "weights": b"PK\x03\x04" + bytes(range(256)),
    "zeros": bytes(99),
    "deep JSON": b"[" * 100_000 + b"\n",
    "a head of no task": b'{"schema": "emtheory.certificate-log/2"}\n',
}


@pytest.mark.parametrize("content", FOREIGN.values(), ids=FOREIGN.keys())
def test_a_file_that_is_no_log_is_refused_and_left_as_it_is(run, tmp_path, content):
    path, weights = tmp_path / "mine", tmp_path / "w.safetensors"
    path.write_bytes(content)
    save(network(), weights)
    status, out, error = run("certify", weights, "--task", TASK.name, "--patterns", "1", "--resume", path)
    assert (status, out) == (2, "")
    assert "is no log of certify, so it is left as it is; name another file" in error
    assert len(error.splitlines()) == 1
    assert path.read_bytes() == content


def test_what_follows_the_answers_is_kept_unless_it_is_the_begin_of_one(log):
    for more in (b"my notes", b"my notes\n", b'{"answer": 7', b'{"answer": {}}\n'):
        content = log.read_bytes() + more
        log.write_bytes(content)
        with pytest.raises(ValueError, match=r"so it is left as it is|so none of it is used"):
            logged(log)
        assert log.read_bytes() == content
        log.write_bytes(content[: -len(more)])


def test_a_log_of_other_work_is_refused(log):
    content = log.read_bytes()
    for other, what in (({"gain": 1.4}, "network '.*, not '"), ({"steps": 99}, "steps 5000, not 99")):
        with pytest.raises(ValueError, match=f"is the log of other work, with {what}"):
            logged(log, **other)
    assert log.read_bytes() == content


def test_an_outcome_that_was_changed_is_refused(log):
    lines = log.read_bytes().splitlines(keepends=True)
    entry = json.loads(lines[2])
    changes = {
        "holds": "until",
        "steps": entry["answer"]["steps"] + 1,
        "margin": 9.0,
        "input": [[1.0, 1.0], [1.0, 0.5]],
    }
    for name, value in changes.items():
        forged = {**entry, "answer": {**entry["answer"], name: value}}
        log.write_bytes(b"".join([*lines[:2], json.dumps(forged).encode() + b"\n", *lines[3:]]))
        with pytest.raises(ValueError, match="changed in line 3"):
            logged(log)


def test_an_outcome_of_another_log_is_refused(log, tmp_path):
    other = tmp_path / "other"
    certify(network(1.6), TASK, patterns=1, resume=other)
    log.write_bytes(log.read_bytes() + other.read_bytes().splitlines(keepends=True)[1])
    with pytest.raises(ValueError, match=r"changed in line 5 \(its checksum is another\)"):
        logged(log)


def test_two_runs_may_write_to_one_log(log):
    with Log(log, network(), TASK, 5000) as one, Log(log, network(), TASK, 5000) as two:
        for answer in one.known:
            one.add(answer)
            two.add(answer)
    assert len(logged(log)) == 9


def test_what_is_no_regular_file_is_refused(tmp_path):
    with pytest.raises(ValueError, match="cannot be read: Is a directory; name another file"):
        logged(tmp_path)
    with pytest.raises(ValueError, match="cannot be written"):
        logged(tmp_path / "nowhere" / "log")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(ValueError, match="not a regular file"):
            logged(tmp_path / "pipe")


def test_a_proof_that_is_no_longer_in_the_folder_is_found_again(tmp_path):
    path, folder = tmp_path / "log", tmp_path / "proofs"
    certify(network(), TASK, patterns=2, resume=path)
    certify(network(), TASK, patterns=2, resume=path, save=folder)
    files = sorted(folder.iterdir())
    assert len(files) == 2
    files[0].unlink()
    answers = certify(network(), TASK, patterns=2, resume=path, save=folder)
    assert sorted(folder.iterdir()) == files
    assert sorted(answer.certificate for answer in answers) == list(map(str, files))
