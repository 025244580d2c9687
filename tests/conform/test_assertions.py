"""Protects the assertions' bounds: none passes wrong data, none rejects right data, whatever their precision."""

import numpy as np
import pytest

from emtheory.conform.assertions import given
from emtheory.conform.plugin import assert_circuit, assert_dual, assert_recovers, assert_same_spectrum, assert_similar
from emtheory.conform.trial import UndecidedError
from emtheory.conform.truth import circuit as drawn

TRUTH = drawn(3, 3, 2, hidden=1)
ROTATION = np.roll(np.eye(4), 1, 0)
PHASES = np.diag(np.exp(1j * np.arange(TRUTH.n)))
NEITHER_PASSES = (AssertionError, UndecidedError)


def basis(sizes, rows, seed=0):
    """A basis with these singular values."""
    left, _, right = np.linalg.svd(np.random.default_rng(seed).standard_normal((rows, len(sizes))), full_matrices=False)
    return left * np.asarray(sizes) @ right


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: assert_same_spectrum(np.eye(12, k=1), np.exp(2j * np.pi * np.arange(12) / 12)),
        lambda: assert_same_spectrum(np.eye(12, k=1), np.full(12, 0.5)),
        lambda: assert_same_spectrum(np.diag(np.ones(15), 1), 3 * np.eye(16)),
        lambda: assert_dual(np.ones((2, 2)), np.full((2, 2), 0.25)),
        lambda: assert_dual(basis([1, 10**-3.5, 1e-7], 6), -np.linalg.pinv(basis([1, 10**-3.5, 1e-7], 6))),
        lambda: assert_similar(np.eye(4), 2 * np.eye(4), basis(np.logspace(0, -7, 4), 4)),
        lambda: assert_circuit(np.eye(2), [[1.0], [0.0]], [[1.0, 0.0]], [[[1.0]], [[1.0]]]),
        lambda: assert_circuit(TRUTH.W + 1j, TRUTH.U, TRUTH.R, TRUTH.C),
        lambda: assert_circuit(TRUTH.W, TRUTH.U, TRUTH.R, TRUTH.C + 1j),
        lambda: assert_similar(ROTATION + 1j, ROTATION, np.eye(4)),
        lambda: assert_dual(np.eye(2), np.eye(2) + 1j * np.eye(2)),
        lambda: assert_recovers(lambda W, U, R: TRUTH.C + 1j, TRUTH),
        lambda: assert_dual([[np.nan]], [[1.0]]),
        lambda: assert_dual(np.ones((2, 1)), np.ones((2, 1))),
    ],
)
def test_wrong_data_never_pass(wrong):
    with pytest.raises(NEITHER_PASSES) as failure:
        wrong()
    assert "got" in str(failure.value)
    assert "expected" in str(failure.value)


@pytest.mark.parametrize("factor", [2.0, -1.0, 0.5, 0.0, 1e6])
@pytest.mark.parametrize("condition", [1e0, 1e5, 1e7, 1e9, 1e14])
def test_no_multiple_of_what_is_right_passes_however_bad_the_condition(factor, condition):
    Xi = basis(np.geomspace(1, 1 / condition, 4), 4)
    inverse = np.linalg.pinv(Xi, rtol=0)
    for wrong in (
        lambda: assert_similar(Xi @ ROTATION @ inverse, factor * ROTATION, Xi),
        lambda: assert_dual(Xi, factor * inverse),
        lambda: assert_same_spectrum(Xi @ ROTATION @ inverse, factor * np.array([1, 1, 1, 1])),
    ):
        with pytest.raises(NEITHER_PASSES):
            wrong()


def test_a_bound_that_is_too_wide_says_so_with_the_bound_and_what_it_must_be_below():
    Xi = basis(np.logspace(0, -7, 4), 4)
    W = Xi @ ROTATION @ np.linalg.inv(Xi)
    with pytest.raises(UndecidedError, match=r"cannot tell .* bound \d.* must be below 1, half of what is compared"):
        assert_similar(W, 2 * ROTATION, Xi)
    assert not issubclass(UndecidedError, AssertionError)
    with pytest.raises(UndecidedError, match="half of the largest modulus"):
        assert_same_spectrum(np.diag([1.0, 0.9]), [1.0, 0.5], bound=0.6)


def test_right_data_pass_where_the_condition_is_bad_and_the_residual_small():
    Xi = basis(np.logspace(0, -7, 4), 4)
    assert_similar(Xi @ ROTATION @ np.linalg.inv(Xi), ROTATION, Xi)
    assert_dual(basis([1, 10**-3.5, 1e-7], 6), np.linalg.pinv(basis([1, 10**-3.5, 1e-7], 6)))


@pytest.mark.parametrize("n", [4, 32, 128])
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
def test_weights_that_were_rounded_to_their_type_pass(n, dtype):
    rng = np.random.default_rng(n)
    Xi = np.eye(n) + 0.3 * rng.standard_normal((n, n)) / np.sqrt(n)
    values = np.linspace(-1, 1, n)
    W, inverse = Xi * values @ np.linalg.inv(Xi), np.linalg.inv(Xi)
    assert_similar(W.astype(dtype), np.diag(values).astype(dtype), Xi.astype(dtype))
    assert_dual(Xi.astype(dtype), inverse.astype(dtype))
    if dtype == np.float64 or n < 128:
        assert_same_spectrum(np.diag(values).astype(dtype), values)
        assert_same_spectrum(values.astype(dtype), values)
    if dtype == np.float32:
        assert_same_spectrum(W.astype(dtype), values)
        with pytest.raises(AssertionError):  # the same numbers in double precision are not so far off
            assert_same_spectrum(W.astype(dtype).astype(np.float64), values)


@pytest.mark.parametrize("dtype", [np.float32, np.float16, np.int8, np.int64])
def test_circuits_pass_in_the_types_that_hold_them(dtype):
    truth = drawn(5, 2, 2, kinds=["cycle"])
    assert_circuit(*(x.astype(dtype) for x in (truth.W, truth.U, truth.R, truth.C)))


def test_rounded_circuits_pass_in_single_precision():
    rotate = np.linalg.qr(np.random.default_rng(0).standard_normal((TRUTH.n, TRUTH.n)))[0]
    moved = rotate @ TRUTH.W @ rotate.T, rotate @ TRUTH.U, TRUTH.R @ rotate.T, TRUTH.C
    single = [x.astype(np.float32) for x in moved]
    assert_circuit(*single)
    with pytest.raises(AssertionError):
        assert_circuit(single[0], single[1], single[2], TRUTH.C + 2)


def test_complex_circuits_pass():
    back = PHASES.conj().T
    assert_circuit(PHASES @ TRUTH.W @ back, PHASES @ TRUTH.U, TRUTH.R @ back, TRUTH.C)
    assert_similar(PHASES @ TRUTH.W @ back, TRUTH.W, PHASES)
    assert_dual(PHASES, back)


def test_bfloat16_counts_as_rounded_to_eight_bits():
    class Bfloat:
        dtype = "bfloat16"

        def __array__(self, dtype=None, copy=None):
            return np.array([[1.0078125]])

    assert given("W", Bfloat()).unit == 2.0**-8
    assert_dual(Bfloat(), [[0.996]])  # 1 + 2⁻⁷ may be 1/0.996 rounded
    with pytest.raises(AssertionError):
        assert_dual([[1.0078125]], [[0.996]])
