"""What recovery costs against the plain recursion with a pseudoinverse, and how often each of them is right.

Goals: under 50 ms at n = 128, under 5 s at n = 1024, BLAS on one thread. Run with `python -m pytest benchmarks -s`.
"""

from __future__ import annotations

import time

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from emtheory.networks import zoo
from emtheory.recovery.deflated import plain_memories
from emtheory.recovery.krylov import Operators
from emtheory.recovery.nearest import nearest
from emtheory.recovery.recover import recover
from emtheory.theory.tasks import Task


def plain(W, U, R, s):
    """The baseline: memories by powers of W, the composition through a pseudoinverse, no projector, no deflation."""
    psi = np.hstack(plain_memories(W, U, s))
    phi = np.linalg.pinv(psi) @ W @ psi
    kappa = U.shape[1]
    return np.stack([phi[-kappa:, k * kappa : (k + 1) * kappa] for k in range(s)])


def network(n, s, kappa):
    """Repeat copy in a random basis beside transients."""
    rng = np.random.default_rng(n)
    m = s * kappa
    whole = np.zeros((n, n))
    whole[:m, :m] = np.eye(m, k=kappa) + np.eye(m, k=kappa - m)
    fading = rng.normal(size=(n - m, n - m))
    whole[m:, m:] = fading / (3 * np.sqrt(n - m))
    basis = np.linalg.qr(rng.normal(size=(n, n)))[0] @ np.diag(rng.uniform(0.5, 1.5, n))
    last = np.eye(n)[:, m - kappa : m] + np.vstack([np.zeros((m, kappa)), rng.normal(size=(n - m, kappa))])
    inverse = np.linalg.inv(basis)
    return Operators(basis @ whole @ inverse, basis @ last, last.T @ inverse)


@pytest.mark.parametrize(("n", "s", "kappa", "goal"), [(128, 8, 8, 0.05), (1024, 16, 32, 5.0)])
def test_recovery_against_the_plain_recursion(benchmark, n, s, kappa, goal):
    operators, task = network(n, s, kappa), Task.repeat_copy(s, kappa)
    with threadpool_limits(limits=1, user_api="blas"):
        found = benchmark.pedantic(recover, args=(operators,), rounds=3, warmup_rounds=1)
        start = time.perf_counter()
        blocks = plain(operators.W, operators.U, operators.R, s)
        alone = time.perf_counter() - start
    seconds = benchmark.stats.stats.min
    off, plainly = (np.abs(C - task.array()).max() for C in (found.composition, blocks))
    benchmark.extra_info.update(plain_seconds=alone, ratio=seconds / alone, error=off, plain_error=plainly)
    print(
        f"\nn = {n}: recovery {1e3 * seconds:.0f} ms (goal under {1e3 * goal:.0f}), {seconds / alone:.1f} times the "
        f"plain recursion; max|C - Ĉ| {off:.1e} against {plainly:.1e}"
    )
    assert nearest(found).task == task


def test_the_plain_recursion_is_wrong_on_trained_weights(benchmark):
    trained, task = zoo.load("repeat-copy-s8-k8-n128"), Task.repeat_copy(8, 8)
    operators = Operators(trained.W_hh, trained.W_uh, trained.W_r)
    found = benchmark.pedantic(recover, args=(operators,), rounds=3, warmup_rounds=1)
    off = np.abs(found.composition - task.array()).max()
    plainly = np.abs(plain(operators.W, operators.U, operators.R, 8) - task.array()).max()
    print(f"\ntrained repeat copy: max|C - Ĉ| {off:.3f} against {plainly:.3f} by the plain recursion")
    assert off < 0.03 < plainly
