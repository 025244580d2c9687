"""What is proved of a pattern in a tanh network, as data: answers for people and JSON, certificates for checkers.

An `Answer` says for how long a network keeps one input sequence right. A `Certificate` holds the numbers of its proof.
For "forever" these describe a tube around a path c_0 = 0, c_1, …, c_{K+p−1} of states: with T_t upper triangular,
N_t(v) = ‖T_t v‖₂ and T_{K+p} = T_K, c_{K+p} = c_K,

    N_t(h − c_t) ≤ r_t implies N_{t+1}(f(h) − c_{t+1}) ≤ r_{t+1}, and r_{K+p} ≤ r_K,

so the run, which starts at c_0, stays in the tube, and in its last p steps, the loop, for ever.
`emtheory.certificates.checker` checks all of it again.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, fields
from typing import Any, Literal

import numpy as np

from emtheory.networks.elman import Network
from emtheory.system import files
from emtheory.system.array_types import Floats
from emtheory.system.arrays import read_archive
from emtheory.system.limits import shown

__all__ = ["Answer", "Certificate", "Holds", "fingerprint"]

Holds = Literal["forever", "until", "at least", "undecided"]

RETRY = "it holds no certificate, name a file that certify --save wrote"


@dataclass(frozen=True)
class Answer:
    """For how long the signs of y(t) are those of x(t), t > s, for one input sequence.

    Attributes:
        input: u(1), …, u(s), κ numbers each.
        holds: "forever"; "until": right before `steps` and wrong at it; "at least": right up to `steps`, with all
            later steps open; "undecided".
        steps: see `holds`; for "forever" the step at which the run has entered the tube of the orbit.
        period: of the orbit; None if no orbit was proved.
        margin: every output that counts is at least so far from 0, on its right side; None if that was not proved.
        seconds: what it took.
        reason: why it is "at least" or "undecided"; else "".
        certificate: the file that holds the proof, if it was saved; else "".
    """

    input: tuple[tuple[float, ...], ...]
    holds: Holds
    steps: int | None
    period: int | None
    margin: float | None
    seconds: float
    reason: str = ""
    certificate: str = ""

    def to_json(self) -> dict[str, Any]:
        """The entry of "patterns" in the schema `emtheory.certificate/1`."""
        named = {field.name: getattr(self, field.name) for field in fields(self)}
        return {**named, "input": [list(row) for row in self.input]}

    @classmethod
    def from_json(cls, entry: dict[str, Any]) -> Answer:
        """The answer that `to_json` wrote.

        >>> answer = Answer(((1.0,),), "until", 9, None, None, 0.1)
        >>> Answer.from_json(answer.to_json()) == answer
        True
        """
        return cls(**{**entry, "input": tuple(map(tuple, entry["input"]))})


@dataclass(frozen=True, eq=False)
class Certificate:
    """The numbers of a proof, as in the head of this file.

    Attributes:
        holds: "forever" or "until".
        network: its `fingerprint`.
        task: its name.
        input: (s, κ).
        steps: K, or for "until" the first wrong step; then all that follows is empty.
        period: p, a period of x(t), t ≥ K, and of the orbit.
        rho: N_{t+1}(J_t v) ≤ ρ N_t(v) in the loop, and ≤ N_t(v) before it, but for rounding; J_t the Jacobian at c_t.
        centers: c_1 … c_{K+p−1}, one a row.
        metrics: the upper triangles of T_1 … T_{K+p−1}, row after row, one triangle a row.
        radii: r_1 … r_{K+p}.
    """

    holds: str
    network: str
    task: str
    input: Floats
    steps: int
    period: int
    rho: float
    centers: Floats
    metrics: Floats
    radii: Floats

    @classmethod
    def lost(cls, network: Network, task: str, u: Floats, step: int) -> Certificate:
        """The certificate of "until": nothing but the step, since a checker only has to run the network to it."""
        none = np.zeros((0, 0))
        return cls(
            "until", fingerprint(network), task, np.asarray(u, np.float64), step, 0, 0.0, none, none, np.zeros(0)
        )

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write an .npz file, in one piece or not at all.

        Raises:
            ValueError: the file cannot be written.
        """
        arrays = {field.name: getattr(self, field.name) for field in fields(self)}
        with files.replacing(path) as temporary, temporary.open("wb") as file:
            np.savez(file, allow_pickle=False, **arrays)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Certificate:
        """The certificate in a file; nothing in it is run, and nothing is checked but names and types.

        Raises:
            ValueError: the file cannot be read or is no certificate.
        """
        kinds = {field.name: str(field.type) for field in fields(cls)}
        found = read_archive(path, kinds.__contains__, next_step=RETRY)
        try:
            if missing := [name for name in kinds if name not in found]:
                raise ValueError(f"{', '.join(missing)} missing")
            return cls(**{name: _plain(found[name], name, kind) for name, kind in kinds.items()})
        except ValueError as error:
            raise ValueError(f"{os.fspath(path)} is not what it should be: {error}; {RETRY}") from None


def _plain(value: Any, name: str, kind: str) -> Any:
    """The array as the type of a field; ValueError if it is none."""
    if kind == "Floats":
        if value.dtype != np.float64:
            raise ValueError(f"{name} must have type float64, but has type {shown(value.dtype)}")
        return value
    expected = {"str": "U", "int": "i", "float": "f"}[kind]
    if value.ndim or value.dtype.kind != expected:
        raise ValueError(f"{name} must be one {kind}, but has shape {shown(value.shape)} and type {shown(value.dtype)}")
    return value[()].item()


def fingerprint(network: Network) -> str:
    """Activation, leak, and the sha256 of n, κ, the outputs, W_hh, W_uh, W_r, b and c: what a proof is about.

    The numbers are hashed as little-endian float64, row after row; what a network does not have is 0.

    >>> fingerprint(Network([[0.5]], [[1.0]], [[1.0]]))[:44]
    'tanh, leak 1.0, no bias, no readout bias, sh'
    """
    bias = np.zeros(network.n) if network.bias is None else network.bias
    offset = np.zeros(len(network.W_r)) if network.readout_bias is None else network.readout_bias
    sizes = np.array([network.n, network.W_uh.shape[1], len(network.W_r)])
    parts = (sizes, network.W_hh, network.W_uh, network.W_r, bias, offset)
    digest = hashlib.sha256(b"".join(np.ascontiguousarray(part, dtype="<f8").tobytes() for part in parts)).hexdigest()
    named = f"{'bias' if bias.any() else 'no bias'}, {'readout bias' if offset.any() else 'no readout bias'}"
    return f"{network.activation}, leak {network.leak}, {named}, sha256 {digest}"
