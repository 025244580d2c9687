"""Decode weight files to arrays: .npz, .safetensors and the state dicts that torch saves.

What a header claims is held against the bytes that are there before anything of that size is allocated. Pickles are
recognised and refused; only the one inside a torch file is read, by torch, in its mode that builds nothing but tensors.
"""

from __future__ import annotations

import json
import warnings
import zipfile
import zlib
from collections.abc import Callable, Mapping
from importlib import import_module
from io import BytesIO
from math import prod
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["MAX_BYTES", "Array", "Stored", "decoded", "exactly_float64", "file_bytes", "plain"]

Array = NDArray[Any]

MAX_BYTES = 2**28
"""The most bytes a file, or the arrays packed in it, may take: W_hh in float64 up to n = 5,792."""

RETRY = "save W_hh, W_uh and W_r with numpy.savez or safetensors.numpy.save_file"
_PICKLE = tuple(bytes([0x80, protocol]) for protocol in range(2, 6))
_ZIP, _NPY = b"PK", b"\x93NUMPY"
_TENSOR_TYPES = ("F16", "F32", "F64", "I8", "I16", "I32", "I64", "U8", "U16", "U32", "U64")
# what zipfile raises for damaged bytes
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, OverflowError)
Wanted = Callable[[str], bool]


class Stored(NamedTuple):
    """The arrays of a file under their names, and its metadata (only .safetensors has any)."""

    arrays: dict[str, Array]
    about: dict[str, str]


def file_bytes(name: str) -> bytes:
    """The bytes of a file; ValueError if it cannot be read or is larger than `MAX_BYTES`.

    >>> file_bytes("absent.npz")
    Traceback (most recent call last):
    ValueError: absent.npz cannot be read: No such file or directory; give an .npz, .safetensors or .pt file
    """
    try:
        with Path(name).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ValueError(
            f"{name} cannot be read: {error.strerror or error}; give an .npz, .safetensors or .pt file"
        ) from None
    if len(data) > MAX_BYTES:
        raise ValueError(f"{name} is larger than {MAX_BYTES:,} bytes, the most that is read; store the weights alone")
    return data


def decoded(data: bytes, name: str, wanted: Wanted) -> Stored:
    """The arrays in these bytes whose names are wanted; others are not even unpacked.

    Raises:
        ValueError: a pickle, an unknown format, bytes that are damaged or claim more than is there.

    >>> decoded(b"", "empty.npz", bool)
    Traceback (most recent call last):
    ValueError: empty.npz is empty; save W_hh, W_uh and W_r with numpy.savez or safetensors.numpy.save_file
    """
    if data.startswith(_PICKLE):
        raise ValueError(f"{name} is a pickle, which can run code when it is loaded; {RETRY}")
    if data.startswith(_NPY):
        raise ValueError(f"{name} is a single .npy array, but a network has three; {RETRY}")
    if data.startswith(_ZIP):
        return Stored(_archive(data, name, wanted), {})
    if data[8:9] == b"{" or name.endswith(".safetensors"):
        return Stored(_safetensors(data, name, wanted), _about(data))
    what = "is empty" if not data else "is neither an .npz nor a .safetensors nor a .pt file"
    raise ValueError(f"{name} {what}; {RETRY}")


def _archive(data: bytes, name: str, wanted: Wanted) -> dict[str, Array]:
    """An .npz file, or what torch.save writes, which has a pickle among its members."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if any(member.filename.endswith(".pkl") for member in archive.infolist()):
                _must_be_sound(archive, name)
                return _state_dict(data, name, wanted)
            return _npz(archive, name, wanted)
    except (ValueError, *_DAMAGE) as error:
        if str(error).startswith(name):  # one of ours; zipfile does not know the name
            raise
        raise ValueError(f"{name} is truncated or damaged ({error}); copy or save it again") from None


def _npz(archive: zipfile.ZipFile, name: str, wanted: Wanted) -> dict[str, Array]:
    members = {entry.filename.removesuffix(".npy"): entry for entry in archive.infolist() if _is_npy(entry, wanted)}
    _must_be_small(sum(member.file_size for member in members.values()), name)
    return {key: _npy(archive.read(member), f"{name}: {key}") for key, member in members.items()}


def _is_npy(member: zipfile.ZipInfo, wanted: Wanted) -> bool:
    return member.filename.endswith(".npy") and wanted(member.filename.removesuffix(".npy"))


def _must_be_sound(archive: zipfile.ZipFile, name: str) -> None:
    """torch does not hold what it reads against the checksums, and never compresses."""
    _must_be_small(sum(member.file_size for member in archive.infolist()), name)
    if any(member.compress_type != zipfile.ZIP_STORED for member in archive.infolist()):
        raise ValueError(f"{name} holds a pickle and is compressed, which torch never does; save it with torch.save")
    if damaged := archive.testzip():
        raise ValueError(f"{name} is truncated or damaged ({damaged} has another checksum); copy or save it again")


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
            f"{name} holds a pickle that torch refuses to read as plain tensors ({_first_line(error)}), "
            "and nothing of it was run; save module.state_dict() with torch.save"
        ) from None
    if not isinstance(state, Mapping):
        raise ValueError(f"{name} holds a Python {type(state).__name__}, not a state dict; save module.state_dict()")
    tensors = {key: value for key, value in state.items() if isinstance(key, str) and wanted(key)}
    for key, value in tensors.items():
        if not isinstance(value, torch.Tensor):
            raise ValueError(f"{name}: {key} is of type {type(value).__name__}, not a tensor; save module.state_dict()")
    # a few bytes that are repeated by strides of 0 may claim any shape
    _must_be_small(sum(8 * value.numel() for value in tensors.values()), name)
    return {key: plain(value, f"{name}: {key}") for key, value in tensors.items()}


def plain(value: Any, key: str) -> Array:
    """An array, nested list or tensor of numpy, JAX or torch as a numpy array of the same numbers; bfloat16 as float32.

    Raises:
        ValueError: it is no plain array or tensor.

    >>> plain([[1, 2]], "W_uh").shape
    (1, 2)
    """
    try:
        if hasattr(value, "detach"):  # a torch tensor
            value = value.detach().cpu()
            value = (value.float() if str(value.dtype) == "torch.bfloat16" else value).numpy()
        array = np.asarray(value)
        return array.astype(np.float32) if array.dtype.name == "bfloat16" else array
    except (ValueError, TypeError, RuntimeError) as error:
        raise ValueError(f"{key} is no plain array ({_first_line(error)}); store float32 or float64") from None


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)


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
        raise ValueError(f"{name} has no readable .npy header ({_first_line(error)}); {RETRY}") from None
    if dtype.hasobject:
        raise ValueError(f"{name} holds Python objects, which are pickles and can run code; {RETRY}")
    claimed, there = prod(shape) * dtype.itemsize, len(data) - stream.tell()
    if claimed != there or min(shape, default=1) < 0:
        raise ValueError(f"{name} claims {claimed:,} bytes for shape {shape}, but {there:,} follow; save it again")
    flat = np.frombuffer(data, dtype=dtype, offset=stream.tell())
    return flat.reshape(shape, order="F" if fortran else "C")


def _safetensors(data: bytes, name: str, wanted: Wanted) -> dict[str, Array]:
    from safetensors import SafetensorError, deserialize

    try:
        entries = deserialize(data)  # type: ignore[no-untyped-call]  # it ships no types
    except SafetensorError as error:
        raise ValueError(f"{name} is truncated or damaged ({error}); copy or save it again") from None
    return {key: _tensor(entry, f"{name}: {key}") for key, entry in entries if wanted(key)}


def _about(data: bytes) -> dict[str, str]:
    """The metadata of a safetensors file that was read before."""
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    return header.get("__metadata__") or {}


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
