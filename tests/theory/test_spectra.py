from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emtheory.judges.exact import charpoly, matrix, polynomial, zeros
from emtheory.theorems.cases import selections, tasks
from emtheory.theory.circuits import companion
from emtheory.theory.spectra import Cycle, cycle_type, jordan_at_zero, power_rank, predicted_spectrum
from emtheory.theory.tasks import Task

SEARCH = settings(max_examples=100, deadline=None, derandomize=True)


def ranks(task):
    Phi = companion(task)
    return [(Phi**k).rank() for k in range(len(Phi) + 2)]


@SEARCH
@given(selections(max_s=8, max_kappa=6))
def test_the_cycles_of_a_selection_give_the_characteristic_polynomial_of_its_companion(task):
    spectrum = predicted_spectrum(task)
    assert spectrum.charpoly() == charpoly(companion(task))
    assert spectrum.persistent + spectrum.zeros == task.s * task.kappa


@SEARCH
@given(tasks(max_s=6, max_kappa=4))
def test_the_matrix_polynomial_gives_the_characteristic_polynomial_of_the_companion(task):
    assert predicted_spectrum(task).charpoly() == charpoly(companion(task))


@SEARCH
@given(tasks(max_s=5, max_kappa=3))
def test_persistent_eigenvalues_and_jordan_blocks_at_zero_are_the_ranks_of_powers(task):
    rank = ranks(task)
    spectrum = predicted_spectrum(task)
    assert spectrum.persistent == rank[-1]
    assert [power_rank(task, k) for k in range(len(rank))] == rank
    sizes = {k: rank[k - 1] - 2 * rank[k] + rank[k + 1] for k in range(1, len(rank) - 1)}
    assert jordan_at_zero(task) == {k: number for k, number in sizes.items() if number}
    assert sum(k * number for k, number in jordan_at_zero(task).items()) == spectrum.zeros


@SEARCH
@given(selections(max_s=5, max_kappa=4))
def test_graph_and_matrix_routes_agree_on_selections(task):
    dense = Task(task.s, task.kappa, None, task.blocks, "dense")  # the same task, kept away from the graph
    spectrum, other = predicted_spectrum(task), predicted_spectrum(dense)
    assert (spectrum.zeros, spectrum.charpoly()) == (other.zeros, other.charpoly())
    assert jordan_at_zero(task) == jordan_at_zero(dense)
    assert [m for _, m in spectrum.multiplicities()] == [m for _, m in other.multiplicities()]
    for (left, _), (right, _) in zip(spectrum.multiplicities(), other.multiplicities(), strict=True):
        assert abs(left - right) <= 4 * np.finfo(float).eps


@SEARCH
@given(tasks(max_s=5, max_kappa=3))
def test_eigenvalues_repeat_by_multiplicity_and_sum_to_the_trace(task):
    spectrum = predicted_spectrum(task)
    values = spectrum.eigenvalues()
    assert len(values) == task.s * task.kappa
    expected = [value for value, count in spectrum.multiplicities() for _ in range(count)]
    assert np.allclose(np.sort_complex(values), np.sort_complex(np.array(expected)), atol=1e-14)
    trace = float(sum((Fraction(int(x.p), int(x.q)) for x in np.diag(task.C(task.s).flint.tolist())), Fraction(0)))
    assert abs(values.sum() - trace) <= 1e-12 * (1 + np.abs(values).sum())


@pytest.mark.parametrize("s", range(1, 13))
def test_compose_copy_has_one_cycle_of_each_length_and_repeat_copy_all_of_length_s(s):
    assert cycle_type(Task.compose_copy(s)) == tuple(Cycle(length, 1, 1) for length in range(1, s + 1))
    assert cycle_type(Task.repeat_copy(s, 3)) == (Cycle(s, 1, 3),)
    multiplicity = dict(predicted_spectrum(Task.compose_copy(s)).multiplicities())
    assert multiplicity[1 + 0j] == s  # a primitive d-th root has multiplicity s // d
    assert multiplicity.get(-1 + 0j, 0) == s // 2
    assert multiplicity.get(1j, 0) == s // 4


def test_signs_multiply_along_a_cycle():
    # scalar repeat copy with C_1 = −I: λ³ + 1; two swapped components, one negated: λ^4 + 1
    assert cycle_type(Task.from_selection(3, 1, [0], [-1])) == (Cycle(3, -1, 1),)
    assert cycle_type(Task.from_selection(2, 2, [1, 0], [-1, 1])) == (Cycle(4, -1, 1),)
    assert cycle_type(Task.from_selection(2, 2, [1, 0], [-1, -1])) == (Cycle(4, 1, 1),)


def test_two_entries_in_a_row_are_no_selection():
    fibonacci = Task.from_blocks([matrix([[1]]), matrix([[1]])])
    assert predicted_spectrum(fibonacci).charpoly() == polynomial([-1, -1, 1])
    with pytest.raises(ValueError, match="only signed selections have a cycle type"):
        cycle_type(fibonacci)


def test_eigenvalues_of_other_compositions_are_correctly_rounded():
    golden = predicted_spectrum(Task.from_blocks([matrix([[1]]), matrix([[1]])])).multiplicities()
    assert golden == [((1 + 5**0.5) / 2 + 0j, 1), ((1 - 5**0.5) / 2 + 0j, 1)]


@pytest.mark.parametrize("s", [1, 3])
def test_a_task_that_forgets_everything_has_only_zeros(s):
    task = Task.from_blocks([zeros(2, 2)] * s)
    spectrum = predicted_spectrum(task)
    assert (spectrum.persistent, spectrum.zeros) == (0, 2 * s)
    assert spectrum.multiplicities() == [(0j, 2 * s)]
    assert jordan_at_zero(task) == {s: 2}
    nilpotent = Task.from_blocks([matrix([[0, 2], [0, 0]])] + [zeros(2, 2)] * (s - 1))
    assert predicted_spectrum(nilpotent).multiplicities() == [(0j, 2 * s)]
    assert jordan_at_zero(nilpotent) == {2 * s: 1}


def test_roots_of_unity_are_accurate_for_large_orders():
    values = predicted_spectrum(Task.repeat_copy(10**5, 1)).eigenvalues()
    assert np.abs(np.abs(values) - 1).max() <= 4 * np.finfo(float).eps
    assert (values[25000], values[50000], values[75000]) == (1j, -1, -1j)
    assert np.abs(values.conj()[1:] - values[:0:-1]).max() <= np.finfo(float).eps


def test_long_tails_and_cycles_are_found_at_a_million_nodes():
    kappa = 10**5
    chain = Task.from_selection(10, kappa, np.r_[0, np.arange(kappa - 1)], np.r_[0, np.ones(kappa - 1, dtype=int)])
    assert cycle_type(chain) == ()
    assert jordan_at_zero(chain) == {10 * kappa: 1}
    ring = Task.from_selection(10, kappa, np.roll(np.arange(kappa), 1), np.ones(kappa, dtype=int))
    assert cycle_type(ring) == (Cycle(10 * kappa, 1, 1),)
    assert jordan_at_zero(ring) == {}
    assert power_rank(chain, 10) == 10 * kappa - 10


def test_negative_powers_are_refused():
    with pytest.raises(ValueError, match="power must be at least 0"):
        power_rank(Task.repeat_copy(2, 2), -1)


@given(st.integers(1, 40))
@settings(max_examples=20, deadline=None, derandomize=True)
def test_numpy_finds_the_predicted_eigenvalues_of_a_single_cycle(s):
    values = np.linalg.eigvals(companion(Task.repeat_copy(s, 1)).numpy())
    predicted = predicted_spectrum(Task.repeat_copy(s, 1)).eigenvalues()
    gaps = np.abs(values[:, np.newaxis] - predicted)
    assert gaps.min(axis=0).max() < 1 / (4 * s)  # less than half the distance of two roots: a bijection
