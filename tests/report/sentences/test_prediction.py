"""Protects what is said of a task: the figures of its prediction, in whole sentences."""

import pytest
from hypothesis import given, settings

from emtheory.judges.exact import matrix, zeros
from emtheory.report.sentences.prediction import sentences
from emtheory.theorems.cases import tasks
from emtheory.theory.predict import predict
from emtheory.theory.tasks import Task

SEARCH = settings(max_examples=80, deadline=None, derandomize=True)


@pytest.mark.parametrize(
    ("task", "words"),
    [
        (Task.repeat_copy(2, 3), ["roots of x^2 = 1 (3 times)", "A linear network that starts at 0", "no zero"]),
        (
            Task.compose_copy(3),
            ["C_2 C_2 is not 0", "2 steps later", "3 zeros.", "No linear network"],
        ),
        (Task.from_selection(2, 1, [0], [-1]), ["roots of x^2 = -1 (once)"]),
        (Task.from_blocks([matrix([["1/2"]])]), ["The persistent ones have modulus 0.5", "There is one variable only"]),
        (Task.from_blocks([zeros(1, 1)]), ["0 persistent eigenvalues and 1 zero.", "within 1 step."]),
        (Task.compose_copy(15), ["x^12 = 1 (once) and 3 more."]),
    ],
)
def test_the_sentences_say_what_was_found(task, words):
    text = " ".join(sentences(predict(task)))
    for word in words:
        assert word in text


@given(tasks(max_s=4, max_kappa=3))
@SEARCH
def test_every_task_has_sentences(task):
    prediction = predict(task)
    told = sentences(prediction)
    assert all(sentence.endswith(".") and "\n" not in sentence for sentence in told)
    assert prediction.reason in told
