"""The steps of a derivation for a reader: sentence, formula, rule, what it uses, and the finding on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from emtheory.report.pages.formulas import Formula, claim_formula, conditions_latex, relation_formula
from emtheory.theorems.theorem import Check, Theorem

__all__ = ["Step", "Use", "hypothesis_formulas", "steps_of"]

Data = Mapping[str, Any]


@dataclass(frozen=True)
class Use:
    """What a step rests on: `kind` is "step", "hypothesis", "definition", "theorem" or "lemma"; `name` says which."""

    kind: str
    name: str
    formula: Formula | None


@dataclass(frozen=True)
class Step:
    """One step; `text` is its formula in plain letters where there is no other."""

    number: int
    sentence: str
    formula: Formula | None
    text: str
    rule: str
    cases: tuple[str, ...]
    uses: tuple[Use, ...]
    lemmas: tuple[str, ...]
    finding: Data | None


def steps_of(record: Theorem | None, found: Sequence[Data]) -> tuple[Step, ...]:
    """The steps of the derivation: from the theorem file if there is one, else as far as the findings tell."""
    own = {}
    for finding in found:
        part = finding["node"].partition("::")[2]
        if part == "derivation" or part.startswith("derivation."):
            own[part] = finding
    if record is None or record.derivation is None:
        return tuple(
            Step(i, f["claim"], None, str(f["evidence"].get("formula", "")), "", (), (), _lemmas(f), f)
            for i, f in enumerate(own.values(), start=1)
        )
    from emtheory.theorems.units import steps

    written, _, _ = steps(record.derivation)
    numbers = {id(claim): number for number, (_, claim) in enumerate(written, start=1)}
    return tuple(
        _step(number, claim, formula, own.get(f"derivation.{number}"), numbers)
        for number, (claim, formula) in enumerate(written, start=1)
    )


def _lemmas(finding: Data | None) -> tuple[str, ...]:
    return tuple(str(name) for name in finding["evidence"].get("lemmas", ())) if finding else ()


def _step(number: int, sentence: str, claim: Any, finding: Data | None, numbers: Mapping[int, int]) -> Step:
    from emtheory.judges.symbolic import Claim

    if not isinstance(claim, Claim):
        return Step(number, sentence, None, repr(claim), "", (), (), _lemmas(finding), finding)
    return Step(
        number,
        sentence,
        claim_formula(claim),
        str(claim),
        claim.method()[:1].upper() + claim.method()[1:],
        tuple(conditions_latex(case) for case in claim.cases),
        tuple(_uses(claim, numbers)),
        _lemmas(finding),
        finding,
    )


def _uses(claim: Any, numbers: Mapping[int, int]) -> Iterator[Use]:
    from emtheory.judges.symbolic import Claim, Lemma

    def earlier(source: Any) -> Use:
        return Use("step", str(numbers.get(id(source), "above")), None)

    seen: set[tuple[str, str, str]] = set()
    for given in claim.given:
        if isinstance(given, Claim):
            use = earlier(given)
        elif isinstance(given, Lemma):
            use = Use("lemma", given.name, None)
        elif isinstance(given.source, Claim):  # an earlier step, for certain values
            use = Use("step", str(numbers.get(id(given.source), "above")), relation_formula(given))
        else:
            source = given.source
            name = getattr(source, "name", getattr(source, "__name__", source)) or ""
            kind = getattr(given, "warrant", "lemma" if isinstance(source, Lemma) else "hypothesis")
            use = Use(kind, str(name), relation_formula(given))
        key = (use.kind, use.name, use.formula.latex if use.formula else "")
        if key not in seen:
            seen.add(key)
            yield use


def hypothesis_formulas(record: Theorem, hypothesis: Check) -> tuple[Formula, ...]:
    """The relations that a hypothesis gives to the derivation, each once."""
    from emtheory.theorems.units import steps

    if record.derivation is None:
        return ()
    found: dict[Formula, None] = {}
    for _, claim in steps(record.derivation)[0]:
        for given in getattr(claim, "given", ()):
            if getattr(given, "source", None) is hypothesis:
                found[relation_formula(given)] = None
    return tuple(found)
