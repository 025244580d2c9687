"""Our own implementations as a target: `emtheory conform emtheory.conform.own`.

It is an adapter like any other: plain numpy in, plain numpy out, and the theory's functions in between.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from emtheory.conform.bounds import backward, memory_growth
from emtheory.judges.floats import eigenvalue_discs, norm2_bound
from emtheory.networks.elman import Network, linear_run
from emtheory.networks.fixed_points import fixed_points as proved_fixed_points
from emtheory.networks.gated import GRUCell, LSTMCell
from emtheory.recovery.deflated import composition, deflated, memories
from emtheory.system.array_types import Floats
from emtheory.theory.circuits import companion
from emtheory.theory.matching import spectrum_distance
from emtheory.theory.spectra import predicted_spectrum
from emtheory.theory.tasks import Task

__all__ = [
    "compare_spectra",
    "fixed_points",
    "is_stable",
    "jacobian",
    "memory_basis",
    "predict_operator",
    "predict_spectrum",
    "pseudo_inverse",
    "recover_composition",
    "simulate",
]


def _double(*arrays: Any) -> tuple[list[Any], float]:
    """The arrays in double precision, complex ones as such, and the spacing at 1 of the least precise of them."""
    plain = [np.asarray(array) for array in arrays]
    eps = max(float(np.finfo(array.dtype).eps) if array.dtype.kind in "fc" else 0.0 for array in plain)
    doubles = [array.astype(np.complex128 if array.dtype.kind == "c" else np.float64) for array in plain]
    return doubles, max(eps, float(np.finfo(np.float64).eps))


def predict_operator(C: Any) -> Floats:
    """Φ_C by `companion`."""
    return companion(Task.from_blocks(C)).numpy()


def predict_spectrum(C: Any) -> Any:
    """The eigenvalues of Φ_C by `predicted_spectrum`."""
    return predicted_spectrum(Task.from_blocks(C)).eigenvalues()


def compare_spectra(a: Any, b: Any) -> float:
    """`spectrum_distance`."""
    return spectrum_distance(a, b)


def memory_basis(W: Any, U: Any, R: Any, s: int) -> tuple[Floats, Floats]:
    """`memories` and the Moore-Penrose dual.

    Raises:
        ValueError: R U is not I to rounding, or the memories are dependent.
    """
    (W, U, R), eps = _double(W, U, R)
    read = R @ U
    if np.abs(read - np.eye(len(read))).max() > backward(len(W), eps) * np.linalg.norm(R) * np.linalg.norm(U):
        raise ValueError(f"R must read what U writes, RU = I, but RU is {read.tolist()}; R may be of another network")
    psi = np.hstack(memories(W, U, R, s))
    if np.linalg.matrix_rank(psi) < psi.shape[1]:
        raise ValueError(f"the memories of s = {s} variables must be independent, but are not; s is too large")
    return psi, pseudo_inverse(psi)


def recover_composition(W: Any, U: Any, R: Any) -> Floats:
    """The deflated recursion of `emtheory.recovery.deflated`, up to the first power that is 0 to rounding.

    Not `emtheory.recovery.recover.recover`: that reads what *persists* out of trained networks, so slots that nothing
    uses are transients to it and left out.

    Raises:
        ValueError: R U is singular.
    """
    (W, U, R), eps = _double(W, U, R)
    if np.linalg.matrix_rank(R @ U) < U.shape[1]:
        raise ValueError(f"R must read what U writes, but RU is {(R @ U).tolist()}; R may be of another network")
    A, power, s = deflated(W, U, R), U, 0
    while s < len(W) // U.shape[1] and np.abs(power).max() > backward(len(W), eps) * memory_growth(W, U, R, s):
        power, s = A @ power, s + 1
    blocks: Floats = np.array(composition(W, R, memories(W, U, R, s)))
    return blocks


def pseudo_inverse(A: Any) -> Any:
    """numpy's, with the cut-off max(p, q) eps, in place of its default 1e-15 that knows no sizes and no float32."""
    (A,), eps = _double(A)
    return np.linalg.pinv(A, rtol=max(A.shape) * eps)


def jacobian(network: dict[str, Any], h: Any) -> Floats:
    """`Network.jacobian`, `LSTMCell.jacobian` and `GRUCell.jacobian`."""
    if network["kind"] == "rnn":
        return _network(network).jacobian(h)
    W = np.asarray(network["W"], dtype=np.float64)
    silent = np.zeros((len(W), 1))
    if network["kind"] == "lstm":
        return LSTMCell(silent, W, b_ih=network["b"]).jacobian(h)
    return GRUCell(silent, W, b_ih=network["b"], b_hh=network["b_h"]).jacobian(h)


def fixed_points(network: dict[str, Any]) -> Floats:
    """The certified ones of `emtheory.networks.fixed_points`."""
    found = proved_fixed_points(_network(network), seeds=_SEEDS)
    points = [point.h for point in found if point.certified]
    rows: Floats = np.array(points).reshape(len(points), len(network["W"]))
    return rows


_SEEDS = 48


def _network(network: dict[str, Any]) -> Network:
    W = np.asarray(network["W"], dtype=np.float64)
    n, leak = len(W), float(network["leak"])
    return Network(W, np.zeros((n, 1)), np.eye(n), network["b"], activation=network["activation"], leak=leak)


def simulate(W: Any, U: Any, R: Any, u: Any, T: int) -> Floats:
    """`linear_run`."""
    outputs: Floats = linear_run(W, U, R, np.asarray(u)[None], T).outputs[0]
    return outputs


def is_stable(W: Any) -> bool | None:
    """By eigenvalue discs; for defective matrices by ‖W^k‖ < 1, or |tr W^k| > n; None if neither decides."""
    (W,), _ = _double(W)
    discs = eigenvalue_discs(W)
    if discs.refused is None:
        moduli = np.abs(discs.centers)
        slack = discs.radii + np.spacing(moduli)
        if (moduli + slack < 1).all():
            return True
        return False if (moduli - slack > 1).any() else None
    return _by_powers(W)


def _by_powers(W: Floats) -> bool | None:
    """W^k for k = 2, 4, 8, …, as long as all errors stay below the entries."""
    from emtheory.judges.floats import chain

    power: Any = (W, np.zeros(W.shape))
    while np.isfinite(power[0]).all() and np.isfinite(power[1]).all():
        if norm2_bound(power) < 1:
            return True
        if abs(np.trace(power[0])) - np.trace(power[1]) > 2 * len(W):  # twice n covers the rounding of the sums
            return False
        if (power[1] > 1).any():
            return None
        power = chain(power, power)
    return None
