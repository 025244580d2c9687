"""How many nodes a second: the spectrum of a signed selection by its cycles, against a numeric eigensolver.

Run `python -m pytest benchmarks -s`. Cycle decomposition runs on 10⁶ nodes, `numpy.linalg.eigvals` on 2,000; the ratio
of nodes a second is printed, and honesty is asserted: where both can run, they agree, and only the exact route counts
multiplicities.
"""

from time import perf_counter

import numpy as np
from threadpoolctl import threadpool_limits

from emtheory.judges.exact import charpoly
from emtheory.theory.circuits import companion
from emtheory.theory.matching import spectrum_distance
from emtheory.theory.spectra import predicted_spectrum
from emtheory.theory.tasks import Task


def permuted(s, kappa, *, seed):
    """An injective signed selection of random positions; for s = 1 a signed permutation."""
    rng = np.random.default_rng(seed)
    return Task.from_selection(s, kappa, rng.permutation(s * kappa)[:kappa], rng.choice([-1, 1], kappa))


def dense_companion(task):
    m = task.s * task.kappa
    Phi = np.eye(m, k=task.kappa)
    Phi[m - task.kappa :] = np.concatenate(list(task.array()), axis=1)
    return Phi


def seconds(function, *, repeats):
    best, result = float("inf"), None
    for _ in range(repeats):
        start = perf_counter()
        result = function()
        best = min(best, perf_counter() - start)
    return best, result


def test_cycle_decomposition_of_a_million_nodes_against_eigvals_at_two_thousand():
    small = permuted(1, 2000, seed=2)
    matrix = dense_companion(small)
    with threadpool_limits(limits=1):
        numeric, values = seconds(lambda: np.linalg.eigvals(matrix), repeats=1)
    print(f"\nnumpy.linalg.eigvals, 2,000 nodes: {numeric:.2f} s, {2000 / numeric:.3g} nodes/s")
    assert len(values) == 2000
    for s, kappa in ((10, 10**5), (1, 10**6)):
        large = permuted(s, kappa, seed=1)
        exact, spectrum = seconds(lambda large=large: predicted_spectrum(large), repeats=3)
        assert spectrum.persistent + spectrum.zeros == 10**6
        ratio = (10**6 / exact) / (2000 / numeric)
        print(f"cycles, 10^6 nodes (s={s}, k={kappa}): {exact:.4f} s, {10**6 / exact:.3g} nodes/s, {ratio:,.0f} times")


def test_both_routes_find_the_same_spectrum_but_only_cycles_know_multiplicities():
    task = permuted(1, 200, seed=3)
    predicted = predicted_spectrum(task)
    with threadpool_limits(limits=1):
        values = np.linalg.eigvals(dense_companion(task))
    distance = spectrum_distance(values, predicted.eigenvalues())
    distinct = len(predicted.multiplicities())
    print(f"\n200 nodes: distance {distance:.2g}; {distinct} distinct by cycles, {len(np.unique(values))} by numpy")
    assert distance < np.pi / 200**2  # below the least gap of different roots of unity of order up to 200
    assert predicted_spectrum(permuted(3, 20, seed=4)).charpoly() == charpoly(companion(permuted(3, 20, seed=4)))
