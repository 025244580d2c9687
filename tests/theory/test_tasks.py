import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emtheory.judges.exact import Matrix, dyadic, eye, hstack, matrix, zeros
from emtheory.theorems.cases import horizons, input_sequences, tasks
from emtheory.theory.tasks import Task

SEARCH = settings(max_examples=60, deadline=None, derandomize=True)


def written_out(task, u, T):
    """x(1..T) by the formula x(t) = Σ_k C_k x(t−s−1+k), term by term."""
    x = [u[:, t : t + 1] for t in range(task.s)]
    for t in range(task.s + 1, T + 1):
        terms = [task.C(k) @ x[t - task.s - 1 + k - 1] for k in range(1, task.s + 1)]
        x.append(sum(terms, zeros(task.kappa, 1)))
    return hstack(x[:T])


@SEARCH
@given(st.data())
def test_outputs_follow_the_composition_exactly_and_in_floats(data):
    task = data.draw(tasks(max_s=6, max_kappa=4))
    u, T = data.draw(input_sequences(task)), data.draw(horizons(task))
    expected = written_out(task, u, T)
    assert task.outputs(u, T) == expected
    batch = np.stack([u.numpy().T, -u.numpy().T])
    floats = task.outputs(batch, T)
    assert floats.shape == (2, T, task.kappa)
    assert np.allclose(floats[0].T, expected.numpy(), rtol=1e-9, atol=1e-9)
    assert np.array_equal(floats[1], -floats[0])


def test_repeat_copy_repeats_and_compose_copy_has_one_period_for_each_component():
    u = matrix([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
    assert Task.repeat_copy(3, 3).outputs(u, 9) == hstack([u, u, u])
    composed = Task.compose_copy(3).outputs(u, 9)
    assert composed == matrix([[1, 2, 3, 1, 2, 3, 1, 2, 3], [4, 5, 6, 5, 6, 5, 6, 5, 6], [7, 8, 9, 9, 9, 9, 9, 9, 9]])


def test_integers_stay_integers_on_selections():
    u = np.array([[[1, 2], [3, 4]]], dtype=np.int8)
    outputs = Task.compose_copy(2).outputs(u, 4)
    assert outputs.dtype == np.int64
    assert outputs[0].tolist() == [[1, 2], [3, 4], [1, 4], [3, 4]]


@SEARCH
@given(tasks())
def test_blocks_selection_and_array_are_the_same_task(task):
    assert Task.from_blocks(task.blocks) == task
    assert Task.from_blocks(task.array()) == Task.from_blocks([dyadic(block.numpy()) for block in task.blocks])
    assert tuple(task.C(k) for k in range(1, task.s + 1)) == task.blocks
    one_entry_a_row = all(
        sum(x != 0 for x in row) <= 1 and all(abs(x) in (0, 1) for x in row) for row in hstack(task.blocks)
    )
    assert (task.selection is not None) == one_entry_a_row


@SEARCH
@given(tasks())
def test_a_task_prints_as_the_call_that_builds_it_and_survives_pickling(task):
    assert eval(repr(task), {"Task": Task, "matrix": matrix, "zeros": zeros}) == task
    assert pickle.loads(pickle.dumps(task)) == task


def test_one_block_of_a_large_selection_is_built_without_the_others():
    task = Task.repeat_copy(10**5, 3)
    assert task.C(1) == eye(3)
    assert task.C(10**5) == zeros(3, 3)
    assert "blocks" not in vars(task)


def test_floats_count_with_their_exact_value():
    task = Task.from_blocks(np.array([[[0.1]], [[1.0]]]))
    assert task.C(1) == dyadic([[0.1]])


@pytest.mark.parametrize(
    ("blocks", "message"),
    [
        ([], "needs s >= 1"),
        ([zeros(0, 0)], "k >= 1"),
        ([eye(2), zeros(2, 1)], r"C_2 has shape \(2, 1\)"),
        (np.zeros((2, 2)), r"shape \(s, k, k\)"),
        (np.zeros((1, 2, 3)), r"C_1 has shape \(2, 3\)"),
        (np.full((1, 1, 1), np.nan), "must be finite"),
        (np.full((1, 1, 1), np.inf), "must be finite"),
        (np.zeros((1, 1, 1), dtype=complex), "real array"),
        (np.zeros((0, 2, 2)), "needs s >= 1"),
    ],
)
def test_malformed_blocks_are_refused_in_one_sentence(blocks, message):
    with pytest.raises(ValueError, match=message):
        Task.from_blocks(blocks)


@pytest.mark.parametrize("build", [lambda: Task.repeat_copy(0, 1), lambda: Task.compose_copy(0)])
def test_tasks_without_variables_are_refused(build):
    with pytest.raises(ValueError, match="needs s >= 1 variables, but s is 0"):
        build()


def test_tasks_too_large_to_hold_are_refused_before_memory_runs_out():
    with pytest.raises(ValueError, match="above the limit of 1 GiB"):
        Task.repeat_copy(2, 10**15)


@pytest.mark.parametrize("k", [0, 4, -1])
def test_block_indices_outside_of_the_variables_are_refused(k):
    with pytest.raises(ValueError, match=r"1\.\.s=3"):
        Task.repeat_copy(3, 2).C(k)


def test_task_numbers_of_other_compositions_are_refused():
    with pytest.raises(ValueError, match="only signed selections"):
        Task.from_blocks([matrix([[2]])]).numbers()


@pytest.mark.parametrize(
    ("u", "T", "message"),
    [
        (zeros(3, 2), 4, r"k x s = 2 x 3"),
        (np.zeros((3, 2)), 4, r"\(batch, 3, 2\)"),
        (np.zeros((1, 2, 3)), 4, r"\(batch, 3, 2\)"),
        (np.full((1, 3, 2), np.nan), 4, "finite"),
        (np.zeros((1, 3, 2), dtype=complex), 4, "real"),
        (np.zeros((1, 3, 2)), 0, "at least 1"),
    ],
)
def test_inputs_that_do_not_fit_are_refused(u, T, message):
    assert isinstance(u, (Matrix, np.ndarray))
    with pytest.raises(ValueError, match=message):
        Task.repeat_copy(3, 2).outputs(u, T)
