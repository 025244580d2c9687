"""For how long a network remembers, in words: all inputs at once, single patterns, and certificates checked again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median

from emtheory.certificates.all_inputs import AllInputs
from emtheory.certificates.certificate import Answer, Certificate
from emtheory.report.sentences.numbers import at_least, counted
from emtheory.theory.tasks import Task
from emtheory.verdict import Outcome, Verdict

__all__ = ["checked", "sentences"]


def sentences(weights: str, task: Task, everything: AllInputs | None, answers: Sequence[Answer]) -> list[str]:
    """What was proved, and what was left open.

    >>> answer = Answer(((1.0,),), "undecided", None, None, None, 0.0, "no orbit was found")
    >>> print(*sentences("w.npz", Task.repeat_copy(1, 1), None, [answer]), sep=chr(10))
    w.npz on repeat-copy:s=1,k=1: 1 pattern, all steps t > 1.
      1 undecided.
        1: no orbit was found.
    """
    return [*(_everything(weights, task, everything) if everything else ()), *_patterns(weights, task, answers)]


def checked(path: str, certificate: Certificate, verdict: Verdict) -> str:
    """What the independent checker says of a saved certificate."""
    if verdict.outcome is not Outcome.PROVED:
        return f"{path} is rejected: {verdict.evidence['reason']}."
    if certificate.holds == "until":
        return f"{path} holds: the first wrong sign is at step {certificate.steps}."
    return (
        f"{path} holds: every sign is right for ever. From step {certificate.steps} on the state follows an attracting "
        f"orbit of period {certificate.period}."
    )


def _everything(weights: str, task: Task, proof: AllInputs) -> Iterator[str]:
    yield (
        f"{weights} keeps all 2^{proof.bits} inputs of {task.name} for ever: every sign is right at every step "
        f"t > {task.s}, and |y(t)| is at least {at_least(proof.margin)}."
    )
    yield (
        "The guarantee tolerates noise and weight errors (row sums) that add up to "
        f"{at_least(proof.perturbation)} or less."
    )


def _patterns(weights: str, task: Task, answers: Sequence[Answer]) -> Iterator[str]:
    if answers:
        yield f"{weights} on {task.name}: {counted(len(answers), 'pattern')}, all steps t > {task.s}."
    for holds, tell in (("forever", _kept), ("until", _lost), ("at least", _open), ("undecided", _undecided)):
        found = [answer for answer in answers if answer.holds == holds]
        if found:
            yield from tell(found)


def _kept(answers: Sequence[Answer]) -> Iterator[str]:
    entry = max(answer.steps or 0 for answer in answers)
    margins = [answer.margin for answer in answers if answer.margin is not None]
    periods = Counter(answer.period or 0 for answer in answers)
    listed = ", ".join(f"{period} ({count})" for period, count in sorted(periods.items()))
    yield f"  {len(answers)} proved kept for ever: every sign is right at every step."
    yield f"    After at most {entry} steps the state follows an attracting orbit. Periods (patterns): {listed}."
    if margins:
        yield f"    The margin is at least {at_least(min(margins))}: no output comes nearer to 0."


def _lost(answers: Sequence[Answer]) -> Iterator[str]:
    steps = sorted(answer.steps or 0 for answer in answers)
    yield f"  {len(answers)} proved lost."
    yield f"    The first wrong sign is at step {steps[0]} to {steps[-1]}, in the median {median(steps):g}."


def _open(answers: Sequence[Answer]) -> Iterator[str]:
    yield f"  {len(answers)} proved kept at least to step {min(answer.steps or 0 for answer in answers)}."
    yield from _reasons(answers)


def _undecided(answers: Sequence[Answer]) -> Iterator[str]:
    yield f"  {len(answers)} undecided."
    yield from _reasons(answers)


def _reasons(answers: Sequence[Answer]) -> Iterator[str]:
    for reason, count in Counter(answer.reason for answer in answers).most_common(3):
        yield f"    {count}: {reason}."
