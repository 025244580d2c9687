"""Read the weights of a recurrent network: from a file that cannot run code, from arrays, or from a live torch module.

Main function: `load(path) -> Network`. The formats are .npz, .safetensors, the state dicts that torch saves (.pt, .pth;
read by torch with weights_only, if it is installed) and `zoo:NAME` (networks that the package ships). Entries are W_hh
(n x n), W_uh (n x kappa), W_r (kappa x n) and an optional b (n), or the names of a torch state dict: weight_hh_l0,
weight_ih_l0, bias_hh_l0, bias_ih_l0 and the weight of one readout layer. A W_hh of 4n x n is an LSTM and one of 3n x n
a GRU: `load_dynamics`, `from_arrays` and `from_torch` give those too.

Every number is promoted to float64 exactly, or refused; the two biases that torch keeps for one are added in float64.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from hashlib import sha256
from importlib import import_module
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import numpy as np

from emtheory.loading import MAX_BYTES, Array, decoded, exactly_float64, file_bytes, plain
from emtheory.theory.cells import GRUCell, LSTMCell
from emtheory.theory.networks import Network

__all__ = [
    "MAX_BYTES",
    "Recurrent",
    "from_arrays",
    "from_torch",
    "load",
    "load_dynamics",
    "save",
    "zoo_card",
    "zoo_names",
]

Recurrent = Network | LSTMCell | GRUCell

ZOO = "zoo:"
_ROLES = {
    "W_hh": "W_hh",
    "W_uh": "W_uh",
    "W_ih": "W_uh",
    "W_r": "W_r",
    "b": "bias",
    "b_hh": "b_hh",
    "b_ih": "b_ih",
    "weight_hh": "W_hh",
    "weight_ih": "W_uh",
    "weight_hr": "projection",
    "bias_hh": "b_hh",
    "bias_ih": "b_ih",
}
_FLAX = {("h", "kernel"): "W_hh", ("i", "kernel"): "W_uh", ("h", "bias"): "b_hh", ("i", "bias"): "b_ih"}
_GATED: dict[int, tuple[str, type[LSTMCell] | type[GRUCell]]] = {4: ("an LSTM", LSTMCell), 3: ("a GRU", GRUCell)}
_EXTRAS = (
    ("num_layers", 1, "several layers"),
    ("bidirectional", False, "two directions"),
    ("proj_size", 0, "a projection"),
)
_NAMES = "name the entries W_hh, W_uh and W_r, or as torch does"
Entries = list[tuple[str, str, Array]]  # role, name, array


def load(path: str | os.PathLike[str]) -> Network:
    """W_hh (n x n), W_uh (n x kappa), W_r (kappa x n), bias (n), activation and leak of the network in a file.

    Arguments:
        path: an .npz, .safetensors, .pt or .pth file, told apart by content, or `zoo:NAME` for a network of the
            package.

    Returns:
        The `Network`; its float64 weights equal the stored ones exactly. The metadata of a .safetensors file may name
        its "activation" and its "leak"; no other format can, and it is tanh without leak. A state dict of a relu RNN
        does not say so: give the module to `from_torch`.

    Raises:
        ValueError: missing, empty, too large, truncated or unknown file; a pickle of more than tensors, or any if torch
            is missing; an entry that is missing, not a real number, not finite, not exact in float64; shapes that do
            not fit each other; W_r that writes another number of entries than W_uh reads; an LSTM or a GRU.

    >>> load("zoo:repeat-copy-s8-k8-n128").W_uh.shape
    (128, 8)
    """
    network = load_dynamics(path)
    if not isinstance(network, Network):
        kind = _GATED[network.gates][0]
        raise ValueError(f"{os.fspath(path)} holds {kind}, but a Network is asked for; read it with load_dynamics")
    if len(network.W_r) != network.W_uh.shape[1]:
        raise ValueError(
            f"{os.fspath(path)}: W_r has shape {network.W_r.shape} and W_uh {network.W_uh.shape}, "
            "but W_r must write as many numbers as W_uh reads; is one of them transposed?"
        )
    return network


def load_dynamics(path: str | os.PathLike[str]) -> Recurrent:
    """The network or gated cell in a file, as `load`, with a readout of any length; gated cells may have none.

    Arguments:
        path: as for `load`.

    Returns:
        An `LSTMCell` if W_hh is 4n x n, a `GRUCell` if it is 3n x n, else a `Network`.

    Raises:
        ValueError: as `load`, but for the last two reasons.

    >>> load_dynamics("zoo:repeat-copy-s8-k8-n128").size
    128
    """
    name = os.fspath(path)
    data = _zoo_bytes(name.removeprefix(ZOO)) if name.startswith(ZOO) else file_bytes(name)
    try:
        arrays, about = decoded(data, name, lambda key: _role(key) is not None)
        entries = [(_role(key) or key, key, array) for key, array in arrays.items()]
        return _assembled(entries, about.get("activation", "tanh"), _leak(about.get("leak", "1")))
    except ValueError as error:
        said = " ".join(str(error).splitlines())  # names in a damaged file may have line breaks
        raise ValueError(said if said.startswith(name) else f"{name}: {said}") from None


def from_arrays(arrays: Mapping[str, Any], *, activation: str = "tanh", leak: float = 1.0) -> Recurrent:
    """The network or gated cell that arrays describe, by their names.

    Arguments:
        arrays: arrays of numpy, JAX or torch, in dicts of dicts or under dotted names: our names (W_hh, W_uh or W_ih,
            W_r; b, or b_hh and b_ih), those of a torch state dict, or those of a Flax `SimpleCell`, whose kernels are
            transposed: {"cell": {"i": {"kernel": kappa x n}, "h": {"kernel": n x n, "bias": n}}, "readout": {"kernel":
            n x kappa}}. Outer names are free.
        activation: of a `Network`, see there.
        leak: of a `Network`, see there.

    Returns:
        An `LSTMCell` if W_hh is 4n x n, a `GRUCell` if it is 3n x n, else a `Network`.

    Raises:
        ValueError: an entry that is missing, unknown, given twice, not a real number, not finite, not exact in float64;
            shapes that do not fit each other; a readout bias that is not 0; an activation or leak for a gated cell.

    >>> cell = {"i": {"kernel": [[1.0, 2.0]]}, "h": {"kernel": [[0.0, 1.0], [0.0, 0.0]], "bias": [0.0, 0.5]}}
    >>> from_arrays({"cell": cell, "readout": {"kernel": [[1.0], [0.0]]}}).W_hh.tolist()
    [[0.0, 0.0], [1.0, 0.0]]
    """
    flat: dict[str, Any] = {}
    for key, value in _flat(arrays, ""):
        if key in flat:
            raise ValueError(f"{key} is given twice, nested and under its dotted name; keep one of them")
        flat[key] = value
    entries = []
    for key, value in flat.items():
        owner, _, last = key.rpartition(".")
        array = plain(value, key)
        role = _flax_role(owner, last) if f"{owner}.kernel" in flat and last in ("kernel", "bias") else _role(key)
        if role is None:
            raise ValueError(f"{key} is no known entry of a network with one layer; rename it or leave it out")
        entries.append((role, key, array.T if last == "kernel" else array))
    return _assembled(entries, activation, leak)


def from_torch(module: Any, readout: Any = None) -> Recurrent:
    """The network or gated cell of a live torch module, its activation included.

    Arguments:
        module: torch.nn.RNN, LSTM, GRU (one layer, one direction), RNNCell, LSTMCell, GRUCell, or a module that
            contains exactly one of them.
        readout: torch.nn.Linear, or a matrix W_r (output dimension x n); if not given, the one Linear in the module.

    Raises:
        ValueError: no module, none or several recurrent layers or readouts, two directions, a projection, a readout
            bias that is not 0, an RNN without readout, weights that are not finite.

    >>> from_torch("model.pt")
    Traceback (most recent call last):
    ValueError: from_torch reads a live torch module, but got a str; read a file with load or load_dynamics
    """
    if not hasattr(module, "named_modules"):
        kind, hint = type(module).__name__, "read a file with load or load_dynamics"
        raise ValueError(f"from_torch reads a live torch module, but got a {kind}; {hint}")
    nn = import_module("torch").nn
    parts = dict(module.named_modules())
    recurrent = {name: part for name, part in parts.items() if isinstance(part, (nn.RNNBase, nn.RNNCellBase))}
    if len(recurrent) != 1:
        raise ValueError(
            f"from_torch needs one recurrent layer, but the module has {len(recurrent)} "
            f"({', '.join(recurrent) or 'none'}); give the one layer itself"
        )
    (layer,) = recurrent.values()
    for attribute, plainly, what in _EXTRAS:
        if getattr(layer, attribute, plainly) != plainly:
            raise ValueError(f"the {type(layer).__name__} has {what}, but the theory has one plain layer; train that")
    if readout is None:
        linear = {name: part for name, part in parts.items() if isinstance(part, nn.Linear)}
        if len(linear) > 1:
            raise ValueError(f"the module has the Linear layers {', '.join(linear)}; give readout=, one of them")
        readout = next(iter(linear.values()), None)
    return _assembled(list(_torch_entries(nn, layer, readout)), getattr(layer, "nonlinearity", "tanh"), 1.0)


def save(network: Network, path: str | os.PathLike[str], about: Mapping[str, str] | None = None) -> None:
    """Write a network as .safetensors, under the names that torch.nn.RNN and torch.nn.Linear use.

    The numbers are float32, torch's default, where that holds all of them exactly, else float64.

    `rnn.weight_hh_l0` (n x n), `rnn.weight_ih_l0` (n x κ), `rnn.bias_hh_l0` (n) if there is one, `readout.weight`
    (κ x n); activation, leak and what `about` says are in the metadata of the file.

    Raises:
        OSError: the file cannot be written.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     save(Network([[0.0]], [[1.0]], [[1.0]], leak=0.5), f"{folder}/w.safetensors")
    ...     load(f"{folder}/w.safetensors").leak
    0.5
    """
    from safetensors.numpy import save as packed

    arrays = {"rnn.weight_hh_l0": network.W_hh, "rnn.weight_ih_l0": network.W_uh, "readout.weight": network.W_r}
    if network.bias is not None:
        arrays |= {"rnn.bias_hh_l0": network.bias, "rnn.bias_ih_l0": 0 * network.bias}
    with np.errstate(over="ignore"):
        narrow = all(np.array_equal(value.astype(np.float32), value) for value in arrays.values())
    kind = np.float32 if narrow else np.float64
    contiguous = {key: np.ascontiguousarray(value, dtype=kind) for key, value in arrays.items()}
    metadata = {"activation": network.activation, "leak": repr(network.leak), **(about or {})}
    target = Path(path)
    new = target.with_name(target.name + ".new")
    new.write_bytes(packed(contiguous, metadata))
    new.replace(target)


def zoo_card(name: str) -> dict[str, Any]:
    """The card of a shipped network.

    Raises:
        ValueError: no network has this name.

    >>> zoo_card("repeat-copy-s8-k8-n128")["activation"]
    'tanh'
    """
    if name not in zoo_names():
        raise ValueError(f"there is no network {name!r} in the zoo; it has {', '.join(zoo_names())}")
    card: dict[str, Any] = json.loads((_zoo() / f"{name}.json").read_text("utf-8"))
    return card


def zoo_names() -> tuple[str, ...]:
    """The names of the shipped networks, sorted.

    >>> zoo_names()[:3]
    ('repeat-copy-s8-k8-n128', 't1-n128', 't1-n64')
    """
    return tuple(sorted(entry.name[:-5] for entry in _zoo().iterdir() if entry.name.endswith(".json")))


def _zoo() -> Traversable:
    return files("emtheory") / "zoo"


def _zoo_bytes(name: str) -> bytes:
    """The bytes of a shipped network, after their checksum was held against the card."""
    card = zoo_card(name)
    data: bytes = (_zoo() / card["file"]).read_bytes()
    if sha256(data).hexdigest() != card["sha256"]:
        raise ValueError(f"zoo:{name} is damaged: its sha256 is not the one on its card; install emtheory again")
    return data


def _torch_entries(nn: Any, layer: Any, readout: Any) -> Iterator[tuple[str, str, Array]]:
    suffix = "_l0" if isinstance(layer, nn.RNNBase) else ""
    for base in ("weight_hh", "weight_ih", "bias_hh", "bias_ih"):
        value = getattr(layer, base + suffix, None)  # torch keeps None, or nothing, for a bias of 0
        if value is not None:
            yield _ROLES[base], base + suffix, plain(value, base + suffix)
    if isinstance(readout, nn.Linear):
        yield "W_r", "readout.weight", plain(readout.weight, "readout.weight")
        if readout.bias is not None:
            yield "readout bias", "readout.bias", plain(readout.bias, "readout.bias")
    elif isinstance(readout, nn.Module):
        raise ValueError(f"the readout must be a Linear or a matrix, but is a {type(readout).__name__}; give W_r")
    elif readout is not None:
        yield "W_r", "readout", plain(readout, "readout")


def _flat(arrays: Mapping[str, Any], owner: str) -> Iterator[tuple[str, Any]]:
    """Arrays in dicts of dicts, under dotted names."""
    for key, value in arrays.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{owner}{key}.")
        else:
            yield f"{owner}{key}", value


def _flax_role(owner: str, last: str) -> str:
    """What an entry of a Flax layer is for: `h` and `i` belong to the cell, any other layer is the readout."""
    return _FLAX.get((owner.rpartition(".")[2], last), {"kernel": "W_r", "bias": "readout bias"}[last])


def _role(key: str) -> str | None:
    """What an entry is for, by the last part of its name; None for what a network does not have."""
    owner, _, last = key.rpartition(".")
    if last in ("weight", "bias"):  # of a torch layer `owner`, the readout
        return {"weight": "W_r", "bias": "readout bias"}[last] if owner else {"bias": "bias"}.get(last)
    known = _ROLES.get(last.removesuffix("_l0"))
    layered = last.startswith(("weight_hh_l", "weight_ih_l", "weight_hr_l", "bias_hh_l", "bias_ih_l"))
    return known or ("further layer" if layered else None)


def _assembled(entries: Entries, activation: str, leak: float) -> Recurrent:
    """The network or cell with these weights, each promoted to float64 without rounding."""
    found: dict[str, list[str]] = {}
    for role, key, _ in entries:
        found.setdefault(role, []).append(key)
    for role, why in (("further layer", "a second layer or direction"), ("projection", "a projection")):
        if role in found:
            raise ValueError(f"{found[role][0]} belongs to {why}, but the theory has one plain layer; give one layer")
    for role, keys in found.items():
        if len(keys) > 1:
            raise ValueError(f"{' and '.join(keys)} both name {role}; keep one of them")
    arrays = {role: array for role, _, array in entries}
    kind, cell = _gated(arrays.get("W_hh"))
    needed = ("W_hh", "W_uh") if cell else ("W_hh", "W_uh", "W_r")
    missing = [role for role in needed if role not in found]
    if missing:
        have = ", ".join(sorted(key for _, key, _ in entries)) or "no weights under a known name"
        raise ValueError(f"{', '.join(missing)} missing, there is {have}; {_NAMES}")
    exact = {role: exactly_float64(array, key) for role, key, array in entries}
    offset = exact.pop("readout bias", None)
    if offset is not None and offset.any():
        raise ValueError(
            f"{found['readout bias'][0]} is not zero, but y = W_r h has no bias; train the readout without"
        )
    biases = [exact[role] for role in ("b_hh", "b_ih") if role in exact]
    if "bias" in exact and (biases or cell):
        has = f"{kind} has" if cell else "the other entries are"
        raise ValueError(f"{found['bias'][0]} is one bias, but {has} b_hh and b_ih; give those two alone")
    if cell is None:
        bias = exact.get("bias", _total(biases))
        return Network(exact["W_hh"], exact["W_uh"], exact["W_r"], bias, activation, leak)
    if activation != "tanh" or leak != 1:
        raise ValueError(f"{kind} has its own activations and no leak, but {activation}, {leak} are asked; drop them")
    return cell(exact["W_uh"], exact["W_hh"], exact.get("b_ih"), exact.get("b_hh"), exact.get("W_r"))


def _gated(W_hh: Array | None) -> tuple[str, type[LSTMCell] | type[GRUCell] | None]:
    """What W_hh belongs to by its shape: 4n x n and 3n x n to gated cells, all else to a `Network`."""
    if W_hh is not None and W_hh.ndim == 2:
        for gates, kind in _GATED.items():
            if W_hh.shape[0] == gates * W_hh.shape[1] > 0:
                return kind
    return "a network", None


def _total(parts: list[Array]) -> Array | None:
    """The sum of the biases that torch keeps for one."""
    if len({part.shape for part in parts}) > 1:
        raise ValueError(f"the biases have shapes {' and '.join(str(part.shape) for part in parts)}; they must agree")
    return sum(parts[1:], parts[0]) if parts else None


def _leak(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"the leak must be a number, but the metadata says {text!r}; save it again") from None
