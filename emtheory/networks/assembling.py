"""Networks and gated cells from named arrays: which entry is what, and whether they make one network.

Main functions: `role(name)`, `flattened(arrays)`, `assembled(entries, …)`. The names are ours (W_hh, W_uh, W_r, b,
c), those of torch and those of Flax. Every number is promoted to float64 exactly, or refused; the two biases that torch
keeps for one are added in float64. What the units compute is never guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from emtheory.networks.activations import ACTIVATIONS
from emtheory.networks.elman import Network
from emtheory.networks.formats import exactly_float64
from emtheory.networks.gated import GRUCell, LSTMCell
from emtheory.system.array_types import Array
from emtheory.system.limits import shown

__all__ = ["GATED", "ROLES", "Entries", "Recurrent", "assembled", "flattened", "flax_role", "role"]

Recurrent = Network | LSTMCell | GRUCell

ROLES = {
    "W_hh": "W_hh",
    "W_uh": "W_uh",
    "W_ih": "W_uh",
    "W_r": "W_r",
    "b": "bias",
    "b_hh": "b_hh",
    "b_ih": "b_ih",
    "c": "readout_bias",
    "readout_bias": "readout_bias",
    "weight_hh": "W_hh",
    "weight_ih": "W_uh",
    "weight_hr": "projection",
    "bias_hh": "b_hh",
    "bias_ih": "b_ih",
}
_FLAX = {("h", "kernel"): "W_hh", ("i", "kernel"): "W_uh", ("h", "bias"): "b_hh", ("i", "bias"): "b_ih"}
GATED: dict[int, tuple[str, type[LSTMCell] | type[GRUCell]]] = {4: ("an LSTM", LSTMCell), 3: ("a GRU", GRUCell)}
_NAMES = "name the entries W_hh, W_uh and W_r, or as torch does"
_FOREIGN = (("further layer", "a second layer or direction"), ("projection", "a projection"))
Entries = list[tuple[str, str, Array]]  # role, name, array


def flattened(arrays: Mapping[str, Any], owner: str = "") -> Iterator[tuple[str, Any]]:
    """Arrays in dicts of dicts, under dotted names."""
    for key, value in arrays.items():
        if isinstance(value, Mapping):
            yield from flattened(value, f"{owner}{key}.")
        else:
            yield f"{owner}{key}", value


def flax_role(owner: str, last: str) -> str:
    """What an entry of a Flax layer is for: `h` and `i` belong to the cell, any other layer is the readout."""
    return _FLAX.get((owner.rpartition(".")[2], last), {"kernel": "W_r", "bias": "readout_bias"}[last])


def role(key: str) -> str | None:
    """What an entry is for, by the last part of its name; None for what a network does not have.

    >>> role("rnn.weight_hh_l0"), role("readout.bias"), role("bias"), role("epoch")
    ('W_hh', 'readout_bias', 'bias', None)
    """
    owner, _, last = key.rpartition(".")
    if last in ("weight", "bias"):  # of a torch layer `owner`, the readout
        return {"weight": "W_r", "bias": "readout_bias"}[last] if owner else {"bias": "bias"}.get(last)
    known = ROLES.get(last.removesuffix("_l0"))
    layered = last.startswith(("weight_hh_l", "weight_ih_l", "weight_hr_l", "bias_hh_l", "bias_ih_l"))
    return known or ("further layer" if layered else None)


def assembled(entries: Entries, activation: str | None, leak: float | None) -> Recurrent:
    """The network or cell with these weights, each promoted to float64 without rounding.

    Arguments:
        entries: (role, name, array).
        activation: of a `Network`, which has to be named.
        leak: of a `Network`; 1 if it is None.

    Raises:
        ValueError: entries or an activation that are missing, given twice or of another kind of network; numbers that
            are not real, finite and exact in float64; shapes that do not fit.
    """
    found: dict[str, list[str]] = {}
    for what, key, _ in entries:
        found.setdefault(what, []).append(shown(key))
    _must_be_one_layer(found)
    arrays = {what: array for what, _, array in entries}
    kind, cell = _gated(arrays.get("W_hh"))
    needed = ("W_hh", "W_uh") if cell else ("W_hh", "W_uh", "W_r")
    missing = [what for what in needed if what not in found]
    if missing:
        have = shown(", ".join(sorted(key for keys in found.values() for key in keys)), 200) if found else ""
        raise ValueError(f"{', '.join(missing)} missing, there is {have or 'no weights under a known name'}; {_NAMES}")
    exact = {what: exactly_float64(array, shown(key)) for what, key, array in entries}
    biases = [exact[what] for what in ("b_hh", "b_ih") if what in exact]
    if "bias" in exact and (biases or cell):
        has = f"{kind} has" if cell else "the other entries are"
        raise ValueError(f"{found['bias'][0]} is one bias, but {has} b_hh and b_ih; give those two alone")
    offset = exact.get("readout_bias")
    if cell is None:
        bias = exact.get("bias", _total(biases))
        named = _named(activation)
        return Network(exact["W_hh"], exact["W_uh"], exact["W_r"], bias, named, 1 if leak is None else leak, offset)
    if activation not in (None, "tanh") or leak not in (None, 1):
        asked = " and ".join(
            f"the {name} {shown(value)}" for name, value in (("activation", activation), ("leak", leak)) if value
        )
        raise ValueError(f"{kind} has its own activations and no leak, but {asked} is given; leave that away")
    return cell(exact["W_uh"], exact["W_hh"], exact.get("b_ih"), exact.get("b_hh"), exact.get("W_r"), offset)


def _must_be_one_layer(found: Mapping[str, list[str]]) -> None:
    for what, why in _FOREIGN:
        if what in found:
            raise ValueError(f"{found[what][0]} belongs to {why}, but the theory has one plain layer; give one layer")
    for what, keys in found.items():
        if len(keys) > 1:
            raise ValueError(f"{shown(' and '.join(keys), 200)} both name {what}; keep one of them")


def _named(activation: str | None) -> str:
    if activation is None:
        raise ValueError(
            "the activation of the units is not named, and the same weights make another network with another one; "
            f"give --activation tanh (in Python activation='tanh') or another of {', '.join(ACTIVATIONS)}"
        )
    return activation


def _gated(W_hh: Array | None) -> tuple[str, type[LSTMCell] | type[GRUCell] | None]:
    """What W_hh belongs to by its shape: 4n x n and 3n x n to gated cells, all else to a `Network`."""
    if W_hh is not None and W_hh.ndim == 2:
        for gates, kind in GATED.items():
            if W_hh.shape[0] == gates * W_hh.shape[1] > 0:
                return kind
    return "a network", None


def _total(parts: list[Array]) -> Array | None:
    """The sum of the biases that torch keeps for one."""
    if len({part.shape for part in parts}) > 1:
        raise ValueError(f"the biases have shapes {' and '.join(str(part.shape) for part in parts)}; they must agree")
    return sum(parts[1:], parts[0]) if parts else None
