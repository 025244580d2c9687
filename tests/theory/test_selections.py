import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emtheory.theory.selections import selection_from_numbers, task_numbers
from emtheory.theory.spectra import predicted_spectrum
from emtheory.theory.tasks import Task

DIAGONAL = 9241421688590303745
PAPER = {
    "T1": (255, 0, 0),
    "T2": (DIAGONAL, 262676, 189),
    "T3": (DIAGONAL, 0, 0),
    "T4": (DIAGONAL, 38637, 145),
}
SEARCH = settings(max_examples=100, deadline=None, derandomize=True)


@pytest.mark.parametrize(("name", "persistent"), [("T1", 64), ("T2", 36), ("T3", 36), ("T4", 36)])
def test_the_papers_tasks_have_64_36_36_and_36_persistent_eigenvalues(name, persistent):
    task = Task.from_numbers(8, 8, *PAPER[name])
    assert predicted_spectrum(task).persistent == persistent
    assert task.numbers() == PAPER[name]


def test_the_papers_task_numbers_name_repeat_copy_and_compose_copy():
    assert Task.from_numbers(8, 8, *PAPER["T1"]) == Task.repeat_copy(8, 8)
    assert Task.from_numbers(8, 8, *PAPER["T3"]) == Task.compose_copy(8)


def test_bits_choose_positions_digits_swap_rising_and_sign_bits_negate():
    # positions {1, 4, 5} rising; id2 = 2 + 1·3: swap outputs 0 and 2, then 1 and 2; sign of output 1
    selection = selection_from_numbers(2, 3, 0b110010, 5, 0b010)
    assert selection.source.tolist() == [5, 1, 4]
    assert selection.sign.tolist() == [1, -1, 1]


@SEARCH
@given(st.data())
def test_numbers_and_injective_selections_are_two_names_of_one_thing(data):
    s, kappa = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 6))
    source = data.draw(st.lists(st.integers(0, s * kappa - 1), min_size=kappa, max_size=kappa, unique=True))
    sign = data.draw(st.lists(st.sampled_from([1, -1]), min_size=kappa, max_size=kappa))
    task = Task.from_selection(s, kappa, source, sign)
    assert Task.from_numbers(s, kappa, *task.numbers()) == task


@pytest.mark.parametrize(
    ("sizes", "numbers", "message"),
    [
        ((8, 8), (254, 0, 0), "task id 254 must have exactly k=8 ones to choose 8 positions, but has 7"),
        ((8, 8), (511, 0, 0), "exactly k=8 ones to choose 8 positions, but has 9"),
        ((2, 2), (0b10001, 0, 0), "must choose among the s·k=4 positions 0..3, but chooses position 4"),
        ((2, 3), (7, 3**2, 0), "digit 2 of task number id2 in base 3 must be below 1"),
        ((2, 3), (7, 3**3, 0), "id2 must have at most k=3 digits in base 3"),
        ((2, 3), (7, 2 * 3, 0), "digit 1 of task number id2 in base 3 must be below 2"),
        ((2, 1), (1, 1, 0), "id2 must be 0 for k=1"),
        ((2, 2), (3, 0, 4), "id3=4 must have sign bits 0..1 only, one for each of k=2 outputs, but sets bit 2"),
        ((2, 2), (-3, 0, 0), "id1 must not be negative, but is -3"),
        ((2, 2), (3, -1, 0), "id2 must not be negative"),
        ((0, 2), (3, 0, 0), "needs s >= 1 variables, but s is 0"),
        ((2, 0), (0, 0, 0), "needs variables of dimension k >= 1, but k is 0"),
    ],
)
def test_impossible_task_numbers_are_refused_in_one_sentence(sizes, numbers, message):
    with pytest.raises(ValueError, match=re.escape(message)) as error:
        Task.from_numbers(*sizes, *numbers)
    assert "\n" not in str(error.value)


def test_a_digit_in_range_for_a_swap_is_accepted_at_its_largest():
    assert selection_from_numbers(1, 3, 7, 2 + 1 * 3, 0).source.tolist() == [2, 0, 1]


@pytest.mark.parametrize(
    ("source", "sign", "message"),
    [([0, 1], [1, 0], "output 1 is zero"), ([1, 1], [1, -1], "position 1 is chosen by two outputs")],
)
def test_selections_that_have_no_numbers_say_why(source, sign, message):
    with pytest.raises(ValueError, match=message):
        task_numbers(Task.from_selection(2, 2, source, sign).selection)


@pytest.mark.parametrize(
    ("source", "sign", "message"),
    [
        ([0, 4], [1, 1], "positions 0..3"),
        ([0, -1], [1, 1], "positions 0..3"),
        ([0, 1], [1, 2], "must be -1, 0 or 1"),
        ([0], [1, 1], "k=2 integers"),
        ([0.0, 1.0], [1, 1], "k=2 integers"),
    ],
)
def test_malformed_selections_are_refused(source, sign, message):
    with pytest.raises(ValueError, match=message):
        Task.from_selection(2, 2, source, sign)


def test_the_source_of_a_zero_row_does_not_matter():
    left, right = (Task.from_selection(2, 2, [0, p], [1, 0]) for p in (3, 1))
    assert left == right
    assert hash(left) == hash(right)
    assert left != Task.from_selection(2, 2, [0, 0], [1, 1])


def test_a_selection_cannot_be_changed_after_it_was_checked():
    with pytest.raises(ValueError, match="read-only"):
        Task.repeat_copy(2, 2).selection.source[0] = 3
    mine = np.array([0, 1])
    task = Task.from_selection(2, 2, mine, [1, 1])
    mine[0] = 3
    assert task.selection.source[0] == 0
