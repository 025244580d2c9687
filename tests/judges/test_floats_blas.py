"""The BLAS self-test notices the faults it is there for, and a BLAS that failed is not used."""

from __future__ import annotations

import numpy as np
import pytest

from emtheory.judges.floats import blas, blas_self_test, chain, eigenvalue_discs, norm2_bound, tight_residual
from emtheory.verdict import Kind, Outcome, refuted


class Faulty(np.ndarray):
    """An array whose products go through `fault`."""

    fault = staticmethod(lambda product: product)

    def __matmul__(self, other):
        return type(self).fault(np.asarray(self) @ np.asarray(other))


def with_fault(monkeypatch, fault):
    """The self-test of this process's BLAS, with every float product spoiled by `fault`."""

    class Spoiled(Faulty):
        pass

    Spoiled.fault = staticmethod(lambda p: fault(p) if p.dtype.kind in "fc" else p)
    rng_type = np.random.default_rng

    class Source:
        def __init__(self, seed):
            self.rng = rng_type(seed)

        def integers(self, *args):
            return self.rng.integers(*args).view(Spoiled)

    monkeypatch.setattr(blas.np.random, "default_rng", Source)
    return blas_self_test.__wrapped__()


def test_this_blas_passes_and_the_result_is_an_observation():
    verdict = blas_self_test()
    assert (verdict.outcome, verdict.kind) == (Outcome.PROVED, Kind.OBSERVED)


def test_the_spoiled_test_passes_without_a_fault(monkeypatch):
    assert with_fault(monkeypatch, lambda p: p).outcome is Outcome.PROVED


def test_products_of_single_precision_are_noticed(monkeypatch):
    verdict = with_fault(monkeypatch, lambda p: p.astype(np.complex64).astype(np.complex128))
    assert verdict.outcome is Outcome.REFUTED


def test_a_dropped_row_is_noticed(monkeypatch):
    def drop(product):
        product = product.copy()
        product[64:] = 0
        return product

    assert with_fault(monkeypatch, drop).outcome is Outcome.REFUTED


def test_a_fault_of_complex_products_alone_is_noticed(monkeypatch):
    verdict = with_fault(monkeypatch, lambda p: p.conj())
    assert verdict.outcome is Outcome.REFUTED
    assert "complex" in verdict.evidence["reason"]


@pytest.mark.parametrize(
    "use",
    [chain, eigenvalue_discs, norm2_bound, lambda a: tight_residual(a, a, a)],
    ids=["chain", "discs", "norm", "residual"],
)
def test_no_bound_is_given_on_top_of_a_blas_that_failed(monkeypatch, use):
    monkeypatch.setattr(blas, "blas_self_test", lambda: refuted(Kind.OBSERVED, "products", reason="wrong"))
    with pytest.raises(RuntimeError, match="self-test"):
        use(np.eye(2))
