"""Sizes that do not fit into memory are refused in a sentence, before anything of that size is allocated."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from emtheory.networks.elman import Network
from emtheory.networks.weights import save
from emtheory.system.limits import MAX_MEMORY, must_fit, shown
from emtheory.theory.predict import predict
from emtheory.theory.tasks import Task

ALLOWED = 2**27  # bytes that a refused command may allocate: what it imports and reads


@pytest.fixture
def weights(tmp_path):
    path = tmp_path / "w.safetensors"
    save(Network([[0.0, 1.5], [1.5, 0.0]], [[0.0], [3.0]], [[0.0, 1.0]]), path)
    return path


HUGE = [
    "predict repeat-copy:s=10000,k=10000",
    "predict repeat-copy:s=1,k=100000000",
    f"predict repeat-copy:s={'9' * 3000},k=1",
    "oracle repeat-copy:s=5000,k=5000 --at 10**18",
    "build compose-copy:8 --hidden 100000 -o FILE",
    "build repeat-copy:s=8,k=8 --basis mixed --hidden 100000 -o FILE",
    "build repeat-copy:s=2000,k=2 -o FILE",
    f"build compose-copy:8 --hidden {'9' * 3000} -o FILE",
    "certify WEIGHTS --task repeat-copy:s=2,k=1 --patterns 1000000000",
    "certify WEIGHTS --task repeat-copy:s=2,k=1 --patterns 1 --steps 1000000000",
    "analyze WEIGHTS --task repeat-copy:s=2,k=1 --patterns 1000000000",
    "fixed-points WEIGHTS --seeds 1000000000",
    "shadow WEIGHTS --steps 1000000000",
    "shadow WEIGHTS -s 1000000000 --steps 1000000000",
]


@pytest.mark.parametrize("line", HUGE, ids=lambda line: line[:40])
def test_every_command_that_takes_a_size_refuses_one_that_does_not_fit(run, tmp_path, weights, line):
    output = tmp_path / "out.safetensors"
    words = [{"FILE": output, "WEIGHTS": weights}.get(word, word) for word in line.split()]
    tracemalloc.start()
    try:
        status, out, error = run(*words)
        assert tracemalloc.get_traced_memory()[1] < ALLOWED
    finally:
        tracemalloc.stop()
    assert (status, out, error.count("\n"), output.exists()) == (2, "", 1, False)
    assert "GiB of memory, above the limit of 1 GiB" in error
    assert len(error) < 600


def test_decode_refuses_too_many_steps(run, tmp_path):
    path = tmp_path / "w.safetensors"
    save(Network([[0.0, 1.0], [1.0, 0.0]], [[0.0], [1.0]], [[0.0, 1.0]], activation="identity"), path)
    assert run("decode", path, "--steps", "20")[0] == 0
    status, _, error = run("decode", path, "--steps", "1000000000")
    assert (status, "above the limit of 1 GiB" in error) == (2, True)


def test_a_million_memories_are_predicted_within_the_memory_that_is_counted_for_them():
    task = Task.repeat_copy(1000, 1000)
    predict(Task.repeat_copy(2, 2))  # imports
    tracemalloc.start()
    try:
        assert predict(task).persistent == 10**6
        needed = 32 * 1000 * 1000 + 128 * 1000
        assert tracemalloc.get_traced_memory()[1] < 1.5 * needed
    finally:
        tracemalloc.stop()


def test_blocks_that_do_not_fit_as_rationals_are_refused():
    with pytest.raises(ValueError, match="kept exactly"):
        Task.from_blocks(np.zeros((1, 4000, 4000), dtype=np.int8))


def test_the_limit_itself_fits():
    must_fit(MAX_MEMORY, "this", "that")
    with pytest.raises(ValueError, match=r"this needs about 1\.0 GiB of memory, above the limit of 1 GiB; that"):
        must_fit(MAX_MEMORY + 1, "this", "that")


def test_what_is_shown_is_one_short_line_that_can_be_printed():
    for value in ("a" * 999, "b\nc", "d\x00\x1b[31m", "\ud800", ValueError("e\nf"), "", 10**99):
        text = shown(value)
        assert text.isprintable()
        assert 0 < len(text) <= 60
