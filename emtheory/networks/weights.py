"""Read the weights of a recurrent network: from a file that cannot run code, from arrays, or from a live torch module.

Main function: `load(path) -> Network`. The formats are .npz, .safetensors, the state dicts that torch saves (.pt, .pth;
read by torch with weights_only, if it is installed) and `zoo:NAME` (networks that the package ships). Entries are W_hh
(n x n), W_uh (n x kappa), W_r (kappa x n), an optional b (n) and an optional c (kappa, the readout bias), or the names
of a torch state dict: weight_hh_l0, weight_ih_l0, bias_hh_l0, bias_ih_l0, and weight and bias of one readout layer. A
W_hh of 4n x n is an LSTM and one of 3n x n a GRU: `load_dynamics`, `from_arrays` and `from_torch` give those too.

Weights alone do not say what their units compute: the activation is read from the file where it is named, else it has
to be given. Every number is promoted to float64 exactly, or refused.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import numpy as np

from emtheory.networks import cards
from emtheory.networks.assembling import GATED, ROLES, Recurrent, assembled, flattened, flax_role, role
from emtheory.networks.elman import Network
from emtheory.networks.formats import Stored, decoded, file_bytes
from emtheory.system import files
from emtheory.system.array_types import Array
from emtheory.system.arrays import plain
from emtheory.system.limits import shown

__all__ = ["Recurrent", "from_arrays", "from_torch", "load", "load_dynamics", "save"]

ZOO = "zoo:"
_EXTRAS = (
    ("num_layers", 1, "several layers"),
    ("bidirectional", False, "two directions"),
    ("proj_size", 0, "a projection"),
)


def load(path: str | os.PathLike[str], *, activation: str | None = None, leak: float | None = None) -> Network:
    """W_hh (n x n), W_uh (n x kappa), W_r (kappa x n), bias (n), readout bias (kappa), activation and leak in a file.

    Arguments:
        path: an .npz, .safetensors, .pt or .pth file, told apart by content, or `zoo:NAME` for a network of the
            package.
        activation: "tanh", "identity", "relu" or "sigmoid"; needed where the file does not name it. The metadata of a
            .safetensors file may name "activation" and "leak", an .npz file may have them as entries; a state dict of
            torch never names them, so give the live module to `from_torch`, or say it here.
        leak: as the activation; 1, no leak, where nobody names one.

    Returns:
        The `Network`; its float64 weights equal the stored ones exactly.

    Raises:
        ValueError: missing, empty, too large, truncated or unknown file; a pickle of more than tensors, or any if torch
            is missing; an entry that is missing, not a real number, not finite, not exact in float64; shapes that do
            not fit each other; W_r that writes another number of entries than W_uh reads; an LSTM or a GRU; an
            activation that nobody names, or another one than the file does.

    >>> load("zoo:repeat-copy-s8-k8-n128").W_uh.shape
    (128, 8)
    """
    network, name = load_dynamics(path, activation=activation, leak=leak), os.fspath(path)
    if not isinstance(network, Network):
        kind = GATED[network.gates][0]
        raise ValueError(f"{name} holds {kind}, but a Network is asked for; read it with load_dynamics")
    if len(network.W_r) != network.W_uh.shape[1]:
        raise ValueError(
            f"{name}: W_r has shape {network.W_r.shape} and W_uh {network.W_uh.shape}, "
            "but W_r must write as many numbers as W_uh reads; is one of them transposed?"
        )
    return network


def load_dynamics(
    path: str | os.PathLike[str], *, activation: str | None = None, leak: float | None = None
) -> Recurrent:
    """The network or gated cell in a file, as `load`, with a readout of any length; gated cells may have none.

    Arguments:
        path, activation, leak: as for `load`; gated cells have neither of the last two.

    Returns:
        An `LSTMCell` if W_hh is 4n x n, a `GRUCell` if it is 3n x n, else a `Network`.

    Raises:
        ValueError: as `load`, but for a readout of another length and a gated cell.

    >>> load_dynamics("zoo:repeat-copy-s8-k8-n128").size
    128
    """
    name = os.fspath(path)
    try:
        arrays, about = _stored(name)
        entries = [(role(key) or key, key, array) for key, array in arrays.items()]
        stated = about.get("activation"), _number(about.get("leak"))
        return assembled(entries, _agreed("activation", stated[0], activation), _agreed("leak", stated[1], leak))
    except ValueError as error:
        said = " ".join(str(error).split())  # names in a damaged file may have line breaks
        raise ValueError(said if said.startswith(name) else f"{name}: {said}") from None


def _stored(name: str) -> Stored:
    """Arrays and facts of a file; the facts of a shipped network are those of its card."""
    data = cards.stored(name.removeprefix(ZOO)) if name.startswith(ZOO) else file_bytes(name)
    found = decoded(data, name, lambda key: role(key) is not None)
    if name.startswith(ZOO):
        found.about.setdefault("activation", cards.card(name.removeprefix(ZOO))["activation"])
    return found


def _number(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        raise ValueError(f"the leak must be a number, but the file says {shown(text)!r}; save it again") from None


def _agreed(what: str, stated: Any, given: Any) -> Any:
    """What the file states or, where it does not, what is given; ValueError if they differ."""
    if stated is not None and given is not None and stated != given:
        raise ValueError(
            f"the file says that its {what} is {shown(stated)}, but {shown(given)} is given; leave that away"
        )
    return given if stated is None else shown(stated) if isinstance(stated, str) else stated


def from_arrays(arrays: Mapping[str, Any], *, activation: str | None = None, leak: float | None = None) -> Recurrent:
    """The network or gated cell that arrays describe, by their names.

    Arguments:
        arrays: arrays of numpy, JAX or torch, in dicts of dicts or under dotted names: our names (W_hh, W_uh or W_ih,
            W_r; b, or b_hh and b_ih; c), those of a torch state dict, or those of a Flax `SimpleCell`, whose kernels
            are transposed: {"cell": {"i": {"kernel": kappa x n}, "h": {"kernel": n x n, "bias": n}}, "readout":
            {"kernel": n x kappa, "bias": kappa}}. Outer names are free.
        activation: of a `Network`, which needs it; gated cells have their own.
        leak: of a `Network`; 1, no leak, if it is left out.

    Returns:
        An `LSTMCell` if W_hh is 4n x n, a `GRUCell` if it is 3n x n, else a `Network`.

    Raises:
        ValueError: an entry that is missing, unknown, given twice, not a real number, not finite, not exact in float64;
            shapes that do not fit each other; a `Network` without activation; an activation or leak for a gated cell.

    >>> cell = {"i": {"kernel": [[1.0, 2.0]]}, "h": {"kernel": [[0.0, 1.0], [0.0, 0.0]], "bias": [0.0, 0.5]}}
    >>> from_arrays({"cell": cell, "readout": {"kernel": [[1.0], [0.0]]}}, activation="tanh").W_hh.tolist()
    [[0.0, 0.0], [1.0, 0.0]]
    """
    flat: dict[str, Any] = {}
    for key, value in flattened(arrays):
        if key in flat:
            raise ValueError(f"{key} is given twice, nested and under its dotted name; keep one of them")
        flat[key] = value
    entries = []
    for key, value in flat.items():
        owner, _, last = key.rpartition(".")
        array = plain(value, key)
        what = flax_role(owner, last) if f"{owner}.kernel" in flat and last in ("kernel", "bias") else role(key)
        if what is None:
            raise ValueError(f"{key} is no known entry of a network with one layer; rename it or leave it out")
        entries.append((what, key, array.T if last == "kernel" else array))
    return assembled(entries, activation, leak)


def from_torch(module: Any, readout: Any = None) -> Recurrent:
    """The network or gated cell of a live torch module, its activation and all its biases included.

    Arguments:
        module: torch.nn.RNN, LSTM, GRU (one layer, one direction), RNNCell, LSTMCell, GRUCell, or a module that
            contains exactly one of them.
        readout: torch.nn.Linear, or a matrix W_r (output dimension x n); if not given, the one Linear in the module.

    Raises:
        ValueError: no module, none or several recurrent layers or readouts, two directions, a projection, an RNN
            without readout, weights that are not finite.

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
    return assembled(list(_torch_entries(nn, layer, readout)), getattr(layer, "nonlinearity", None), None)


def _torch_entries(nn: Any, layer: Any, readout: Any) -> Iterator[tuple[str, str, Array]]:
    suffix = "_l0" if isinstance(layer, nn.RNNBase) else ""
    for base in ("weight_hh", "weight_ih", "bias_hh", "bias_ih"):
        value = getattr(layer, base + suffix, None)  # torch keeps None, or nothing, for a bias of 0
        if value is not None:
            yield ROLES[base], base + suffix, plain(value, base + suffix)
    if isinstance(readout, nn.Linear):
        yield "W_r", "readout.weight", plain(readout.weight, "readout.weight")
        if readout.bias is not None:
            yield "readout_bias", "readout.bias", plain(readout.bias, "readout.bias")
    elif isinstance(readout, nn.Module):
        raise ValueError(f"the readout must be a Linear or a matrix, but is a {type(readout).__name__}; give W_r")
    elif readout is not None:
        yield "W_r", "readout", plain(readout, "readout")


def save(network: Network, path: str | os.PathLike[str], about: Mapping[str, str] | None = None) -> None:
    """Write a network as .safetensors, under the names that torch.nn.RNN and torch.nn.Linear use.

    The numbers are float32, torch's default, where that holds all of them exactly, else float64.

    `rnn.weight_hh_l0` (n x n), `rnn.weight_ih_l0` (n x κ), `rnn.bias_hh_l0` (n) if there is one, `readout.weight`
    (κ x n), `readout.bias` (κ) if there is one; activation, leak and what `about` says are in the metadata of the file.

    Raises:
        ValueError: the file cannot be written.

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
    if network.readout_bias is not None:
        arrays["readout.bias"] = network.readout_bias
    with np.errstate(over="ignore"):
        narrow = all(np.array_equal(value.astype(np.float32), value) for value in arrays.values())
    kind = np.float32 if narrow else np.float64
    contiguous = {key: np.ascontiguousarray(value, dtype=kind) for key, value in arrays.items()}
    metadata = {**(about or {}), "activation": network.activation, "leak": repr(network.leak)}
    files.write(path, packed(contiguous, metadata))
