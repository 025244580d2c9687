"""What memories hold is read back exactly from exact circuits, in any basis, and errors and gaps are counted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from emtheory.networks.elman import Network
from emtheory.recovery.decoding import attractor_center, decode
from emtheory.recovery.krylov import Operators, Recovery
from emtheory.recovery.recover import recover
from emtheory.theory.circuits import companion
from emtheory.theory.tasks import Task

TASKS = [
    Task.repeat_copy(1, 2),
    Task.repeat_copy(5, 3),
    Task.from_selection(3, 2, [1, 0], [-1, 1]),
    Task.from_blocks(np.array([[[0.0, 1.0], [1.0, 0.0]], [[1.0, 0.0], [0.0, 0.0]]])),
]


def operators(task: Task, *, decay: float = 1.0, extra: int = 4, seed: int = 0) -> Operators:
    """The circuit of a task in a random oblique basis, with transients that are written but not read."""
    rng = np.random.default_rng(seed)
    m = task.s * task.kappa
    n = m + extra
    basis = np.linalg.qr(rng.normal(size=(n, n)))[0] + 0.1 * rng.normal(size=(n, n))
    inside = np.zeros((n, n))
    inside[:m, :m] = decay * companion(task).numpy()
    inside[m:, m:] = 0.3 * np.linalg.qr(rng.normal(size=(extra, extra)))[0]
    writes, reads = np.zeros((n, task.kappa)), np.zeros((task.kappa, n))
    writes[m - task.kappa : m], reads[:, m - task.kappa : m] = np.eye(task.kappa), np.eye(task.kappa)
    writes[m:] = rng.normal(size=(extra, task.kappa))
    inverse = np.linalg.inv(basis)
    return Operators(basis @ inside @ inverse, basis @ writes, reads @ inverse)


def loaded(found: Recovery, task: Task, inputs, steps: int):
    """States that hold the inputs at step s, and move by W from then on; before, they hold what is written."""
    states = np.zeros((len(inputs), steps, len(found.psi)))
    for t in range(steps):
        if t < task.s:
            held = np.zeros((len(inputs), task.s, task.kappa))
            held[:, task.s - 1 - t :] = inputs[:, : t + 1]
            states[:, t] = held.reshape(len(inputs), -1) @ found.psi.T
        else:
            states[:, t] = states[:, t - 1] @ found.operators.W.T
    return states


def signs(task: Task, batch: int = 5, seed: int = 0):
    return np.random.default_rng(seed).choice((-1.0, 1.0), size=(batch, task.s, task.kappa))


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_what_was_written_is_read_at_every_step_in_any_basis(task):
    for seed in (0, 1):
        found = recover(operators(task, seed=seed))
        inputs = signs(task)
        transient = np.random.default_rng(seed).normal(size=len(found.psi))
        transient -= found.split.projector @ transient
        result = decode(found, loaded(found, task, inputs, 4 * task.s) + transient, task, inputs)
        assert result.determined.all()
        assert np.abs(result.error).max() < 1e-10
        assert result.first_wrong is None
        assert (result.s, result.kappa, result.steps) == (task.s, task.kappa, 4 * task.s)


def test_a_run_that_writes_serially_holds_its_inputs_one_memory_older_each_step():
    task = Task.repeat_copy(4, 2)
    parts = operators(task)
    inputs, found = signs(task), recover(parts)
    states = Network(parts.W, parts.U, parts.R, activation="identity").run(inputs, 11).states
    contents = decode(found, states).contents
    for t in range(1, 12):
        for k in range(1, 5):
            origin = t - 4 + k
            expected = inputs[:, (origin - 1) % 4] if origin >= 1 else 0
            np.testing.assert_allclose(contents[:, t - 1, k - 1], expected + np.zeros((5, 2)), atol=1e-10)


def test_nothing_is_compared_before_it_is_written():
    task = Task.repeat_copy(3, 1)
    found, inputs = recover(operators(task)), signs(Task.repeat_copy(3, 1))
    result = decode(found, loaded(found, task, inputs, 6), task, inputs)
    assert result.compared[:, :, 0].tolist() == [[0, 0, 1], [0, 1, 1], *[[1, 1, 1]] * 4]
    assert (result.expected[:, ~result.compared] == 0).all()
    assert np.isfinite(result.error).all()


def test_of_compose_copy_only_what_is_composed_later_is_determined():
    task = Task.compose_copy(4)
    found, inputs = recover(operators(task)), signs(task)
    result = decode(found, loaded(found, task, inputs, 15), task, inputs)
    assert result.determined.tolist() == [[i <= k for i in range(1, 5)] for k in range(1, 5)]
    assert result.determined.sum() == found.rank
    assert np.abs(result.error).max() < 1e-9
    assert result.first_wrong is None


def test_two_memories_with_one_direction_are_not_determined():
    task = Task.repeat_copy(2, 1)
    found = recover(operators(task))
    same = replace(found, psi=found.psi[:, [1, 1]])
    assert not decode(same, np.zeros((1, 1, len(found.psi)))).determined.any()


def test_a_wrong_sign_is_counted_where_it_is():
    task = Task.repeat_copy(3, 2)
    found, inputs = recover(operators(task)), signs(task, batch=4)
    states = loaded(found, task, inputs, 8)
    content = task.outputs(inputs, 8)[1, 4 - 1, 1]  # t = 5 and k = 2 hold x(4)
    states[1, 4] -= 2 * content * found.psi[:, 1 * 2 + 1]
    result = decode(found, states, task, inputs)
    assert result.first_wrong == (5, 2, 2)
    assert result.wrong.sum() == 1
    assert np.flatnonzero(result.wrong_by_step).tolist() == [4]
    assert result.wrong_by_step[4] == pytest.approx(1 / (4 * 3 * 2))
    assert result.wrong_by_memory.tolist() == pytest.approx([0, 1 / (4 * 7 * 2), 0])
    assert np.abs(result.error).max() == pytest.approx(2)


def test_an_expected_zero_has_no_sign():
    task = Task.repeat_copy(2, 1)
    found, inputs = recover(operators(task)), np.zeros((1, 2, 1))
    result = decode(found, np.ones((1, 3, len(found.psi))), task, inputs)
    assert not result.wrong.any()
    assert result.wrong_by_step.tolist() == [0, 0, 0]


@pytest.mark.parametrize("task", [Task.repeat_copy(3, 2), Task.from_selection(3, 2, [0, 3], [-1, 1])])
def test_contents_fade_with_the_decay_and_are_whole_when_it_is_divided_out(task):
    found, inputs = recover(operators(task, decay=0.9)), signs(task)
    states = loaded(found, task, inputs, 20)
    plain, whole = decode(found, states, task, inputs), decode(found, states, task, inputs, decay=0.9)
    assert np.abs(plain.error).max() > 0.5
    assert np.abs(whole.error).max() < 1e-9


def test_an_output_that_is_always_zero_does_not_fade():
    task = Task.from_selection(2, 2, [0, 0], [1, 0])
    found = recover(operators(Task.repeat_copy(2, 2)))
    result = decode(found, np.zeros((1, 6, len(found.psi))), task, np.zeros((1, 2, 2)), decay=0.5)
    assert np.isfinite(result.contents).all()


def test_the_center_of_the_attractor_is_subtracted():
    task = Task.repeat_copy(3, 2)
    found, inputs = recover(operators(task)), signs(task)
    center = np.random.default_rng(1).normal(size=len(found.psi))
    result = decode(found, loaded(found, task, inputs, 9) + center, task, inputs, center=center)
    assert np.abs(result.error).max() < 1e-10


def test_the_center_of_a_biased_circuit_is_its_fixed_point_and_that_of_an_odd_network_is_zero():
    turn = np.array([[0.0, -1.0], [1.0, 0.0]])
    biased = Network(turn, np.eye(2), np.eye(2), bias=[1.0, 0.0], activation="identity")
    np.testing.assert_allclose(attractor_center(biased, 2), np.linalg.solve(np.eye(2) - turn, [1.0, 0.0]), atol=1e-12)
    assert np.abs(attractor_center(Network(2 * turn, np.eye(2), np.eye(2)), 2)).max() < 1e-15


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"states": np.zeros((1, 3, 5))}, r"states must be real of shape \(batch, T, 8\)"),
        ({"states": np.zeros((0, 3, 8))}, "states must be real"),
        ({"states": np.full((1, 3, 8), np.nan)}, "states must be finite"),
        ({"states": np.full((1, 3, 8), "x")}, "states must be real"),
        ({"inputs": np.zeros((2, 2, 2))}, r"inputs must be real of shape \(1, 2, 2\)"),
        ({"inputs": None}, "one of them is missing"),
        ({"task": None}, "one of them is missing"),
        ({"task": Task.repeat_copy(3, 2)}, "has 3 variables of dimension 2, but the network has 2 of 2"),
        ({"center": np.zeros(3)}, r"the center must be real of shape \(8\)"),
        ({"decay": 0.0}, "a decay is positive"),
        ({"decay": 0.9, "task": None, "inputs": None}, "divided out along a task"),
    ],
)
def test_what_does_not_fit_is_refused(change, message):
    task = Task.repeat_copy(2, 2)
    found = recover(operators(task))
    given = {"states": np.zeros((1, 3, 8)), "task": task, "inputs": np.zeros((1, 2, 2))} | change
    with pytest.raises(ValueError, match=message):
        decode(found, **given)


def test_without_a_task_nothing_is_right_or_wrong():
    found = recover(operators(Task.repeat_copy(2, 2)))
    result = decode(found, np.zeros((1, 3, 8)))
    assert result.expected is None
    with pytest.raises(ValueError, match="decode with a task"):
        _ = result.error
