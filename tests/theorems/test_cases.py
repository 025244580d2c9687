import pickle

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from emtheory.judges.exact import eye, left_inverse, zeros
from emtheory.theorems import cases
from emtheory.theory.predict import write_interference
from emtheory.theory.tasks import Task
from emtheory.verdict import Outcome

SEARCH = settings(max_examples=60, deadline=None, derandomize=True)  # health checks stay on


def seen(strategy, examples=150):
    """What a strategy draws, derandomized."""
    drawn = []

    @settings(max_examples=examples, deadline=None, derandomize=True, database=None, phases=[Phase.generate])
    @given(strategy)
    def collect(case):
        drawn.append(case)

    collect()
    return drawn


@SEARCH
@given(st.data())
def test_memory_bases_have_a_dual_and_independent_memories(data):
    m = data.draw(st.integers(1, 36))
    basis = data.draw(cases.memory_bases(m=m))
    assert basis.m == m <= basis.n <= 40
    assert basis.duality().outcome is Outcome.PROVED


def test_moore_penrose_and_oblique_duals_are_both_drawn_and_can_be_asked_for():
    def moore_penrose(basis):
        return basis.dual == left_inverse(basis.xi)

    assert all(moore_penrose(basis) for basis in seen(cases.memory_bases(m=3, max_n=6, oblique=False), 40))
    drawn = seen(cases.memory_bases(m=3, max_n=6), 100)
    assert {moore_penrose(basis) for basis in drawn} == {True, False}
    assert any(not moore_penrose(basis) for basis in seen(cases.memory_bases(m=3, max_n=6, oblique=True), 40))


@SEARCH
@given(st.data())
def test_matrices_interactions_and_invertible_matrices_have_the_shapes_they_say(data):
    n = data.draw(st.integers(1, 40))
    assert data.draw(cases.interactions(n)).shape == (n, n)
    assert data.draw(cases.invertible_matrices(n)).rank() == n
    rows, cols = data.draw(st.integers(0, 40)), data.draw(st.integers(0, 40))
    assert data.draw(cases.matrices(rows, cols)).shape == (rows, cols)


@SEARCH
@given(cases.tasks(), cases.selections(), cases.interference_free_tasks())
def test_tasks_keep_to_their_sizes_and_their_kind(task, selection, free):
    for drawn in (task, selection, free):
        assert 1 <= drawn.s <= 12
        assert 1 <= drawn.kappa <= 6
    assert selection.selection is not None
    assert write_interference(free) is None


@SEARCH
@given(st.data())
def test_circuits_inputs_and_horizons_fit_together(data):
    circuit = data.draw(cases.circuits())
    task = circuit.task
    assert circuit.basis.m == task.s * task.kappa <= circuit.basis.n <= 40
    assert data.draw(cases.input_sequences(task)).shape == (task.kappa, task.s)
    assert 1 <= data.draw(cases.horizons(task)) <= 3 * task.s + 2


def test_search_reaches_the_corners_that_theorems_distinguish():
    tasks = seen(cases.tasks(), 300)
    assert {write_interference(task) is None for task in tasks} == {True, False}
    assert any(write_interference(t) is None and not all(b.is_zero() for b in t.blocks[1:]) for t in tasks)
    assert {task.selection is None for task in tasks} == {True, False}
    assert max(task.s for task in tasks) == 12
    assert max(task.kappa for task in tasks) == 6
    sizes = [circuit.basis.n for circuit in seen(cases.circuits(), 200)]
    assert min(sizes) <= 3
    assert max(sizes) >= 38
    signs = [sign for task in seen(cases.selections(), 60) for sign in task.selection.sign.tolist()]
    assert set(signs) == {-1, 0, 1}
    interactions = seen(cases.interactions(4), 120)
    assert any(phi.rank() < 4 for phi in interactions)
    assert any(phi.rank() == 4 for phi in interactions)
    assert any((phi**4).is_zero() and not phi.is_zero() for phi in interactions)


def test_counterexamples_shrink_to_the_smallest_case():
    def smallest(strategy, condition):
        return find(strategy, condition, settings=settings(database=None, derandomize=True, max_examples=2000))

    failing = smallest(cases.tasks(), lambda task: write_interference(task) is not None)
    assert failing.s * failing.kappa <= 4
    basis = smallest(cases.memory_bases(m=2), lambda basis: basis.dual != basis.xi.T)
    assert basis.n <= 3
    assert smallest(cases.memory_bases(m=2), lambda basis: True).xi == eye(2)
    assert smallest(cases.circuits(), lambda circuit: True).task == Task.repeat_copy(1, 1)
    assert smallest(cases.matrices(2, 2), lambda a: True) == zeros(2, 2)


@pytest.mark.parametrize("strategy", [cases.circuits(), cases.tasks(), cases.memory_bases(m=4)], ids=str)
def test_cases_cross_processes(strategy):
    for case in seen(strategy, 20):
        assert pickle.loads(pickle.dumps(case)) == case
