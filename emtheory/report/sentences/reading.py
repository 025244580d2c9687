"""A reading of a network in words: the circuit that is claimed and on what grounds, or why none is."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from emtheory.recovery.agreement import MOST
from emtheory.recovery.krylov import Recovery
from emtheory.recovery.nearest import CHANCE, Nearest
from emtheory.recovery.obstacle import Obstacle
from emtheory.recovery.reader import Attempt, Reading
from emtheory.report.sentences.numbers import at_least, at_most, counted, percent, power_of_ten
from emtheory.theory.predict import predict

__all__ = ["sentences", "why"]


def sentences(reading: Reading) -> list[str]:
    """The reading, a sentence or two a line.

    >>> from emtheory.networks.elman import Network
    >>> from emtheory.recovery.reader import read
    >>> swap = Network([[0.0, 1.0], [1.0, 0.0]], [[0.0], [1.0]], [[0.0, 1.0]], activation="identity")
    >>> sentences(read(swap))[0]
    'Read from the weights: 2 variables of dimension 1.'
    """
    return list(_lines(reading))


def _lines(reading: Reading) -> Iterator[str]:
    if not reading.claimed:
        yield from _superposition(reading) if reading.superposed else _nothing(reading)
        return
    if not reading.from_weights:
        yield f"The weights alone show no circuit: {why(reading.weights)}."
    yield from _circuit(reading)
    yield from _saturation(reading)


def why(attempt: Attempt) -> str:
    """Why no circuit is claimed of this attempt, with the numbers that decide it.

    >>> why(Attempt(None, None))
    'the linear map at the origin is unknown, or nothing that it keeps is read'
    """
    found, near, fresh = attempt.obstacle, attempt.near, attempt.fresh
    if found is None:
        raise ValueError("a circuit is claimed, so nothing stands in its way")
    if near is None:
        return str(found.value)
    if found is Obstacle.SUPERPOSED:
        persist, contents = near.recovery.split.count, near.recovery.memories
        return f"{persist} dimensions persist for {contents} contents, so the memories are in superposition"
    if found is Obstacle.LENGTH:
        return f"{counted(near.recovery.s, 'variable')} are recovered, but {attempt.inputs} were written"
    if found is Obstacle.SIGNS and fresh is not None:
        return (
            f"{near.task.name} would fit, but has the output signs of {fresh.right} in {fresh.runs} fresh runs only: "
            f"with {fresh.confidence:.2%} confidence at least {percent(fresh.lower)} are right, and a claim needs "
            f"{MOST:.0%}"
        )
    if found is Obstacle.SILENT:
        return f"{near.task.name} has no output that fresh runs could be compared with"
    return f"{_broken(near, found)}{_unending(near.recovery)}"


def _broken(near: Nearest, rule: Obstacle) -> str:
    """A rule of rounding that does not hold."""
    if rule is Obstacle.COUNT:
        left = counted(near.found, "persistent eigenvalue")
        return f"the largest gap of the moduli leaves {left}, but the nearest task has {near.expected}"
    if rule is Obstacle.SIGN:
        return _lost_sign(near.recovery)
    if rule is Obstacle.CHANCE:
        return f"{_by_chance(near)}, and a claim needs at most {CHANCE:g}"
    if rule is Obstacle.DEFECT:
        return (
            f"the eigenvalues on the memories are proved to be within {at_most(near.defect)} of those of the nearest "
            f"task, and a claim needs less than {at_least(near.margin)}, half the least distance of these"
        )
    return str(rule.value)


def _lost_sign(recovery: Recovery) -> str:
    own = np.diag(recovery.write_read)
    worst = int(own.argmin())
    if own[worst] <= 0:
        return f"output {worst + 1} reads its own input with the factor {own[worst]:.2g}, so not with its sign"
    return (
        f"the cross-talk is {recovery.cross_talk:.2g}: an output hears the other inputs louder than its own, so they "
        "can change its sign"
    )


def _unending(recovery: Recovery) -> str:
    """What is added where the recursion does not end."""
    if recovery.end_ratio < 1 / 2:
        return ""
    return f"; besides, the deflated recursion does not end (least ratio of residuals {recovery.end_ratio:.2g}, not 0)"


def _by_chance(near: Nearest) -> str:
    return f"by chance alone, {power_of_ten(near.coincidences)} readings this near to integers are expected"


def _nothing(reading: Reading) -> Iterator[str]:
    runs = f" Runs: {why(reading.runs)}." if reading.runs else ""
    yield f"No memory is claimed. Weights: {why(reading.weights)}.{runs}"


def _superposition(reading: Reading) -> Iterator[str]:
    linear, counts = reading.linear, reading.superposed
    assert linear is not None
    assert counts is not None
    yield (
        f"No circuit is claimed: {linear.s} variables of dimension {linear.kappa} have {linear.memories} contents, but "
        f"only {linear.split.count} dimensions persist. The memories are in superposition."
    )
    yield f"Persistent eigenvalues at the roots of unity of order {linear.s}: {', '.join(map(str, counts))}."
    yield (
        f"What is read of a content holds up to {np.abs(linear.leakage).max():.2f} times another one. Of "
        f"{linear.memories} random signs that are read back, {linear.decoding_error():.2%} are wrong."
    )


def _circuit(reading: Reading) -> Iterator[str]:
    """What was read, how well, and on what grounds it is claimed."""
    near, best = reading.near, reading.best
    assert near is not None
    assert best is not None
    source = "Read from the weights" if reading.from_weights else "Observed in its runs, not proved"
    yield f"{source}: {counted(best.s, 'variable')} of dimension {best.kappa}."
    moduli = best.split.moduli
    others = f"; the others have moduli up to {moduli[near.found]:.3g}" if near.found < len(moduli) else ""
    yield f"Persistent eigenvalues, above the largest gap of the moduli: {near.found} of {len(moduli)}{others}."
    decay = f"{near.decay:.5f}"
    scaled = f", after division by the decay, {decay} a step" if decay != "1.00000" else ""
    yield f"Every entry of the composition is within {near.error:.2g} of that of {near.task.name}{scaled}."
    yield (
        f"Step s = {best.s} of the deflated recursion leaves {best.end_ratio:.2g} of what was left of an input; an "
        "exact circuit leaves nothing."
    )
    if best.kappa > 1:
        yield (
            f"Cross-talk: an output hears the other inputs at most {best.cross_talk:.2g} times as loud as its own. "
            "Below 1, no inputs of ±1 change its sign."
        )
    yield from _grounds(reading, near)


def _grounds(reading: Reading, near: Nearest) -> Iterator[str]:
    fresh = reading.fresh
    assert fresh is not None
    subject = "Proved of the weights" if reading.from_weights else "Of the linear map that was fitted to the runs"
    divided = " and divided by the decay" if near.decay != 1 else ""
    yield (
        f"{subject}, compressed to the memories{divided}: the persistent eigenvalues are within {at_most(near.defect)} "
        f"of those of the task, which lie {at_least(2 * near.margin)} or more from each other and from 0."
    )
    chance = _by_chance(near)
    yield f"{chance[0].upper()}{chance[1:]}; a claim needs at most {CHANCE:g}."
    yield (
        f"Observed: in each of {fresh.runs} fresh runs one output sign was drawn at random from the first "
        f"{fresh.steps} output steps, and {fresh.right} are those of the task. With {fresh.confidence:.2%} confidence "
        f"at least {percent(fresh.lower)} of all are; a claim needs {MOST:.0%}."
    )


def _saturation(reading: Reading) -> Iterator[str]:
    """What a task needs that no linear network does."""
    assert reading.near is not None
    prediction = predict(reading.near.task)
    if prediction.linear_solvable:
        return
    how = "" if reading.network.activation == "identity" else " This network saturates."
    yield f"No linear network can do this task. {prediction.reason}{how}"
    yield f"The eigenvalues of W_hh have moduli up to {reading.largest_modulus:.2f}."
