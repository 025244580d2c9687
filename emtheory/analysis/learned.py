"""The learned spectrum: the eigenvalues of what a network does to small states, and where they provably lie.

Main function: `learned_spectrum(network, threshold=…) -> LearnedSpectrum`, of (1 − a) I + a W_hh with leak a.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emtheory.analysis.enclosure import Location, locate, outside
from emtheory.judges.exact import Matrix, dyadic, eye
from emtheory.judges.floats import Discs, Enclosable, eigenvalue_discs, enclose
from emtheory.networks.elman import Network
from emtheory.theory.matching import persistent_eigenvalues

__all__ = ["LearnedSpectrum", "Places", "learned_spectrum"]

Complex = NDArray[np.complex128]


@dataclass(frozen=True)
class Places:
    """Where all n eigenvalues lie from the circle |λ| = threshold, and the persistent ones from the unit circle.

    `radius` is the largest radius of the discs of those that are proved to be persistent, 0 if there are none.
    """

    threshold: Location
    unit_circle: Location
    radius: float


@dataclass(frozen=True, eq=False)
class LearnedSpectrum:
    """The eigenvalues of a network, and where they provably lie.

    Attributes:
        threshold: the modulus above which an eigenvalue is persistent.
        eigenvalues: all n as LAPACK gives them, by falling modulus.
        persistent: those with modulus above the threshold.
        gap: the moduli next to the threshold: the largest at most equal to it (0 if none), the smallest above it.
        discs: where the eigenvalues provably lie; refused if the matrix is defective or nearly so.
        enclosed: what the discs prove; None if there are none.
    """

    threshold: float
    eigenvalues: Complex
    persistent: Complex
    gap: tuple[float, float | None]
    discs: Discs
    enclosed: Places | None


def learned_spectrum(network: Network, *, threshold: float) -> LearnedSpectrum:
    """The eigenvalues of (1 − a) I + a W_hh.

    Arguments:
        network: with an activation of slope 1 at 0, and leak a.
        threshold: the modulus above which an eigenvalue is persistent, > 0.

    Raises:
        ValueError: another activation.

    >>> learned = learned_spectrum(Network([[0.0, 1.0], [1.0, 0.0]], [[0.0], [1.0]], [[0.0, 1.0]]), threshold=0.8)
    >>> len(learned.persistent), learned.enclosed.threshold
    (2, Location(outside=2, inside=0, undecided=0))
    """
    moves = _slope(network)
    discs = eigenvalue_discs(moves)
    values = np.linalg.eigvals(enclose(moves).value).astype(np.complex128) if discs.refused else discs.centers
    moduli = np.hypot(values.real, values.imag)
    order = np.argsort(-moduli, kind="stable")
    values, moduli = values[order], moduli[order]
    persistent = persistent_eigenvalues(values, threshold=threshold)
    count = len(persistent)
    gap = float(moduli[count:].max(initial=0.0)), float(moduli[count - 1]) if count else None
    return LearnedSpectrum(
        threshold, values, persistent, gap, discs, None if discs.refused else _places(discs, threshold)
    )


def _slope(network: Network) -> Enclosable:
    """What the network does to small states, exactly; W_hh itself without a leak."""
    if network.activation not in ("tanh", "identity"):
        raise ValueError(
            f"the linear picture needs an activation of slope 1 at 0 (tanh, identity), but it is {network.activation}; "
            "'emtheory fixed-points' linearises any network where it rests"
        )
    if network.leak == 1:
        return network.W_hh
    leak = dyadic([[network.leak]])[0, 0]
    moves: Matrix = (1 - leak) * eye(network.n) + leak * dyadic(network.W_hh)
    return moves


def _places(discs: Discs, threshold: float) -> Places:
    persistent = outside(discs, threshold)
    radius = float(discs.radii[persistent[discs.components]].max(initial=0.0))
    return Places(locate(discs, threshold), locate(discs, 1.0, among=persistent), radius)
