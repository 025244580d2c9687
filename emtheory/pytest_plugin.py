"""A pytest plugin, installed with the package: assertions with derived bounds, ground truth, and a seed.

`assert_same_spectrum`, `assert_dual`, `assert_circuit`, `assert_similar`, `assert_recovers` are imported from here; the
fixture `circuit` and the option `--emtheory-seed` are there without an import. A failure says what was got, what was
expected, the bound and the call. Nothing but pytest is imported until something is used.
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

    Arguments:
        got, expected: n × n matrices, or vectors of n eigenvalues. Give matrices where there are any: how well their
            eigenvalues can be computed is then in the bound, by proved discs, or for defective ones by Elsner's
            4(‖A‖ + ‖A + E‖)^{1−1/n}‖E‖^{1/n}. Vectors count as known to rounding.
        bound: the distance to allow, in place of that.

    Raises:
        AssertionError: they are not. ValueError: entries that are not finite, unequal numbers of eigenvalues.

    >>> import numpy as np
    >>> assert_same_spectrum(np.array([[0.0, 1.0], [1.0, 0.0]]), [-1.0, 1.0])
    """
    import numpy as np

    from emtheory.theory.matching import spectrum_distance

    (left, slack), (right, more) = _eigenvalues(got), _eigenvalues(expected)
    allowed = slack + more if bound is None else bound
    distance = spectrum_distance(left, right)
    if not distance <= allowed:
        arguments = ", ".join(map(_code, (np.asarray(got), np.asarray(expected))))
        raise AssertionError(
            f"spectra differ by {distance}: got {left.tolist()}, expected {right.tolist()}, bound {allowed:.3g}; "
            f"call: assert_same_spectrum({arguments})"
        )


def assert_dual(Psi: Any, dual: Any) -> None:
    """dual Ψ = I, to the rounding of a dual from a factorisation of Ψ: backward(n) κ(Ψ) ‖dual‖‖Ψ‖.

    Arguments:
        Psi, dual: n × m and m × n.

    Raises:
        AssertionError: it is not.

    >>> assert_dual([[1.0], [1.0]], [[0.25, 0.75]])
    """
    import numpy as np

    psi, left = np.asarray(Psi), np.asarray(dual)
    condition = float(np.linalg.cond(psi)) if psi.size else 1.0
    bound = 2 * _rounding(psi, left) * condition * _norm(left) * _norm(psi)
    _near(left @ psi, np.eye(psi.shape[1]), bound, "dual Psi", "assert_dual", psi, left)


def assert_circuit(W: Any, U: Any, R: Any, C: Any) -> None:
    """W, U, R are the circuit of C: RU = I and WΨ = ΨΦ_C with Ψ_j = ((I − UR)W)^{s−j}U.

    Arguments:
        W, U, R, C: n × n, n × κ, κ × n, s × κ × κ.

    Raises:
        AssertionError: they are not, by more than rounding with the condition of Ψ.

    >>> assert_circuit([[0.0, 1.0], [1.0, 0.0]], [[0.0], [1.0]], [[0.0, 1.0]], [[[1.0]], [[0.0]]])
    """
    import numpy as np

    from emtheory.conform.bounds import memory_growth
    from emtheory.conform.truth import operator
    from emtheory.theory.recovery import memories

    given = tuple(np.asarray(x) for x in (W, U, R, C))
    w, u, r, c = (x.astype(np.float64) for x in given)
    rounding, call = _rounding(*given), "assert_circuit"
    _near(r @ u, np.eye(len(r)), rounding * _norm(r) * _norm(u), "R U", call, *given)
    psi, Phi = np.hstack(memories(w, u, r, len(c))), operator(c)
    condition = float(np.linalg.cond(psi))
    bound = (_norm(w) + _norm(Phi)) * len(c) * rounding * memory_growth(w, u, r, len(c)) * condition
    _near(w @ psi, psi @ Phi, bound, "W Psi against Psi Phi", call, *given)


def assert_similar(W: Any, Phi: Any, Xi: Any) -> None:
    """W = ΞΦΞ⁻¹: WΞ = ΞΦ to the rounding of that product, backward(n) κ(Ξ)‖Φ‖‖Ξ‖, and Ξ is invertible.

    Arguments:
        W, Phi, Xi: n × n each.

    Raises:
        AssertionError: it is not, or Ξ is singular to rounding.

    >>> assert_similar([[0.0, 2.0], [0.5, 0.0]], [[0.0, 1.0], [1.0, 0.0]], [[2.0, 0.0], [0.0, 1.0]])
    """
    import numpy as np

    w, Phi, Xi = given = tuple(np.asarray(x) for x in (W, Phi, Xi))
    condition, rounding = float(np.linalg.cond(Xi)), _rounding(*given)
    if not condition * rounding < 1:
        raise AssertionError(
            f"Xi must be invertible: got the condition number {condition:.3g}, expected less than {1 / rounding:.3g}; "
            f"call: assert_similar({', '.join(map(_code, given))})"
        )
    bound = rounding * condition * _norm(Xi) * (_norm(Phi) + _norm(w))
    _near(w @ Xi, Xi @ Phi, bound, "W Xi against Xi Phi", "assert_similar", *given)


def assert_recovers(recover: Callable[[Any, Any, Any], Any], circuit: CircuitTruth) -> None:
    """recover(W, U, R) is the circuit's composition C (s, κ, κ), within the bound of the property set.

    Raises:
        AssertionError: it is not.

    >>> from emtheory.conform import own, truth
    >>> assert_recovers(own.recover_composition, truth.circuit(0, 2, 1))
    """
    import numpy as np

    from emtheory.conform.properties_recover_composition import composition_error

    given = circuit.W, circuit.U, circuit.R
    bound = composition_error(circuit, float(np.finfo(np.float64).eps))
    got = recover(*(x.copy() for x in given))
    _near(got, circuit.C, bound, "C", getattr(recover, "__name__", "recover"), *given)


def _eigenvalues(value: Any) -> tuple[Any, float]:
    """The eigenvalues of a matrix, or those given, and how far they may be off."""
    import numpy as np

    from emtheory.judges.floats import eigenvalue_discs

    array = np.asarray(value)
    if array.ndim != 2:
        return array, _rounding(array) * float(np.abs(array).max(initial=0.0))
    if array.dtype.kind in "iu":
        array = array.astype(np.float64)
    n, discs = len(array), eigenvalue_discs(array)
    if discs.refused is None:
        return discs.centers, (2 * n - 1) * float(discs.radii.max(initial=0.0))
    norm, error = _norm(array), _rounding(array) * _norm(array)
    return np.linalg.eigvals(array), 4 * (2 * norm + error) ** (1 - 1 / n) * error ** (1 / n)


def _rounding(*arrays: Any) -> float:
    """The relative backward error of a factorisation of the largest, in the least precision of them."""
    import numpy as np

    from emtheory.conform.bounds import backward

    eps = max(float(np.finfo(np.result_type(array, np.float32)).eps) for array in arrays)
    return backward(max(1, *(max(array.shape, default=1) for array in arrays)), eps)


def _norm(array: Any) -> float:
    import numpy as np

    return float(np.linalg.norm(array))


def _code(value: Any) -> str:
    from emtheory.conform.trial import code

    return code(value)


def _near(got: Any, expected: Any, bound: float, what: str, call: str, *arguments: Any) -> None:
    """The comparison of the property set, as an assertion."""
    import numpy as np

    from emtheory.conform.trial import Trial, ViolationError

    try:
        Trial({}, np.random.default_rng(0), 1).near(got, expected, bound, what)
    except ViolationError as error:
        raise AssertionError(f"{error}; call: {call}({', '.join(map(_code, arguments))})") from None
