"""Protects the picture of one pattern's margin: it shows what a run does, in every format, with the same bytes."""

import numpy as np
import pytest

from emtheory.certificates.certify import certify, random_patterns
from emtheory.networks import zoo
from emtheory.networks.build import build
from emtheory.report.figures.margin import margin_figure, margins
from emtheory.theory.tasks import Task

TASK = Task.compose_copy(3)


@pytest.mark.parametrize("suffix", [".svg", ".png", ".pdf"])
def test_it_is_written_in_every_format(tmp_path, suffix):
    network = build(TASK).network
    (answer,) = certify(network, TASK, patterns=1)
    path = tmp_path / f"margin{suffix}"
    margin_figure(network, TASK, answer, path)
    assert path.stat().st_size > 1000


def test_the_same_answer_gives_the_same_bytes(tmp_path):
    network = build(TASK).network
    (answer,) = certify(network, TASK, patterns=1)
    for name in ("a.svg", "b.svg"):
        margin_figure(network, TASK, answer, tmp_path / name)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


def test_the_margin_is_above_what_is_proved_and_below_zero_where_the_pattern_is_lost():
    network = build(TASK).network
    (answer,) = certify(network, TASK, patterns=1)
    assert margins(network, TASK, np.array(answer.input), 60).min() >= answer.margin
    trained, copy = zoo.load("t1-n128"), Task.repeat_copy(8, 8)
    (lost,) = certify(trained, copy, patterns=1)
    found = margins(trained, copy, random_patterns(copy, 1, 0)[0], lost.steps)
    assert found[-1] < 0 <= found[:-1].min()


def test_another_format_is_refused(tmp_path):
    network = build(TASK).network
    (answer,) = certify(network, TASK, patterns=1)
    with pytest.raises(ValueError, match=r"end its name in"):
        margin_figure(network, TASK, answer, tmp_path / "margin.gif")
