"""Attacks certificate files: damaged, forged and hostile ones are refused in one line, soon, and in little memory."""

import io
import resource
import time
import zipfile
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from emtheory.certificates.certificate import Certificate
from emtheory.certificates.certify import certify
from emtheory.certificates.checker import check
from emtheory.networks.elman import Network
from emtheory.networks.weights import save
from emtheory.theory.circuits import companion
from emtheory.theory.tasks import Task
from emtheory.verdict import Outcome

TASK = Task.repeat_copy(2, 2)
WRITE = np.vstack([np.zeros((2, 2)), np.eye(2)])
NOISE = np.random.default_rng(0).normal(size=(4, 4))
KEEPS, LOSES = (Network(1.5 * (companion(TASK).numpy() + noise * NOISE), 3 * WRITE, WRITE.T) for noise in (0.0, 0.3))
VALUES = [
    0,
    -1,
    1,
    2,
    10**6,
    2**62,
    -(2**62),
    0.0,
    -0.5,
    1e308,
    5e-324,
    np.nan,
    np.inf,
    "",
    "until",
    "forever",
    "x" * 999,
]
KINDS = [np.float64, np.float32, np.int64, np.int8, np.uint64, np.complex128, np.bool_, "U3", "S3", object]


@pytest.fixture
def proofs(tmp_path):
    """(network, certificate) of one pattern that is kept and of one that is lost."""
    for network in (KEEPS, LOSES):
        (answer,) = certify(network, TASK, patterns=1, save=tmp_path)
        Path(answer.certificate).rename(tmp_path / f"{answer.holds}.npz")
    return [(KEEPS, tmp_path / "forever.npz"), (LOSES, tmp_path / "until.npz")]


def test_an_empty_or_cut_file_is_wrong_use_and_told_in_a_line(run, tmp_path, proofs):
    weights, whole = tmp_path / "w.safetensors", proofs[0][1].read_bytes()
    save(KEEPS, weights)
    for content in (
        b"",
        whole[:1],
        whole[:99],
        whole[: len(whole) // 2],
        whole[:-1],
        b"\x80\x04.",
        b"\x93NUMPY\x01\x00",
    ):
        path = tmp_path / "cut.npz"
        path.write_bytes(content)
        status, out, error = run("certify", weights, "--task", TASK.name, "--check", path)
        assert (status, out) == (2, "")
        assert "name a file that certify --save wrote" in error or "is truncated or damaged" in error
        assert len(error.splitlines()) == 1
        assert len(error) < 600
    status, _, error = run("certify", weights, "--task", TASK.name, "--check", tmp_path / "absent.npz")
    assert (status, "cannot be read" in error) == (2, True)


@pytest.mark.parametrize("name", ["input", "centers", "metrics", "radii", "rho"])
@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan])
def test_a_number_that_is_not_finite_is_refused_in_words(run, tmp_path, proofs, name, value):
    weights, path = tmp_path / "w.safetensors", tmp_path / "forged.npz"
    save(KEEPS, weights)
    honest = Certificate.load(proofs[0][1])
    array = np.array(getattr(honest, name), dtype=np.float64)
    array.flat[-1] = value
    forged = replace(honest, **{name: array if array.ndim else float(array)})
    forged.save(path)
    status, out, error = run("certify", weights, "--task", TASK.name, "--check", path)
    assert (status, error) == (1, "")
    assert out.splitlines()[1:] == [f"{path} is rejected: it holds a number that is not finite."]


def test_a_step_of_loss_that_is_forged_is_refused_before_it_is_run_to(run, tmp_path, proofs):
    weights, path = tmp_path / "w.safetensors", tmp_path / "forged.npz"
    save(LOSES, weights)
    replace(Certificate.load(proofs[1][1]), steps=10**12).save(path)
    status, out, error = run("certify", weights, "--task", TASK.name, "--check", path)
    assert (status, out) == (2, "")
    assert "at most 65536 steps are run in balls" in error
    replace(Certificate.load(proofs[1][1]), steps=60_000).save(path)
    status, out, _ = run("certify", weights, "--task", TASK.name, "--check", path)
    assert (status, "a sign is wrong at step" in out) == (1, True)


def test_a_certificate_replaces_the_old_one_whole_or_not_at_all(tmp_path, proofs, monkeypatch):
    path = proofs[0][1]
    before, honest = path.read_bytes(), Certificate.load(path)

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(ValueError, match="cannot be written: No space left"):
        honest.save(path)
    assert path.read_bytes() == before
    assert {file.name for file in tmp_path.iterdir()} == {"forever.npz", "until.npz"}


def mutated(rng, path):
    """The bytes of the file with something changed: in the bytes, or in a field, or in how it is packed."""
    data = bytearray(path.read_bytes())
    way = rng.integers(6)
    if way == 0:
        for at in rng.integers(0, len(data), rng.integers(1, 9)):
            data[at] = rng.integers(256)
        return bytes(data)
    if way == 1:
        begin, end = sorted(rng.integers(0, len(data), 2))
        return bytes(data[:begin] + data[end:]) if rng.integers(2) else bytes(data[:end])
    certificate = Certificate.load(path)
    arrays = {field.name: np.asarray(getattr(certificate, field.name)) for field in fields(certificate)}
    name = rng.choice(list(arrays))
    if way == 2:
        arrays[name] = np.array(VALUES[rng.integers(len(VALUES))])
    elif way == 3 and arrays[name].dtype.kind == "f" and arrays[name].size:
        arrays[name] = arrays[name].copy()
        arrays[name].flat[rng.integers(arrays[name].size)] = VALUES[rng.integers(13)]
    elif way == 4:
        arrays[name] = np.zeros(rng.integers(0, 5, rng.integers(0, 4)), dtype=KINDS[rng.integers(len(KINDS))])
    elif rng.integers(2):
        del arrays[name]
    else:
        arrays[name] = np.repeat(np.atleast_1d(arrays[name]), rng.integers(0, 3), axis=0)
    file = io.BytesIO()
    if rng.integers(2):
        np.savez_compressed(file, **arrays)
    else:
        np.savez(file, **arrays)
    return file.getvalue()


def attack(proofs, path, cases, seed):
    """Reads and checks as many mutated files, and returns how long the slowest took; what is proved is still true."""
    rng, slowest = np.random.default_rng(seed), 0.0
    honest = {network: Certificate.load(proof) for network, proof in proofs}
    for case in range(cases):
        network, proof = proofs[case % 2]
        path.write_bytes(mutated(rng, proof))
        began = time.perf_counter()
        try:
            certificate = Certificate.load(path)
            verdict = check(network, TASK, certificate)
            message = "" if verdict.outcome is Outcome.PROVED else verdict.evidence["reason"]
            if not message and certificate.holds == "until":
                assert certificate.steps == honest[network].steps
        except ValueError as error:
            message = str(error)
        assert "\n" not in message
        assert len(message) < 600
        slowest = max(slowest, time.perf_counter() - began)
    return slowest


def test_mutated_files_are_read_without_a_traceback(proofs, tmp_path):
    assert attack(proofs, tmp_path / "mutated.npz", 150, 0) < 60


@pytest.mark.slow
def test_many_mutated_files_take_little_time_and_memory(proofs, tmp_path):
    assert attack(proofs, tmp_path / "mutated.npz", 5000, 1) < 60
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 2**20  # KiB


def test_what_unpacks_to_more_than_is_read_is_refused_unpacked(proofs, tmp_path):
    path = tmp_path / "bomb.npz"
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f8", "fortran_order": False, "shape": (2**25,)})
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        zipfile.ZipFile(proofs[0][1]) as old,
    ):
        for member in old.namelist():
            if member != "radii.npy":
                archive.writestr(member, old.read(member))
        with archive.open("radii.npy", "w", force_zip64=True) as file:
            file.write(header.getvalue())
            for _ in range(2**8 + 1):
                file.write(bytes(2**20))
    with pytest.raises(ValueError, match="is it a zip bomb"):
        Certificate.load(path)
