"""Protects proofs of inequalities: every way in which one can be wrong has to be refused."""

from fractions import Fraction

import pytest
import sympy
from flint import arb, arb_mat

from emtheory.judges.exact import matrix
from emtheory.judges.symbolic import (
    CHAIN_RULE,
    INCREASING,
    NORMS,
    at,
    at_least_zero,
    check,
    definition,
    family,
    identity,
    indices,
    integrated,
    never_negative,
    nonnegative,
    zero,
)
from emtheory.verdict import Outcome

t, k = indices("t k")
z, q = sympy.Symbol("z", nonnegative=True), sympy.Symbol("q", nonnegative=True)
x = sympy.Symbol("x", real=True)
ONE = identity(1)
E = family("E", 1, 1)
POWERS = {E: lambda at: matrix([[Fraction(2) ** at]]), q: 2, x: 3, z: 1}  # E(t) = 2^t


def grows(case):
    """E(t + 1) is at least E(t)."""


def judged(*steps, instances=(POWERS,)):
    found = check(
        [(f"step {i}", step) for i, step in enumerate(steps)],
        hypotheses=frozenset([grows]),
        uses=frozenset(),
        instances=instances,
        seed=0,
    )
    return found[-1][1]


def refused(*steps, because, **options):
    verdict = judged(*steps, **options)
    assert verdict.outcome is not Outcome.PROVED
    said = " ".join(str(value) for value in verdict.evidence.values())
    assert because in said, said


RISE = at_least_zero(grows, E(t + 1) - E(t), where=[t >= 0])
FIRST = at_least_zero(grows, E(0) - ONE)


def induction(base=None, step=None, given=(RISE, FIRST), where=()):
    term = E(t) - ONE
    return never_negative(
        t, 0, term, base or [(1, FIRST.term)], step or [(1, RISE.term), (1, term)], list(given), where=where
    )


class TestInduction:
    def test_a_term_that_starts_at_or_above_zero_and_does_not_fall_is_never_negative(self):
        assert judged(induction()).outcome is Outcome.PROVED

    def test_a_base_that_is_not_the_term_at_the_start_is_refused(self):
        refused(induction(base=[(2, FIRST.term)]), because="at the base")

    def test_a_step_that_is_not_the_term_one_later_is_refused(self):
        refused(induction(step=[(1, RISE.term)]), because="false")

    def test_a_part_that_is_only_assumed_at_the_step_does_not_serve_the_base(self):
        refused(induction(base=[(1, E(t) - ONE)]), because="is false")

    def test_a_bound_outside_of_its_range_is_refused(self):
        late = at_least_zero(grows, RISE.term, where=[t >= 1])
        refused(induction(given=(late, FIRST)), because="neither a square nor bounded")
        assert judged(induction(given=(late, RISE, FIRST))).outcome is Outcome.PROVED

    def test_a_bound_that_is_false_on_an_instance_is_refuted(self):
        falling = [{**POWERS, E: lambda at: matrix([[-at]])}]
        assert judged(induction(), instances=falling).outcome is Outcome.REFUTED

    def test_what_is_claimed_is_evaluated_too(self):
        # the bounds hold on this instance, but E(0) - 1 < 0 and the hypothesis for it is not given
        refused(induction(given=(RISE,)), because="neither a square nor bounded")


def doubled(claim, first=0):
    """2 E(k) - 2 ≥ 0 for k ≥ first, from E(t) - 1 ≥ 0."""
    return nonnegative(2 * E(k) - 2 * ONE, [(2, E(k) - ONE)], [at(claim.bound(), {t: k})], where=[k >= first])


class TestUseOfAnEarlierInequality:
    def test_it_may_be_used_at_other_indices_within_its_range(self):
        claim = induction()
        assert judged(claim, doubled(claim)).outcome is Outcome.PROVED

    def test_it_must_have_been_proved_before(self):
        refused(doubled(induction()), because="was not proved before it")

    def test_it_does_not_hold_beyond_its_range(self):
        claim = induction()
        refused(claim, doubled(claim, first=-1), because="")

    def test_a_product_of_things_that_are_at_least_zero_is_one(self):
        claim, base = induction(), E(k) - ONE
        bound = at(claim.bound(), {t: k})
        squared = nonnegative(base @ base, [(1, base @ base)], [bound], where=[k >= 0])
        refused(claim, squared, because="written alike")
        twice = nonnegative(2 * base @ base + zero(1, 1), [(2, base @ base)], [bound], where=[k >= 0])
        assert judged(claim, twice).outcome is Outcome.PROVED

    def test_a_value_that_its_symbol_cannot_have_is_refused(self):
        positive = nonnegative(sympy.tanh(z) * ONE, [(sympy.tanh(z), ONE.T @ ONE)])
        with pytest.raises(ValueError, match="z is nonnegative, but x is not known to be"):
            at(positive.bound(), {z: x})


SQUARE = nonnegative(sympy.tanh(z) ** 2 * ONE, [(1, (sympy.tanh(z) * ONE).T @ (sympy.tanh(z) * ONE))])


class TestIntegration:
    def test_a_function_that_starts_at_zero_and_rises_is_at_least_zero(self):
        assert judged(SQUARE, integrated(SQUARE, z, z - sympy.tanh(z), INCREASING)).outcome is Outcome.PROVED

    def test_a_function_that_does_not_start_at_zero_is_refused(self):
        claim = integrated(SQUARE, z, z - sympy.tanh(z) - sympy.Rational(1, 100), INCREASING)
        refused(SQUARE, claim, because="")

    def test_another_derivative_is_refused(self):
        refused(SQUARE, integrated(SQUARE, z, 2 * z - sympy.tanh(z), INCREASING), because="false")

    def test_a_function_with_a_corner_is_refused(self):
        corner = sympy.Abs(z - 1) - 1
        flat = nonnegative(sympy.diff(corner, z) * ONE + zero(1, 1), [(1, ONE.T @ ONE)])
        refused(flat, integrated(flat, z, corner, INCREASING), because="")

    def test_the_lemma_has_to_be_the_one_on_increasing_functions(self):
        refused(SQUARE, integrated(SQUARE, z, z - sympy.tanh(z), NORMS), because="increases")

    def test_the_variable_has_to_be_at_least_zero(self):
        anywhere = nonnegative(sympy.tanh(x) ** 2 * ONE, [(1, (sympy.tanh(x) * ONE).T @ (sympy.tanh(x) * ONE))])
        refused(anywhere, integrated(anywhere, x, x - sympy.tanh(x), INCREASING), because="may be negative")


LEVELS = {E: lambda at: arb_mat(1, 1, [arb(1).exp() ** at]), q: lambda: arb(2).sqrt(), x: 1, z: 1}


class TestNumbersThatAreNotRational:
    def test_letters_and_scalars_may_be_balls(self):
        assert judged(induction(), instances=[LEVELS]).outcome is Outcome.PROVED

    def test_a_ball_that_is_below_zero_refutes(self):
        falling = [{**LEVELS, E: lambda at: arb_mat(1, 1, [arb(-1).exp() ** at])}]
        assert judged(induction(), instances=falling).outcome is Outcome.REFUTED

    def test_a_power_of_a_ball_around_zero_is_a_ball_and_not_nan(self):
        around = arb(0, 1)
        cube = definition(E(0), q**2 * ONE)
        claim = nonnegative(E(0) + zero(1, 1), [(q**2, ONE.T @ ONE)], [cube])
        instance = {E: lambda at: arb_mat(1, 1, [around * around]), q: lambda: around, x: 1, z: 1}
        assert judged(claim, instances=[instance]).outcome is Outcome.PROVED

    def test_lemmas_that_serve_as_bounds_are_listed(self):
        bound = at_least_zero(CHAIN_RULE, E(t), where=[t >= 0])
        claim = nonnegative(2 * E(t) + zero(1, 1), [(2, E(t))], [bound], where=[t >= 0])
        assert judged(claim).evidence["lemmas"] == ["chain-rule"]


def test_numbers_commute_and_are_their_own_transposes_and_matrices_do_neither():
    from emtheory.judges.symbolic import identical, letter, sizes

    n = sizes("n")
    a, b, M, u = letter("a", 1, 1), letter("b", 1, 1), letter("M", n, n), letter("u", n, n)
    values = {a: matrix([[2]]), b: matrix([[3]]), M: matrix([[1, 2], [0, 1]]), u: matrix([[0, 1], [1, 0]])}
    assert judged(identical(a @ b @ a.T, a @ a @ b), instances=[values]).outcome is Outcome.PROVED
    assert judged(identical(M @ u, u @ M), instances=[values]).outcome is Outcome.REFUTED
    assert judged(identical(M.T @ u, M @ u), instances=[values]).outcome is Outcome.REFUTED
