"""What the theory predicts of a task, for a reader who knows neither the theory nor its symbols."""

from __future__ import annotations

from emtheory.report.sentences.numbers import counted
from emtheory.theory.predict import Prediction
from emtheory.theory.spectra import jordan_at_zero

__all__ = ["sentences"]

LISTED = 12  # so many different cycles are spelled out


def sentences(prediction: Prediction) -> list[str]:
    """The prediction, a sentence or two a line.

    >>> from emtheory.theory.predict import predict
    >>> from emtheory.theory.tasks import Task
    >>> print(*sentences(predict(Task.compose_copy(2)))[:4], sep=chr(10))
    Task compose-copy:2 writes 2 variables of dimension 2, one a step, so its circuit holds 4 numbers.
    The circuit has 3 persistent eigenvalues and 1 zero. What belongs to zeros is forgotten within 1 step.
    The persistent ones are roots of unity, so their memories never fade: all roots of x = 1 (once), x^2 = 1 (once).
    To give all outputs for arbitrary real inputs, a network has to remember at least 3 numbers.
    """
    s, kappa = prediction.task.s, prediction.task.kappa
    stored = (
        f"Task {prediction.task.name} writes {counted(s, 'variable')} of dimension {kappa}, one a step, "
        f"so its circuit holds {counted(s * kappa, 'number')}."
    )
    memory = (
        "To give all outputs for arbitrary real inputs, a network has to remember at least "
        f"{counted(prediction.minimal_memory, 'number')}."
    )
    return [stored, *_spectrum(prediction), memory, *_solvability(prediction)]


def _spectrum(prediction: Prediction) -> list[str]:
    spectrum, persistent = prediction.spectrum, counted(prediction.persistent, "persistent eigenvalue")
    if not spectrum.zeros:
        counts = f"The circuit has {persistent} and no zero: no content is forgotten in finitely many steps."
    else:
        steps = counted(max(jordan_at_zero(prediction.task)), "step")
        zeros = counted(spectrum.zeros, "zero")
        counts = f"The circuit has {persistent} and {zeros}. What belongs to zeros is forgotten within {steps}."
    if not prediction.persistent:
        return [counts]
    if spectrum.cycles is not None:
        factors = [f"x{_power(c.order)} = {c.sign} ({_times(c.count)})" for c in spectrum.cycles]
        shown = ", ".join(factors[:LISTED]) + (f" and {len(factors) - LISTED} more" if factors[LISTED:] else "")
        return [counts, f"The persistent ones are roots of unity, so their memories never fade: all roots of {shown}."]
    moduli = [f"{abs(value):.4g}" for value, _ in spectrum.multiplicities() if value != 0]
    least, most = min(moduli, key=float), max(moduli, key=float)
    span = f"modulus {least}" if least == most else f"moduli from {least} to {most}"
    return [counts, f"The persistent ones have {span}: below 1 a memory fades, above 1 it grows."]


def _solvability(prediction: Prediction) -> list[str]:
    s = prediction.task.s
    if prediction.linear_solvable:
        can = "A linear network that starts at 0 and reads one input a step can give all outputs."
        return [can, prediction.reason]
    return [
        "No linear network that starts at 0 and reads one input a step gives all outputs, however large it is.",
        prediction.reason,
        "There are two remedies: a gate that lets the network compose only after the last input, or inputs that are "
        f"recoded before they are written, as v(t) = u(t) - sum of C_k u(t-{s + 1}+k) over k = {s + 2}-t..{s}.",
    ]


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _power(order: int) -> str:
    return "" if order == 1 else f"^{order}"
