"""A printed claim that is wrong: refuted by a smallest exact case, and the right form, which holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from emtheory.formulas.case import Case
from emtheory.formulas.formula import Definition, Statement
from emtheory.formulas.theorem import Theorem

__all__ = ["Erratum"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Erratum:
    """A printed claim that fails, beside its corrected form.

    Arguments:
        number: its place in the list of errata.
        printed, why, corrected: the claim as printed, why it fails, and the right form, in words.
        given, definitions: as of a theorem; the claim and its correction speak of the same letters.
        claim: the printed claim, which the counterexample refutes; or a function that builds it and raises ValueError,
            where what is printed has no meaning: its shapes do not fit.
        counterexample: a case; None for a claim without meaning.
        correction: the right form.
        hypotheses: under which the right form holds.
        proof: of the right form, as in a theorem.
        examples, cases: on which the right form is confirmed.
        theorem: the name of the theorem that has the right form, if there is one.
        source: where the claim is printed.

    Raises:
        ValueError: a part is missing or means nothing; the message names it.
    """

    number: int
    printed: str
    why: str
    corrected: str
    given: tuple[Any, ...]
    claim: Statement | Callable[[], Statement]
    correction: Statement
    examples: Mapping[str, Case]
    cases: Any
    counterexample: Case | None = None
    definitions: tuple[Definition, ...] = ()
    hypotheses: Mapping[Statement, Case | None] = field(default_factory=dict)
    proof: Callable[..., None] | None = None
    uses: tuple[Theorem, ...] = ()
    theorem: str | None = None
    source: str = ""

    def __post_init__(self) -> None:
        if not isinstance(self.number, int) or self.number < 1:
            raise ValueError(f"number must be a positive integer, got {self.number!r}")
        for part in ("printed", "why", "corrected"):
            if not isinstance(getattr(self, part), str) or not getattr(self, part).strip():
                raise ValueError(f"{part} must be a sentence, got {getattr(self, part)!r}")
        if self.is_meaningless == (self.counterexample is not None):
            raise ValueError("a claim with a meaning needs a counterexample, and one without has none")
        if not self.is_meaningless:
            self.right.must_mean(self.claim)  # type: ignore[arg-type]

    @property
    def is_meaningless(self) -> bool:
        """Whether what is printed cannot even be written down."""
        return callable(self.claim)

    @cached_property
    def right(self) -> Theorem:
        """The corrected form as a theorem."""
        return Theorem(
            given=self.given,
            hypotheses=self.hypotheses,
            conclusions=(self.correction,),
            definitions=self.definitions,
            examples=self.examples,
            cases=self.cases,
            proof=self.proof,
            uses=self.uses,
            source=self.source,
        )
