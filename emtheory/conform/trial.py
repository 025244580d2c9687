"""One trial of one property: it draws a case, calls the target with copies, and compares what comes back with bounds.

A property is a function of a `Trial`; `Claims` collects those of one target function. All calls are recorded as code
that can be pasted. Answers are judged against derived bounds only; a crash is a violation, `NotImplementedError` is
"not covered".
"""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

import numpy as np

from emtheory.theorems.search import CRASHES

__all__ = ["Claims", "NotCoveredError", "Property", "Trial", "UndecidedError", "ViolationError", "code", "plain"]

Functions = Mapping[str, Callable[..., Any]]
_SHOWN = 80  # characters of a value in a message
_ERROR = 240  # and of an error that the target raised, whose last words count too


class ViolationError(Exception):
    """The target's answer contradicts the property; the message says got, expected and bound."""


class NotCoveredError(Exception):
    """The target does not treat this case."""


class UndecidedError(Exception):
    """Cannot tell: the bound on the error of right data is not below half of what is compared."""


@dataclass(eq=False)
class Trial:
    """What a property works with.

    Attributes:
        functions: the target's, by name.
        rng: the case is drawn from it.
        size: from 1, how large the case may be.
        dtype: float64 or float32, what the target is given.
        calls: code of the calls made so far.
        worst: the largest ratio of an error to its bound so far.
    """

    functions: Functions
    rng: np.random.Generator
    size: int
    dtype: Any = np.float64
    calls: list[str] = field(default_factory=list)
    worst: float = 0.0

    @property
    def eps(self) -> float:
        """The spacing of floats at 1."""
        return float(np.finfo(self.dtype).eps)

    def upto(self, most: int) -> int:
        """A size from 1 to most, or to the trial's size if that is less."""
        return int(self.rng.integers(1, min(most, self.size) + 1))

    def cast(self, value: Any) -> Any:
        """A copy in the trial's precision; dicts entry by entry, other things than float arrays as they are."""
        if isinstance(value, dict):
            return {key: self.cast(entry) for key, entry in value.items()}
        if isinstance(value, np.ndarray):
            return value.astype(np.result_type(self.dtype, np.complex64) if np.iscomplexobj(value) else self.dtype)
        return copy.copy(value)

    def rounded(self, value: Any) -> Any:
        """The value that the target is really given, in double precision."""
        cast = self.cast(np.asarray(value))
        return cast.astype(np.complex128 if np.iscomplexobj(cast) else np.float64)

    def call(self, function: str, *arguments: Any) -> Any:
        """The target's answer to copies of the arguments.

        Raises:
            NotCoveredError: it raised NotImplementedError. ViolationError: it raised anything else.
        """
        return self.call_with(function, [self.cast(argument) for argument in arguments])

    def call_with(self, function: str, given: list[Any]) -> Any:
        """The target's answer to these very objects; see `call`."""
        try:
            return self._called(function, given)
        except NotCoveredError:
            raise
        except CRASHES as error:
            self.fail(f"{function}: got {type(error).__name__}: {_ends(str(error))}, expected an answer")

    def refuses(self, function: str, *arguments: Any, why: str) -> None:
        """ValueError is the documented answer.

        Raises:
            ViolationError: the target answered, or raised something else.
        """
        try:
            answer = self._called(function, [self.cast(argument) for argument in arguments])
        except ValueError:
            return
        except NotCoveredError:
            raise
        except CRASHES as error:
            self.fail(f"got {type(error).__name__}: {_ends(str(error))}, expected ValueError, as {why}")
        self.fail(f"got {_clipped(repr(answer))}, expected ValueError, as {why}")

    def _called(self, function: str, given: list[Any]) -> Any:
        self.calls.append(f"target.{function}({', '.join(code(argument) for argument in given)})")
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            try:
                return self.functions[function](*given)
            except NotImplementedError as error:
                raise NotCoveredError(f"{function} raised NotImplementedError {error}") from error

    def near(self, got: Any, expected: Any, bound: Any, what: str) -> None:
        """|got − expected| ≤ bound, entry by entry, where the bound is below half of the largest |expected|.

        Raises:
            ViolationError: it is not, or got has another shape or is no array of numbers.
            UndecidedError: the bound is too wide to tell; for expected = 0 every bound tells.
        """
        wanted = np.asarray(expected)
        numbers = self.numbers(got, wanted.shape, what)
        with np.errstate(all="ignore"):
            gaps = np.asarray(np.abs(numbers - wanted), dtype=np.float64)
            limits = np.broadcast_to(np.asarray(bound, dtype=np.float64), gaps.shape)
            ratios = np.where(gaps <= 0, 0.0, gaps / limits)
        ratios = np.where(np.isnan(ratios) | (np.isinf(gaps)), np.inf, ratios)
        if not ratios.size:
            return
        at = np.unravel_index(int(ratios.argmax()), ratios.shape)
        if not ratios[at] <= 1:
            self.worst = max(self.worst, float(ratios[at]))
            place = f" at {tuple(map(int, at))}" if at else ""
            self.fail(f"{what}{place}: {_compared(numbers[at], wanted[at])}, bound {limits[at]:.3g}")
        half = float(np.abs(wanted).max()) / 2
        if half and not float(limits.max()) < half:
            raise UndecidedError(f"{what}: the bound {limits.max():.3g} must be below {half:.3g}, half of the answer")
        self.worst = max(self.worst, float(ratios[at]))

    def numbers(self, got: Any, shape: tuple[int, ...], what: str) -> np.ndarray[Any, Any]:
        """got as a double precision array.

        Raises:
            ViolationError: another shape, or no numbers.
        """
        array = plain(got)
        if array.shape != shape or array.dtype.kind not in "fiuc":
            self.fail(
                f"{what}: got {_clipped(repr(got))} of shape {array.shape}, expected numbers of shape {tuple(shape)}"
            )
        return array.astype(np.complex128 if np.iscomplexobj(array) else np.float64)

    def scalar(self, got: Any, what: str) -> float:
        """got as a real number.

        Raises:
            ViolationError: it is none.
        """
        number = self.numbers(got, (), what)
        if np.iscomplexobj(number):
            self.fail(f"{what}: got {number}, expected a real number")
        return float(number)

    def at_most(self, got: Any, most: float, bound: float, what: str) -> None:
        """got ≤ most + bound.

        Raises:
            ViolationError: it is not.
        """
        excess = self.scalar(got, what) - most
        self.worst = max(self.worst, 0.0 if excess <= 0 else excess / bound if bound else np.inf)
        if not excess <= bound:
            self.fail(f"{what}: got {got}, expected at most {most}, bound {bound:.3g}")

    def holds(self, condition: bool, got: Any, expected: str, what: str) -> None:
        """A condition that knows no degrees.

        Raises:
            ViolationError: it is false.
        """
        if not condition:
            self.fail(f"{what}: got {_clipped(repr(got))}, expected {expected}")

    def fail(self, message: str) -> NoReturn:
        """Raises ViolationError; the ratio is infinite where no comparison with a bound set one."""
        if self.worst <= 1:
            self.worst = np.inf
        raise ViolationError(message)


@dataclass(frozen=True)
class Property:
    """A property of one target function; its sentence is the docstring of the check."""

    function: str
    name: str
    check: Callable[[Trial], None]
    sentence: str

    @property
    def id(self) -> str:
        """FUNCTION.NAME, as in reports and ledgers."""
        return f"{self.function}.{self.name}"


class Claims:
    """The properties of one target function, in order.

    `sample` draws arguments for it. From that follow: determinism, no change of arguments; and, from the
    other properties, that they hold in float32.

    >>> claims = Claims("is_stable", lambda trial: (np.eye(1) / 2,))
    >>> [claim.name for claim in claims.all()]
    ['deterministic', 'arguments-unchanged', 'float32']
    """

    def __init__(self, function: str, sample: Callable[[Trial], tuple[Any, ...]]) -> None:
        self.function, self.sample = function, sample
        self.own: list[Property] = []

    def __call__(self, check: Callable[[Trial], None]) -> Callable[[Trial], None]:
        """Register a check under its name, with dashes."""
        sentence = " ".join((check.__doc__ or "").split())
        self.own.append(Property(self.function, check.__name__.replace("_", "-"), check, sentence))
        return check

    def all(self) -> list[Property]:
        """The function's own properties, then those that every function has."""
        common = [
            ("deterministic", self._deterministic, "The same arguments give the same answer."),
            ("arguments-unchanged", self._unchanged, "The arguments are as they were."),
            ("float32", self._float32, "What holds in float64 holds in float32, to its rounding."),
        ]
        return [*self.own, *(Property(self.function, name, check, text) for name, check, text in common)]

    def _deterministic(self, trial: Trial) -> None:
        given = self.sample(trial)
        first, second = (trial.call(self.function, *given) for _ in range(2))
        trial.holds(_same(first, second), second, f"{_clipped(repr(first))} as in the first call", "second answer")

    def _unchanged(self, trial: Trial) -> None:
        given = [trial.cast(argument) for argument in self.sample(trial)]
        before = copy.deepcopy(given)
        trial.call_with(self.function, given)
        trial.holds(_same(before, given), given, _clipped(repr(before)), "arguments after the call")

    def _float32(self, trial: Trial) -> None:
        trial.dtype, treated = np.float32, 0
        for claim in self.own:
            trial.calls.clear()
            try:
                claim.check(trial)
            except (NotCoveredError, UndecidedError):
                continue  # and not covered in float64 either, which is reported there; or the case cannot tell
            except ViolationError as error:
                raise ViolationError(f"{claim.name}: {error}") from error
            treated += 1
        if not treated:
            raise NotCoveredError("float32 is not covered, or the bounds are too wide to tell")


def _same(a: Any, b: Any) -> bool:
    """Equal, with NaN equal to NaN: what is wrong with NaN is not that it differs from itself."""
    if isinstance(a, dict):
        return isinstance(b, dict) and a.keys() == b.keys() and all(_same(a[key], b[key]) for key in a)
    if isinstance(a, (list, tuple)):
        return isinstance(b, (list, tuple)) and len(a) == len(b) and all(map(_same, a, b))
    x, y = plain(a), plain(b)
    return x.dtype == y.dtype and np.array_equal(x, y, equal_nan=x.dtype.kind in "fc")


def plain(value: Any) -> np.ndarray[Any, Any]:
    """The value as a numpy array; of a tensor that records gradients, or has a type that numpy lacks, its numbers.

    What is no array comes as an empty one of objects.

    >>> plain([1, 2]).tolist()
    [1, 2]
    """
    try:
        if not hasattr(value, "detach"):
            return np.asarray(value)
        bare = value.detach().cpu()
        return np.asarray((bare.float() if str(bare.dtype).endswith("bfloat16") else bare).resolve_conj().resolve_neg())
    except CRASHES:  # somebody else's conversion may raise anything; nested lists of unequal lengths are no array
        return np.empty(0, dtype=object)


def code(value: Any) -> str:
    """Python code that gives the value back, exactly.

    >>> code(np.array([0.1]))
    'np.array([0.1])'
    """
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {code(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, np.ndarray):
        plain = value.dtype in (np.float64, np.complex128) and value.size
        return f"np.array({value.tolist()!r}{'' if plain else f', dtype=np.{value.dtype}'})"
    return repr(value)


def _compared(got: Any, expected: Any) -> str:
    return "got nan, which is no number" if np.isnan(got) and np.isnan(expected) else f"got {got}, expected {expected}"


def _clipped(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


def _ends(text: str) -> str:
    """Both ends of the words of an error: what it is about, and what it comes to."""
    line = " ".join(text.split())
    return line if len(line) <= _ERROR else f"{line[: _ERROR // 2]} … {line[-_ERROR // 2 :]}"
