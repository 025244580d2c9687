"""Exact matrices compute as rational matrices do, let no float in unnoticed, and are compared without tolerance."""

from __future__ import annotations

import pickle
from fractions import Fraction

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from emtheory.judges.exact import (
    Matrix,
    blocks,
    charpoly,
    cycle,
    direct_sum,
    dyadic,
    exactly,
    eye,
    hstack,
    left_inverse,
    matrix,
    minpoly,
    monomial,
    polynomial,
    rational,
    unit,
    vstack,
    zeros,
)
from emtheory.verdict import Kind, Outcome

ENTRIES = st.fractions(min_value=-9, max_value=9, max_denominator=7)
SIZES = st.integers(1, 4)


def of_shape(rows, cols):
    return st.lists(st.lists(ENTRIES, min_size=cols, max_size=cols), min_size=rows, max_size=rows).map(matrix)


@st.composite
def products(draw):
    """Three matrices whose product exists."""
    a, b, c, d = (draw(SIZES) for _ in range(4))
    return draw(of_shape(a, b)), draw(of_shape(b, c)), draw(of_shape(c, d))


SQUARES = SIZES.flatmap(lambda n: of_shape(n, n))


def as_sympy(a: Matrix) -> sympy.Matrix:
    return sympy.Matrix(*a.shape, [sympy.Rational(int(q.p), int(q.q)) for row in a for q in row])


def from_sympy(a: sympy.Matrix) -> Matrix:
    return matrix(a.tolist())


@settings(max_examples=40, deadline=None)
@given(products())
def test_products_sums_and_transposes_agree_with_sympy(factors):
    a, b, c = factors
    assert a @ b @ c == from_sympy(as_sympy(a) * as_sympy(b) * as_sympy(c)) == a @ (b @ c)
    assert (a @ b).T == b.T @ a.T
    assert a + a == 2 * a == a * Fraction(2)
    assert (a - a).is_zero()
    assert a / 3 == from_sympy(as_sympy(a) / 3)


@settings(max_examples=40, deadline=None)
@given(SQUARES)
def test_ranks_determinants_kernels_and_polynomials_agree_with_sympy(a):
    theirs = as_sympy(a)
    n = len(a)
    assert a.rank() == theirs.rank()
    assert a.det() == rational(theirs.det())
    assert polynomial(reversed([rational(c) for c in theirs.charpoly().all_coeffs()])) == charpoly(a)
    kernel = a.kernel()
    assert kernel.shape == (n, n - a.rank()) == (n, kernel.rank())
    assert (a @ kernel).is_zero()
    assert evaluate(charpoly(a), a).is_zero()
    assert evaluate(minpoly(a), a).is_zero()
    assert charpoly(a) % minpoly(a) == 0


def evaluate(p, a):
    total = zeros(*a.shape)
    for k, c in enumerate(p.coeffs()):
        total = total + c * a**k
    return total


@settings(max_examples=40, deadline=None)
@given(SQUARES)
def test_inverses_exist_for_full_rank_only(a):
    if a.rank() == len(a):
        assert a @ a.inv() == eye(len(a)) == a.inv() @ a
    else:
        with pytest.raises(ValueError, match="no inverse"):
            a.inv()


@settings(max_examples=40, deadline=None)
@given(SIZES, st.data())
def test_left_inverses_are_moore_penrose_or_refused(m, data):
    xi = data.draw(of_shape(m + 1, m))
    if xi.rank() < m:
        with pytest.raises(ValueError, match="independent columns"):
            left_inverse(xi)
        return
    dual = left_inverse(xi)
    assert dual @ xi == eye(m)
    assert xi @ dual == (xi @ dual).T


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=6))
def test_finite_floats_pass_the_door_and_come_back_unchanged(values):
    array = np.array([values])
    exact = dyadic(array)
    assert [Fraction(int(q.p), int(q.q)) for q in exact[0:1, :].flint.entries()] == [Fraction(x) for x in values]
    assert np.array_equal(exact.numpy(), array)


@pytest.mark.parametrize("dtype", [np.int8, np.uint64, np.int64, np.float16, np.float32])
def test_other_numpy_types_pass_at_their_exact_value(dtype):
    assert dyadic(np.array([[1, 2]], dtype=dtype)) == matrix([[1, 2]])


@pytest.mark.parametrize(
    "bad",
    [
        [1.0, 2.0],
        [[np.nan]],
        [[np.inf]],
        [[1j]],
        [["1"]],
        [[True]],
        np.array([[0.1]], dtype=np.longdouble) / 3,
    ],
    ids=["vector", "nan", "infinity", "complex", "string", "boolean", "long double"],
)
def test_what_has_no_exact_float64_value_is_refused(bad):
    with pytest.raises(ValueError, match=r"dyadic needs|NaN"):
        dyadic(bad)


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0)])
@pytest.mark.parametrize("dtype", [np.int64, np.float64])
def test_empty_arrays_keep_their_shape(shape, dtype):
    assert dyadic(np.zeros(shape, dtype=dtype)).shape == shape == zeros(*shape).T.T.shape


def test_floats_do_not_enter_through_any_other_door():
    for make in (lambda: matrix([[0.5]]), lambda: eye(2) * 0.5, lambda: rational(0.5), lambda: polynomial([0.5])):
        with pytest.raises(TypeError, match="dyadic"):
            make()
    with pytest.raises(TypeError):
        exactly(0.5, Fraction(1, 2))


def test_numpy_arrays_do_not_mix_with_exact_matrices():
    for mix in (lambda: eye(2) @ np.eye(2), lambda: np.eye(2) @ eye(2), lambda: eye(2) + np.eye(2)):
        with pytest.raises(TypeError):
            mix()


@pytest.mark.parametrize("value", [3, np.int64(3), Fraction(3), sympy.Integer(3), rational(3)])
def test_exact_numbers_of_every_library_are_taken(value):
    assert matrix([[value, "6/2"]]) == matrix([[3, 3]])


def test_rounding_to_floats_is_correct_rounding():
    assert matrix([["1/3", "2/3"], [10**20 + 1, "-1/10"]]).numpy().tolist() == [[1 / 3, 2 / 3], [1e20, -0.1]]


def test_indices_select_entries_rows_columns_and_blocks():
    a = matrix([[1, 2, 3], [4, 5, 6]])
    assert (a[1, 2], a[-1, -1], a[0, -3]) == (6, 6, 1)
    assert a[1, :] == matrix([[4, 5, 6]])
    assert a[:, 1] == matrix([[2], [5]])
    assert a[:, 1:] == matrix([[2, 3], [5, 6]])
    assert a[2:, :].shape == (0, 3)
    assert [list(row) for row in a] == [[1, 2, 3], [4, 5, 6]]
    for outside in ((2, 0), (0, 3), (-3, 0)):
        with pytest.raises(IndexError, match="outside"):
            a[outside]


def test_matrices_are_immutable_hashable_and_pickle():
    a = matrix([["1/3", 2]])
    with pytest.raises(AttributeError, match="immutable"):
        a._data = None
    a.flint[0, 0] = 5
    assert a == matrix([["1/3", 2]])
    assert len({a, matrix([["1/3", 2]]), matrix([["1/3"], [2]])}) == 2
    assert pickle.loads(pickle.dumps(a)) == a
    assert pickle.loads(pickle.dumps(zeros(0, 3))).shape == (0, 3)


def test_a_matrix_prints_as_what_builds_it():
    for a in (matrix([["1/3", -2], [0, 5]]), zeros(0, 2)):
        assert eval(repr(a), {"matrix": matrix, "zeros": zeros}) == a


def test_powers_by_squaring_are_repeated_products():
    a = matrix([[1, "1/2"], [-1, 3]])
    product = eye(2)
    for k in range(9):
        assert a**k == product
        product = product @ a
    with pytest.raises(ValueError, match="power -1"):
        a**-1
    with pytest.raises(ValueError, match="square"):
        matrix([[1, 2]]) ** 1


def test_builders_put_blocks_where_they_belong():
    a, b = matrix([[1, 2]]), matrix([[3], [4]])
    assert direct_sum(a, b) == matrix([[1, 2, 0], [0, 0, 3], [0, 0, 4]])
    assert hstack([a, a]) == matrix([[1, 2, 1, 2]])
    assert vstack([b, b]) == matrix([[3], [4], [3], [4]])
    assert blocks([[eye(1), a], [b, zeros(2, 2)]]) == matrix([[1, 1, 2], [3, 0, 0], [4, 0, 0]])
    assert cycle(3) @ unit(3, 1) == unit(3, 0)
    assert charpoly(cycle(5)) == monomial(5) - polynomial([1])
    assert charpoly(eye(0)) == minpoly(eye(0)) == polynomial([1])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: matrix([[1], [1, 2]]), "one length"),
        (lambda: vstack([eye(2), eye(3)]), "common width"),
        (lambda: vstack([]), "common width"),
        (lambda: eye(2) @ eye(3), "inner sizes"),
        (lambda: eye(2) + eye(3), "equal shapes"),
    ],
)
def test_shapes_that_do_not_fit_are_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_the_norm_is_the_largest_absolute_row_sum():
    assert matrix([[1, -2], ["1/2", 0]]).norm_inf() == 3
    assert zeros(0, 0).norm_inf() == 0
    assert matrix([[1, -2]]).map(abs) == matrix([[1, 2]])


def test_equality_is_decided_entry_by_entry():
    a = matrix([[1, 2], [3, 4]])
    assert exactly(a, a).outcome is Outcome.PROVED
    verdict = exactly(a, a + matrix([[0, 0], [Fraction(1, 10**30), 0]]))
    assert (verdict.outcome, verdict.kind, verdict.evidence["entry"]) == (Outcome.REFUTED, Kind.EXACT, [1, 0])
    assert exactly(a, a[:, :1]).outcome is Outcome.REFUTED


def test_equality_of_other_exact_values():
    assert exactly(Fraction(1, 3), Fraction(2, 6)).outcome is Outcome.PROVED
    assert exactly(1, 2).outcome is Outcome.REFUTED
    assert exactly(charpoly(eye(2)), polynomial([1, -2, 1])).outcome is Outcome.PROVED
    assert exactly(True, False).outcome is Outcome.REFUTED
    assert exactly("a", "a").outcome is Outcome.PROVED
    assert exactly([1, 2], [1, 3]).outcome is Outcome.REFUTED
    assert exactly([1, 2], [1]).outcome is Outcome.REFUTED
    assert exactly([], []).outcome is Outcome.UNDECIDED
    with pytest.raises(TypeError):
        exactly(eye(1), 1)
    with pytest.raises(TypeError):
        exactly(polynomial([1]), "1")
