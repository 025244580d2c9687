"""How often a circuit is claimed that is not there, and how many that are there are read.

Goals: no wrong claim on 2,000 random networks of ten kinds; every circuit that is hidden in a random basis is read. Run
with `python -m pytest benchmarks/test_honest_reading.py -s`; about half an hour.
"""

from __future__ import annotations

import runpy
from collections import Counter
from pathlib import Path

from threadpoolctl import threadpool_limits

TOOLS = runpy.run_path(str(Path(__file__).parent / "random_networks.py"))
NETWORKS, CIRCUITS = 2000, 200


def test_no_circuit_is_claimed_that_is_not_there():
    claims, wrong = Counter(), []
    with threadpool_limits(1, user_api="blas"):
        for number in range(NETWORKS):
            kind, network = TOOLS["random_network"](number)
            found = TOOLS["judged"](network, number)
            claims[kind] += found is not None
            if TOOLS["is_wrong"](found):
                wrong.append((number, kind, found))
    print(f"\n{NETWORKS} random networks: {sum(claims.values())} claims {dict(claims)}, {len(wrong)} wrong {wrong}")
    assert wrong == []


def test_circuits_that_are_there_are_read():
    read = 0
    with threadpool_limits(1, user_api="blas"):
        for number in range(CIRCUITS):
            task, network = TOOLS["hidden_circuit"](number)
            read += TOOLS["claim"](network)[0] == task
    print(f"\n{read} of {CIRCUITS} circuits hidden in random bases are read")
    assert read == CIRCUITS
