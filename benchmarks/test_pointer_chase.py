"""Speed of the pointer chase: a million queries at t = 10^18 on a million memories, beside simulated steps."""

import time

import numpy as np
import pytest

from emtheory.theory.pointers import PointerChase
from emtheory.theory.tasks import Task


@pytest.mark.parametrize(("s", "kappa"), [(10, 100_000), (1000, 1000)])
def test_a_million_queries(benchmark, s, kappa):
    rng = np.random.default_rng(0)
    task = Task.from_selection(s, kappa, rng.integers(0, s * kappa, kappa), rng.choice([-1, 1], kappa))
    components = rng.integers(0, kappa, 10**6)
    started = time.perf_counter()
    chase = PointerChase(task)
    chase.read(0, 10**18)
    prepared = time.perf_counter() - started
    benchmark(chase.read, components, 10**18)
    started = time.perf_counter()
    task.outputs(rng.choice([-1, 1], (1, s, kappa)), 2 * s)
    step = (time.perf_counter() - started) / s
    query = benchmark.stats["mean"]
    benchmark.extra_info.update(preparation=prepared, queries_per_second=1e6 / query)
    print(f"\ns={s}, k={kappa}: prepared in {prepared:.2f} s (goal 2), a million queries in {query:.2f} s (goal 1), "
          f"or {query / step:.0f} simulated steps")  # fmt: skip
