"""Protects the edges of what a certificate may claim, and that what is proved and saved is not proved again."""

import numpy as np

from emtheory.certificates import tube
from emtheory.certificates.certificate import Certificate, fingerprint
from emtheory.certificates.certify import certify
from emtheory.certificates.checker import check
from emtheory.certificates.target import target
from emtheory.networks.elman import Network
from emtheory.theory.circuits import companion
from emtheory.theory.tasks import Task
from emtheory.verdict import Outcome

ONE_BIT = Task.repeat_copy(1, 1)


def test_a_tube_of_radius_0_around_an_exact_run_is_a_tube():
    """With W = 0 and u = 0 every step is exact, so each condition of the radii holds with equality."""
    network, u = Network([[0.0]], [[1.0]], [[1.0]]), np.zeros((1, 1))
    tube = (np.zeros((2, 1)), np.ones((2, 1)), np.zeros(3))
    certificate = Certificate("forever", fingerprint(network), ONE_BIT.name, u, 2, 1, 0.5, *tube)
    assert check(network, ONE_BIT, certificate).outcome is Outcome.PROVED


def test_a_saved_proof_is_taken_over_from_the_log(tmp_path):
    task, told = Task.repeat_copy(2, 2), []
    write = np.vstack([np.zeros((2, 2)), np.eye(2)])
    network = Network(1.5 * companion(task).numpy(), 3 * write, write.T)
    options = {"patterns": 2, "resume": tmp_path / "log", "save": tmp_path / "proofs"}
    first = certify(network, task, **options)
    assert certify(network, task, **options, watch=lambda *done: told.append(done)) == first
    assert told == [(2, 2)]


def test_a_finite_run_is_proved_without_keeping_its_norms(monkeypatch):
    """Its memory is that of the states alone; the norms of every step would need more than is allowed here."""
    network, u = Network([[2.0]], [[2.0]], [[1.0]]), np.array([[1.0]])
    states = network.run(u[np.newaxis], 99).states[0]
    monkeypatch.setattr(tube, "MEMORY", 100)
    assert tube.finitely(network, u, target(ONE_BIT, u, 99), states) == (99, None)


def test_inputs_that_are_given_are_as_many_as_they_are():
    network = Network([[2.0]], [[2.0]], [[1.0]])
    (answer,) = certify(network, ONE_BIT, inputs=np.array([[[1.0]]]), patterns=10**15)
    assert answer.holds == "forever"
