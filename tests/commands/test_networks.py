"""Protects the commands about networks: what they print, write and refuse."""

import json
import os

import pytest

from emtheory.networks.elman import Network
from emtheory.networks.weights import load, save


def test_fixed_points_are_listed_with_their_proofs(run, tmp_path):
    path, weights = tmp_path / "points.json", tmp_path / "w.safetensors"
    save(Network([[2.0]], [[1.0]], [[1.0]]), weights)
    status, out, _ = run("fixed-points", weights, "--seeds", "8", "--json", path)
    assert status == 0
    assert "3 fixed points from 8 random states" in out
    found = [point["stability"] for point in json.loads(path.read_text())["points"]]
    assert found == ["stable", "unstable", "stable"]


def test_a_fixed_point_that_is_not_isolated_is_undecided(run, tmp_path):
    weights = tmp_path / "w.safetensors"
    save(Network([[1.0]], [[1.0]], [[1.0]], activation="identity"), weights)
    status, out, _ = run("fixed-points", weights, "--seeds", "4")
    assert status == 3
    assert "not proved" in out


def test_build_writes_what_it_guarantees_and_refuses_another_format(run, tmp_path):
    path = tmp_path / "w.safetensors"
    status, out, _ = run("build", "compose-copy:3", "-o", path)
    assert status == 0
    assert "all 2^9 inputs" in out
    assert load(path).activation == "tanh"
    status, _, error = run("build", "compose-copy:3", "-o", tmp_path / "w.npz")
    assert status == 2
    assert ".safetensors" in error


def test_build_leaves_nothing_beside_its_file_and_the_old_file_if_it_fails(run, tmp_path, monkeypatch):
    path = tmp_path / "w.safetensors"
    assert run("build", "compose-copy:2", "-o", path)[0] == 0
    old = path.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    status, out, error = run("build", "compose-copy:3", "-o", path)
    assert (status, out, error.count("\n")) == (2, "", 1)
    assert "cannot be written: No space left on device" in error
    assert path.read_bytes() == old
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "words", [("analyze",), ("decode",), ("fixed-points",), ("shadow",), ("certify", "--task", "x")]
)
def test_a_pipe_is_refused_and_not_waited_for(run, tmp_path, words):
    os.mkfifo(tmp_path / "w.npz")
    status, out, error = run(words[0], tmp_path / "w.npz", *words[1:])
    assert (status, out) == (2, "")
    assert "not a regular file" in error


def test_analyze_says_that_no_linear_network_does_compose_copy(run):
    status, out, _ = run("analyze", "zoo:t3-n64", "--task", "compose-copy:8")
    assert status == 0
    assert "No linear network can do this task" in out
    assert "is within 0.02 of that of compose-copy:8" in out


def test_analyze_claims_no_circuit_where_memories_are_in_superposition(run):
    status, out, _ = run("analyze", "zoo:t1-n64")
    assert status == 3
    assert "in superposition" in out
