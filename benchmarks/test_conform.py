"""What conformance costs: all properties on our own functions, against those on plain numpy functions.

The goal is under a minute for all functions. Run with `python -m pytest benchmarks/test_conform.py -s`.
"""

from __future__ import annotations

import time
from pathlib import Path

from emtheory.conform import load, own, run

CORRECT = load(str(Path(__file__).parent.parent / "tests" / "conform" / "correct.py"))


def test_all_functions_against_plain_ones(benchmark):
    results = benchmark.pedantic(run, args=(own,), rounds=1)
    seconds = benchmark.stats.stats.min
    start = time.perf_counter()
    run(CORRECT)
    plain = time.perf_counter() - start
    benchmark.extra_info.update(plain_seconds=plain, ratio=seconds / plain)
    print(
        f"\n{len(results)} properties: our own functions {seconds:.1f} s (goal under 60), "
        f"{seconds / plain:.1f} times plain numpy functions"
    )
    assert {result.outcome for result in results} == {"passed"}
