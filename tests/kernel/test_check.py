"""Protects the word "proved": forged proofs are refused, each for its own reason, and true neighbours are accepted."""

import subprocess
import sys

import pytest

from emtheory.kernel import Accepted, Refused, check

GIVEN = "(given (size n 1) (letter A n n) (letter B n n))"
EQUAL = f"(statement 1 {GIVEN} (hypothesis h (= A B)) (conclusion squares (= (* A A) (* B B))))"
EQUAL_PROOF = "(proof 1 (goals) (conclusion squares (identity (in 1 () _ h A) (in 1 () B h _))))"
POWERS = """(statement 1 (given (size n 1) (size m 1) (letter Xi n m) (letter Dual m n) (letter Phi m m))
  (hypothesis duality (= (* Dual Xi) (identity m)))
  (definition (letter W n n) (stored (= W (* Xi Phi Dual))))
  (conclusion squared (= (* W W) (* Xi Phi Phi Dual))))"""
POWERS_PROOF = """(proof 1 (goals)
  (conclusion squared (identity (in 1 () _ stored W) (in 1 () (* Xi Phi Dual) stored _)
    (in 1 () (* Xi Phi) duality (* Phi Dual)))))"""


def test_each_forged_proof_is_refused_for_its_own_reason(probe):
    wrong = []
    for title, reason, *texts in probe.cases("forged.txt"):
        verdict = check(*texts)
        if not isinstance(verdict, Refused) or not reason or verdict.reason != reason:
            wrong.append((title, verdict))
    assert wrong == []


def test_no_forged_proof_fails_only_by_its_certificates(probe):
    assert list(probe.forged()) == []


def test_each_true_neighbour_is_accepted(probe):
    assert list(probe.true()) == []


def test_there_are_as_many_forged_proofs_as_the_files_say(probe):
    for name, least in (("forged.txt", 190), ("true.txt", 20)):
        titles = [title for title, *_ in probe.cases(name)]
        assert len(titles) == len(set(titles)) >= least


def test_the_kernel_loads_the_standard_library_and_itself_alone():
    code = "import sys; before = set(sys.modules); import emtheory.kernel; print(*(set(sys.modules) - before))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in ran.stdout.split()}
    ours = {name for name in ran.stdout.split() if name.startswith("emtheory")}
    assert loaded <= {"emtheory", *sys.stdlib_module_names}
    assert ours <= {"emtheory", *(name for name in ours if name.startswith("emtheory.kernel"))}


def test_what_is_accepted_names_what_was_not_used():
    statement = EQUAL.replace("(conclusion", "(hypothesis idle (= A A)) (conclusion")
    assert check(EQUAL, EQUAL_PROOF) == Accepted(EQUAL, (), (), ())
    assert check(statement, EQUAL_PROOF).unused == ("idle",)


def test_what_is_accepted_names_its_lemmas_but_no_elementary_axiom():
    statement = f"(statement 1 {GIVEN} (conclusion c (= (number (det (* A B))) (number (* (det A) (det B))))))"
    proof = "(proof 1 (goals) (conclusion c (identity (axiom det-of-product (n A B) (())))))"
    assert check(statement, proof).lemmas == ("det-of-product",)


def test_a_refusal_names_the_step_where_it_is():
    proof = EQUAL_PROOF.replace("(conclusion", "(step false (= A (scale 2 A)) (identity)) (conclusion")
    assert check(EQUAL, proof).step == "false"


USER = """(statement 1 (given (size k 1) (letter P (* 2 k) k) (letter Q k (* 2 k)))
  (hypothesis h (= (* Q P) (identity k)))
  (definition (letter V (* 2 k) (* 2 k)) (v (= V (* P (scale 3 (identity k)) Q))))
  (conclusion c (= (* V V) (* P (scale 3 (identity k)) (scale 3 (identity k)) Q))))"""
VALUES = "((* 2 k) k P Q (scale 3 (identity k)) V)"


def using(premises, values=VALUES):
    cited = f"(theorem memory-basis squared {values} (((+ 0 2 1 1)) ((+ 0 1 1 1))) {premises})"
    return f"(proof 1 (goals) (conclusion c (identity {cited})))"


@pytest.fixture
def basis():
    return check(POWERS, POWERS_PROOF)


def test_a_theorem_is_used_for_other_letters_and_sizes_when_its_premises_are_shown(basis):
    verdict = check(USER, using("(identity h) (identity v)"), theorems={"memory-basis": basis})
    assert isinstance(verdict, Accepted)
    assert verdict.theorems == ("memory-basis",)


@pytest.mark.parametrize(
    ("premises", "reason"),
    [
        ("", "one proof for each premise of what is cited"),
        ("(identity h)", "one proof for each premise of what is cited"),
        ("(identity) (identity v)", "left over"),
        ("(identity h) (identity)", "left over"),
        ("(identity h) (identity h)", "a zero of another shape"),
    ],
)
def test_a_theorem_is_not_used_without_a_proof_of_each_premise(basis, premises, reason):
    assert reason in check(USER, using(premises), theorems={"memory-basis": basis}).reason


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ("(k k P Q (scale 3 (identity k)) V)", "Xi has another shape"),
        ("((* 2 k) k P Q (scale 3 (identity k)))", "is not a list of 6"),
        ("((- (* 3 k) k 0) k P Q (scale 3 (identity k)) V)", "is not a number"),
    ],
)
def test_a_theorem_is_not_used_for_values_that_do_not_fit(basis, values, reason):
    assert reason in check(USER, using("(identity h) (identity v)", values), theorems={"memory-basis": basis}).reason


def test_a_theorem_is_not_used_unless_it_was_accepted():
    assert "nothing known is called" in check(USER, using("(identity h) (identity v)")).reason


def test_an_assumption_of_a_conclusion_is_a_premise_of_its_use():
    statement = f"(statement 1 {GIVEN} (conclusion c (assuming h (= A B)) (= (* A A) (* B A))))"
    first = check(statement, "(proof 1 (goals) (conclusion c (identity (in 1 () _ h A))))")
    goal = f"(statement 1 {GIVEN} (conclusion c (= (* A A) (* B A))))"
    proof = "(proof 1 (goals) (conclusion c (identity (theorem first c (n A B) (((+ 0 1 1 1))) PREMISE))))"
    assert "left over" in check(goal, proof.replace("PREMISE", "(identity)"), theorems={"first": first}).reason
    assert "one proof" in check(goal, proof.replace("PREMISE", ""), theorems={"first": first}).reason


def test_variables_of_a_theorem_never_catch_a_name_of_its_user():
    about = """(statement 1 (given (size n 1) (letter F n n (* *))) (hypothesis h (for ((int k)) () (= (F k) (F 0))))
      (conclusion c (for ((int k)) () (= (F (+ k 1)) (F k)))))"""
    first = check(about, "(proof 1 (goals) (conclusion c (identity (use h ((+ k 1))) (in -1 () _ (use h (k)) _))))")
    assert isinstance(first, Accepted)
    user = """(statement 1 (given (size n 1) (letter G n n (* *) (* *))) (conclusion c (for ((int k)) ()
      (= (G 1 k) (G 0 k)))))"""
    # F(i) is G(i, k), so the premise is about G(k', k) for all k'
    cited = "(theorem first c (n ((i) (G i k))) (((+ 0 1 1 1))) PREMISE)"
    proof = f"(proof 1 (goals) (conclusion c (identity (use {cited} (0)))))"
    assert "G[k', k]" in check(user, proof.replace("PREMISE", "(identity)"), theorems={"first": first}).reason
    user = user.replace("(conclusion", "(hypothesis g (for ((int i) (int j)) () (= (G i j) (G 0 j)))) (conclusion")
    proof = proof.replace("PREMISE", "(identity (use g (k' k)))")
    assert isinstance(check(user, proof, theorems={"first": first}), Accepted)
