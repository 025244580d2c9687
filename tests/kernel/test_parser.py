"""Protects the reader: whatever text comes, `check` answers, and a refusal is a reason."""

from random import Random

import pytest

from emtheory.kernel import Accepted, Refused, check
from emtheory.kernel.text import LONGEST_WORD, MOST_DEPTH

GIVEN = "(statement 1 (given (size n 1) (letter A n n)) (conclusion c (= A A)))"
PROOF = "(proof 1 (goals) (conclusion c (identity)))"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "a text is one list"),
        ("()()", "a text is one list"),
        ("(", "a text is one list, with a ) for each ("),
        (")", "a ) without its ("),
        ("statement", "a statement is"),
        ("(statement 1 (given))", "a statement without a conclusion"),
        ("(" * (MOST_DEPTH + 1) + ")" * (MOST_DEPTH + 1), "deep"),
        (f"({'a' * (LONGEST_WORD + 1)})", "a word of more than"),
        ("(statement 1 (given (size n 1/0)) )", "is not a number"),
        ("(statement 1 (given (size n -1)) )", "is not a size"),
        ("(statement 1 (given (size n 1/2)) )", "is not a size"),
        ("(statement 1 given)", "a statement is"),
        ("(statement 1 (given n))", "gives nothing"),
        ("(statement 1 (given (size #0 1)))", "is not a name"),
        ("(statement 1 (given (letter A n n)))", "is not a number"),
        ("(statement 1 (given (size n 1) (letter A n n (1))))", "is not a list of 2"),
        ("(statement 1 (given) (conclusion c (= (number (^ 2 1000)) (number 0))))", "too large"),
        ("(statement 1 (given) (conclusion c (= (number (^ 2 1/2)) (number 0))))", "is not an integer"),
        ("(statement 1 (given) (conclusion c (= (number (^ (^ (^ 9 99) 99) 99)) (number 0))))", "too many digits"),
        ("(statement 1 (given (real x)) (conclusion c (= (number (^ (^ x 99) 99)) (number 0))))", "too many factors"),
        ("(statement 1 (given (real x) (real y) (real z)) (conclusion c (= (number (^ (+ x y z) 99)) (number 0))))",
         "too many parts"),
        ("(statement 1 (given) (conclusion c (= (block) (block))))", "is not a matrix"),
        ("(statement 1 (given) (conclusion c (= (block ()) (block ()))))", "is not a matrix"),
        ("(statement 1 (given) (conclusion c (= (*) (*))))", "is not a matrix"),
        ("(statement 1 (given) (conclusion c (for k () (= (number 1) (number 1)))))", "is not a list"),
        ("(statement 1 (given) (conclusion c (for ((nat k)) () (= (number 1) (number 1)))))", "is no variable"),
    ],
)  # fmt: skip
def test_a_text_that_means_nothing_is_refused_with_the_reason(text, reason):
    verdict = check(text, PROOF)
    assert isinstance(verdict, Refused)
    assert reason in verdict.reason
    assert len(verdict.reason) < 300


class Lying(str):
    """Text that says it is equal to any other."""

    def __eq__(self, other):
        return True

    __hash__ = str.__hash__


@pytest.mark.parametrize("thing", [None, 1, b"(proof 1)", ["proof"], ("proof", "1", ("goals",)), Lying(PROOF)])
def test_what_is_not_plain_text_is_refused(thing):
    assert check(GIVEN, thing) == Refused("a statement and a proof are text", "proof")
    assert check(thing, PROOF) == Refused("a statement and a proof are text", "statement")


def test_terms_that_grow_without_end_are_refused_before_they_do():
    letters = " ".join(f"(letter A{i} n n)" for i in range(10))
    power = f"(^ (+ {' '.join(f'A{i}' for i in range(10))}) 50)"
    statement = f"(statement 1 (given (size n 1) {letters}) (conclusion c (= {power} {power})))"
    assert "too many monomials" in check(statement, PROOF).reason
    word = "(statement 1 (given (size n 1) (letter A n n)) (conclusion c (= (^ (^ A 50) 50) (identity n))))"
    assert "too many letters" in check(word, PROOF).reason


def answers(probe, rounds):
    """The verdicts on mutated texts; an exception ends the test."""
    texts = [tuple(case[2:]) for name in ("true.txt", "forged.txt") for case in probe.cases(name)]
    for seed in range(rounds):
        draw = Random(seed)
        statement, proof = draw.choice(texts)
        if draw.random() < 0.3:
            statement = probe.mutated(statement, draw)
        yield check(statement, probe.mutated(proof, draw))
    for seed in range(rounds):
        draw = Random(seed)
        noise = " ".join(draw.choices(probe.WORDS, k=draw.randint(1, 60)))
        yield check(noise, noise)
        yield check(GIVEN, f"(proof 1 (goals) (conclusion c {noise}))")


def test_mutated_texts_are_answered(probe):
    verdicts = list(answers(probe, 500))
    assert all(isinstance(verdict, (Accepted, Refused)) for verdict in verdicts)
    assert {type(verdict) for verdict in verdicts} == {Accepted, Refused}


@pytest.mark.slow
def test_many_mutated_texts_are_answered(probe):
    assert all(isinstance(verdict, (Accepted, Refused)) for verdict in answers(probe, 20_000))
