"""What the caller's setting of BLAS costs: reading a network with two BLAS threads set, against one thread set.

The goal is 1: small matrices are worked on with one thread, whatever is set, and the setting is there afterwards.
"""

from __future__ import annotations

import time

from threadpoolctl import ThreadpoolController

from emtheory.networks.weights import load
from emtheory.recovery.reader import read


def test_reading_with_two_threads_set_against_one(benchmark):
    libraries, network, seconds = ThreadpoolController().select(user_api="blas"), load("zoo:t3-n128"), {}
    for threads in (2, 1):
        with libraries.limit(limits=threads):
            read(network)  # loads what is loaded late
            start = time.perf_counter()
            benchmark.pedantic(read, args=(network,), rounds=1) if threads == 2 else read(network)
            seconds[threads] = time.perf_counter() - start
            assert {library["num_threads"] for library in libraries.info()} == {threads}
    ratio = seconds[2] / seconds[1]
    benchmark.extra_info.update(ratio=ratio, seconds=seconds[1])
    print(f"\nread zoo:t3-n128: {seconds[2]:.2f} s with two BLAS threads set, {seconds[1]:.2f} s with one: {ratio:.2f}")
