"""Protects the words for a reading: each obstacle has its own, with its numbers, and no printed bound says too much."""

import re
from dataclasses import replace

import numpy as np
import pytest

from emtheory.networks import zoo
from emtheory.recovery.agreement import Agreement
from emtheory.recovery.krylov import Operators
from emtheory.recovery.nearest import nearest
from emtheory.recovery.obstacle import Obstacle
from emtheory.recovery.reader import Attempt, read
from emtheory.recovery.recover import recover
from emtheory.report.sentences.reading import sentences, why

SWAP = np.array([[0.0, 1.0], [1.0, 0.0]])
LAST = np.array([[0.0], [1.0]])


def swap(kappa=8):
    one = np.eye(kappa)
    return nearest(recover(Operators(np.kron(SWAP, one), np.kron(LAST, one), np.kron(LAST.T, one))))


def runs(right):
    return Agreement(right, 512, 100, 0, 0.9999, 0.5 if right < 512 else 0.98)


GOOD = swap()
MIXED = np.eye(8) + 0.5 * np.eye(8, k=1) + 0.6 * np.eye(8, k=2)
CASES = {
    Obstacle.UNREAD: (Attempt(None, None), "nothing that it keeps is read"),
    Obstacle.SUPERPOSED: (
        Attempt(replace(GOOD, expected=3), None, superposed=(8, 8)),
        "16 dimensions persist for 16 contents",
    ),
    Obstacle.LENGTH: (Attempt(GOOD, None, inputs=5), "2 variables are recovered, but 5 were written"),
    Obstacle.COUNT: (
        Attempt(replace(GOOD, expected=3), None),
        "leaves 16 persistent eigenvalues, but",
    ),
    Obstacle.SIGN: (
        Attempt(replace(GOOD, recovery=replace(GOOD.recovery, write_read=MIXED)), None),
        "the cross-talk is 1.1",
    ),
    Obstacle.CHANCE: (
        Attempt(replace(GOOD, coincidences=-3.0), None),
        "by chance alone, 0.001 readings",
    ),
    Obstacle.DEPENDENT: (
        Attempt(replace(GOOD, persistent=replace(GOOD.persistent, vectors=np.zeros((16, 16)))), None),
        "independent eigenvectors",
    ),
    Obstacle.DEFECT: (
        Attempt(replace(GOOD, persistent=replace(GOOD.persistent, margin=0.0)), None),
        "a claim needs less than 0",
    ),
    Obstacle.SILENT: (Attempt(GOOD, None), "has no output that fresh runs could be compared with"),
    Obstacle.SIGNS: (Attempt(GOOD, runs(400)), "the output signs of 400 in 512 fresh runs only"),
}


@pytest.mark.parametrize("obstacle", Obstacle)
def test_every_obstacle_is_found_and_has_words_with_its_numbers(obstacle):
    attempt, words = CASES[obstacle]
    assert attempt.obstacle is obstacle
    assert words in why(attempt)


def test_what_is_claimed_has_no_words_for_why_it_is_not():
    claimed = Attempt(GOOD, runs(512))
    assert claimed.obstacle is None
    with pytest.raises(ValueError, match="a circuit is claimed"):
        why(claimed)


def test_printed_bounds_are_bounds():
    """Rounding to the nearest three digits would print a smaller defect or a larger distance than was proved."""
    reading = read(zoo.load("t1-n128"))
    text = "\n".join(sentences(reading))
    defect, distance = map(
        float, re.search(r"within (\S+) of those of the task, which lie (\S+) or more", text).groups()
    )
    assert reading.near.defect <= defect <= 1.01 * reading.near.defect
    assert 2 * reading.near.margin * 0.99 <= distance <= 2 * reading.near.margin
    share = float(re.search(r"confidence at least ([\d.]+)% of all are", text)[1]) / 100
    assert share <= reading.fresh.lower


def test_no_sentence_speaks_of_powers_of_ten_that_nobody_can_read():
    text = "\n".join(sentences(read(zoo.load("t1-n128"))))
    assert "10^" not in text
    assert "fewer than 1e-300 readings" in text
