"""Damaged weight files end in a network of finite weights or in one short sentence, and cost little memory.

The fast suite draws a few hundred; `-m slow` draws 20,000 in process, and 100 for the command line.
"""

from __future__ import annotations

import io
import re
import struct
import tracemalloc
from collections import Counter
from importlib.util import find_spec

import numpy as np
import pytest
from safetensors.numpy import save as packed

from emtheory.networks.weights import load_dynamics

BLOCK = 1000  # draws between two looks at the memory
BLOCKS = 20
COMMAND_LINE = 100
MEMORY = 2**28  # bytes that are allocated at most; the file itself has some thousand
NUMBERS = (0, 1, 0x7F, 0xFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x7FFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF)
TEXTS = (b"activation", b"PK\x01\x02", b"PK\x03\x04", b"\x93NUMPY", b"<f8", b"|O", b"_l0", b"-1", b"9" * 40, b"(" * 99)


def whole_files() -> dict[str, bytes]:
    """Weight files of all formats, by their ending and what is in them."""
    rng = np.random.default_rng(0)
    plain = {"W_hh": (3, 3), "W_uh": (3, 2), "W_r": (2, 3), "b": (3,), "c": (2,)}
    arrays = {name: rng.standard_normal(shape).astype(np.float32) for name, shape in plain.items()}
    cell = {"rnn.weight_hh_l0": (9, 3), "rnn.weight_ih_l0": (9, 2), "rnn.bias_hh_l0": (9,), "readout.weight": (2, 3)}
    gated = {name: rng.standard_normal(shape).astype(np.float16) for name, shape in cell.items()}
    files = {}
    for name, write in (("stored", np.savez), ("deflated", np.savez_compressed)):
        stream = io.BytesIO()
        write(stream, **arrays, activation="relu", leak=0.5)
        files[f"{name}.npz"] = stream.getvalue()
    files["plain.safetensors"] = packed(arrays, {"activation": "sigmoid", "leak": "0.5"})
    files["gru.safetensors"] = packed(gated)
    if find_spec("torch"):
        import torch

        for name, state in (("plain.pt", arrays), ("gru.pt", gated)):
            stream = io.BytesIO()
            torch.save({key: torch.from_numpy(value) for key, value in state.items()}, stream)
            files[name] = stream.getvalue()
    return files


def damaged(whole: bytes, rng: np.random.Generator) -> bytes:
    """One to three changes: bits, bytes that are not zero, numbers, texts, digits, pieces moved, cut or doubled."""
    data = bytearray(whole)
    for _ in range(rng.integers(1, 4)):
        at, kind = int(rng.integers(len(data))), rng.integers(9)
        if kind == 0:
            data[at] ^= 1 << int(rng.integers(8))
        elif kind == 1:  # in the bytes that say what the others mean
            used = np.flatnonzero(np.frombuffer(bytes(data), dtype=np.uint8))
            data[int(rng.choice(used)) if len(used) else at] = int(rng.integers(256))
        elif kind == 2:
            code = ("<B", "<H", "<I", "<Q")[rng.integers(4)]
            number = NUMBERS[rng.integers(len(NUMBERS))] % 256 ** struct.calcsize(code)
            data[at : at + struct.calcsize(code)] = struct.pack(code, number)
        elif kind == 3:
            text = TEXTS[rng.integers(len(TEXTS))]
            data[at : at + len(text)] = text
        elif kind == 4:  # another number in a header, as long as the old one
            digits = [match.span() for match in re.finditer(rb"\d+", bytes(data))]
            start, end = digits[rng.integers(len(digits))] if digits else (at, at)
            data[start:end] = b"".join(str(d).encode() for d in rng.integers(10, size=end - start))
        elif kind == 5:
            del data[at:]
        elif kind == 6:
            del data[at : at + int(rng.integers(1, 64))]
        else:
            end = at + int(rng.integers(1, 256))
            to = int(rng.integers(len(data)))
            data[to : to if kind == 7 else to + end - at] = data[at:end]
        if not data:
            break
    return bytes(data)


def outcomes(folder, seed: int, draws: int) -> Counter[str]:
    """What becomes of so many damaged files; anything but the two that are allowed is raised."""
    files, rng, found = whole_files(), np.random.default_rng(seed), Counter()
    names = sorted(files)
    for draw in range(draws):
        name = names[draw % len(names)]
        path = folder / name
        path.write_bytes(damaged(files[name], rng))
        given = ("tanh", None)[int(rng.integers(2))]
        try:
            network = load_dynamics(path, activation=given)
        except ValueError as error:
            message = str(error)
            assert message.startswith(str(path))
            assert message.isprintable()
            assert len(message.removeprefix(str(path))) < 600
            found["refused"] += 1
        else:
            assert all(np.isfinite(part).all() for part in (network.W_hh, network.W_r) if part is not None)
            found["read"] += 1
    return found


def test_some_damaged_files(tmp_path):
    assert set(outcomes(tmp_path, 0, 300)) == {"read", "refused"}


@pytest.mark.slow
def test_very_many_damaged_files(tmp_path):
    load_dynamics("zoo:t1-n64")  # imports
    for seed in range(1, 1 + BLOCKS):
        tracemalloc.start()
        try:
            assert set(outcomes(tmp_path, seed, BLOCK)) == {"read", "refused"}
            assert tracemalloc.get_traced_memory()[1] < MEMORY
        finally:
            tracemalloc.stop()


@pytest.mark.slow
def test_damaged_files_on_the_command_line(run, tmp_path):
    files, rng = whole_files(), np.random.default_rng(99)
    names = sorted(files)
    for draw in range(COMMAND_LINE):
        path = tmp_path / names[draw % len(names)]
        path.write_bytes(damaged(files[path.name], rng))
        commands = (("analyze",), ("certify", "--task", "repeat-copy:s=1,k=2"), ("fixed-points", "--seeds", "2"))
        command, *rest = commands[rng.integers(3)]
        given = ("--activation", "tanh") if rng.integers(2) else ()
        status, _, error = run(command, path, *rest, *given)
        assert status in (0, 1, 2, 3)
        assert (status == 2) == bool(error), error
        assert error.count("\n") <= 1
        assert "defect of emtheory" not in error
        assert len(error) < 600 + len(str(path))
