"""The independent checker accepts honest certificates, rejects planted changes, and shares no code with the prover."""

import ast
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from emtheory import certificate_checker
from emtheory.certificate_checker import check
from emtheory.theory.certificates import Certificate, fingerprint
from emtheory.theory.circuits import companion
from emtheory.theory.networks import Network
from emtheory.theory.orbits import forever
from emtheory.theory.targets import target
from emtheory.theory.tasks import Task
from emtheory.verdict import Outcome

TASK = Task.repeat_copy(2, 2)
WRITE = np.vstack([np.zeros((2, 2)), np.eye(2)])
NETWORK = Network(1.5 * companion(TASK).numpy(), 3 * WRITE, WRITE.T)
U = np.array([[1.0, -1.0], [1.0, 1.0]])


@pytest.fixture(scope="module")
def honest():
    states = NETWORK.run(U[np.newaxis], 60).states[0]
    return forever(NETWORK, TASK.name, U, target(TASK, U, 60), states, 30, 2).certificate


def rejected(certificate, network=NETWORK, task=TASK):
    verdict = check(network, task, certificate)
    return verdict.outcome is Outcome.REFUTED and verdict.evidence["reason"]


def test_an_honest_certificate_is_accepted_also_from_a_file(honest, tmp_path):
    honest.save(tmp_path / "c.npz")
    again = Certificate.load(tmp_path / "c.npz")
    verdict = check(NETWORK, TASK, again)
    assert verdict.outcome is Outcome.PROVED
    assert verdict.evidence["margin"] > 0.8


def changed(array, index, value):
    copy = array.copy()
    copy[index] = value
    return copy


PLANTED = {
    "a radius of the loop": lambda c: replace(c, radii=changed(c.radii, 30, c.radii[30] / 2)),
    "a radius of the way": lambda c: replace(c, radii=changed(c.radii, 3, 0.0)),
    "all radii": lambda c: replace(c, radii=c.radii * 1e9),
    "a negative radius": lambda c: replace(c, radii=changed(c.radii, 5, -1e-9)),
    "no number": lambda c: replace(c, radii=changed(c.radii, 5, np.nan)),
    "an infinite radius": lambda c: replace(c, radii=changed(c.radii, 0, np.inf)),
    "a metric": lambda c: replace(c, metrics=changed(c.metrics, (7, 0), c.metrics[7, 0] * 2)),
    "a metric off the diagonal": lambda c: replace(c, metrics=changed(c.metrics, (29, 1), 1.0)),
    "a center": lambda c: replace(c, centers=changed(c.centers, (31, 0), c.centers[31, 0] + 1e-6)),
    "the period": lambda c: replace(c, period=1, rounds=2 * c.rounds),
    "a longer period": lambda c: replace(c, period=c.period * c.rounds * 2),
    "the rounds": lambda c: replace(c, rounds=1),
    "the entry": lambda c: replace(c, steps=c.steps - 1),
    "an entry in the input phase": lambda c: replace(c, steps=2),
    "the contraction": lambda c: replace(c, rho=c.rho / 2),
    "a sign of the contraction": lambda c: replace(c, rho=-c.rho),
    "a sign of the input": lambda c: replace(c, input=changed(c.input, (0, 1), 1.0)),
    "what it claims": lambda c: replace(c, holds="until"),
    "an unknown claim": lambda c: replace(c, holds="sometimes"),
    "its weights": lambda c: replace(c, network="0" * 64),
}


@pytest.mark.parametrize("plant", PLANTED.values(), ids=PLANTED.keys())
def test_every_planted_change_is_rejected(honest, plant):
    assert rejected(plant(honest))


def test_a_certificate_for_other_weights_is_rejected_even_if_it_names_them(honest):
    weights = NETWORK.W_hh.copy()
    weights[0, 2] *= 1 + 1e-6
    other = Network(weights, NETWORK.W_uh, NETWORK.W_r)
    assert "other weights" in rejected(honest, network=other)
    assert "radius" in rejected(replace(honest, network=fingerprint(other)), network=other)


def test_a_certificate_for_another_task_is_rejected(honest):
    assert rejected(honest, task=Task.compose_copy(2))
    assert rejected(honest, task=Task.repeat_copy(2, 3))


def test_a_step_of_loss_is_run_again_in_balls():
    turns = Network([[-2.0]], [[1.0]], [[-1.0]])  # right at step 2, wrong at step 3
    task, u = Task.repeat_copy(1, 1), np.array([[1.0]])
    assert check(turns, task, Certificate.lost(turns, task.name, u, 3)).outcome is Outcome.PROVED
    for step in (1, 2, 4, 5):
        assert rejected(Certificate.lost(turns, task.name, u, step), turns, task)


def test_it_is_short_and_imports_nothing_of_the_prover():
    path = Path(certificate_checker.__file__)
    source = path.read_text()
    assert len(source.splitlines()) <= 155
    tree = ast.parse(source)
    outside = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
    names = {node.module if isinstance(node, ast.ImportFrom) else node.names[0].name for node in outside}
    assert names == {"__future__", "hashlib", "typing", "numpy", "flint", "emtheory.verdict"}
    assert not any(isinstance(node, (ast.Import, ast.ImportFrom)) for f in tree.body
                   if isinstance(f, (ast.FunctionDef, ast.ClassDef)) for node in ast.walk(f))  # fmt: skip


def one_neuron(radius):
    """h' = tanh(2h + 4u), u = 1, with a tube of this radius around its fixed point; ρ = 1/2; nothing is searched."""
    network, task, rho = Network([[2.0]], [[4.0]], [[1.0]]), Task.repeat_copy(1, 1), 0.5
    star = 0.9
    for _ in range(100):
        star = np.tanh(2 * star)
    centers = np.array([[np.tanh(4.0)], [star]])
    slopes = 2 * (1 - np.tanh(2 * centers[:, 0]) ** 2)
    last = np.sqrt(1 + (slopes[1] / rho) ** 2)
    metrics = np.array([[np.sqrt(1 + (last * slopes[0] / rho) ** 2)], [last]])
    loop = rho * radius + 0.77 * 4 * radius**2 / 2 + 2.0**-40
    certificate = Certificate(
        holds="forever",
        network=fingerprint(network),
        task=task.name,
        input=np.ones((1, 1)),
        steps=2,
        period=1,
        rounds=1,
        rho=rho,
        centers=centers,
        metrics=metrics,
        radii=np.array([2.0**-40, radius, loop]),
    )
    return network, task, certificate, last * loop


def test_a_tube_that_closes_without_contracting_is_rejected():
    network, task, certificate, back = one_neuron(0.1)
    assert back < 0.1
    assert check(network, task, certificate).outcome is Outcome.PROVED
    network, task, certificate, back = one_neuron(0.2)
    assert back < 0.2  # it closes
    verdict = check(network, task, certificate)
    assert verdict.outcome is Outcome.REFUTED
    assert "contract" in verdict.evidence["reason"]
