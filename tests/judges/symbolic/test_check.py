"""Protects the judge of derivations: no step passes without a warrant, a proof and a concrete instance."""

from fractions import Fraction
from random import Random

import pytest
import sympy

from emtheory.judges.exact import cycle, eye, hstack, left_inverse, matrix, vstack, zeros
from emtheory.judges.symbolic import (
    CANCELLATION,
    DET_OF_PRODUCT,
    DET_OF_SCALAR,
    DET_OF_TRIANGULAR,
    SELECTORS,
    STRICTLY_TRIANGULAR,
    TRUSTED,
    Lemma,
    at,
    at_least_zero,
    block,
    cancelled,
    check,
    cited,
    definition,
    delta,
    det,
    family,
    hypothesis,
    identical,
    identity,
    indices,
    induction,
    letter,
    nonnegative,
    sizes,
    strong_induction,
    theorem,
    total,
    zero,
)
from emtheory.verdict import Outcome

n, m, s = sizes("n m s")
j, k, t = indices("j k t")
x = sympy.Symbol("x")
Xi, Dual, Phi, W = letter("Xi", n, m), letter("Dual", m, n), letter("Phi", m, m), letter("W", n, n)
E = family("E", s, 1)


def reads_back(xi, dual, phi):
    """Dual Xi is the identity."""


def unrelated(xi, dual, phi):
    """A function that is no hypothesis of the theorem."""


def meaning(rows=3, seed=0):
    random = Random(seed)
    xi = vstack([eye(2), matrix([[random.randint(-3, 3) for _ in range(2)] for _ in range(rows - 2)])])
    phi = matrix([[random.randint(-3, 3) for _ in range(2)] for _ in range(2)])
    dual = left_inverse(xi)
    return {Xi: xi, Dual: dual, Phi: phi, W: xi @ phi @ dual, s: 3, E: lambda i: hstack([cycle(3)])[:, i - 1 : i]}


def selectors(i):
    if not 1 <= i <= 3:
        raise ValueError(f"there is no E({i})")
    return eye(3)[:, i - 1 : i]


INSTANCES = [{**meaning(3, 1), E: selectors}, {**meaning(4, 2), E: selectors}]
DUALITY = hypothesis(reads_back, Dual @ Xi, identity(m))
STORED = definition(W, Xi @ Phi @ Dual)


def outcomes(*claims, instances=INSTANCES, uses=frozenset()):
    steps = [(f"step {i}", claim) for i, claim in enumerate(claims)]
    return [v for _, v in check(steps, hypotheses=frozenset({reads_back}), uses=uses, instances=instances, seed=0)]


def only(claim, **options):
    return outcomes(claim, **options)[-1]


class TestWarrants:
    def test_a_hypothesis_outside_of_the_theorem_is_not_accepted(self):
        relation = hypothesis(unrelated, Dual @ Xi, identity(m))
        verdict = only(identical(Dual @ Xi @ Phi, Phi, given=[relation]))
        assert verdict.outcome is Outcome.UNDECIDED
        assert "unrelated is not among" in verdict.evidence["reason"]

    def test_a_theorem_must_be_listed_in_uses(self):
        claim = identical(Dual @ Xi @ Phi, Phi, given=[theorem("memory-basis", Dual @ Xi, identity(m))])
        assert only(claim).outcome is Outcome.UNDECIDED
        assert only(claim, uses=frozenset({"memory-basis"})).outcome is Outcome.PROVED

    def test_a_lemma_must_belong_to_the_trusted_base(self):
        private = Lemma("private", "Dual Ξ = I.", "nowhere", lambda random: None)
        claim = identical(Dual @ Xi @ Phi, Phi, given=[cited(private, Dual @ Xi, identity(m))])
        assert only(claim).outcome is Outcome.UNDECIDED

    def test_an_earlier_claim_supports_a_later_one_only_if_it_was_proved(self):
        proved = identical(Dual @ Xi @ Phi, Phi, given=[DUALITY])
        unproved = identical(Dual @ Xi @ Phi, Phi)
        assert [v.outcome for v in outcomes(proved, identical(Dual @ Xi @ Phi @ Phi, Phi**2, given=[proved]))] == [
            Outcome.PROVED,
            Outcome.PROVED,
        ]
        later = outcomes(unproved, identical(Dual @ Xi @ Phi @ Phi, Phi**2, given=[unproved]))[1]
        assert later.outcome is Outcome.UNDECIDED
        assert "not proved before it" in later.evidence["reason"]
        assert only(identical(Dual @ Xi @ Phi @ Phi, Phi**2, given=[proved])).outcome is Outcome.UNDECIDED

    def test_only_letters_are_defined_and_each_once(self):
        with pytest.raises(ValueError, match="only a letter can be defined"):
            definition(Dual @ Xi, identity(m))
        twice = definition(W, Xi @ Dual @ Xi @ Phi @ Dual)
        verdict = only(identical(W @ Xi, Xi @ Phi, given=[STORED, twice, DUALITY]))
        assert verdict.outcome is Outcome.UNDECIDED
        assert "defined twice" in verdict.evidence["reason"]

    def test_one_name_is_one_shape(self):
        other = letter("Phi", n, n)
        assert "stands for" in only(identical(W @ W, other, given=[STORED])).evidence["reason"]


class TestInstances:
    def test_a_false_claim_is_refuted_by_an_instance(self):
        verdict = only(identical(Xi @ Dual, identity(n), given=[DUALITY]))
        assert verdict.outcome is Outcome.REFUTED

    def test_a_false_relation_is_refuted_and_named(self):
        verdict = only(identical(Xi @ Dual @ Xi @ Phi, Xi @ Phi, given=[hypothesis(reads_back, Xi.T @ Xi, Phi)]))
        assert verdict.outcome is Outcome.REFUTED
        assert "declared relation" in verdict.evidence["reason"]

    def test_a_claim_that_no_instance_evaluates_is_undecided(self):
        claim = identical(Dual @ Xi @ Phi**k, Phi**k, given=[DUALITY], where=[k >= 500])
        assert only(claim).outcome is Outcome.UNDECIDED
        assert only(identical(Dual @ Xi @ Phi, Phi, given=[DUALITY]), instances=[]).outcome is Outcome.UNDECIDED

    def test_contradictory_conditions_prove_nothing(self):
        claim = identical(Phi**k, 2 * Phi**k, where=[k >= 3, k <= 2])
        assert only(claim).outcome is Outcome.UNDECIDED

    def test_a_symbol_without_a_value_is_undecided(self):
        assert "no value to N" in only(identical(letter("N", m, m) @ Phi, Phi)).evidence["reason"]

    def test_roots_of_unity_are_compared_in_balls(self):
        turn = sympy.exp(2 * sympy.pi * sympy.I / 7)
        assert only(identical(turn * (turn**6 * Phi) - Phi, zero(m, m))).outcome is Outcome.PROVED
        assert only(identical(turn * (turn**5 * Phi) - Phi, zero(m, m))).outcome is Outcome.REFUTED

    def test_a_step_with_both_sides_written_alike_checks_nothing(self):
        assert "nothing is checked" in only(identical(Phi @ Phi, Phi @ Phi)).evidence["reason"]


class TestProofs:
    def test_true_on_all_instances_but_not_derivable_is_undecided_and_shows_the_remainder(self):
        symmetric = [{**INSTANCES[0], Phi: eye(2), W: INSTANCES[0][Xi] @ INSTANCES[0][Dual]}]
        verdict = only(identical(Phi.T, Phi), instances=symmetric)
        assert verdict.outcome is Outcome.UNDECIDED
        assert "Phiᵀ" in verdict.evidence["remainder"]

    def test_powers_by_induction_need_the_hypothesis(self):
        good = induction(k, 1, W**k, Xi @ Phi**k @ Dual, given=[DUALITY, STORED])
        verdict = only(good)
        assert verdict.outcome is Outcome.PROVED
        assert verdict.scope == "all m, n; all k with k ≥ 1"
        without = only(induction(k, 1, W**k, Xi @ Phi**k @ Dual, given=[STORED]))
        assert without.outcome is Outcome.UNDECIDED
        assert "in the step" in without.evidence["remainder"]

    def test_a_wrong_base_is_found(self):
        verdict = only(induction(k, 0, W**k, Xi @ Phi**k @ Dual, given=[DUALITY, STORED]))
        assert verdict.outcome is Outcome.REFUTED

    def test_the_induction_variable_is_not_wild_in_the_assumption(self):
        """Else P(k+1) would prove itself."""
        wrong = induction(k, 1, Phi ** (k + 1), Phi**2 @ Phi ** (k - 1), given=[])
        assert only(wrong).outcome is Outcome.PROVED
        circular = induction(k, 1, W**k @ Xi, Xi @ Phi**k, given=[])
        assert only(circular).outcome is Outcome.UNDECIDED

    def test_strong_induction_needs_no_base_where_the_recursion_is_empty_at_the_start(self):
        a, b = family("a", 1, 1), family("b", 1, 1)
        write = definition(a(t), b(t) - total(b(k), (k, 1, t - 1)) + total(a(k), (k, 1, t - 1)), where=[t >= 1])
        instances = [{a: lambda i: matrix([[i * i]]), b: lambda i: matrix([[i * i]]), s: 2}]
        assert only(strong_induction(t, 1, a(t), b(t), given=[write]), instances=instances).outcome is Outcome.PROVED
        late = strong_induction(t, 0, a(t), b(t), given=[write])
        assert only(late, instances=instances).outcome is Outcome.UNDECIDED

    def test_strong_induction_uses_smaller_indices_only(self):
        values = {i: matrix([[Fraction(2) ** i]]) for i in range(-5, 40)}
        one = family("p", 1, 1)
        rule = definition(one(t), one(t - 1) + 2 * one(t - 2), where=[t >= 2])
        ends = [definition(one(0), identity(1)), definition(one(1), 2 * identity(1))]
        instances = [{one: lambda i: values[i], s: 2}]
        claim = strong_induction(t, 2, one(t), 2**t * identity(1), given=[rule, *ends])
        assert only(claim, instances=instances).outcome is Outcome.UNDECIDED  # t - 1 may be 1, below the start
        two = identical(one(t + 1) + one(t), 2 * (one(t) + one(t - 1)), given=[rule], where=[t >= 1])
        assert only(two, instances=instances).outcome is Outcome.PROVED

    def test_sums_over_selectors_need_their_ranges(self):
        lemma = cited(SELECTORS, E(j).T @ E(k), delta(j, k) * identity(1), where=[j >= 1, j <= s, k >= 1, k <= s])
        shift = total(E(j) @ E(j + 1).T, (j, 1, s - 1))
        assert only(identical(shift @ E(k), E(k - 1), given=[lemma], where=[k >= 2, k <= s])).outcome is Outcome.PROVED
        assert only(identical(shift @ E(1), zero(s, 1), given=[lemma])).outcome is Outcome.PROVED
        assert only(identical(shift @ E(k), E(k), given=[lemma], where=[k >= 2, k <= s])).outcome is Outcome.REFUTED


class TestRanges:
    """Recursions that act at one index, cases and ends of sums."""

    one = family("a", 1, 1)
    rule = definition(one(t), total(one(k), (k, 1, t - 1)), where=[t >= 2])
    instances = ({one: lambda i: matrix([[Fraction(2) ** max(i - 2, 0)]]), s: 3},)

    def test_a_recursion_that_unfolds_itself_in_its_own_sum_is_stopped(self):
        claim = identical(self.one(t + 1), 2 * self.one(t), given=[self.rule], where=[t >= 2])
        assert only(claim, instances=self.instances).outcome is not Outcome.PROVED

    def test_unfolded_at_one_index_it_is_compared(self):
        split = total(self.one(k), (k, 1, t - 1)) + self.one(t)
        claim = identical(self.one(t + 1), split, given=[at(self.rule, {t: t + 1})], where=[t >= 1])
        assert only(claim, instances=self.instances).outcome is Outcome.PROVED
        elsewhere = identical(self.one(t + 1), split, given=[at(self.rule, {t: t + 2})], where=[t >= 1])
        assert only(elsewhere, instances=self.instances).outcome is Outcome.UNDECIDED

    def test_an_unproved_step_supports_nothing_at_an_index_either(self):
        unproved = identical(self.one(t), self.one(2) + zero(1, 1), where=[t <= 2, t >= 1])
        claim = identical(2 * self.one(t), 2 * self.one(2), [at(unproved, {t: t})], where=[t <= 2, t >= 1])
        assert "not proved before it" in outcomes(unproved, claim, instances=self.instances)[1].evidence["reason"]

    def test_cases_must_leave_nothing_out(self):
        first = letter("e", s, 1)
        low, high = definition(E(k), first, where=[k <= 1]), definition(E(k), first, where=[k >= 2])
        constant = [{E: lambda i: eye(3)[:, :1], first: eye(3)[:, :1], s: 3}]
        claim = identical(E(k), first, [low, high], cases=[[k <= 1], [k >= 2]])
        assert only(claim, instances=constant).outcome is Outcome.PROVED
        gap = identical(E(k), first, [low, high], cases=[[k <= 1], [k >= 3]])
        assert "leave out" in only(gap, instances=constant).evidence["remainder"]

    def test_a_rule_for_all_but_the_first_index_splits_the_sum_there(self):
        lemma = cited(SELECTORS, E(j).T @ E(k), delta(j, k) * identity(1), where=[j >= 1, j <= s, k >= 1, k <= s])
        back = identical(Phi3 @ E(k), E(k - 1), [SHIFT, lemma], where=[k >= 2, k <= s])
        ends = identical(Phi3 @ E(1), zero(s, 1), [SHIFT, lemma])
        shifted = identical(
            Phi3 @ total(E(k) @ E(k).T, (k, 1, s)), total(E(k) @ E(k + 1).T, (k, 1, s - 1)), [back, ends]
        )
        cyclic = [{E: selectors, s: 3, Phi3: matrix([[0, 1, 0], [0, 0, 1], [0, 0, 0]])}]
        assert [v.outcome for v in outcomes(back, ends, shifted, instances=cyclic)] == [Outcome.PROVED] * 3


Phi3 = letter("Phi3", s, s)
SHIFT = definition(Phi3, total(E(j) @ E(j + 1).T, (j, 1, s - 1)))


class TestDeterminants:
    left = block([[x * identity(n), Xi @ Phi], [Dual, identity(m)]])
    right = block([[identity(n), zero(n, m)], [-Dual, x * identity(m)]])
    lemmas = (DET_OF_TRIANGULAR, DET_OF_SCALAR)

    def steps(self, given):
        forward = identical(det(self.left @ self.right), x**m * det(x * identity(n) - W), given=[*self.lemmas, STORED])
        back = identical(det(self.right @ self.left), x**n * det(x * identity(m) - Phi), given=[*self.lemmas, *given])
        swap = identical(det(self.left @ self.right), det(self.right @ self.left), given=[DET_OF_PRODUCT])
        final = identical(
            x**m * det(x * identity(n) - W), x**n * det(x * identity(m) - Phi), given=[forward, back, swap]
        )
        return forward, back, swap, final

    def test_the_spectrum_transfers_by_two_triangular_products(self):
        assert [v.outcome for v in outcomes(*self.steps([DUALITY]))] == [Outcome.PROVED] * 4

    def test_without_duality_the_second_product_is_not_triangular(self):
        assert [v.outcome for v in outcomes(*self.steps([]))][1] is Outcome.UNDECIDED

    def test_each_determinant_rule_needs_its_lemma(self):
        product = identical(det(Phi @ Phi), det(Phi) ** 2, given=[])
        assert only(product).outcome is Outcome.UNDECIDED
        assert only(identical(det(Phi @ Phi), det(Phi) ** 2, given=[DET_OF_PRODUCT])).outcome is Outcome.PROVED
        scalar = det(x * identity(m))
        assert only(identical(scalar, x**m, given=[])).outcome is Outcome.UNDECIDED
        assert only(identical(scalar, x**n, given=[DET_OF_SCALAR])).outcome is Outcome.REFUTED

    def test_determinants_that_print_alike_are_equal_only_if_their_sizes_are(self):
        other = letter("Phi", n, n)
        assert str(det(Phi)) == str(det(other))
        assert det(Phi) != det(other)
        assert (2 * det(Phi)).args[1].matrix == Phi
        assert (2 * det(other)).args[1].matrix == other

    def test_determinants_of_different_sizes_are_not_confused(self):
        assert only(identical(det(2 * identity(m)), det(2 * identity(n)))).outcome is not Outcome.PROVED

    def test_cancellation_divides_by_powers_of_an_indeterminate_only(self):
        product = identical(x**2 * det(Phi @ Phi), x**2 * det(Phi) ** 2, given=[DET_OF_PRODUCT])
        good = cancelled(product, x**2, det(Phi @ Phi), det(Phi) ** 2, CANCELLATION)
        assert [v.outcome for v in outcomes(product, good)] == [Outcome.PROVED] * 2
        wrong = cancelled(product, x, det(Phi @ Phi), det(Phi) ** 2, CANCELLATION)
        assert outcomes(product, wrong)[1].outcome is Outcome.UNDECIDED
        by_zero = identical(0 * x * det(Phi), 0 * det(Phi) * x**2 + (x - x) * det(Phi @ Phi))
        assert outcomes(by_zero)[0].outcome is not Outcome.PROVED


@pytest.mark.parametrize("lemma", TRUSTED, ids=lambda lemma: lemma.name)
def test_every_trusted_lemma_survives_its_exact_spot_check(lemma):
    assert lemma.spot_check(7).outcome is Outcome.PROVED
    assert lemma.reference


def test_the_strict_triangular_lemma_is_needed_for_the_shift():
    assert STRICTLY_TRIANGULAR in TRUSTED
    assert zeros(1, 1).is_zero()


class TestInequalities:
    """Sums of squares and bounded terms: the judge of inequalities has to be able to refuse."""

    v, q = letter("v", n, 1), letter("Q", n, n)
    size = sympy.Symbol("b", nonnegative=True)
    instances = ({v: matrix([[1], [-2]]), q: matrix([[2, 1], [1, 3]]), n: 2, size: 3},)
    curved = at_least_zero(reads_back, v.T @ q @ v)

    def test_a_sum_of_squares_and_bounds_with_coefficients_at_least_zero_is_shown(self):
        sum_of = self.v.T @ self.v + self.size * (self.v.T @ self.q @ self.v)
        parts = [(1, self.v.T @ self.v), (self.size, self.v.T @ self.q @ self.v)]
        assert (
            only(nonnegative(sum_of + zero(1, 1), parts, [self.curved]), instances=self.instances).outcome
            is Outcome.PROVED
        )

    def test_a_coefficient_of_unknown_sign_is_refused(self):
        parts = [(x, self.v.T @ self.v)]
        verdict = only(nonnegative(self.v.T @ (x * self.v), parts), instances=self.instances)
        assert "may be negative" in verdict.evidence["remainder"]

    def test_a_term_without_a_square_or_a_bound_is_refused(self):
        parts = [(2, self.v.T @ self.q @ self.v)]
        verdict = only(nonnegative(2 * (self.v.T @ self.q) @ self.v, parts), instances=self.instances)
        assert "neither a square nor bounded" in verdict.evidence["remainder"]

    def test_a_bound_that_an_instance_violates_is_refuted(self):
        negative = [{**self.instances[0], self.q: matrix([[-1, 0], [0, -1]])}]
        parts = [(2, self.v.T @ self.q @ self.v)]
        claim = nonnegative(2 * (self.v.T @ self.q) @ self.v, parts, [self.curved])
        assert only(claim, instances=negative).outcome is Outcome.REFUTED

    def test_a_bound_needs_a_hypothesis_of_the_theorem(self):
        parts = [(2, self.v.T @ self.q @ self.v)]
        claim = nonnegative(
            2 * (self.v.T @ self.q) @ self.v, parts, [at_least_zero(unrelated, self.v.T @ self.q @ self.v)]
        )
        assert "not among" in only(claim, instances=self.instances).evidence["reason"]

    def test_a_quadratic_form_equals_its_transpose_and_a_matrix_does_not(self):
        assert (
            only(identical(self.v.T @ self.q @ self.v, self.v.T @ self.q.T @ self.v), instances=self.instances).outcome
            is Outcome.PROVED
        )
        assert (
            only(identical(self.q @ self.v, self.q.T @ self.v), instances=self.instances).outcome is Outcome.UNDECIDED
        )
