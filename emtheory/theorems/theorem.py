"""The form of a theorem file: one frozen record that ties statement, proof and evidence together.

A file holds a docstring (its first line is the title, the rest the statement and the idea of the proof), functions,
and `THEOREM = Theorem(…)`. Hypotheses, conclusions and numeric functions take the entries of a *case*, which is a
tuple, and return a `Verdict`; the first line of their docstring is their sentence in reports. A printed claim that is
wrong has a file of its own with `ERRATUM = Erratum(…)`.

    def reads_back(xi, dual):
        \"\"\"Dual Xi is the identity.\"\"\"
        return exactly(dual @ xi, eye(xi.shape[1]))

    THEOREM = Theorem(
        hypotheses={reads_back: (matrix([[2]]), matrix([[1]]))},   # this case breaks it, and the conclusion with it
        derivation=derivation,                                     # yields (sentence, claim) for all sizes
        meaning=lambda xi, dual: {Xi: xi, Dual: dual},             # what the letters of the derivation stand for
        conclusions=(spectrum_kept,),
        examples={"two memories": (XI, left_inverse(XI))},
        cases=st.tuples(...),                                      # searched; every case satisfies the hypotheses
    )
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from emtheory.verdict import Verdict

__all__ = ["Case", "Check", "Erratum", "Theorem", "sentence"]

Case = tuple[Any, ...]
Check = Callable[..., Verdict]
Derivation = Callable[[], Iterable[tuple[str, Any]]]


def sentence(function: Callable[..., Any]) -> str:
    """The first line of the function's docstring, which is its sentence in reports.

    >>> def spectrum_kept(xi): "W and Phi have one spectrum."
    >>> sentence(spectrum_kept)
    'W and Phi have one spectrum.'

    Raises:
        ValueError: there is no docstring.
    """
    text = inspect.getdoc(function)
    if not text or not text.strip():
        raise ValueError(f"the function {function.__name__} has no docstring; its first line is printed in reports")
    return text.strip().splitlines()[0].strip()


@dataclass(frozen=True, eq=False, kw_only=True)
class Theorem:
    """Hypotheses ⟹ conclusions, with a derivation, examples, a search and what breaks without each hypothesis.

    Arguments:
        hypotheses: each with a case that breaks it *alone* and refutes a conclusion, or None: not shown necessary.
        derivation: yields (sentence, claim) for the symbolic judge; None leaves the theorem to what is checked exactly.
        meaning: maps a case to the values of the derivation's letters, sizes and scalars.
        conclusions: what holds, decided exactly on each case.
        numeric: the same against floating-point constructions, within derived error bounds.
        examples: named cases.
        cases: a hypothesis strategy of cases that satisfy the hypotheses.
        uses: names of the theorems that the derivation builds on.
        source: where the statement is printed.

    Raises:
        ValueError: a part is missing or of the wrong form; the message names it.
    """

    conclusions: tuple[Check, ...]
    examples: Mapping[str, Case]
    cases: Any
    hypotheses: Mapping[Check, Case | None] = field(default_factory=dict)
    derivation: Derivation | None = None
    meaning: Callable[..., Mapping[Any, Any]] | None = None
    numeric: tuple[Check, ...] = ()
    uses: tuple[str, ...] = ()
    source: str = ""

    def __post_init__(self) -> None:
        _functions("conclusions", self.conclusions)
        _functions("numeric", self.numeric, empty=True)
        breaking = _mapping("hypotheses", self.hypotheses)
        _functions("hypotheses", tuple(breaking))
        object.__setattr__(self, "hypotheses", breaking)
        object.__setattr__(self, "examples", _examples(self.examples))
        _strategy(self.cases)
        if (self.derivation is None) != (self.meaning is None):
            raise ValueError("derivation and meaning belong together: give both, or neither")
        for part in ("derivation", "meaning"):
            if getattr(self, part) is not None and not callable(getattr(self, part)):
                raise ValueError(f"{part} must be a function, got {getattr(self, part)!r}")
        if not isinstance(self.uses, tuple) or not all(isinstance(name, str) for name in self.uses):
            raise ValueError(f"uses must be a tuple of theorem names, got {self.uses!r}")
        if not isinstance(self.source, str):
            raise ValueError(f"source must be a string, got {self.source!r}")
        broken = {f"the breaking case of {h.__name__}": case for h, case in breaking.items() if case is not None}
        _fit((*breaking, *self.conclusions, *self.numeric), {**_named(self.examples), **broken})


@dataclass(frozen=True, eq=False, kw_only=True)
class Erratum:
    """A printed claim that fails on an exact counterexample, with the corrected form.

    Arguments:
        number: its place in the list of errata.
        printed, why, corrected: the claim as printed, why it fails, and the right form, in words.
        claim: the printed claim; it must be REFUTED on the counterexample.
        counterexample: a case.
        correction: the right form; it must be PROVED on the examples and on every searched case.
        examples, cases: as in `Theorem`.
        theorem: the name of the theorem that proves the right form, if there is one.
        source: where the claim is printed.

    Raises:
        ValueError: a part is missing or of the wrong form; the message names it.
    """

    number: int
    printed: str
    why: str
    corrected: str
    claim: Check
    counterexample: Case
    correction: Check
    examples: Mapping[str, Case]
    cases: Any
    theorem: str | None = None
    source: str = ""

    def __post_init__(self) -> None:
        if not isinstance(self.number, int) or self.number < 1:
            raise ValueError(f"number must be a positive integer, got {self.number!r}")
        for part in ("printed", "why", "corrected"):
            if not isinstance(getattr(self, part), str) or not getattr(self, part).strip():
                raise ValueError(f"{part} must be a sentence, got {getattr(self, part)!r}")
        _functions("claim", (self.claim,))
        _functions("correction", (self.correction,))
        object.__setattr__(self, "examples", _examples(self.examples))
        _strategy(self.cases)
        if not isinstance(self.counterexample, tuple):
            raise ValueError(f"counterexample must be a tuple, got {type(self.counterexample).__name__}")
        _fit((self.claim,), {"the counterexample": self.counterexample})
        _fit((self.correction,), _named(self.examples))
        if self.theorem is not None and not isinstance(self.theorem, str):
            raise ValueError(f"theorem must be a name or None, got {self.theorem!r}")

    @property
    def uses(self) -> tuple[str, ...]:
        """The theorem that proves the right form, if there is one."""
        return () if self.theorem is None else (self.theorem,)


def _functions(part: str, functions: Any, *, empty: bool = False) -> None:
    if not isinstance(functions, tuple):
        raise ValueError(f"{part} must be a tuple of functions, got {type(functions).__name__}")
    if not functions and not empty and part != "hypotheses":
        raise ValueError(f"{part} is empty; a theorem needs at least one")
    for function in functions:
        if not inspect.isfunction(function):
            raise ValueError(f"{part} must hold functions, got {function!r}")
        sentence(function)


def _mapping(part: str, value: Any) -> Mapping[Any, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(f"{part} must be a mapping, got {type(value).__name__}")
    for key, case in value.items():
        if case is not None and not isinstance(case, tuple):
            name = getattr(key, "__name__", key)
            raise ValueError(f"the case of {name!r} in {part} must be a tuple, got {type(case).__name__}")
    return MappingProxyType(dict(value))


def _examples(value: Any) -> Mapping[str, Case]:
    examples = _mapping("examples", value)
    if not examples:
        raise ValueError("examples is empty; a theorem needs at least one")
    for name, case in examples.items():
        if not isinstance(name, str) or not name.strip():
            raise ValueError(f"examples need names, got {name!r}")
        if case is None:
            raise ValueError(f"the example {name!r} is None; it must be a tuple")
    return examples


def _named(examples: Mapping[str, Case]) -> dict[str, Case]:
    return {f"the example {name!r}": case for name, case in examples.items()}


def _strategy(value: Any) -> None:
    from hypothesis.strategies import SearchStrategy

    if not isinstance(value, SearchStrategy):
        raise ValueError(f"cases must be a hypothesis strategy of tuples, got {type(value).__name__}")


def _fit(functions: tuple[Check, ...], cases: Mapping[str, Case]) -> None:
    """Every function can be called with every case."""
    for function in functions:
        signature = inspect.signature(function)
        for name, case in cases.items():
            try:
                signature.bind(*case)
            except TypeError as error:
                takes, has = len(signature.parameters), len(case)
                raise ValueError(f"{function.__name__} takes {takes} arguments, {name} has {has}") from error
