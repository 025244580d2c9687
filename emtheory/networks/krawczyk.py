"""What is proved of a fixed point h* = f(h*) near a float point: where it is, its stability, its linear range.

`fixed_point_near(dynamics, h)` is Krawczyk's method: with F(h) = f(h) − h, a float point x and a float matrix
A ≈ (J(x) − I)⁻¹, both taken at their exact values, the map h − A F(h) moves the box of radius r around x into the box
of radius

    K(r) = |A F(x)| + L(r) r,   L(r) = ‖I − A (J(box) − I)‖,

so K(r) ≤ r with L(r) < 1 makes it a contraction of the box: there is exactly one fixed point of f in it. All norms are
maximum norms and maximal row sums, and J(box) encloses the Jacobian over the whole box.

References: R. Krawczyk (1969); S. M. Rump, Verification methods, Acta Numerica 19 (2010), section 13.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from emtheory.judges.balls import arb, arb_mat, precision
from emtheory.judges.floats import Discs, eigenvalue_discs
from emtheory.judges.floats.blas import require_sound_blas
from emtheory.judges.floats.rounding import UNIT, modulus_up, up
from emtheory.networks.gated import Dynamics
from emtheory.system.array_types import Complexes, Floats
from emtheory.system.threads import one_blas_thread

__all__ = ["FixedPoint", "Stability", "fixed_point_near", "must_be_a_fraction"]

Stability = Literal["stable", "unstable", "undecided"]


@dataclass(frozen=True, eq=False)
class FixedPoint:
    """A fixed point h* near `h`, and what is proved of it; distances are in the maximum norm.

    Attributes:
        h: the float point, (size,).
        radius: h* exists within this distance of `h`; None if nothing was proved.
        unique_within: h* is the only fixed point within this distance of `h`; None if nothing was proved.
        stability: "stable", "unstable" or "undecided"; see `fixed_point_near`.
        margin: every eigenvalue of the Jacobian at h* is at least so far from the unit circle.
        eigenvalues: the centers of the eigenvalue discs of the Jacobian; of LAPACK, unproved, if `radius` is None.
        rho: the change of the Jacobian that `linear_within` allows; None if nothing was proved.
        linear_within: ‖J(h) − J(h*)‖ ≤ rho at every h within this distance of h*; None if nothing was proved.
        reason: why h* is not certified, or why its stability is undecided; "" otherwise.
    """

    h: Floats
    radius: float | None
    unique_within: float | None
    stability: Stability
    margin: float
    eigenvalues: Complexes
    rho: float | None
    linear_within: float | None
    reason: str

    @property
    def certified(self) -> bool:
        """Whether the fixed point provably exists."""
        return self.radius is not None


@one_blas_thread()
def fixed_point_near(dynamics: Dynamics, h: Floats, *, fraction: float = 0.5, bits: int = 128) -> FixedPoint:
    """What is proved of the fixed point near h: where it is, whether it is stable, and how far the linear model holds.

    Stability: eigenvalue discs of the Jacobian J, for all its values over the box of `radius` at once, so in one basis
    X. All discs in |z| < 1: f is a contraction in the norm |X⁻¹·|, "stable". Discs that lie beyond a circle |z| = t ≥ 1
    which no other disc reaches: a cone of states around h* that only moves away, "unstable". Else "undecided".

    Linear range: `linear_within` is the largest r = 2ᵏ radius found with ‖J(h) − J(h*)‖ ≤ ρ for |h − h*| ≤ r, where
    ρ = fraction (1 − ‖J‖) if that is positive, else ρ = fraction ‖J‖; ‖J‖ bounds the maximal row sum at h*.

    Arguments:
        dynamics: the map.
        h: the float point, (size,).
        fraction: of the gap 1 − ‖J‖, between 0 and 1.
        bits: the precision of the proof.

    Raises:
        ValueError: h of another shape or not finite, fraction not between 0 and 1, bits < 2.

    >>> from emtheory.networks.elman import Network
    >>> network = Network(W_hh=[[0.5]], W_uh=[[0.0]], W_r=[[1.0]], activation="identity")
    >>> point = fixed_point_near(network, np.zeros(1))
    >>> point.radius, point.unique_within, point.stability, 0.49 < point.margin <= 0.5
    (0.0, inf, 'stable', True)
    >>> fixed_point_near(network, np.ones(1)).certified  # 0 is the only one, and it is within this distance of 1
    True
    """
    require_sound_blas()
    must_be_a_fraction(fraction)
    x = np.array(h, dtype=np.float64)
    if x.shape != (dynamics.size,) or not np.isfinite(x).all():
        raise ValueError(f"a state must be finite with shape ({dynamics.size},), but is {x} with shape {x.shape}")
    x.flags.writeable = False
    with precision(bits):
        krawczyk = _Krawczyk(dynamics, x)
        proof = krawczyk.proof()
        if isinstance(proof, str):
            return FixedPoint(x, None, None, "undecided", 0.0, krawczyk.eigenvalues(), None, None, proof)
        radius, unique_within = proof
        here = dynamics.enclosed_jacobian(_box(x, radius))
        norm = _norm(here)
        rho = fraction * (1 - norm if norm < 1 else norm)

        def nearly_linear(r: float) -> bool:
            return _norm(dynamics.enclosed_jacobian(_box(x, float(up(r + radius)))) - here) <= rho

        linear_within = _farthest(nearly_linear, radius or sys.float_info.min)
        stability, margin, centers, reason = _stability(here)
    return FixedPoint(x, radius, unique_within, stability, margin, centers, rho, linear_within, reason)


class _Krawczyk:
    """|A F(x)| and L(r) at one point, rounded up."""

    def __init__(self, dynamics: Dynamics, x: Floats) -> None:
        self.dynamics, self.x = dynamics, x
        self.jacobian = np.asarray(dynamics.jacobian(x), dtype=np.float64)
        self.identity = arb_mat(np.eye(len(x)).tolist())
        exact = _box(x, 0.0)
        image = dynamics.enclosed_step(exact)
        self.defect = arb_mat(len(x), 1, [a - b for a, b in zip(image, exact, strict=True)])

    def proof(self) -> tuple[float, float] | str:
        """(radius, unique_within), or why there is none."""
        try:
            inverse = np.linalg.inv(self.jacobian - np.eye(len(self.x)))
        except np.linalg.LinAlgError:
            inverse = np.full(self.jacobian.shape, np.nan)
        residual = f"|f(h) - h| is at most {_norm(self.defect):.3g}"
        if not np.isfinite(inverse).all():
            return f"J - I is singular, so no fixed point is proved to be isolated here; {residual}"
        A = arb_mat(inverse.tolist())
        shift = _norm(A * self.defect)

        def lipschitz(r: float) -> float:
            jacobian = self.dynamics.enclosed_jacobian(_box(self.x, r))
            return _norm(self.identity - A * (jacobian - self.identity))

        def contracts(r: float) -> bool:
            factor = lipschitz(r)
            return factor < 1 and shift <= _down(_down(1 - factor) * r)

        r = 2 * shift
        while (factor := lipschitz(r)) < 1:
            # L grows with the box, so what holds with L(r) holds in every smaller box with the same factor
            radius = float(up(shift / _down(1 - factor))) if shift else 0.0
            if radius <= r:
                return radius, max(r, _farthest(contracts, r or sys.float_info.min))
            r *= 2
        return (
            f"no box is proved to hold exactly one fixed point: L(r) is at most {factor:.3g} at r = {r:.3g}; {residual}"
        )

    def eigenvalues(self) -> Complexes:
        """LAPACK's, unproved."""
        if not np.isfinite(self.jacobian).all():
            return np.zeros(0, dtype=np.complex128)
        return np.linalg.eigvals(self.jacobian).astype(np.complex128)


def _stability(jacobian: arb_mat) -> tuple[Stability, float, Complexes, str]:
    """The stability, the margin, the discs' centers, and the reason if it is undecided."""
    pair = _floats(jacobian)
    discs = eigenvalue_discs(pair)
    if discs.refused is not None:  # Gershgorin's discs of J itself need no eigenvectors
        refusal, discs = f"{discs.refused}; ", eigenvalue_discs(pair, basis=np.eye(len(pair[0])))
    else:
        refusal = ""
    if discs.refused is not None:
        return "undecided", 0.0, discs.centers, discs.refused
    low, high = _annuli(discs)
    margin = max(0.0, float(np.maximum(low - 1, 1 - high).min()))
    if high.max() < 1:
        return "stable", max(0.0, _down(margin)), discs.centers, ""
    order = np.argsort(-high)
    floors, ceilings = np.minimum.accumulate(low[order]), np.append(high[order][1:], -np.inf)
    if floors[np.argmax(ceilings < floors)] > 1:  # the outermost ring of discs
        return "unstable", max(0.0, _down(margin)), discs.centers, ""
    return "undecided", 0.0, discs.centers, f"{refusal}eigenvalue discs of the Jacobian reach the unit circle"


def _annuli(discs: Discs) -> tuple[Floats, Floats]:
    """The least and the largest modulus in each disc, rounded outwards."""
    moduli = modulus_up(discs.centers)  # at most 16 u above the modulus
    low = np.nextafter(np.nextafter(moduli * (1 - 32 * UNIT), -np.inf) - discs.radii, -np.inf)
    return low, np.asarray(up(moduli + discs.radii))


def must_be_a_fraction(fraction: float) -> None:
    """Raises ValueError for what is no fraction of a gap."""
    if not 0 < fraction < 1:
        raise ValueError(f"the fraction of the gap must be between 0 and 1, but is {fraction}")


def _farthest(holds: Callable[[float], bool], start: float) -> float:
    """The largest r = 2ᵏ start, k ≥ 0, that is found to hold, by doubling k and then bisecting it; 0 if none is."""
    if not holds(start):
        return 0.0
    good, stride = 0, 1
    while holds(_doubled(start, good + stride)):
        good, stride = good + stride, 2 * stride
        if np.isinf(_doubled(start, good)):
            return float(np.inf)
    bad = good + stride
    while bad - good > 1:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if holds(_doubled(start, middle)) else (good, middle)
    return _doubled(start, good)


def _doubled(x: float, k: int) -> float:
    """x 2ᵏ, infinite beyond the range of floats."""
    with np.errstate(over="ignore"):
        return float(np.ldexp(x, k))


def _box(x: Floats, r: float) -> list[arb]:
    return [arb(value, r) for value in x.tolist()]


def _norm(m: arb_mat) -> float:
    """The maximal row sum of moduli, rounded up; infinite if it is not known."""
    return max(_upper(sum((abs(x) for x in row), arb(0))) for row in m.tolist())


def _floats(m: arb_mat) -> tuple[Floats, Floats]:
    """The entries as (value, bound)."""
    values = [[float(x.mid()) for x in row] for row in m.tolist()]
    bounds = [[_upper(abs(x)) for x in row] for row in (m - arb_mat(values)).tolist()]
    return np.array(values), np.array(bounds)


def _upper(ball: arb) -> float:
    """A float at or above a nonnegative ball; infinite if the ball is."""
    upper = ball.upper()
    value = float(upper)
    if not np.isfinite(value):
        return np.inf
    return value if arb(value) >= upper else float(up(value))


def _down(x: float) -> float:
    return float(np.nextafter(x, -np.inf))
