"""Locations: a side of a circle, or a sector, is claimed only where every eigenvalue of the discs has it."""

from __future__ import annotations

import numpy as np
import pytest

from emtheory.analysis.enclosure import Location, count_in_sectors, locate, outside, sectors
from emtheory.judges.floats import Discs, eigenvalue_discs


def discs(centers, radii, components=None) -> Discs:
    components = range(len(centers)) if components is None else components
    return Discs(np.array(centers, dtype=complex), np.array(radii, dtype=float), np.array(components, dtype=np.int64))


def test_a_disc_that_touches_the_circle_is_on_no_side():
    assert locate(discs([2, 0.5, 1.25], [0.5, 0.25, 0.25]), 1.0) == Location(1, 1, 1)
    assert locate(discs([1], [0.0]), 1.0) == Location(0, 0, 1)


def test_one_straddling_disc_leaves_its_whole_component_open():
    joined = discs([1.5, 1.2, 1.05, 3], [0.2, 0.15, 0.1, 0.1], [0, 0, 0, 1])
    assert locate(joined, 1.0) == Location(1, 0, 3)
    assert outside(joined, 1.0).tolist() == [False, True]
    assert locate(joined, 1.0, among=np.array([True, False])) == Location(0, 0, 3)


def test_located_eigenvalues_are_where_they_are_said_to_be():
    for seed in range(20):
        rng = np.random.default_rng(seed)
        known = rng.uniform(0.2, 1.8, 12) * np.exp(2j * np.pi * rng.uniform(size=12))
        basis = np.linalg.qr(rng.standard_normal((12, 12)) + 1j * rng.standard_normal((12, 12)))[0]
        found = eigenvalue_discs(basis @ np.diag(known) @ basis.conj().T)
        radius = float(rng.choice(np.abs(known)) + rng.choice([-1e-3, 1e-3]))
        expected = int((np.abs(known) > radius).sum())
        assert locate(found, radius) == Location(expected, 12 - expected, 0)


def test_sectors_are_cut_halfway_and_their_borders_are_in_neither():
    cut = sectors([(1, 1), (1j, 1), (-1, 1), (-1j, 1)])
    assert cut.half_gap == pytest.approx(np.pi / 4)
    everywhere = np.ones(1, dtype=bool)
    for angle, sector in ((0.78, 0), (0.79, 1), (-0.78, 0), (-0.79, 3), (3.1, 2), (-3.1, 2)):
        counts, reach = count_in_sectors(discs([np.exp(1j * angle)], [1e-3]), cut, among=everywhere)
        assert abs(np.angle(np.exp(1j * angle) / 1j**sector)) + 1e-3 < reach < cut.half_gap
        assert counts.tolist() == [int(k == sector) for k in range(4)]
    for angle in (np.pi / 4, np.pi / 4 + 9e-4, -3 * np.pi / 4):
        assert count_in_sectors(discs([np.exp(1j * angle)], [1e-3]), cut, among=everywhere) is None


def test_a_disc_around_zero_or_a_component_across_a_border_is_in_no_sector():
    cut, both = sectors([(1, 1), (-1, 1)]), np.ones(1, dtype=bool)
    assert count_in_sectors(discs([0.1], [0.2]), cut, among=both) is None
    assert count_in_sectors(discs([1 + 1j, -1 + 1j], [0.1, 0.1], [0, 0]), cut, among=both) is None
    apart = discs([1 + 1j, -1 + 1j], [0.1, 0.1])
    for among, counts in (([True, True], [1, 1]), ([True, False], [1, 0])):
        assert count_in_sectors(apart, cut, among=np.array(among))[0].tolist() == counts


def test_a_single_sector_is_the_whole_plane():
    cut = sectors([(-1, 2)])
    assert cut.half_gap == pytest.approx(np.pi)
    assert count_in_sectors(discs([1, 1j], [0.1, 0.1]), cut, among=np.ones(2, dtype=bool))[0].tolist() == [2]


def test_values_just_below_and_just_above_the_positive_axis_share_a_sector():
    cut = sectors([(1 - 1e-17j, 2), (2 + 1e-17j, 3), (-1 + 1e-16j, 1), (-1 - 1e-16j, 1)])
    assert sorted(cut.counts.tolist()) == [2, 5]
