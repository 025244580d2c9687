"""Outcomes, verdicts and findings: the vocabulary every judge, theorem and report speaks.

A judge returns a `Verdict`: what was decided, by which kind of evidence, over which scope. A `Finding` is a
verdict about one sentence of one theorem, with the command that replays it. Nothing here decides anything.

>>> verdict = proved(Kind.EXACT, "2 x 2 rational matrices")
>>> verdict.outcome
<Outcome.PROVED: 'proved'>
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from html import escape
from types import MappingProxyType
from typing import Any, NoReturn

__all__ = [
    "Finding",
    "Kind",
    "Outcome",
    "Verdict",
    "all_of",
    "as_latex",
    "equivalent",
    "negated",
    "proved",
    "refuted",
    "undecided",
]


class Outcome(Enum):
    """What a judge decided; `UNDECIDED` is an answer, never a pass."""

    PROVED = "proved"
    REFUTED = "refuted"
    UNDECIDED = "undecided"


class Kind(Enum):
    """The kinds of evidence, in falling strength.

    `DERIVED`: every step of a derivation checked with symbolic sizes *and* on concrete matrices. `EXACT`: rational
    arithmetic. `ENCLOSED`: the true value provably lies inside. `BOUNDED`: a float within a computed error bound.
    `SEARCHED`: so many cases, none refuted. `NECESSARY`: without the hypothesis the conclusion fails.
    `OBSERVED`: measured on trained networks.
    """

    DERIVED = "derived"
    EXACT = "exact"
    ENCLOSED = "enclosed"
    BOUNDED = "bounded"
    SEARCHED = "searched"
    NECESSARY = "necessary"
    OBSERVED = "observed"

    @property
    def strength(self) -> int:
        """Smaller is stronger."""
        return list(Kind).index(self)


@dataclass(frozen=True)
class Verdict:
    """What was decided (`outcome`), how (`kind`), for what (`scope`, computed from what was checked) and why
    (`evidence`, JSON-ready values such as the remainder, the worst ratio error/bound, a counterexample)."""

    outcome: Outcome
    kind: Kind
    scope: str
    evidence: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "evidence", MappingProxyType(dict(self.evidence)))

    def __reduce__(self) -> tuple[Any, ...]:  # a mapping proxy does not pickle, and verdicts cross processes
        return Verdict, (self.outcome, self.kind, self.scope, dict(self.evidence))

    def __bool__(self) -> NoReturn:
        raise TypeError("a verdict has three outcomes and no truth value; compare verdict.outcome with an Outcome")


def proved(kind: Kind, scope: str, **evidence: Any) -> Verdict:
    """The claim holds over `scope`."""
    return Verdict(Outcome.PROVED, kind, scope, evidence)


def refuted(kind: Kind, scope: str, **evidence: Any) -> Verdict:
    """The claim fails over `scope`; the evidence says where."""
    return Verdict(Outcome.REFUTED, kind, scope, evidence)


def undecided(kind: Kind, scope: str, **evidence: Any) -> Verdict:
    """The judge cannot tell; the evidence says what is missing."""
    return Verdict(Outcome.UNDECIDED, kind, scope, evidence)


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """The conjunction: refuted if one is, else undecided if one is, else proved; as strong as the weakest kind.

    The evidence is that of the deciding verdict: the first that failed or, if all are proved, the one with the
    largest `ratio`. The conjunction of nothing is undecided: nothing was checked.
    """
    verdicts = list(verdicts)
    if not verdicts:
        return undecided(Kind.OBSERVED, "nothing", reason="nothing was checked")
    for outcome in (Outcome.REFUTED, Outcome.UNDECIDED):
        failed = [v for v in verdicts if v.outcome is outcome]
        if failed:
            return failed[0]
    weakest = max((v.kind for v in verdicts), key=lambda kind: kind.strength)
    scopes = list(dict.fromkeys(v.scope for v in verdicts))
    telling = max(verdicts, key=lambda v: float(v.evidence.get("ratio", -1.0)))
    return Verdict(Outcome.PROVED, weakest, "; ".join(scopes), telling.evidence)


def negated(verdict: Verdict) -> Verdict:
    """The verdict on the contrary claim; undecided stays undecided."""
    swap = {Outcome.PROVED: Outcome.REFUTED, Outcome.REFUTED: Outcome.PROVED}
    return Verdict(swap.get(verdict.outcome, verdict.outcome), verdict.kind, verdict.scope, verdict.evidence)


def equivalent(left: Verdict, right: Verdict) -> Verdict:
    """The verdict on "left if and only if right": both decided, and alike."""
    if Outcome.UNDECIDED in (left.outcome, right.outcome):
        open_side = left if left.outcome is Outcome.UNDECIDED else right
        return Verdict(Outcome.UNDECIDED, open_side.kind, open_side.scope, open_side.evidence)
    kind = max(left.kind, right.kind, key=lambda k: k.strength)
    scope = "; ".join(dict.fromkeys((left.scope, right.scope)))
    evidence = {
        "left": left.outcome.value,
        "right": right.outcome.value,
        "left_evidence": dict(left.evidence),
        "right_evidence": dict(right.evidence),
    }
    alike = left.outcome is right.outcome
    return Verdict(Outcome.PROVED if alike else Outcome.REFUTED, kind, scope, evidence)


@dataclass(frozen=True)
class Finding:
    """A verdict on one sentence (`claim`) of a theorem or an analysis; `replay` is the command that repeats it."""

    claim: str
    verdict: Verdict
    seconds: float
    replay: str

    def to_json(self) -> dict[str, Any]:
        """The finding in the form of the schema `emtheory.findings/1`."""
        return {
            "claim": self.claim,
            "kind": self.verdict.kind.value,
            "outcome": self.verdict.outcome.value,
            "scope": self.verdict.scope,
            "evidence": dict(self.verdict.evidence),
            "seconds": self.seconds,
            "replay": self.replay,
        }

    def _repr_html_(self) -> str:
        """For notebooks: outcome, kind, claim and scope, as text."""
        verdict = self.verdict
        what = f"<strong>{verdict.outcome.value}</strong>, {verdict.kind.value}: {escape(self.claim)}"
        return f"<p>{what}<br><small>{escape(verdict.scope)}</small></p>"

    def _repr_latex_(self) -> str:
        """For notebooks that are printed."""
        verdict = self.verdict
        return rf"\textbf{{{verdict.outcome.value}}}, {verdict.kind.value}: {as_latex(self.claim)}"


_LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
        "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
    }
)  # fmt: skip


def as_latex(text: str) -> str:
    r"""Text with what LaTeX would take for a command made harmless.

    >>> as_latex("50 % of x_1")
    '50 \\% of x\\_1'
    """
    return text.translate(_LATEX)
