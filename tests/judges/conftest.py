"""The tests of the float judge run again on other kernels: BLAS and LAPACK with their last bits perturbed.

Which kernel a library picks depends on the machine. What another one may return is drawn here: a product anywhere
within its a-priori bound γ_k |A||B|; the exact eigenvectors of a matrix a few units of rounding away; and everything
that LAPACK returns off by a relative 2⁻⁵² to 2⁻⁴⁶, entry by entry. An expectation that holds on all of them depends on
no machine. Each case sees one draw; with `-m slow` each test sees 200, shared out among its cases.
"""

from __future__ import annotations

import zlib
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

import numpy as np
import pytest

from emtheory.judges.floats import kernels
from emtheory.judges.floats.rounding import UNIT, product_gamma

DRAWS = 200
KERNELS = ("installed", "perturbed", pytest.param("perturbed-often", marks=pytest.mark.slow))
numbers = pytest.StashKey[range]()


def pytest_configure(config):
    config.addinivalue_line("markers", "many_cases: draws hundreds of cases, each on a draw of its own: perturbed once")


def pytest_generate_tests(metafunc):
    name = metafunc.module.__name__.rpartition(".")[2]
    if name.startswith("test_floats_") and name != "test_floats_blas":  # which is about the BLAS that is installed
        many = metafunc.definition.get_closest_marker("many_cases")
        metafunc.fixturenames.append("kernel")
        metafunc.parametrize("kernel", KERNELS[:-1] if many else KERNELS)


def pytest_collection_modifyitems(items):
    """Shares the draws out among the cases of a test, so that each test sees all of them."""
    tests = {}
    for item in items:
        if getattr(item, "callspec", None) and item.callspec.params.get("kernel", "installed") != "installed":
            tests.setdefault((item.path, item.originalname, item.callspec.params["kernel"]), []).append(item)
    for (_, _, kernel), cases in tests.items():
        each = 1 if kernel == "perturbed" else -(-DRAWS // len(cases))
        for place, item in enumerate(cases):
            item.stash[numbers] = range(each * place, each * (place + 1))


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    """Calls the test once for each of its draws."""
    draws = pyfuncitem.stash.get(numbers, ())
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    for draw in draws:
        with other_kernel(draw):
            try:
                pyfuncitem.obj(**arguments)
            except BaseException as error:
                error.add_note(f"on the kernel of draw {draw}")
                raise
    return True if draws else None


@contextmanager
def other_kernel(seed):
    """Within the block the float judge computes with another kernel: as every one, a function of what it is given."""
    installed = {name: getattr(kernels, name) for name in kernels.__all__}

    def source(*given):
        return np.random.default_rng([seed, *(zlib.crc32(np.ascontiguousarray(x)) for x in given)])

    def lapack(name, *, backward=False):
        def other(a):
            rng = source(a)
            found = installed[name](off(a, rng, low=49, high=53) if backward else a)
            return tuple(off(x, rng) for x in found) if isinstance(found, tuple) else off(found, rng)

        return other

    others = {
        "product": lambda a, b: product(a, b, source(a, b)),
        "eig": lapack("eig", backward=True),
        **{name: lapack(name) for name in ("cholesky", "inverse", "norm2", "svd")},
    }
    assert set(others) == set(kernels.__all__)
    with ExitStack() as changes:
        for name, other in others.items():
            changes.enter_context(patch.object(kernels, name, other))
        yield


def off(x, rng, *, low=46, high=52):
    """x(1 + δ), entry by entry, |δ| ≤ 2⁻ʲ for one j from low to high; each part of a complex number for itself."""
    if np.iscomplexobj(x):
        return off(x.real, rng, low=low, high=high) + 1j * off(x.imag, rng, low=low, high=high)
    return x * (1 + 2.0 ** -rng.integers(low, high + 1) * rng.uniform(-1, 1, np.shape(x)))


def product(a, b, rng):
    """AB in long double, moved by what the bound of a float product leaves over, and rounded once."""
    k, is_complex = a.shape[-1], np.iscomplexobj(a) or np.iscomplexobj(b)
    used = 2 * UNIT + 4 * (k + 1) * float(np.finfo(np.longdouble).eps)  # by the rounding, and by the long doubles
    room = max(product_gamma(k, is_complex=is_complex) - used, 0.0)
    wide, narrow = (np.clongdouble, np.complex128) if is_complex else (np.longdouble, np.float64)
    with np.errstate(all="ignore"):
        moved = room * (np.abs(a).astype(np.longdouble) @ np.abs(b).astype(np.longdouble))
        moved = moved * rng.uniform(-1, 1, moved.shape)
        turned = np.exp(2j * np.pi * rng.uniform(size=moved.shape)) if is_complex else 1
        return (a.astype(wide) @ b.astype(wide) + moved * turned).astype(narrow)
