"""The BLAS self-test notices the faults it is there for, and a BLAS that failed is not used."""

from __future__ import annotations

import contextlib
import ctypes
import platform
import shutil
import subprocess

import numpy as np
import pytest

from emtheory.judges.exact import dyadic
from emtheory.judges.floats import (
    blas,
    blas_self_test,
    chain,
    eigenvalue_discs,
    enclose,
    norm2_bound,
    run_bound,
    similarity_defect,
    spectrum_within,
    tight_residual,
)
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
    return blas.integer_products.__wrapped__()


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


USES = {
    "rounding": lambda a: enclose(dyadic(a)),
    "chain": chain,
    "run": lambda a: run_bound(a, a, a, 3),
    "discs": eigenvalue_discs,
    "spectrum": lambda a: spectrum_within(a, [(1, 2)], 0.5),
    "norm": norm2_bound,
    "defect": lambda a: similarity_defect(a, a, a),
    "residual": lambda a: tight_residual(a, a, a),
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_no_bound_is_given_on_top_of_a_blas_that_failed(monkeypatch, use):
    with monkeypatch.context() as patch:
        patch.setattr(blas, "integer_products", lambda: refuted(Kind.OBSERVED, "products", reason="wrong"))
        with pytest.raises(FloatingPointError, match="self-test"):
            use(np.eye(2))


SWITCHES = """
#include <fenv.h>
#if defined(__x86_64__)
#include <xmmintrin.h>
void flush(void) { _mm_setcsr(_mm_getcsr() | 0x8000); }
void subnormals_are_zero(void) { _mm_setcsr(_mm_getcsr() | 0x0040); }
void fast_math(void) { _mm_setcsr(_mm_getcsr() | 0x8040); }
#elif defined(__aarch64__)
static void fpcr(unsigned long bits) { unsigned long x; __asm__ volatile("mrs %0, fpcr" : "=r"(x));
    __asm__ volatile("msr fpcr, %0" : : "r"(x | bits)); }
void flush(void) { fpcr(1ul << 24); }
void subnormals_are_zero(void) { fpcr(1ul << 24); }
void fast_math(void) { fpcr(1ul << 24); }
#endif
void upward(void) { fesetround(FE_UPWARD); }
void downward(void) { fesetround(FE_DOWNWARD); }
void towards_zero(void) { fesetround(FE_TOWARDZERO); }
void restore(void) { fesetenv(FE_DFL_ENV); }
"""


@pytest.fixture(scope="module")
def processor(tmp_path_factory):
    """Functions that change how this thread computes, as loading a library built with -ffast-math does."""
    compiler = next((path for name in ("gcc", "clang", "cc") if (path := shutil.which(name))), None)
    if compiler is None or platform.machine().lower() not in ("x86_64", "amd64", "aarch64", "arm64"):
        pytest.skip("switching the processor needs a C compiler, and an x86-64 or 64-bit ARM processor")
    folder = tmp_path_factory.mktemp("switches")
    (folder / "switches.c").write_text(SWITCHES)
    library = folder / "switches.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-O0", "-o", library, folder / "switches.c", "-lm"], check=True)
    return ctypes.CDLL(str(library))


@pytest.fixture
def switched(processor):
    """Within the block, this thread computes otherwise."""

    @contextlib.contextmanager
    def switch(how):
        getattr(processor, how)()
        try:
            yield
        finally:
            processor.restore()

    return switch


FAULTS = {
    "flush": "flushed to zero",
    "subnormals_are_zero": "flushed to zero",
    "fast_math": "flushed to zero",
    "upward": "rounded to nearest",
    "downward": "rounded to nearest",
    "towards_zero": "rounded to nearest",
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
@pytest.mark.parametrize("how", FAULTS)
def test_a_switch_of_the_processor_after_the_self_test_is_noticed_by_each_enclosure(switched, how, use):
    assert blas_self_test().outcome is Outcome.PROVED
    with switched(how):
        outcome = blas_self_test().outcome
        with pytest.raises(FloatingPointError, match=FAULTS[how]):
            use(np.eye(2))
    assert outcome is Outcome.REFUTED
    use(np.eye(2))


def test_a_wrong_spectrum_is_not_proved_while_subnormals_are_flushed(switched):
    tiny = np.diag([1e-310, 3e-310])
    with switched("fast_math"), pytest.raises(FloatingPointError, match="flushed to zero"):
        spectrum_within(tiny, [(0, 2)], 1e-312)
    assert spectrum_within(tiny, [(0, 2)], 1e-312).outcome is Outcome.REFUTED
