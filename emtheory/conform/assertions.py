"""What the assertions of the pytest plugin compare, and how far right data can be off.

An array is known to the rounding of its own type: |δa| ≤ u|a|, u = ε/2, with ε = 2⁻⁷ for bfloat16, 2⁻¹⁰ for float16,
2⁻²³ for float32 and 2⁻⁵² otherwise. What was computed was computed in single precision at least, so factorisations add
`backward(n, ε')` with ε' = min(ε, 2⁻²³). A bound passes nothing unless it is below half of what it compares: then what
was got is nearer to what was expected than to zero, or to twice as much. Otherwise the answer is `UndecidedError`.

Two bounds are derived where the way of the computation matters. The wide one holds for all ways: what is beyond it is
wrong. The sharp one holds for arrays computed in double precision, then rounded, by a method that leaves its residual
on the side that is compared: what is within it is right, even where the wide one says nothing.

References: `emtheory.conform.bounds`; L. Elsner, Linear Algebra Appl. 71 (1985), for defective matrices.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from emtheory.conform.bounds import backward, gamma
from emtheory.conform.trial import UndecidedError, code, plain
from emtheory.judges.floats import eigenvalue_discs
from emtheory.system.array_types import Array
from emtheory.theory.matching import spectrum_distance

if TYPE_CHECKING:
    from emtheory.conform.truth import CircuitTruth

__all__ = ["Given", "UndecidedError", "circuit", "close", "dual", "given", "recovers", "same_spectrum", "similar"]


_SPACINGS = {"bfloat16": 2.0**-7, "float16": 2.0**-10, "float32": 2.0**-23, "complex64": 2.0**-23}
_SINGLE, _DOUBLE = 2.0**-23, 2.0**-52


@dataclass(frozen=True, eq=False)
class Given:
    """An argument of an assertion.

    Attributes:
        name: as it is called in messages.
        value: in double precision, complex if it was.
        eps: the spacing at 1 of the type that it came in.
        code: Python code that gives it back.
    """

    name: str
    value: Array
    eps: float
    code: str

    @property
    def unit(self) -> float:
        """The relative error of each entry by rounding, u."""
        return self.eps / 2


def given(name: str, argument: Any, *, ndim: int | None = None) -> Given:
    """The argument in double precision, with the precision that it came in; torch tensors are detached.

    Raises:
        AssertionError: no numbers, numbers that are not finite, or another number of dimensions.

    >>> given("W", np.eye(2, dtype=np.float16)).eps == 2.0**-10
    True
    """
    array = plain(argument)
    eps = _SPACINGS.get(str(getattr(argument, "dtype", "")).rpartition(".")[2], _DOUBLE)
    if array.dtype.kind not in "fiucb":
        raise AssertionError(f"{name} must be an array of numbers: got {type(argument).__name__}, expected numbers")
    value = array.astype(np.complex128 if np.iscomplexobj(array) else np.float64)
    if ndim is not None and value.ndim != ndim:
        raise AssertionError(f"{name} must have {ndim} dimensions: got shape {value.shape}, expected {ndim} sizes")
    if not np.isfinite(value).all():
        at = tuple(map(int, np.argwhere(~np.isfinite(value))[0]))
        raise AssertionError(f"{name} must be finite: got {value[at]} at {at}, expected a finite number")
    return Given(name, value, eps, code(array))


def close(
    got: Array,
    expected: Array,
    bounds: tuple[float, float],
    what: str,
    call: str,
    arguments: tuple[Given, ...],
    *,
    scale: float = 0.0,
) -> None:
    """‖got − expected‖ ≤ bound < ½ ‖expected‖, in the Frobenius norm, for one of two bounds.

    Arguments:
        bounds: the sharp and the wide one.
        scale: stands for ‖expected‖ where that is 0; ‖got‖ if it is 0 too.

    Raises:
        AssertionError: the difference is larger than the bound. UndecidedError: the bound is not below the half.
    """
    gaps = np.abs(got - expected)
    sharp, wide = bounds
    bound = sharp if norm(gaps) <= sharp else wide
    away, compared = norm(gaps), norm(expected) or scale or norm(got)
    tail = f"; call: {call}({', '.join(argument.code for argument in arguments)})"
    if not away <= bound:
        at = tuple(map(int, np.unravel_index(int(gaps.argmax()), gaps.shape)))
        raise AssertionError(
            f"{what} at {at}: got {got[at]}, expected {expected[at]}; the difference has norm {away:.3g}, "
            f"bound {bound:.3g}{tail}"
        )
    if compared and not bound < compared / 2:
        raise UndecidedError(
            f"cannot tell whether {what} is right: got a difference of norm {away:.3g}, expected at most the bound "
            f"{bound:.3g}, but the bound must be below {compared / 2:.3g}, half of what is compared; give arrays of "
            f"higher precision, or better conditioned ones{tail}"
        )


def norm(array: Array) -> float:
    """‖A‖_F."""
    return float(np.linalg.norm(array))


def _spread(left: Given, right: Given) -> float:
    """‖δ(AB)‖ by the rounding of the entries of A and B: (u_A + u_B + u_A u_B) ‖|A||B|‖."""
    units = left.unit + right.unit + left.unit * right.unit
    return units * norm(np.abs(left.value) @ np.abs(right.value))


def _computed(*arguments: Given) -> float:
    """The relative backward error of a factorisation of the largest, in the least precision, single at the worst."""
    size = max(1, *(max(argument.value.shape, default=1) for argument in arguments))
    return backward(size, min(_SINGLE, max(argument.eps for argument in arguments)))


def _condition(basis: Given, needed: str, call: str, arguments: tuple[Given, ...]) -> float:
    """κ₂ of the basis.

    Raises:
        AssertionError: its columns are dependent, or within rounding of that.
    """
    rows, columns = basis.value.shape
    condition = float(np.linalg.cond(basis.value)) if rows >= columns and basis.value.any() else np.inf
    blurred = _computed(basis) + basis.unit * np.sqrt(columns)  # ‖δΞ‖₂ ≤ u‖Ξ‖_F ≤ u√m‖Ξ‖₂
    if not condition * blurred < 1:
        raise AssertionError(
            f"{basis.name} must {needed}: got the condition number {condition:.3g}, expected less than the bound "
            f"{1 / blurred:.3g}; call: {call}({', '.join(argument.code for argument in arguments)})"
        )
    return condition


def _fits(call: str, arguments: tuple[Given, ...], shapes: tuple[tuple[int, ...], ...]) -> None:
    for argument, shape in zip(arguments, shapes, strict=True):
        if argument.value.shape != shape:
            raise AssertionError(
                f"{argument.name} must fit the other arguments: got shape {argument.value.shape}, expected {shape}; "
                f"call: {call}({', '.join(argument.code for argument in arguments)})"
            )


def _read(reader: Given, written: Given, what: str, call: str, arguments: tuple[Given, ...]) -> None:
    """reader · written = I to 2 backward(n)‖D‖‖Ψ‖, times ‖D‖₂‖Ψ‖₂ at the worst, and the rounding of the entries.

    DΨ = I gives ‖D‖₂‖Ψ‖₂ ≥ κ(Ψ). A D from solves column by column has the residual ΨD − I = R with ‖R‖ ≤ backward
    ‖Ψ‖‖D‖, hence DΨ − I = Ψ⁺RΨ, which costs another κ.
    """
    D, psi = reader.value, written.value
    condition = float(np.linalg.norm(D, 2) * np.linalg.norm(psi, 2)) if D.size else 0.0
    reach, spread = 2 * norm(D) * norm(psi), _spread(reader, written)
    sharp = backward(max(D.shape), _DOUBLE) * reach + spread
    wide = _computed(reader, written) * condition * reach + spread
    close(D @ psi, np.eye(len(D)), (sharp, wide), what, call, arguments)


def dual(Psi: Any, left: Any) -> None:
    """See `emtheory.conform.plugin.assert_dual`."""
    psi, reader = arguments = given("Psi", Psi, ndim=2), given("dual", left, ndim=2)
    _fits("assert_dual", (reader,), (psi.value.shape[::-1],))
    _read(reader, psi, "dual Psi", "assert_dual", arguments)


def circuit(W: Any, U: Any, R: Any, C: Any) -> None:
    """See `emtheory.conform.plugin.assert_circuit`."""
    from emtheory.conform.truth import operator
    from emtheory.recovery.deflated import memories

    named = zip(("W", "U", "R", "C"), (W, U, R, C), (2, 2, 2, 3), strict=True)
    w, u, r, c = arguments = tuple(given(name, value, ndim=ndim) for name, value, ndim in named)
    call, (n, kappa), s = "assert_circuit", u.value.shape, len(c.value)
    _fits(call, arguments, ((n, n), (n, kappa), (kappa, n), (s, kappa, kappa)))
    if not u.value.size or not s:
        raise AssertionError(f"a circuit must have memories: got U of shape {(n, kappa)} and {s} blocks, expected some")
    _read(r, u, "R U", call, arguments)
    psi, Phi = np.hstack(memories(w.value, u.value, r.value, s)), operator(c.value)
    eps = max(argument.eps for argument in arguments)
    basis = Given("Psi", psi, eps, "")
    condition = _condition(basis, "have independent columns", call, arguments)
    # what rounding does to Ψ, WΨ and ΨΦ grows like the same with moduli in place of entries
    largest, moduli = _grown(w.value, u.value, r.value, s), (np.abs(w.value), np.abs(Phi))
    stored = gamma(3 * s + 3, eps) * norm(moduli[0] @ largest + largest @ moduli[1])
    reach = s * norm(largest) * (norm(w.value) + norm(Phi))
    bounds = backward(n, _DOUBLE) * reach + stored, _computed(*arguments) * condition * reach + stored
    scale = norm(w.value) * norm(psi)
    close(w.value @ psi, psi @ Phi, bounds, "W Psi against Psi Phi", call, arguments, scale=scale)


def _grown(W: Array, U: Array, R: Array, s: int) -> Array:
    """[M^{s−1}|U|, …, |U|] with M = |W| + |U||R||W|, n × sκ: what bounds |Ψ| and its rounding errors."""
    M = np.abs(W) + np.abs(U) @ (np.abs(R) @ np.abs(W))
    found = [np.abs(U)]
    for _ in range(s - 1):
        found.append(M @ found[-1])
    return np.hstack(found[::-1])


def similar(W: Any, Phi: Any, Xi: Any) -> None:
    """See `emtheory.conform.plugin.assert_similar`."""
    named = zip(("W", "Phi", "Xi"), (W, Phi, Xi), strict=True)
    w, phi, xi = arguments = tuple(given(name, value, ndim=2) for name, value in named)
    call, n = "assert_similar", len(xi.value)
    _fits(call, arguments, ((n, n), (n, n), (n, n)))
    condition = _condition(xi, "be invertible", call, arguments)
    reach, spread = norm(xi.value) * (norm(phi.value) + norm(w.value)), _spread(w, xi) + _spread(xi, phi)
    bounds = backward(n, _DOUBLE) * reach + spread, _computed(*arguments) * condition * reach + spread
    close(w.value @ xi.value, xi.value @ phi.value, bounds, "W Xi against Xi Phi", call, arguments)


def recovers(recover: Callable[[Any, Any, Any], Any], circuit: CircuitTruth) -> None:
    """See `emtheory.conform.plugin.assert_recovers`."""
    from emtheory.conform.properties_recover_composition import composition_error

    named = zip(("W", "U", "R"), (circuit.W, circuit.U, circuit.R), strict=True)
    arguments, C = tuple(given(name, value) for name, value in named), circuit.C
    found = given("C", recover(*(argument.value.copy() for argument in arguments)))
    call = getattr(recover, "__name__", "recover")
    _fits(call, (found,), (C.shape,))
    bound = np.sqrt(C.size) * composition_error(circuit, min(_SINGLE, found.eps)) + found.unit * norm(C)
    reach = norm(np.abs(circuit.R) @ np.abs(circuit.W) @ np.abs(circuit.Psi))
    close(found.value, C, (bound, bound), "C", call, arguments, scale=reach)


def same_spectrum(got: Any, expected: Any, bound: float | None) -> None:
    """See `emtheory.conform.plugin.assert_same_spectrum`."""
    left, right = arguments = given("got", got), given("expected", expected)
    (values, slack), (others, more) = _eigenvalues(left), _eigenvalues(right)
    if len(values) != len(others):
        raise AssertionError(f"spectra differ: got {len(values)} eigenvalues, expected {len(others)}")
    if bound is not None and not bound >= 0:
        raise ValueError(f"a bound must be at least 0, but is {bound}; leave it out for the derived one")
    allowed = slack + more if bound is None else float(bound)
    call = f"call: assert_same_spectrum({left.code}, {right.code})"
    distance = spectrum_distance(values, others)
    if not distance <= allowed:
        raise AssertionError(
            f"spectra differ by {distance}: got {values.tolist()}, expected {others.tolist()}, bound {allowed:.3g}; "
            f"{call}"
        )
    if bound is None:
        _power_sums(*arguments, call)
    largest = float(max(np.abs(values).max(initial=0.0), np.abs(others).max(initial=0.0)))
    if largest and not allowed < largest / 2:
        raise UndecidedError(
            f"cannot tell whether the spectra are the same: got the distance {distance:.3g}, expected at most the "
            f"bound {allowed:.3g}, but the bound must be below {largest / 2:.3g}, half of the largest modulus; "
            f"give matrices of higher precision, or whose eigenvalues are less sensitive; {call}"
        )


def _eigenvalues(argument: Given) -> tuple[Array, float]:
    """The eigenvalues of a matrix, or those given, and how far they may be off, under the best matching."""
    array = argument.value
    if array.ndim == 1:
        return array, argument.unit * float(np.abs(array).max(initial=0.0))
    if array.ndim != 2 or array.shape[0] != array.shape[1]:
        raise AssertionError(
            f"{argument.name} must be a square matrix or a vector: got shape {array.shape}, expected (n, n) or (n,)"
        )
    n, stored = len(array), 0.0 if argument.eps == _DOUBLE else argument.unit
    discs = eigenvalue_discs((array, np.nextafter(stored * np.abs(array), np.inf)) if stored else array)
    if discs.refused is None:
        widest = np.zeros(len(discs.counts))
        np.maximum.at(widest, discs.components, discs.radii)
        # in a connected union of k discs no point is farther than 2k − 1 radii from a center
        return discs.centers, float(((2 * discs.counts - 1) * widest).max(initial=0.0))
    size = norm(array)
    error = (backward(n, _DOUBLE) + stored) * size
    return np.linalg.eigvals(array), 4 * (2 * size + error) ** (1 - 1 / n) * error ** (1 / n)


def _power_sums(left: Given, right: Given, call: str) -> None:
    """Σλᵏ = tr Aᵏ for k ≤ n, which roundings move little where they move the eigenvalues of a defective A far.

    Raises:
        AssertionError: two sums differ by more than rounding, γ tr|A|ᵏ.
    """
    for k, ((got, blur), (expected, more)) in enumerate(zip(_sums(left), _sums(right), strict=True), start=1):
        if np.isfinite(blur + more) and not abs(got - expected) <= blur + more:
            raise AssertionError(
                f"spectra differ in the sum of the powers {k} of the eigenvalues: got {got}, expected {expected}, "
                f"bound {blur + more:.3g}; {call}"
            )


def _sums(argument: Given) -> list[tuple[Any, float]]:
    """(Σλᵏ, its error) for k = 1 … n: k roundings of an entry, and k products of n complex terms in double."""
    matrix = argument.value if argument.value.ndim == 2 else np.diag(argument.value)
    n, found = len(matrix), []
    power, reach = np.eye(n), np.eye(n)
    with np.errstate(all="ignore"):
        for k in range(1, n + 1):
            power, reach = power @ matrix, reach @ np.abs(matrix)
            relative = gamma(k, argument.eps) + gamma(4 * n * (k + 1), _DOUBLE)
            found.append((np.trace(power), 2 * relative * float(np.trace(reach))))
    return found
