"""Protects the word proved: a replayed proof ends in this very formula, and rests on what is given or shown."""

from dataclasses import fields
from random import Random

import pytest

from emtheory.formulas import Theorem, at, backwards, by_theorem, case, define, equal, iff, implies, within
from emtheory.formulas.edits import edits
from emtheory.formulas.evidence import by_shape
from emtheory.formulas.files import bundled, loaded, selected
from emtheory.formulas.formula import Opaque
from emtheory.formulas.proving import replayed
from emtheory.formulas.siblings import executed
from emtheory.kernel import check
from emtheory.letters import C, Dual, E, G, Phi, W, Xi, h, i, identity, j, k, m, n, s, t, total, u, x, zero

FILES = selected([])
DUALITY, STORED = equal(Dual @ Xi, identity(m)), define(W, Xi @ Phi @ Dual)
POWERS = equal(W**k, Xi @ Phi**k @ Dual, k >= 1)
# An edit that the definitions make true and the proof shows on its way: memory k holds u(k) = x(k), for k ≤ s.
TRUE_EDITS = {"gated-composition": (equal(Dual @ h(s), total(E(k) @ x(k), (k, 1, s))),)}
EXAMPLE = {"one": case(Xi=[[1]], Dual=[[1]], Phi=[[1]], s=1)}


def theorem(proof, *conclusions, hypotheses=(DUALITY,), definitions=(STORED,), given=(Xi, Dual, Phi, s), **more):
    return Theorem(
        given=given,
        hypotheses=dict.fromkeys(hypotheses),
        definitions=definitions,
        conclusions=conclusions or (POWERS,),
        proof=proof,
        examples=EXAMPLE,
        cases=None,
        **more,
    )


def changed(record, **parts):
    """The same theorem with other parts."""
    old = {field.name: getattr(record, field.name) for field in fields(record)}
    return Theorem(**{**old, **parts})


def test_the_plain_proof_is_replayed_and_ends_in_the_conclusion():
    proof = replayed(theorem(lambda prove: prove(POWERS).by_induction(k, DUALITY, STORED)))
    assert proof.proved == (POWERS,)
    assert check(proof.statement, proof.text) == proof.accepted
    assert proof.superfluous == ()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_proof_about_something_else_proves_no_bundled_statement(path):
    def dummy(prove):
        prove(equal((Xi @ Dual).T, Dual.T @ Xi.T)).by_rewriting()

    assert replayed(changed(loaded(path).theorem, proof=dummy)).proved == ()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_step_of_a_bundled_proof_is_shown_and_every_hypothesis_used(path):
    proof = replayed(loaded(path).theorem)
    assert [(step.words, reason) for step, reason in proof.failures] == []
    assert proof.superfluous == ()


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_edit_of_a_conclusion_is_proved_by_its_proof(path):
    """A sign, a transpose, an index, a letter, a dropped term: the proof of the true formula does not end in it.

    Four edits of each file are drawn, 200 and more in all.
    """
    record = loaded(path).theorem
    proof = replayed(record)
    meant = {other.renamed() for other in (*proof.proved, *TRUE_EDITS.get(path.stem, ()))}
    meant |= {hypothesis.renamed() for hypothesis in record.hypotheses if not isinstance(hypothesis, Opaque)}
    planted = [(c, e) for c in proof.proved for e in edits(c, by_shape(record)) if e.statement.renamed() not in meant]
    for conclusion, edit in Random(path.stem).sample(planted, min(4, len(planted))):
        others = tuple(edit.statement if other is conclusion else other for other in record.conclusions)
        assert edit.statement not in replayed(changed(record, conclusions=others)).proved, edit.phrase


@pytest.mark.parametrize("name", TRUE_EDITS)
def test_an_edit_that_counts_as_true_is_proved(name):
    record = loaded(*[path for path in FILES if path.stem == name]).theorem
    assert set(TRUE_EDITS[name]) <= set(replayed(changed(record, conclusions=TRUE_EDITS[name])).proved)


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_without_a_hypothesis_that_a_proof_uses_not_all_is_proved(path):
    record = loaded(path).theorem
    whole = replayed(record).proved
    for hypothesis in record.hypotheses:
        rest = {other: case_ for other, case_ in record.hypotheses.items() if other is not hypothesis}
        assert len(replayed(changed(record, hypotheses=rest)).proved) < len(whole), str(hypothesis)


ITSELF = [
    ("from itself", lambda prove: prove(POWERS).by_rewriting(POWERS)),
    ("from itself backwards", lambda prove: prove(POWERS).by_rewriting(backwards(POWERS))),
    ("by strong induction from nothing", lambda prove: prove(POWERS).by_strong_induction(k)),
    ("by an induction without the hypothesis", lambda prove: prove(POWERS).by_induction(k, STORED)),
    ("by an induction without the definition", lambda prove: prove(POWERS).by_induction(k, DUALITY)),
    ("from another hypothesis", lambda prove: prove(POWERS).by_rewriting(equal(W, identity(n)), STORED)),
    ("from another definition", lambda prove: prove(POWERS).by_induction(k, DUALITY, define(W, Xi @ Phi.T @ Dual))),
    ("by a combination of what is not known", lambda prove: prove(POWERS).by_combining(at(POWERS, k=k))),
    ("by a lemma that the kernel has not", lambda prove: prove(POWERS).by_lemma("all-is-well")),
]


@pytest.mark.parametrize(("how", "proof"), ITSELF, ids=[how for how, _ in ITSELF])
def test_nothing_is_proved(how, proof):
    assert replayed(theorem(proof)).proved == ()


def test_a_step_under_a_premise_proves_only_the_implication():
    wrong = equal(Xi @ Dual, identity(n))

    def proof(prove):
        with prove.assuming(wrong):
            prove(equal(Xi @ Dual @ Xi @ Dual, identity(n))).by_rewriting(wrong)

    end = equal(Xi @ Dual @ Xi @ Dual, identity(n))
    assert replayed(theorem(proof, end)).proved == ()
    assert replayed(theorem(proof, implies(wrong, end))).proved == (implies(wrong, end),)
    assert replayed(theorem(proof, iff(wrong, end))).proved == ()


def test_a_used_theorem_gives_only_what_it_proved_and_only_if_it_is_listed():
    stated = executed(bundled() / "memory-basis.py")
    other = equal(W**2, Xi @ Phi**2 @ Dual)
    false = equal(W**k, Xi @ Phi ** (k + 1) @ Dual, k >= 1)

    def proof(prove):
        prove(other).by_rewriting(by_theorem(stated.THEOREM, stated.powers))

    def wrong(prove):
        prove(false).by_rewriting(by_theorem(stated.THEOREM, false))

    assert replayed(theorem(proof, other, uses=(stated.THEOREM,))).proved == (other,)
    assert replayed(theorem(proof, other)).proved == ()
    assert replayed(theorem(wrong, false, uses=(stated.THEOREM,))).proved == ()
    assert replayed(theorem(proof, other, hypotheses=(), uses=(stated.THEOREM,))).proved == ()


def test_a_statement_that_means_nothing_at_some_index_is_not_proved():
    outside = equal(W ** (k - 1) @ W, W**k, k >= 0)
    assert replayed(theorem(lambda prove: prove(outside).by_rewriting(), outside, hypotheses=())).proved == ()
    beyond = equal(C(k), C(k) + 0 * C(k), k >= 1)
    known = theorem(lambda prove: prove(beyond).by_rewriting(), beyond, hypotheses=(), definitions=(), given=(C, s))
    assert replayed(known).proved == ()


def test_a_definition_that_contradicts_itself_proves_nothing():
    written = Xi @ E(s) @ u(1)
    clauses = (define(h(t), zero(n, 1), t >= 0), define(h(t + 1), written, t >= 0))
    end = equal(written, zero(n, 1))

    def proof(prove):
        prove(end).by_rewriting(backwards(clauses[1]), clauses[0])

    assert replayed(theorem(proof, end, hypotheses=(), definitions=clauses, given=(Xi, s, u))).proved == ()


def test_a_conclusion_that_the_kernel_cannot_say_is_never_proved():
    from emtheory.formulas import opaque

    @opaque
    def always(**_):
        """All is well."""
        return True

    proof = replayed(theorem(lambda prove: prove(POWERS).by_induction(k, DUALITY, STORED), POWERS, always))
    assert proof.proved == (POWERS,)
    assert proof.unsayable == {always: "a predicate in Python"}


def test_indices_are_renamed_but_never_confused():
    shown = equal(E(j).T @ E(k), zero(E(1).cols, E(1).cols), j >= 1, k >= j + 1, k <= s)
    renamed = equal(E(i).T @ E(k), zero(E(1).cols, E(1).cols), i >= 1, k >= i + 1, k <= s)
    other = equal(E(j).T @ E(k), zero(E(1).cols, E(1).cols), j >= 1, k >= j, k <= s)

    def proof(prove):
        prove(shown).by_rewriting()

    assert replayed(theorem(proof, renamed, hypotheses=())).proved == (renamed,)
    assert replayed(theorem(proof, other, hypotheses=())).proved == ()
    assert G(0) != G(1)
    assert within(1, j, s) == (j >= 1, j <= s)
