"""Kills certify and train at random moments: nothing that was finished is lost, and no process is left behind."""

import json
import os
import random
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest

import emtheory
from emtheory.certificates.log import Log
from emtheory.networks.elman import Network
from emtheory.networks.weights import load, save
from emtheory.theory.circuits import companion
from emtheory.theory.tasks import Task

TASK = Task.repeat_copy(2, 2)
WRITE = np.vstack([np.zeros((2, 2)), np.eye(2)])
NETWORK = Network(1.003 * companion(TASK).numpy(), 3 * WRITE, WRITE.T)
KILLS = 3

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")]


def started(mark, *words):
    environment = {**os.environ, "PYTHONPATH": str(Path(emtheory.__file__).parent.parent), "EMTHEORY_MARK": mark}
    command = [sys.executable, "-m", "emtheory", *map(str, words)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def marked(mark):
    """The processes that run and come from those that were started with this mark."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            alive = (folder / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
            if alive and f"EMTHEORY_MARK={mark}".encode() in (folder / "environ").read_bytes():
                found.append(folder.name)
        except OSError:
            continue  # it has just ended
    return found


def kill_at_random(words, seconds, seed, check):
    """Starts the command, kills it after so long at most, again and again, and at last lets it finish."""
    rng, mark = random.Random(seed), uuid4().hex
    for _ in range(KILLS):
        process = started(mark, *words)
        try:
            process.wait(timeout=rng.uniform(0.5, seconds))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stderr.close()
        patience = time.monotonic() + 60
        while marked(mark) and time.monotonic() < patience:
            time.sleep(0.05)
        assert marked(mark) == []
        check()
    last = started(mark, *words)
    _, told = last.communicate()
    return last.returncode, told


def test_certify_goes_on_after_any_kill(tmp_path):
    weights, log, folder = tmp_path / "w.safetensors", tmp_path / "log", tmp_path / "proofs"
    save(NETWORK, weights)
    seen = []

    def check():
        if log.exists():
            lines = log.read_bytes()
            with Log(log, load(str(weights)), TASK, 5000) as opened:
                assert opened.known[: len(seen)] == seen
                assert len(opened.known) == max(0, lines.count(b"\n") - 1)
                seen[:] = opened.known
            assert all(Path(answer.certificate).is_file() for answer in seen)

    inputs = tmp_path / "u.npy"
    np.save(inputs, np.random.default_rng(0).uniform(0.5, 2, (60, 2, 2)))
    words = ("certify", weights, "--task", TASK.name, "--input", inputs, "--jobs", "2")
    out = tmp_path / "out.json"
    status, told = kill_at_random((*words, "--resume", log, "--save", folder, "--json", out), 6, 0, check)
    assert (status, told) == (0, "")
    patterns = json.loads(out.read_text())["patterns"]
    assert [answer["holds"] for answer in patterns] == ["forever"] * 60
    assert len(list(folder.glob("[!.]*.npz"))) == 60


@pytest.mark.skipif(find_spec("torch") is None, reason="needs torch")
def test_train_goes_on_to_the_same_weights_after_any_kill(tmp_path):
    from emtheory.networks.train import Protocol, train

    output = tmp_path / "net.safetensors"
    words = ("train", "repeat-copy:s=2,k=1", "--hidden", "6", "--seed", "3", "--steps", "2500", "-o", output)
    status, told = kill_at_random(words, 12, 1, lambda: None)
    assert (status, told) == (0, "")
    whole = train(Task.repeat_copy(2, 1), hidden=6, seed=3, protocol=Protocol(steps=2500))
    assert np.array_equal(load(str(output)).W_hh, whole.W_hh)
    assert not (tmp_path / "net.safetensors.checkpoint").exists()
