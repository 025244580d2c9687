"""Read the weights of a recurrent network from a file that cannot run code.

Main function: `load(path) -> Network`. The formats are .npz, .safetensors and `zoo:NAME` (networks that the package
ships). Entries are W_hh (n x n), W_uh (n x kappa), W_r (kappa x n) and an optional b (n), or the names of a torch
state dict: weight_hh_l0, weight_ih_l0, bias_hh_l0, bias_ih_l0 and the weight of one readout layer.

Every number is promoted to float64 exactly, or refused. Pickles are recognised and refused, never loaded. What a
header claims is held against the bytes that are there before anything of that size is allocated.
"""

from __future__ import annotations

import json
import os
import zipfile
import zlib
from collections.abc import Mapping
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BytesIO
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emtheory.theory.networks import Network

__all__ = ["MAX_BYTES", "load", "save", "zoo_card", "zoo_names"]

Array = NDArray[Any]

MAX_BYTES = 2**28
"""The most bytes a file, or the arrays packed in it, may take: W_hh in float64 up to n = 5,792."""

ZOO = "zoo:"
_PICKLE = tuple(bytes([0x80, protocol]) for protocol in range(2, 6))
_ZIP, _NPY = b"PK", b"\x93NUMPY"
_MATRICES = ("W_hh", "W_uh", "W_r")
_TORCH = {"weight_hh_l0": "W_hh", "weight_ih_l0": "W_uh", "bias_hh_l0": "bias", "bias_ih_l0": "bias"}
_TENSOR_TYPES = ("F16", "F32", "F64", "I8", "I16", "I32", "I64", "U8", "U16", "U32", "U64")
_RETRY = "save W_hh, W_uh and W_r with numpy.savez or safetensors.numpy.save_file"


def load(path: str | os.PathLike[str]) -> Network:
    """W_hh (n x n), W_uh (n x kappa), W_r (kappa x n) and the bias (n) of the network in a file.

    Arguments:
        path: an .npz or .safetensors file, told apart by content, or `zoo:NAME` for a network of the package.

    Returns:
        The `Network`, tanh unless the metadata of the file names another activation; its float64 weights equal the
        stored ones exactly.

    Raises:
        ValueError: missing, empty, too large, truncated or unknown file; a pickle; an entry that is missing, not a
            real number, not finite, not exact in float64; shapes that do not fit each other.

    >>> load("zoo:repeat-copy-s8-k8-n128").W_uh.shape
    (128, 8)
    """
    name = os.fspath(path)
    data = _zoo_bytes(name.removeprefix(ZOO)) if name.startswith(ZOO) else _file_bytes(name)
    arrays = _decode(data, name)
    try:
        roles = _roles(arrays)
        if roles["W_r"].shape[:1] != roles["W_uh"].shape[-1:]:
            shapes = f"W_r has shape {roles['W_r'].shape} and W_uh {roles['W_uh'].shape}"
            raise ValueError(f"{shapes}, but W_r must write as many numbers as W_uh reads; is one of them transposed?")
        activation = _about(data).get("activation", "tanh")
        return Network(roles["W_hh"], roles["W_uh"], roles["W_r"], roles.get("bias"), activation)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def save(network: Network, path: str | os.PathLike[str], about: Mapping[str, str] | None = None) -> None:
    """Write a network as .safetensors, under the names that torch.nn.RNN and torch.nn.Linear use; float64.

    `rnn.weight_hh_l0` (n x n), `rnn.weight_ih_l0` (n x κ), `rnn.bias_hh_l0` (n) if there is one, `readout.weight`
    (κ x n); the activation and what `about` says are in the metadata of the file.

    Raises:
        OSError: the file cannot be written.
    """
    from safetensors.numpy import save as packed

    arrays = {"rnn.weight_hh_l0": network.W_hh, "rnn.weight_ih_l0": network.W_uh, "readout.weight": network.W_r}
    if network.bias is not None:
        arrays |= {"rnn.bias_hh_l0": network.bias, "rnn.bias_ih_l0": 0 * network.bias}
    contiguous = {key: np.ascontiguousarray(value) for key, value in arrays.items()}
    metadata = {"activation": network.activation, **(about or {})}
    target = Path(path)
    new = target.with_name(target.name + ".new")
    new.write_bytes(packed(contiguous, metadata))
    new.replace(target)


def _file_bytes(name: str) -> bytes:
    try:
        with Path(name).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ValueError(
            f"{name} cannot be read: {error.strerror or error}; give an .npz or .safetensors file"
        ) from None
    if len(data) > MAX_BYTES:
        raise ValueError(f"{name} is larger than {MAX_BYTES:,} bytes, the most that is read; store the weights alone")
    return data


def zoo_card(name: str) -> dict[str, Any]:
    """The card of a shipped network.

    Raises:
        ValueError: no network has this name.
    """
    if name not in zoo_names():
        raise ValueError(f"there is no network {name!r} in the zoo; it has {', '.join(zoo_names())}")
    card: dict[str, Any] = json.loads((_zoo() / f"{name}.json").read_text("utf-8"))
    return card


def zoo_names() -> tuple[str, ...]:
    """The names of the shipped networks, sorted."""
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


def _decode(data: bytes, name: str) -> dict[str, Array]:
    if data.startswith(_PICKLE):
        raise ValueError(f"{name} is a pickle, which can run code when it is loaded; {_RETRY}")
    if data.startswith(_NPY):
        raise ValueError(f"{name} is a single .npy array, but a network has three; {_RETRY}")
    if data.startswith(_ZIP):
        return _npz(data, name)
    if data[8:9] == b"{" or name.endswith(".safetensors"):
        return _safetensors(data, name)
    what = "is empty" if not data else "is neither an .npz nor a .safetensors file"
    raise ValueError(f"{name} {what}; {_RETRY}")


def _npz(data: bytes, name: str) -> dict[str, Array]:
    """The numeric entries that `_roles` may ask for; others are not even unpacked."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            members = archive.infolist()
            if any(member.filename.endswith(".pkl") for member in members):
                raise ValueError(f"{name} holds a pickle, which can run code when it is loaded; {_RETRY}")
            wanted = {member.filename.removesuffix(".npy"): member for member in members if _is_weight(member)}
            _must_be_small(sum(member.file_size for member in wanted.values()), name)
            return {key: _npy(archive.read(member), f"{name}: {key}") for key, member in wanted.items()}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise ValueError(f"{name} is truncated or damaged ({error}); copy or save it again") from None


def _is_weight(member: zipfile.ZipInfo) -> bool:
    return member.filename.endswith(".npy") and _role(member.filename.removesuffix(".npy")) is not None


def _must_be_small(size: int, name: str) -> None:
    if size > MAX_BYTES:
        raise ValueError(f"{name} unpacks to {size:,} bytes, but at most {MAX_BYTES:,} are read; is it a zip bomb?")


def _npy(data: bytes, name: str) -> Array:
    """One .npy entry; its header is believed only when it claims exactly the bytes that follow."""
    stream = BytesIO(data)
    try:
        version = np.lib.format.read_magic(stream)
        if version not in ((1, 0), (2, 0)):
            raise ValueError(f"version {version} holds no plain numbers")
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, fortran, dtype = read(stream)
    except (ValueError, TypeError, SyntaxError) as error:
        raise ValueError(f"{name} has no readable .npy header ({str(error).splitlines()[0]}); {_RETRY}") from None
    if dtype.hasobject:
        raise ValueError(f"{name} holds Python objects, which are pickles and can run code; {_RETRY}")
    claimed, there = prod(shape) * dtype.itemsize, len(data) - stream.tell()
    if claimed != there or min(shape, default=1) < 0:
        raise ValueError(f"{name} claims {claimed:,} bytes for shape {shape}, but {there:,} follow; save it again")
    flat = np.frombuffer(data, dtype=dtype, offset=stream.tell())
    return flat.reshape(shape, order="F" if fortran else "C")


def _safetensors(data: bytes, name: str) -> dict[str, Array]:
    from safetensors import SafetensorError, deserialize

    try:
        entries = deserialize(data)  # type: ignore[no-untyped-call]  # it ships no types
    except SafetensorError as error:
        raise ValueError(f"{name} is truncated or damaged ({error}); copy or save it again") from None
    return {key: _tensor(entry, f"{name}: {key}") for key, entry in entries if _role(key) is not None}


def _about(data: bytes) -> dict[str, str]:
    """The metadata of a safetensors file that was read before; empty for an archive."""
    if data.startswith(_ZIP):
        return {}
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    about: dict[str, str] = header.get("__metadata__", {})
    return about


def _tensor(entry: Mapping[str, Any], name: str) -> Array:
    kind = entry["dtype"]
    if kind == "BF16":  # the upper half of a float32
        values = (np.frombuffer(entry["data"], dtype="<u2").astype("<u4") << 16).view("<f4")
    elif kind in _TENSOR_TYPES:
        values = np.frombuffer(entry["data"], dtype=f"<{kind[0].lower()}{int(kind[1:]) // 8}")
    else:
        raise ValueError(f"{name} has the type {kind}, which is not read; store float32 or float64")
    return values.reshape(entry["shape"])


def _role(key: str) -> str | None:
    """What an entry is for, by the last part of its name; None for what a network does not have."""
    owner, _, last = key.rpartition(".")
    if last in ("weight", "bias"):  # of a torch layer `owner`, the readout
        return {"weight": "W_r", "bias": "readout bias"}[last] if owner else {"bias": "bias"}.get(last)
    if last.startswith(("weight_hh_l", "weight_ih_l", "bias_hh_l", "bias_ih_l")):
        return _TORCH.get(last, "further layer")
    return {"b": "bias"}.get(last, last if last in _MATRICES else None)


def _roles(arrays: Mapping[str, Array]) -> dict[str, Array]:
    """The arguments of `Network`, each promoted to float64 without rounding."""
    found: dict[str, list[str]] = {}
    for key in arrays:
        found.setdefault(_role(key) or key, []).append(key)
    missing = [matrix for matrix in _MATRICES if matrix not in found]
    if missing:
        have = ", ".join(sorted(arrays)) or "no weights under a known name"
        raise ValueError(f"{', '.join(missing)} missing, the file has {have}; {_RETRY}")
    if "further layer" in found:
        raise ValueError(
            f"{found['further layer'][0]} belongs to a second layer, but the theory has one; give one layer"
        )
    for role, keys in found.items():
        if len(keys) > 1 and not (role == "bias" and all("_l0" in key for key in keys)):
            raise ValueError(f"{' and '.join(keys)} both name {role}; keep one of them")
    exact = {role: [_exact(arrays[key], key) for key in keys] for role, keys in found.items()}
    if any(offset.any() for offset in exact.pop("readout bias", [])):
        raise ValueError(
            f"{found['readout bias'][0]} is not zero, but y = W_r h has no bias; train the readout without"
        )
    return {role: _total(parts) for role, parts in exact.items()}


def _exact(array: Array, key: str) -> Array:
    if array.dtype.kind not in "fiu":
        raise ValueError(f"{key} has dtype {array.dtype}, but weights are real numbers; store float32 or float64")
    if not np.isfinite(array).all():
        raise ValueError(f"{key} has NaN or infinite entries; a network needs finite weights")
    with np.errstate(over="ignore"):
        promoted = array.astype(np.float64)
    if array.dtype.kind == "f":
        same = promoted.astype(array.dtype) == array
    else:  # a large integer may round and come back the same
        same = (array <= 2**53) & (array >= -(2**53))
    if not same.all():
        raise ValueError(f"{key} of dtype {array.dtype} has entries that float64 cannot hold; store float64")
    return promoted


def _total(parts: list[Array]) -> Array:
    """One entry, or the sum of the two biases that torch keeps for one."""
    if len({part.shape for part in parts}) > 1:
        raise ValueError(f"the biases have shapes {' and '.join(str(part.shape) for part in parts)}; they must agree")
    return parts[0] if len(parts) == 1 else parts[0] + parts[1]
