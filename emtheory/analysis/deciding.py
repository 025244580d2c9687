"""The claims about a trained network that eigenvalue discs, its recovery and its outputs decide.

Main function: `decided(learned, compared, reading)`. Where eigenvalue discs exist, a claim about eigenvalues is proved
or refuted for the stored weights, rounding included.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

import numpy as np

from emtheory.analysis.comparison import Comparison
from emtheory.analysis.enclosure import Sectors, count_in_sectors, locate, outside, sectors
from emtheory.analysis.learned import LearnedSpectrum
from emtheory.judges.floats import Discs
from emtheory.networks.accuracy import HORIZON, INPUTS
from emtheory.recovery.reader import Reading
from emtheory.verdict import Kind, Verdict, proved, refuted, undecided

__all__ = ["decided"]

Claims = Iterator[tuple[str, Verdict]]

_ROUNDING = 2.0**-48  # predicted moduli come within an ulp or two


def decided(learned: LearnedSpectrum, compared: Comparison | None, reading: Reading | None) -> Claims:
    """Each claim with its verdict.

    Arguments:
        learned: the eigenvalues of the network.
        compared: the network against its task, if one is known.
        reading: its memories and composition, if it reads and writes one dimension.
    """
    persistent = len(learned.persistent)
    claim = f"{persistent} eigenvalues have modulus above {learned.threshold:g}"
    yield claim, _has(learned.discs, persistent, learned.threshold)
    if compared:
        yield from _as_predicted(learned, compared)
    if reading:
        yield from reading.findings()
    if compared and compared.accuracy and compared.accuracy.share <= 0.5:
        # a measurement cannot prove, so it is a finding only where it refutes
        scope = f"{INPUTS} random inputs, {HORIZON} steps"
        yield "most output signs are right", refuted(Kind.OBSERVED, scope, share=compared.accuracy.share)


def _as_predicted(learned: LearnedSpectrum, compared: Comparison) -> Claims:
    discs, threshold = learned.discs, learned.threshold
    multiplicities = compared.spectrum.multiplicities()
    unclear = any(abs(abs(value) - threshold) <= _ROUNDING * threshold for value, _ in multiplicities)
    expected, cut = len(compared.predicted), sectors((v, count) for v, count in multiplicities if abs(v) > threshold)
    claim = f"as many eigenvalues are persistent as the task predicts, {expected}"
    yield claim, _at_threshold() if unclear else _has(discs, expected, threshold)
    if expected:
        claim = "in the sector around each predicted argument lie as many persistent eigenvalues as predicted"
        yield claim, _at_threshold() if unclear else _sectors_hold(discs, cut, threshold)


def _has(discs: Discs, expected: int, threshold: float) -> Verdict:
    """Whether exactly `expected` eigenvalues have modulus above the threshold."""
    if discs.refused:
        return undecided(Kind.ENCLOSED, "the stored weights", reason=discs.refused)
    scope, place = f"the stored {len(discs.centers)} x {len(discs.centers)} weights", locate(discs, threshold)
    evidence = {**asdict(place), "threshold": threshold, "radius": float(discs.radii.max())}
    if not place.outside <= expected <= place.outside + place.undecided:
        return refuted(Kind.ENCLOSED, scope, **evidence)
    return undecided(Kind.ENCLOSED, scope, **evidence) if place.undecided else proved(Kind.ENCLOSED, scope, **evidence)


def _at_threshold() -> Verdict:
    reason = "a predicted modulus equals the threshold up to rounding, so it is not clear what counts as persistent"
    return undecided(Kind.ENCLOSED, "the stored weights", reason=reason)


def _sectors_hold(discs: Discs, cut: Sectors, threshold: float) -> Verdict:
    """Whether each sector provably holds its number of persistent eigenvalues.

    `reach` in the evidence is a proved bound on every argument error, to be compared with `half_gap`.
    """
    scope = "the stored weights"
    if discs.refused:
        return undecided(Kind.ENCLOSED, scope, reason=discs.refused)
    if locate(discs, threshold).undecided:
        return undecided(Kind.ENCLOSED, scope, reason="an eigenvalue is too close to the threshold to tell its side")
    held = count_in_sectors(discs, cut, among=outside(discs, threshold))
    evidence = {"arguments": len(cut.arguments), "half_gap": cut.half_gap}
    if held is None:
        return undecided(Kind.ENCLOSED, scope, reason="a disc reaches into two sectors", **evidence)
    found, reach = held
    if (found == cut.counts).all():
        return proved(Kind.ENCLOSED, scope, **evidence, reach=reach, ratio=reach / cut.half_gap)
    worst = int(np.flatnonzero(found != cut.counts)[0])
    where = {"argument": float(cut.arguments[worst]), "found": int(found[worst]), "predicted": int(cut.counts[worst])}
    return refuted(Kind.ENCLOSED, scope, **evidence, **where)
