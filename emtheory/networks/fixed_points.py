"""Fixed points h* = f(h*) of autonomous maps: found by Newton's method in floats, each certified by Krawczyk's.

Main function: `fixed_points(dynamics)`. `emtheory.networks.krawczyk` proves what it finds, but not that it is all.
"""

from __future__ import annotations

import numpy as np

from emtheory.judges.floats.rounding import up
from emtheory.networks.gated import Dynamics
from emtheory.networks.krawczyk import FixedPoint, fixed_point_near, must_be_a_fraction
from emtheory.system.array_types import Floats, Mask
from emtheory.system.limits import must_fit
from emtheory.system.threads import one_blas_thread

__all__ = ["fixed_points"]

# The search only: what is tried, and for how long. Nothing here decides what is proved.
_DOUBLINGS = 6  # runs have 1, 2, 4, … up to 2⁶ steps: early states for saddles, late ones for attractors
_NEWTON = 64  # Newton steps, twice what halving an error needs to exhaust 2⁻⁵³
_HALVINGS = 8  # of a Newton step that does not lower the residual
_HALF_THE_DIGITS = 2.0**-26  # a residual, relative to the state, that is worth trying to prove


@one_blas_thread()
def fixed_points(
    dynamics: Dynamics,
    *,
    seeds: int = 256,
    seed: int = 0,
    spread: float = 1.0,
    fraction: float = 0.5,
    bits: int = 128,
) -> tuple[FixedPoint, ...]:
    """The fixed points that Newton's method finds from random states, each with its certificate; others may exist.

    From 0, from every uniform start state in [−spread, spread]^size, and from the state of a run from it (f, or f
    averaged with the identity, 1 to 64 steps long), a damped Newton iteration goes on until |f(h) − h| stops falling.
    A candidate in the `unique_within` box of a certified point is that point; two candidates that cannot be certified
    are one if the state halfway is a candidate, too (on a line of fixed points it is).

    Arguments:
        dynamics: the map.
        seeds: number of start states.
        seed: of their random numbers; the same seed gives the same points.
        spread: the start states' largest entry.
        fraction, bits: as in `emtheory.networks.krawczyk.fixed_point_near`.

    Returns:
        The certified points, then those that are not; each in lexicographic order. Certified points are different
        fixed points wherever their boxes of `radius` are disjoint.

    Raises:
        ValueError: seeds < 1 or too many for memory, spread not positive and finite; see `fixed_point_near`.

    >>> from emtheory.networks.elman import Network
    >>> network = Network(W_hh=[[2.0]], W_uh=[[0.0]], W_r=[[1.0]])
    >>> [(round(float(p.h[0]), 6), p.stability) for p in fixed_points(network, seeds=8)]
    [(-0.957504, 'stable'), (0.0, 'unstable'), (0.957504, 'stable')]
    """
    if seeds < 1:
        raise ValueError(f"the number of seeds must be at least 1, but is {seeds}")
    if not 0 < spread < np.inf:
        raise ValueError(f"the spread of the start states must be positive and finite, but is {spread}")
    # starts, ends of runs, and for both what a step of Newton's method holds
    needed = 256 * seeds * dynamics.size
    must_fit(needed, f"a search from {seeds:,} states of {dynamics.size} numbers", "give fewer seeds")
    must_be_a_fraction(fraction)
    with np.errstate(over="ignore", invalid="ignore"):
        candidates, found = _candidates(dynamics, seeds, seed, spread), list[FixedPoint]()
        while len(candidates):
            point = fixed_point_near(dynamics, candidates[0], fraction=fraction, bits=bits)
            others, candidates = _others(dynamics, point, np.array([p.h for p in found])), candidates[1:]
            found = [p for p, other in zip(found, others, strict=True) if p.certified or other]
            if not any(_same(point, p) for p in found if p.certified):
                found.append(point)
            candidates = candidates[_others(dynamics, point, candidates)]
    return tuple(sorted(found, key=lambda p: (not p.certified, p.h.tolist())))


def _same(a: FixedPoint, b: FixedPoint) -> bool:
    """Whether the two are provably one fixed point: one's box of existence lies in the other's box of uniqueness."""
    if a.radius is None or b.radius is None or a.unique_within is None or b.unique_within is None:
        return False
    apart = float(up(np.abs(a.h - b.h).max()))
    return bool(up(apart + b.radius) <= a.unique_within or up(apart + a.radius) <= b.unique_within)


def _others(dynamics: Dynamics, point: FixedPoint, states: Floats) -> Mask:
    """Which of the states, (batch, size), may stand for another fixed point than this one."""
    if not len(states):
        return np.zeros(0, dtype=np.bool_)
    if point.unique_within is not None:
        return np.asarray(up(np.abs(states - point.h).max(axis=1)) > point.unique_within)
    return ~_worth_trying(dynamics, (states + point.h) / 2)


def _candidates(dynamics: Dynamics, seeds: int, seed: int, spread: float) -> Floats:
    """Where Newton's method ends near a fixed point, the best first."""
    rng = np.random.default_rng(seed)
    starts = spread * rng.uniform(-1, 1, (seeds, dynamics.size))
    lengths, share = 2 ** rng.integers(0, _DOUBLINGS, seeds, endpoint=True), rng.choice([0.5, 1.0], (seeds, 1))
    runs = starts.copy()
    for t in range(2**_DOUBLINGS):
        going = lengths > t
        runs[going] += share[going] * (dynamics.step(runs[going]) - runs[going])
    states = _newton(dynamics, np.vstack([np.zeros((1, dynamics.size)), starts, runs]))
    states = states[_worth_trying(dynamics, states)]
    return states[np.argsort(_residuals(dynamics, states), kind="stable")]


def _newton(dynamics: Dynamics, states: Floats) -> Floats:
    """Newton's method on f(h) − h, each step halved until the residual falls; states end where it falls no more."""
    states = states[np.isfinite(states).all(axis=1)]
    residuals, going = _residuals(dynamics, states), np.arange(len(states))
    for _ in range(_NEWTON):
        here = states[going]
        gaps = here - dynamics.step(here)
        moves = np.array([_newton_step(dynamics, h, gap) for h, gap in zip(here, gaps, strict=True)])
        falling = np.zeros(len(going), dtype=np.bool_)
        for halving in range(_HALVINGS):
            trying = np.flatnonzero(~falling)
            if not len(trying):
                break
            there = here[trying] + moves[trying] / 2**halving
            then = _residuals(dynamics, there)
            better = then < residuals[going[trying]]
            states[going[trying[better]]], residuals[going[trying[better]]] = there[better], then[better]
            falling[trying[better]] = True
        going = going[falling]
        if not len(going):
            break
    return states


def _newton_step(dynamics: Dynamics, h: Floats, gap: Floats) -> Floats:
    """d with (J − I) d = h − f(h); the shortest of least squares if J − I is singular."""
    matrix = dynamics.jacobian(h) - np.eye(len(h))
    try:
        return np.asarray(np.linalg.solve(matrix, gap))
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.lstsq(matrix, gap, rcond=None)[0])


def _residuals(dynamics: Dynamics, states: Floats) -> Floats:
    """|f(h) − h|, 2-norm, for which Newton's direction is one of descent; NaN is the worst."""
    if not len(states):
        return np.zeros(0)
    sizes = np.linalg.norm(dynamics.step(states) - states, axis=1)
    return np.asarray(np.where(np.isfinite(sizes), sizes, np.inf), dtype=np.float64)


def _worth_trying(dynamics: Dynamics, states: Floats) -> Mask:
    size = 1 + np.abs(states).max(axis=1) if len(states) else np.zeros(0)
    return np.asarray(_residuals(dynamics, states) <= _HALF_THE_DIGITS * size)
