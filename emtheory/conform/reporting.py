"""The results of a run as JSON and as JUnit XML, its exit status, and the ledger of known failures.

A ledger is a JSON file {"properties": VERSION, "known": {"FUNCTION.NAME": "why it fails", …}}. What it lists may fail;
it is an error if it passes, or if the ledger speaks of properties that do not exist or of another version.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

from emtheory.conform.contract import VERSION
from emtheory.conform.running import Result, properties

__all__ = ["MENDED", "document", "junit", "known_failures", "status", "verdict"]

MENDED = "passes, but is listed as a known failure"


def known_failures(ledger: Mapping[str, Any], where: str) -> dict[str, str]:
    """Reasons by property.

    Raises:
        ValueError: another version of the properties, properties that do not exist, or not that form.

    >>> known_failures({"properties": VERSION, "known": {"is_stable.marginal": "no margin yet"}}, "known.json")
    {'is_stable.marginal': 'no margin yet'}
    """
    known = ledger.get("known")
    if not isinstance(known, dict) or not all(isinstance(reason, str) for reason in known.values()):
        raise ValueError(
            f"a ledger maps properties to reasons under 'known', but {where} has {known!r} there; "
            f'write {{"properties": "{VERSION}", "known": {{"FUNCTION.NAME": "reason"}}}}'
        )
    if ledger.get("properties") != VERSION:
        raise ValueError(
            f"a ledger must be for version {VERSION!r} of the properties, but {where} is for "
            f"{ledger.get('properties')!r}; run without it, and list what fails now"
        )
    strangers = sorted(set(known) - {claim.id for claim in properties()})
    if strangers:
        raise ValueError(
            f"a ledger lists properties that exist, but {where} has {strangers[0]!r}; the JSON of a run has the names"
        )
    return known


def verdict(result: Result, known: Mapping[str, str]) -> str:
    """The outcome; known for a failure in the ledger, mended for what passes though it is there.

    >>> verdict(Result(properties()[0], "passed"), {properties()[0].id: "a reason"})
    'mended'
    """
    if result.property.id in known and result.outcome in ("passed", "failed"):
        return "known" if result.outcome == "failed" else "mended"
    return result.outcome


def status(results: Sequence[Result], known: Mapping[str, str]) -> int:
    """The exit status: 1 if something failed that is not known, or passed though it is; 3 if something is undecided, or
    nothing was tested; else 0.

    >>> status([Result(properties()[0], "not covered")], {})
    3
    """
    words = {verdict(result, known) for result in results}
    if words & {"failed", "mended"}:
        return 1
    return 3 if "undecided" in words or words == {"not covered"} else 0


def document(results: Sequence[Result], known: Mapping[str, str], *, target: str, seed: int) -> dict[str, Any]:
    """The results for a JSON file."""
    return {
        "schema": "emtheory.conform/1",
        "properties": VERSION,
        "target": target,
        "seed": seed,
        "results": [
            {
                "property": result.property.id,
                "sentence": result.property.sentence,
                "verdict": verdict(result, known),
                "worst_ratio": result.worst if math.isfinite(result.worst) else "infinite",
                "trials": result.trials,
                "failures": result.failures,
                "message": result.message,
                "code": result.code,
            }
            for result in results
        ],
    }


def junit(results: Sequence[Result], known: Mapping[str, str], *, target: str) -> str:
    """The results as JUnit XML: a test case for each property; not covered and known failures are skipped.

    >>> junit([Result(properties()[0], "passed", trials=1)], {}, target="mine.py").count("<testcase")
    1
    """
    verdicts = [verdict(result, known) for result in results]
    counts = {
        "tests": len(results),
        "failures": sum(word in ("failed", "mended") for word in verdicts),
        "skipped": sum(word in ("not covered", "undecided", "known") for word in verdicts),
    }
    attributes = {"name": f"emtheory conform {target}", **{name: str(count) for name, count in counts.items()}}
    suite = ElementTree.Element("testsuite", attributes)
    for result, word in zip(results, verdicts, strict=True):
        claim = result.property
        case = ElementTree.SubElement(suite, "testcase", classname=claim.function, name=claim.name)
        if word in ("failed", "mended"):
            failure = ElementTree.SubElement(case, "failure", message=_xml(result.message or MENDED))
            failure.text = _xml(f"{claim.sentence}\n{result.code}")
        elif word != "passed":
            reason = known[claim.id] if word == "known" else result.message
            ElementTree.SubElement(case, "skipped", message=_xml(f"{word}: {reason}"))
    return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True)


def _xml(text: str) -> str:
    """Without the characters that XML has no place for."""
    return "".join(c for c in text if c in "\n\t" or c.isprintable())
