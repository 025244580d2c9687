"""Protects the meaning of the axioms and of rewriting: both are compared with random rational matrices, and with balls
where functions enter."""

import pytest

from emtheory.kernel.axioms import AXIOMS


def test_each_axiom_holds_wherever_its_conditions_and_premises_do(probe):
    assert list(probe.axioms(60)) == []


def test_expansion_and_substitution_keep_the_value_of_a_term(probe):
    assert list(probe.terms(80)) == []


def test_derivatives_are_the_first_taylor_coefficients(probe):
    assert list(probe.derivatives(20)) == []


@pytest.mark.slow
def test_axioms_and_terms_on_many_random_values(probe):
    assert [*probe.axioms(1_500), *probe.terms(2_000), *probe.derivatives(200)] == []


def test_what_is_accepted_of_mutated_texts_holds(probe):
    assert list(probe.false(300)) == []


@pytest.mark.slow
def test_what_is_accepted_of_many_mutated_texts_holds(probe):
    assert list(probe.false(40_000)) == []


FALSE = {
    "power": ("(^ A (+ e f))", "(^ A (+ e f 1))"),
    "cut": ("(+ b 1) c (F i)", "b c (F i)"),
    "empty": ("(where (>= a (+ b 1)))", "(where (>= a b))"),
    "shift": ("(F (- i d))", "(F i)"),
    "orient": ("(where (>= (+ b 1) a))", "(where)"),
    "same": ("(where (>= i j) (>= j i))", "(where (>= i j))"),
    "apart": ("(>= i (+ j 1))", "(>= i j)"),
    "root": ("(hypothesis h (>= (number p) (number 0)))", ""),
    "inverse": ("(* p q)", "(* q q)"),
    "definite": ("(hypothesis h (= (* (transpose v) v) (zero 1 1)))", ""),
    "antisymmetric": ("(hypothesis h (>= A B))", ""),
    "left-inverse": ("(>= (number m) (number n))", "(>= (number n) (number m))"),
    "left-inverses": ("(number (+ n q))", "(number (+ n q 1))"),
    "det-of-equals": ("(hypothesis h (= A B))", ""),
    "det-of-scalar": ("(^ c n)", "c"),
    "det-of-upper-2": ("(zero m n)", "(transpose X)"),
    "det-of-nilpotent": ("(^ x n)", "x"),
    "det-of-unipotent": ("(hypothesis h (= (^ A k) (zero n n)))", ""),
    "det-of-diagonal": ("(* (p t) (a (+ t 1)))", "(p t)"),
    "two-sided-inverse": ("(hypothesis h (= (* A B) (identity n)))", ""),
    "selectors": ("(delta i j)", "1"),
    "cosh": ("(* 2 (cosh p))", "(cosh p)"),
    "tanh": ("(sinh p)", "(cosh p)"),
    "triangle": ("(hypothesis h (= c (+ a b)))", ""),
    "absolute-squared": ("(* a a)", "(* a a a a)"),
    "row-bound": ("(sum j 1 n (* ", "(sum j 2 n (* "),
    "row-sum": ("(>= (* w c)", "(>= w"),
    "row-mean-above": ("(= (sum j 1 n (number (^ (det (* r (selector j n 1))) 2))) (identity 1))", "(= r r)"),
    "tanh-of-sign": ("(hypothesis g (= (* (transpose b) b) (identity 1)))", ""),
    "tanh-of-signed-above": ("(hypothesis k (>= g (zero 1 1)))", ""),
    "tanh-gain": ("(* p (inv (tanh p)))", "(* p (tanh p))"),
    "tanh-tangent": ("(hypothesis k (>= z (zero 1 1)))", ""),
    "tanh-chord": ("(hypothesis g4 (>= z x))", ""),
    "tanh-above-chord": ("(hypothesis k1 (>= z x))", ""),
    "tanh-lipschitz": ("(= c (- a b))", "(= c (+ a b))"),
    "tanh-cubic": ("1/3", "1/9"),
    "tanh-quadratic": ("2/9", "1/9"),
    "tanh-between": ("4/9", "1/9"),
}


@pytest.mark.parametrize("name", FALSE)
def test_a_misprint_in_an_axiom_is_seen(probe, monkeypatch, name):
    old, new = FALSE[name]
    text, reference = AXIOMS[name]
    assert old in text
    monkeypatch.setitem(AXIOMS, name, (text.replace(old, new), reference))
    probe.axiom.cache_clear()
    try:
        assert any(f"the axiom {name} is false" in line for line in probe.axioms(500, [name]))
    finally:
        probe.axiom.cache_clear()
