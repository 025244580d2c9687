"""What a proof costs: eigenvalue discs, in all (`eig` included), against `numpy.linalg.eig` alone; BLAS on one thread.

The goal is at most 2 times. Honesty is measured beside speed: how often an expected spectrum with one eigenvalue moved
by a millionth passes. Run with `python -m pytest benchmarks -s`.
"""

from __future__ import annotations

import time

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from emtheory.judges.floats import Eigenvalues, eigenvalue_discs, spectrum_within
from emtheory.verdict import Outcome

MOVED = 1e-6


def best(function, *arguments, repeats):
    """The shortest of several runs, in seconds: what the work takes when nothing disturbs it."""
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        function(*arguments)
        seconds.append(time.perf_counter() - start)
    return min(seconds)


@pytest.mark.parametrize(("n", "repeats"), [(32, 50), (128, 15), (512, 4)])
def test_discs_against_eig(benchmark, n, repeats):
    a = np.random.default_rng(n).standard_normal((n, n)) / np.sqrt(n)
    with threadpool_limits(limits=1, user_api="blas"):
        discs = benchmark.pedantic(eigenvalue_discs, args=(a,), rounds=repeats, warmup_rounds=1)
        alone = best(np.linalg.eig, a, repeats=repeats)
        both = best(eigenvalue_discs, a, repeats=repeats)
    ratio = both / alone
    benchmark.extra_info.update(eig_seconds=alone, ratio=ratio, largest_radius=float(discs.radii.max()))
    print(
        f"\nn = {n}: discs {1e3 * both:.2f} ms, eig alone {1e3 * alone:.2f} ms, ratio {ratio:.2f}"
        f"{' (goal at most 2)' if n >= 128 else ''}; largest radius {discs.radii.max():.1e}"
    )
    assert discs.refused is None
    assert len(discs.counts) == n


def test_no_moved_eigenvalue_passes(benchmark):
    rng = np.random.default_rng(0)
    cases = [planted(rng) for _ in range(200)]
    with threadpool_limits(limits=1, user_api="blas"):
        verdicts = benchmark.pedantic(
            lambda: [spectrum_within(a, expected, MOVED / 2) for a, expected in cases], rounds=1
        )
    passed = sum(verdict.outcome is Outcome.PROVED for verdict in verdicts)
    caught = sum(verdict.outcome is Outcome.REFUTED for verdict in verdicts)
    benchmark.extra_info.update(cases=len(cases), passed=passed, refuted=caught)
    print(f"\n{len(cases)} wrong spectra: {passed} passed, {caught} refuted, {len(cases) - passed - caught} undecided")
    assert passed == 0


def planted(rng):
    """A symmetric matrix, with its eigenvalues but for one that is moved by a millionth."""
    n = int(rng.integers(3, 12))
    orthogonal, _ = np.linalg.qr(rng.standard_normal((n, n)))
    values = rng.permutation(np.arange(1.0, n + 1))
    a = (orthogonal * values) @ orthogonal.T
    values[0] += MOVED
    return a, Eigenvalues(values.astype(np.complex128), np.full(n, 1e-13), np.ones(n, dtype=np.int64))
