"""Protects what a proof script may rest on: strict inequalities, nested premises, numbers that are their transpose."""

from hypothesis import strategies as st

from emtheory.formulas import (
    Theorem,
    at,
    at_most,
    case,
    equal,
    implies,
    less,
    letter,
    letters,
    scalar,
    size,
    times,
    within,
)
from emtheory.formulas.proving import replayed
from emtheory.letters import identity, k, n, t, zero

A, V, Z = letter("A", n, n, "is any"), letter("v", n, 1, "is any"), letter("w", n, 1, "is any")
a, v, w = A.symbol, V.symbol, Z.symbol
NUMBER, OTHER = scalar("p", "is any number"), scalar("q", "is any number")
p, q = NUMBER.symbol, OTHER.symbol
ONE = case(A=[[1]], v=[[1]], w=[[1]], p=1, q=1)
LENGTH = size("T", "is how many")
FAMILY = letters("F", 1, 1, first=0, last=LENGTH.symbol, phrase="are numbers")
F, T = FAMILY.symbol, LENGTH.symbol


def proved(conclusion, proof, *, given=(A, V, Z, NUMBER, OTHER), hypotheses=(), example=ONE):
    """How many of the conclusions the kernel accepts."""
    theorem = Theorem(
        given=given, hypotheses=dict.fromkeys(hypotheses), conclusions=(conclusion,), proof=proof,
        examples={"one": example}, cases=st.just(example),
    )  # fmt: skip
    return len(replayed(theorem).proved) == 1


def test_a_number_is_its_transpose():
    right, wrong = equal(v.T @ a @ w, w.T @ a.T @ v), equal(v.T @ a @ w, w.T @ a @ v)
    assert proved(right, lambda prove: prove(right).by_rewriting())
    assert not proved(wrong, lambda prove: prove(wrong).by_rewriting())


def test_a_matrix_is_not_its_transpose():
    wrong = equal(v @ w.T, w @ v.T)
    assert not proved(wrong, lambda prove: prove(wrong).by_rewriting())


def test_a_proof_divides_by_a_number_only_if_it_is_not_0():
    strict, weak, scaled, plain = less(0, p), at_most(0, p), equal(p * v, p * w), equal(v, w)

    def proof(known):
        def script(prove):
            with prove.assuming(known, scaled):
                prove(plain).by_combining(
                    times(scaled, left=1 / p * identity(n)), times(known, left=v), times(known, left=w)
                )

        return script

    assert proved(implies(strict, scaled, plain), proof(strict))
    assert not proved(implies(weak, scaled, plain), proof(weak))


def test_what_is_shown_under_a_premise_is_known_under_it_and_more():
    first, second, both = equal(v, zero(n, 1)), equal(w, v), equal(w, zero(n, 1))

    def proof(prove):
        with prove.assuming(first):
            gone = prove(equal(a @ v, zero(n, 1))).by_combining(times(first, left=a))
            with prove.assuming(second):
                prove(equal(a @ w, zero(n, 1))).by_combining(times(second, left=a), gone)
                prove(both).by_combining(second, first)

    assert proved(implies(first, second, equal(a @ w, zero(n, 1))), proof)
    assert not proved(implies(second, equal(a @ w, zero(n, 1))), proof)


def test_an_inequality_with_a_range_is_used_in_its_own_induction():
    falls = at_most(F(t + 1), F(t), *within(0, t, T - 1))
    below, beyond = at_most(F(k), F(0), *within(0, k, T)), at_most(F(k), F(0), *within(0, k, T + 1))
    some = {"given": (LENGTH, FAMILY), "hypotheses": (falls,), "example": case(T=1, F=[[[1]], [[0]]])}

    def proof(goal):
        return lambda prove: prove(goal).by_induction(k, base=[], parts=[(1, [goal]), (1, [at(falls, t=k)])])

    assert proved(below, proof(below), **some)
    assert not proved(beyond, proof(beyond), **some)


def test_a_hypothesis_for_some_sizes_alone_proves_nothing_for_others():
    large, always = equal(a, zero(n, n), n >= 2), equal(a, zero(n, n))
    assert not proved(always, lambda prove: prove(always).by_combining(large), hypotheses=(large,))
    twice = equal(a + a, zero(n, n), n >= 3)
    assert proved(twice, lambda prove: prove(twice).by_rewriting(large), hypotheses=(large,))
