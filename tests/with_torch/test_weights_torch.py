"""torch files and modules: what is read is exact, and no pickle of more than tensors is ever run."""

from __future__ import annotations

import pickle
import zipfile
from collections import OrderedDict
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file
from torch import nn

from emtheory.networks import formats as loading
from emtheory.networks import weights
from emtheory.networks.elman import Network
from emtheory.networks.gated import GRUCell, LSTMCell


class Model(nn.Module):
    def __init__(self, kind: type[nn.Module] = nn.RNN, outputs: int = 2, bias: bool = False, **options) -> None:
        super().__init__()
        self.rnn, self.readout = kind(2, 3, **options), nn.Linear(3, outputs, bias=bias)


@pytest.fixture(autouse=True)
def seed() -> None:
    torch.manual_seed(0)


def refused(path: Path, *words: str, activation: str | None = "tanh") -> None:
    with pytest.raises(ValueError, match=r"\A.+\Z") as caught:
        weights.load_dynamics(path, activation=activation)
    for word in words:
        assert word in str(caught.value)


def test_a_state_dict_of_an_rnn_is_read_exactly(tmp_path):
    for model in (Model(), nn.Sequential(OrderedDict(module=Model())), Model(nn.RNNCell)):
        torch.save(model.state_dict(), tmp_path / "w.pt")
        network, state = (
            weights.load(tmp_path / "w.pt", activation="tanh"),
            [p.detach().double().numpy() for p in model.parameters()],
        )
        W_uh, W_hh, b_ih, b_hh, W_r = state
        for found, stored in zip((network.W_uh, network.W_hh, network.W_r), (W_uh, W_hh, W_r), strict=True):
            assert np.array_equal(found, stored)
        assert np.array_equal(network.bias, b_hh + b_ih)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float64])
def test_every_float_type_of_torch_is_promoted_exactly(tmp_path, dtype):
    model = Model().to(dtype)
    torch.save(model.state_dict(), tmp_path / "w.pth")
    for network in (
        weights.load(tmp_path / "w.pth", activation="tanh"),
        weights.from_torch(model),
        weights.from_arrays(model.state_dict(), activation="tanh"),
    ):
        assert np.array_equal(network.W_hh, model.rnn.weight_hh_l0.detach().double().numpy())


@pytest.mark.parametrize(("kind", "cell"), [(nn.LSTM, LSTMCell), (nn.GRU, GRUCell), (nn.GRUCell, GRUCell)])
def test_gated_cells_are_read_from_files_and_modules(tmp_path, kind, cell):
    model = Model(kind, outputs=5)
    torch.save(model.state_dict(), tmp_path / "w.pt")
    for found in (weights.load_dynamics(tmp_path / "w.pt"), weights.from_torch(model)):
        assert type(found) is cell
        fields = (found.W_ih, found.W_hh, found.b_ih, found.b_hh, found.W_r)
        for field, parameter in zip(fields, model.parameters(), strict=True):
            assert np.array_equal(field, parameter.detach().double().numpy())
    bare = weights.from_torch(kind(2, 3, bias=False))
    assert type(bare) is cell
    assert bare.b_ih is bare.b_hh is bare.W_r is None


def test_a_module_gives_its_activation_and_a_readout_may_be_a_matrix():
    relu = weights.from_torch(Model(nonlinearity="relu"))
    assert isinstance(relu, Network)
    assert relu.activation == "relu"
    assert weights.from_torch(Model(nn.RNNCell, nonlinearity="relu")).activation == "relu"
    for matrix in (np.eye(3), torch.eye(3), nn.Linear(3, 3, bias=False)):
        found = weights.from_torch(nn.RNN(2, 3), matrix)
        assert found.activation == "tanh"
        assert np.array_equal(found.W_r, matrix.weight.detach() if isinstance(matrix, nn.Linear) else np.eye(3))


@pytest.mark.parametrize(
    ("module", "readout", "message"),
    [
        (lambda: Model(num_layers=2), None, "the RNN has several layers"),
        (lambda: Model(bidirectional=True), None, "the RNN has two directions"),
        (lambda: Model(nn.LSTM, proj_size=2), None, "the LSTM has a projection"),
        (lambda: nn.RNN(2, 3), None, "W_r missing"),
        (lambda: nn.RNN(2, 3), nn.ReLU(), "must be a Linear or a matrix, but is a ReLU"),
        (lambda: nn.RNN(2, 3), np.zeros((2, 4)), "W_r must have n=3 columns"),
        (lambda: nn.Linear(2, 3), None, r"one recurrent layer, but the module has 0 \(none\)"),
        (lambda: nn.ModuleList([nn.RNN(2, 3), nn.GRU(2, 3)]), None, r"has 2 \(0, 1\)"),
        (lambda: nn.ModuleList([nn.RNN(2, 3), nn.Linear(3, 2), nn.Linear(3, 2)]), None, "the Linear layers 1, 2"),
        (lambda: nn.RNN(2, 3, device="meta"), np.eye(3), "weight_hh_l0 is no plain array"),
    ],
)
def test_modules_that_are_no_network_of_the_theory_are_refused_in_one_sentence(module, readout, message):
    with pytest.raises(ValueError, match=message) as caught:
        weights.from_torch(module(), readout)
    assert "\n" not in str(caught.value)


class Hostile:
    """Unpickling it creates a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


def test_a_hostile_pickle_is_refused_and_does_nothing(tmp_path):
    target = tmp_path / "created"
    good = Model().state_dict()
    for name, content in (("object", Hostile(target)), ("beside", {**good, "notes": Hostile(target)})):
        torch.save(content, tmp_path / f"{name}.pt")
        refused(tmp_path / f"{name}.pt", f"{name}.pt holds a pickle", "nothing of it was run", "state_dict()")
    with zipfile.ZipFile(tmp_path / "hand.pt", "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps(Hostile(target)))
    refused(tmp_path / "hand.pt", "holds a pickle")
    torch.save(good | {"notes": Hostile(target)}, tmp_path / "old.pt", _use_new_zipfile_serialization=False)
    refused(tmp_path / "old.pt", "is a pickle")
    assert not target.exists()
    torch.load(tmp_path / "object.pt", weights_only=False).close()
    assert target.exists()  # it would have been created


def test_files_that_are_no_state_dict_of_one_network_are_refused(tmp_path):
    path, good = tmp_path / "w.pt", Model().state_dict()
    torch.save(Model(), path)
    refused(path, "refuses to read as plain tensors", "state_dict()")
    torch.save([1, 2], path)
    refused(path, "holds a Python list, not a state dict")
    torch.save(good | {"rnn.weight_hh_l0": 3}, path)
    refused(path, "rnn.weight_hh_l0 is of type int, not a tensor")
    torch.save(good | {"rnn.weight_hh_l0": torch.eye(3).to_sparse()}, path)
    refused(path, "rnn.weight_hh_l0", "plain")
    torch.save(good | {"rnn.weight_hh_l0": torch.eye(3, dtype=torch.complex64)}, path)
    refused(path, "complex64")
    torch.save(good | {"rnn.weight_hh_l0": torch.zeros(1).expand(10**9, 10**9)}, path)
    refused(path, "at most")
    torch.save({"state_dict": good, "epoch": 3}, path)
    refused(path, "W_hh, W_uh, W_r missing")
    torch.save(Model(num_layers=2).state_dict(), path)
    refused(path, "second layer")


def test_a_compressed_torch_file_is_refused_before_it_is_unpacked(tmp_path):
    torch.save(Model().state_dict(), tmp_path / "w.pt")
    with (
        zipfile.ZipFile(tmp_path / "w.pt") as plain,
        zipfile.ZipFile(tmp_path / "z.pt", "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for member in plain.infolist():
            packed.writestr(member.filename, plain.read(member))
    refused(tmp_path / "z.pt", "is compressed")


def test_a_torch_file_that_claims_more_than_the_limit_is_refused(tmp_path, monkeypatch):
    torch.save(Model().state_dict(), tmp_path / "w.pt")
    monkeypatch.setattr(loading, "MAX_BYTES", (tmp_path / "w.pt").stat().st_size)
    assert weights.load(tmp_path / "w.pt", activation="tanh").n == 3
    torch.save(Model().state_dict() | {"rnn.weight_hh_l0": torch.zeros(1).expand(100, 100)}, tmp_path / "w.pt")
    refused(tmp_path / "w.pt", "unpacks to")


@pytest.mark.parametrize("suffix", ["pt", "npz", "safetensors"])
def test_truncated_and_flipped_bytes_end_in_one_sentence_or_in_a_valid_object(tmp_path, suffix):
    path, model, rng = tmp_path / f"w.{suffix}", Model(nn.GRU), np.random.default_rng(2)
    arrays = {key: value.numpy() for key, value in model.state_dict().items()}
    if suffix == "pt":
        torch.save(model.state_dict(), path)
    elif suffix == "npz":
        np.savez(path, **arrays)
    else:
        save_file(arrays, path)
    whole = np.frombuffer(path.read_bytes(), dtype=np.uint8)
    outcomes = set()
    for trial in range(400):
        damaged = whole.copy()
        if trial % 4 == 0:
            damaged = damaged[: rng.integers(len(whole))]
        elif trial % 4 == 1:  # anywhere
            damaged[rng.integers(len(whole), size=rng.integers(1, 4))] ^= rng.integers(1, 256, dtype=np.uint8)
        else:  # in the bytes that say what the others mean
            structure = np.flatnonzero(whole)
            damaged[rng.choice(structure)] ^= np.uint8(1 << rng.integers(8))
        path.write_bytes(damaged.tobytes())
        outcomes.add(outcome(path))
    assert outcomes == {"read", "refused"}


def outcome(path: Path) -> str:
    try:
        cell = weights.load_dynamics(path)
    except ValueError as error:
        return "refused" if "\n" not in str(error) else str(error)
    return "read" if np.isfinite(cell.W_hh).all() else "not finite"


def test_a_state_dict_of_a_relu_network_is_never_taken_for_a_tanh_network(run, tmp_path):
    model, path = Model(nonlinearity="relu"), tmp_path / "w.pt"
    torch.save(model.state_dict(), path)
    refused(path, "activation of the units is not named", activation=None)
    found = weights.load(path, activation="relu")
    inputs = torch.randn(1, 4, 2)
    expected = model.readout(model.rnn(inputs.swapaxes(0, 1))[0]).swapaxes(0, 1).detach().double().numpy()
    assert np.allclose(found.run(inputs.double().numpy(), 4).outputs, expected, atol=1e-5)
    words = ("certify", path, "--task", "repeat-copy:s=1,k=2", "--patterns", "1")
    for given, said in (((), "--activation tanh"), (("--activation", "relu"), "the activation is relu")):
        status, out, error = run(*words, *given)
        assert (status, out) == (2, "")
        assert said in error


@pytest.mark.parametrize("kind", [nn.RNN, nn.LSTM, nn.GRU])
def test_the_bias_of_the_readout_is_read_from_files_and_modules(tmp_path, kind):
    model, path = Model(kind, bias=True), tmp_path / "w.pt"
    torch.save(model.state_dict(), path)
    given = "tanh" if kind is nn.RNN else None
    inputs = torch.randn(1, 4, 2)
    expected = model.readout(model.rnn(inputs.swapaxes(0, 1))[0]).swapaxes(0, 1).detach().double().numpy()
    for found in (weights.load_dynamics(path, activation=given), weights.from_torch(model)):
        assert np.array_equal(found.readout_bias, model.readout.bias.detach().double().numpy())
        assert np.allclose(found.run(inputs.double().numpy(), 4).outputs, expected, atol=1e-5)
