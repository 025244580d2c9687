"""Arrays out of bytes that nobody vouches for: .npy and .npz, within a bound, and never a pickle.

Main functions: `read_array` (.npy) and `read_archive` (.npz). What a header or a directory claims is held against the
bytes that are there before anything of that size is allocated, and no more is unpacked than was claimed. Every array
file of the package is read by them; weight files add formats of their own in `emtheory.networks.formats`.
"""

from __future__ import annotations

import os
import warnings
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from math import prod
from tokenize import TokenError
from typing import Any, TypeVar

import numpy as np

from emtheory.system.array_types import Array
from emtheory.system.files import MAX_BYTES, read_bytes
from emtheory.system.limits import shown

__all__ = [
    "NPY",
    "ZIP",
    "Wanted",
    "archive_of",
    "must_be_small",
    "npy",
    "npz",
    "plain",
    "read_archive",
    "read_array",
]

Wanted = Callable[[str], bool]
Found = TypeVar("Found")

ZIP, NPY = b"PK", b"\x93NUMPY"
MEMBERS = 4096  # entries of an archive: a directory of millions takes gigabytes by itself
PICKLES = tuple(bytes([0x80, protocol]) for protocol in range(2, 6))
# what zipfile raises for damaged bytes
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, OverflowError)


def read_array(path: str | os.PathLike[str], *, next_step: str, limit: int = MAX_BYTES) -> Array:
    """The one array of an .npy file.

    Arguments:
        path: the file.
        next_step: what to do instead, said behind the reason of a refusal.
        limit: the most bytes that are read, and that the numbers take as float64.

    Raises:
        ValueError: the file cannot be read, is no .npy file, is damaged, or holds pickled objects.

    >>> read_array("absent.npy", next_step="write it with numpy.save")
    Traceback (most recent call last):
    ValueError: absent.npy cannot be read: No such file or directory; write it with numpy.save
    """
    name = os.fspath(path)
    data = read_bytes(name, next_step=next_step, limit=limit)
    if data.startswith(ZIP):
        raise ValueError(f"{name} is an archive, not one array; {next_step}")
    if data.startswith(PICKLES):
        raise ValueError(f"{name} is a pickle, which can run code when it is loaded; {next_step}")
    if not data.startswith(NPY):
        raise ValueError(f"{name} {'is no .npy file' if data else 'is empty'}; {next_step}")
    return npy(data, name, next_step=next_step, limit=limit)


def read_archive(
    path: str | os.PathLike[str], wanted: Wanted, *, next_step: str, limit: int = MAX_BYTES
) -> dict[str, Array]:
    """The arrays of an .npz file whose names are wanted; others are not even unpacked.

    Arguments:
        path: the file.
        wanted: by the name of an array.
        next_step: as for `read_array`.
        limit: the most bytes that are read; they unpack to `MAX_BYTES`, or as much as the file has, at most.

    Raises:
        ValueError: the file cannot be read, is no .npz file, is damaged, or holds pickled objects where it is wanted.
    """
    name = os.fspath(path)
    data = read_bytes(name, next_step=next_step, limit=limit)
    if not data.startswith(ZIP):
        raise ValueError(f"{name} {'is no .npz file' if data else 'is empty'}; {next_step}")
    return npz(data, name, wanted, next_step=next_step, limit=max(MAX_BYTES, len(data)))


def npz(data: bytes, name: str, wanted: Wanted, *, next_step: str, limit: int) -> dict[str, Array]:
    """The wanted arrays in the bytes of an .npz file; ValueError as `read_archive`."""

    def unpack(archive: zipfile.ZipFile) -> dict[str, Array]:
        members: dict[str, zipfile.ZipInfo] = {}
        for member in archive.infolist():
            key = member.filename.removesuffix(".npy")
            if member.filename.endswith(".npy") and wanted(key):
                if key in members:
                    raise ValueError(f"{name}: {shown(key)} is there twice; {next_step}")
                members[key] = member
        must_be_small(sum(member.file_size for member in members.values()), name, limit)
        arrays: dict[str, Array] = {}
        for key, member in members.items():
            left = limit - 8 * sum(array.size for array in arrays.values())
            arrays[key] = npy(
                _unpacked(archive, member, name), f"{name}: {shown(key)}", next_step=next_step, limit=left
            )
        return arrays

    return archive_of(data, name, unpack)


def archive_of(data: bytes, name: str, use: Callable[[zipfile.ZipFile], Found]) -> Found:
    """What `use` makes of the archive in these bytes; ValueError, in one sentence, for whatever zipfile raises."""
    # each entry of the directory begins so, and random bytes do once in 4 GiB
    if data.count(b"PK\x01\x02") > MEMBERS:
        raise ValueError(f"{name} has more than {MEMBERS:,} entries, the most that are read; store the arrays alone")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return use(archive)
    except (ValueError, *DAMAGE) as error:
        if str(error).startswith(name):  # one of ours; zipfile does not know the name
            raise
        raise ValueError(f"{name} is truncated or damaged ({shown(error, 120)}); copy or save it again") from None


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> bytes:
    """The bytes of one entry: as many as the directory claims, never more."""
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ValueError(
            f"{name}: {shown(member.filename)} is compressed by method {member.compress_type}, which numpy never "
            "writes; save it with numpy.savez"
        )
    with archive.open(member) as file:
        data = file.read(member.file_size + 1)  # read() without a size unpacks whatever is there
    if len(data) != member.file_size:
        raise zipfile.BadZipFile(f"{member.filename} has {len(data)} bytes, not {member.file_size}")
    return data


def must_be_small(size: int, name: str, limit: int) -> None:
    """ValueError if what a file unpacks to is above the limit."""
    if size > limit:
        raise ValueError(f"{name} unpacks to {size:,} bytes, but at most {limit:,} are read; is it a zip bomb?")


def npy(data: bytes, name: str, *, next_step: str, limit: int) -> Array:
    """The array in the bytes of an .npy file; its header is believed only if it claims exactly what follows."""
    stream = BytesIO(data)
    try:
        shape, fortran, dtype = _header(stream)
    except (ValueError, TypeError, SyntaxError, TokenError, LookupError, RecursionError, MemoryError) as error:
        raise ValueError(f"{name} has no readable .npy header ({shown(error, 120)}); {next_step}") from None
    if dtype.hasobject:
        raise ValueError(f"{name} holds Python objects, which are pickles and can run code; {next_step}")
    count, there = prod(shape), len(data) - stream.tell()
    claimed = count * dtype.itemsize
    if claimed != there or min(shape, default=1) < 0:
        size = f"{claimed:,}" if claimed < 2**80 else "far too many"
        raise ValueError(f"{name} claims {size} bytes for shape {shown(shape)}, but {there:,} follow; save it again")
    must_be_small(8 * count, name, limit)  # as float64, which is what numbers become
    try:
        flat = np.frombuffer(data, dtype=dtype, offset=stream.tell())
        return flat.reshape(shape, order="F" if fortran else "C")
    except (ValueError, OverflowError) as error:  # more dimensions than numpy has, entries without bytes
        raise ValueError(f"{name} is no array of numbers ({shown(error, 120)}); {next_step}") from None


def _header(stream: BytesIO) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    version = np.lib.format.read_magic(stream)
    if version not in ((1, 0), (2, 0)):
        raise ValueError(f"version {version} holds no plain numbers")
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # headers of Python 2, and names of types that numpy gives up
        return read(stream)


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
        raise ValueError(f"{key} is no plain array ({shown(error, 120)}); store float32 or float64") from None
