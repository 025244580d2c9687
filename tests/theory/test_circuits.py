import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emtheory.judges.exact import cycle, eye, matrix, vstack, zeros
from emtheory.networks.elman import linear_run
from emtheory.theorems.cases import circuits, horizons, input_sequences, tasks
from emtheory.theory.circuits import Circuit, companion, dense, impulse, ring_buffer, selector
from emtheory.theory.memories import MemoryBasis
from emtheory.theory.tasks import Task
from emtheory.verdict import Outcome

SEARCH = settings(max_examples=50, deadline=None, derandomize=True)


def test_repeat_copy_of_scalars_is_the_cyclic_shift():
    assert companion(Task.repeat_copy(5, 1)) == cycle(5)
    assert companion(Task.repeat_copy(1, 3)) == eye(3)


@SEARCH
@given(st.data())
def test_the_companion_shifts_the_variables_and_composes_a_new_one(data):
    task = data.draw(tasks(max_s=5, max_kappa=4))
    u = data.draw(input_sequences(task))
    x = task.outputs(u, task.s + 1)
    stacked = vstack([x[:, t : t + 1] for t in range(task.s)])
    assert companion(task) @ stacked == vstack([x[:, t : t + 1] for t in range(1, task.s + 1)])


def test_selectors_pick_one_variable_each():
    assert [selector(3, 2, j).T @ selector(3, 2, k) for j in (1, 3) for k in (1, 3)] == [
        eye(2), zeros(2, 2), zeros(2, 2), eye(2)
    ]  # fmt: skip
    with pytest.raises(ValueError, match=r"1\.\.s=3, but is 0"):
        selector(3, 2, 0)


@SEARCH
@given(tasks(max_s=5, max_kappa=3), st.integers(0, 12))
def test_the_impulse_response_is_read_off_powers_of_the_companion(task, t):
    E = selector(task.s, task.kappa, task.s)
    assert impulse(task, t) == E.T @ companion(task) ** t @ E


def test_impulses_before_time_zero_are_refused():
    with pytest.raises(ValueError, match="t is -1"):
        impulse(Task.repeat_copy(2, 1), -1)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.data())
def test_the_ring_buffer_is_the_serially_written_circuit_in_any_basis(data):
    circuit = data.draw(circuits(max_n=12, max_s=5, max_kappa=3))
    task = circuit.task
    u, T = data.draw(input_sequences(task)), data.draw(horizons(task))
    assert ring_buffer(task, u, T) == linear_run(circuit.W, circuit.U, circuit.R, u, T).outputs


@SEARCH
@given(st.data())
def test_ring_buffer_and_dense_simulation_agree_on_floats_and_integers(data):
    task = data.draw(tasks(max_s=6, max_kappa=4))
    T = data.draw(horizons(task))
    u = np.random.default_rng(7).integers(-3, 4, size=(3, task.s, task.kappa))
    for inputs in (u, u + 0.5):
        slow, fast = dense(task, inputs, T), ring_buffer(task, inputs, T)
        if task.selection is not None:  # sums of few half-integers: no rounding on either side
            assert np.array_equal(fast, slow)
        else:
            assert np.allclose(fast, slow, rtol=1e-9, atol=1e-9 * max(1.0, np.abs(slow).max()))


def test_inputs_interfere_while_compose_copy_is_written():
    u = np.ones((1, 2, 2), dtype=np.int64)
    assert ring_buffer(Task.compose_copy(2), u, 4)[0].tolist() == [[1, 1], [1, 2], [1, 2], [1, 2]]


def test_a_circuit_writes_and_reads_through_its_basis():
    basis = MemoryBasis.moore_penrose(matrix([[1, 1], [0, 1], [1, 0]]))
    circuit = Circuit(Task.repeat_copy(2, 1), basis)
    assert circuit.Phi == cycle(2)
    assert basis.xi @ cycle(2) @ basis.dual == circuit.W
    assert (circuit.U, circuit.Psi(1)) == (basis.xi[:, 1:], basis.xi[:, :1])
    assert (circuit.R, circuit.dual(1)) == (basis.dual[1:, :], basis.dual[:1, :])


def test_a_basis_with_another_number_of_memories_is_refused():
    with pytest.raises(ValueError, match="s·k = 4 memories, but the basis has 2"):
        Circuit(Task.repeat_copy(2, 2), MemoryBasis(eye(2), eye(2)))


def test_runs_of_no_steps_and_misshapen_inputs_are_refused():
    task = Task.repeat_copy(2, 2)
    for simulate in (dense, ring_buffer):
        with pytest.raises(ValueError, match="at least 1"):
            simulate(task, np.zeros((1, 2, 2)), 0)
        with pytest.raises(ValueError, match=r"\(batch, 2, 2\)"):
            simulate(task, np.zeros((2, 2)), 3)


def test_a_basis_says_whether_its_dual_reads_what_it_stores():
    xi = matrix([[1, 1], [0, 1]])
    assert MemoryBasis(xi, xi.inv()).duality().outcome is Outcome.PROVED
    assert MemoryBasis(xi, xi.T).duality().outcome is Outcome.REFUTED


def test_duals_of_the_wrong_shape_and_dependent_memories_are_refused():
    with pytest.raises(ValueError, match=r"must have shape \(1, 2\), but has \(2, 1\)"):
        MemoryBasis(matrix([[1], [0]]), matrix([[1], [0]]))
    with pytest.raises(ValueError, match="independent"):
        MemoryBasis.moore_penrose(matrix([[1, 1], [1, 1]]))
