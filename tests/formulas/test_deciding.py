"""Protects readings: a formula means on a case what it says, for all indices, and what does not exist is an error."""

import pytest
import sympy
from flint import fmpq

from emtheory.formulas.case import case
from emtheory.formulas.deciding import Reader
from emtheory.formulas.formula import at_most, define, equal, iff, implies, less, unequal, within
from emtheory.formulas.letters import letter, letters, scalar
from emtheory.formulas.terms import Variable, det, norm_inf, rank, tanh
from emtheory.formulas.theorem import Theorem
from emtheory.letters import Dual, E, Phi, W, Xi, block, e, identity, j, k, m, n, q, s, t, total, u, zero
from emtheory.theory.circuits import companion
from emtheory.theory.tasks import Task

A = letter("A", n, n, "is a matrix")
B = letter("B", n, n, "is another")
F = letters("F", n, n, first=0, last=sympy.oo, phrase="is a sequence").symbol
a, b = A.symbol, B.symbol
SHIFT = [[0, 1], [0, 0]]


def reader(values, *formulas, definitions=(), given=(A, B)):
    wanted = formulas or (equal(a, a),)
    return Reader(
        Theorem(given=given, conclusions=wanted, definitions=definitions, examples={"it": values}, cases=None), values
    )


def told(formula, values, **more):
    return reader(values, formula, **more).read(formula)


@pytest.mark.parametrize(
    ("formula", "holds"),
    [
        (equal(a @ b, b @ a), False),
        (equal((a @ b).T, b.T @ a.T), True),
        (equal(a**2, zero(n, n)), True),
        (unequal(a, zero(n, n)), True),
        (unequal(a**2, zero(n, n)), False),
        (at_most(zero(n, n), a), True),
        (less(zero(n, n), a), False),
        (equal(det(b), 5), True),
        (equal(rank(a), 1), True),
        (equal(norm_inf(b), 3), True),
        (equal(block([[a, b]]) @ block([[a], [b]]), a @ a + b @ b), True),
        (equal(total(k * a, (k, 1, 3)), 6 * a), True),
        (equal(total(k * a, (k, 3, 1)), zero(n, n)), True),
        (implies(equal(a, b), equal(a, zero(n, n))), True),
        (implies(equal(a, a), equal(a, b)), False),
        (iff(equal(a, b), equal(b, zero(n, n))), True),
    ],
)
def test_a_formula_says_what_it_says(formula, holds):
    reading = told(formula, case(A=SHIFT, B=[[2, -1], [1, 2]]))
    assert reading.holds is holds
    assert reading.whole


def test_a_negative_exponent_an_absent_element_and_a_division_by_zero_are_errors_and_no_verdicts():
    values = case(A=SHIFT, B=SHIFT)
    for formula in (equal(a ** (k - 2), a, k >= 1), equal(det(a) ** -1, 1)):
        with pytest.raises(ValueError, match=r"is negative|divides by 0"):
            told(formula, values)
    with pytest.raises(ValueError, match=r"u\(3\) does not exist"):
        told(equal(u(k), u(k), *within(1, k, s + 1)), case(s=2, u=[[[1]], [[2]]]), given=(u, s))


def test_for_all_powers_is_decided_by_cayley_hamilton():
    values = case(A=[[0, 1, 0], [0, 0, 1], [1, 0, 0]], B=[[0, 0, 1], [1, 0, 0], [0, 1, 0]])
    wrong_from_the_fourth_on = equal(a**t @ b**t, identity(n), t >= 0)
    assert told(wrong_from_the_fourth_on, values).whole
    late = case(A=[[1, 1], [0, 1]], B=[[1, 0], [0, 1]])
    assert told(equal(a**t, b**t, t >= 0), late).holds is False


def test_a_recursion_is_computed_by_the_engine_and_read_within_reach():
    clauses = (define(F(0), identity(n)), define(F(t + 1), a @ F(t), t >= 0))
    reading = told(equal(F(t), a**t, t >= 0), case(A=[[1, 1], [0, 1]], B=SHIFT), definitions=clauses)
    assert reading.holds is True
    assert not reading.whole


def test_an_index_with_no_clause_or_with_two_has_no_value():
    values = case(A=SHIFT, B=SHIFT)
    for clauses in ((define(F(t), a, t >= 1),), (define(F(0), a), define(F(t), b, t >= 0))):
        with pytest.raises(ValueError, match=r"definitions give F\(0\) a value, but exactly one has to"):
            told(equal(F(0), a), values, definitions=clauses)


def test_a_characteristic_polynomial_is_compared_at_all_numbers():
    x = Variable("x")
    values = case(A=[[0, 1], [-2, 3]], B=SHIFT)
    right = equal(det(x * identity(n) - a), (x - 1) * (x - 2))
    wrong_elsewhere = equal(det(x * identity(n) - a), (x - 1) * (x - 2) + x * (x - 1) * (x - 2))
    assert told(right, values).holds is True
    assert told(right, values).whole
    assert told(wrong_elsewhere, values).holds is False


def test_tanh_is_read_in_balls_and_touching_sides_stay_open():
    gain = scalar("gain", "is a number")
    g = gain.symbol
    values = case(gain="1/2", A=SHIFT, B=SHIFT)
    assert told(less(tanh(g), g), values, given=(gain, A, B)).holds is True
    assert told(at_most(g, tanh(g)), values, given=(gain, A, B)).holds is False
    assert told(equal(tanh(g) * sympy.cosh(g), sympy.sinh(g)), values, given=(gain, A, B)).holds is None


def test_sizes_come_from_the_shapes_and_have_to_agree():
    values = case(Xi=[[1, 0], [0, 1], [0, 0]], Dual=[[1, 0, 0], [0, 1, 0]], s=2)
    known = reader(values, equal(Dual @ Xi, identity(m)), given=(Xi, Dual, s)).exact
    assert {str(size): value for size, value in known.sizes.items()} == {"s": 2, "n": 3, "kappa": 1}
    odd = case(Xi=[[1, 0], [0, 1], [0, 0]], Dual=[[1, 0], [0, 1]], s=2)
    with pytest.raises(ValueError, match="rows, columns or elements where"):
        reader(odd, equal(Dual @ Xi, identity(m)), given=(Xi, Dual, s))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (case(A=SHIFT), "B missing"),
        (case(A=SHIFT, B=SHIFT, C=SHIFT), "C not given"),
        (case(A="1/2", B=SHIFT), "A needs a matrix"),
    ],
)
def test_a_case_assigns_the_given_letters_and_nothing_else(values, message):
    with pytest.raises(ValueError, match=message):
        reader(values)


def test_the_companion_matrix_of_the_formula_is_that_of_the_theory():
    from emtheory.letters import C

    clause = define(Phi, total(E(j) @ E(j + 1).T, (j, 1, s - 1)) + total(E(s) @ C(k) @ E(k).T, (k, 1, s)))
    task = Task.compose_copy(3)
    values = case(C=list(task.blocks), s=3)
    theorem = Theorem(
        given=(C, s), definitions=(clause,), conclusions=(equal(Phi, Phi),), examples={"it": values}, cases=None
    )
    assert Reader(theorem, values).exact.letter("Phi", ()) == companion(task).flint


def test_floats_agree_within_their_bounds_and_a_wrong_formula_does_not():
    values = case(Xi=[["1/3", 0], [0, "1/7"]], Dual=[[3, 0], [0, 7]], Phi=[[0, 1], [1, 0]], s=2)
    stored = define(W, Xi @ Phi @ Dual)
    right, wrong = equal(W**k, Xi @ Phi**k @ Dual, k >= 1), equal(W ** (k + 1), Xi @ Phi**k @ Dual, k >= 1)
    r = reader(values, right, wrong, definitions=(stored,), given=(Xi, Dual, Phi, s))
    assert r.agrees_in_floats(right) is True
    assert r.agrees_in_floats(wrong) is False


def test_columns_of_the_identity_select_entries():
    values = case(s=1, u=[[["5"], ["7"]]])
    assert told(equal(e(2).T @ u(1), 7), values, given=(u, s)).holds is True
    assert (
        fmpq(7)
        == Reader(
            Theorem(given=(u, s), conclusions=(equal(u(1), u(1)),), examples={"it": values}, cases=None), values
        ).exact.side(e(2).T @ u(1), {})[0]
    )
    with pytest.raises(ValueError, match=r"e\(3\) does not exist"):
        told(equal(e(q).T @ u(1), 7, q >= 3), values, given=(u, s))


def test_a_sum_of_powers_is_a_polynomial_of_known_degree_and_is_decided():
    x = Variable("x")
    geometric = equal((x - 1) * total(x ** (k - 1) * identity(n), (k, 1, s)), (x**s - 1) * identity(n))
    reading = told(geometric, case(A=SHIFT, s=3), given=(A, s))
    assert (reading.holds, reading.whole, reading.tried) == (True, True, 4)
    wrong = equal((x - 1) * total(x**k * identity(n), (k, 1, s)), (x**s - 1) * identity(n))
    assert told(wrong, case(A=SHIFT, s=3), given=(A, s)).holds is False
