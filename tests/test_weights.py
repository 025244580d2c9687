"""Weight files: what is read is exact, and what cannot be read safely is refused in one sentence."""

from __future__ import annotations

import io
import json
import pickle
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from emtheory import weights

ZOO_FILE = Path(weights.__file__).parent / "zoo" / "repeat_copy_s8_k8_n128.npz"


@pytest.fixture
def arrays() -> dict[str, np.ndarray]:
    """A network with three units and two inputs, in the precision that training leaves."""
    rng = np.random.default_rng(0)
    shapes = {"W_hh": (3, 3), "W_uh": (3, 2), "W_r": (2, 3)}
    return {name: rng.standard_normal(shape).astype(np.float32) for name, shape in shapes.items()}


def refused(path: Path, *words: str) -> None:
    """`load` refuses in one sentence that holds these words."""
    with pytest.raises(ValueError, match=r"\A.+\Z") as caught:  # the dot matches no line break
        weights.load(path)
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_an_npz_is_read_exactly_from_every_float_format(tmp_path, arrays, dtype):
    stored = {name: array.astype(dtype) for name, array in arrays.items()}
    np.savez(tmp_path / "w.npz", **stored)
    network = weights.load(tmp_path / "w.npz")
    for name, array in stored.items():
        loaded = getattr(network, name)
        assert loaded.dtype == np.float64
        assert [x.hex() for x in loaded.ravel().tolist()] == [float(x).hex() for x in array.ravel()]


def test_fortran_order_big_endian_and_compressed_entries_are_read_the_same(tmp_path, arrays):
    np.savez(tmp_path / "plain.npz", **arrays)
    np.savez_compressed(tmp_path / "odd.npz", **{k: np.asfortranarray(a).astype(">f4") for k, a in arrays.items()})
    plain, odd = weights.load(tmp_path / "plain.npz"), weights.load(tmp_path / "odd.npz")
    assert np.array_equal(plain.W_hh, odd.W_hh)
    assert np.array_equal(plain.W_uh, odd.W_uh)


def test_safetensors_are_read_exactly_and_bfloat16_too(tmp_path, arrays):
    save_file(arrays, tmp_path / "w.safetensors")
    network = weights.load(tmp_path / "w.safetensors")
    assert np.array_equal(network.W_hh, arrays["W_hh"])
    header, data = {}, b""
    for name, array in arrays.items():
        raw = (array.view(np.uint32) >> 16).astype("<u2").tobytes()
        header[name] = {"dtype": "BF16", "shape": array.shape, "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    header = json.dumps(header).encode()
    (tmp_path / "b.safetensors").write_bytes(struct.pack("<Q", len(header)) + header + data)
    cut = (arrays["W_hh"].view(np.uint32) >> 16 << 16).view(np.float32)
    assert np.array_equal(weights.load(tmp_path / "b.safetensors").W_hh, cut)


def test_a_torch_state_dict_is_recognised_and_its_two_biases_are_added(tmp_path, arrays):
    state = {
        "rnn.weight_hh_l0": arrays["W_hh"],
        "rnn.weight_ih_l0": arrays["W_uh"],
        "rnn.bias_hh_l0": np.array([1, 2, 3], dtype=np.float32),
        "rnn.bias_ih_l0": np.array([0.5, 0, 0], dtype=np.float32),
        "readout.weight": arrays["W_r"],
        "readout.bias": np.zeros(2, dtype=np.float32),
    }
    save_file(state, tmp_path / "w.safetensors")
    network = weights.load(tmp_path / "w.safetensors")
    assert np.array_equal(network.W_r, arrays["W_r"])
    assert network.bias is not None
    assert network.bias.tolist() == [1.5, 2, 3]
    save_file(state | {"readout.bias": np.ones(2, dtype=np.float32)}, tmp_path / "bias.safetensors")
    refused(tmp_path / "bias.safetensors", "readout.bias", "not zero")
    save_file(state | {"rnn.weight_hh_l1": arrays["W_hh"]}, tmp_path / "deep.safetensors")
    refused(tmp_path / "deep.safetensors", "weight_hh_l1", "second layer")
    save_file(state | {"W_hh": arrays["W_hh"]}, tmp_path / "twice.safetensors")
    refused(tmp_path / "twice.safetensors", "both name W_hh")


def test_a_missing_an_empty_and_an_unknown_file_are_refused(tmp_path):
    refused(tmp_path / "absent.npz", "absent.npz", "No such file")
    refused(tmp_path, "cannot be read")
    (tmp_path / "empty.npz").write_bytes(b"")
    refused(tmp_path / "empty.npz", "is empty")
    (tmp_path / "text.npz").write_text("hello, this is no archive")
    refused(tmp_path / "text.npz", "neither")
    np.save(tmp_path / "one.npy", np.eye(2))
    refused(tmp_path / "one.npy", "single .npy array")


def test_truncated_files_are_refused(tmp_path, arrays):
    whole = ZOO_FILE.read_bytes()
    for length in (4, 100, len(whole) // 2, len(whole) - 1):
        (tmp_path / "cut.npz").write_bytes(whole[:length])
        refused(tmp_path / "cut.npz", "truncated or damaged")
    save_file(arrays, tmp_path / "w.safetensors")
    whole = (tmp_path / "w.safetensors").read_bytes()
    for length in (4, 20, len(whole) - 1):
        (tmp_path / "cut.safetensors").write_bytes(whole[:length])
        refused(tmp_path / "cut.safetensors", "truncated or damaged")


class Bomb:
    """Unpickling it fails the test."""

    def __reduce__(self):
        return pytest.fail, ("it was unpickled",)


def test_pickles_are_refused_wherever_they_hide_and_are_never_loaded(tmp_path, arrays):
    for protocol in range(2, 6):
        (tmp_path / "w.pt").write_bytes(pickle.dumps({"W_hh": Bomb()}, protocol=protocol))
        refused(tmp_path / "w.pt", "is a pickle")
    with zipfile.ZipFile(tmp_path / "torch.pt", "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps(Bomb()))
    refused(tmp_path / "torch.pt", "holds a pickle")
    np.savez(tmp_path / "object.npz", **(arrays | {"W_hh": np.array([[Bomb()]], dtype=object)}))
    refused(tmp_path / "object.npz", "W_hh", "Python objects")
    np.savez(tmp_path / "beside.npz", **arrays, notes=np.array([Bomb()], dtype=object))
    assert weights.load(tmp_path / "beside.npz").W_hh.shape == (3, 3)  # an entry that is not read does no harm


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("name", ["W_hh", "W_uh", "W_r", "b"])
def test_weights_that_are_not_finite_are_refused(tmp_path, arrays, name, value):
    arrays["b"] = np.zeros(3, dtype=np.float32)
    arrays[name].flat[0] = value
    np.savez(tmp_path / "w.npz", **arrays)
    refused(tmp_path / "w.npz", name, "NaN or infinite")


@pytest.mark.parametrize(
    ("name", "shape", "words"),
    [
        ("W_hh", (3, 4), ("(3, 4)",)),
        ("W_hh", (9,), ("(9,)",)),
        ("W_uh", (4, 2), ("(4, 2)", "n=3")),
        ("W_r", (2, 4), ("(2, 4)", "n=3")),
        ("W_r", (1, 3), ("(1, 3)", "(3, 2)")),
        ("b", (4,), ("(4,)", "n=3")),
    ],
)
def test_shapes_that_do_not_fit_are_named(tmp_path, arrays, name, shape, words):
    np.savez(tmp_path / "w.npz", **(arrays | {name: np.zeros(shape)}))
    refused(tmp_path / "w.npz", *words)


def test_missing_entries_and_numbers_that_float64_cannot_hold_are_named(tmp_path, arrays):
    np.savez(tmp_path / "w.npz", W_hh=arrays["W_hh"], other=arrays["W_r"])
    refused(tmp_path / "w.npz", "W_uh, W_r missing")
    np.savez(tmp_path / "w.npz", **(arrays | {"W_hh": np.eye(3, dtype=complex)}))
    refused(tmp_path / "w.npz", "complex128")
    np.savez(tmp_path / "w.npz", **(arrays | {"W_hh": np.eye(3, dtype=np.int64) * (2**53 + 1)}))
    refused(tmp_path / "w.npz", "float64 cannot hold")
    np.savez(tmp_path / "w.npz", **(arrays | {"W_hh": np.eye(3, dtype=np.int8)}))
    assert np.array_equal(weights.load(tmp_path / "w.npz").W_hh, np.eye(3))


def npy(shape: tuple[int, ...], data: bytes) -> bytes:
    stream = io.BytesIO()
    np.lib.format.write_array_header_1_0(stream, {"descr": "<f8", "fortran_order": False, "shape": shape})
    return stream.getvalue() + data


def test_a_header_that_claims_more_than_the_file_holds_allocates_nothing(tmp_path):
    for shape in ((10**9, 10**9), (-1, 3), (3, 4)):
        with zipfile.ZipFile(tmp_path / "w.npz", "w") as archive:
            archive.writestr("W_hh.npy", npy(shape, bytes(72)))
        refused(tmp_path / "w.npz", "W_hh", str(shape), "72 follow")
    (tmp_path / "w.safetensors").write_bytes(struct.pack("<Q", 2**60) + b'{"W_hh":{}}')
    refused(tmp_path / "w.safetensors", "header too large")
    header = b'{"W_hh":{"dtype":"F64","shape":[1000000000,1000000000],"data_offsets":[0,72]}}'
    (tmp_path / "w.safetensors").write_bytes(struct.pack("<Q", len(header)) + header + bytes(72))
    refused(tmp_path / "w.safetensors", "truncated or damaged")


def test_a_decompression_bomb_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    with zipfile.ZipFile(tmp_path / "w.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("W_hh.npy", npy((1000, 1000), bytes(8_000_000)))
    assert (tmp_path / "w.npz").stat().st_size < 10_000
    monkeypatch.setattr(weights, "MAX_BYTES", 1_000_000)
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *_: pytest.fail("it was unpacked"))
    refused(tmp_path / "w.npz", "zip bomb")


def test_a_lying_size_in_the_zip_directory_does_not_unpack_more_than_it_says(tmp_path):
    with zipfile.ZipFile(tmp_path / "w.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("W_hh.npy", npy((1000, 1000), bytes(8_000_000)))
    honest = (tmp_path / "w.npz").read_bytes()
    size = struct.pack("<I", len(npy((1000, 1000), b"")) + 8_000_000)
    assert honest.count(size) == 2  # in the entry and in the directory
    (tmp_path / "w.npz").write_bytes(honest.replace(size, struct.pack("<I", 200)))
    refused(tmp_path / "w.npz")


def test_a_file_larger_than_the_limit_is_refused(tmp_path, arrays, monkeypatch):
    np.savez(tmp_path / "w.npz", **arrays)
    monkeypatch.setattr(weights, "MAX_BYTES", 100)
    refused(tmp_path / "w.npz", "larger than 100 bytes")


@pytest.mark.parametrize("suffix", ["npz", "safetensors"])
def test_damaged_bytes_end_in_one_sentence_or_in_a_finite_network(tmp_path, arrays, suffix):
    rng = np.random.default_rng(1)
    path = tmp_path / f"w.{suffix}"
    if suffix == "npz":
        np.savez(path, **arrays)
    else:
        save_file(arrays, path)
    whole = np.frombuffer(path.read_bytes(), dtype=np.uint8)
    outcomes = set()
    for _ in range(400):
        damaged = whole.copy()
        damaged[rng.integers(len(whole), size=rng.integers(1, 4))] = rng.integers(256, dtype=np.uint8)
        path.write_bytes(damaged.tobytes())
        outcomes.add(outcome(path))
    assert outcomes == {"read", "refused"}


def outcome(path: Path) -> str:
    try:
        network = weights.load(path)
    except ValueError as error:
        return "refused" if "\n" not in str(error) else str(error)
    return "read" if np.isfinite(network.W_hh).all() else "not finite"
