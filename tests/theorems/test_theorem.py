"""Protects the form of theorem files: a record that is incomplete or malformed is refused with the part named."""

from dataclasses import FrozenInstanceError

import pytest
from hypothesis import strategies as st

from emtheory.judges.exact import exactly
from emtheory.theorems.theorem import Erratum, Theorem, sentence


def positive(x):
    """x is at least 1.

    More about it.
    """
    return exactly(x >= 1, True)


def even(x):
    """2x is even."""
    return exactly(2 * x % 2, 0)


def of_two(x, y):
    """Takes two arguments."""
    return exactly(x, y)


def nameless(x):
    return exactly(x, x)


def theorem(**changes):
    parts = {
        "hypotheses": {positive: (0,)},
        "conclusions": (even,),
        "numeric": (even,),
        "examples": {"one": (1,)},
        "cases": st.tuples(st.integers(1, 9)),
    }
    return Theorem(**{**parts, **changes})


def erratum(**changes):
    parts = {
        "number": 1,
        "printed": "x is at least 1",
        "why": "x may be 0",
        "corrected": "2x is even",
        "claim": positive,
        "counterexample": (0,),
        "correction": even,
        "examples": {"one": (1,)},
        "cases": st.tuples(st.integers()),
    }
    return Erratum(**{**parts, **changes})


def test_well_formed_records_are_accepted_and_frozen():
    assert theorem().uses == ()
    assert erratum(theorem="memory-basis").uses == ("memory-basis",)
    with pytest.raises(FrozenInstanceError):
        theorem().source = "elsewhere"
    with pytest.raises(TypeError):
        theorem().examples["two"] = (2,)


def test_the_sentence_of_a_function_is_the_first_line_of_its_docstring():
    assert sentence(positive) == "x is at least 1."
    with pytest.raises(ValueError, match="nameless has no docstring"):
        sentence(nameless)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"conclusions": ()}, "conclusions is empty"),
        ({"conclusions": [even]}, "conclusions must be a tuple"),
        ({"conclusions": ("even",)}, "conclusions must hold functions"),
        ({"conclusions": (nameless,)}, "no docstring"),
        ({"conclusions": (of_two,)}, "of_two takes 2 arguments, the example 'one' has 1"),
        ({"numeric": even}, "numeric must be a tuple"),
        ({"hypotheses": (positive,)}, "hypotheses must be a mapping"),
        ({"hypotheses": {positive: 0}}, "the case of 'positive' in hypotheses must be a tuple"),
        ({"hypotheses": {positive: (0, 0)}}, "the breaking case of positive has 2"),
        ({"hypotheses": {nameless: None}}, "no docstring"),
        ({"examples": {}}, "examples is empty"),
        ({"examples": {"one": 1}}, "the case of 'one' in examples must be a tuple"),
        ({"examples": {"one": None}}, "the example 'one' is None"),
        ({"examples": {3: (1,)}}, "examples need names"),
        ({"cases": [(1,)]}, "cases must be a hypothesis strategy"),
        ({"uses": "memory-basis"}, "uses must be a tuple of theorem names"),
        ({"source": None}, "source must be a string"),
        ({"derivation": even}, "derivation and meaning belong together"),
        ({"derivation": 1, "meaning": even}, "derivation must be a function"),
    ],
)
def test_a_malformed_theorem_is_refused_with_its_part_named(changes, message):
    with pytest.raises(ValueError, match=message):
        theorem(**changes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"number": 0}, "number must be a positive integer"),
        ({"printed": " "}, "printed must be a sentence"),
        ({"why": None}, "why must be a sentence"),
        ({"claim": nameless}, "no docstring"),
        ({"counterexample": 0}, "counterexample must be a tuple"),
        ({"counterexample": ()}, "positive takes 1 arguments, the counterexample has 0"),
        ({"examples": {}}, "examples is empty"),
        ({"cases": None}, "cases must be a hypothesis strategy"),
        ({"theorem": 3}, "theorem must be a name or None"),
    ],
)
def test_a_malformed_erratum_is_refused_with_its_part_named(changes, message):
    with pytest.raises(ValueError, match=message):
        erratum(**changes)
