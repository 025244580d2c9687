"""The exact characteristic polynomial, python-flint behind `Matrix`, against sympy at n = 32; the goal is 50 times.

The opponent of the goal is sympy by itself, `Matrix.charpoly` on Python's integers. Where sympy finds python-flint it
borrows flint's numbers; that is measured as well and printed beside it. Integer entries, and the rational
entries of a circuit W = ΞΦΞ†, where large numbers cost both sides. Run with `python -m pytest benchmarks -s`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from emtheory.judges.exact import charpoly, cycle, direct_sum, left_inverse, matrix

N = 32

SYMPY = """
import json, sys, time
import sympy
rows, seconds = json.load(sys.stdin), []
table = sympy.Matrix([[sympy.Rational(p, q) for p, q in row] for row in rows])
for _ in range(3):
    start = time.perf_counter()
    polynomial = table.charpoly()
    seconds.append(time.perf_counter() - start)
print(json.dumps([min(seconds), [str(c) for c in polynomial.all_coeffs()]]))
"""


def sympy_charpoly(a, ground_types):
    """Seconds and coefficients, highest power first, by a sympy with these numbers (chosen when it is imported)."""
    rows = json.dumps([[(int(q.p), int(q.q)) for q in row] for row in a])
    environment = {**os.environ, "SYMPY_GROUND_TYPES": ground_types}
    command = [sys.executable, "-c", SYMPY]
    done = subprocess.run(command, input=rows, env=environment, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def integers():
    return matrix(np.random.default_rng(N).integers(-9, 10, (N, N)).tolist())


def circuit():
    xi = matrix(np.random.default_rng(N).integers(-2, 3, (N, N // 2)).tolist())
    return xi @ direct_sum(cycle(8), cycle(8)) @ left_inverse(xi)


@pytest.mark.parametrize("make", [integers, circuit])
def test_charpoly_against_sympy(benchmark, make):
    a = make()
    ours = benchmark.pedantic(charpoly, args=(a,), rounds=20, warmup_rounds=1)
    mine = benchmark.stats.stats.min
    alone, coefficients = sympy_charpoly(a, "python")
    helped, same = sympy_charpoly(a, "flint")
    benchmark.extra_info.update(sympy_seconds=alone, ratio=alone / mine, ratio_to_sympy_on_flint=helped / mine)
    print(
        f"\n{make.__name__}: exact {1e3 * mine:.2f} ms, sympy alone {1e3 * alone:.1f} ms, {alone / mine:.0f} times"
        f" (goal 50 on integers); sympy on flint's numbers {1e3 * helped:.1f} ms, {helped / mine:.0f} times"
    )
    assert [str(c) for c in reversed(ours.coeffs())] == coefficients == same
