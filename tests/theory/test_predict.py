import json

from hypothesis import given, settings
from hypothesis import strategies as st

from emtheory.judges.exact import matrix, vstack, zeros
from emtheory.theorems.cases import input_sequences, interference_free_tasks, selections, tasks
from emtheory.theory.circuits import companion, impulse, ring_buffer, selector
from emtheory.theory.predict import Interference, predict, write_interference
from emtheory.theory.tasks import Task

SEARCH = settings(max_examples=80, deadline=None, derandomize=True)


@SEARCH
@given(tasks(max_s=5, max_kappa=4))
def test_the_witness_is_one_and_there_is_none_iff_all_products_vanish(task):
    witness = write_interference(task)
    products = {
        (j, k): task.C(j) @ task.C(k) for j in range(1, task.s + 1) for k in range(2, task.s + 1)
    }  # fmt: skip
    assert (witness is None) == all(product.is_zero() for product in products.values())
    if witness is not None:
        assert not products[witness.j, witness.k].is_zero()
        assert impulse(task, witness.m) @ task.C(witness.k) == products[witness.j, witness.k]
        for earlier in range(1, witness.m):
            assert (impulse(task, earlier) @ task.C(witness.k)).is_zero()


@SEARCH
@given(selections(max_s=6, max_kappa=5))
def test_selections_are_decided_on_their_graph_as_on_their_blocks(task):
    dense = Task(task.s, task.kappa, None, task.blocks, "dense")
    assert write_interference(task) == write_interference(dense)


@SEARCH
@given(st.data())
def test_solvable_tasks_are_solved_by_the_serially_written_circuit(data):
    task = data.draw(interference_free_tasks(max_s=5, max_kappa=4))
    u, T = data.draw(input_sequences(task)), 3 * task.s
    assert predict(task).linear_solvable
    assert ring_buffer(task, u, T)[:, task.s :] == task.outputs(u, T)[:, task.s :]


@SEARCH
@given(tasks(max_s=4, max_kappa=3))
def test_unsolvable_tasks_are_answered_wrongly_for_some_input(task):
    wrong = False
    for i in range(task.s * task.kappa):  # linear: unit inputs suffice
        u = matrix([[int(t * task.kappa + j == i) for t in range(task.s)] for j in range(task.kappa)])
        T = 2 * task.s + 1
        wrong |= ring_buffer(task, u, T)[:, task.s :] != task.outputs(u, T)[:, task.s :]
    assert wrong == (not predict(task).linear_solvable)


@SEARCH
@given(tasks(max_s=4, max_kappa=3))
def test_minimal_memory_is_the_rank_of_what_the_outputs_see(task):
    Phi, R = companion(task), selector(task.s, task.kappa, task.s).T
    assert predict(task).minimal_memory == vstack([R @ Phi**t for t in range(1, task.s + 1)]).rank()


def test_repeat_copy_passes_and_compose_copy_fails():
    assert predict(Task.repeat_copy(4, 3)).witness is None
    assert predict(Task.compose_copy(1)).witness is None
    for s in range(2, 9):
        prediction = predict(Task.compose_copy(s))
        assert prediction.witness == Interference(2, 2, s - 1)
        assert (prediction.persistent, prediction.minimal_memory) == (s * (s + 1) // 2, s * (s + 1) // 2)


def test_a_task_may_pass_although_a_later_block_is_not_zero():
    task = Task.from_blocks([matrix([[1, 0], [0, 0]]), matrix([[0, 0], [1, 0]])])
    assert predict(task).linear_solvable
    smallest_failure = Task.from_blocks([matrix([[0]]), matrix([[1]])])
    assert predict(smallest_failure).witness == Interference(2, 2, 1)


def test_minimal_memory_may_exceed_the_number_of_persistent_eigenvalues():
    # x_1 = x_1(t−2) for ever, x_2(t) = x_3(t−2), x_3 = 0: one more output is still to come from x_3
    task = Task.from_selection(2, 3, [0, 2, 0], [1, 1, 0])
    prediction = predict(task)
    assert (prediction.persistent, prediction.minimal_memory) == (2, 4)


def test_the_json_has_the_keys_that_others_build_on():
    selected = predict(Task.compose_copy(2)).to_json()
    assert list(selected) == [
        "schema", "task", "spectrum", "persistent", "minimal_memory", "linear_solvable", "reason"
    ]  # fmt: skip
    assert selected["schema"] == "emtheory.prediction/1"
    assert selected["spectrum"] == [{"order": 1, "sign": 1, "count": 1}, {"order": 2, "sign": 1, "count": 1}]
    other = predict(Task.from_blocks([matrix([["1/4"]]), zeros(1, 1)])).to_json()
    assert other["spectrum"] == [[0.5, 0.0, 1], [-0.5, 0.0, 1]]
    assert json.loads(json.dumps([selected, other])) == [selected, other]
