"""Protects the numbers of the saturating circuit: levels, margins, tolerated noise and enclosed runs."""

import numpy as np
import pytest
from flint import arb, fmpq

from emtheory.judges.balls import precision
from emtheory.judges.exact import matrix, rational, zeros
from emtheory.theory.saturating import critical_noise, level, margin, midpoint, tanh_run


@pytest.mark.parametrize("gain", [fmpq(1001, 1000), fmpq(3, 2), 2, 10])
@pytest.mark.parametrize("bits", [53, 128])
def test_the_level_encloses_the_fixed_point_tightly(gain, bits):
    with precision(bits):
        star = level(gain)
        below, above = star.lower(), star.upper()
        assert (arb(gain) * below).tanh() >= below - arb(2) ** (8 - bits)
        assert (arb(gain) * above).tanh() <= above + arb(2) ** (8 - bits)
        assert star.rad() < arb(2) ** (12 - bits)


@pytest.mark.parametrize("gain", [1, fmpq(1, 2), -3])
def test_no_level_is_held_at_a_gain_of_one_or_less(gain):
    for function in (level, critical_noise):
        with pytest.raises(ValueError, match="above 1"):
            function(gain)


def test_a_drive_at_or_below_the_gain_has_no_margin():
    with pytest.raises(ValueError, match="above the gain"):
        margin(2, 2)
    assert margin(2, 3) < level(2)  # tanh 1 = 0.76
    assert margin(2, 5) > fmpq(9575, 10000)


def test_noise_below_the_limit_leaves_two_roots_and_above_it_none():
    with precision(128):
        limit = critical_noise(2)
        grid = [rational(i) / 1000 for i in range(1, 1000)]
        borne = [arb(2 * a) - arb(a).atanh() for a in grid]
        assert all(value <= limit for value in borne)
        assert any(value > limit - fmpq(1, 10000) for value in borne)


def test_a_run_encloses_what_floats_compute_and_runs_columns_side_by_side():
    w, start = matrix([["1/2", -2], [1, "1/3"]]), matrix([[1, "1/2"], ["-1/4", 0]])
    drive = [matrix([[1, 0], [0, 1]]), zeros(2, 2)]
    with precision(128):
        runs = list(tanh_run(w, drive, start, 5))
    h = start.numpy()
    for t, enclosed in enumerate(runs):
        h = np.tanh(w.numpy() @ h + (drive[t].numpy() if t < 2 else 0))
        found = np.array([[float(enclosed[i, j]) for j in range(2)] for i in range(2)])
        assert np.array_equal(np.round(found - h, 12), np.zeros((2, 2)))


def test_the_midpoint_is_exact():
    assert midpoint(arb(fmpq(-5, 8))) == fmpq(-5, 8)
    assert midpoint(arb(0)) == 0
