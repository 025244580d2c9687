"""Proof that a tanh network keeps a pattern for ever: its run enters a tube around an attracting periodic orbit.

Newton's method refines what a float run comes near to. Where the spectral radius σ of the period map A = J_{p−1} … J_0
is below 1, A may still stretch some directions. It contracts in the norm of P = Q + ρ^{−2p} AᵀPA, ρ = σ^{1/2p}, where
Q adds up what the steps of a round add (`emtheory.certificates.tube`), and T_0 with T_0ᵀT_0 = P begins and ends a tube
around the loop. Floats only find all of this; that the tube closes is proved.

Main function: `forever(…)`.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from scipy.linalg import solve_discrete_lyapunov

from emtheory.certificates.certificate import Certificate, fingerprint
from emtheory.certificates.target import Signs, Target
from emtheory.certificates.tube import Tube, UnprovedError, margins, triangle, tube
from emtheory.networks.elman import Network
from emtheory.system.array_types import Floats

__all__ = ["FarError", "Orbit", "forever", "refuse"]

# The search only: what is tried, and for how long. Nothing here decides what is proved.
NEWTON = 12  # iterations
EXACT = 2.0**-48  # a step of Newton's method so small ends it
SMALLEST = 0.125  # ρ
NEARLY = 2.0**-40  # what Newton's method may leave
RADII = [2.0**-k for k in range(1, 50)]  # of a tube around the loop
WIDER = 4.0  # than what the run arrives with
SHARES = (1.0, 0.5, 0.25, 0.125)  # of that radius, where the run enters at another step of the loop
ROOM = 0.9  # the run is let in where it is nearer to the orbit than this share of the radius


class Orbit(NamedTuple):
    """A proof of "forever": its data, and a lower bound of |y_i(t)| over all outputs that count."""

    certificate: Certificate
    margin: float


class FarError(UnprovedError):
    """The orbit attracts, but the run is not near enough yet: more steps may do."""


def refuse(network: Network) -> None:
    """ValueError unless it is a tanh network without leak."""
    if network.activation != "tanh" or network.leak != 1:
        raise ValueError(
            f"certificates are for tanh networks without leak, but the activation is {network.activation} and the "
            f"leak {network.leak}; 'emtheory fixed-points' reads others"
        )


def forever(network: Network, task: str, u: Floats, target: Target, states: Floats, period: int) -> Orbit:
    """The proof that the run from u comes to an attracting orbit of this period, with all signs right, for all t > s.

    The radii of the loop map into themselves, so the run stays; one round contracts, so by Banach there is one fixed
    point of f^p in the ball around c_K, which attracts it.

    Arguments:
        task: its name.
        u: (s, κ).
        states: h(1) … h(N) of a float run that comes near to the orbit, (N, n), N ≥ period.
        period: a multiple p of the target's.

    Raises:
        FarError: the run does not come near enough in N steps.
        UnprovedError: what could not be shown.
    """
    assert target.start is not None
    assert target.period is not None
    assert period % target.period == 0
    first = max(target.start, target.s + 1)  # so that every step t > s is one of t ≤ K + p − 1, or repeats one
    begin = max(first, len(states) - period + 1)
    if len(states) < begin:
        raise FarError(f"the run of {len(states)} steps is too short for an orbit of period {period}")
    centers = _refined(network, states[begin - 1], period)
    loop, rho = _loop(network, centers)
    most = _closing(network, loop, target.upto(begin + period)[begin - 1 : begin - 1 + period], rho)
    entry, loop, most = _entry(loop, most, states, first, begin)
    before = np.vstack([np.zeros((1, network.n)), states[: entry - 1]])
    way = tube(network, u, before, loop.centers[0], 1.0, triangle(loop.metrics[0]))
    arriving = way.radii(0.0)
    around = _around(loop, arriving[-1], most)
    margin = _margin(network, way.then(loop), np.array(arriving[:-1] + around[:-1]), target)
    certificate = Certificate(
        holds="forever",
        network=fingerprint(network),
        task=task,
        input=np.asarray(u, dtype=np.float64),
        steps=entry,
        period=period,
        rho=rho,
        centers=np.concatenate([way.centers[1:], loop.centers]),
        metrics=np.concatenate([way.metrics[1:], loop.metrics]),
        radii=np.array(arriving[1:-1] + around),
    )
    return Orbit(certificate, margin)


# --- what floats find -------------------------------------------------------------------------------------------------


def _refined(network: Network, start: Floats, period: int) -> Floats:
    """The orbit of this period near the start, by Newton's method: c_0 … c_{p−1}."""
    step, one = np.zeros(network.n), np.eye(network.n)
    for _ in range(NEWTON):
        states = network.run(np.zeros((1, 0, network.W_uh.shape[1])), period, start=start + step).states[0]
        start, missed = start + step, states[-1] - start - step
        if not np.isfinite(missed).all() or np.abs(missed).max() <= EXACT:
            break
        try:
            step = np.linalg.solve(one - _period_map(network, states), missed)
        except np.linalg.LinAlgError:
            break
    if not np.abs(missed).max() <= NEARLY:
        raise UnprovedError(f"the run comes to no orbit of period {period} that could be found")
    return np.vstack([start, states[:-1]])


def _period_map(network: Network, images: Floats, scale: float = 1.0) -> Floats:
    """J_{p−1} … J_0 / ρ^p; the images are f(c_0) … f(c_{p−1})."""
    product = np.eye(network.n)
    for image in images:
        product = ((1 - np.square(image)) / scale)[:, np.newaxis] * (network.W_hh @ product)
    return product


def _loop(network: Network, centers: Floats) -> tuple[Tube, float]:
    """The tube around the loop, of any radius, and ρ."""
    period, images = len(centers), np.roll(centers, -1, axis=0)
    radius = float(np.abs(np.linalg.eigvals(_period_map(network, images))).max())
    if not radius < 1:
        raise UnprovedError(
            f"the orbit of period {period} does not attract: its period map has spectral radius {radius:.6g}"
        )
    rho = max(radius ** (0.5 / period), SMALLEST)
    own = np.zeros_like(network.W_hh)  # P − ρ^{−2p} AᵀPA, A the period map
    for image in images[::-1]:
        moved = ((1 - np.square(image)) / rho)[:, np.newaxis] * network.W_hh
        own = moved.T @ own @ moved
        own.flat[:: network.n + 1] += 1
    try:
        metric = np.linalg.cholesky(solve_discrete_lyapunov(_period_map(network, images, rho).T, own)).T
    except (np.linalg.LinAlgError, ValueError):
        raise UnprovedError(f"no norm was found in which the orbit of period {period} contracts") from None
    none = np.zeros((0, network.W_uh.shape[1]))
    return tube(network, none, centers, centers[0], rho, np.ascontiguousarray(metric), loop=True), rho


def _closing(network: Network, loop: Tube, signs: Signs, rho: float) -> float:
    """The largest radius tried that comes back into itself, contracts, and keeps all signs."""
    margin = margins(network, loop.centers, np.zeros(len(loop.centers)), signs).min()
    if not margin > 0:
        raise UnprovedError(f"an output comes too near to 0 on the orbit: its margin is {margin:.2g}")
    for radius in RADII:
        radii = loop.radii(radius)
        if _closes(loop, radii) and margins(network, loop.centers, loop.stretch * radii[:-1], signs).min() > 0:
            return radius
    raise UnprovedError(
        f"no tube around the orbit of period {len(loop.centers)} closes: a round shrinks errors to "
        f"{rho ** len(loop.centers):.6g} of their size, which the curvature of tanh and float64 leave no room for"
    )


def _entry(loop: Tube, most: float, states: Floats, first: int, begin: int) -> tuple[int, Tube, float]:
    """The first step at which the run is well inside a tube that closes; the loop from there on, and its radius.

    Arguments:
        loop: it begins at the step `begin`, where the radius `most` closes.
        first: the first step that will do.
    """
    steps = np.arange(first, len(states) + 1)
    phases = (steps - begin) % len(loop.centers)
    gaps = states[first - 1 :] - loop.centers[phases]
    near = np.linalg.norm(gaps, axis=1)  # N_t(v) ≥ ‖v‖
    for radius in (most * share for share in SHARES):
        inside = (
            i for i in np.flatnonzero(near <= ROOM * radius) if _distance(loop, phases[i], gaps[i]) <= ROOM * radius
        )
        if (i := next(inside, None)) is None:
            break
        there = loop.rotated(int(phases[i]))
        if _closes(there, there.radii(radius)):
            return int(steps[i]), there, radius
    raise FarError(
        f"after {len(states)} steps the run is still too far from the orbit of period {len(loop.centers)} that "
        f"attracts it: {_distance(loop, phases[-1], gaps[-1]):.2g}, where {ROOM * most:.2g} may do; give more steps"
    )


def _distance(loop: Tube, phase: int, gap: Floats) -> float:
    return float(np.linalg.norm(triangle(loop.metrics[phase]) @ gap))


# --- what is proved ---------------------------------------------------------------------------------------------------


def _around(loop: Tube, need: float, most: float) -> list[float]:
    """r_K … r_{K+p}: the run, which arrives with `need`, is let in; the radii come back, and one round contracts."""
    radius = need
    while radius < most:
        radii = loop.radii(radius)
        if _closes(loop, radii):
            return radii
        radius *= WIDER
    radii = loop.radii(most)
    if not (need <= most and _closes(loop, radii)):
        raise FarError(f"the run arrives with errors of {need:.2g} at a tube of radius {most:.2g}")
    return radii


def _closes(loop: Tube, radii: list[float]) -> bool:
    return radii[-1] <= radii[0] < math.inf and loop.contraction(radii) < 1


def _margin(network: Network, whole: Tube, radii: Floats, target: Target) -> float:
    """A lower bound of |y_i(t)| over all outputs that count, for ever."""
    reach = (whole.stretch * radii)[1:]
    margin = float(margins(network, whole.centers[1:], reach, target.upto(len(reach)))[target.s :].min())
    if not margin > 0:
        raise UnprovedError(f"an output comes too near to 0 on the way to the orbit: its margin is {margin:.2g}")
    return margin
