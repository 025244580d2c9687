"""Protects recovery from float weights: circuits beside transients come back, and nothing else is called a circuit."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from emtheory.networks import zoo
from emtheory.recovery.krylov import Operators, recoveries
from emtheory.recovery.nearest import CHANCE, nearest
from emtheory.recovery.obstacle import Obstacle
from emtheory.recovery.projector import split, unsplit
from emtheory.recovery.recover import recover
from emtheory.theory.circuits import companion
from emtheory.theory.tasks import Task

UNIT = np.finfo(np.float64).eps


def beside_transients(task, n, seed, *, condition=10.0):
    """(Phi ⊕ transients) in a random basis of the given condition, U and R acting on the transients too."""
    rng = np.random.default_rng(seed)
    m, kappa = task.s * task.kappa, task.kappa
    left, right = (np.linalg.qr(rng.normal(size=(n, n)))[0] for _ in range(2))
    basis = left @ np.diag(np.geomspace(1, 1 / condition, n)) @ right
    inverse = right.T @ np.diag(np.geomspace(1, condition, n)) @ left.T
    whole = np.zeros((n, n))
    whole[:m, :m] = companion(task).numpy()
    fading = rng.normal(size=(n - m, n - m))
    if n > m:
        fading *= rng.uniform(0.1, 0.5) / np.abs(np.linalg.eigvals(fading)).max()
    whole[m:, m:] = fading
    last = np.eye(n)[:, m - kappa : m]
    stray = np.zeros((n, kappa))
    stray[m:] = rng.normal(size=(n - m, kappa))
    return Operators(basis @ whole @ inverse, basis @ (last + stray), (last + stray).T @ inverse)


def tasks_that_leave_nothing_unseen():
    """Repeat copy, whose memories all persist, and compose copy, whose nilpotent part R never sees."""
    return st.one_of(
        st.tuples(st.integers(1, 20), st.integers(1, 4)).map(lambda size: Task.repeat_copy(*size)),
        st.integers(2, 6).map(Task.compose_copy),
    )


@settings(max_examples=40, deadline=None)
@given(tasks_that_leave_nothing_unseen(), st.integers(0, 40), st.integers(0, 2**32 - 1))
def test_circuits_beside_transients_come_back_with_a_proved_defect(task, extra, seed):
    """C is recovered within s steps of the proved defect, each of which the memories can magnify by their condition."""
    operators = beside_transients(task, task.s * task.kappa + extra, seed)
    found = recover(operators)
    near = nearest(found)
    assert near.task == task
    assert near.justified
    assert near.defect < 2.0**-20
    magnified = near.defect + 2**10 * UNIT * np.linalg.norm(operators.W, 2) * np.linalg.norm(operators.R, 2)
    assert near.error <= task.s * magnified * max(1.0, np.linalg.norm(found.psi, 2)) ** 2


@pytest.mark.slow
def test_large_ill_conditioned_circuits_come_back():
    for seed in range(6):
        rng = np.random.default_rng(seed)
        s, kappa = int(rng.integers(5, 21)), int(rng.integers(1, 9))
        n = min(256, s * kappa + int(rng.integers(0, 100)))
        task = Task.repeat_copy(s, min(kappa, n // s))
        near = nearest(recover(beside_transients(task, n, seed, condition=100.0)))
        assert near.justified
        assert near.task == task


def test_the_published_network_gives_the_published_figures():
    network = zoo.load("repeat-copy-s8-k8-n128")
    found = recover(Operators(network.W_hh, network.W_uh, network.W_r))
    near = nearest(found)
    assert (found.s, found.kappa, found.split.count) == (8, 8, 64)
    assert f"{found.write_read_error:.3f}" == "0.032"
    assert np.abs(found.composition - Task.repeat_copy(8, 8).array()).max() < 0.03
    assert f"{near.error:.4f}" == "0.0147"
    assert f"{near.decay:.4f}" == "1.0028"
    assert near.task == Task.repeat_copy(8, 8)
    assert near.justified


def test_transients_are_not_read():
    """A transient added to a state changes nothing that the dual reads; a pseudoinverse of the memories reads it."""
    network = zoo.load("repeat-copy-s8-k8-n128")
    found = recover(Operators(network.W_hh, network.W_uh, network.W_r))
    contents = np.random.default_rng(0).choice((-1.0, 1.0), size=64)
    state = found.psi @ contents
    stray = np.random.default_rng(1).normal(size=128)
    stray -= found.split.projector @ stray
    read = found.dual @ (state + stray)
    assert np.array_equal(np.sign(read), contents)
    assert np.abs(np.linalg.pinv(found.psi) @ stray).max() > 2 * np.abs(found.dual @ stray).max()


@pytest.mark.parametrize("name", ["t1-n64", "t3-n128", "t4-n64"])
def test_networks_whose_weights_are_no_circuit_are_not_called_one(name):
    network = zoo.load(name)
    assert not nearest(recover(Operators(network.W_hh, network.W_uh, network.W_r))).justified


def random_operators(n, kappa, gain, seed):
    rng = np.random.default_rng(seed)
    return Operators(
        gain * rng.normal(size=(n, n)) / np.sqrt(n), rng.normal(size=(n, kappa)), rng.normal(size=(kappa, n))
    )


@settings(max_examples=30, deadline=None)
@given(st.integers(4, 40), st.integers(1, 4), st.floats(0.5, 2.0), st.integers(0, 2**32 - 1))
@example(8, 1, 0.5, 0)  # seven fading dimensions, whose five numbers are within 0.28 of (0, 0, 0, 0, -1)
@example(23, 1, 0.5121, 3090894242)  # everything fades, so that 21 numbers are near 0
def test_random_weights_are_not_called_a_circuit(n, kappa, gain, seed):
    try:
        found = recover(random_operators(n, kappa, gain, seed))
    except ValueError:
        return
    near = nearest(found)
    # a few numbers may be near integers by chance; more than that are not
    assert not near.justified or found.split.count <= 2 * kappa


@pytest.mark.parametrize(("n", "gain", "seed"), [(8, 0.5, 0), (23, 0.5121, 3090894242)])
def test_what_is_within_reach_of_chance_is_not_called_a_circuit(n, gain, seed):
    """Seven fading dimensions, whose five numbers are within 0.28 of (0, 0, 0, 0, −1); and 21 numbers that all fade."""
    near = nearest(recover(random_operators(n, 1, gain, seed)))
    assert near.coincidences > np.log10(CHANCE)
    assert not near.justified


def test_two_numbers_near_integers_are_no_evidence_and_sixteen_are():
    """Both are off by 0.05 in one block: 2 · 2 · 2 · 0.1² readings are as good by chance, and 2 · 16 · 2 · 0.1^128."""
    pair = np.array([[0.0, 1.0], [1.0, 0.05]])
    last = np.array([[0.0], [1.0]])
    one, many = (
        nearest(recover(Operators(np.kron(pair, np.eye(k)), np.kron(last, np.eye(k)), np.kron(last.T, np.eye(k)))))
        for k in (1, 8)
    )
    assert one.obstacle is Obstacle.CHANCE
    assert many.justified


def test_none_of_six_hundred_random_networks_is_called_a_circuit():
    rng = np.random.default_rng(0)
    for _ in range(600):
        n, kappa = int(rng.integers(8, 41)), int(rng.integers(1, 5))
        operators = random_operators(n, kappa, rng.uniform(0.5, 2.0), int(rng.integers(2**32)))
        assert not nearest(recover(operators)).justified


def test_one_number_that_fades_is_no_evidence_and_one_that_lasts_is():
    """Divided by its own modulus any number is 1 or -1; undivided, few are."""
    only = np.diag([1.0, 0.0, 0.0, 0.0])
    fading, lasting = (nearest(recover(Operators(gain * only, only[:, :1], only[:1]))) for gain in (0.9, -1.0))
    assert (fading.decay, fading.justified) == (1.0, False)
    assert (lasting.task, lasting.justified) == (Task.from_selection(1, 1, [0], [-1]), True)


@settings(max_examples=20, deadline=None)
@given(st.integers(2, 20), st.integers(1, 4), st.floats(0.8, 1.2), st.integers(0, 2**32 - 1))
def test_memories_that_fade_are_read_on_their_own_scale(s, kappa, decay, seed):
    """W is γ times repeat copy in a random basis: nothing but rounding is left of the defect, as Ψ fades with γ."""
    task = Task.repeat_copy(s, kappa)
    plain = beside_transients(task, s * kappa, seed)
    near = nearest(recover(Operators(decay * plain.W, plain.U, plain.R)))
    assert near.task == task
    assert abs(near.decay - decay) < 2.0**-30
    assert near.defect < 2.0**-20
    assert near.justified


def test_the_defect_of_a_fading_circuit_is_relative_to_what_is_left():
    """W = 0.8 [[0, 1], [1, e]] ⊗ I has determinant 0.8^16, so the decay is 0.8, and W/0.8 is off by e in one block."""
    decay, error, last = 0.8, 0.05, np.kron(np.array([[0.0], [1.0]]), np.eye(8))
    near = nearest(recover(Operators(decay * np.kron([[0.0, 1.0], [1.0, error]], np.eye(8)), last, last.T)))
    assert near.task == Task.repeat_copy(2, 8)
    assert abs(near.decay - decay) < 2.0**-40
    assert error <= near.defect < error * (1 + 2.0**-20)


def test_what_is_forgotten_at_once_is_kept_beside_a_transient():
    """R sees the second number, which C forgets, so it must not be split off, though a transient outlasts it."""
    task = Task.from_blocks(np.array([[[1.0, 0.0], [1.0, 0.0]]]))
    W, last = np.diag([1.0, 0.0, 0.3]), np.eye(3)[:, :2]
    W[1, 0] = 1.0
    near = nearest(recover(Operators(W, last, last.T)))
    assert near.task == task
    assert (near.found, near.expected, near.justified) == (1, 1, True)


def test_a_step_that_leaves_the_memories_and_comes_back_is_part_of_the_defect():
    """The oldest memory is not forgotten but pushed aside, to where its dual does not see it, and heard again later."""
    task, aside, back = Task.repeat_copy(3, 1), 0.25, 0.5
    W = np.zeros((4, 4))
    W[:3, :3] = companion(task).numpy()
    W[3, 0], W[2, 3], W[3, 3] = aside, back, 0.1
    last = np.eye(4)[:, 2:3]
    found = recoveries(Operators(W, last, last.T), unsplit(split(W).moduli))[0]
    assert found.s == 3
    defect = nearest(found).defect
    assert np.sqrt(aside * back) <= defect < 1.01 * np.sqrt(aside * back)
    values = np.linalg.eigvals(W)
    cubes = np.exp(2j * np.pi * np.arange(3) / 3)
    assert np.abs(cubes[:, None] - values).min(axis=1).max() <= defect


def test_a_scaled_write_operator_changes_nothing_and_a_changed_basis_of_inputs_conjugates():
    operators = beside_transients(Task.compose_copy(3), 14, 5)
    turn = np.array([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]])
    plain = recover(operators).composition
    scaled = recover(Operators(operators.W, 2 * operators.U, operators.R)).composition
    turned = recover(Operators(operators.W, operators.U @ turn, turn.T @ operators.R)).composition
    assert np.abs(scaled - plain).max() < 2.0**-30
    assert np.abs(turned - turn.T @ plain @ turn).max() < 2.0**-30


def test_what_is_not_read_or_not_finite_is_refused():
    W, U = np.eye(2), np.array([[1.0], [0.0]])
    with pytest.raises(ValueError, match="another network"):
        recover(Operators(W, U, np.array([[0.0, 1.0]])))
    with pytest.raises(ValueError, match="finite"):
        recover(Operators(W, U * np.nan, U.T))
    with pytest.raises(ValueError, match="one dimension"):
        Operators(W, U, np.eye(2))
