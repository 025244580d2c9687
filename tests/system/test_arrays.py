"""Array files: what they claim costs nothing, and what they are not is said in one sentence."""

from __future__ import annotations

import bz2
import io
import os
import struct
import tracemalloc
import zipfile
import zlib
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from emtheory.certificates.certificate import Certificate
from emtheory.networks.weights import load
from emtheory.system.arrays import read_archive, read_array

HUGE = 2**29  # bytes that a bomb unpacks to
ALLOWED = 2**24  # bytes that may be allocated while it is refused


def refused(read, *words: str) -> None:
    """It raises a ValueError of one line with these words, and allocates little."""
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match=r"\A.{1,599}\Z") as caught:
            read()
        assert tracemalloc.get_traced_memory()[1] < ALLOWED
    finally:
        tracemalloc.stop()
    for word in words:
        assert word in str(caught.value)


@cache
def bomb(method: int) -> bytes:
    """The compressed bytes of `HUGE` zeros, made piece by piece."""
    packer = bz2.BZ2Compressor() if method == zipfile.ZIP_BZIP2 else zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = bytes(2**24)
    return b"".join([*(packer.compress(piece) for _ in range(HUGE // len(piece))), packer.flush()])


def archive(path: Path, packed: bytes, method: int, claimed: int, name: str = "W_hh.npy") -> Path:
    """An archive of one entry whose directory claims that it unpacks to `claimed` bytes."""
    sizes = struct.pack("<III", 0, len(packed), claimed)
    about = struct.pack("<HHHHH", 20, 0, method, 0, 0) + sizes + struct.pack("<HH", len(name), 0)
    local = b"PK\x03\x04" + about + name.encode() + packed
    directory = b"PK\x01\x02" + struct.pack("<H", 20) + about + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name.encode()
    end = struct.pack("<HHHHIIH", 0, 0, 1, 1, len(directory), len(local), 0)
    path.write_bytes(local + directory + b"PK\x05\x06" + end)
    return path


@pytest.mark.slow
@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("claimed", [200, 2**22, HUGE])
def test_a_bomb_is_refused_without_its_memory_whatever_the_directory_claims(tmp_path, method, claimed):
    path = archive(tmp_path / "w.npz", bomb(method), method, claimed)
    refused(lambda: load(path), "w.npz")
    refused(lambda: read_archive(path, lambda name: True, next_step="give another"), "w.npz")
    refused(lambda: Certificate.load(archive(path, bomb(method), method, claimed, "radii.npy")), "w.npz")


def test_methods_that_numpy_does_not_write_are_refused_before_they_unpack(tmp_path):
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        with zipfile.ZipFile(tmp_path / "w.npz", "w", method) as file:
            file.writestr("W_hh.npy", bytes(2**22))
        refused(lambda: load(tmp_path / "w.npz"), f"method {method}", "numpy.savez")


def test_no_more_is_unpacked_than_the_directory_claims(tmp_path):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(bytes(2**26)) + packer.flush()
    refused(lambda: load(archive(tmp_path / "w.npz", packed, zipfile.ZIP_DEFLATED, 200)), "truncated or damaged")


def test_small_types_count_with_the_memory_that_they_take_as_float64(tmp_path):
    stream = io.BytesIO()
    header = {"descr": "|i1", "fortran_order": False, "shape": (2**13, 2**13)}
    np.lib.format.write_array_header_1_0(stream, header)
    with zipfile.ZipFile(tmp_path / "w.npz", "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("W_hh.npy", stream.getvalue() + bytes(2**26))  # 64 MiB, and 512 MiB as float64
    with pytest.raises(ValueError, match="W_hh unpacks to 536,870,912 bytes, but at most"):
        load(tmp_path / "w.npz", activation="tanh")


def test_an_archive_of_very_many_entries_is_refused_before_its_directory_is_read(tmp_path):
    with zipfile.ZipFile(tmp_path / "w.npz", "w") as file:
        for i in range(5000):
            file.writestr(f"{i}.npy", b"")
    refused(lambda: load(tmp_path / "w.npz"), "more than 4,096 entries")


def test_a_name_that_is_there_twice_is_refused(tmp_path):
    stream = io.BytesIO()
    np.save(stream, np.eye(2))
    with zipfile.ZipFile(tmp_path / "w.npz", "w") as file:
        file.writestr("W_hh.npy", stream.getvalue())
        with pytest.warns(UserWarning, match="Duplicate"):
            file.writestr("W_hh.npy", stream.getvalue())
    refused(lambda: load(tmp_path / "w.npz"), "W_hh is there twice")


def header_only(path: Path, shape: tuple[int, ...], descr: str = "<f8") -> None:
    with path.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, {"descr": descr, "fortran_order": False, "shape": shape})


@pytest.mark.parametrize(
    ("write", "words"),
    [
        (lambda path: path.write_bytes(b""), ("is empty",)),
        (lambda path: path.write_bytes(b"no array at all"), ("no .npy file",)),
        (lambda path: path.write_bytes(b"PK\x03\x04"), ("archive",)),
        (lambda path: path.write_bytes(b"\x80\x04K\x01."), ("pickle",)),
        (lambda path: np.save(path, np.array([{}], dtype=object)), ("pickles",)),
        (lambda path: header_only(path, (10**9, 10**9)), ("claims 8,000,000,000,000,000,000 bytes",)),
        (lambda path: header_only(path, (0, 10**40)), ("no array of numbers",)),
        (lambda path: header_only(path, (10**30,)), ("far too many",)),
        (lambda path: header_only(path, (0,) * 99), ("no array of numbers",)),
        (lambda path: path.write_bytes(b"\x93NUMPY\x01\x00\xff\xff" + b"(" * 65535), ("no readable .npy header",)),
        (lambda path: path.write_bytes(b"\x93NUMPY\x02\x00\xff\xff\xff\xff"), ("no readable .npy header",)),
        (lambda path: path.write_bytes(b"\x93NUMPY\x03\x00"), ("version",)),
        (os.mkfifo, ("not a regular file",)),
        (Path.mkdir, ("cannot be read",)),
        (lambda path: None, ("No such file",)),
    ],
)
def test_what_is_no_array_is_refused_in_one_sentence_with_the_next_step(tmp_path, write, words):
    path = tmp_path / "a.npy"
    write(path)
    refused(lambda: read_array(path, next_step="write it with numpy.save"), "a.npy", *words)


def test_arrays_are_read_as_they_were_written(tmp_path):
    for array in (np.arange(6.0).reshape(2, 3), np.asfortranarray(np.eye(3)), np.array(["tanh"]), np.float32(2)):
        np.save(tmp_path / "a.npy", array)
        found = read_array(tmp_path / "a.npy", next_step="")
        assert found.dtype == array.dtype
        assert np.array_equal(found, array)
    np.savez_compressed(tmp_path / "a.npz", x=np.eye(2), y=np.array([{}], dtype=object))
    assert list(read_archive(tmp_path / "a.npz", "x".__eq__, next_step="")) == ["x"]  # y is not even unpacked


@pytest.mark.parametrize(
    "words",
    [
        ("predict", "{}"),
        ("oracle", "compose-copy:2", "--at", "9", "--input", "{}"),
        ("certify", "zoo:t3-n64", "--task", "compose-copy:8", "--input", "{}"),
        ("certify", "zoo:t3-n64", "--task", "compose-copy:8", "--check", "{}"),
    ],
    ids=["predict", "oracle", "certify", "check"],
)
def test_commands_refuse_archives_pickles_pipes_and_huge_headers(run, tmp_path, words):
    path = tmp_path / "u.npy"
    for write in (
        lambda: archive(path, b"", zipfile.ZIP_STORED, 0),
        lambda: header_only(path, (10**9, 10**9)),
        lambda: np.save(path, np.array([{}], dtype=object)),
        lambda: os.mkfifo(path),
    ):
        write()
        status, out, error = run(*(word.format(path) for word in words))
        assert (status, out.count("\n") <= 1, error.count("\n")) == (2, True, 1)  # the equation of the network at most
        assert "u.npy" in error
        assert len(error) < 600
        path.unlink()
