"""Weight files: what is read is exact, and what cannot be read safely is refused in one sentence."""

from __future__ import annotations

import io
import json
import pickle
import struct
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from emtheory.networks import formats as loading
from emtheory.networks import weights
from emtheory.networks.elman import Network
from emtheory.networks.gated import GRUCell, LSTMCell

ZOO_FILE = Path(weights.__file__).parent / "zoo" / "repeat_copy_s8_k8_n128.npz"


@pytest.fixture
def arrays() -> dict[str, np.ndarray]:
    """A network with three units and two inputs, in the precision that training leaves."""
    rng = np.random.default_rng(0)
    shapes = {"W_hh": (3, 3), "W_uh": (3, 2), "W_r": (2, 3)}
    return {name: rng.standard_normal(shape).astype(np.float32) for name, shape in shapes.items()}


def refused(path: Path, *words: str, activation: str | None = "tanh") -> None:
    """`load` refuses in one sentence that holds these words."""
    with pytest.raises(ValueError, match=r"\A.+\Z") as caught:  # the dot matches no line break
        weights.load(path, activation=activation)
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_an_npz_is_read_exactly_from_every_float_format(tmp_path, arrays, dtype):
    stored = {name: array.astype(dtype) for name, array in arrays.items()}
    np.savez(tmp_path / "w.npz", **stored)
    network = weights.load(tmp_path / "w.npz", activation="tanh")
    for name, array in stored.items():
        loaded = getattr(network, name)
        assert loaded.dtype == np.float64
        assert [x.hex() for x in loaded.ravel().tolist()] == [float(x).hex() for x in array.ravel()]


def test_fortran_order_big_endian_and_compressed_entries_are_read_the_same(tmp_path, arrays):
    np.savez(tmp_path / "plain.npz", **arrays)
    np.savez_compressed(tmp_path / "odd.npz", **{k: np.asfortranarray(a).astype(">f4") for k, a in arrays.items()})
    plain, odd = (
        weights.load(tmp_path / "plain.npz", activation="tanh"),
        weights.load(tmp_path / "odd.npz", activation="tanh"),
    )
    assert np.array_equal(plain.W_hh, odd.W_hh)
    assert np.array_equal(plain.W_uh, odd.W_uh)


def test_safetensors_are_read_exactly_and_bfloat16_too(tmp_path, arrays):
    save_file(arrays, tmp_path / "w.safetensors")
    network = weights.load(tmp_path / "w.safetensors", activation="tanh")
    assert np.array_equal(network.W_hh, arrays["W_hh"])
    header, data = {}, b""
    for name, array in arrays.items():
        raw = (array.view(np.uint32) >> 16).astype("<u2").tobytes()
        header[name] = {"dtype": "BF16", "shape": array.shape, "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    header = json.dumps(header).encode()
    (tmp_path / "b.safetensors").write_bytes(struct.pack("<Q", len(header)) + header + data)
    cut = (arrays["W_hh"].view(np.uint32) >> 16 << 16).view(np.float32)
    assert np.array_equal(weights.load(tmp_path / "b.safetensors", activation="tanh").W_hh, cut)


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
    network = weights.load(tmp_path / "w.safetensors", activation="tanh")
    assert np.array_equal(network.W_r, arrays["W_r"])
    assert network.bias is not None
    assert network.bias.tolist() == [1.5, 2, 3]
    save_file(state | {"rnn.weight_hh_l1": arrays["W_hh"]}, tmp_path / "deep.safetensors")
    refused(tmp_path / "deep.safetensors", "weight_hh_l1", "second layer")
    save_file(state | {"W_hh": arrays["W_hh"]}, tmp_path / "twice.safetensors")
    refused(tmp_path / "twice.safetensors", "both name W_hh")


@pytest.mark.parametrize("activation", ["relu", "sigmoid", "identity", "tanh"])
def test_the_metadata_of_safetensors_carries_activation_and_leak(tmp_path, arrays, activation):
    path = tmp_path / "w.safetensors"
    weights.save(Network(**arrays, activation=activation, leak=0.1), path)
    again = weights.load(path)
    assert (again.activation, again.leak) == (activation, 0.1)


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ({"activation": "sin"}, ("one of tanh", "'sin'")),
        ({"activation": "tanh", "leak": "half"}, ("leak must be a number", "'half'")),
        ({"activation": "tanh", "leak": "nan"}, ("(0, 1]", "nan")),
        ({"activation": "tanh", "leak": "2"}, ("(0, 1]", "2.0")),
    ],
)
def test_metadata_that_no_network_can_have_is_refused(tmp_path, arrays, about, words):
    save_file(arrays, tmp_path / "w.safetensors", about)
    refused(tmp_path / "w.safetensors", "w.safetensors", *words, activation=None)


@pytest.mark.parametrize(("gates", "kind"), [(4, LSTMCell), (3, GRUCell)])
def test_gated_cells_are_told_apart_by_their_shape(tmp_path, gates, kind):
    rng = np.random.default_rng(0)
    state = {
        "module.rnn.weight_ih_l0": rng.standard_normal((gates * 3, 2)),
        "module.rnn.weight_hh_l0": rng.standard_normal((gates * 3, 3)),
        "module.rnn.bias_ih_l0": rng.standard_normal(gates * 3),
        "module.rnn.bias_hh_l0": rng.standard_normal(gates * 3),
        "module.out.weight": rng.standard_normal((5, 3)),
    }
    path = tmp_path / "w.safetensors"
    save_file(state, path)
    for cell in (weights.load_dynamics(path), weights.from_arrays(state)):
        assert type(cell) is kind
        fields = (cell.W_ih, cell.W_hh, cell.b_ih, cell.b_hh, cell.W_r)
        assert all(np.array_equal(field, array) for field, array in zip(fields, state.values(), strict=True))
    refused(path, "an LSTM" if gates == 4 else "a GRU", "load_dynamics")
    save_file(state, path, {"activation": "relu"})
    with pytest.raises(ValueError, match="its own activations and no leak, but the activation relu is given"):
        weights.load_dynamics(path)
    bare = weights.from_arrays({"W_ih": state["module.rnn.weight_ih_l0"], "W_hh": state["module.rnn.weight_hh_l0"]})
    assert type(bare) is kind
    assert bare.b_ih is bare.b_hh is bare.W_r is None
    with pytest.raises(ValueError, match=r"b is one bias, but .* has b_hh and b_ih"):
        weights.from_arrays({"W_ih": bare.W_ih, "W_hh": bare.W_hh, "b": np.zeros(gates * 3)})


def flax(arrays, bias=None):
    """As a Flax SimpleCell and Dense keep them."""
    cell = {"i": {"kernel": arrays["W_uh"].T}, "h": {"kernel": arrays["W_hh"].T}}
    if bias is not None:
        cell["h"]["bias"] = bias
    return {"params": {"cell": cell, "readout": {"kernel": arrays["W_r"].T, "bias": np.zeros(2)}}}


def test_flax_kernels_are_transposed(arrays):
    bias = np.array([1, 2, 3], dtype=np.float16)
    network = weights.from_arrays(flax(arrays, bias), activation="relu", leak=0.5)
    assert all(np.array_equal(getattr(network, name), array) for name, array in arrays.items())
    assert network.bias is not None
    assert network.bias.tolist() == [1, 2, 3]
    assert (network.activation, network.leak) == ("relu", 0.5)
    assert weights.from_arrays(flax(arrays), activation="tanh").bias is None
    tree = flax(arrays)["params"]
    x, h = np.ones(2), np.arange(3.0)
    one_step = np.tanh(x @ tree["cell"]["i"]["kernel"] + h @ tree["cell"]["h"]["kernel"])
    assert np.allclose(
        weights.from_arrays(tree, activation="tanh").run([[x]], 1, start=h).states[0, 0], one_step, rtol=1e-6
    )


def test_our_names_and_those_of_torch_are_read_from_flat_and_nested_dicts(arrays):
    state = {"weight_hh_l0": arrays["W_hh"], "weight_ih_l0": arrays["W_uh"], "bias_hh_l0": [1.0, 2.0, 3.0]}
    for given in (
        {**arrays, "b": [1.0, 2.0, 3.0]},
        {**arrays, "bias": [1, 2, 3]},
        {"rnn": state, "readout": {"weight": arrays["W_r"], "bias": [0.0, 0.0]}},
        {"rnn": {key.removesuffix("_l0"): value for key, value in state.items()}, "out.weight": arrays["W_r"]},
    ):
        network = weights.from_arrays(given, activation="tanh")
        assert all(np.array_equal(getattr(network, name), array) for name, array in arrays.items())
        assert network.bias is not None
        assert network.bias.tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda tree: tree["cell"].pop("i"), "W_uh missing, there is cell.h.kernel, readout.bias, readout.kernel"),
        (lambda tree: tree.pop("readout"), "W_r missing"),
        (lambda tree: tree.update(other={"kernel": np.eye(3)}), "readout.kernel and other.kernel both name W_r"),
        (lambda tree: tree.update(W_hh=np.eye(3)), "cell.h.kernel and W_hh both name W_hh"),
        (lambda tree: tree.update({"cell.h.kernel": np.eye(3)}), "cell.h.kernel is given twice"),
        (lambda tree: tree["cell"].update(scale=np.eye(3)), "cell.scale is no known entry"),
        (lambda tree: tree["readout"].update(bias=np.ones(3)), "the readout bias must have 2 entries"),
        (lambda tree: tree.update(weight_hh_l1=np.eye(3)), "weight_hh_l1 belongs to a second layer or direction"),
        (lambda tree: tree.update(weight_hh_l0_reverse=np.eye(3)), "second layer or direction"),
        (lambda tree: tree.update(weight_hr_l0=np.eye(3)), "weight_hr_l0 belongs to a projection"),
        (lambda tree: tree.update(b=np.zeros(3), b_hh=np.zeros(3)), "b is one bias, but the other entries are b_hh"),
        (lambda tree: tree.update(b_ih=np.zeros(2), b_hh=np.zeros(3)), r"biases have shapes \(3,\) and \(2,\)"),
        (lambda tree: tree["cell"]["h"].update(kernel=[[1.0], [1.0, 2.0]]), "cell.h.kernel is no plain array"),
        (lambda tree: tree["cell"]["h"].update(kernel=object()), "cell.h.kernel has dtype object"),
        (lambda tree: tree["cell"]["h"].update(kernel=np.full((3, 3), np.nan)), "cell.h.kernel has NaN"),
        (lambda tree: tree["cell"]["h"].update(kernel=np.zeros((3, 2))), "W_hh must be square"),
        (lambda tree: tree.clear(), "W_hh, W_uh, W_r missing, there is no weights under a known name"),
    ],
)
def test_entries_that_are_missing_unknown_or_ambiguous_are_named_in_one_sentence(arrays, change, message):
    tree = flax(arrays)["params"]
    change(tree)
    with pytest.raises(ValueError, match=message) as caught:
        weights.from_arrays(tree, activation="tanh")
    assert "\n" not in str(caught.value)


def test_a_bfloat16_array_is_promoted_exactly(arrays):
    import ml_dtypes

    network = weights.from_arrays({**arrays, "W_hh": arrays["W_hh"].astype(ml_dtypes.bfloat16)}, activation="tanh")
    cut = arrays["W_hh"].astype(ml_dtypes.bfloat16).astype(np.float64)
    assert np.array_equal(network.W_hh, cut)


def test_without_torch_its_files_are_refused_with_the_name_of_the_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    with zipfile.ZipFile(tmp_path / "w.pt", "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps(Bomb()))
    refused(tmp_path / "w.pt", "w.pt holds a pickle", "pip install 'emtheory[train]'")


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
    assert weights.load(tmp_path / "beside.npz", activation="tanh").W_hh.shape == (
        3,
        3,
    )  # an entry that is not read does no harm


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
    assert np.array_equal(weights.load(tmp_path / "w.npz", activation="tanh").W_hh, np.eye(3))


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
    refused(tmp_path / "w.safetensors", "w.safetensors is truncated or damaged")
    header = b'{"W_hh":{"dtype":"F64","shape":[1000000000,1000000000],"data_offsets":[0,72]}}'
    (tmp_path / "w.safetensors").write_bytes(struct.pack("<Q", len(header)) + header + bytes(72))
    refused(tmp_path / "w.safetensors", "truncated or damaged")


def test_a_decompression_bomb_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    with zipfile.ZipFile(tmp_path / "w.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("W_hh.npy", npy((1000, 1000), bytes(8_000_000)))
    assert (tmp_path / "w.npz").stat().st_size < 10_000
    monkeypatch.setattr(loading, "MAX_BYTES", 1_000_000)
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("it was unpacked"))
    refused(tmp_path / "w.npz", "zip bomb")


def test_a_lying_size_in_the_zip_directory_does_not_unpack_more_than_it_says(tmp_path):
    with zipfile.ZipFile(tmp_path / "w.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("W_hh.npy", npy((1000, 1000), bytes(8_000_000)))
    honest = (tmp_path / "w.npz").read_bytes()
    size = struct.pack("<I", len(npy((1000, 1000), b"")) + 8_000_000)
    assert honest.count(size) == 2  # in the entry and in the directory
    (tmp_path / "w.npz").write_bytes(honest.replace(size, struct.pack("<I", 200)))
    refused(tmp_path / "w.npz")


def test_what_zipfile_itself_raises_is_one_sentence_with_the_name_of_the_file(tmp_path, arrays, monkeypatch):
    np.savez(tmp_path / "w.npz", **arrays)
    for error in (ValueError("negative seek value -99"), OverflowError("too large"), zipfile.BadZipFile("a\nb")):

        def broken(*_, error=error):
            raise error

        monkeypatch.setattr(zipfile.ZipFile, "open", broken)
        refused(tmp_path / "w.npz", "w.npz is truncated or damaged")


def test_a_file_larger_than_the_limit_is_refused(tmp_path, arrays, monkeypatch):
    np.savez(tmp_path / "w.npz", **arrays)
    monkeypatch.setattr(loading, "MAX_BYTES", 100)
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
        network = weights.load(path, activation="tanh")
    except ValueError as error:
        return "refused" if "\n" not in str(error) else str(error)
    return "read" if np.isfinite(network.W_hh).all() else "not finite"
