"""Decode weight files to arrays: .npz, .safetensors and the state dicts that torch saves.

What a header claims is held against the bytes that are there before anything of that size is allocated. Pickles are
recognised and refused; only the one inside a torch file is read, by torch, in its mode that builds nothing but tensors.
"""

from __future__ import annotations

import json
import warnings
import zipfile
from collections.abc import Mapping
from importlib import import_module
from io import BytesIO
from typing import Any, NamedTuple

import numpy as np

from emtheory.system.array_types import Array
from emtheory.system.arrays import NPY, PICKLES, ZIP, Wanted, archive_of, must_be_small, npz, plain
from emtheory.system.files import MAX_BYTES, read_bytes
from emtheory.system.limits import shown

__all__ = ["ABOUT", "Stored", "decoded", "exactly_float64", "file_bytes"]

ABOUT = ("activation", "leak")
"""What a file may say of its network, beside the weights."""

RETRY = "save W_hh, W_uh and W_r with numpy.savez or safetensors.numpy.save_file"
HEADER = 2**20  # bytes of a .safetensors header: a hundred names take a hundredth of it
_TENSOR_TYPES = ("F16", "F32", "F64", "I8", "I16", "I32", "I64", "U8", "U16", "U32", "U64")


class Stored(NamedTuple):
    """The arrays of a file under their names, and what it says of them: metadata, or the entries `ABOUT` of an .npz."""

    arrays: dict[str, Array]
    about: dict[str, str]


def file_bytes(name: str) -> bytes:
    """The bytes of a weight file; ValueError if it cannot be read or is larger than `MAX_BYTES`.

    >>> file_bytes("absent.npz")
    Traceback (most recent call last):
    ValueError: absent.npz cannot be read: No such file or directory; give an .npz, .safetensors or .pt file
    """
    return read_bytes(name, next_step="give an .npz, .safetensors or .pt file", limit=MAX_BYTES)


def decoded(data: bytes, name: str, wanted: Wanted) -> Stored:
    """The arrays in these bytes whose names are wanted; others are not even unpacked.

    Raises:
        ValueError: a pickle, an unknown format, bytes that are damaged or claim more than is there.

    >>> decoded(b"", "empty.npz", bool)
    Traceback (most recent call last):
    ValueError: empty.npz is empty; save W_hh, W_uh and W_r with numpy.savez or safetensors.numpy.save_file
    """
    if data.startswith(PICKLES):
        raise ValueError(f"{name} is a pickle, which can run code when it is loaded; {RETRY}")
    if data.startswith(NPY):
        raise ValueError(f"{name} is a single .npy array, but a network has three; {RETRY}")
    if data.startswith(ZIP):
        return _archive(data, name, wanted)
    if data[8:9] == b"{" or name.endswith(".safetensors"):
        return _safetensors(data, name, wanted)
    what = "is empty" if not data else "is neither an .npz nor a .safetensors nor a .pt file"
    raise ValueError(f"{name} {what}; {RETRY}")


def _archive(data: bytes, name: str, wanted: Wanted) -> Stored:
    """An .npz file, or what torch.save writes, which has a pickle among its members."""
    if archive_of(data, name, lambda archive: _of_torch(archive, name)):
        return Stored(_state_dict(data, name, wanted), {})
    arrays = npz(data, name, lambda key: wanted(key) or key in ABOUT, next_step=RETRY, limit=MAX_BYTES)
    about = {key: _word(arrays.pop(key), f"{name}: {key}") for key in ABOUT if key in arrays}
    return Stored(arrays, about)


def _word(array: Array, name: str) -> str:
    """One word or number that an .npz file holds beside the weights."""
    if array.shape != () or array.dtype.kind not in "Ufiu":
        raise ValueError(f"{name} must be one word or number, but has shape {shown(array.shape)} and is {array.dtype}")
    try:
        return str(array[()]) if array.dtype.kind == "U" else repr(float(array[()]))
    except ValueError:
        raise ValueError(f"{name} is no text; save it again") from None


def _of_torch(archive: zipfile.ZipFile, name: str) -> bool:
    """Whether it has a pickle; torch does not hold what it reads against the checksums, and never compresses."""
    if not any(member.filename.endswith(".pkl") for member in archive.infolist()):
        return False
    must_be_small(sum(member.file_size for member in archive.infolist()), name, MAX_BYTES)
    if any(member.compress_type != zipfile.ZIP_STORED for member in archive.infolist()):
        raise ValueError(f"{name} holds a pickle and is compressed, which torch never does; save it with torch.save")
    if damaged := archive.testzip():
        raise ValueError(f"{name} is truncated or damaged ({shown(damaged)} has another checksum); copy it again")
    return True


def _state_dict(data: bytes, name: str, wanted: Wanted) -> dict[str, Array]:
    try:
        torch = import_module("torch")
    except ImportError:
        raise ValueError(
            f"{name} holds a pickle, which only torch can read safely; pip install 'emtheory[train]', or {RETRY}"
        ) from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            state = torch.load(BytesIO(data), map_location="cpu", weights_only=True)
    except Exception as error:  # whatever a hostile pickle provokes
        raise ValueError(
            f"{name} holds a pickle that torch refuses to read as plain tensors ({shown(error, 120)}), "
            "and nothing of it was run; save module.state_dict() with torch.save"
        ) from None
    if not isinstance(state, Mapping):
        raise ValueError(f"{name} holds a Python {type(state).__name__}, not a state dict; save module.state_dict()")
    tensors = {key: value for key, value in state.items() if isinstance(key, str) and wanted(key)}
    for key, value in tensors.items():
        if not isinstance(value, torch.Tensor):
            kind = type(value).__name__
            raise ValueError(f"{name}: {shown(key)} is of type {kind}, not a tensor; save module.state_dict()")
    # a few bytes that are repeated by strides of 0 may claim any shape
    must_be_small(sum(8 * value.numel() for value in tensors.values()), name, MAX_BYTES)
    return {key: plain(value, f"{name}: {shown(key)}") for key, value in tensors.items()}


def _safetensors(data: bytes, name: str, wanted: Wanted) -> Stored:
    from safetensors import SafetensorError, deserialize

    header = int.from_bytes(data[:8], "little")
    if HEADER < header <= len(data):
        raise ValueError(f"{name} has a header of {header:,} bytes, but at most {HEADER:,} are read; {RETRY}")
    try:
        entries = deserialize(data)  # type: ignore[no-untyped-call]  # it ships no types
    except SafetensorError as error:
        raise ValueError(f"{name} is truncated or damaged ({shown(error, 120)}); copy or save it again") from None
    chosen = {key: entry for key, entry in entries if wanted(key)}
    must_be_small(sum(8 * int(np.prod(entry["shape"], dtype=object)) for entry in chosen.values()), name, MAX_BYTES)
    about = json.loads(data[8 : 8 + header]).get("__metadata__") or {}
    return Stored({key: _tensor(entry, f"{name}: {shown(key)}") for key, entry in chosen.items()}, about)


def _tensor(entry: Mapping[str, Any], name: str) -> Array:
    kind = entry["dtype"]
    if kind == "BF16":  # the upper half of a float32
        values = (np.frombuffer(entry["data"], dtype="<u2").astype("<u4") << 16).view("<f4")
    elif kind in _TENSOR_TYPES:
        values = np.frombuffer(entry["data"], dtype=f"<{kind[0].lower()}{int(kind[1:]) // 8}")
    else:
        raise ValueError(f"{name} has the type {kind}, which is not read; store float32 or float64")
    return values.reshape(entry["shape"])


def exactly_float64(array: Array, key: str) -> Array:
    """The same numbers as float64, without rounding.

    Raises:
        ValueError: entries that are not real, not finite, or not exact in float64.

    >>> exactly_float64(np.array([2**53 + 1]), "b")
    Traceback (most recent call last):
    ValueError: b of dtype int64 has entries that float64 cannot hold; store float64
    """
    if array.dtype.kind not in "fiu":
        raise ValueError(
            f"{key} has dtype {shown(array.dtype)}, but weights are real numbers; store float32 or float64"
        )
    if not np.isfinite(array).all():
        raise ValueError(f"{key} has NaN or infinite entries; a network needs finite weights")
    with np.errstate(over="ignore"):
        promoted = array.astype(np.float64, copy=False)
    if array.dtype.kind == "f":
        same = array.dtype.itemsize <= 8 or bool((promoted.astype(array.dtype) == array).all())
    else:  # a large integer may round and come back the same
        same = bool(((array <= 2**53) & (array >= -(2**53))).all())
    if not same:
        raise ValueError(f"{key} of dtype {array.dtype} has entries that float64 cannot hold; store float64")
    return promoted
