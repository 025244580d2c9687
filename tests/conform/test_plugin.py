"""Protects the pytest plugin: what its assertions let pass and say, its fixture and seed, its cost unused."""

import subprocess
import sys
import textwrap
from importlib.metadata import entry_points

import numpy as np
import pytest

from emtheory.conform.plugin import (
    assert_circuit,
    assert_dual,
    assert_recovers,
    assert_same_spectrum,
    assert_similar,
)
from emtheory.conform.truth import circuit as drawn

TRUTH = drawn(3, 3, 2, hidden=1)


def test_what_is_true_passes():
    assert_circuit(TRUTH.W, TRUTH.U, TRUTH.R, TRUTH.C)
    assert_dual(TRUTH.Psi, TRUTH.dual)
    assert_similar(TRUTH.P @ np.diag(np.arange(TRUTH.n)) @ TRUTH.inverse, np.diag(np.arange(float(TRUTH.n))), TRUTH.P)
    assert_recovers(lambda W, U, R: TRUTH.C, TRUTH)
    assert_same_spectrum(TRUTH.W, np.append(TRUTH.composition.eigenvalues, TRUTH.transients))
    assert_same_spectrum(np.eye(3, dtype=np.float32), [1, 1, 1])


def test_a_defective_matrix_gets_the_bound_that_its_eigenvalues_need():
    block = 0.5 * np.eye(3) + np.eye(3, k=1)
    assert_same_spectrum(block, [0.5, 0.5, 0.5])
    with pytest.raises(AssertionError, match="spectra differ"):
        assert_same_spectrum(block, [0.5, 0.5, 0.6])


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: assert_same_spectrum(TRUTH.W, np.append(TRUTH.composition.eigenvalues, TRUTH.transients + 0.01)),
        lambda: assert_dual(TRUTH.Psi, TRUTH.dual * (1 + 1e-6)),
        lambda: assert_circuit(TRUTH.W, TRUTH.U, TRUTH.R, TRUTH.C + 1e-6),
        lambda: assert_circuit(TRUTH.W, TRUTH.U, 2 * TRUTH.R, TRUTH.C),
        lambda: assert_similar(np.diag([1.0, 2.0]), np.diag([2.0, 1.0]), np.eye(2)),
        lambda: assert_recovers(lambda W, U, R: TRUTH.C + 1e-6, TRUTH),
    ],
)
def test_what_is_wrong_fails_and_says_got_expected_bound_and_call(wrong):
    with pytest.raises(AssertionError) as failure:
        wrong()
    for word in ("got", "expected", "bound", "call: "):
        assert word in str(failure.value)


def test_a_singular_basis_is_no_similarity():
    with pytest.raises(AssertionError, match="Xi must be invertible"):
        assert_similar(np.eye(2), np.eye(2), np.ones((2, 2)))


@pytest.fixture
def inner(tmp_path):
    """Runs pytest on a test file, with the plugin, in a process of its own."""

    def execute(text, *words):
        (tmp_path / "test_inner.py").write_text(textwrap.dedent(text))
        installed = entry_points(group="pytest11", name="emtheory")  # else this is a checkout on the path
        loaded = [] if installed else ["-p", "emtheory.conform.plugin"]
        command = [sys.executable, "-m", "pytest", "-q", *loaded, "-p", "no:cacheprovider"]
        done = subprocess.run(
            [*command, *words, "test_inner.py"], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout

    return execute


def test_the_fixture_draws_by_the_seed(inner):
    text = """
        from emtheory.conform.plugin import assert_circuit

        def test_it(circuit, request):
            assert_circuit(circuit.W, circuit.U, circuit.R, circuit.C)
            print("drawn", circuit.W.tolist(), request.config.getoption("--emtheory-seed"))
    """
    first, again, other = (inner(text, "-s", "--emtheory-seed", seed) for seed in ("1", "1", "2"))
    assert first[0] == again[0] == other[0] == 0

    def drawn_matrix(out):
        return next(line for line in out.splitlines() if "drawn" in line)

    assert drawn_matrix(first[1]) == drawn_matrix(again[1]) != drawn_matrix(other[1])


def test_unused_it_imports_nothing_but_itself(inner):
    text = """
        import sys

        def test_it():
            heavy = {"numpy", "scipy", "flint", "hypothesis.strategies", "emtheory.conform.running"}
            assert not heavy & set(sys.modules)
    """
    assert inner(text, "-p", "no:hypothesispytest")[0] == 0
