"""A pytest plugin, installed with the package: assertions with derived bounds, ground truth, and a seed.

`assert_same_spectrum`, `assert_dual`, `assert_circuit`, `assert_similar`, `assert_recovers` are imported from here; the
fixture `circuit` and the option `--emtheory-seed` are there without an import. A failure says what was got, what was
expected, the bound and the call. A bound that is not below half of what it compares decides nothing: the assertion then
raises `emtheory.conform.trial.UndecidedError`, which says so. Nothing but pytest is imported until it is used.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from emtheory.conform.truth import CircuitTruth

__all__ = ["assert_circuit", "assert_dual", "assert_recovers", "assert_same_spectrum", "assert_similar", "circuit"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds --emtheory-seed."""
    parser.getgroup("emtheory").addoption(
        "--emtheory-seed", type=int, default=0, metavar="SEED", help="determines what the fixture circuit draws"
    )


@pytest.fixture
def circuit(request: pytest.FixtureRequest) -> CircuitTruth:
    """A `CircuitTruth` of 3 variables of dimension 2 and one unit more, from --emtheory-seed and the test's name.

    It has W, U, R, and what is true of them: C, Phi, Psi, dual, n, s, kappa, composition.eigenvalues.
    """
    import zlib

    from emtheory.conform.truth import circuit as drawn

    seed = request.config.getoption("--emtheory-seed")
    if seed < 0:
        raise pytest.UsageError(f"--emtheory-seed must be at least 0, but is {seed}; a seed is a natural number")
    return drawn([seed, zlib.crc32(request.node.name.encode())], 3, 2, hidden=1)


def assert_same_spectrum(got: Any, expected: Any, *, bound: float | None = None) -> None:
    """The eigenvalues are the same, as often as they occur: the best matching moves none by more than the bound.

    A matrix is known to the rounding of its type, |δA| ≤ u|A|. Proved discs around its eigenvalues bound how far they
    may be off: 2k − 1 radii in a connected union of k discs. A defective matrix has no discs and gets Elsner's bound
    4(2‖A‖ + ‖E‖)^{1−1/n}‖E‖^{1/n}, ‖E‖ = (backward(n) + u)‖A‖; the sums Σλᵏ = tr Aᵏ, k ≤ n, which are known far
    better, must agree as well. A vector is known to its rounding, u max|λ|.

    Arguments:
        got, expected: n × n matrices, or vectors of n eigenvalues. Give matrices where there are any.
        bound: the distance to allow, in place of that.

    Raises:
        AssertionError: they are not the same. UndecidedError: the bound is not below half of the largest modulus.
        ValueError: a negative bound.

    >>> import numpy as np
    >>> assert_same_spectrum(np.array([[0.0, 1.0], [1.0, 0.0]]), [-1.0, 1.0])
    """
    from emtheory.conform import assertions

    assertions.same_spectrum(got, expected, bound)


def assert_dual(Psi: Any, dual: Any) -> None:
    """‖dual Ψ − I‖ ≤ 2 backward(n) ‖dual‖₂‖Ψ‖₂ ‖dual‖‖Ψ‖ + (u + u')‖|dual||Ψ|‖: dual Ψ = I, to rounding.

    u and u' are the rounding of the two arrays. A dual that is solved for column by column has a residual
    backward(n)‖dual‖‖Ψ‖ on the other side, which the condition κ(Ψ) ≤ ‖dual‖₂‖Ψ‖₂ multiplies on this one. What is
    within the bound without that factor, in double precision, passes in any case.

    Arguments:
        Psi, dual: n × m and m × n.

    Raises:
        AssertionError: it is not. UndecidedError: the bound is not below ½‖I‖.

    >>> assert_dual([[1.0], [1.0]], [[0.25, 0.75]])
    """
    from emtheory.conform import assertions

    assertions.dual(Psi, dual)


def assert_circuit(W: Any, U: Any, R: Any, C: Any) -> None:
    """W, U, R are the circuit of C: RU = I and WΨ = ΨΦ_C with Ψ_j = ((I − UR)W)^{s−j}U independent.

    RU = I is held to the bound of `assert_dual`, and

    ‖WΨ − ΨΦ‖ ≤ s backward(n) κ(Ψ)‖G‖(‖W‖ + ‖Φ‖) + γ_{3s+3}‖|W|G + G|Φ|‖,  G = [M^{s−1}|U| … |U|],  M = |W| + |U||R||W|.

    G is what rounding grows with in the recursion; γ, in the arrays' own precision, is for their entries, the first
    term for what computed them: W = ΨΦΨ† costs κ(Ψ). What is within the bound without κ(Ψ), in double precision, passes
    in any case.

    Arguments:
        W, U, R, C: n × n, n × κ, κ × n, s × κ × κ; real or complex.

    Raises:
        AssertionError: they are not, or the columns of Ψ are dependent to rounding.
        UndecidedError: the bound is not below ½‖ΨΦ‖.

    >>> assert_circuit([[0.0, 1.0], [1.0, 0.0]], [[0.0], [1.0]], [[0.0, 1.0]], [[[1.0]], [[0.0]]])
    """
    from emtheory.conform import assertions

    assertions.circuit(W, U, R, C)


def assert_similar(W: Any, Phi: Any, Xi: Any) -> None:
    """W = ΞΦΞ⁻¹: Ξ is invertible, and ‖WΞ − ΞΦ‖ ≤ backward(n) κ(Ξ)‖Ξ‖(‖Φ‖ + ‖W‖) + 2u‖|W||Ξ|‖ + 2u‖|Ξ||Φ|‖.

    The first term is what computing W from Ξ and Φ costs, the others are the rounding of the arrays, in their types.
    What is within the bound without κ(Ξ), in double precision, passes in any case.

    Arguments:
        W, Phi, Xi: n × n each; real or complex.

    Raises:
        AssertionError: it is not, or Ξ is singular to rounding. UndecidedError: the bound is not below ½‖ΞΦ‖.

    >>> assert_similar([[0.0, 2.0], [0.5, 0.0]], [[0.0, 1.0], [1.0, 0.0]], [[2.0, 0.0], [0.0, 1.0]])
    """
    from emtheory.conform import assertions

    assertions.similar(W, Phi, Xi)


def assert_recovers(recover: Callable[[Any, Any, Any], Any], circuit: CircuitTruth) -> None:
    """recover(W, U, R) is the circuit's composition C (s, κ, κ), within the bound of the property set, √(sκ²) times
    that of an entry.

    Raises:
        AssertionError: it is not. UndecidedError: the bound is not below ½‖C‖, or for C = 0 ½‖|R||W||Ψ|‖.

    >>> from emtheory.conform import own, truth
    >>> assert_recovers(own.recover_composition, truth.circuit(0, 2, 1))
    """
    from emtheory.conform import assertions

    assertions.recovers(recover, circuit)
