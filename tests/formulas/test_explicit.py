"""Protects formulas as sympy matrices: explicit, definitions written out, and the same as the exact reading."""

import pytest
import sympy

from emtheory.formulas.explicit import to_sympy
from emtheory.formulas.formula import at_most, define, equal
from emtheory.letters import C, Dual, E, Phi, W, Xi, beta, gamma, j, k, s, total

SIZES = {"n": 2, "s": 2, "kappa": 1}


def test_a_power_of_a_defined_letter_is_written_out():
    stored = define(W, Xi @ Phi @ Dual)
    told = to_sympy(equal(W**k, W @ W), given=(Xi, Phi, Dual, s), definitions=(stored,), sizes=SIZES, at={"k": 2})
    assert sympy.simplify(told.lhs - told.rhs) == sympy.zeros(2, 2)
    assert sympy.Symbol("Xi11", real=True) in told.lhs.free_symbols


def test_elements_of_a_family_have_entries_of_their_own():
    companion = define(Phi, total(E(j) @ E(j + 1).T, (j, 1, s - 1)) + total(E(s) @ C(k) @ E(k).T, (k, 1, s)))
    told = to_sympy(equal(Phi, Phi), given=(C, s), definitions=(companion,), sizes={"s": 2, "kappa": 1})
    assert str(told.lhs.tolist()) == "[[0, 1], [C(1)_11, C(2)_11]]"


def test_numbers_and_inequalities_are_sympy_relations():
    assert to_sympy(at_most(gamma, beta), given=(gamma, beta), sizes={}) == sympy.Le(gamma, beta)


def test_a_size_without_a_number_is_named():
    with pytest.raises(ValueError, match="needs a number for each of n"):
        to_sympy(equal(Xi, Xi), given=(Xi, s), sizes={"s": 1, "kappa": 1})
