"""The circuit of s = 1,000 variables, step by step: ring buffer against dense simulation.

Run `python -m pytest benchmarks -s`. The ratio of the times a step is printed, equal outputs are asserted.
"""

from time import perf_counter

import numpy as np
from threadpoolctl import threadpool_limits

from emtheory.theory.circuits import dense, ring_buffer
from emtheory.theory.tasks import Task


def clocked(simulate, task, u, T):
    start = perf_counter()
    outputs = simulate(task, u, T)
    return perf_counter() - start, outputs


def test_ring_buffer_against_dense_simulation_at_a_thousand_variables():
    s, kappa, few, more, many = 1000, 8, 10, 70, 4000
    rng = np.random.default_rng(5)
    task = Task.from_selection(s, kappa, rng.permutation(s * kappa)[:kappa], rng.choice([-1, 1], kappa))
    u = rng.choice([-1.0, 1.0], size=(1, s, kappa))
    with threadpool_limits(limits=1):
        dense(task, u, 1)  # first touch of the memory
        building, _ = clocked(dense, task, u, few)  # mostly building the matrix: taken off below
        slow, expected = clocked(dense, task, u, more)
    fast, outputs = clocked(ring_buffer, task, u, many)
    assert np.array_equal(outputs[:, :more], expected)
    slow_step, fast_step = (slow - building) / (more - few), fast / many
    print(
        f"\ns={s}, k={kappa}: dense {slow_step * 1e3:.2f} ms a step, ring buffer {fast_step * 1e6:.1f} us a step, "
        f"{slow_step / fast_step:,.0f} times"
    )


def test_ring_buffer_and_dense_simulation_agree_beyond_the_input_phase():
    rng = np.random.default_rng(6)
    task = Task.from_selection(50, 8, rng.permutation(400)[:8], rng.choice([-1, 1], 8))
    u = rng.integers(-1, 2, size=(4, 50, 8))
    assert np.array_equal(dense(task, u, 400), ring_buffer(task, u, 400))
