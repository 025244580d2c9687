"""An analysis in words: the spectrum, the comparison with the task, the memories, and each verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from emtheory.analysis.analyze import Analysis
from emtheory.analysis.comparison import Comparison
from emtheory.certificates.certificate import Answer
from emtheory.report.sentences import reading
from emtheory.report.sentences.network import equation
from emtheory.report.sentences.numbers import at_most, counted
from emtheory.verdict import Finding

__all__ = ["sentences"]


def sentences(analysis: Analysis) -> list[str]:
    """The analysis, a sentence or two a line.

    >>> from emtheory.analysis.analyze import analyze
    >>> from emtheory.networks.elman import Network
    >>> swap = Network([[0.0, 1.0], [1.0, 0.0]], [[0.0], [1.0]], [[0.0, 1.0]], activation="identity")
    >>> sentences(analyze(swap))[-1][:16]
    'proved, enclosed'
    """
    network, compared = analysis.network, analysis.comparison
    units = f"{counted(network.n, f'{network.activation} unit')}, {counted(network.W_uh.shape[1], 'input')}"
    return [
        f"{analysis.name or 'The network'}: {units}, {analysis.precision} weights.",
        f"{equation(network)}.",
        *_spectrum(analysis),
        *(_comparison(compared) if compared else ()),
        *(_memory(analysis.memory) if analysis.memory else ()),
        *(reading.sentences(analysis.reading) if analysis.reading else ()),
        *(_finding(finding) for finding in analysis.findings),
    ]


def _spectrum(analysis: Analysis) -> Iterator[str]:
    below, above = analysis.gap
    edge = f"no modulus between {below:.4f} and {above:.4f}" if above else f"the largest modulus is {below:.4f}"
    count = counted(len(analysis.persistent), "persistent eigenvalue")
    yield f"{count}, of modulus above {analysis.threshold:g} ({edge})."
    if enclosed := analysis.enclosed:
        place = enclosed.unit_circle
        yield (
            f"Proved: {place.outside} of these lie outside the unit circle and {place.inside} inside; "
            f"{place.undecided} are too close to it to tell (discs of radius at most {at_most(enclosed.radius)})."
        )


def _comparison(compared: Comparison) -> Iterator[str]:
    yield f"{compared.task.name} predicts {counted(len(compared.predicted), 'persistent eigenvalue')}."
    if compared.errors is not None and compared.errors.size:
        yield f"Argument error: mean {compared.errors.mean():.2e} rad, largest {compared.errors.max():.2e} rad."
    yield f"Distance of the whole spectrum from the predicted one: {compared.distance:.3g}."
    if accuracy := compared.accuracy:
        wrong = f"the first wrong one is at step {accuracy.first_wrong}" if accuracy.first_wrong else "none is wrong"
        yield (
            f"Accuracy: {accuracy.share:.4%} of the output signs are right over {accuracy.horizon} steps on "
            f"{accuracy.inputs} random inputs (seed {accuracy.seed}); {wrong}."
        )


def _memory(answers: Sequence[Answer]) -> Iterator[str]:
    """How many patterns are proved kept for ever, and how many proved lost."""
    lost = sorted(answer.steps for answer in answers if answer.holds == "until" and answer.steps is not None)
    kept = sum(answer.holds == "forever" for answer in answers)
    yield (
        f"Of {counted(len(answers), 'random pattern')}, {kept} are proved kept for ever, {len(lost)} are proved lost, "
        f"and for {len(answers) - kept - len(lost)} neither is proved."
    )
    if lost:
        yield f"The first wrong sign of a lost pattern is at step {lost[0]} to {lost[-1]}."


def _finding(finding: Finding) -> str:
    verdict, told = finding.verdict, []
    if "reason" in verdict.evidence:
        told.append(str(verdict.evidence["reason"]))
    if "reason_runs" in verdict.evidence:
        told.append(f"runs: {verdict.evidence['reason_runs']}")
    if "reach" in verdict.evidence:
        told.append(f"argument errors at most {at_most(verdict.evidence['reach'])} rad")
    more = f" ({'; '.join(told)})" if told else ""
    return f"{verdict.outcome.value}, {verdict.kind.value}: {finding.claim}{more}"
